"""What each task needs of its roles, in the forms that people and tools read."""

from __future__ import annotations

from . import as_json, lines, markdown, page
from .explanation import Explanation, StackView, explained
from .table import MET, NO_ROLE, UNDECIDED, UNMET, Row, rows

__all__ = [
    "MET",
    "NO_ROLE",
    "UNDECIDED",
    "UNMET",
    "Explanation",
    "Row",
    "StackView",
    "as_json",
    "explained",
    "lines",
    "markdown",
    "page",
    "rows",
]
