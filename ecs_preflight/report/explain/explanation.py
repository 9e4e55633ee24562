"""What explain says, for the forms it is read in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from ...analysis.judge import Judged
from ...findings.finding import Finding, Severity, is_need
from ...findings.rule import Rule
from ...findings.sensitive import hidden, hide
from ...model import Launch, Role, TaskDefinition
from ...symbolic.records import dataclass, replace
from ...symbolic.source import Span
from .map import Map, MapNode, draw
from .table import NO_ROLE, VERDICTS, Row, counts, renamed, rows_of


@dataclass(frozen=True)
class StackView:
    """One stack: its needs, its map, and findings that no need is behind."""

    name: str
    needs: tuple[Row, ...]
    map: Map
    findings: tuple[Finding, ...]
    task_definitions: int
    launches: int
    roles: int


@dataclass(frozen=True)
class Explanation:
    """All stacks, in the order of their names; ``coverage`` is what a scan says in closing."""

    stacks: tuple[StackView, ...]
    coverage: str = ""

    @cached_property
    def needs(self) -> tuple[Row, ...]:
        """The needs of all stacks."""
        return tuple(row for stack in self.stacks for row in stack.needs)

    @cached_property
    def totals(self) -> dict[str, int]:
        """How much there is of each, stable names. What lacks a role is one need with that."""
        parts = {
            name: sum(getattr(stack, name) for stack in self.stacks)
            for name in ("task_definitions", "launches", "roles")
        }
        found = counts(self.needs)
        needs = len(self.needs) - found[NO_ROLE]
        return {"stacks": len(self.stacks), **parts, "needs": needs, **found}


def explained(
    judged: Sequence[Judged],
    rules: Sequence[Rule],
    coverage: str = "",
    name: Callable[[Span], Span] = lambda span: span,
) -> Explanation:
    """The stacks explained; ``coverage`` is what a scan says in closing, ``name`` names the files
    of all places."""
    views = [_view(result, rules, name) for result in judged]
    shown = (view for view in views if view.needs or view.findings)
    return Explanation(tuple(sorted(shown, key=lambda view: view.name)), coverage)


def _view(result: Judged, rules: Sequence[Rule], name: Callable[[Span], Span]) -> StackView:
    table = sorted(
        dict.fromkeys(rows_of(result, rules)),
        key=lambda row: (
            row.task,
            VERDICTS.index(row.verdict),
            row.owner,
            not row.principal,
            row.principal,
        ),
    )
    drawn = draw(result.stack, [row for row in table if row.principal])

    def shown(node: MapNode) -> MapNode:
        return replace(node, title=hidden(node.title, result.secrets), place=name(node.place))

    own = list(filter(result.stack.owns, result.stack.resources))
    others = [
        replace(hide(outcome, result.secrets), span=name(outcome.span))
        for outcome in result.outcomes
        if isinstance(outcome, Finding)
        and not is_need(outcome)
        and outcome.severity is not Severity.NOTE
    ]
    return StackView(
        name(Span(result.stack.name, 1)).file,
        tuple(renamed(row, name) for row in table),
        Map(tuple(map(shown, drawn.nodes)), drawn.edges),
        tuple(sorted(others, key=lambda f: (f.span.file, f.span.line, f.rule))),
        *(sum(isinstance(r, kind) for r in own) for kind in (TaskDefinition, Launch, Role)),
    )
