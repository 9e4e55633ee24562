"""Patterns of ``.gitignore`` files (gitignore(5)), read without git: it may be absent, and what it
is configured to run must not be run on a tree that is merely scanned."""

from __future__ import annotations

from collections.abc import Sequence

from ..symbolic.budget import charge
from ..symbolic.globs import Glob, name_glob
from ..symbolic.records import dataclass

#: Stands for ``**``: any number of folders.
_ANY = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line: a matcher for each part of a path (None for ``**``)."""

    parts: tuple[Glob | None, ...]
    negated: bool
    only_folders: bool


class Patterns:
    """The patterns of a file, in order."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._of_name: dict[str, list[int]] = {}
        #: The others, each with what a path's last name then begins and ends with.
        self._others: list[tuple[int, str, str]] = []
        for position, pattern in enumerate(self._patterns):
            last = pattern.parts[-1]
            name = None if last is None else last.literal
            if name is None:
                self._others.append((position, *(("", "") if last is None else last.ends)))
            else:
                self._of_name.setdefault(name, []).append(position)

    def ignores(self, parts: Sequence[str], is_folder: bool) -> bool | None:
        """Is the path (its parts below the file's folder) ignored? The last pattern that matches
        decides; None when none does. Raises OverBudget."""
        name = parts[-1] if parts else ""
        charge(len(self._others) // 8)
        found = [
            position
            for position, start, end in self._others
            if name.startswith(start) and name.endswith(end)
        ]
        for position in sorted((*found, *self._of_name.get(name, ())), reverse=True):
            pattern = self._patterns[position]
            charge()
            if (is_folder or not pattern.only_folders) and _matches(pattern.parts, parts):
                return not pattern.negated
        return None


def parse(text: str) -> Patterns:
    """The patterns of a file; comments and lines that can match nothing are left out."""
    return Patterns([p for line in text.splitlines() if (p := _pattern(line)) is not None])


def _pattern(line: str) -> Pattern | None:
    bare = line.rstrip(" ")
    line = bare + " " if bare.endswith("\\") and bare != line else bare
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    body = line[1:] if negated else line
    only_folders = body.endswith("/")
    body = body.rstrip("/") if only_folders else body
    names = [name for name in body.split("/") if name]
    if not names:
        return None
    if "/" not in body:
        names = ["**", *names]
    if names[-1] == "**":
        names.append("*")
    # two in a row say no more than one
    names = [n for at, n in enumerate(names) if n != "**" or names[at - 1 : at] != ["**"]]
    parts = tuple(_ANY if name == "**" else name_glob(name) for name in names)
    return Pattern(parts, negated, only_folders)


def _matches(wanted: Sequence[Glob | None], parts: Sequence[str]) -> bool:
    """What stands behind the last ``**`` is at the end, where most paths differ at once."""
    tail = 0
    while tail < len(wanted) and (name := wanted[-1 - tail]) is not _ANY:
        if tail == len(parts) or not name.matches(parts[-1 - tail]):
            return False
        tail += 1
    left = len(wanted) - tail
    if left < 2:
        return left == 1 or tail == len(parts)
    return _leads(wanted[:left], parts[: len(parts) - tail])


def _leads(wanted: Sequence[Glob | None], parts: Sequence[str]) -> bool:
    """Glob matching with one point to go back to: linear for one ``**``, quadratic for many."""
    at = here = 0
    again: tuple[int, int] | None = None
    while here < len(parts):
        if at < len(wanted) and wanted[at] is _ANY:
            again = (at, here)
            at += 1
        elif at < len(wanted) and (name := wanted[at]) is not None and name.matches(parts[here]):
            at, here = at + 1, here + 1
        elif again is not None:
            again = (again[0], again[1] + 1)
            at, here = again[0] + 1, again[1]
        else:
            return False
    return all(remainder is _ANY for remainder in wanted[at:])
