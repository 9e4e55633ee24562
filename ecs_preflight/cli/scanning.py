"""``ecs-preflight scan``: which report goes where."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..analysis import baseline
from ..analysis.scan import Report, scan
from ..findings.finding import Severity
from ..report import as_json, github, junit, markdown, sarif, text
from ..report.coverage import plural
from .exits import CLEAN, FOUND, Misuse, say, troubles
from .options import judging, writable

REPORTS: dict[str, Callable[[Report], str]] = {
    "json": as_json.render,
    "github": github.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "markdown": markdown.render,
}
FORMATS = ("text", *REPORTS)


@dataclass(frozen=True)
class _Output:
    format: str
    file: Path


def run(arguments: argparse.Namespace) -> int:
    outputs = [_output(written) for written in arguments.output]
    options = judging(arguments)
    report = scan(arguments.paths or ["."], options, progress=_progress())
    for output in outputs:
        output.file.write_text(_rendered(report, output.format, arguments), encoding="utf-8")
    if arguments.write_baseline:
        known = baseline.known(report.findings)
        Path(arguments.write_baseline).write_text(baseline.written(known), encoding="utf-8")
        say(f"wrote {plural(len(known), 'finding')} to '{arguments.write_baseline}'")
        return troubles(report.missing, report.faults)
    _print(report, arguments)
    _summarise(report, arguments)
    code = troubles(report.missing, report.faults)
    if not report.stats.stacks and not report.findings and code == CLEAN:
        say("nothing to scan: no Terraform, plan or CloudFormation template found")
    return code or _verdict(report, arguments.fail_on)


def _output(written: str) -> _Output:
    kind, equals, file = written.partition("=")
    if not equals or kind not in FORMATS or not file:
        raise Misuse(
            f"--output takes FORMAT=FILE with a format of {', '.join(FORMATS)}: '{written}'"
        )
    writable(file)
    return _Output(kind, Path(file))


def _rendered(report: Report, kind: str, arguments: argparse.Namespace) -> str:
    if kind == "text":
        return text.plain(text.render(report, show_undecided=arguments.show_undecided))
    return REPORTS[kind](report)


def _print(report: Report, arguments: argparse.Namespace) -> None:
    colour = arguments.color == "always" or (
        arguments.color == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    )
    show = text.colouring() if colour and arguments.format == "text" else None
    if arguments.format != "text":
        sys.stdout.write(_rendered(report, arguments.format, arguments))
        return
    lines = text.render(report, show_undecided=arguments.show_undecided, width=_width())
    if show is not None:
        show(lines, sys.stdout)
    else:
        sys.stdout.write(text.plain(lines))


def _width() -> int | None:
    """The terminal's width (or COLUMNS), within what reads well; None for a pipe, where nothing is
    wrapped."""
    return min(shutil.get_terminal_size().columns, 120) if sys.stdout.isatty() else None


def _summarise(report: Report, arguments: argparse.Namespace) -> None:
    """In GitHub Actions, the whole list in the job's summary, beside the ten annotations it
    shows."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if arguments.format == "github" and summary:
        with open(summary, "a", encoding="utf-8") as file:
            file.write(markdown.render(report))


def _progress() -> Callable[[str], None]:
    """Names the unit being scanned, on a terminal only."""
    if not (sys.stderr.isatty() and sys.stdout.isatty()):
        return lambda name: None
    return lambda name: print(
        f"\r\033[K{text.clean(name)[:100]}\r" if name else "\r\033[K",
        end="",
        file=sys.stderr,
        flush=True,
    )


def _verdict(report: Report, fail_on: str) -> int:
    if fail_on == "never":
        return CLEAN
    if fail_on == "undecided":
        failing = bool(report.undecided) or any(f.severity is Severity.ERROR for f in report.active)
    else:
        failing = any(f.severity.rank <= Severity(fail_on).rank for f in report.active)
    return FOUND if failing else CLEAN
