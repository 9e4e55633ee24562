"""``fileset``: the files below a directory whose paths match a pattern.

Source: the Terraform documentation, "fileset Function": ``*``, ``**``, ``?``, ``{a,b}`` and
``[a-z]``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ....symbolic.budget import charge
from ....symbolic.globs import path_globs
from ....symbolic.source import entries
from ....symbolic.values import Items, Known, Unknown, Value, Why
from ..comparison import as_set
from ..faults import EvaluationFault, NotComputable, beyond_limits
from .base import CallContext

#: The most files and directories that are looked at.
MAX_VISITED = 20_000


def matching_files(context: CallContext, folder: Path, pattern: str) -> Value:
    """``fileset()``: within the boundary alone, sorted."""
    if not context.scope.boundary.allows(folder):
        raise NotComputable(
            Unknown("the directory lies outside the scanned tree", why=Why.UNREADABLE)
        )
    try:
        globs = path_globs(os.path.normpath(pattern).replace(os.sep, "/"))
    except ValueError as error:
        raise EvaluationFault(str(error)) from None
    found = [path for path in _files(context, folder) if any(g.matches(path) for g in globs)]
    return as_set(Items(tuple(Known(path, context.span) for path in found), span=context.span))


def _files(context: CallContext, folder: Path) -> Iterator[str]:
    """The regular files below ``folder``; links that lead out of the boundary are no files."""
    visited = 0
    for base, folders, files in _walked(folder):
        visited += len(folders) + len(files)
        charge(10 * (len(folders) + len(files)))
        if visited > MAX_VISITED:
            raise beyond_limits("a directory")
        for name in files:
            path = Path(base, name)
            if context.scope.boundary.is_file(path):
                yield path.relative_to(folder).as_posix()


def _walked(folder: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Each folder with the names of its folders, into which no link leads, and of what else is
    there."""
    try:
        listed = entries(folder)
    except OSError:
        return
    below = [entry for entry in listed if entry.is_dir()]
    yield folder, [e.name for e in below], [e.name for e in listed if not e.is_dir()]
    for entry in below:
        if not entry.is_symlink():
            yield from _walked(Path(entry.path))
