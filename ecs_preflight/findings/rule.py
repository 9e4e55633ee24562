"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..model import Resource, Stack
from ..symbolic.answers import Evidence
from ..symbolic.records import dataclass, field
from ..symbolic.source import Span
from ..symbolic.values import Known, Unknown, Value
from .finding import (
    AnyOutcome,
    Finding,
    Fix,
    Met,
    NeedRecord,
    Phase,
    Severity,
    Undecided,
    Whose,
    page_of,
)
from .needs import Need


@dataclass(frozen=True)
class Rule:
    """A rule is a value: its id, its name (a noun phrase of the fault), the severities it can give,
    and a pure function from a stack to outcomes. ``page`` is its module's docstring. Rules about
    permissions also tell the ``needs`` they put to IAM, which explain and policy print.
    ``security`` grades rules that are about security, not about whether a task works, on CVSS's
    scale (GitHub: above 9.0 critical, 7.0 high, 4.0 medium); "" for all others."""

    id: str
    name: str
    severities: tuple[Severity, ...]
    page: str = field(repr=False)
    check: Callable[[Rule, Stack], Iterable[AnyOutcome | None]] = field(repr=False)
    needs: Callable[[Stack], Iterable[Need]] | None = field(default=None, repr=False)
    security: str = ""

    def needs_of(self, stack: Stack) -> tuple[Need, ...]:
        """The needs that the rule puts to IAM, worked out once for each stack; none of a rule that
        asks for no permission."""
        found = stack.derived(_needs_by_rule)
        if self.id not in found:
            found[self.id] = tuple(self.needs(stack)) if self.needs else ()
        return found[self.id]

    @property
    def title(self) -> str:
        """The first line of the rule's page, without its full stop."""
        return self.page.strip().splitlines()[0].rstrip(".")

    @property
    def help(self) -> str:
        """The address of the rule's page."""
        return page_of(self.id)

    def finding(
        self,
        owner: Resource,
        message: str,
        *,
        span: Span,
        phase: Phase,
        subject: Value | str,
        severity: Severity | None = None,
        need: NeedRecord | None = None,
        related: Iterable[Evidence] = (),
        fails_with: str = "",
        fix: Fix | None = None,
        cause: str = "",
        together: Iterable[Value] = (),
        whose: Whose = Whose.CODE,
        listed: Span | None = None,
    ) -> Finding:
        """A finding of this rule; ``severity`` defaults to the gravest the rule can give.
        ``together`` are values that are at fault only with one another; ``whose`` the fault is
        where an input brings it; ``listed`` the list that stands around what is at fault."""
        return Finding(
            rule=self.id,
            name=self.name,
            owner=owner,
            message=message,
            span=span,
            phase=phase,
            subject=_text(subject),
            severity=severity or self.severities[0],
            need=need,
            related=tuple(related),
            fails_with=fails_with,
            fix=fix,
            cause=cause,
            inputs=frozenset(v.origin for v in together if isinstance(v, Known) and v.origin),
            whose=whose,
            listed=listed,
        )

    def met(
        self,
        owner: Resource,
        *,
        span: Span,
        subject: Value | str,
        need: NeedRecord | None = None,
        within: Evidence | None = None,
    ) -> Met:
        """The proof that a need is met, ``within`` a boundary that is out of sight, where there is
        one."""
        return Met(
            rule=self.id, owner=owner, subject=_text(subject), span=span, need=need, within=within
        )

    def open(self, parts: Iterable[tuple[Resource, Value | str, Unknown]]) -> Iterator[Undecided]:
        """What may need what the rule asks for: (owner, what it is, why it is not known)."""
        for owner, title, reason in parts:
            yield self.undecided(owner, reason, span=reason.span, subject=title)

    def undecided(
        self,
        owner: Resource,
        reason: Unknown,
        *,
        span: Span,
        subject: Value | str,
        need: NeedRecord | None = None,
    ) -> Undecided:
        """A need of which it is not known whether it is met, with the reason."""
        return Undecided(
            rule=self.id, owner=owner, subject=_text(subject), span=span, need=need, reason=reason
        )


def _needs_by_rule(_: Stack) -> dict[str, tuple[Need, ...]]:
    """What rules have asked for already; several compare the same needs."""
    return {}


def _text(subject: Value | str) -> Value:
    return Known(subject) if isinstance(subject, str) else subject
