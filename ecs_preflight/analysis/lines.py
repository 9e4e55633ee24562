"""The lines of scanned files, read again where a report or a suppression asks for them."""

from __future__ import annotations

from collections.abc import Sequence

from ..symbolic.source import Boundary, Unreadable


class Lines:
    """Lines by file, as spans name files and count lines. What cannot be read has no lines."""

    def __init__(self, boundaries: Sequence[Boundary]) -> None:
        self._boundaries = boundaries
        self._read: dict[str, tuple[str, ...]] = {}

    def of(self, file: str) -> tuple[str, ...]:
        if file not in self._read:
            self._read[file] = tuple(line.rstrip("\r") for line in self.text(file).split("\n"))
        return self._read[file]

    def text(self, file: str) -> str:
        """The whole file, or "" when it cannot be read."""
        for boundary in self._boundaries:
            if boundary.allows(file):
                try:
                    return boundary.read_text(file)
                except Unreadable:
                    return ""
        return ""
