"""How a resource is written out of the source's own expressions (``"/${var.name}/api"``), never
with their values: what the source computes is taken apart, and its code put into the resource."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Union

from ...model import Cluster, Stack
from ...symbolic import arns
from ...symbolic.records import dataclass
from ...symbolic.terms import Operation, is_path
from ...symbolic.values import Known, Reference, Shape, Text, Unknown, Value, expanded, literal
from .expressions import Expression, Inserted, bound, is_instance, of_group, parsed, simplified
from .operations import written_operation
from .places import Place, deployment, is_written, of_partition
from .variables import variable_at

_PSEUDO = {
    str(arns.PARTITION.symbol): "AWS::Partition",
    str(arns.REGION.symbol): "AWS::Region",
    str(arns.ACCOUNT.symbol): "AWS::AccountId",
}


def computed(place: Place, resource: Value, origin: Value) -> Expression | None:
    """Out of the source's own expression, where that stands in the same module, else out of
    symbols."""
    atoms = _without_place(place.stack, resource, origin)
    if literal(resource) == "*":
        return _finished(place, atoms)
    variable = variable_at(place, origin.span)
    if variable is not None:
        code = Inserted(f"var.{variable}" if place.is_terraform else variable)
        found = _put_in(place, atoms, [(code, _marked(expanded(origin)))])
        return None if found == atoms else _finished(place, found)  # else it is the input's value
    text = place.sources.at(origin.span)
    if text is None:
        return None if place.home else _finished(place, atoms)
    source = parsed(text.form(text.start(origin.span)), text.slice(origin.span))
    if not place.shares(origin.span.file):
        # A module is for all its callers, and what one of them computes has no name elsewhere.
        plainly = source is not None and not any(isinstance(part, Inserted) for part in source)
        return _finished(place, atoms) if plainly and not place.home else None
    whole = _marked(expanded(origin))
    if source is None:
        return _finished(place, atoms) if whole in text.slice(origin.span) else None
    solved = _solved(source, whole)
    if not solved and any(isinstance(part, Inserted) for part in source):
        return None
    if place.is_terraform:
        kept = [(_outside(code), value) for code, value in solved if not _is_item(code)]
    else:
        kept = [(code, value) for code, value in solved]
    return _finished(place, _put_in(place, atoms, kept))


def _put_in(place: Place, atoms: _Atoms, solved: Sequence[tuple[str | Inserted, str]]) -> _Atoms:
    """The atoms with the codes, and with what the ARNs name that they stand for."""
    parts = [found for pair in solved for found in _parts_of(place, *pair)]
    return _substituted(atoms, [*solved, *parts])


def _parts_of(place: Place, code: str | Inserted, arn: str) -> Iterator[tuple[str | Inserted, str]]:
    """Codes for what is part of an ARN: what it names (``cluster/NAME``), and a secret's ARN before
    the field of it that is taken."""
    if isinstance(code, str) or not arn.startswith("arn:"):
        return
    fields = arn.split(":")
    if place.is_terraform and len(fields) > 7 and fields[5] == "secret":
        yield Inserted(f'join(":", slice(split(":", {code.text}), 0, 7))'), ":".join(fields[:7])
    name = re.fullmatch(r"arn:[^/]*:[\w-]+/([^/]+)", arn)
    resource, _, attribute = code.text.rpartition(".")
    own = place.stack.find(Cluster, Reference(place.home + resource, attribute))
    if name and own:
        yield Inserted(f"{resource}.name" if place.is_terraform else resource), name[1]
    elif name and place.is_terraform:
        yield Inserted(f"basename({code.text})"), name[1]


def _is_item(code: Inserted) -> bool:
    """Does it name an item of a list around it (``for``, ``dynamic``), which has no name elsewhere?
    What it reads as is then written."""
    return not is_instance(code.text) and bool(bound(code.text))


def _outside(code: Inserted) -> str | Inserted:
    """What one instance of several says of itself, as a policy for all of them has it: a star."""
    return "*" if is_instance(code.text) else code


def _marked(value: Value) -> str:
    """The text with a mark for each hole, so that texts with holes compare as texts."""
    value = expanded(value)
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else _marked(part) for part in value.parts)
    if isinstance(value, Known):
        return literal(value) or ""
    return _mark(_symbol_of(value) or "?")


def _symbol_of(value: Value) -> str:
    return str(getattr(value, "symbol", ""))


def _mark(symbol: str) -> str:
    """Characters of private use that stand for a hole, the same for the same symbol: no text has
    them."""
    digest = hashlib.sha256(symbol.encode(errors="surrogatepass")).digest()[:8]
    return "".join(chr(0xE000 + byte) for byte in digest)


@dataclass(frozen=True)
class _Hole:
    """Part of a resource that the source has no text for."""

    value: Value


_Atoms = list[Union[str, Inserted, _Hole]]


def _without_place(stack: Stack, resource: Value, origin: Value) -> _Atoms:
    """The resource's parts. A Region or account that the source does not write is the
    deployment's, whatever an input's default says of it today."""
    value = expanded(resource)
    parts = value.parts if isinstance(value, Text) else (literal(value) or value,)
    written_there = _marked(origin)
    places = (
        (literal(stack.target.region), arns.REGION),
        (literal(stack.target.account), arns.ACCOUNT),
    )
    found: _Atoms = []
    for number, part in enumerate(parts):
        if not isinstance(part, str):
            found.append(_Hole(part))
            continue
        pending = part
        for known, hole in places:
            if known and number < 6 and known not in written_there:
                before, colon, after = pending.partition(f":{known}:")
                if colon:
                    found += [before + ":", _Hole(hole)]
                    pending = ":" + after
        found.append(pending)
    return found


def _substituted(atoms: _Atoms, solved: Sequence[tuple[str | Inserted, str]]) -> _Atoms:
    """The atoms with what the source's code stands for written as that code."""
    for code, value in sorted(solved, key=lambda pair: -len(pair[1])):
        atoms = _replaced(atoms, code, value)
    return atoms


def _solved(source: Expression, whole: str) -> list[tuple[Inserted, str]]:
    """What each code of the source reads as, where the whole tells."""
    if len(source) == 1 and isinstance(source[0], Inserted):
        return [(source[0], whole)]
    literals, codes = [""], list[Inserted]()
    for part in source:
        if isinstance(part, Inserted):
            codes.append(part)
            literals.append("")
        else:
            literals[-1] += part
    if not codes:
        return []
    first = _between(literals, whole)
    last = _between([each[::-1] for each in reversed(literals)], whole[::-1])
    if [each[::-1] for each in reversed(last)] != first:
        return []  # several readings
    return list(zip(codes, first, strict=False))


def _between(literals: Sequence[str], whole: str) -> list[str]:
    """What stands between the literals where each comes as early as it can; nothing where the whole
    does not read like that. No place is empty."""
    found: list[str] = []
    first, *middle, last = literals
    at, end = len(first), len(whole) - len(last)
    for each in middle:
        start = whole.find(each, at + 1, end)
        if start < 0:
            return []
        found.append(whole[at:start])
        at = start + len(each)
    is_read = whole.startswith(first) and whole.endswith(last) and at < end
    return [*found, whole[at:end]] if is_read else []


def _replaced(atoms: _Atoms, code: str | Inserted, value: str) -> _Atoms:
    """The last place where the atoms read as the value, between delimiters, replaced."""
    text = "".join(_text_of(atom) for atom in atoms)
    at = _occurrence(text, value)
    if at is None:
        return atoms
    found: _Atoms = []
    offset, put = 0, False
    for atom in atoms:
        length = len(_text_of(atom))
        inside = max(offset, at), min(offset + length, at + len(value))
        if inside[0] < inside[1]:
            if isinstance(atom, str):
                found += [atom[: inside[0] - offset]]
            found += [] if put else [code]
            put = True
            if isinstance(atom, str):
                found += [atom[inside[1] - offset :]]
        else:
            found.append(atom)
        offset += length
    return found


def _text_of(atom: str | Inserted | _Hole) -> str:
    if isinstance(atom, str):
        return atom
    return _marked(atom.value) if isinstance(atom, _Hole) else "\x01"


def _occurrence(text: str, value: str) -> int | None:
    """Where the value stands by itself in the text: the last such place, since an ARN ends with
    what is its own."""
    if len(value) < 2:
        return None
    places = [
        found.start()
        for found in re.finditer(re.escape(value), text)
        if not (text[max(found.start() - 1, 0) : found.start()].isalnum() and value[:1].isalnum())
        and not (text[found.end() : found.end() + 1].isalnum() and value[-1:].isalnum())
    ]
    return places[-1] if places else None


def _finished(place: Place, atoms: _Atoms) -> Expression | None:
    parts: list[str | Inserted] = []
    for atom in atoms:
        if not isinstance(atom, _Hole):
            parts.append(atom)
            continue
        piece = _hole(place, atom.value)
        if piece is None:
            return None
        parts.append(piece)
    return of_group(simplified(parts))


def _hole(place: Place, value: Value) -> str | Inserted | None:
    if isinstance(value, Unknown) and value.shape is Shape.SUFFIX:
        return "??????"
    symbol = value.symbol if isinstance(value, (Unknown, Reference)) else None
    if symbol is None:
        return None
    name = str(symbol)
    if symbol == arns.PARTITION.symbol:
        return Inserted(_PSEUDO[name]) if not place.is_terraform else of_partition(place)
    if name in _PSEUDO:
        return deployment(place, name) if place.is_terraform else Inserted(_PSEUDO[name])
    made_up = isinstance(value, Unknown) and value.shape is not Shape.ANY
    if is_path(symbol) and not made_up:
        named = _symbol(place, name)
        if named is not None:
            return Inserted(named)
    if isinstance(symbol, Operation) and not made_up and place.is_terraform:
        code = written_operation(symbol, lambda term: _operand(place, str(term)))
        if code is not None:
            return Inserted(code)
    if made_up or (isinstance(value, Unknown) and not is_path(symbol)):
        return "*"
    return None


def _operand(place: Place, symbol: str) -> str | None:
    """The symbol, or the one instance that there may be of it, as the module itself asks for it."""
    counted = re.sub(r"^((?:data\.)?[a-z]+_\w+\.[\w-]+)\.", r"\1[0].", symbol)
    return _symbol(place, symbol) or _symbol(place, counted)


def _symbol(place: Place, symbol: str) -> str | None:
    """The symbol, where it is the name of something in the place's module."""
    if not place.is_terraform:
        resource, dot, attribute = symbol.partition(".")
        known = not dot or is_written(place, rf"{re.escape(resource)}\W+{re.escape(attribute)}")
        return symbol if known and not place.home and re.fullmatch(r"[\w.]+", symbol) else None
    if not re.fullmatch(r"[\w.\[\]\"-]+", symbol):
        return None
    if symbol.startswith("var."):
        return None if place.home else symbol
    name = place.name_of(symbol)
    if name is None or not is_written(place, re.escape(name)):
        return None
    return name if re.match(r"(data\.)?[a-z]+_\w+\.\w|module\.[\w-]+\.\w", name) else None
