"""What a scan does not look at, so that it can be told: nothing is put out of sight in silence."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import cached_property
from pathlib import Path, PurePosixPath

from ..symbolic import looks
from ..symbolic.records import dataclass
from ..symbolic.source import Boundary
from . import git_index


class Exclusion(Enum):
    """Why something was left out, or read as somebody else says: (one, many)."""

    EXCLUDED = ("path that --exclude names", "paths that --exclude names")
    IGNORED = ("path that .gitignore names", "paths that .gitignore names")
    HIDDEN = ("hidden folder", "hidden folders")
    VENDORED = ("folder of installed packages", "folders of installed packages")
    OUTSIDE = ("link that leads out of the scanned tree", "links that lead out of the scanned tree")
    NO_FILE = (
        "name of a source file that is no file",
        "names of source files that are no files",
    )
    UNHEEDED = (
        "folder whose .gitignore files are too long to be heeded",
        "folders whose .gitignore files are too long to be heeded",
    )
    INPUTS = (
        "file of inputs with which nothing is judged",
        "files of inputs with which nothing is judged",
    )
    MANIFEST = (
        "committed manifest that says where modules stand",
        "committed manifests that say where modules stand",
    )

    def counted(self, count: int) -> str:
        """How many, in words: ``3 folders ...``."""
        return f"{count} {self.value[0] if count == 1 else self.value[1]}"


@dataclass(frozen=True)
class LeftOut:
    """``path`` as reports name it."""

    reason: Exclusion
    path: str


@dataclass(frozen=True)
class Tracked:
    """What git tracks below a boundary, as far as its index can be read: it is read when first
    asked for."""

    boundary: Boundary
    read: Callable[[bytes], frozenset[str] | None] = git_index.tracked

    @cached_property
    def names(self) -> frozenset[str] | None:
        """The files and all folders above them; None where it is not known."""
        data = self.boundary.git_index()
        files = None if data is None else self.read(data)
        listed = "\0".join(sorted(files or ())).encode("utf-8", "surrogateescape")
        looks.note("tracked", self.boundary.root, "", "unknown" if files is None else listed)
        if files is None:
            return None
        folders: set[str] = set()
        for file in files:
            for folder in PurePosixPath(file).parents:
                if str(folder) in folders:
                    break
                folders.add(str(folder))
        return files | folders

    def holds(self, path: Path) -> bool | None:
        """Is the file tracked, or anything below the folder? None where that is not known."""
        if self.names is None or not path.is_relative_to(self.boundary.root):
            return None
        return path.relative_to(self.boundary.root).as_posix() in self.names
