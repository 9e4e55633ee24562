"""The lines of scanned files, read again where a report or a suppression asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

from ..findings.sensitive import hidden
from ..symbolic.source import Boundary, Unreadable, letters

Made = TypeVar("Made")


class Lines:
    """Lines by file, as spans name files (from ``directory``) and count lines. What cannot be read
    has no lines; ``hidden`` texts are not shown in them."""

    def __init__(
        self,
        boundaries: Sequence[Boundary],
        directory: Path = Path(),
        hidden: Collection[str] = (),
    ) -> None:
        self._boundaries, self._directory, self._hidden = boundaries, directory, hidden
        self._read: dict[str, tuple[str, ...]] = {}
        self._made: dict[tuple[str, object], Any] = {}

    def of(self, file: str) -> tuple[str, ...]:
        """The lines of a file, sensitive values hidden; none of a file that cannot be read."""
        if file not in self._read:
            self._read[file] = tuple(
                line.rstrip("\r") for line in hidden(self.text(file), self._hidden).split("\n")
            )
        return self._read[file]

    def kept(self, file: str, make: Callable[[str, Sequence[str]], Made]) -> Made:
        """What ``make`` makes of the file's name and lines, made once."""
        if (file, make) not in self._made:
            self._made[file, make] = make(file, self.of(file))
        made: Made = self._made[file, make]
        return made

    def text(self, file: str) -> str:
        """The whole file, or "" when it cannot be read."""
        return self._asked(file, lambda boundary, path: boundary.read_text(path))

    def rough(self, file: str) -> str:
        """As much of the file as is text, for a look at what it speaks of."""
        return self._asked(
            file, lambda boundary, path: letters(boundary.read_bytes(path)).decode(errors="replace")
        )

    def _asked(self, file: str, read: Callable[[Boundary, Path], str]) -> str:
        path = self._directory / file
        for boundary in self._boundaries:
            if boundary.allows(path):
                try:
                    return read(boundary, path)
                except Unreadable:
                    return ""
        return ""

    def named_from(self, root: Path) -> Lines:
        """The same lines, by files that are named from ``root``."""
        return Lines(self._boundaries, root, self._hidden)
