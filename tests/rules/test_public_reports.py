"""Faults that people reported in public, rebuilt as small stacks: found, and clean when mended.

Each is named after the report it stands for."""

from __future__ import annotations

from pathlib import Path

import pytest
from further_reports import FURTHER
from later_reports import LATER
from recent_reports import RECENT
from reported_stacks import REPORTS, Reported
from role_reports import ROLES

from ecs_preflight.analysis.scan import scan
from ecs_preflight.findings.finding import Severity


@pytest.mark.parametrize(
    "report", [*REPORTS, *FURTHER, *LATER, *ROLES, *RECENT], ids=lambda report: report.name
)
def test_the_cause_is_found_and_the_mended_stack_is_clean(report: Reported, tmp_path: Path) -> None:
    assert report.rule in rules(report.bad, tmp_path / "bad")
    assert report.rule not in rules(report.mended, tmp_path / "mended")


def rules(stack: str, folder: Path) -> set[str]:
    folder.mkdir()
    name = "template.yaml" if "AWSTemplateFormatVersion" in stack else "main.tf"
    (folder / name).write_text(stack, encoding="utf-8")
    return {f.rule for f in scan([folder]).findings if f.severity is not Severity.NOTE}
