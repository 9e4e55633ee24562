"""What a commit of the repository already says: the lines of its files, read with git.

Only ``git cat-file`` is run, which starts no hook, filter or pager. Git's configuration of the
repository is not part of a checkout, but for one that a checkout may hold in full (a bare one): git
takes none that is not named ``.git``, and fetches nothing that the repository lacks.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from ..symbolic.records import dataclass, field

_COMMENTS = ("#", "//", "/*")
#: Whose resources stand below an outermost key, which JSON's own brackets are around.
_DOCUMENTS = (".yaml", ".yml", ".json", ".template")
#: How long git may take for one file (seconds).
SECONDS = 30
#: Before git's command: nothing that stands in the checkout is git's own.
CAREFUL = ("--no-optional-locks", "--no-replace-objects", "-c", "safe.bareRepository=explicit")
#: What a repository lacks is not fetched: its configuration would name the program that does it.
OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}


@dataclass(frozen=True)
class _File:
    """A file's lines without the white space at their ends, and where each stands."""

    lines: tuple[str, ...]
    places: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, text: str) -> _File:
        """The file of that content."""
        lines = tuple(line.rstrip() for line in text.split("\n"))
        places: dict[str, list[int]] = {}
        for index, line in enumerate(lines):
            places.setdefault(line, []).append(index)
        return cls(lines, places)


@dataclass
class BaseBranch:
    """The files of ``commit`` in the repository around ``folder``."""

    folder: Path
    commit: str
    _files: dict[str, _File] = field(default_factory=dict)

    def has(
        self,
        file: str,
        now: Sequence[str],
        first: int,
        last: int,
        heads: Collection[int] | None = None,
    ) -> bool:
        """Has the file (a path as spans have it) the lines from ``first`` to ``last`` (counted from
        1) of what it holds ``now`` there already, in the same resource? All from that one's head,
        which is in one of the lines ``heads`` if it is known, and the line that a comment stands
        above, must read as they did: what was copied or moved is another thing."""
        if file not in self._files:
            self._files[file] = _File.of(self._read(file))
        base, places = self._files[file].lines, self._files[file].places
        levels = 1 + base[0].startswith("{") if file.endswith(_DOCUMENTS) else 0
        for place in places.get(now[first - 1].rstrip(), ()) if first <= len(now) else ():
            start = _head(base, place, levels)
            end = place + last - first + 1 + base[place].lstrip().startswith(_COMMENTS)
            at = first - 1 - (place - start)
            there = now[max(at, 0) : at + end - start]
            is_same = base[start:end] == tuple(line.rstrip() for line in there)
            if at >= 0 and is_same and (heads is None or at + 1 in heads):
                return True
        return False

    def is_known(self) -> bool:
        """Is there such a commit?"""
        return self._git("cat-file", "-e", f"{self.commit}^{{commit}}") is not None

    def _read(self, file: str) -> str:
        path = f"./{os.path.relpath(file, self.folder)}".replace(os.sep, "/")
        return self._git("cat-file", "blob", f"{self.commit}^{{commit}}:{path}") or ""

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


def _head(source: Sequence[str], place: int, levels: int) -> int:
    """Where the resource begins in which the line is: the outermost line that is indented less, or
    the one ``levels`` within it; the line itself where there is none."""
    around = [place]
    for index in range(place - 1, -1, -1):
        line = source[index]
        if line and _indent(line) < _indent(source[around[-1]]):
            around.append(index)
    return around[max(len(around) - 1 - levels, 0)]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
