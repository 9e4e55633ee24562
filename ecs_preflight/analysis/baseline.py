"""A list of findings that are known, to start on an old code base: only what comes on top is
reported.

An entry is a finding's fingerprint, which does not change when lines move.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..findings.finding import Finding
from ..findings.identity import fingerprint

VERSION = 1


def known(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that a baseline should list: those that nobody silenced but a former
    baseline."""
    return [f for f in findings if f.suppressed is None or f.suppressed.by == "baseline"]


def written(findings: Iterable[Finding]) -> str:
    """The baseline of these findings, one entry for each, in the order of the fingerprints'
    code."""
    entries = {
        fingerprint(finding): {
            "fingerprint": fingerprint(finding),
            "rule": finding.rule,
            "resource": finding.owner.address,
            "file": finding.span.file,
            "message": finding.message,
        }
        for finding in findings
    }
    return (
        json.dumps(
            {"version": VERSION, "findings": list(entries.values())}, indent=2, ensure_ascii=False
        )
        + "\n"
    )


def read(text: str) -> frozenset[str]:
    """The fingerprints in a baseline. Raises ValueError."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON: {error}") from error
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError(f"is no baseline of version {VERSION}")
    try:
        return frozenset(str(entry["fingerprint"]) for entry in document["findings"])
    except (KeyError, TypeError) as error:
        raise ValueError("has an entry without a fingerprint") from error
