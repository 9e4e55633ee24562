"""Every fact that the code cites is in docs/facts.md, with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FACTS = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")

#: ``facts C4``, ``facts B5, C4, C6``, ``facts K2 and K3``, ``facts D5 to D10``, ``facts L``.
CITATION = re.compile(r"\bfacts? ([A-Z]\d*(?:(?:, (?:and )?| and | to )[A-Z]\d*\b)*)")
ROWS = dict(re.findall(r"^\| ([A-Z]\d+) \|(.*)\|$", FACTS, re.M))
SECTIONS = {
    letter
    for title in re.findall(r"^## (.*)\.", FACTS, re.M)
    for letter in re.findall(r"\b[A-Z]\b", title)
}


def cited() -> Iterator[tuple[str, str]]:
    """(file, citation) of all that is cited in code, tests, tools and documents."""
    for folder in ("ecs_preflight", "tests", "tools", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".md") and path.is_file() and path.name != "facts.md":
                text = " ".join(path.read_text(encoding="utf-8").split())
                for found in CITATION.finditer(text.replace(" # ", " ")):
                    yield path.relative_to(ROOT).as_posix(), found[1]


def named(citation: str) -> Iterator[str]:
    """The facts of a citation; a range is its ends."""
    yield from re.findall(r"[A-Z]\d*", citation)


def test_every_citation_resolves() -> None:
    citations = [(file, fact) for file, citation in cited() for fact in named(citation)]
    assert len(citations) > 50
    missing = {
        f"{file}: {fact}" for file, fact in citations if fact not in ROWS and fact not in SECTIONS
    }
    assert missing == set()


@pytest.mark.parametrize("fact", ROWS)
def test_every_fact_has_a_source(fact: str) -> None:
    what, source = (field.strip() for field in ROWS[fact].rsplit("|", 1))
    assert len(what.split()) > 3
    assert source


def test_no_document_is_cited_that_is_not_here() -> None:
    wrong = [
        path
        for path in sorted((ROOT / "ecs_preflight").rglob("*.py"))
        if re.search(r"\b(failures|requirements|matrix|seed-claims) \d", path.read_text("utf-8"))
    ]
    assert wrong == []
