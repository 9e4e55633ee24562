"""``fileset``: the files below a directory whose paths match a pattern.

Source: the Terraform documentation, "fileset Function": ``*``, ``**``, ``?``, ``{a,b}`` and
``[a-z]``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ....symbolic.values import Items, Known, Unknown, Value, Why
from ..comparison import as_set
from ..faults import EvaluationFault, NotComputable, beyond_limits
from .base import CallContext

#: The most files and directories that are looked at.
MAX_VISITED = 20_000


def matching_files(context: CallContext, folder: Path, pattern: str) -> Value:
    if not context.scope.boundary.allows(folder):
        raise NotComputable(
            Unknown("the directory lies outside the scanned tree", why=Why.UNREADABLE)
        )
    matches = re.compile(_expression(os.path.normpath(pattern).replace(os.sep, "/"))).fullmatch
    found = [path for path in _files(context, folder) if matches(path)]
    return as_set(Items(tuple(Known(path, context.span) for path in found), span=context.span))


def _files(context: CallContext, folder: Path) -> Iterator[str]:
    """The regular files below ``folder``; links that lead out of the boundary are no files."""
    visited = 0
    for base, folders, files in os.walk(folder):
        folders.sort()
        visited += len(folders) + len(files)
        if visited > MAX_VISITED:
            raise beyond_limits("a directory")
        for name in files:
            path = Path(base, name)
            if context.scope.boundary.is_file(path):
                yield path.relative_to(folder).as_posix()


_SPECIAL = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\^?\]?[^\]]*\]|\\.|\{|\}|,|[^*?\[\\{},]+|.", re.DOTALL)


def _expression(pattern: str) -> str:
    """The pattern as a regular expression over paths with ``/``."""
    pieces: list[str] = []
    depth = 0
    for found in _SPECIAL.finditer(pattern):
        token = found.group()
        if token == "**/":
            pieces.append("(?:[^/]+/)*")
        elif token in ("*", "**"):
            pieces.append("[^/]*" if token == "*" else ".*")
        elif token == "?":
            pieces.append("[^/]")
        elif token.startswith("[") and len(token) > 2:
            pieces.append("[" + re.sub(r"^[!^]", "^", token[1:-1]).replace("\\", "\\\\") + "]")
        elif token == "{":
            depth += 1
            pieces.append("(?:")
        elif token == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif token == "," and depth:
            pieces.append("|")
        else:
            is_escape = token.startswith("\\") and len(token) > 1
            pieces.append(re.escape(token[1:] if is_escape else token))
    if depth:
        raise EvaluationFault("the pattern has an open brace")
    return "".join(pieces)
