"""A fix that would do harm is left out, and the others are made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight import cli
from ecs_preflight.analysis import mending
from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.findings.finding import Edit, Finding
from ecs_preflight.findings.sources import FileText
from ecs_preflight.symbolic.records import replace

DENIAL = """
resource "aws_iam_role_policy" "denial" {
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "*", Resource = "*" }]
  })
}
"""
PERHAPS = DENIAL.replace('"Deny"', "var.effect") + '\nvariable "effect" {}\n'
FAULTY = ROOT / "terraform" / "platform" / "faulty"


def _opening(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits with a bracket too much."""
    return tuple(replace(edit, text=edit.text + "[{(") for edit in edits)


def _appended(edits: tuple[Edit, ...], more: str) -> Edit:
    """An edit that puts more behind the platform's execution role."""
    (file,) = {str(Path(edit.span.file).with_name("execution.tf")) for edit in edits}
    text = FileText(file, Path(file).read_text("utf-8"))
    end = len(text.text)
    return Edit(text.span(end, end), more)


def _robbing(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits, and one after which the execution role may do nothing at all."""
    return *edits, _appended(edits, DENIAL)


def _blinding(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits, and one after which nobody knows what the execution role may do."""
    return *edits, _appended(edits, PERHAPS)


def _idle(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """An edit that mends nothing."""
    return (_appended(edits, "\n# It is well.\n"),)


#: What a fix of one finding does besides or instead, and what is said of it.
HARMS = {
    "unreadable": (_opening, "with its fix a file could not be read"),
    "unmet": (_robbing, "its fix would take away what something else needs"),
    "undecided": (_blinding, "its fix would take away what something else needs"),
    "as it was": (_idle, "its fix would not be enough"),
}


@pytest.fixture(params=HARMS)
def harm(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The harm that the fix of one fault does of a platform of many, which is in the working
    directory."""
    shutil.copytree(FAULTY, tmp_path / "platform")
    monkeypatch.chdir(tmp_path)
    spoil, words = HARMS[request.param]

    def spoilt(finding: Finding) -> Finding:
        assert finding.fix is not None
        return replace(finding, fix=replace(finding.fix, edits=spoil(finding.fix.edits)))

    (first,) = (f for f in scan(["platform"], Options()).active if f.rule == "ECS804")
    harmful = spoilt(first)

    def spoiling(*arguments: object, **named: object) -> Report:
        report = scan(["platform"], Options())
        found = (harmful if f.rule == "ECS804" else f for f in report.findings)
        others = (each for each in report.outcomes if not isinstance(each, Finding))
        return replace(report, outcomes=(*found, *others))

    monkeypatch.setattr(mending, "scan", spoiling)
    return words


def test_only_the_fix_that_does_harm_is_left_out(harm: str) -> None:
    made = mending.mend(["platform"], Options(), unsafe=True)
    assert [(finding.rule, why) for finding, why in made.unsound] == [("ECS804", harm)]
    assert len(made.before.active) > 10
    assert {finding.rule for finding in made.after.active} == {"ECS804", "ECS802"}
    assert made.refused == ()


def test_what_is_left_out_is_said(harm: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", "--unsafe-fixes", "platform"]) == 1
    said = capsys.readouterr().err
    assert "left ECS804 at platform/" in said
    assert harm in said
