"""Changes as a unified diff, as ``git apply`` takes it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator

from ..analysis.mending import Change
from ..findings.escape import rows


def render(changes: Iterable[Change]) -> str:
    """The diff of all changes; its paths are those that reports name, behind ``a/`` and ``b/``."""
    return "".join(line for change in changes for line in _lines(change))


def _lines(change: Change) -> Iterator[str]:
    old, new = _path(f"a/{change.file}"), _path(f"b/{change.file}")
    hunks = difflib.unified_diff(rows(change.before), rows(change.after), old, new)
    for line in hunks:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _path(path: str) -> str:
    """As Git quotes a path (git-config, ``core.quotePath``) that would not stay on its line, or
    not look like what it is."""
    if path.isprintable() and not set(path) & {'"', "\\"}:
        return path
    return '"' + "".join(map(_quoted, os.fsencode(path))) + '"'


def _quoted(byte: int) -> str:
    if byte in b'"\\':
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
