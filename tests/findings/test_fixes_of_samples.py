"""Every fix of every sample mends what it is a fix of, and breaks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from mending import copied, mended
from sampling import ROOT, Sample, samples

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

#: A fast share that has every form and every kind of remedy; the rest is slow.
REPRESENTATIVE = ("ECS605", "ECS606", "ECS609", "ECS702")
SAMPLES = [
    pytest.param(
        sample,
        id=str(sample),
        marks=() if sample.rule in REPRESENTATIVE else pytest.mark.slow,
    )
    for sample in samples()
    if not sample.name.startswith("good")
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_fix_mends_its_finding(sample: Sample, tmp_path: Path) -> None:
    for each in mended(sample, tmp_path):
        assert each.is_gone, each.name
        assert each.new == [], each.name


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
