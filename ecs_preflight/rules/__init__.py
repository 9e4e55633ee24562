"""The rules, gathered explicitly. Each stands in a file of its own, named after its id and name."""

from __future__ import annotations

from ..finding import Rule

RULES: tuple[Rule, ...] = ()
