"""``ecs-preflight merge``: JSON reports of shards or repositories as one."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ..findings import escape
from ..findings.finding import Severity
from ..report import merged, terminal
from ..symbolic.source import Boundary, Unreadable
from .exits import CLEAN, FAULT, FOUND, MISSING, Misuse, show
from .writing import write

_RANKS = {each.value: each.rank for each in Severity}


def run(arguments: argparse.Namespace) -> int:
    """Write the one report. Raises Misuse for a file that is no report."""
    report = merged.united([_read(written) for written in arguments.reports])
    if arguments.format == "json":
        text = escape.dumps(report)
    else:
        text = "".join(f"{terminal.clean(line)}\n" for line in merged.lines(report))
    if arguments.output:
        write(Path(arguments.output), text)
    else:
        show(text)
    if report["faults"]:
        return FAULT
    return MISSING if report["missing"] else _verdict(report, arguments.fail_on)


def _read(written: str) -> merged.Named:
    """``FILE`` or ``NAME=FILE``. Raises Misuse for what is no JSON report."""
    name, _, file = written.rpartition("=")
    if not Path(file).exists() and Path(written).exists():
        name, file = "", written
    try:
        report: Any = json.loads(Boundary.of_named(file).read_text(file))
    except Unreadable as error:
        raise Misuse(f"cannot read '{file}': {error.reason}") from error
    except RecursionError:
        raise Misuse(f"'{file}' is not JSON that can be read: nested too deeply") from None
    except ValueError as error:
        raise Misuse(f"'{file}' is not JSON: {error}") from error
    if not merged.is_report(report):
        raise Misuse(f"'{file}' is no report that 'scan --format json' wrote")
    return name, report


def _verdict(report: dict[str, Any], fail_on: str) -> int:
    if fail_on == "never":
        return CLEAN
    active = [each["severity"] for each in report["findings"] if each["suppressed"] is None]
    if fail_on == "undecided":
        failing = report["undecided"] or merged.is_blind(report) or "error" in active
        return FOUND if failing else CLEAN
    return FOUND if any(_RANKS[each] <= _RANKS[fail_on] for each in active) else CLEAN
