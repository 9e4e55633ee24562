"""JUnit XML, as CI systems show test results: a failing test case for each finding."""

from __future__ import annotations

from ..analysis.scan import Report
from ..findings.escape import xml_attribute, xml_text
from ..findings.finding import Finding, Severity
from ..symbolic.values import shown_value
from .coverage import coverage
from .scope import sentences


def render(report: Report) -> str:
    """Errors are failures; warnings, notes and what is silenced are skipped, so that they are seen
    but break nothing. A clean scan is one passing case."""
    failures = sum(f.severity is Severity.ERROR for f in report.active)
    skipped = len(report.findings) - failures
    cases = [_case(finding) for finding in report.findings] or [
        f'    <testcase classname="ecs-preflight" name={xml_attribute(coverage(report))}/>'
    ]
    head = (
        f'tests="{len(cases)}" failures="{failures}" skipped="{skipped}" '
        f'errors="{len(report.faults) + len(report.missing)}"'
    )
    problems = [
        f"    <system-err>{xml_text(problem)}</system-err>"
        for problem in (*map(str, report.missing), *map(str, report.faults))
    ]
    closing = "\n".join((coverage(report), *sentences(report)))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites {head}>",
            f'  <testsuite name="ecs-preflight" {head}>',
            *cases,
            f"    <system-out>{xml_text(closing)}</system-out>",
            *problems,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _case(finding: Finding) -> str:
    name = f"{finding.rule} {finding.name} {finding.owner.address} {shown_value(finding.subject)}"
    case = (
        f"    <testcase classname={xml_attribute(finding.span.file)} name={xml_attribute(name)} "
        f'file={xml_attribute(finding.span.file)} line="{finding.span.line}">'
    )
    if finding.suppressed is not None:
        reason = f"suppressed by {finding.suppressed.by}: {finding.suppressed.reason}"
        return f"{case}<skipped message={xml_attribute(reason)}/></testcase>"
    if finding.severity is not Severity.ERROR:
        message = f"{finding.severity.value}: {finding.message}"
        return f"{case}<skipped message={xml_attribute(message)}/></testcase>"
    body = xml_text(_body(finding))
    return (
        f"{case}<failure type={xml_attribute(finding.rule)} "
        f"message={xml_attribute(finding.message)}>{body}</failure></testcase>"
    )


def _body(finding: Finding) -> str:
    lines = [f"{finding.span}: {finding.message}", f"in {finding.owner.address}"]
    if finding.circumstances:
        lines.append(finding.circumstances)
    if finding.fails_with:
        lines.append(f"fails with: {finding.fails_with}")
    if finding.fix is not None:
        lines += [f"fix: {finding.fix.summary}", *finding.fix.snippet.splitlines()]
    return "\n".join([*lines, finding.help])
