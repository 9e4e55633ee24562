"""What a commit of the repository already says: the lines of its files, read with git.

Only ``git cat-file`` is run, which starts no hook, filter or pager. Git's configuration of the
repository is not part of a checkout, but for one that a checkout may hold in full (a bare one): git
takes none that is not named ``.git``, and fetches nothing that the repository lacks.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..symbolic.records import dataclass, field

#: How long git may take for one file (seconds).
SECONDS = 30
#: Before git's command: nothing that stands in the checkout is git's own.
CAREFUL = ("--no-optional-locks", "--no-replace-objects", "-c", "safe.bareRepository=explicit")
#: What a repository lacks is not fetched: its configuration would name the program that does it.
OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}


@dataclass
class BaseBranch:
    """The files of ``commit`` in the repository around ``folder``."""

    folder: Path
    commit: str
    _lines: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, file: str, written: Sequence[str], anchor: str, now: Sequence[str]) -> bool:
        """Does the file (a path as spans have it) hold the lines there already, white space aside,
        where ``anchor`` stands: on that line, right above it, or in the block that it begins? Not
        where they stand more often ``now``: what was copied is not told from what was there."""
        if file not in self._lines:
            self._lines[file] = tuple(self._read(file).splitlines())
        base = self._lines[file]
        places = _places(base, written)
        return len(places) >= len(_places(now, written)) and any(
            _is_of(base, place, anchor) for place in places
        )

    def is_known(self) -> bool:
        """Is there such a commit?"""
        return self._git("cat-file", "-e", f"{self.commit}^{{commit}}") is not None

    def _read(self, file: str) -> str:
        path = f"./{os.path.relpath(file, self.folder)}".replace(os.sep, "/")
        return self._git("cat-file", "blob", f"{self.commit}:{path}") or ""

    def _git(self, *arguments: str) -> str | None:
        """What git says, or None where it fails."""
        import shutil
        import subprocess

        absolute = [p for p in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(p)]
        git = shutil.which("git", path=os.pathsep.join(absolute))
        if git is None or self.commit.startswith("-"):
            return None
        try:
            done = subprocess.run(
                [git, *CAREFUL, *arguments],
                cwd=self.folder,
                env={**os.environ, **OFFLINE},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _places(source: Sequence[str], written: Sequence[str]) -> list[int]:
    """Where the lines stand, white space aside."""
    wanted = [line.strip() for line in written]
    first = wanted[0] if wanted else None
    return [
        index
        for index, line in enumerate(source)
        if line.strip() == first
        and [each.strip() for each in source[index : index + len(wanted)]] == wanted
    ]


def _is_of(source: Sequence[str], place: int, anchor: str) -> bool:
    """Is the line the anchor, right above it, or in its block, whose lines are indented deeper?"""
    if anchor in source[place : place + 2]:
        return True
    depth = _indent(source[place])
    for line in reversed(source[:place]):
        if line.strip() and _indent(line) < depth:
            if line == anchor:
                return True
            depth = _indent(line)
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
