"""``ecs-preflight scan --watch``: scan again on each change, and show what is new or gone."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Collection
from typing import NoReturn

from ..analysis.scan import Report
from ..findings.finding import Finding
from ..findings.identity import fingerprint
from ..report import terminal
from ..report.coverage import total
from ..symbolic import looks
from .exits import show

#: How often it is looked whether something has changed (seconds).
PAUSE = 0.5


def run(scan: Callable[[], Report], show_whole: Callable[[Report], None]) -> NoReturn:
    """Shows the first report whole; ends with the user's interrupt."""
    gc.enable()  # which a process that ends soon goes without
    report, paths = _scanned(scan)
    show_whole(report)
    while True:
        wait(paths)
        before = report
        report, paths = _scanned(scan)
        show("".join(f"{line}\n" for line in difference(before, report)))


def _scanned(scan: Callable[[], Report]) -> tuple[Report, frozenset[str]]:
    with looks.noted() as noted:
        report = scan()
    return report, frozenset(path or root for _, root, path in noted)


def difference(before: Report, after: Report) -> list[str]:
    """What is new (``+``) and gone (``-``), then how it stands."""
    old, new = _by_fingerprint(before), _by_fingerprint(after)
    rows = [f"- {_line(old[key])}" for key in old if key not in new]
    rows += [f"+ {_line(new[key])}" for key in new if key not in old]
    return [*rows, total(after)]


def _by_fingerprint(report: Report) -> dict[str, Finding]:
    return {fingerprint(finding): finding for finding in report.from_root.active}


def _line(finding: Finding) -> str:
    said = f"{finding.span}: {finding.severity.value} {finding.rule} {finding.message}"
    return " ".join(terminal.clean(said).split())


def wait(paths: Collection[str]) -> None:
    """Returns once one of the paths has changed, come or gone."""
    before = _states(paths)
    while before == _states(paths):
        time.sleep(PAUSE)


def _states(paths: Collection[str]) -> dict[str, tuple[int, int, int] | None]:
    return {path: _state(path) for path in paths}


def _state(path: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
