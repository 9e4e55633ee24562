"""GitLab's Code Quality report: what a merge request's widget and its diff show.

The format: docs.gitlab.com, "Code Quality", "Code Quality report format".
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import Any

from ..analysis.scan import Report
from ..findings import escape, identity
from ..findings.finding import Finding, Severity
from .scope import sentences

LEVELS = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: Report) -> str:
    """The findings that nobody silenced; as blockers, what could not be scanned at all; and for
    information what was not looked at."""
    seen: Counter[str] = Counter()
    issues = [
        *(_trouble(error.path, error.reason) for error in report.missing),
        *(_trouble(".", str(fault)) for fault in report.faults),
        *(_issue(finding, seen) for finding in report.active),
        *map(_aside, sentences(report)),
    ]
    return escape.dumps(issues)


def _issue(finding: Finding, seen: Counter[str]) -> dict[str, Any]:
    """GitLab shows the first of several issues with one fingerprint: further places of one fault
    are numbered."""
    fingerprint = identity.fingerprint(finding)
    seen[fingerprint] += 1
    if seen[fingerprint] > 1:
        fingerprint += f"-{seen[fingerprint]}"
    when = f" {finding.proviso}" if finding.proviso else ""
    fix = f" Fix: {finding.fix.summary}" if finding.fix else ""
    lines = {"begin": max(finding.span.line, 1)}
    if finding.span.end_line > finding.span.line:
        lines["end"] = finding.span.end_line
    return {
        "description": " ".join(f"{finding.message}{when}{fix}".split()),
        "check_name": f"{finding.rule} {finding.name}",
        "fingerprint": fingerprint,
        "severity": LEVELS[finding.severity],
        "location": {"path": finding.span.file, "lines": lines},
        "content": {"body": f"[{finding.rule}]({finding.help})"},
    }


def _aside(said: str) -> dict[str, Any]:
    """What a reader of a green report wants to know: GitLab shows it where it is new."""
    return {
        "description": said,
        "check_name": "ecs-preflight",
        "fingerprint": f"scope-{sha256(said.encode(errors='replace')).hexdigest()[:16]}",
        "severity": "info",
        "location": {"path": ".", "lines": {"begin": 1}},
    }


def _trouble(path: str, reason: str) -> dict[str, Any]:
    return {
        "description": f"Not scanned: {reason}",
        "check_name": "ecs-preflight",
        "fingerprint": f"not-scanned-{path}",
        "severity": "blocker",
        "location": {"path": path, "lines": {"begin": 1}},
    }
