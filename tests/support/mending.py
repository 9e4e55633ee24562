"""Fixes put into copies of samples, and what a scan then says."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sampling import Sample, named_rules, samples

from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.findings.finding import Finding, Severity
from ecs_preflight.findings.fixing.applying import applied
from ecs_preflight.findings.identity import key
from ecs_preflight.findings.sources import FileText
from ecs_preflight.symbolic.records import dataclass


def faulty(*representative: str) -> list[Any]:
    """The samples with something to mend, as the parameters of a test: slow but for those of the
    representative rules."""
    return [
        pytest.param(
            sample,
            id=str(sample),
            marks=() if sample.rule in representative else pytest.mark.slow,
        )
        for sample in samples()
        if not sample.name.startswith("good")
    ]


#: Fast is a share that has every form and every kind of remedy.
FAULTY = faulty("ECS605", "ECS606", "ECS609", "ECS624", "ECS625", "ECS702")


@dataclass(frozen=True)
class Mended:
    """One finding of a sample, and the report on the sample after its fix was made."""

    finding: Finding
    before: Report
    after: Report

    @property
    def name(self) -> str:
        return f"{self.finding.rule} at {self.finding.span}"

    @property
    def is_gone(self) -> bool:
        return _keys(self.after)[_key(self.finding)] < _keys(self.before)[_key(self.finding)]

    @property
    def new(self) -> list[str]:
        """What is found now and was not before, at no place that had a finding. Notes are advice on
        what is there now; what a role lacks that the fix itself has made has a fix of its own; of
        what is no JSON one fault is told after the other."""
        known = _keys(self.before)
        places = [f.span for f in self.before.findings]
        texts = "".join(edit.text for edit in (self.finding.fix.edits if self.finding.fix else ()))
        return [
            f"{f.rule} {f.span}: {f.message}"
            for f in self.after.findings
            if _key(f) not in known
            and f.severity is not Severity.NOTE
            and not any(
                p.file == f.span.file and p.line <= f.span.line <= p.end_line for p in places
            )
            and not (_is_of_a_role_in(f, texts) and f.fix and f.fix.edits)
            and not (_is_no_json(f) and _is_no_json(self.finding))
        ]


def _is_no_json(finding: Finding) -> bool:
    return finding.rule == "ECS508" and "is not JSON" in finding.message


def _is_of_a_role_in(finding: Finding, texts: str) -> bool:
    """Is it about a role that stands in the texts?"""
    role = finding.need.role.rpartition(".")[2] if finding.need else ""
    return (bool(role) and f'"{role}"' in texts) or f"{role}:" in texts


def _key(finding: Finding) -> tuple[str, str, str]:
    return key(finding)


def _keys(report: Report) -> Counter[tuple[str, str, str]]:
    return Counter(_key(finding) for finding in report.findings)


@contextmanager
def copied(sample: Sample, folder: Path) -> Iterator[str]:
    """A copy of the sample, in its folder as the working directory: the path to scan."""
    copy = folder / sample.path.name
    (shutil.copytree if sample.path.is_dir() else shutil.copy)(sample.path, copy)
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield copy.name
    finally:
        os.chdir(before)


def findings(sample: Sample, path: str) -> tuple[Report, list[Finding]]:
    """A report on the copy, and the findings the sample is about."""
    report = scan([path], Options(notes=True))
    wanted = named_rules(sample)
    return report, [f for f in report.active if f.severity is not Severity.NOTE or f.rule in wanted]


def mended(sample: Sample, folder: Path) -> Iterator[Mended]:
    """Each finding of the sample that has edits, made alone in a copy."""
    with copied(sample, folder) as path:
        before, found = findings(sample, path)
        for finding in found:
            if finding.fix is None or not finding.fix.edits:
                continue
            files = {edit.span.file for edit in finding.fix.edits}
            old = {file: Path(file).read_text("utf-8") for file in files}
            for file, text in old.items():
                edits = [edit for edit in finding.fix.edits if edit.span.file == file]
                Path(file).write_text(applied(FileText(file, text), edits), "utf-8")
            yield Mended(finding, before, scan([path], Options(notes=True)))
            for file, text in old.items():
                Path(file).write_text(text, "utf-8")
