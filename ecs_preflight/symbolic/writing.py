"""The one door through which files are written: whole, or not at all."""

from __future__ import annotations

import os
import stat

from .source import Boundary


class Unwritable(Exception):
    """A file could not be written; what stood there still does."""


def write(path: str | os.PathLike[str], text: str) -> None:
    """Replace the file, or make it. The text is written beside it first and then takes its name, so
    that neither a full disk nor a signal leaves half a file, and a link there is replaced, not
    followed. Raises Unwritable, also for what is no regular file, for git's own files, and where a
    link of the repository would lead out of it."""
    folder, name = os.path.split(os.path.abspath(path))
    try:
        check(path)
        import tempfile  # where it is used: most runs write nothing

        descriptor, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", dir=folder)
        try:
            with open(descriptor, "wb") as file:
                file.write(text.encode("utf-8", "replace"))
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, _mode(path))
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unwritable(reason.lower()) from error


def check(path: str | os.PathLike[str]) -> None:
    """Can a file be written there, as far as can be told beforehand? Raises Unwritable."""
    try:
        folder = os.path.dirname(os.path.abspath(path))
        boundary = Boundary.of_named(path)
        if ".git" in map(str.casefold, os.path.realpath(folder).split(os.sep)):
            raise Unwritable("nothing is written among git's own files")
        if not boundary.allows(folder):
            raise Unwritable("a link leads out of the repository")
        if not boundary.is_folder(folder):
            raise Unwritable("there is no such directory")
        if os.path.lexists(path) and not (os.path.islink(path) or os.path.isfile(path)):
            raise Unwritable("is not a file")
    except (OSError, ValueError) as error:
        raise Unwritable("there is no such path") from error


def _mode(path: str | os.PathLike[str]) -> int:
    """The permissions of what is replaced, else those of any new file."""
    try:
        return stat.S_IMODE(os.lstat(path).st_mode) if not os.path.islink(path) else _new()
    except OSError:
        return _new()


def _new() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
