"""SARIF 2.1.0, as GitHub's code scanning reads it (github/docs, "SARIF support for code
scanning")."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .. import __version__
from ..analysis.scan import Report
from ..findings import escape
from ..findings.finding import Finding, Fix, Severity, Suppression
from ..findings.identity import fingerprint
from ..findings.rule import Rule
from ..rules import RULES
from ..symbolic.source import Span
from .coverage import coverage
from .scope import sentences

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
FULL_DESCRIPTION = 1024
#: What relative addresses start from, whose own address only the reader knows.
ROOT = "%SRCROOT%"
ROOT_IS = "The root of the repository."
SUPPRESSION_KINDS = {"config": "external", "baseline": "external"}


def render(report: Report) -> str:
    """The report as SARIF 2.1.0."""
    used = sorted({finding.rule for finding in report.findings})
    known = {rule.id: rule for rule in RULES}
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ecs-preflight",
                        "semanticVersion": __version__,
                        "informationUri": RULES[0].help.rsplit("/rules/", 1)[0] + "/",
                        "rules": [_rule(known[name]) for name in used],
                    }
                },
                "automationDetails": {"id": "ecs-preflight/"},
                "originalUriBaseIds": {ROOT: {"description": {"text": ROOT_IS}}},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(finding, used.index(finding.rule)) for finding in report.findings
                ],
                "invocations": [
                    {
                        "executionSuccessful": not report.faults,
                        "toolExecutionNotifications": [
                            *(
                                {"level": "error", "message": {"text": str(fault)}}
                                for fault in report.faults
                            ),
                            *(
                                {"level": "error", "message": {"text": str(error)}}
                                for error in report.missing
                            ),
                            *(
                                {"level": "note", "message": {"text": said}}
                                for said in (coverage(report), *sentences(report))
                            ),
                        ],
                    }
                ],
            }
        ],
    }
    return escape.dumps(document)


def _rule(rule: Rule) -> dict[str, Any]:
    page = rule.page.strip()
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": " ".join(page.split())[:FULL_DESCRIPTION]},
        "help": {
            "text": f"{page}\n\n{rule.help}\n",
            "markdown": f"{_markdown(page)}\n\n[{rule.id}]({rule.help})\n",
        },
        "helpUri": rule.help,
        "defaultConfiguration": {"level": LEVELS[rule.severities[0]]},
        "properties": {
            "tags": [*(["security"] if rule.security else []), "aws", "ecs", "iam"],
            "precision": "very-high",
            **({"security-severity": rule.security} if rule.security else {}),
        },
    }


def _markdown(page: str) -> str:
    """The page's title in bold, and its section names as headings: lines at the margin."""
    title, *remainder = page.splitlines()
    lines = [
        f"**{title}**",
        *(
            f"#### {line}" if line and not line.startswith(" ") else line.removeprefix("    ")
            for line in remainder
        ),
    ]
    return "\n".join(lines).replace("``", "`")


def _result(finding: Finding, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(finding.span, finding.owner.address)],
        "relatedLocations": [
            {"id": number, **_location(span, address), "message": {"text": message}}
            for number, (span, address, message) in enumerate(_related(finding), 1)
        ],
        "partialFingerprints": {"ecsPreflight/v1": fingerprint(finding)},
        "properties": {"phase": finding.phase.value},
    }
    if finding.fix is not None and finding.fix.edits:
        result["fixes"] = [_fix(finding.fix)]
    if finding.suppressed is not None:
        result["suppressions"] = [_suppression(finding.suppressed)]
    return result


def _fix(fix: Fix) -> dict[str, Any]:
    """One change of the source for each file (SARIF 2.1.0, 3.55)."""
    files = dict.fromkeys(edit.span.file for edit in fix.edits)
    return {
        "description": {"text": fix.summary},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(file),
                "replacements": [
                    {
                        "deletedRegion": _region(edit.span),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in fix.edits
                    if edit.span.file == file
                ],
            }
            for file in files
        ],
    }


def _message(finding: Finding) -> str:
    """The first sentence is the alert's title on GitHub; what follows is its text."""
    parts = [finding.message]
    if finding.proviso:
        parts.append(finding.proviso)
    if finding.fails_with:
        parts.append(f"Fails with: {finding.fails_with}")
    if finding.fix is not None:
        parts += [f"Fix: {finding.fix.summary}", finding.fix.snippet]
    parts += [
        f"[{_link_text(message)}]({number})"
        for number, (_, _, message) in enumerate(_related(finding), 1)
    ]
    return "\n".join(part for part in parts if part)


def _related(finding: Finding) -> list[tuple[Span, str, str]]:
    """(where, whose, what) of the places that belong to the finding, its callers among them."""
    return [
        *((e.span, e.address, e.message) for e in finding.related if e.span.file),
        *(
            (call.span, call.address, f"called here as '{call.address}'")
            for call in finding.callers
        ),
    ]


def _link_text(text: str) -> str:
    """Brackets end a link's text in SARIF messages, unless escaped."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _location(span: Span, address: str) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(span.file),
            "region": _region(span),
        },
        "logicalLocations": [{"fullyQualifiedName": address, "kind": "resource"}],
    }


def _region(span: Span) -> dict[str, int]:
    region = {"startLine": max(span.line, 1), "startColumn": max(span.column, 1)}
    if (span.end_line, span.end_column) >= (span.line, span.column) and span.end_line:
        region |= {"endLine": span.end_line, "endColumn": max(span.end_column, 1)}
    return region


def _artifact(file: str) -> dict[str, str]:
    if file.startswith("/"):
        return {"uri": "file://" + quote(file, errors="replace")}
    return {"uri": quote(file, errors="replace"), "uriBaseId": ROOT}


def _suppression(suppression: Suppression) -> dict[str, Any]:
    kind = SUPPRESSION_KINDS.get(suppression.by, "inSource")
    return {"kind": kind, "justification": suppression.reason or f"by {suppression.by}"}
