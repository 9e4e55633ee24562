"""Changes as a unified diff, as ``git apply`` takes it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from ..analysis.mending import Change
from ..findings.escape import rows


def render(changes: Iterable[Change]) -> str:
    """The diff of all changes; its paths are those that reports name, behind ``a/`` and ``b/``."""
    return "".join(line for change in changes for line in _lines(change))


def _lines(change: Change) -> Iterator[str]:
    hunks = difflib.unified_diff(
        rows(change.before), rows(change.after), f"a/{change.file}", f"b/{change.file}"
    )
    for line in hunks:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
