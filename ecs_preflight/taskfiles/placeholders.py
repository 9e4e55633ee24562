"""Placeholders in task definition files: what somebody fills in before the file is registered.

``<IMAGE1_NAME>`` (CodeDeploy), ``$VAR`` and ``${VAR}`` (envsubst), ``{{ … }}`` (ecspresso, Jinja),
``#{…}#``, ``__VAR__``, ``@VAR@`` and ``%VAR%`` (token replacement): each is Unknown, with what
stands in it as symbol, so that equal placeholders are equal values. So is what stands for an
account or a Region in an ARN or in an image's host and can be neither (``ACCOUNT_ID``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..symbolic.patterns import regex
from ..symbolic.source import Span
from ..symbolic.terms import Name
from ..symbolic.values import Known, Shape, Text, Unknown, Value, Why, text

#: What a placeholder stands for, by what is written in it; None where that is not known.
Resolve = Callable[[str, Span], "Value | None"]

_PLACEHOLDER = regex(
    r"\{\{(?P<braces>[^{}\n]*)\}\}"
    r"|\$\{(?P<dollar>[^{}]+)\}"
    r"|\$(?P<bare>[A-Za-z_]\w*)"
    r"|<(?P<angle>[A-Za-z][\w .-]*)>"
    r"|\#\{(?P<hash>[^{}]+)\}\#?"
    r"|__(?P<under>[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*)__"
    r"|@@?(?P<at>[A-Z][A-Z0-9_]*)@@?"
    r"|%(?P<percent>[A-Z][A-Z0-9_]+)%"
)
#: A string; or, where JSON wants a value, a placeholder alone.
_STRING_OR_BARE = regex(
    r'"(?:[^"\\\n]|\\.)*"?'
    r"|(?<=[:\[,])(?P<space>\s*)(?P<bare>\{\{[^{}%\n]*\}\}|\$\{[^{}\n]+\}|\$\w{2,}|<[\w .-]+>"
    r"|\#\{[^{}\n]+\}\#?|__\w+__|@@?\w+@@?|%\w+%)"
)
#: Marks a string that was a placeholder outside of one.
BARE = "\ue000"

#: Symbols that say more than that something is filled in.
_TAKEN = frozenset({"partition", "region", "account", "dns_suffix"})
_ACCOUNT = regex(r"\d{12}|aws|\*|")
_REGION = regex(r"[a-z]{2}(?:-[a-z]+)+-\d|\*|")
_REGISTRY = regex(r"^([^./:]+)(\.dkr\.ecr\.)([^./]+)(?=\.amazonaws\.com)")


def quoted(json: str) -> str:
    """The text with each placeholder that stands where a value should made a string of the same
    length, so that it is JSON and every place stays."""
    return _STRING_OR_BARE.sub(_as_string, json)


def _as_string(match: re.Match[str]) -> str:
    if match["bare"] is None:
        return match[0]
    inner = match["bare"][2:-1].replace('"', "'").replace("\\", "/")
    return f'{match["space"]}"{BARE}{inner}"'


def filled(written: str, span: Span, resolve: Resolve) -> Value:
    """The string as a value, its placeholders as holes or as what they stand for."""
    if written.startswith(BARE):
        name = re.sub(r"[{}$<>#@%]|__", "", written[1:]).strip()
        return _stood_for(name, span, resolve)
    parts = tuple(_parts(written, span, resolve))
    whole = text(list(_placed(parts, span)), span)
    if isinstance(whole, Text) and len(whole.parts) == 1 and not isinstance(whole.parts[0], str):
        return whole.parts[0]
    return whole


def _parts(written: str, span: Span, resolve: Resolve) -> Iterator[Value]:
    end = 0
    for match in _PLACEHOLDER.finditer(written):
        yield Known(written[end : match.start()])
        name = next(group for group in match.groups() if group is not None).strip()
        yield _stood_for(name, span, resolve)
        end = match.end()
    yield Known(written[end:])


def _stood_for(name: str, span: Span, resolve: Resolve) -> Value:
    found = resolve(name, span)
    return _hole(name, span) if found is None else found


def _hole(name: str, span: Span, shape: Shape = Shape.ANY) -> Unknown:
    symbol = re.sub(r"\s+", " ", name).replace("`", "'")[:80] or "placeholder"
    return Unknown(
        f"the placeholder '{symbol}' is filled in at deployment",
        Name(f"placeholder {symbol}" if symbol in _TAKEN else symbol),
        Why.INPUT,
        shape,
        span,
    )


def _placed(parts: tuple[Value, ...], span: Span) -> Iterator[Value]:
    """The parts with what is known of their places: in an ARN, or in the host of an image in ECR, a
    hole or word in the place of the account has the shape of one."""
    head = str(parts[0].value) if isinstance(parts[0], Known) else ""
    registry = _REGISTRY.match(head)
    if registry is not None:
        yield _or_hole(registry[1], _ACCOUNT, Shape.ACCOUNT, span)
        yield Known(registry[2])
        yield _or_hole(registry[3], _REGION, Shape.REGION, span)
        parts = (Known(head[registry.end() :]), *parts[1:])
    if not head.startswith("arn:"):
        yield from parts
        return
    fields: list[list[Value]] = [[]]
    for part in parts:
        if isinstance(part, Known):
            pieces = (
                str(part.value).split(":", 5 - len(fields) + 1)
                if len(fields) < 6
                else [str(part.value)]
            )
            for number, piece in enumerate(pieces):
                if number:
                    fields.append([])
                if piece:
                    fields[-1].append(Known(piece))
        else:
            fields[-1].append(part)
    for number, field in enumerate(fields):
        if number:
            yield Known(":")
        shape = {3: (_REGION, Shape.REGION), 4: (_ACCOUNT, Shape.ACCOUNT)}.get(number)
        if shape is not None and len(field) == 1:
            yield _shaped(field[0], *shape, span)
        else:
            yield from field


def _shaped(part: Value, valid: re.Pattern[str], shape: Shape, span: Span) -> Value:
    if isinstance(part, Known):
        return _or_hole(str(part.value), valid, shape, span)
    if isinstance(part, Unknown) and part.shape is Shape.ANY:
        return Unknown(part.reason, part.symbol, part.why, shape, part.span)
    return part


def _or_hole(word: str, valid: re.Pattern[str], shape: Shape, span: Span) -> Value:
    return Known(word) if valid.fullmatch(word) else _hole(word, span, shape)
