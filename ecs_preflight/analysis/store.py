"""What was found out, kept on disk between runs: bytes by a key that says all they hang on.

Nothing here is believed blindly. An entry whose digest does not fit is none, one is written beside
its place and then takes its name, and a folder that others may write to is not used.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..symbolic.looks import digest
from ..symbolic.source import Boundary, real

#: How much is kept (bytes); what was not used for the longest time goes first.
MOST = 256 << 20
_DIGEST = 32


class Cache:
    """A folder of entries. No question raises."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder, self._most = folder, most

    def get(self, key: str) -> bytes | None:
        """What was kept under the key; None when nothing was, or it is not whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        content = data[_DIGEST:]
        return content if data[:_DIGEST] == digest(content).encode() else None

    def put(self, key: str, content: bytes) -> None:
        """Keep it, if that can be."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            import tempfile  # where it is used: most runs write nothing

            descriptor, temporary = tempfile.mkstemp(dir=path.parent)
            try:
                with open(descriptor, "wb") as file:
                    file.write(digest(content).encode() + content)
                os.replace(temporary, path)
            except OSError:
                os.unlink(temporary)
                raise

    def prune(self) -> None:
        """Drop what was not used for the longest time, until the rest fits."""
        with contextlib.suppress(OSError):
            kept = sorted(self._entries(), key=lambda entry: entry[1].st_mtime, reverse=True)
            total = 0
            for path, status in kept:
                total += status.st_size
                if total > self._most:
                    with contextlib.suppress(OSError):
                        os.unlink(path)

    def _entries(self) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(self.folder) as folders:
            for folder in [each.path for each in folders if each.is_dir(follow_symlinks=False)]:
                with os.scandir(folder) as entries:
                    yield from ((entry.path, entry.stat()) for entry in entries)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


class Transient(Cache):
    """Entries that last as long as the process."""

    def __init__(self, most: int = 64 << 20) -> None:
        super().__init__(Path(os.devnull), most)
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """What was kept under the key."""
        return self._kept.get(key)

    def put(self, key: str, content: bytes) -> None:
        """Keep it."""
        self._kept.pop(key, None)
        self._kept[key] = content

    def prune(self) -> None:
        """Drop what was kept first, until the rest fits."""
        while sum(map(len, self._kept.values())) > self._most:
            del self._kept[next(iter(self._kept))]


def default_folder() -> Path:
    """The user's own folder for caches, where the system wants it to be."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.path.expanduser(base)) / "ecs-preflight"


def of_user(paths: Iterable[str | os.PathLike[str]]) -> Cache | None:
    """The user's own store; None where there can be none, or it lies in what is scanned."""
    folder = default_folder()
    return None if within(folder, paths) else opened(folder)


def within(folder: Path, paths: Iterable[str | os.PathLike[str]]) -> bool:
    """Does the folder lie in what is scanned, which could bring its own?"""
    roots = {Boundary.around(path).root for path in paths}
    return any(real(folder).is_relative_to(root) for root in roots)


def opened(folder: Path) -> Cache | None:
    """The store in a folder, which is made where it is not there; None where it cannot be, or where
    anyone but the user may write to it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = os.stat(folder)
    except OSError:
        return None
    if hasattr(os, "geteuid") and (
        status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    ):
        return None
    return Cache(folder)


def engine() -> str:
    """What tells this very engine: its files, the interpreter, and what is installed beside it."""
    package = Path(__file__).parents[1]
    files = (
        f"{path}\0{status.st_size}\0{status.st_mtime_ns}"
        for path, status in sorted(_sources(str(package)))
    )
    beside = (f"{path}\0{os.stat(path).st_mtime_ns}" for path in sys.path if os.path.isdir(path))
    return digest("\0".join((sys.version, *files, *beside)).encode("utf-8", "surrogateescape"))


def _sources(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir():
                yield from () if entry.name == "__pycache__" else _sources(entry.path)
            else:
                yield entry.path, entry.stat()
