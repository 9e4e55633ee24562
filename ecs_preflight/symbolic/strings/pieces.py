"""Texts with holes, cut to pieces: what stands before a mark, and the six parts of an ARN."""

from __future__ import annotations

from ..values import Known, Text, Value, expanded, shown_value, text

#: Stands for what no policy can name, so that only a wildcard matches it: it is found in no ARN.
UNNAMED = "\N{REPLACEMENT CHARACTER}"

#: ``arn``, partition, service, Region, account, resource.
PARTITION, SERVICE, REGION, ACCOUNT, RESOURCE = range(1, 6)


def before(value: Value, mark: str) -> Value | None:
    """The text up to the first ``mark`` that is written in it, or None when none is."""
    kept: list[Value] = []
    for part in parts(value):
        if isinstance(part, Known) and mark in str(part.value):
            return text([*kept, Known(str(part.value).partition(mark)[0])], value.span)
        kept.append(part)
    return None


def after(value: Value, mark: str) -> Value:
    """The text behind the last ``mark`` that is written in it; all of it when none is."""
    kept: list[Value] = []
    for part in reversed(parts(value)):
        if isinstance(part, Known) and mark in str(part.value):
            return text([Known(str(part.value).rpartition(mark)[2]), *reversed(kept)], value.span)
        kept.append(part)
    return value


def replaced(value: Value, old: str, new: str) -> Value:
    """The text with each ``old`` that is written in it replaced."""
    return text(
        [
            Known(str(part.value).replace(old, new)) if isinstance(part, Known) else part
            for part in parts(value)
        ],
        value.span,
    )


def beginning(value: Value) -> str:
    """What is written at the very beginning of the text, before its first hole."""
    found = parts(value)
    return str(found[0].value) if found and isinstance(found[0], Known) else ""


def ending(value: Value) -> str:
    """What is written at the very end of the text, after its last hole."""
    found = parts(value)
    return str(found[-1].value) if found and isinstance(found[-1], Known) else ""


def without_ending(value: Value, length: int) -> Value:
    """The text without its last ``length`` characters, which ``ending`` must hold."""
    found = parts(value)
    return text([*found[:-1], Known(ending(value)[: len(ending(value)) - length])], value.span)


def arn_parts(value: Value) -> tuple[Value, ...] | None:
    """The six parts of an ARN; None when fewer than five colons are written in it.

    A hole is taken to hold no colon, but for the last part.
    """
    found = split(value, ":", 6)
    return found if len(found) == 6 else None


def split(value: Value, mark: str, most: int) -> tuple[Value, ...]:
    """The text cut at each ``mark`` that is written in it, into ``most`` pieces at the most."""
    found: list[list[Value]] = [[]]
    for part in parts(value):
        if not isinstance(part, Known):
            found[-1].append(part)
            continue
        first, *others = str(part.value).split(mark, most - len(found))
        found[-1].append(Known(first))
        found += [[Known(other)] for other in others]
    # most pieces are one literal, which is its own text
    return tuple(
        piece[0] if len(piece) == 1 and isinstance(piece[0], Known) else text(piece)
        for piece in found
    )


def parts(value: Value) -> tuple[Value, ...]:
    """The literal parts (as Known) and holes of a text, in order."""
    written = expanded(value)
    if isinstance(written, Text):
        return tuple(Known(part) if isinstance(part, str) else part for part in written.parts)
    if isinstance(written, Known):
        return (Known(shown_value(written)),)
    return (written,)
