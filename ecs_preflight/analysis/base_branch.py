"""What a commit of the repository already says: the lines of its files, read with git.

Only ``git cat-file`` is run, which starts no hook, filter or pager. Git's configuration of the
repository is not part of a checkout, but for one that a checkout may hold in full (a bare one): git
takes none that is not named ``.git``, and fetches nothing that the repository lacks.
"""

from __future__ import annotations

import os
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
    _lines: dict[str, frozenset[str]] = field(default_factory=dict)

    def has(self, file: str, line: str) -> bool:
        """Does the file (a path as spans have it) hold the line there already, white space
        aside?"""
        if file not in self._lines:
            self._lines[file] = frozenset(map(str.strip, self._read(file).split("\n")))
        return line.strip() in self._lines[file]

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
