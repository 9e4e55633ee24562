"""Why a resource's policy, or a trust policy, refuses a caller: what comes nearest, and where."""

from __future__ import annotations

from collections.abc import Iterator

from ..symbolic.answers import Evidence, No, Yes
from ..symbolic.strings import pieces
from ..symbolic.values import Known, literal, shown_value
from .attached import AttachedStatement, Policies
from .call import ServiceCaller
from .conditions import holds
from .document import Condition
from .evaluate import Request, applies, known_context, matches_action, matches_resource
from .principals import concerns, either, means_account, means_caller


def denials(policy: Policies, request: Request) -> tuple[Evidence, ...]:
    """The statements that deny it to the caller."""
    matcher = either(means_caller, means_account)
    return tuple(
        given.evidence(
            f"{given.source.heading} denies it to '{request.call.caller.title}' in "
            f"{given.statement.title}."
        )
        for given in policy.given
        if literal(given.statement.effect) == "Deny"
        and isinstance(applies(given, request, matcher), Yes)
    )


def misses(policy: Policies, request: Request) -> tuple[Evidence, ...]:
    """Statements that name the caller but do not count, then who is named instead: for that action
    first, and services first."""
    unmet: list[Evidence] = []
    others: list[tuple[bool, bool, Evidence]] = []
    for given in policy.given:
        if literal(given.statement.effect) != "Allow":
            continue
        if isinstance(concerns(given.statement, request.call, means_caller), No):
            another = isinstance(matches_action(given.statement, request.call.action), No)
            others += [
                (another, kind != "Service", evidence)
                for kind, evidence in _instead(given, request)
            ]
        else:
            unmet += _unmet(given, request)
    instead = (evidence for _, _, evidence in sorted(others, key=lambda other: other[:2]))
    found = (*unmet, *instead)
    if found or policy.source is None:
        return found
    allows = f"{policy.source.heading} allows '{request.call.action}' to nobody."
    return (Evidence(allows, policy.source.address, policy.source.span),)


def _unmet(given: AttachedStatement, request: Request) -> Iterator[Evidence]:
    """Why a statement that names the caller does not count."""
    statement, call = given.statement, request.call
    names = f"{given.source.heading} names '{call.caller.title}'"
    known = known_context(statement, request)
    if isinstance(matches_action(statement, call.action), No):
        written = statement.actions or statement.not_actions
        other = shown_value(written.items[0]) if written and written.items else ""
        yield given.evidence(
            f"{names}, but for '{other}' instead of '{call.action}'.",
            written.span if written else None,
        )
    elif isinstance(matches_resource(statement, request, known, implied=True), No):
        yield given.evidence(f"{names}, but in a statement on another resource.")
    else:
        for condition in statement.conditions:
            answer = holds(condition, known, statement.variables)
            if isinstance(answer, No):
                reason = _reason(condition, answer, call.caller.title)
                yield given.evidence(
                    f"{names} under a condition that cannot hold: {reason}.", condition.span
                )


def _reason(condition: Condition, answer: No, service: str) -> str:
    """Why the condition cannot hold; for the source ARN, what is wrong with how it is written."""
    written = next((literal(value) or "" for value in condition.values), "")
    if condition.key.lower() == "aws:sourcearn":
        if condition.operator.lower().startswith("stringequals") and "*" in written:
            return f"'{condition.operator}' takes the '*' of '{written}' literally, write 'ArnLike'"
        fields = pieces.arn_parts(Known(written))
        resource = literal(fields[pieces.RESOURCE]) if fields else None
        if resource not in (None, "*") and service == "ecs-tasks.amazonaws.com":
            return f"ECS supports no source ARN that names '{resource}', end it with ':*'"
    return answer.evidence[0].message.replace(pieces.UNNAMED, "...")


def _instead(given: AttachedStatement, request: Request) -> Iterator[tuple[str, Evidence]]:
    """Each principal that the statement names, by its kind."""
    principals, title = given.statement.principals, given.source.heading
    caller = request.call.caller.title
    if principals is None:
        yield "", given.evidence(f"{title} leaves '{caller}' out by NotPrincipal.")
        return
    for named in principals.named:
        written = shown_value(named.value)
        other = (
            f"as '{named.kind}', where it is a 'Service'"
            if written == caller and isinstance(request.call.caller, ServiceCaller)
            else f"instead of '{caller}'"
        )
        message = f"{title} names '{written}' {other}."
        yield named.kind, given.evidence(message, named.value.span)
