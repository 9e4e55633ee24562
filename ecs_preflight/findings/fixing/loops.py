"""Loops of templates (``Fn::ForEach``): an edit in one is made for each of its items."""

from __future__ import annotations

import json
import re

from ..finding import Edit
from ..sources import FileText, Form, Sources

_MARK = "Fn::ForEach::"
_LOOP = re.compile(rf"""^([ \t]*)["']?{_MARK}[^\s"':]*["']?[ \t]*:\s*""", re.M)
#: A logical id that an edit refers to, in one of its forms.
_REFERRED = re.compile(r'(?:!Ref |!GetAtt |"Ref"\s*:\s*"|"Fn::GetAtt"\s*:\s*\[\s*"|\$\{)(\w+)')


def names_one_item(sources: Sources, edit: Edit) -> bool:
    """Does the edit, in a loop, refer to what the loop makes of one item, which no other item has?
    What is written out in the file is there for all of them."""
    source = sources.of(edit.span.file)
    start = source.start(edit.span)
    if source.form(start) not in (Form.YAML, Form.CFN_JSON) or not _is_in_loop(source, start):
        return False
    return any(
        not re.search(rf"""["']?\b{name}\b["']?\s*:""", source.text)
        for name in _REFERRED.findall(edit.text)
        if not name.startswith("AWS")
    )


def _is_in_loop(source: FileText, offset: int) -> bool:
    if _MARK not in source.text:
        return False
    return any(_end(source, loop) > offset for loop in _LOOP.finditer(source.text, 0, offset))


def _end(source: FileText, loop: re.Match[str]) -> int:
    """Where the loop ends: before the next line that is not further in."""
    if source.form(loop.start()) is Form.CFN_JSON:
        return json.JSONDecoder().raw_decode(source.text, loop.end())[1]
    outside = re.compile(rf"^(?!{loop[1]}[ \t])(?=[ \t]*[^\s#])", re.M)
    found = outside.search(source.text, source.line_end(loop.start()))
    return found.start() if found else len(source.text)
