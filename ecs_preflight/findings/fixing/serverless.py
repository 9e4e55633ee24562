"""Policies of a role that AWS SAM generates: an item of ``Policies`` of its function or state
machine ("AWS::Serverless::Function", SAM Developer Guide)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ...model import Role
from ...symbolic.patterns import regex
from ..finding import Edit
from ..sources import FileText, Form, closing
from .insertions import argument_edit
from .statements import NewStatement, object_text, yaml_item

_TYPE = regex(r"""\bType["']?\s*:\s*["']?AWS::Serverless::(Function|StateMachine)\b""")

#: The dash of a block list's first item, below lines that say nothing.
_FIRST = regex(r"(?:\n[ \t]*(?:#[^\n]*)?)*\n([ \t]*- +)")


def is_generated(source: FileText, role: Role) -> bool:
    """Does a function or state machine stand where the role does, which SAM makes for it?"""
    return bool(_TYPE.search(source.slice(role.span)))


def serverless_policy(
    source: FileText, role: Role, statements: Sequence[NewStatement]
) -> list[Edit] | None:
    """The statements as one more item of ``Policies``; None where that is computed."""
    start, end = source.start(role.span), source.end(role.span)
    form = source.form(start)
    key = re.compile(r"""^([ \t]*)["']?Policies["']?[ \t]*:[ \t]*""", re.M)
    places = [found for found in key.finditer(source.text, start, end) if _is_property(found)]
    if len(places) > 1:
        return None
    if form is Form.CFN_JSON:
        return _json(source, role, statements, places[0].end() if places else None)
    if not places:
        text = argument_edit(source, role.span, ("", "Policies"), "")
        if text is None:
            return None
        margin = source.indent(source.start(text.span))
        item = "\n".join(_item(statements, f"{margin}  - "))
        return [Edit(text.span, f"{text.text.rstrip()}\n{item}\n")]
    (place,) = places
    margin, at = place[1], place.end()
    old = source.text[at : source.line_end(at)].rstrip()
    if old.startswith(("[", "{", "!", "&", "*")):
        return _flow(source, statements, at) if old.startswith("[") else None
    if old and not old.startswith("#"):
        lines = [f"{margin}  - {old}", *_item(statements, f"{margin}  - ")]
        colon = source.text.rindex(":", 0, at) + 1
        return [Edit(source.span(colon, at + len(old)), "\n" + "\n".join(lines))]
    first = _FIRST.match(source.text, source.line_end(at))
    if first is None:
        return None
    last = _list_end(source, source.line_end(at), len(first[1]) - len(first[1].lstrip()))
    return [Edit(source.span(last, last), "\n" + "\n".join(_item(statements, first[1])))]


def _is_property(found: re.Match[str]) -> bool:
    """Is it the property of the resource, and none of what is deeper (by its few columns)?"""
    return len(found[1].expandtabs(4)) <= 12


def _item(statements: Sequence[NewStatement], dash: str) -> list[str]:
    margin = " " * len(dash)
    return [f"{dash}Statement:", *(yaml_item(each, f"{margin}  - ") for each in statements)]


def _list_end(source: FileText, offset: int, column: int) -> int:
    """The end of the last line that says something of the block list below the offset, whose
    dashes stand in that column."""
    last = end = offset
    while end < len(source.text):
        start, end = end + 1, source.line_end(end + 1)
        line = source.text[start:end]
        depth = len(line) - len(line.lstrip())
        if not line.strip() or line[depth] == "#":
            continue
        if depth < column or (depth == column and line[depth] != "-"):
            break
        last = end
    return last


def _flow(source: FileText, statements: Sequence[NewStatement], start: int) -> list[Edit] | None:
    bodies = [object_text(Form.YAML, each, "", "{ Effect: Allow }") for each in statements]
    last = source.before_at(closing(source.text, start) - 1)
    if None in bodies:
        return None
    comma = "" if last <= start else ", "
    text = f"{comma}{{ Statement: [{', '.join(map(str, bodies))}] }}"
    return [Edit(source.span(last + 1, last + 1), text)]


def _json(
    source: FileText, role: Role, statements: Sequence[NewStatement], at: int | None
) -> list[Edit] | None:
    bodies = [object_text(Form.CFN_JSON, each, "") for each in statements]
    if None in bodies:
        return None
    item = json.dumps({"Statement": [json.loads(str(body)) for body in bodies]})
    if at is None:
        made = argument_edit(source, role.span, ("", "Policies"), f"[{item}]")
        return None if made is None else [made]
    if source.text[at] == '"':
        end = source.text.index('"', at + 1) + 1
        return [Edit(source.span(at, end), f"[{source.text[at:end]}, {item}]")]
    if source.text[at] != "[":
        return None
    last = source.before_at(closing(source.text, at) - 1)
    comma = "" if source.text[last] == "[" else ", "
    return [Edit(source.span(last + 1, last + 1), f"{comma}{item}")]
