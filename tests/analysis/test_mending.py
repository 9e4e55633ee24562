"""A fix that would leave a file unreadable is left out, and the others are made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight import cli
from ecs_preflight.analysis import mending
from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.findings.finding import Finding
from ecs_preflight.symbolic.records import replace

FAULTY = ROOT / "terraform" / "platform" / "faulty"


def _spoilt(finding: Finding) -> Finding:
    """The finding with a fix that opens a bracket too much."""
    assert finding.fix is not None
    edits = tuple(replace(edit, text=edit.text + "[{(") for edit in finding.fix.edits)
    return replace(finding, fix=replace(finding.fix, edits=edits))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform of many faults, as the working directory; the fix of one is no good."""
    shutil.copytree(FAULTY, tmp_path / "platform")
    monkeypatch.chdir(tmp_path)
    (spoilt,) = (f for f in scan(["platform"], Options()).active if f.rule == "ECS804")

    def spoiling(*arguments: object, **named: object) -> Report:
        report = scan(["platform"], Options())
        found = (_spoilt(f) if f.rule == spoilt.rule else f for f in report.findings)
        return replace(report, outcomes=tuple(found))

    monkeypatch.setattr(mending, "scan", spoiling)
    return tmp_path


def test_only_the_fix_that_breaks_a_file_is_left_out(folder: Path) -> None:
    made = mending.mend(["platform"], Options(), unsafe=True)
    assert [finding.rule for finding in made.unsound] == ["ECS804"]
    assert len(made.before.active) > 10
    assert {finding.rule for finding in made.after.active} == {"ECS804", "ECS802"}
    assert made.refused == ()


def test_what_is_left_out_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", "--unsafe-fixes", "platform"]) == 1
    assert "left ECS804 at platform/" in capsys.readouterr().err
