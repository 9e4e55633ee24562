"""What explain says, for the forms it is read in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from ...analysis.judge import Judged
from ...findings.finding import Finding, Severity
from ...findings.rule import Rule
from ...findings.sensitive import hidden, hide
from ...model import Launch, Role, TaskDefinition
from ...symbolic.records import dataclass, replace
from ...symbolic.source import Span
from ...symbolic.values import Unknown
from ..coverage import plural, reasons
from .map import Map, MapNode, draw
from .table import MET, UNDECIDED, VERDICTS, Row, counts, renamed, rows_of


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
    """All stacks, in the order of their names, and what could not be read of them."""

    stacks: tuple[StackView, ...]
    gaps: tuple[Unknown, ...] = ()

    @cached_property
    def needs(self) -> tuple[Row, ...]:
        """The needs of all stacks."""
        return tuple(row for stack in self.stacks for row in stack.needs)

    @cached_property
    def totals(self) -> dict[str, int]:
        """How much there is of each, stable names."""
        parts = {
            name: sum(getattr(stack, name) for stack in self.stacks)
            for name in ("task_definitions", "launches", "roles")
        }
        return {"stacks": len(self.stacks), **parts, "needs": len(self.needs), **counts(self.needs)}

    @cached_property
    def coverage(self) -> str:
        """``12 needs: 7 met, 2 unmet, 3 undecided (2 modules not downloaded: ...)``."""
        found = counts(self.needs)
        unmet = len(self.needs) - found[MET] - found[UNDECIDED]
        why = reasons(self.gaps)
        return (
            f"{plural(len(self.needs), 'need')}: {found[MET]} met, {unmet} unmet, "
            f"{found[UNDECIDED]} undecided{f' ({why})' if why else ''}"
        )


def explained(
    judged: Sequence[Judged],
    rules: Sequence[Rule],
    name: Callable[[Span], Span] = lambda span: span,
) -> Explanation:
    """The stacks explained; ``name`` names the files of all places."""
    views = [_view(result, rules, name) for result in judged]
    gaps = dict.fromkeys(gap for result in judged for gap in result.stack.unread)
    shown = (view for view in views if view.needs or view.findings)
    return Explanation(tuple(sorted(shown, key=lambda view: view.name)), tuple(gaps))


def _view(result: Judged, rules: Sequence[Rule], name: Callable[[Span], Span]) -> StackView:
    table = sorted(
        dict.fromkeys(rows_of(result, rules)),
        key=lambda row: (row.task, VERDICTS.index(row.verdict), row.owner, row.principal),
    )
    drawn = draw(result.stack, table)

    def shown(node: MapNode) -> MapNode:
        return replace(node, title=hidden(node.title, result.secrets), place=name(node.place))

    own = [r for r in result.stack.resources if r.address not in result.stack.foreign]
    others = [
        replace(hide(outcome, result.secrets), span=name(outcome.span))
        for outcome in result.outcomes
        if isinstance(outcome, Finding)
        and outcome.need is None
        and outcome.severity is not Severity.NOTE
    ]
    return StackView(
        name(Span(result.stack.name, 1)).file,
        tuple(renamed(row, name) for row in table),
        Map(tuple(map(shown, drawn.nodes)), drawn.edges),
        tuple(sorted(others, key=lambda f: (f.span.file, f.span.line, f.rule))),
        *(sum(isinstance(r, kind) for r in own) for kind in (TaskDefinition, Launch, Role)),
    )
