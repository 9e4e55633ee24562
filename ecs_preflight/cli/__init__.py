"""The command ``ecs-preflight``."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from .arguments import parser
from .exits import (
    CLEAN,
    FAULT,
    INTERRUPTED,
    MISUSE,
    Misuse,
    escape_what_cannot_be_encoded,
    say,
)

COMMANDS = (
    "scan",
    "explain",
    "policy",
    "merge",
    "rules",
    "init",
    "completion",
    "lsp",
    "paths",
    "doctor",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code. With the process's own arguments it ends the
    process, which has nothing left to do."""
    code = _run(argv)
    if argv is None:
        _leave(code)
    return code


def _leave(code: int) -> None:
    """Ends the process at once: to take its values apart took a tenth of a scan."""
    with suppress(OSError, ValueError):  # whoever read it may be gone
        sys.stdout.flush()
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)


def _run(argv: Sequence[str] | None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if argv is None:
            signal.signal(signal.SIGTERM, _interrupt)  # as any end: what was started is ended too
            # a caller may have closed either: what is said goes nowhere then
            sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
            sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
            escape_what_cannot_be_encoded()
            gc.disable()  # values are trees: looking for cycles took a third of a large scan
        if not arguments or arguments[0] not in (*COMMANDS, "-h", "--help", "--version"):
            _refuse_mistyped(arguments[:1])
            arguments.insert(0, "scan")
        options = parser(arguments[0]).parse_args(arguments)
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Misuse as misuse:
        _tell(misuse, arguments)
        return MISUSE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the last door: a traceback helps no user
        from ..symbolic.faults import describe

        say(f"a fault of its own, please report it: {describe(error)}")
        return FAULT


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _refuse_mistyped(first: Sequence[str]) -> None:
    """A first argument is a path unless it is a command; one that is neither, but reads like a
    command, is a slip of the pen. Raises Misuse."""
    import difflib

    for word in first:
        meant = difflib.get_close_matches(word, COMMANDS, 1, cutoff=0.7)
        if meant and not os.path.lexists(word):
            raise Misuse(f"there is no command and no path '{word}'; is '{meant[0]}' meant?")


def _tell(misuse: Misuse, arguments: Sequence[str]) -> None:
    """Say what is wrong; in GitHub Actions as an annotation and in the job's summary too, where a
    step that fails for want of a file is looked for."""
    say(f"error: {misuse}")
    if any(word == "github" or word == "--format=github" for word in arguments):
        from ..report import github, markdown
        from .writing import summarise

        sys.stdout.write(github.problem(str(misuse)))
        summarise(markdown.problem(str(misuse)))
