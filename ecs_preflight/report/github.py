"""Annotations of GitHub Actions: workflow commands, which its runner turns into marks on the diff.

The runner shows ten of each kind per step (actions/runner, ExecutionContext) and cuts messages at
4096 characters; what is beyond is counted in the last one, and stands whole in the job summary.
A message begins with its place, since the log shows the message alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..analysis.scan import Report
from ..findings.escape import command_data, command_property, line
from ..findings.finding import Finding, Severity
from .coverage import coverage, total
from .scope import sentences

SHOWN = 10
MESSAGE = 4000
COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report) -> str:
    """The report as workflow commands, a line each."""
    lines = [
        command
        for severity in Severity
        for command in _kind(
            [finding for finding in report.active if finding.severity is severity], severity
        )
    ]
    told = "".join(problem(str(trouble)) for trouble in (*report.missing, *report.faults))
    closing = (f"{total(report)}. {coverage(report)}.", *sentences(report))
    return told + "".join(f"{each}\n" for each in (*lines, *map(line, closing)))


def problem(message: str) -> str:
    """An annotation for what kept the scan from being made, or from being whole."""
    return f"::error title=ecs-preflight::{command_data(message)}\n"


def _kind(findings: list[Finding], severity: Severity) -> Iterator[str]:
    shown = findings if len(findings) <= SHOWN else findings[: SHOWN - 1]
    for finding in shown:
        yield _command(finding)
    if len(shown) < len(findings):
        more = len(findings) - len(shown)
        message = f"{more} more {severity.value}{'s' if more > 1 else ''}; see the job summary."
        yield f"::{COMMANDS[severity]} title=ecs-preflight::{message}"


def _command(finding: Finding) -> str:
    """Columns only within one line: the runner drops them else."""
    span = finding.span
    places = {"file": span.file, "line": str(span.line)}
    if span.end_line == span.line:
        places |= {
            "endLine": str(span.end_line),
            "col": str(span.column),
            "endColumn": str(span.end_column),
        }
    places["title"] = f"{finding.rule} {finding.name}"
    properties = ",".join(f"{key}={command_property(value)}" for key, value in places.items())
    return (
        f"::{COMMANDS[finding.severity]} {properties}::{command_data(_message(finding)[:MESSAGE])}"
    )


def _message(finding: Finding) -> str:
    parts = [f"{finding.span}: {finding.message}", f"In {finding.owner.address}."]
    if finding.proviso:
        parts.append(finding.proviso)
    if finding.fails_with:
        parts.append(f"Fails with: {finding.fails_with}")
    if finding.fix is not None:
        parts.append(f"Fix: {finding.fix.summary}")
        parts += finding.fix.snippet.splitlines()
    return "\n".join([*parts, finding.help])
