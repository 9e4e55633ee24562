"""What a role's policies grant, to be looked at as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial

from ..model import Policy, Role
from ..symbolic.answers import Evidence, No, Yes
from ..symbolic.budget import charge, current
from ..symbolic.records import dataclass
from ..symbolic.source import NOWHERE, Span
from ..symbolic.strings import pieces
from ..symbolic.titles import shown_title
from ..symbolic.values import (
    Known,
    Reference,
    Shape,
    Unknown,
    Value,
    first,
    join,
    literal,
    text,
)
from . import actions, match, scopes
from .attached import title_of
from .document import Statement, statements
from .evaluate import forms_of


@dataclass(frozen=True)
class Grant:
    """An action that a statement of a policy allows; ``*`` when it allows all but its NotAction."""

    action: Value
    statement: Statement
    policy: Policy

    @property
    def resources(self) -> tuple[Value, ...]:
        """The resource patterns; ``*`` when the statement says what it leaves out instead."""
        listed = self.statement.resources
        return (Known("*", self.statement.span),) if listed is None else listed.items

    @property
    def span(self) -> Span:
        """Where the action is written; where the policy is attached, if it is written nowhere."""
        written = self.action.span if self.action.span != NOWHERE else self.statement.span
        return self.policy.attached if written == NOWHERE else written

    @property
    def title(self) -> str:
        """``Statement 'Logs' of inline policy 'app'``."""
        return f"{self.statement.heading} of {title_of(self.policy)}"

    def everywhere(self) -> bool:
        """Is it certainly granted on all resources?"""
        return self.statement.is_unconditional and any(literal(r) == "*" for r in self.resources)


@dataclass(frozen=True)
class Grants:
    """All grants of a role that no Deny takes away; ``remainder`` says why there may be more."""

    items: tuple[Grant, ...]
    remainder: Unknown | None

    def __iter__(self) -> Iterator[Grant]:
        return iter(self.items)

    def repeated(self, grant: Grant) -> bool:
        """Do other statements grant the same, with effect, on what each of its resources seems to
        be meant for: the bucket beside its objects, the group's streams beside the group?"""
        working = self._working(grant.action)
        return all(
            any(_akin(each, other) for by, other in working if by is not grant.statement)
            for each in grant.resources
        )

    def _working(self, action: Value) -> list[tuple[Statement, Value]]:
        """The resources on which the action seems to have effect, each with the statement that
        always allows it there."""
        known = self._known.get(action)
        if known is None:
            charge(len(self._unconditional))
            meant = actions.matching(literal(action) or "") or ()
            known = self._known[action] = [
                (other.statement, resource)
                for named, others in self._unconditional.items()
                if _repeats(action, named)
                for other in others
                for resource in other.resources
                if any(_fits(each, (resource,)) for each in meant)
            ]
        return known

    @cached_property
    def _unconditional(self) -> dict[Value, list[Grant]]:
        """The grants without conditions, by their actions."""
        found: dict[Value, list[Grant]] = {}
        for grant in self.items:
            if grant.statement.is_unconditional:
                found.setdefault(grant.action, []).append(grant)
        return found

    @cached_property
    def _known(self) -> dict[Value, list[tuple[Statement, Value]]]:
        return {}

    def without_effect(self) -> tuple[tuple[Grant, Evidence], ...]:
        """The grants, but for those of AWS's own policies, of an action which none of the
        statement's resources can ever match, each with the reason. Judged over all of them: a
        bucket and its objects stand side by side."""
        found = []
        limits: dict[int, tuple[Value, ...]] = {}
        for grant in self.items:
            if grant.policy.kind.is_ready_made:
                continue
            key = id(grant.statement)
            if key not in limits:
                limits[key] = _limited_to(grant.statement)
            reason = _no_effect(grant, limits[key])
            if reason is not None:
                found.append((grant, Evidence(reason, grant.policy.attachment, grant.span)))
        return tuple(found)


def grants(role: Role) -> Grants:
    """What the role's policies allow, as written; conditions and boundary are not looked at."""
    found: list[Grant] = []
    denials: list[Statement] = []
    remainder = first(*role.gaps)
    for policy in role.policies:
        document = statements(policy)
        remainder = first(remainder, document.remainder)
        for statement in document.statements:
            if literal(statement.effect) == "Deny":
                denials.append(statement)
                continue
            listed = statement.actions
            remainder = first(remainder, statement.unread, listed.remainder if listed else None)
            if literal(statement.effect) == "Allow":
                named = (Known("*", statement.span),) if listed is None else listed.items
                found += [Grant(action, statement, policy) for action in named]
    left = (g for g in found if not any(_takes_away(denial, g.action) for denial in denials))
    return Grants(tuple(left), remainder)


def _takes_away(denial: Statement, action: Value) -> bool:
    """Does the Deny apply to all that the action stands for, everywhere and always?"""
    everywhere = denial.resources is not None and any(literal(r) == "*" for r in denial.resources)
    return (
        everywhere
        and denial.is_unconditional
        and denial.actions is not None
        and any(
            isinstance(match.within(action, pattern, fold=True), Yes) for pattern in denial.actions
        )
    )


def _limited_to(statement: Statement) -> tuple[Value, ...]:
    """The resources that the statement speaks of; none where there may be others."""
    listed = statement.resources
    if listed is None or listed.remainder is not None:
        return ()
    if any(literal(resource) == "" for resource in listed):
        return ()  # a parameter's "not given": whoever deploys gives it
    return tuple(map(of_log_group, listed.items))


#: An attribute that is an ARN, in either language.
_ARN = ("arn", "Arn")


def _arn_of(resource: Value) -> Value:
    """What is known of a resource's ARN of which nothing else is: it is no ``*``."""
    if isinstance(resource, Reference) and resource.text is None and resource.attribute in _ARN:
        hole = Unknown("the rest of the ARN", resource.symbol, span=resource.span)
        return text(["arn:", hole], resource.span)
    return resource


def _no_effect(grant: Grant, resources: tuple[Value, ...]) -> str | None:
    pattern = literal(grant.action)
    meant = actions.matching(pattern) if pattern is not None and resources else None
    if not meant or any(_fits(action, resources) for action in meant):
        return None
    key, misfit = (_misfit, meant[0], resources), partial(_misfit, meant[0], resources)
    return f"{grant.title} allows '{pattern}' {current().once(key, misfit)}."


def of_log_group(resource: Value) -> Value:
    """A log group's ARN, where what is not known of the name holds no colon: no name does (API
    CreateLogGroup), so that the ARN is one without ``:*`` whatever the name is."""
    found = pieces.parts(resource)
    begins = next(
        (i for i, part in enumerate(found) if ":log-group:" in str(getattr(part, "value", ""))),
        len(found),
    )
    named = (
        Unknown("a log group's name", part.symbol, shape=Shape.WORD, span=part.span)
        if isinstance(part, (Unknown, Reference)) and index > begins
        else part
        for index, part in enumerate(found)
    )
    return text(list(named), resource.span) if begins < len(found) - 1 else resource


def _akin(resource: Value, other: Value) -> bool:
    """Does one begin as the other reads?"""
    return any(
        isinstance(match.within(long, join(short, "*")), Yes)
        for long, short in ((resource, other), (other, resource))
    )


def _fits(action: str, resources: tuple[Value, ...]) -> bool:
    """May one of the resources be one that the action is checked on? Worked out once for all worlds
    in which a resource reads so."""
    once = current().once
    return any(once((_fits_one, action, r), partial(_fits_one, action, r)) for r in resources)


def _fits_one(action: str, resource: Value) -> bool:
    arn = _arn_of(resource)
    return any(not isinstance(match.covers(arn, s), No) for s in forms_of(action))


def _repeats(inner: Value, outer: Value) -> bool:
    """Is all that one action stands for among what the other does?"""
    return current().once(
        (_repeats, inner, outer), lambda: isinstance(match.within(inner, outer, fold=True), Yes)
    )


def _misfit(action: str, resources: tuple[Value, ...]) -> str:
    """Why none of the resources is one that the action is checked on: of its own service's, where
    there are some."""
    own = tuple(r for r in resources if _is_of(action.partition(":")[0], r))
    resources = own or resources
    reasons = (
        scopes.explain(action, resource, subject)
        for resource in resources
        for subject in forms_of(action)
    )
    return next(filter(None, reasons), None) or (
        f"on '{shown_title(resources[0])}', but it is checked on {_checked_on(action)}"
    )


def _is_of(service: str, resource: Value) -> bool:
    fields = pieces.arn_parts(resource)
    return fields is not None and (literal(fields[pieces.SERVICE]) or "").lower() == service.lower()


def _checked_on(action: str) -> str:
    """The forms of the ARNs that the action is checked on, a star for each part that differs."""
    forms = (
        "".join(literal(part) or "*" for part in pieces.parts(form)) for form in forms_of(action)
    )
    return " or ".join(f"'{form.replace('**', '*')}'" for form in dict.fromkeys(forms))
