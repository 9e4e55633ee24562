"""Is what was looked at as it was?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from ..symbolic import looks
from ..symbolic.source import Boundary, Unreadable, entries, exists, real
from .left_out import Tracked

#: How each question is asked, by the boundary's root and the path.
_ASKED: dict[str, Callable[[Boundary, str], object]] = {
    "content": Boundary.read_bytes,
    "entries": lambda _, path: entries(path),
    "exists": lambda _, path: exists(path),
    "file": Boundary.is_file,
    "folder": Boundary.is_folder,
    "inside": Boundary.allows,
    "real": lambda _, path: real(path),
    "tracked": lambda boundary, _: Tracked(boundary).names,
}


def looks_alike(look: looks.Look, seen: str) -> bool:
    """Would one see the same again?"""
    question, root, path = look
    with looks.noted() as again, suppress(OSError, Unreadable):
        _ASKED[question](Boundary(Path(root)), path)
    return again.get(look) == seen


def all_alike(seen: Iterable[tuple[looks.Look, str]]) -> bool:
    """Would one see the same again of all that was looked at?"""
    return all(looks_alike(look, what) for look, what in seen)


def environment(*more: str) -> list[tuple[str, str]]:
    """The variables that inputs are read from, and those that begin as ``more`` says."""
    return sorted((k, v) for k, v in os.environ.items() if k.startswith(("TF_VAR_", *more)))
