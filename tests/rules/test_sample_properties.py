"""What holds for every sample: an unknown part adds no error and hides no need; JSON says what
YAML says."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from hiding import assert_no_more
from mutating import (
    UNKNOWN_TERRAFORM,
    in_a_world,
    plan_parts,
    planned_sample,
    template,
    template_parts,
    terraform_parts,
    without_plan_part,
    without_template_part,
    without_terraform_part,
    written,
)
from sampling import Sample, samples, scanned

from ecs_preflight.findings.finding import Finding
from ecs_preflight.findings.identity import key

Part = TypeVar("Part")

#: A sample whose file cannot be read has no parts.
READABLE = [sample for sample in samples() if (sample.rule, sample.name) != ("ECS001", "bad")]
TERRAFORM = [sample for sample in READABLE if sample.language == "terraform"]
TEMPLATES = [sample for sample in READABLE if sample.path.is_file()]
#: Samples with how many of their parts are tried by what takes longer: a few of the samples.
_TRIED_TEMPLATES, _TRIED_TERRAFORM = (
    [(sample, 1) for sample in found[::4]]
    + [pytest.param(sample, 10, marks=pytest.mark.slow) for sample in found]
    for found in (TEMPLATES, TERRAFORM)
)
#: How many parts of a sample every run tries, and how many `make test-all` does.
TRIED = (1, pytest.param(20, marks=pytest.mark.slow))


@pytest.mark.parametrize("tried", TRIED)
@pytest.mark.parametrize("sample", TERRAFORM, ids=str)
def test_an_unknown_part_of_terraform_adds_no_error_and_hides_no_need(
    sample: Sample, tried: int, tmp_path: Path
) -> None:
    base = scanned(sample.path)
    for number, part in enumerate(_some(tried, sample, list(terraform_parts(sample)))):
        for how, unknown in enumerate(UNKNOWN_TERRAFORM):
            changed = without_terraform_part(sample, part, unknown, tmp_path / f"{number}-{how}")
            assert_no_more(base, scanned(changed), f"{unknown.expression} for {part}")


@pytest.mark.parametrize("tried", TRIED)
@pytest.mark.parametrize("sample", TEMPLATES, ids=str)
def test_an_unknown_part_of_a_template_adds_no_error_and_hides_no_need(
    sample: Sample, tried: int, tmp_path: Path
) -> None:
    whole, base = template(sample), scanned(sample.path)
    for path in _some(tried, sample, list(template_parts(whole))):
        changed = without_template_part(whole, path, tmp_path / "template.json")
        assert_no_more(base, scanned(changed), ".".join(map(str, path)))


@pytest.mark.parametrize(("sample", "tried"), _TRIED_TEMPLATES, ids=str)
def test_a_part_of_a_template_that_a_condition_leaves_out_hides_no_need(
    sample: Sample, tried: int, tmp_path: Path
) -> None:
    whole, base = template(sample), scanned(sample.path)
    for path in _some(tried, sample, list(template_parts(whole))):
        changed = in_a_world(whole, path, tmp_path / "template.json")
        assert_no_more(base, scanned(changed), ".".join(map(str, path)))


@pytest.mark.parametrize(("sample", "tried"), _TRIED_TERRAFORM, ids=str)
def test_what_a_plan_does_not_know_adds_no_error_and_hides_no_need(
    sample: Sample, tried: int, tmp_path: Path
) -> None:
    plan = planned_sample(sample, tmp_path / "code")
    if plan is None:
        pytest.skip("nothing in it can be planned")
    base = scanned(written(plan, tmp_path / "plan.json"))
    for path in _some(tried, sample, list(plan_parts(plan))):
        changed = without_plan_part(plan, path, tmp_path / "plan.json")
        assert_no_more(base, scanned(changed), ".".join(map(str, path)))


@pytest.mark.parametrize("sample", TEMPLATES, ids=str)
def test_a_template_says_in_json_what_it_says_in_yaml(sample: Sample, tmp_path: Path) -> None:
    as_json = scanned(written(template(sample), tmp_path / "template.json"))
    assert _identities(as_json.findings) == _identities(scanned(sample.path).findings)


def _some(count: int, sample: Sample, parts: Sequence[Part]) -> list[Part]:
    """That many of the parts, the same ones in every run."""
    return random.Random(f"{sample} {count}").sample(parts, min(count, len(parts)))


def _identities(findings: Iterable[Finding]) -> list[tuple[str, str, str, str]]:
    return sorted((*key(f), f.severity.value) for f in findings)
