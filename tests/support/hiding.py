"""Reports of a stack, and of the same stack with less known: no error more, no need less."""

from __future__ import annotations

import re

from ecs_preflight.analysis.scan import Report
from ecs_preflight.findings.finding import Finding, Severity

#: Rules whose needs one unknown part of a task may hide from each other.
_BROUGHT_BY = {
    rule: part
    for part, rules in {
        "containers": ("ECS602", "ECS609", "ECS809"),
        "logs": ("ECS603", "ECS604", "ECS806"),
        "secrets": ("ECS605", "ECS606", "ECS607"),
        "volumes": ("ECS805",),
        "instances": ("ECS825",),
    }.items()
    for rule in rules
}


def assert_no_more(base: Report, report: Report, part: str) -> None:
    """Less is known in ``report``, by what ``part`` names."""
    assert not report.faults, f"{part}: {report.faults}"
    hidden = _needs(base) - _needs(report)
    assert not hidden, f"{part}: {hidden}"
    more = _errors(report) - _errors(base)
    said = [finding.message for finding in report.findings if _identity(finding) in more]
    assert not more, f"{part}: {said}"


def _needs(report: Report) -> set[tuple[str, str]]:
    """Who has needs, by what of a task brings them: its containers, their logs, secrets, volumes."""
    return {
        (_BROUGHT_BY[outcome.rule], re.sub(r"\[[^\]]*\]", "", outcome.owner.address))
        for outcome in report.outcomes
        if outcome.rule in _BROUGHT_BY and outcome.owner.type != "file"
        if not isinstance(outcome, Finding) or outcome.need is not None
    }


def _errors(report: Report) -> set[tuple[str, str]]:
    """The errors, but for those that take a certain value of an input: it may well have it."""
    return {
        _identity(finding)
        for finding in report.findings
        if finding.severity is Severity.ERROR and finding.when is None
    }


def _identity(finding: Finding) -> tuple[str, str]:
    """Rule and owner; a count or for_each that is not known leaves the index out. That a role
    cannot be assumed is one fault, whichever of its uses is known; so is what it cannot read, be it
    a secret or a parameter."""
    alike = {"ECS501": "trust", "ECS502": "trust", "ECS503": "trust", "ECS606": "ECS605"}
    return alike.get(finding.rule, finding.rule), re.sub(r"\[[^\]]*\]", "", finding.owner.address)
