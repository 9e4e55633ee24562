"""The rules by id, name, severities and title, read from their index page: telling them takes no
loading of what does the work. A test holds the page against the rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ..symbolic.patterns import regex

_ROW = regex(r"^\| \[(ECS\d{3})\]\(\S+\) (\S+) \| (.*) \| ([\w, ]+) \|$", re.MULTILINE)


class ListedRule(NamedTuple):
    """A rule as the list shows it, without its code."""

    id: str
    name: str
    title: str
    severities: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.id}  {self.name:<40} {'/'.join(self.severities):<20} {self.title}"


def rows() -> tuple[ListedRule, ...]:
    """In the order of their ids."""
    text = (Path(__file__).parents[1] / "pages" / "README.md").read_text("utf-8")
    found = (
        ListedRule(rule, name, title, tuple(severities.split(", ")))
        for rule, name, title, severities in _ROW.findall(text)
    )
    return tuple(sorted(found))
