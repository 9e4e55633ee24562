"""How a resource is written at a place: with the names that can be written there.

A resource of the place's own module is named by its address; one of a module that is called there
by an output that exists, one that the caller passes by the variable. What the source computes
itself (``"/${var.name}/api"``) is written with its own expressions, never with their values.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from typing import Union

from ...model import Language, LogGroup, Protected, Role, Stack, StoredParameter, StoredSecret
from ...symbolic import arns
from ...symbolic.terms import is_path
from ...symbolic.values import (
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
    expanded,
    literal,
)
from ..sources import Sources
from ..wording import home_of, is_nameless, own_resource, tail_of
from .expressions import Expression, Inserted, of_group, parsed, simplified

_PSEUDO = {
    str(arns.PARTITION.symbol): "AWS::Partition",
    str(arns.REGION.symbol): "AWS::Region",
    str(arns.ACCOUNT.symbol): "AWS::AccountId",
}
_DATA = {str(arns.REGION.symbol): "aws_region", str(arns.ACCOUNT.symbol): "aws_caller_identity"}
_ATTRIBUTE = {
    "aws_region": "name",
    "aws_caller_identity": "account_id",
    "aws_partition": "partition",
}


@dataclass(frozen=True)
class Place:
    """Where something is to be written: in a file, as part of the module or nested stack
    ``home`` (the beginning of its resources' addresses)."""

    stack: Stack
    sources: Sources
    file: str
    home: str

    @classmethod
    def beside(cls, stack: Stack, sources: Sources, file: str, address: str) -> Place:
        """The place in ``file`` beside the resource at ``address``, in its module."""
        return cls(stack, sources, file, home_of(stack, address))

    @property
    def folder(self) -> str:
        """The folder of the file."""
        return posixpath.dirname(self.file)

    @property
    def is_terraform(self) -> bool:
        """Is the stack's language Terraform?"""
        return self.stack.language is Language.TERRAFORM


def written(place: Place, resource: Value, origin: Value) -> Expression | None:
    """The resource as it can be written at the place; ``origin`` is the value that it was read out
    of, of which the source's expression is taken. None when no name for it exists there."""
    own = own_resource(place.stack, resource)
    if own is not None:
        named = _named(place, own, place.home)
        if named is not None:
            return _with_tail(place, own, named, tail_of(own, resource))
        if is_nameless(own):
            return None
    return _computed(place, resource, origin)


def _named(place: Place, own: Protected | Role, home: str) -> str | None:
    """An expression for the resource's ARN in the module ``home``."""
    if home_of(place.stack, own.address) == home:
        name = own.address.removeprefix(home)
        if place.is_terraform:
            return f"{name}.arn"
        if isinstance(own, StoredSecret):
            return name
        return None if isinstance(own, StoredParameter) else f"{name}.Arn"
    if not place.is_terraform:
        return None
    return (_output if own.address.startswith(home) else _input)(place, own, home)


def _output(place: Place, own: Protected | Role, home: str) -> str | None:
    """The output, of a module called in ``home``, whose value is the resource's ARN."""
    called = re.match(r"module\.[\w-]+(\[[^\]]*\])?", own.address.removeprefix(home))
    if called is None:
        return None
    inside = _named(place, own, f"{home}{called.group()}.")
    if inside is None:
        return None
    for text in _module_texts(place, f"{home}{called.group()}."):
        for name, body in re.findall(r'output\s+"([\w-]+)"\s*\{(.*?)^\}', text, re.S | re.M):
            if _argument(body, inside):
                return f"{called.group()}.{name}"
        for name, body in re.findall(r'output\s+"([\w-]+)"\s*\{([^{}\n]*)\}', text):
            if _argument(body, inside):
                return f"{called.group()}.{name}"
    return None


def _argument(body: str, value: str) -> str | None:
    """The name of the argument that is given that very expression."""
    found = re.search(rf"(?:^|\s)([\w-]+)\s*=\s*{re.escape(value)}\s*(?:$|#|//|\}})", body, re.M)
    return found[1] if found else None


def _input(place: Place, own: Protected | Role, home: str) -> str | None:
    """The variable of the module ``home`` that its caller gives the resource's ARN."""
    call = place.stack.calls.get(home.removesuffix("."))
    if call is None:
        return None
    outer = _named(place, own, home_of(place.stack, call.address))
    block = place.sources.at(call.span)
    if outer is None or block is None:
        return None
    argument = _argument(block.slice(call.span), outer)
    return f"var.{argument}" if argument else None


def _module_texts(place: Place, home: str) -> list[str]:
    """The texts of the files of a module, by where its resources stand."""
    folders = {
        posixpath.dirname(resource.span.file)
        for resource in place.stack.resources
        if home_of(place.stack, resource.address) == home
    }
    return [
        place.sources.of(file).text
        for file in place.stack.files
        if posixpath.dirname(file) in folders and file.endswith((".tf", ".tofu"))
    ]


def _with_tail(place: Place, own: Protected | Role, named: str, tail: str) -> Expression:
    if isinstance(own, LogGroup) and not place.is_terraform:
        tail = ""  # Fn::GetAtt gives the ARN with ':*' (facts B5)
    return simplified((Inserted(named), tail))


def _computed(place: Place, resource: Value, origin: Value) -> Expression | None:
    """Out of the source's own expression, where that stands in the same module, else out of
    symbols."""
    atoms = _without_place(place.stack, resource, origin)
    if literal(resource) == "*":
        return _finished(place, atoms)
    text = place.sources.at(origin.span)
    if text is None:
        return None if place.home else _finished(place, atoms)
    source = parsed(text.form(text.start(origin.span)), text.slice(origin.span))
    if not _same_module(place, origin.span.file):
        # A module is for all its callers, and what one of them computes has no name elsewhere.
        plainly = source is not None and not any(isinstance(part, Inserted) for part in source)
        return _finished(place, atoms) if plainly and not place.home else None
    whole = _marked(expanded(origin))
    if source is None:
        return _finished(place, atoms) if whole in text.slice(origin.span) else None
    solved = _solved(source, whole)
    if not solved and any(isinstance(part, Inserted) for part in source):
        return None
    return _finished(place, _substituted(atoms, solved))


def _same_module(place: Place, file: str) -> bool:
    if not place.is_terraform:
        return file == place.file
    return posixpath.dirname(file) == place.folder


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
    digest = hashlib.sha256(symbol.encode()).digest()[:8]
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


def _substituted(atoms: _Atoms, solved: list[tuple[Inserted, str]]) -> _Atoms:
    """The atoms with what the source's code stands for written as that code."""
    for code, value in sorted(solved, key=lambda pair: -len(pair[1])):
        atoms = _replaced(atoms, code, value)
    return atoms


def _solved(source: Expression, whole: str) -> list[tuple[Inserted, str]]:
    """What each code of the source reads as, where the whole tells."""
    if len(source) == 1 and isinstance(source[0], Inserted):
        return [(source[0], whole)]
    lazy, greedy = (
        re.fullmatch(
            "".join(re.escape(p) if isinstance(p, str) else g for p in source), whole, re.S
        )
        for g in ("(.+?)", "(.+)")
    )
    if lazy is None or greedy is None or lazy.groups() != greedy.groups():
        return []  # several readings, or none
    return list(zip((p for p in source if isinstance(p, Inserted)), lazy.groups(), strict=True))


def _replaced(atoms: _Atoms, code: Inserted, value: str) -> _Atoms:
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
        if not (text[: found.start()][-1:].isalnum() and value[:1].isalnum())
        and not (text[found.end() :][:1].isalnum() and value[-1:].isalnum())
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
        return Inserted(_PSEUDO[name]) if not place.is_terraform else _of_partition(place)
    if name in _PSEUDO:
        return _data(place, _DATA[name]) if place.is_terraform else Inserted(_PSEUDO[name])
    made_up = isinstance(value, Unknown) and value.shape is not Shape.ANY
    if is_path(symbol) and not made_up:
        named = _symbol(place, name)
        if named is not None:
            return Inserted(named)
    if made_up or (isinstance(value, Unknown) and not is_path(symbol)):
        return "*"
    return None


def _symbol(place: Place, symbol: str) -> str | None:
    """The symbol, where it is the name of something in the place's module."""
    if not place.is_terraform:
        resource, dot, attribute = symbol.partition(".")
        known = not dot or _is_written(place, rf"{resource}\W+{attribute}")
        return symbol if known and not place.home and re.fullmatch(r"[\w.]+", symbol) else None
    if not re.fullmatch(r"[\w.\[\]\"-]+", symbol):
        return None
    if symbol.startswith("var."):
        return None if place.home else symbol
    if home_of(place.stack, symbol) != place.home:
        return None
    name = symbol.removeprefix(place.home)
    if not _is_written(place, re.escape(name)):
        return None
    return name if re.match(r"(data\.)?[a-z]+_\w+\.\w|module\.[\w-]+\.\w", name) else None


def _is_written(place: Place, name: str) -> bool:
    """Does the module or template itself write that? Not every part of an ARN is an attribute."""
    return any(re.search(name, text) for text in _texts(place))


def _texts(place: Place) -> list[str]:
    """The template, or the files of the place's module."""
    if not place.is_terraform:
        return [place.sources.of(place.file).text]
    ours = (f for f in place.stack.files if posixpath.dirname(f) == place.folder)
    return [place.sources.of(file).text for file in ours if file.endswith((".tf", ".tofu"))]


def _data(place: Place, kind: str) -> str | Inserted:
    """The data source of that kind in the place's module, as the module reads it; else ``*``."""
    texts = _texts(place)
    for text in texts:
        declared = re.search(rf'^data\s+"{kind}"\s+"([\w-]+)"\s*\{{([^}}]*)\}}', text, re.M)
        if declared and not declared[2].strip():
            name = f"data.{kind}.{declared[1]}"
            read = next(
                (m for t in texts if (m := re.search(rf"{re.escape(name)}\.(\w+)", t))), None
            )
            return Inserted(f"{name}.{read[1] if read else _ATTRIBUTE[kind]}")
    return "*"


def _of_partition(place: Place) -> str | Inserted:
    known = literal(place.stack.target.partition)
    if known is not None:
        return known
    found = _data(place, "aws_partition")
    return "aws" if found == "*" else found


def partition(place: Place) -> str:
    """The partition, as it stands within a template at the place."""
    found = _of_partition(place)
    return f"${{{found.text}}}" if isinstance(found, Inserted) else found
