"""What holds for every sample: an unknown part adds no error and hides no need; JSON says what
YAML says."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from mutating import (
    UNKNOWN_TERRAFORM,
    template,
    template_parts,
    terraform_parts,
    without_template_part,
    without_terraform_part,
    written,
)
from sampling import Sample, samples, scanned

from ecs_preflight.analysis.scan import Report
from ecs_preflight.findings.finding import Finding, Severity
from ecs_preflight.findings.identity import key

Part = TypeVar("Part")

#: A sample whose file cannot be read has no parts.
READABLE = [sample for sample in samples() if (sample.rule, sample.name) != ("ECS001", "bad")]
TERRAFORM = [sample for sample in READABLE if sample.language == "terraform"]
TEMPLATES = [sample for sample in READABLE if sample.path.is_file()]
#: Rules whose needs one unknown part of a task may hide from each other.
_BROUGHT_BY = {
    rule: part
    for part, rules in {
        "containers": ("ECS602", "ECS609", "ECS809"),
        "logs": ("ECS603", "ECS604", "ECS806"),
        "secrets": ("ECS605", "ECS606", "ECS607"),
        "volumes": ("ECS805",),
        "instances": ("ECS825",),
    }.items()
    for rule in rules
}
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
            _assert_no_more(base, scanned(changed), f"{unknown.expression} for {part}")


@pytest.mark.parametrize("tried", TRIED)
@pytest.mark.parametrize("sample", TEMPLATES, ids=str)
def test_an_unknown_part_of_a_template_adds_no_error_and_hides_no_need(
    sample: Sample, tried: int, tmp_path: Path
) -> None:
    whole, base = template(sample), scanned(sample.path)
    for path in _some(tried, sample, list(template_parts(whole))):
        changed = without_template_part(whole, path, tmp_path / "template.json")
        _assert_no_more(base, scanned(changed), ".".join(map(str, path)))


@pytest.mark.parametrize("sample", TEMPLATES, ids=str)
def test_a_template_says_in_json_what_it_says_in_yaml(sample: Sample, tmp_path: Path) -> None:
    as_json = scanned(written(template(sample), tmp_path / "template.json"))
    assert _identities(as_json.findings) == _identities(scanned(sample.path).findings)


def _some(count: int, sample: Sample, parts: Sequence[Part]) -> list[Part]:
    """That many of the parts, the same ones in every run."""
    return random.Random(f"{sample} {count}").sample(parts, min(count, len(parts)))


def _assert_no_more(base: Report, report: Report, part: str) -> None:
    assert not report.faults, f"{part}: {report.faults}"
    hidden = _needs(base) - _needs(report)
    assert not hidden, f"{part}: {hidden}"
    more = _errors(report) - _errors(base)
    said = [finding.message for finding in report.findings if _identity(finding) in more]
    assert not more, f"{part}: {said}"


def _needs(report: Report) -> set[tuple[str, str]]:
    """Who has needs, by what of a task brings them: its containers, their logs, secrets, volumes."""
    return {
        (_BROUGHT_BY[outcome.rule], re.sub(r"\[[^\]]*\]", "", outcome.owner.address))
        for outcome in report.outcomes
        if outcome.rule in _BROUGHT_BY and outcome.owner.type != "file"
    }


def _errors(report: Report) -> set[tuple[str, str]]:
    """The errors, but for those that take a certain value of an input: it may well have it."""
    return {
        _identity(finding)
        for finding in report.findings
        if finding.severity is Severity.ERROR and finding.when is None
    }


def _identity(finding: Finding) -> tuple[str, str]:
    """Rule and owner; a count or for_each that is not known leaves the index out. That a role
    cannot be assumed is one fault, whichever of its uses is known; so is what it cannot read, be it
    a secret or a parameter."""
    alike = {"ECS501": "trust", "ECS502": "trust", "ECS503": "trust", "ECS606": "ECS605"}
    return alike.get(finding.rule, finding.rule), re.sub(r"\[[^\]]*\]", "", finding.owner.address)


def _identities(findings: Iterable[Finding]) -> list[tuple[str, str, str, str]]:
    return sorted((*key(f), f.severity.value) for f in findings)
