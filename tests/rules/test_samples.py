"""The samples say on their lines what is to be found there: exactly that is found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sampling import (
    LANGUAGES,
    NOT_SHOWN,
    ROOT,
    RULE_OF,
    Sample,
    Seen,
    expected,
    marks,
    reported,
    samples,
    scanned,
)

from ecs_preflight.findings.finding import Severity
from ecs_preflight.findings.rule import Rule
from ecs_preflight.rules import RULES

SAMPLES = samples()

SHOWN = [
    (rule, language)
    for rule in RULES
    for language in LANGUAGES
    if (rule.id, language) not in NOT_SHOWN
]


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_sample_yields_exactly_what_its_comments_say(sample: Sample) -> None:
    report = scanned(sample.path)
    wanted, found = expected(sample), reported(sample, report)

    assert not report.faults
    assert _told(found - wanted) == [], "found, but not announced"
    assert _told(wanted - found) == [], "announced, but not found"

    undecided = {(Path(o.span.file).resolve(), o.span.line, o.rule) for o in report.undecided}
    for mark in marks(sample):
        target = (mark.file, mark.line, mark.rule)
        if mark.kind == "undecided":
            assert target in undecided, f"{target} is decided, or nobody asks"
        elif mark.kind == "ok":
            assert target not in undecided, f"{target} is undecided"


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_comments_name_rules_and_do_not_contradict_each_other(sample: Sample) -> None:
    said: dict[tuple[Path, int, str], str] = {}
    for mark in marks(sample):
        assert mark.rule in RULE_OF, f"{mark.file}:{mark.line}: there is no rule {mark.rule}"
        severities = RULE_OF[mark.rule].severities
        # What only another value than an input's default brings is a warning in any case.
        assert mark.severity in (None, *severities, Severity.WARNING)
        assert said.setdefault((mark.file, mark.line, mark.rule), mark.kind) == mark.kind
        assert mark.line <= len(mark.file.read_text("utf-8", "replace").splitlines())


@pytest.mark.parametrize(("rule", "language"), SHOWN, ids=lambda one: getattr(one, "id", one))
def test_every_rule_is_shown_in_both_languages(rule: Rule, language: str) -> None:
    own = [sample for sample in SAMPLES if sample.language == language and sample.rule == rule.id]
    shown = {
        sample.name: {mark.rule for mark in marks(sample) if mark.kind == "expect"}
        for sample in own
    }

    assert {sample.group for sample in own} == {f"{rule.id}-{rule.name}"}
    assert {"bad", "good"} <= set(shown)
    for name, rules in shown.items():
        kind = name.split("-", 1)[0]
        assert kind in ("bad", "good"), name
        assert (rule.id in rules) == (kind == "bad"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_of_rules_are_of_rules_that_exist(language: str) -> None:
    groups = {path.name for path in (ROOT / language).iterdir() if path.name.startswith("ECS")}
    assert groups <= {f"{rule.id}-{rule.name}" for rule in RULES}


def _told(seen: Counter[Seen]) -> list[str]:
    return sorted(str(one) for one in seen.elements())
