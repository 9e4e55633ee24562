"""From the paths a user names to the files a scan starts from."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..adapters.units import DOCUMENT_ENDINGS, Tree
from ..symbolic import budget
from ..symbolic.records import dataclass, field
from ..symbolic.source import Boundary, Unreadable, entries, real, shown
from . import gitignore
from .left_out import Exclusion, LeftOut, Tracked

#: Left out unless named: generated, vendored, or some tool's own.
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})
#: How the names of files end that may be read.
READ = (*DOCUMENT_ENDINGS, ".tf", ".tofu", ".hcl", ".tfvars")
#: In which Terraform keeps where it has put modules, below ``.terraform``.
MANIFEST = Path("modules/modules.json")

#: The patterns of one ``.gitignore``, and the folder they are relative to.
_Level = tuple[Path, gitignore.Patterns]
#: What the ``.gitignore`` files of one given path may cost, and what each name in it adds to that.
STEPS, STEPS_EACH = 1_000_000, 2_000


@dataclass(frozen=True)
class Discovered:
    """``trees``, one for each boundary; ``missing``, the given paths that do not exist or cannot be
    read; ``unreadable``, folders below them that cannot be listed; ``left_out``, what of the
    repository is not looked at."""

    trees: tuple[Tree, ...]
    missing: tuple[Unreadable, ...]
    unreadable: tuple[Unreadable, ...]
    left_out: tuple[LeftOut, ...] = ()


def discover(
    paths: Sequence[str | os.PathLike[str]],
    *,
    root: Path | None = None,
    exclude: Sequence[str] = (),
) -> Discovered:
    """The files below ``paths``, without hidden folders, linked folders (what they lead to is found
    at its own place, or referred to), what ``.gitignore`` files name and git does not track, and
    what ``exclude`` matches (patterns as in a ``.gitignore`` of the working directory).

    What the user names is always taken; ``root`` is the boundary instead of the nearest repository.

    """
    excluded = (Path.cwd(), gitignore.parse("\n".join(exclude)))
    missing: list[Unreadable] = []
    given: dict[Boundary, list[Path]] = {}
    walks: dict[Boundary, _Walk] = {}
    for name in paths:
        path = Path(os.path.abspath(name))
        try:
            boundary = Boundary(real(root)) if root is not None else Boundary.around(path)
            if not boundary.allows(path):
                raise Unreadable(shown(path), "lies outside the root")
            walk = walks.get(boundary) or _Walk(boundary, excluded, Tracked(boundary))
            walk.take(path)
        except Unreadable as error:
            missing.append(error)
        except OSError as error:
            missing.append(Unreadable(shown(path), _reason(error)))
        else:
            given.setdefault(boundary, []).append(path)
            walks[boundary] = walk
    trees = tuple(
        Tree(boundary, tuple(sorted(walks[boundary].files)), tuple(dict.fromkeys(named)))
        for boundary, named in given.items()
    )
    return Discovered(
        trees,
        tuple(missing),
        tuple(error for walk in walks.values() for error in walk.unreadable),
        tuple(sorted({left for walk in walks.values() for left in walk.left_out}, key=_order)),
    )


def _order(left: LeftOut) -> tuple[str, str]:
    return left.reason.name, left.path


@dataclass
class _Walk:
    """Collects the files below paths of one boundary."""

    boundary: Boundary
    excluded: _Level
    tracked: Tracked
    steps: budget.Budget = field(default_factory=lambda: budget.Budget(STEPS))
    files: set[Path] = field(default_factory=set)
    unreadable: list[Unreadable] = field(default_factory=list)
    left_out: set[LeftOut] = field(default_factory=set)

    def take(self, path: Path) -> None:
        """All files below ``path``, or itself. Raises OSError when it cannot be listed or opened,
        and Unreadable for what is neither a folder nor a file."""
        if not self.boundary.is_folder(path):
            if not stat.S_ISREG(path.stat().st_mode):
                raise Unreadable(shown(path), "is neither a folder nor a file")
            with open(path, "rb"):
                self.files.add(path)
                return
        # what of a folder that is ignored as a whole is tracked is taken, and nothing beside it
        waiting = [(path, list(_levels_above(path, self.boundary)), entries(path), False)]
        while waiting:
            folder, levels, listed, is_ignored = waiting.pop()
            self.steps.grant(STEPS_EACH * len(listed))
            if any(entry.name == ".gitignore" for entry in listed):
                levels = [*levels, *_level(folder, self.boundary)]
            for entry in listed:
                child, is_folder = folder / entry.name, entry.is_dir(follow_symlinks=False)
                ignored = is_ignored or self._ignored(child, is_folder, levels)
                if self._is_left_out(child, is_folder, ignored):
                    continue
                if not is_folder:
                    self._take_file(child, entry.is_symlink())
                    continue
                try:
                    waiting.append((child, levels, entries(child), ignored))
                except OSError as error:
                    self.unreadable.append(Unreadable(shown(child), _reason(error)))

    def _take_file(self, path: Path, is_link: bool) -> None:
        if is_link and not self.boundary.allows(path):
            self.left_out.add(LeftOut(Exclusion.OUTSIDE, shown(path)))
        elif (self.boundary.is_file if is_link else os.path.isfile)(path):
            self.files.add(path)
        elif (
            path.name.lower().endswith(READ)
            and not self.boundary.is_folder(path)
            and self.tracked.holds(path) is not False
        ):
            self.left_out.add(LeftOut(Exclusion.NO_FILE, shown(path)))

    def _is_left_out(self, path: Path, is_folder: bool, ignored: bool) -> bool:
        """Is it not looked at? What git knows to be no part of the repository is not told."""
        why: Exclusion | None = None
        if _verdict(path, is_folder, self.excluded):
            why = Exclusion.EXCLUDED
        elif ignored and not self.tracked.holds(path):
            why = Exclusion.IGNORED
        elif is_folder and path.name in SKIPPED_FOLDERS:
            why = Exclusion.VENDORED
        elif is_folder and path.name.startswith("."):
            why = Exclusion.HIDDEN
            if self.tracked.holds(path / MANIFEST):
                self.left_out.add(LeftOut(Exclusion.MANIFEST, shown(path / MANIFEST)))
        if why is None:
            return False
        is_concerned = is_folder or path.name.lower().endswith(READ)
        if is_concerned and path.name != ".git" and self.tracked.holds(path) is not False:
            self.left_out.add(LeftOut(why, shown(path)))
        return True

    def _ignored(self, path: Path, is_folder: bool, levels: list[_Level]) -> bool:
        """The innermost ``.gitignore`` that says anything decides. Once they cost more than they
        may, none is heeded: what they name is looked at."""
        try:
            with budget.within(self.steps):
                for level in reversed(levels):
                    verdict = _verdict(path, is_folder, level)
                    if verdict is not None:
                        return verdict
        except budget.OverBudget:
            self.left_out.add(LeftOut(Exclusion.UNHEEDED, shown(path.parent)))
        return False


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _levels_above(path: Path, boundary: Boundary) -> Iterator[_Level]:
    """The ``.gitignore`` files between the boundary's root and ``path``, outermost first."""
    for folder in reversed(path.parents):
        if boundary.allows(folder):
            yield from _level(folder, boundary)


def _level(folder: Path, boundary: Boundary) -> list[_Level]:
    if not boundary.is_file(folder / ".gitignore"):
        return []
    try:
        return [(folder, gitignore.parse(boundary.read_text(folder / ".gitignore")))]
    except Unreadable:
        return []


def _verdict(path: Path, is_folder: bool, level: _Level) -> bool | None:
    folder, patterns = level
    depth = len(folder.parts)
    if path.parts[:depth] != folder.parts:
        return None
    return patterns.ignores(path.parts[depth:], is_folder)
