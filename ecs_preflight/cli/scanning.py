"""``ecs-preflight scan``: which report goes where."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from ..analysis import baseline
from ..analysis.scan import Options, Report, scan
from ..analysis.shards import Shard
from ..findings.finding import Severity
from ..report import terminal
from ..report.coverage import plural
from ..symbolic.records import dataclass, replace
from .choices import FORMATS, LINES, REPORTS
from .exits import CLEAN, FOUND, Misuse, say, show, troubles
from .options import judging, writable
from .writing import summarise, width, write


@dataclass(frozen=True)
class _Output:
    format: str
    file: Path


def run(arguments: argparse.Namespace) -> int:
    """``scan``: prints the report, writes the outputs. Gives the exit code; raises Misuse."""
    outputs = [_output(written) for written in arguments.output]
    options = _options(arguments)
    paths = arguments.paths or ["."]
    if arguments.watch:
        _refuse_to_watch(arguments)
        from . import watching

        watching.run(
            lambda: scan(paths, _options(arguments)), lambda report: _print(report, arguments)
        )
    if _mends(arguments):
        from . import fixing  # where it is used: few scans mend

        report = fixing.run(arguments, paths, options, _progress())
    else:
        report = scan(paths, options, progress=_progress())
    refused: list[Misuse] = []
    for output in outputs:
        try:
            write(output.file, _rendered(report, output.format, arguments))
        except Misuse as misuse:  # the other reports are written all the same
            refused.append(misuse)
    if arguments.write_baseline:
        known = baseline.known(report.from_root.findings)
        write(Path(arguments.write_baseline), baseline.written(known))
        say(f"wrote {plural(len(known), 'finding')} to '{arguments.write_baseline}'")
        return troubles(report.missing, report.faults)
    if not arguments.diff:
        _print(report, arguments)
    _summarise(report, arguments)
    if refused:
        raise refused[0]
    code = troubles(report.missing, report.faults)
    looked = report.stats.files or report.findings or report.is_blind
    if not looked and code == CLEAN:
        say("nothing to scan: no Terraform, plan, CloudFormation template or task definition found")
    return code or _verdict(report, arguments.fail_on)


def _mends(arguments: argparse.Namespace) -> bool:
    """Are fixes to be shown or made?"""
    return bool(arguments.diff or arguments.fix or arguments.unsafe_fixes)


def _options(arguments: argparse.Namespace) -> Options:
    return replace(judging(arguments), store=arguments.store, shard=_shard(arguments))


def _refuse_to_watch(arguments: argparse.Namespace) -> None:
    if _mends(arguments) or arguments.output or arguments.write_baseline:
        raise Misuse("--watch shows findings; it neither fixes nor writes files")
    if arguments.format not in LINES:
        raise Misuse(f"--watch goes with --format {' or '.join(LINES)}")


def _shard(arguments: argparse.Namespace) -> Shard | None:
    if arguments.shard is None:
        return None
    number, _, count = arguments.shard.partition("/")
    written = number.isdecimal() and count.isdecimal()
    if not written or not 1 <= int(number) <= int(count):
        raise Misuse(f"--shard takes K/N with K from 1 to N: '{arguments.shard}'")
    return Shard(int(number), int(count))


def _output(written: str) -> _Output:
    kind, equals, file = written.partition("=")
    if not equals or kind not in FORMATS or not file:
        raise Misuse(
            f"--output takes FORMAT=FILE with a format of {', '.join(FORMATS)}: '{written}'"
        )
    writable(file)
    return _Output(kind, Path(file))


def _rendered(report: Report, kind: str, arguments: argparse.Namespace) -> str:
    if kind in LINES:
        return terminal.plain(_lines(report, kind, arguments, None))
    return _for_machines(report, kind)


def _for_machines(report: Report, kind: str) -> str:
    """The report in a format that names files from the repository's root; its module is loaded now,
    and no other."""
    module = import_module(f"..report.{REPORTS[kind]}", __package__)
    if kind == "markdown":
        return str(module.render(report.from_root, module.source(os.environ)))
    return str(module.render(report.from_root))


def _lines(
    report: Report, kind: str, arguments: argparse.Namespace, width: int | None
) -> list[terminal.Line]:
    undecided: bool = arguments.show_undecided
    silenced: bool = arguments.show_suppressed
    if kind == "concise":
        from ..report import concise

        return concise.render(report, show_undecided=undecided, show_suppressed=silenced)
    from ..report import text

    return text.render(report, show_undecided=undecided, show_suppressed=silenced, width=width)


def _print(report: Report, arguments: argparse.Namespace) -> None:
    if arguments.format not in LINES:
        show(_rendered(report, arguments.format, arguments))
        return
    on_terminal = sys.stdout.isatty()
    colour = terminal.wants_colour(arguments.color, os.environ, on_terminal)
    lines = _lines(report, arguments.format, arguments, width(on_terminal))
    show((terminal.coloured if colour else terminal.plain)(lines))


def _summarise(report: Report, arguments: argparse.Namespace) -> None:
    """In GitHub Actions, the whole list in the job's summary, beside the ten annotations it
    shows."""
    if arguments.format == "github":
        summarise(_for_machines(report, "markdown"))


def _progress() -> Callable[[str], None]:
    """Names the unit being scanned, on a terminal only."""
    if not (sys.stderr.isatty() and sys.stdout.isatty()):
        return lambda name: None
    return lambda name: print(
        f"\r\033[K{terminal.clean(name)[:100]}\r" if name else "\r\033[K",
        end="",
        file=sys.stderr,
        flush=True,
    )


def _verdict(report: Report, fail_on: str) -> int:
    if fail_on == "never":
        return CLEAN
    if fail_on == "undecided":
        is_open = bool(report.undecided) or report.is_blind
        failing = is_open or any(f.severity is Severity.ERROR for f in report.active)
    else:
        failing = any(f.severity.rank <= Severity(fail_on).rank for f in report.active)
    return FOUND if failing else CLEAN
