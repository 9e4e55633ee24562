"""Every fix of every sample mends what it is a fix of, and breaks nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from mended_texts import other_inputs, unnamed_lines, unresolved
from mending import FAULTY, copied, mended
from sampling import ROOT, Sample

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.findings.finding import Severity
from ecs_preflight.findings.identity import fingerprint


@pytest.mark.parametrize("sample", FAULTY)
def test_each_fix_mends_its_finding(sample: Sample, tmp_path: Path) -> None:
    for each in mended(sample, tmp_path):
        assert each.is_gone, each.name
        assert each.new == [], each.name


@pytest.mark.parametrize("sample", FAULTY)
def test_all_fixes_together_leave_good_code(sample: Sample, tmp_path: Path) -> None:
    """What refers to something finds it, the formatter and cfn-lint have nothing to say, no line
    changes that no finding names, other inputs are mended too, and nothing is left to do."""
    with copied(sample, tmp_path) as path:
        here, inputs = Path(), other_inputs(Path(path))
        dangling, formatted = set(unresolved(here)), _is_formatted(here)
        made = mend([path], Options(), unsafe=True)
        if not made.changes:
            return
        elsewhere = _errors(path, inputs) - {fingerprint(f) for f in made.before.active}
        for change in made.changes:
            Path(change.file).write_text(change.after, "utf-8")
        assert set(unresolved(here)) <= dangling
        assert _is_formatted(here) or not formatted
        assert unnamed_lines(made.changes, made.before.active) == []
        left = {fingerprint(finding) for finding in made.after.active}
        assert _errors(path, inputs) <= left | elsewhere
        assert mend([path], Options(), unsafe=True).changes == ()
        for change in made.changes:
            if sample.language == "cloudformation":
                assert _refusals(change.after) <= _refusals(change.before)


def _errors(path: str, inputs: Inputs) -> set[str]:
    """What fails with other inputs; nothing where the sample has none."""
    if inputs == Inputs():
        return set()
    found = scan([path], Options(inputs=inputs)).active
    return {fingerprint(finding) for finding in found if finding.severity is Severity.ERROR}


def _is_formatted(folder: Path) -> bool:
    terraform = shutil.which("terraform")
    if terraform is None:
        return True
    command = [terraform, "fmt", "-check", "-recursive", folder]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _refusals(template: str) -> set[str]:
    """What cfn-lint calls an error."""
    api = pytest.importorskip("cfnlint.api")
    found = api.lint(template, regions=["eu-west-1"])
    return {match.message for match in found if match.rule.id.startswith("E")}


@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
def test_a_platform_is_mended_but_for_what_a_person_must_decide(
    language: str, tmp_path: Path
) -> None:
    with copied(Sample(ROOT / language / "platform" / "faulty"), tmp_path) as path:
        made = mend([path], Options(), unsafe=True)
        assert len(made.before.findings) > 10
        assert {finding.rule for finding in made.after.findings} == {"ECS802"}
        for change in made.changes:
            Path(change.file).write_text(change.after, "utf-8")
        assert mend([path], Options(), unsafe=True).changes == ()
