"""JSON for other tools. Its keys are stable: later versions add, never change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import __version__
from ..analysis.scan import Report
from ..findings import escape
from ..findings.finding import Finding, Fix, NeedRecord, Suppression, Undecided
from ..findings.identity import fingerprint
from ..model import ModuleCall
from ..symbolic.answers import Evidence
from ..symbolic.records import fields
from ..symbolic.source import Span
from .coverage import coverage


def render(report: Report) -> str:
    """The report as JSON text."""
    return escape.dumps(document(report))


def document(report: Report) -> dict[str, Any]:
    """The report as the schema has it (``ecs-preflight schema``)."""
    return {
        "version": 1,
        "tool": {"name": "ecs-preflight", "version": __version__},
        "findings": [_finding(finding) for finding in report.findings],
        "undecided": [_undecided(outcome) for outcome in report.undecided],
        "boundaries": [
            {**_evidence(boundary), "needs": needs} for boundary, needs in report.boundaries
        ],
        "stats": {each.name: getattr(report.stats, each.name) for each in fields(report.stats)},
        "coverage": coverage(report),
        "missing": [{"path": error.path, "reason": error.reason} for error in report.missing],
        "unread": [
            {"reason": gap.reason, "kind": gap.why.name.lower(), **_span(gap.span)}
            for gap in report.gaps
        ],
        "faults": [str(fault) for fault in report.faults],
        "remarks": [_evidence(remark) for remark in report.remarks],
        "left_out": [
            {"reason": left.reason.name.lower(), "path": left.path} for left in report.left_out
        ],
        "settings": [
            {"file": setting.file or None, "says": list(setting.says)}
            for setting in report.settings
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "phase": finding.phase.value,
        "message": finding.message,
        "resource": finding.owner.address,
        **_span(finding.span),
        "when": finding.when,
        "with": list(finding.sets),
        "callers": _callers(finding.callers),
        "need": _need(finding.need),
        "related": [_evidence(evidence) for evidence in finding.related],
        "fails_with": finding.fails_with or None,
        "fix": _fix(finding.fix),
        "cause": finding.cause or None,
        "help": finding.help,
        "fingerprint": fingerprint(finding),
        "suppressed": _suppression(finding.suppressed),
    }


def _undecided(outcome: Undecided) -> dict[str, Any]:
    return {
        "rule": outcome.rule,
        "resource": outcome.owner.address,
        **_span(outcome.span),
        "need": _need(outcome.need),
        "reason": outcome.reason.reason,
        "with": list(outcome.sets),
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _callers(calls: Sequence[ModuleCall]) -> list[dict[str, Any]]:
    return [
        {"address": call.address, "file": call.span.file, "line": call.span.line} for call in calls
    ]


def _need(need: NeedRecord | None) -> dict[str, Any] | None:
    if need is None:
        return None
    return {
        "principal": need.principal.name.lower(),
        "role": need.role,
        "actions": list(need.actions),
        "resource": need.on,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {"message": evidence.message, "resource": evidence.address, **_span(evidence.span)}


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [{**_span(edit.span), "text": edit.text} for edit in fix.edits]
    return {
        "summary": fix.summary,
        "snippet": fix.snippet or None,
        "edits": edits,
        "applicability": fix.applicability.value if edits else None,
    }


def _suppression(suppression: Suppression | None) -> dict[str, Any] | None:
    if suppression is None:
        return None
    where = suppression.span
    return {
        "by": suppression.by,
        "reason": suppression.reason,
        "file": where.file if where else None,
        "line": where.line if where else None,
    }
