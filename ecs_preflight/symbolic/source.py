"""Where a value stands, and the one door through which files are read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType

from . import looks
from .records import dataclass, field

#: A file larger than this is reported, not read (bytes). CloudFormation's own limit is 1 MB, real
#: Terraform files and plans stay below 20 MB.
MAX_FILE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source file.

    ``file`` is relative to the working directory, with ``/``. Lines and columns count from 1,
    columns in code points, the end is exclusive. ``path`` is the way of keys and indices to the
    value in a template (empty in Terraform), for hosts that name places so.
    """

    file: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    path: tuple[str | int, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


#: The place of what stands in no file of the user's (an AWS managed policy, a default).
NOWHERE = Span("", 0, 0, 0, 0)


def is_within(inner: Span, outer: Span) -> bool:
    """Does the one stand in the other?"""
    return (
        inner.file == outer.file
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )


def whole(file: str, text: str) -> Span:
    """The place of all of a file's text."""
    return Span(file, 1, 1, text.count("\n") + 1, len(text) - text.rfind("\n"))


_BEYOND = "is beyond the scan's limits: "


def beyond(limit: str) -> str:
    """The reason of what is not read for a limit of ours: ``nested deeper than 100 levels``."""
    return f"{_BEYOND}{limit}"


class Unreadable(Exception):
    """A file could not be read: ``path``, ``reason`` and, where known, the ``span`` of the fault.
    ``partly``: the rest of it was read."""

    def __init__(
        self, path: str, reason: str, span: Span | None = None, partly: bool = False
    ) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason, self.partly = path, reason, partly
        self.span = span or Span(path, 1, 1, 1, 1)

    @property
    def is_limit(self) -> bool:
        """Is it a limit of ours, which those who deploy the file may not have?"""
        return self.reason.startswith(_BEYOND)

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str, Span, bool]]:
        """It travels between processes."""
        return type(self), (self.path, self.reason, self.span, self.partly)


def shown(path: str | os.PathLike[str]) -> str:
    """The path as every report prints it: relative to the working directory where it lies below
    it."""
    absolute, here = os.path.abspath(path), os.getcwd()
    below = here.rstrip(os.sep) + os.sep
    if absolute == here:
        return "."
    return absolute.removeprefix(below).replace(os.sep, "/")


@dataclass(frozen=True)
class Boundary:
    """The directory outside which nothing is read (symbolic links do not lead out), and a
    repository's own records neither. None of its questions raises for a path that cannot be."""

    root: Path
    #: Where the folders lead that were asked for so far: most files stand beside others.
    _folders: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def around(cls, path: str | os.PathLike[str]) -> Boundary:
        """The nearest ancestor of ``path`` that holds ``.git``, else ``path`` itself (or its
        folder). Ancestors are those of the path as it is written: a link in a repository does not
        lead to another boundary."""
        start = Path(os.path.abspath(path))
        found = _repository(start)
        if found is None:
            found = start if os.path.isdir(start) else start.parent
        return cls(_real(found) or found)

    @classmethod
    def of_named(cls, path: str | os.PathLike[str]) -> Boundary:
        """For a file that the user names: its repository, or anything where it stands in none."""
        found = _repository(Path(os.path.abspath(path)))
        return cls((_real(found) if found else None) or Path(Path(path).absolute().anchor))

    def allows(self, path: str | os.PathLike[str]) -> bool:
        """Does the path, links followed, lie within?"""
        return self._seen("inside", path, self._inside(path) is not None)

    def is_file(self, path: str | os.PathLike[str]) -> bool:
        """Is it a regular file that may be read?"""
        is_file = os.path.isfile(path) and self._inside(path) is not None
        return self._seen("file", path, is_file)

    def is_folder(self, path: str | os.PathLike[str]) -> bool:
        """Is it a folder within?"""
        is_folder = os.path.isdir(path) and self._inside(path) is not None
        return self._seen("folder", path, is_folder)

    def git_index(self) -> bytes | None:
        """git's list of the files that it tracks below the root: the one record of a repository's
        own that is read, and only where no link leads to it. None where there is none."""
        index = self.root / ".git" / "index"
        if _real(index) != index:
            return None
        try:
            return _content(index, index)
        except Unreadable:
            return None

    def read_bytes(self, path: str | os.PathLike[str]) -> bytes:
        """The file's content. Raises Unreadable outside the boundary, for what is no regular file,
        for a file above MAX_FILE_BYTES, and for what the system refuses. Never waits."""
        try:
            data = self._read(path)
        except Unreadable as error:
            looks.note("content", self.root, path, f"unreadable: {error.reason}")
            raise
        looks.note("content", self.root, path, data)
        return data

    def _seen(self, question: str, path: str | os.PathLike[str], answer: bool) -> bool:
        looks.note(question, self.root, path, answer)
        return answer

    def _read(self, path: str | os.PathLike[str]) -> bytes:
        real = self._inside(path)
        if real is None:
            raise Unreadable(shown(path), "lies outside the scanned tree")
        if (edited := _edited.get()) and (text := edited.get(Path(real))) is not None:
            return text.encode("utf-8", errors="replace")
        data, asked = _content(real, path), _asked.get()
        refusal = asked(Path(real), len(data)) if asked else ""
        if refusal:
            raise Unreadable(shown(path), refusal)
        return data

    def read_text(self, path: str | os.PathLike[str]) -> str:
        """The file's content as UTF-8, without a byte order mark. Raises Unreadable."""
        data = self.read_bytes(path)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            span = Span(shown(path), line, 1, line, 1)
            raise Unreadable(shown(path), "is not UTF-8 text", span) from error
        if "\0" in text:
            raise Unreadable(shown(path), "is a binary file")
        return text

    def _inside(self, path: str | os.PathLike[str]) -> str | None:
        """Where the path leads, if that may be read."""
        real = self._led_to(os.fspath(path))
        if real is None:
            return None
        root = str(self.root)
        if real != root and not real.startswith(root.rstrip(os.sep) + os.sep):
            return None
        records = (*real[len(root) :].split(os.sep), os.path.basename(path))
        return None if any(part.casefold() == ".git" for part in records) else real

    def _led_to(self, path: str) -> str | None:
        """Where the path leads; its folder is followed once."""
        folder, name = os.path.split(path)
        is_plain = name.isascii() and "\0" not in name and os.name != "nt"
        if not is_plain or name in ("", os.curdir, os.pardir):
            return _realpath(path)  # a name may be none at all, or another's
        if folder not in self._folders:
            self._folders[folder] = _realpath(folder)
        above = self._folders[folder]
        if above is None:
            return None
        found = os.path.join(above, name)
        return _realpath(found) if os.path.islink(found) else found


#: What stands in an editor and is not saved yet, by the path without links.
_edited: ContextVar[Mapping[Path, str]] = ContextVar("_edited", default=MappingProxyType({}))


@contextmanager
def edited(texts: Mapping[Path, str]) -> Iterator[None]:
    """Within the block, these texts are what the files hold, by their paths without links."""
    before = _edited.set(texts)
    try:
        yield
    finally:
        _edited.reset(before)


#: Who is told of each file that is read, and may refuse it.
_asked: ContextVar[Callable[[Path, int], str] | None] = ContextVar("_asked", default=None)


@contextmanager
def asking(whom: Callable[[Path, int], str]) -> Iterator[None]:
    """Within the block, ``whom`` is asked for each file that was read, by its path without links
    and its size, before anybody works on it; he gives why it is refused, or nothing."""
    before = _asked.set(whom)
    try:
        yield
    finally:
        _asked.reset(before)


#: Opening neither waits for a FIFO's writer nor leaves the file to child processes.
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def _content(real: str | os.PathLike[str], path: str | os.PathLike[str]) -> bytes:
    """What the file holds, ``path`` being its name in messages. Raises Unreadable."""
    try:
        descriptor = os.open(real, _READ)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(shown(path), "is not a file")
            if status.st_size > MAX_FILE_BYTES:
                raise Unreadable(shown(path), beyond(f"larger than {MAX_FILE_BYTES // 2**20} MiB"))
            with open(descriptor, "rb", closefd=False) as file:
                # as much as is asked for is set aside; what names no size has a little
                return file.read(min(max(status.st_size, 1 << 16), MAX_FILE_BYTES))
        finally:
            os.close(descriptor)
    except OSError as error:
        if os.path.isdir(real):
            raise Unreadable(shown(path), "is not a file") from error
        raise Unreadable(shown(path), error.strerror or str(error)) from error


def letters(data: bytes) -> bytes:
    """The bytes without a byte order mark, and without the zeros that UTF-16 and UTF-32 have beside
    each letter: so a look at what a text speaks of is not blind to one that can only be refused."""
    return data.replace(b"\0", b"").lstrip(b"\xff\xfe\xef\xbb\xbf")


def _repository(path: Path) -> Path | None:
    """The nearest folder of the path as it is written that holds ``.git``; not one that a link
    leads to from within another repository."""
    found: Path | None = None
    for folder in (path, *path.parents):
        if _holds_git(folder) and (found is None or not _is_below(found, folder)):
            found = folder
    return found


def _holds_git(folder: Path) -> bool:
    return "\0" not in str(folder) and exists(folder / ".git")


def exists(path: str | os.PathLike[str]) -> bool:
    """Is there anything of that name, be it a link to nothing?"""
    found = os.path.lexists(path)
    looks.note("exists", "", path, found)
    return found


def entries(folder: str | os.PathLike[str]) -> list[os.DirEntry[str]]:
    """What stands in a folder, by name. Raises OSError."""
    try:
        with os.scandir(folder) as found:
            listed = sorted(found, key=lambda entry: entry.name)
    except OSError:
        looks.note("entries", "", folder, "unreadable")
        raise
    looks.note("entries", "", folder, _kinds(listed))
    return listed


def folders(folder: str | os.PathLike[str]) -> list[Path]:
    """The folders in a folder, those that links lead to among them. Raises OSError."""
    return [Path(entry.path) for entry in entries(folder) if entry.is_dir()]


def _kinds(listed: list[os.DirEntry[str]]) -> bytes:
    written = (
        f"{e.name}\0{e.is_symlink():d}{e.is_dir(follow_symlinks=False):d}"
        f"{e.is_file(follow_symlinks=False):d}\0"
        for e in listed
    )
    return "".join(written).encode("utf-8", "surrogateescape")


def _is_below(inner: Path, outer: Path) -> bool:
    real, above = _real(inner), _real(outer)
    return real is not None and above is not None and real.is_relative_to(above)


def real(path: str | os.PathLike[str]) -> Path:
    """The absolute path without links, or as it is written where that cannot be."""
    found = _real(path) or Path(path).absolute()
    looks.note("real", "", path, found)
    return found


def _real(path: str | os.PathLike[str]) -> Path | None:
    """The path without links; None for one that cannot be (a NUL in it, too long)."""
    found = _realpath(path)
    return None if found is None else Path(found)


def _realpath(path: str | os.PathLike[str]) -> str | None:
    try:
        return os.path.realpath(path)
    except (ValueError, OSError):
        return None
