"""Needs: who must be allowed what, on what, because of which line, and what breaks otherwise.

A rule derives the needs of a feature beside the feature's documentation; ``outcome`` puts each to
IAM and words the answer. Explain and policy print the very same needs.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Principal, Resource, Role, Stack, TaskDefinition
from ..symbolic.records import dataclass, field
from ..symbolic.source import Span
from ..symbolic.titles import shown_title
from ..symbolic.values import ABSENT, Unknown, Value
from .finding import NeedRecord, Phase, Severity
from .wording import named


@dataclass(frozen=True)
class Demand:
    """One action on one resource: a text with holes, or ``*``. ``context`` holds condition keys of
    the request with their values, where they differ from what IAM is told by default.
    ``fails_with`` is what AWS says when this very call is refused, "" where the need's own message
    tells it."""

    action: str
    resource: Value
    context: tuple[tuple[str, Value], ...] = ()
    fails_with: str = field(default="", compare=False)


@dataclass(frozen=True)
class PartialMiss:
    """What a miss weighs that is of ``actions`` alone, where the others are allowed: less than the
    whole, or later. ``phase`` is the need's where it is None."""

    actions: frozenset[str]
    severity: Severity
    phase: Phase | None = None
    fails_with: str = ""


@dataclass(frozen=True, kw_only=True)
class Need:
    """``role``, the ``principal`` of ``task``, must be allowed every one of ``demands``.

    ``owner`` is the resource that the need is about, ``because`` the value that makes it necessary
    (``origin``: that value itself, where resources are read out of it), ``purpose`` the same in
    words as they follow "needed to": ``read secret 'DB_PASSWORD' of container 'app'``.
    ``doubt`` says why the need itself may not exist. ``subject`` tells needs of
    one rule and owner apart. ``severity`` is what a miss weighs, the rule's gravest where it is
    None; ``partial`` what it weighs where some of the actions are allowed. ``title`` is what a
    person calls the role, where its principal does not say it, ``managed`` the name of the policy
    that AWS made for it."""

    owner: Resource
    principal: Principal
    role: Value
    demands: tuple[Demand, ...]
    because: Span
    purpose: str
    subject: Value | str
    phase: Phase
    task: TaskDefinition | None = None
    fails_with: str = ""
    doubt: Unknown | None = None
    origin: Value = ABSENT
    severity: Severity | None = None
    partial: PartialMiss | None = None
    title: str = ""
    managed: str = ""

    def record(self, stack: Stack, demands: Iterable[Demand] = ()) -> NeedRecord:
        """The need as reports show it, narrowed to ``demands`` (those that are not met)."""
        request = tuple(demands) or self.demands
        found = stack.role_of(self.role)
        title = found.address if isinstance(found, Role) else shown_title(self.role)
        return NeedRecord(
            self.principal,
            title,
            tuple(dict.fromkeys(demand.action for demand in request)),
            request[-1].resource,
            named(stack, request[-1].resource),
        )


def demands(actions: Iterable[str], resource: Value) -> tuple[Demand, ...]:
    """Each of the actions on the one resource."""
    return tuple(Demand(action, resource) for action in actions)
