"""What is made several times or not at all: an edit in a template's loop (``Fn::ForEach``) is made
for each of its items, and what a ``count`` makes may not be there."""

from __future__ import annotations

import json
import re

from ...symbolic.patterns import regex
from ..finding import Edit
from ..sources import FileText, Form, Sources

_MARK = "Fn::ForEach::"
_LOOP = regex(rf"""^([ \t]*)["']?{_MARK}[^\s"':]*["']?[ \t]*:\s*""", re.M)
#: What a loop calls its item: the first of the list behind its key.
_ITEM = regex(r"""(?:-|\[)\s*["']?(\w+)""")
#: A logical id that an edit refers to, in one of its forms.
_REFERRED = regex(r'(?:!Ref |!GetAtt |"Ref"\s*:\s*"|"Fn::GetAtt"\s*:\s*\[\s*"|\$\{)(\w+)')


def names_one_item(sources: Sources, edit: Edit) -> bool:
    """Does the edit refer to what a loop makes of one item, which no other item has, or outside of
    the loop to its item? What is written out in the file is there for all of them."""
    source = sources.of(edit.span.file)
    start = source.start(edit.span)
    if source.form(start) not in (Form.YAML, Form.CFN_JSON) or _MARK not in source.text:
        return False
    loops = list(_LOOP.finditer(source.text))
    around = [loop for loop in loops if loop.start() < start < _end(source, loop)]
    items = {item[1] for loop in loops if (item := _ITEM.match(source.text, loop.end()))}
    known = {item[1] for loop in around if (item := _ITEM.match(source.text, loop.end()))}
    referred = {name for name in _REFERRED.findall(edit.text) if not name.startswith("AWS")}
    return bool(referred & (items - known)) or (
        bool(around)
        and any(
            not re.search(rf"""["']?\b{name}\b["']?\s*:""", source.text)
            for name in referred - known
        )
    )


#: The one instance of a resource whose ``count`` decides whether it is there.
_FIRST = regex(r"(?<![\w.])(aws_\w+)\.([\w-]+)\[0\]")
_COUNT = regex(r"^[ \t]*count[ \t]*=([^\n]*)$", re.M)


def names_what_may_be_missing(sources: Sources, edit: Edit) -> bool:
    """Does the edit refer to what another deployment does not make, in a block that is there then?
    Such a deployment would fail."""
    source = sources.of(edit.span.file)
    start = source.start(edit.span)
    if source.form(start) not in (Form.HCL, Form.JSON_TEMPLATE):
        return False
    is_block = re.search(r"^resource\s", edit.text, re.M) is not None
    around = "" if is_block else source.block_at(start)
    guards = {_counted(edit.text if is_block else around)}
    guards.update(choices(sources, source.file, around).values())
    return any(
        count not in guards and f"{name}[" not in around
        for name, count in choices(sources, source.file, edit.text).items()
    )


def choices(sources: Sources, beside: str, text: str) -> dict[str, str]:
    """What the text names that a ``count`` makes or not, each with that; in the module of the
    file. One side of a condition is asked for only where that holds."""
    found_at = (each for each in _FIRST.finditer(text) if not _is_side(text, each.start()))
    named = dict.fromkeys((each[1], each[2]) for each in found_at)
    found = {f"{kind}.{name}": _count_of(sources, beside, kind, name) for kind, name in named}
    return {name: count for name, count in found.items() if count and not count.isdigit()}


def _is_side(text: str, at: int) -> bool:
    return text[max(at - 2, 0) : at] in ("? ", ": ")


def _count_of(sources: Sources, beside: str, kind: str, name: str) -> str | None:
    """The ``count`` of the resource, in the module of that file."""
    head = re.compile(rf'^resource\s+"{kind}"\s+"{re.escape(name)}"', re.M)
    for source in sources.beside(beside):
        found = head.search(source.text)
        if found:
            return _counted(source.block_at(found.start()))
    return None


def _counted(block: str) -> str | None:
    found = _COUNT.search(block)
    return found[1].strip() if found else None


def _end(source: FileText, loop: re.Match[str]) -> int:
    """Where the loop ends: before the next line that is not further in."""
    if source.form(loop.start()) is Form.CFN_JSON:
        return json.JSONDecoder().raw_decode(source.text, loop.end())[1]
    outside = re.compile(rf"^(?!{loop[1]}[ \t])(?=[ \t]*[^\s#])", re.M)
    found = outside.search(source.text, source.line_end(loop.start()))
    return found.start() if found else len(source.text)
