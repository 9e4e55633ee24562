"""Each thing that a healthy platform loses is missed: by the rule that it is about, and no other.

``data/mutants.json`` holds what every mutant yields; it was read line by line. Where two rules
speak, one stands at the need and one (ECS629, ECS632) at the statement that grants nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from mutants import Mutant, mutants
from sampling import ROOT

from ecs_preflight.analysis.scan import Options, scan

HEALTHY = {
    language: ROOT / language / "platform" / "healthy"
    for language in ("terraform", "cloudformation")
}
EXPECTED: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "mutants.json").read_text(encoding="utf-8")
)
MUTANTS = {
    mutant.title: (folder, mutant) for folder in HEALTHY.values() for mutant in mutants(folder)
}


def test_every_mutant_is_expected() -> None:
    assert set(MUTANTS) == set(EXPECTED)
    assert all(EXPECTED.values()), "a mutant that nothing reports"


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "mutant"), MUTANTS.values(), ids=list(MUTANTS))
def test_a_mutant_is_reported(folder: Path, mutant: Mutant, tmp_path: Path) -> None:
    assert reported(folder, mutant, tmp_path) == EXPECTED[mutant.title]


def reported(folder: Path, mutant: Mutant, tmp_path: Path) -> list[str]:
    stack = tmp_path / "stack"
    shutil.copytree(folder, stack)
    (stack / mutant.file).write_text(mutant.text, encoding="utf-8")
    report = scan([stack], Options(notes=True))
    return sorted({finding.rule for finding in report.findings})
