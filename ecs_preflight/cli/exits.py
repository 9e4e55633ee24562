"""How a command ends: its exit code, and what it says on standard error."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from ..findings import escape

#: Exit codes.
CLEAN, FOUND, MISUSE, MISSING, FAULT, INTERRUPTED = 0, 1, 2, 3, 4, 130


#: What was said, and whether on standard error, where somebody wants to say it again.
told: list[tuple[bool, str]] = []


class Misuse(Exception):
    """What the user asked for cannot be done; nothing was scanned."""


def escape_what_cannot_be_encoded() -> None:
    """What the terminal's encoding has no letter for is written as ``\\u2192``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def show(text: str) -> None:
    """On standard output. A reader that has gone changes no verdict. Raises Misuse where it cannot
    be written."""
    told.append((False, text))
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
    except OSError as error:
        _let_go()
        reason = (error.strerror or str(error)).lower()
        raise Misuse(f"cannot write to standard output: {reason}") from error


def _let_go() -> None:
    """What is still to be written goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """One line on standard error, whatever the message quotes."""
    complain(escape.line(f"ecs-preflight: {message}") + "\n")


def complain(text: str) -> None:
    """Writes a message to standard error, and remembers it for the job summary."""
    told.append((True, text))
    sys.stderr.write(text)


def troubles(
    missing: Sequence[object], faults: Sequence[object], unreadable: Sequence[object] = ()
) -> int:
    """Tells what could not be read or failed, and gives the exit code for it."""
    for error in (*missing, *unreadable):
        say(str(error))
    for fault in faults:
        say(f"a fault of its own, please report it: {fault}")
    return FAULT if faults else MISSING if missing else CLEAN
