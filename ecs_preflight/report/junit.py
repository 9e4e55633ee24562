"""JUnit XML, as CI systems show test results: a failing test case for each finding."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from ..analysis.scan import Report
from ..findings.finding import Finding, Severity
from .coverage import coverage

#: What XML 1.0 cannot hold at all, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Errors are failures; warnings, notes and what is silenced are skipped, so that they are seen
    but break nothing. A clean scan is one passing case."""
    failures = sum(f.severity is Severity.ERROR for f in report.active)
    skipped = len(report.findings) - failures
    cases = [_case(finding) for finding in report.findings] or [
        f'    <testcase classname="ecs-preflight" name={_attribute(coverage(report))}/>'
    ]
    head = (
        f'tests="{len(cases)}" failures="{failures}" skipped="{skipped}" '
        f'errors="{len(report.faults) + len(report.missing)}"'
    )
    problems = [
        f"    <system-err>{_text(problem)}</system-err>"
        for problem in (*(str(error) for error in report.missing), *report.faults)
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites {head}>",
            f'  <testsuite name="ecs-preflight" {head}>',
            *cases,
            f"    <system-out>{_text(coverage(report))}</system-out>",
            *problems,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _case(finding: Finding) -> str:
    name = f"{finding.rule} {finding.name} {finding.owner.address} {finding.subject}"
    case = (
        f"    <testcase classname={_attribute(finding.span.file)} name={_attribute(name)} "
        f'file={_attribute(finding.span.file)} line="{finding.span.line}">'
    )
    if finding.suppressed is not None:
        reason = f"suppressed by {finding.suppressed.by}: {finding.suppressed.reason}"
        return f"{case}<skipped message={_attribute(reason)}/></testcase>"
    if finding.severity is not Severity.ERROR:
        message = f"{finding.severity.value}: {finding.message}"
        return f"{case}<skipped message={_attribute(message)}/></testcase>"
    body = _text(_body(finding))
    return (
        f"{case}<failure type={_attribute(finding.rule)} message={_attribute(finding.message)}>"
        f"{body}</failure></testcase>"
    )


def _body(finding: Finding) -> str:
    lines = [f"{finding.span}: {finding.message}", f"in {finding.owner.address}"]
    if finding.when is not None:
        lines.append(f"when {finding.when}")
    if finding.fails_with:
        lines.append(f"fails with: {finding.fails_with}")
    if finding.fix is not None:
        lines += [f"fix: {finding.fix.summary}", *finding.fix.snippet.splitlines()]
    return "\n".join([*lines, finding.help])


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))
