"""Several JSON reports as one: the shards of a scan, or the repositories of an organisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .. import __version__
from ..findings.finding import Severity
from ..symbolic.values import Why
from .coverage import by_severity, plural

#: A report with the name of the repository that it is about, or "".
Named = tuple[str, Mapping[str, Any]]
#: What is read of each finding, and what it is; and of what was counted.
_FINDING = {
    "fingerprint": str,
    "severity": str,
    "rule": str,
    "message": str,
    "file": str,
    "line": int,
    "column": int,
    "need": object,
    "suppressed": object,
}
_COUNTED = ("needs", "met", "unmet", "undecided", "files", "stacks", "task_definitions")
_SEVERITIES = tuple(each.value for each in Severity)
_LISTS = ("boundaries", "missing", "unread", "remarks", "left_out", "settings")

#: The kinds of what is not read that leave open what a scan would have found there.
_UNSEEN = (Why.UNREADABLE.name.lower(), Why.LIMIT.name.lower())


def is_blind(report: Mapping[str, Any]) -> bool:
    """Is there a file that could not be read, or something beyond the scan's limits?"""
    return any(each.get("kind") in _UNSEEN for each in report["unread"])


def is_report(document: object) -> bool:
    """Is it what ``scan --format json`` wrote, as far as it is read here?"""
    if not isinstance(document, dict) or document.get("version") != 1:
        return False
    lists = [document.get(key, []) for key in ("findings", "undecided", *_LISTS)]
    faults, stats = document.get("faults", []), document.get("stats")
    return (
        "findings" in document
        and isinstance(stats, dict)
        and all(isinstance(stats.get(each), int) for each in _COUNTED)
        and all(isinstance(count, int) for count in stats.values())
        and isinstance(faults, list)
        and all(isinstance(fault, str) for fault in faults)
        and all(isinstance(each, list) for each in lists)
        and all(isinstance(entry, dict) for each in lists for entry in each)
        and all(map(_is_finding, document["findings"]))
    )


def _is_finding(entry: Mapping[str, Any]) -> bool:
    return entry.get("severity") in _SEVERITIES and all(
        key in entry and isinstance(entry[key], kind) for key, kind in _FINDING.items()
    )


def united(reports: Sequence[Named]) -> dict[str, Any]:
    """One report of the same form as these (``is_report``). What two of one repository have in
    common is said once: findings by their fingerprints. A repository's name stands beside what is
    said of it."""
    findings, twice = _once(reports, "findings", lambda each: each["fingerprint"])
    undecided, again = _once(reports, "undecided", repr)
    stats: Counter[str] = Counter()
    for _, report in reports:
        stats.update(report["stats"])
    unmet = sum(each["need"] is not None or each["severity"] == "error" for each in twice)
    stats["unmet"] -= unmet
    stats["undecided"] -= len(again)
    stats["needs"] -= unmet + len(again)
    return {
        "version": 1,
        "tool": {"name": "ecs-preflight", "version": __version__},
        "findings": findings,
        "undecided": undecided,
        "stats": dict(stats),
        "coverage": _coverage(stats),
        "faults": [
            f"{name}: {fault}" if name else fault
            for name, report in reports
            for fault in report.get("faults", ())
        ],
        **{key: _once(reports, key, repr)[0] for key in _LISTS},
    }


def _coverage(stats: Mapping[str, int]) -> str:
    needs = plural(stats["needs"], "need")
    return f"{needs}: {stats['met']} met, {stats['unmet']} unmet, {stats['undecided']} undecided"


def lines(report: Mapping[str, Any]) -> Iterable[str]:
    """One line a finding that nobody silenced, and a closing."""
    active = [each for each in report["findings"] if each["suppressed"] is None]
    for each in active:
        repository = each.get("repository", "")
        place = f"{each['file']}:{each['line']}:{each['column']}"
        place = f"{repository}/{place}" if repository else place
        yield f"{place}: {each['severity']} {each['rule']} {each['message']}"
    found = by_severity(each["severity"] for each in active)
    stats = report["stats"]
    yield f"{', '.join(found) or 'No findings'} in {plural(stats['files'], 'file')} " + (
        f"({plural(stats['stacks'], 'stack')}, "
        f"{plural(stats['task_definitions'], 'task definition')})"
    )
    yield report["coverage"]


def _once(
    reports: Sequence[Named], key: str, identity: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The entries, and those of them that were there already."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    twice: list[dict[str, Any]] = []
    for name, report in reports:
        for entry in report.get(key, ()):
            named = {**entry, "repository": name} if name else dict(entry)
            if found.setdefault((name, identity(entry)), named) is not named:
                twice.append(named)
    return list(found.values()), twice
