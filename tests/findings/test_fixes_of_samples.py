"""Every fix of every sample mends what it is a fix of, and breaks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from mending import mended
from sampling import Sample, samples

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
