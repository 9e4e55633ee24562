"""From the paths a user names to the files a scan starts from."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..adapters.units import Tree
from ..symbolic.source import Boundary, Unreadable, real, shown
from . import gitignore

#: Left out unless named: generated, vendored, or some tool's own.
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})

#: The patterns of one ``.gitignore``, and the folder they are relative to.
_Level = tuple[Path, tuple[gitignore.Pattern, ...]]


@dataclass(frozen=True)
class Discovered:
    """``trees``, one for each boundary; ``missing``, the given paths that do not exist or cannot be
    read; ``unreadable``, folders below them that cannot be listed."""

    trees: tuple[Tree, ...]
    missing: tuple[Unreadable, ...]
    unreadable: tuple[Unreadable, ...]


def discover(
    paths: Sequence[str | os.PathLike[str]],
    *,
    root: Path | None = None,
    exclude: Sequence[str] = (),
) -> Discovered:
    """The files below ``paths``, without hidden folders, linked folders (what they lead to is found
    at its own place, or referred to), what ``.gitignore`` files ignore, and what ``exclude``
    matches (patterns as in a ``.gitignore`` of the working directory).

    What the user names is always taken; ``root`` is the boundary instead of the nearest repository.

    """
    excluded = (Path.cwd(), gitignore.parse("\n".join(exclude)))
    missing: list[Unreadable] = []
    unreadable: list[Unreadable] = []
    given: dict[Boundary, list[Path]] = {}
    files: dict[Boundary, set[Path]] = {}
    for name in paths:
        path = Path(os.path.abspath(name))
        try:
            boundary = Boundary(real(root)) if root is not None else Boundary.around(path)
            if not boundary.allows(path):
                raise Unreadable(shown(path), "lies outside the root")
            found = _below(path, boundary, excluded, unreadable)
        except Unreadable as error:
            missing.append(error)
        except OSError as error:
            missing.append(Unreadable(shown(path), _reason(error)))
        else:
            given.setdefault(boundary, []).append(path)
            files.setdefault(boundary, set()).update(found)
    trees = tuple(
        Tree(boundary, tuple(sorted(files[boundary])), tuple(dict.fromkeys(named)))
        for boundary, named in given.items()
    )
    return Discovered(trees, tuple(missing), tuple(unreadable))


def _below(
    path: Path, boundary: Boundary, excluded: _Level, unreadable: list[Unreadable]
) -> list[Path]:
    """All files below ``path``, or itself. Raises OSError when it cannot be listed or opened, and
    Unreadable for what is neither a folder nor a file."""
    if not boundary.is_folder(path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable(shown(path), "is neither a folder nor a file")
        with open(path, "rb"):
            return [path]
    found: list[Path] = []
    waiting = [(path, [excluded, *_levels_above(path, boundary)], _listed(path))]
    while waiting:
        folder, levels, entries = waiting.pop()
        if any(entry.name == ".gitignore" for entry in entries):
            levels = [*levels, *_level(folder, boundary)]
        for entry in entries:
            child = folder / entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if _ignored(child, is_folder, levels):
                continue
            if not is_folder:
                if (boundary.is_file if entry.is_symlink() else os.path.isfile)(child):
                    found.append(child)
            elif not entry.name.startswith(".") and entry.name not in SKIPPED_FOLDERS:
                try:
                    waiting.append((child, levels, _listed(child)))
                except OSError as error:
                    unreadable.append(Unreadable(shown(child), _reason(error)))
    return found


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


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


def _ignored(path: Path, is_folder: bool, levels: list[_Level]) -> bool:
    """The innermost file that says anything decides; ``--exclude``, outermost, is asked for
    good."""
    excluded, *files = levels
    if _verdict(path, is_folder, excluded):
        return True
    return next(
        (
            verdict
            for level in reversed(files)
            if (verdict := _verdict(path, is_folder, level)) is not None
        ),
        False,
    )


def _verdict(path: Path, is_folder: bool, level: _Level) -> bool | None:
    folder, patterns = level
    if not patterns or not path.is_relative_to(folder):
        return None
    return gitignore.ignores(patterns, path.relative_to(folder).parts, is_folder)
