"""docs/coverage.md is what the rules make of it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("coverage_page", ROOT / "tools" / "coverage_page.py")
assert SPEC is not None and SPEC.loader is not None
coverage_page = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(coverage_page)


def test_the_page_is_up_to_date() -> None:
    written = coverage_page.PAGE.read_text(encoding="utf-8")
    assert written == coverage_page.page(), "run: python tools/coverage_page.py"


def test_every_rule_but_the_tools_own_is_in_it() -> None:
    text = coverage_page.page()
    own = ("ECS001", "ECS002")
    assert not [r.id for r in coverage_page.RULES if r.id not in text and r.id not in own]


def test_each_refusal_has_a_rule_or_a_reason_and_each_feature_a_rule() -> None:
    ids = {rule.id for rule in coverage_page.RULES}
    refusals, features = coverage_page._read("refusals.tsv"), coverage_page._read("features.tsv")
    assert len({what for what, _, _ in refusals}) == len(refusals) == 118
    for what, rules, why in refusals:
        assert bool(rules) != bool(why), what
        assert set(rules.split()) <= ids, what
    for _, feature, needed, rules, _, source in features:
        assert needed and source and rules, feature
        assert set(rules.split()) <= ids, feature
