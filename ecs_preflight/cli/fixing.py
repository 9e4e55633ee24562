"""``scan --diff``, ``--fix`` and ``--unsafe-fixes``: what becomes of the fixes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..analysis.mending import Change, Mended, mend
from ..analysis.options import Options
from ..analysis.scan import Report
from ..report import diff
from ..report.coverage import plural
from .exits import say
from .writing import write

_MARK = "\ufeff"


def run(
    arguments: argparse.Namespace,
    paths: Sequence[str],
    options: Options,
    progress: Callable[[str], None],
) -> Report:
    """Print the diff of all fixes, or make them, and tell what is left. The report to go on with:
    of a diff, on the files as they are; else on what they have become. Raises Misuse when a file
    cannot be written."""
    made = mend(paths, options, unsafe=arguments.diff or arguments.unsafe_fixes, progress=progress)
    if arguments.diff:
        sys.stdout.write(diff.render(made.changes))
    else:
        for change in made.changes:
            _replace(change)
    _tell(made, arguments)
    return made.before if arguments.diff else made.after


def _replace(change: Change) -> None:
    file = Path(change.file)
    with open(file, "rb") as old:
        marked = old.read(3) == _MARK.encode()
    write(file, (_MARK if marked else "") + change.after)


def _tell(made: Mended, arguments: argparse.Namespace) -> None:
    """What was fixed and what was left, on standard error."""
    verb = "would fix" if arguments.diff else "fixed"
    say(f"{verb} {plural(len(made.fixed), 'finding')} in {plural(len(made.changes), 'file')}")
    for file, why in made.refused:
        say(f"left '{file}' as it is: it {why}")
    for finding, why in made.unsound:
        say(f"left {finding.rule} at {finding.span}: {why}")
    left = [finding for finding in made.after.active if finding.fix is None or finding.fix.edits]
    unsafe = sum(finding.fix is not None for finding in left)
    by_hand = len(made.after.active) - unsafe
    if unsafe and not (arguments.diff or arguments.unsafe_fixes):
        say(f"left {plural(unsafe, 'finding')} whose fix --unsafe-fixes makes")
    if by_hand:
        say(f"left {plural(by_hand, 'finding')} to be fixed by hand")
