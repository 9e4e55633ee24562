"""Filesystem functions. Files are read through the scan's boundary alone; a relative path starts
at the root module, Terraform's working directory."""

from __future__ import annotations

import base64
import os
import re
from functools import lru_cache
from pathlib import Path

from ....symbolic.budget import charge
from ....symbolic.jsontext import Piece, looks_like_json, parse_pieces
from ....symbolic.records import replace
from ....symbolic.source import Span, Unreadable, exists, shown, whole
from ....symbolic.values import (
    Entries,
    Items,
    JsonFault,
    Known,
    Text,
    Unknown,
    Value,
    Why,
)
from ...syntax import numeric, parse
from ...syntax.nodes import Expression, SyntaxFault
from ..faults import EvaluationFault, NotComputable, beyond_limits
from ..sizes import MAX_TEXT
from ..value_types import ANY, STRING
from .base import CallContext, Function, plain, symbolic
from .globbing import matching_files


def _absolute(context: CallContext, path: str) -> str:
    return os.path.normpath(os.path.join(context.scope.root_folder, path))


def read_bytes(context: CallContext, path: str) -> bytes:
    """Raises Fault for a file that is not there, Undecided for one that may not be read."""
    try:
        content = context.scope.boundary.read_bytes(_absolute(context, path))
        charge(100 + len(content) // 1024)
        return content
    except Unreadable as error:
        raise _refusal(context, path, error) from None


def _read_text(context: CallContext, path: str) -> str:
    try:
        content = context.scope.boundary.read_text(_absolute(context, path))
        charge(100 + len(content) // 1024)
        return content
    except Unreadable as error:
        raise _refusal(context, path, error) from None


def _refusal(context: CallContext, path: str, error: Unreadable) -> EvaluationFault | NotComputable:
    reason = f"'{error.path}' {error.reason}"
    absolute = _absolute(context, path)
    if context.scope.boundary.allows(absolute) and not exists(absolute):
        return EvaluationFault(f"there is no file '{error.path}'", Why.UNREADABLE)
    return NotComputable(Unknown(reason, why=Why.UNREADABLE))


_YAML = (".yaml", ".yml")


def _file(context: CallContext, path: Value) -> Value:
    """The content remembers where in the file each part of its JSON stands; of YAML, which file it
    is all of."""
    if not isinstance(path, Known):
        return context.unknown(path)
    name = str(path.value)
    text, where = _read_text(context, name), shown(_absolute(context, name))
    if len(text) > MAX_TEXT:
        raise beyond_limits("a file")
    content = Known(text, context.span)
    if not looks_like_json(content):
        return Known(text, whole(where, text)) if name.endswith(_YAML) else content
    place = Span(where, 1, 1, 1, 1)
    structure = parse_pieces([Piece(content, place, 0)], place, numeric.parse)
    return Known(content.value, context.span, None if isinstance(structure, Unknown) else structure)


def _templatefile(context: CallContext, path: Value, variables: Value) -> Value:
    if not isinstance(path, Known):
        return context.unknown(path, variables)
    name = str(path.value)
    template = _template(_read_text(context, name), shown(_absolute(context, name)))
    return _rendered(context, template, variables)


def _templatestring(context: CallContext, template: Value, variables: Value) -> Value:
    if not isinstance(template, Known):
        return context.unknown(template, variables)
    made = _rendered(context, _template(str(template.value), context.span.file), variables)
    # Where the template's own text was written is not known here: all of it stands at the call.
    return _all_at(made, context.span)


def _all_at(value: Value, span: Span) -> Value:
    """The value with all that is in it, and in the JSON that it is, said to stand at ``span``."""
    if isinstance(value, Items):
        return replace(value, items=tuple(_all_at(item, span) for item in value.items), span=span)
    if isinstance(value, Entries):
        entries = tuple((key, _all_at(item, span)) for key, item in value.entries)
        return replace(value, entries=entries, span=span, key_spans=())
    if isinstance(value, (Known, Text)) and value.encodes is not None:
        if isinstance(value.encodes, JsonFault):
            return replace(value, encodes=replace(value.encodes, span=span), span=span)
        return replace(value, encodes=_all_at(value.encodes, span), span=span)
    return replace(value, span=span)


@lru_cache(maxsize=64)
def _template(text: str, path: str) -> Expression:
    try:
        return parse.parse_template(text, path)
    except SyntaxFault as fault:
        raise EvaluationFault(f"the template cannot be read: {fault.reason}") from None


def _rendered(context: CallContext, template: Expression, variables: Value) -> Value:
    if isinstance(variables, Entries):
        names, remainder = dict(variables.entries), variables.remainder
    elif isinstance(variables, Unknown):
        names, remainder = {}, variables
    else:
        raise EvaluationFault("a template's variables are an object")
    # The text is that of the call; what its JSON holds stands in the template.
    return replace(context.render(template, names, remainder), span=context.span)


def _fileexists(context: CallContext, path: Value) -> Value:
    if not isinstance(path, Known):
        return context.unknown(path)
    absolute = _absolute(context, str(path.value))
    if not context.scope.boundary.allows(absolute):
        raise NotComputable(
            Unknown(f"'{shown(absolute)}' lies outside the scanned tree", why=Why.UNREADABLE)
        )
    if context.scope.boundary.is_folder(absolute):
        raise EvaluationFault(f"'{shown(absolute)}' is a directory")
    return Known(context.scope.boundary.is_file(absolute), context.span)


def _filebase64(context: CallContext, path: Value) -> Value:
    if not isinstance(path, Known):
        return context.unknown(path)
    return Known(base64.b64encode(read_bytes(context, str(path.value))).decode(), context.span)


def _fileset(context: CallContext, folder: Value, pattern: Value) -> Value:
    if not isinstance(folder, Known) or not isinstance(pattern, Known):
        return context.unknown(folder, pattern)
    absolute = Path(_absolute(context, str(folder.value)))
    return matching_files(context, absolute, str(pattern.value))


def _abspath(context: CallContext, path: Value) -> Value:
    if not isinstance(path, Known):
        return context.unknown(path)
    absolute = _absolute(context, str(path.value)).replace(os.sep, "/")
    if "{{" in absolute:  # a project template's folder, as {{app_name}}: it gets its name later
        return Unknown(
            "a folder of a project template has no name yet", why=Why.OUTSIDE, span=context.span
        )
    return Known(absolute, context.span)


def _basename(path: str) -> str:
    stripped = path.rstrip("/")
    return stripped.rsplit("/", 1)[-1] if stripped else "/" if path else "."


def _dirname(path: str) -> str:
    """As Go's filepath.Dir: what is before the last slash, cleaned."""
    folder = path[: path.rfind("/") + 1]
    cleaned = os.path.normpath(folder) if folder else "."
    return re.sub("^//", "/", cleaned)


def _pathexpand(path: str) -> Value:
    if path.startswith("~"):
        raise NotComputable(
            Unknown("the home directory is that of whoever deploys", why=Why.FUNCTION)
        )
    return Known(path)


FUNCTIONS: dict[str, Function] = {
    "abspath": symbolic(_abspath, STRING),
    "basename": plain(_basename, STRING),
    "dirname": plain(_dirname, STRING),
    "file": symbolic(_file, STRING),
    "filebase64": symbolic(_filebase64, STRING),
    "fileexists": symbolic(_fileexists, STRING),
    "fileset": symbolic(_fileset, STRING, STRING),
    "pathexpand": plain(_pathexpand, STRING),
    "templatefile": symbolic(_templatefile, STRING, ANY),
    "templatestring": symbolic(_templatestring, STRING, ANY),
}
