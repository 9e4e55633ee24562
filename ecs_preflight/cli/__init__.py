"""The command ``ecs-preflight``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ..analysis.diagnostics import describe
from .arguments import parser
from .exits import CLEAN, FAULT, INTERRUPTED, MISUSE, Misuse, say

COMMANDS = ("scan", "explain", "policy", "rules", "paths", "doctor")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] not in (*COMMANDS, "-h", "--help", "--version"):
        arguments.insert(0, "scan")
    try:
        options = parser().parse_args(arguments)
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Misuse as misuse:
        say(f"error: {misuse}")
        return MISUSE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the last door: a traceback helps no user
        say(f"a fault of its own, please report it: {describe(error)}")
        return FAULT
