"""Variables and parameters by what they are given: the name for a value that an input brings."""

from __future__ import annotations

import posixpath
import re

from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ..sources import FileText, closing, string_end
from .places import Place

_VARIABLE = regex(r'^variable\s+"([\w-]+)"\s*\{', re.M)


def variable_at(place: Place, span: Span) -> str | None:
    """The variable of the place's module (a template's parameter) whose value stands at the span:
    its default, a variable file's line, or the argument of the one call."""
    if not span.file or span.line == 0:
        return None
    if not place.is_terraform:
        head = span.path[:1] == ("Parameters",) and span.path[2:] == ("Default",)
        return str(span.path[1]) if head and span.file == place.file else None
    source = place.sources.of(span.file)
    start = source.start(span)
    if posixpath.dirname(span.file) == place.folder and (name := _with_default(source, start)):
        return name
    if not place.home:
        return _key(source, start, 0, 0) if source.file.endswith(".tfvars") else None
    call = place.stack.calls.get(place.home.removesuffix("."))
    if call is None or call.span.file != span.file:
        return None
    block = source.start(call.span)
    return _key(source, start, block, 1) if block < start < source.end(call.span) else None


def _with_default(source: FileText, start: int) -> str | None:
    """The variable whose whole default begins at the offset."""
    heads = list(_VARIABLE.finditer(source.text, 0, start))
    if not heads or closing(source.text, heads[-1].end() - 1) < start:
        return None
    key = _key(source, start, heads[-1].end() - 1, 1)
    return heads[-1][1] if key == "default" else None


_ARGUMENT = regex(r"(?:^|[\n{])[ \t]*([\w-]+)[ \t]*=[ \t]*$")


def _key(source: FileText, start: int, block: int, depth: int) -> str | None:
    """The name of the argument whose whole value begins at the offset, in no further bracket."""
    key = source.ending(_ARGUMENT, start)
    if key is None:
        return None
    opened = 0
    offset = block
    while offset < key.start(1):
        if source.text[offset] == '"':
            offset = string_end(source.text, offset)
            continue
        opened += (source.text[offset] in "([{") - (source.text[offset] in ")]}")
        offset += 1
    return key[1] if opened == depth else None
