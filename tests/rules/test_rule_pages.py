"""The pages in docs/rules are what the rules and their samples say."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("rule_pages", ROOT / "tools" / "rule_pages.py")
assert SPEC and SPEC.loader
rule_pages = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(rule_pages)

HEADINGS = ["What it finds", "Why it matters", "Fix", "When it stays silent", "References"]


def test_pages_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    written = {
        path.name: path.read_text(encoding="utf-8") for path in rule_pages.PAGES.glob("*.md")
    }
    assert written == rule_pages.pages(), "run: python tools/rule_pages.py"


@pytest.mark.parametrize("rule", rule_pages.RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_whole_page(rule: object) -> None:
    assert list(rule_pages._sections(rule.page)) == HEADINGS  # type: ignore[attr-defined]
    assert rule.title and not rule.page.startswith(("\n", " "))  # type: ignore[attr-defined]


def test_pages_show_samples_without_what_the_tests_read_in_them() -> None:
    marked = re.compile(r"#\s*(expect|undecided|ok)\b[-(:]")
    assert [
        path.name
        for path in rule_pages.PAGES.glob("*.md")
        if marked.search(path.read_text(encoding="utf-8"))
    ] == []


#: What a window of 1,280 by 900 pixels shows of the site: lines, and characters in one.
LINES, WIDTH = 38, 110


@pytest.mark.parametrize("page", sorted(rule_pages.PAGES.glob("ECS*.md")), ids=lambda p: p.stem)
def test_a_page_with_its_samples_folded_fills_two_screens_at_most(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = re.sub(r"<details.*?</details>", "folded", text, flags=re.DOTALL)
    shown = re.sub(r"\]\([^)]*\)", "]", shown)
    filled = [-(-len(line) // WIDTH) for line in shown.splitlines()]
    # An empty line parts paragraphs by half a line.
    assert sum(lines or 0.5 for lines in filled) <= 2 * LINES
