"""Where a value stands, and the one door through which files are read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

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


class Unreadable(Exception):
    """A file could not be read: ``path``, ``reason`` and, where known, the ``span`` of the fault.
    ``partly``: the rest of it was read."""

    def __init__(
        self, path: str, reason: str, span: Span | None = None, partly: bool = False
    ) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason, self.partly = path, reason, partly
        self.span = span or Span(path, 1, 1, 1, 1)


def shown(path: str | os.PathLike[str]) -> str:
    """The path as every report prints it: relative to the working directory where it lies below
    it."""
    absolute = os.path.abspath(path)
    relative = os.path.relpath(absolute)
    return (absolute if relative.startswith("..") else relative).replace(os.sep, "/")


@dataclass(frozen=True)
class Boundary:
    """The directory outside which nothing is read (symbolic links do not lead out)."""

    root: Path

    @classmethod
    def around(cls, path: Path) -> Boundary:
        """The nearest ancestor of ``path`` that holds ``.git``, else ``path`` itself (or its
        folder)."""
        start = path.resolve()
        start = start if start.is_dir() else start.parent
        for folder in (start, *start.parents):
            if (folder / ".git").exists():
                return cls(folder)
        return cls(start)

    def allows(self, path: str | os.PathLike[str]) -> bool:
        resolved = Path(path).resolve()
        return resolved == self.root or self.root in resolved.parents

    def read_bytes(self, path: str | os.PathLike[str]) -> bytes:
        """The file's content. Raises Unreadable outside the boundary, for what is no regular file,
        for a file above MAX_FILE_BYTES, and for what the system refuses."""
        if not self.allows(path):
            raise Unreadable(shown(path), "lies outside the scanned tree")
        try:
            if not os.path.isfile(path):
                raise Unreadable(shown(path), "is not a file")
            if os.path.getsize(path) > MAX_FILE_BYTES:
                raise Unreadable(shown(path), f"is larger than {MAX_FILE_BYTES // 2**20} MiB")
            return Path(path).read_bytes()
        except OSError as error:
            raise Unreadable(shown(path), error.strerror or str(error)) from error

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
