"""What comes nearest when the answer is No, and the one reason why it does not count."""

from __future__ import annotations

from ..model import Role
from ..symbolic.answers import Evidence, No, Yes, is_absent
from ..symbolic.source import NOWHERE
from ..symbolic.titles import shown_title
from ..symbolic.values import Value, literal
from . import actions, scopes
from .attached import AttachedStatement, Policies
from .conditions import holds
from .evaluate import Request, known_context, matches_action, matches_conditions, matches_resource

#: The most near misses that an answer names; and the most statements, and patterns of each, that
#: are looked at for them.
MOST, LOOKED_AT = 5, 50

#: Actions that are taken for each other: ECS calls the first (facts C2, C6).
CONFUSED = {
    "ssm:getparameters": ("ssm:getparameter", "ssm:getparametersbypath"),
    "secretsmanager:getsecretvalue": (
        "secretsmanager:describesecret",
        "secretsmanager:batchgetsecretvalue",
    ),
    "s3:getobject": ("s3:getobjectversion",),
}


def near(policies: Policies, request: Request) -> tuple[Evidence, ...]:
    """The statements that come nearest to allowing the request, best first."""
    ranked: list[tuple[int, Evidence]] = []
    allowing = [given for given in policies.given if literal(given.statement.effect) == "Allow"]
    for given in allowing[:LOOKED_AT]:
        found = _miss(given, request)
        ranked += [found] if found else []
    ranked.sort(key=lambda miss: miss[0])
    return tuple(dict.fromkeys(evidence for _, evidence in ranked))[:MOST]


def outside(
    title: str, limits: Policies, request: Request, role: Role, granted: tuple[Evidence, ...]
) -> tuple[Evidence, ...]:
    """A boundary or session policy that does not let it through, what in it comes near, and what
    has ``granted`` it."""
    boundary = role.boundary
    is_boundary = boundary is not None and title == "permissions boundary"
    place = boundary.attached if boundary is not None and is_boundary else role.span
    return (
        Evidence(
            f"The {title} of '{role.address}' does not allow '{request.call.action}' on it.",
            role.address,
            place,
        ),
        *near(limits, request),
        *granted,
    )


def _miss(given: AttachedStatement, request: Request) -> tuple[int, Evidence] | None:
    statement, action = given.statement, request.call.action
    known = known_context(statement, request)
    resource = matches_resource(statement, request, known)
    if isinstance(matches_action(statement, action), No):
        return None if isinstance(resource, No) else _other_action(given, action)
    if isinstance(matches_conditions(statement, known), No) and not isinstance(resource, No):
        return _unmet(given, request)
    if not isinstance(resource, No):
        return None
    if statement.resources is None:
        return 4, given.evidence(
            f"{given.title} leaves the resource out by NotResource.",
            statement.not_resources.span if statement.not_resources else None,
        )
    return _scope(given, request)


def _scope(given: AttachedStatement, request: Request) -> tuple[int, Evidence]:
    """The action is allowed, but on another resource."""
    written = list(given.statement.resources or ())
    # One statement may be about resources of several services.
    patterns = [p for p in written if scopes.is_of_service_of(p, request.names[0])] or written
    allows = f"{given.title} allows '{request.call.action}'"
    for pattern in patterns[:LOOKED_AT]:
        reason = scopes.explain(request.call.action, pattern, request.names[0])
        if reason is not None:
            return 0, given.evidence(f"{allows} {reason}.", pattern.span)
    named = [f"'{shown_title(pattern)}'" for pattern in patterns]
    listed = ", ".join(named[:2]) or "nothing"
    others = f" and {len(named) - 2} more" if len(named) > 2 else ""
    span = next((pattern.span for pattern in patterns if pattern.span != NOWHERE), None)
    return 3, given.evidence(f"{allows} only on {listed}{others}.", span)


def _unmet(given: AttachedStatement, request: Request) -> tuple[int, Evidence] | None:
    known = known_context(given.statement, request)
    for condition in given.statement.conditions:
        answer = holds(condition, known, given.statement.variables)
        if isinstance(answer, No) and answer.evidence:
            return 1, given.evidence(
                f"{given.title} allows '{request.call.action}' under a condition that cannot hold: "
                f"{answer.evidence[0].message}.",
                condition.span,
            )
    return None


def _other_action(given: AttachedStatement, action: str) -> tuple[int, Evidence] | None:
    """An action that was meant to be this one; or this one left out."""
    statement = given.statement
    if statement.actions is None:
        return 4, given.evidence(
            f"{given.title} leaves '{action}' out by NotAction.",
            statement.not_actions.span if statement.not_actions else None,
        )
    for written in statement.actions:
        reason = _mistaken(written, action)
        if reason is not None:
            return 2, given.evidence(f"{given.title} {reason}.", written.span)
    return None


def _mistaken(written: Value, action: str) -> str | None:
    other = literal(written)
    if other is None or isinstance(is_absent(written), Yes):
        return None
    if other.lower() in CONFUSED.get(action.lower(), ()):
        return f"allows '{other}', but what is called is '{action}'"
    unlisted = actions.unknown_action(other)
    if unlisted is not None and action.lower() in map(str.lower, unlisted.allowing):
        return f"allows '{other}', which does not exist: write '{action}'"
    service, _, name = other.lower().partition(":")
    if service != action.partition(":")[0].lower() and name == action.partition(":")[2].lower():
        return f"allows '{other}', but what is called is '{action}'"
    return None
