"""May a service do that in its own name? The resource's policy alone decides: a service has none.

So a role is assumed by ECS tasks, and a key used by Fargate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Key
from ..symbolic.answers import Answer, Evidence, No, Yes, is_absent
from ..symbolic.values import ABSENT, Known, Unknown, Value, Why, literal, shown_value
from . import match, pieces
from .answers import all_of, any_of, none_of
from .conditions import Context, holds
from .document import Condition, Named, Principals, Statement, statements
from .evaluate import covers_name, matches_action

#: Context of the calls that a service makes as such: no organization is part of them (facts G8; IAM
#: User Guide, global keys).
_IN_ITS_OWN_NAME: Context = {
    "aws:principalisawsservice": Known("true"),
    "aws:principalorgid": ABSENT,
    "aws:principalorgpaths": ABSENT,
}


@dataclass(frozen=True)
class ServiceCall:
    """``service`` (``ecs-tasks.amazonaws.com``) calls ``action`` on ``resource``: None for the role
    that it assumes, which no statement of a trust policy names."""

    service: str
    action: str
    context: Context
    resource: Value | None = None


@dataclass(frozen=True)
class ResourcePolicy:
    """The policy that decides, as messages name it (``Its trust policy``), of the resource at
    ``address``."""

    title: str
    address: str
    policy: Value


def service_may_use(
    service: str, action: str, key: Key, context: Mapping[str, Value] | None = None
) -> Answer:
    """May ``service`` itself call ``action`` on a key of the stack, as far as the key's policy
    says?

    The policy that AWS gives a key by default speaks of the account alone, and no service is part
    of it. ``context`` says what the caller knows of the request's context. No says what comes
    nearest."""
    if isinstance(is_absent(key.policy), Yes):
        return (
            No(
                (
                    Evidence(
                        f"'{key.address}' has no policy, and by default the account alone "
                        "may use it.",
                        key.address,
                        key.span,
                    ),
                )
            )
            if key.escapes is None
            else key.escapes
        )
    known = {**_IN_ITS_OWN_NAME, **{name.lower(): value for name, value in (context or {}).items()}}
    return permits(
        ResourcePolicy(f"The policy of '{key.address}'", key.address, key.policy),
        ServiceCall(service, action, known, key.arn),
    )


def permits(guard: ResourcePolicy, request: ServiceCall) -> Answer:
    """Does the policy let the service make that call?

    No says which principal stands there instead, or why the statement does not count, and where.
    """
    document = statements(guard.policy)
    answers = [(statement, _applies(statement, request)) for statement in document.statements]
    refused = any_of(a for statement, a in answers if literal(statement.effect) == "Deny")
    if isinstance(refused, Yes):
        return No(_refusals(guard, request, answers))
    granted = any_of(
        (
            *(a for statement, a in answers if literal(statement.effect) != "Deny"),
            *(() if document.remainder is None else (document.remainder,)),
        )
    )
    if isinstance(granted, No):
        return No(_misses(guard, request, [statement for statement, _ in answers]))
    if isinstance(granted, Yes) and isinstance(refused, Unknown):
        return refused
    return granted


def _applies(statement: Statement, request: ServiceCall) -> Answer:
    if statement.actions is None and statement.not_actions is None:
        return Unknown("the statement names no action", why=Why.FUNCTION, span=statement.span)
    answer = all_of(
        (
            _names(statement, request.service),
            matches_action(statement, request.action),
            _covers(statement, request),
        )
    )
    if not isinstance(answer, No):
        answer = all_of(
            (
                answer,
                *(
                    holds(condition, request.context, statement.variables)
                    for condition in statement.conditions
                ),
            )
        )
    return statement.unread if isinstance(answer, Yes) and statement.unread is not None else answer


def _covers(statement: Statement, request: ServiceCall) -> Answer:
    written = statement.resources or statement.not_resources
    if request.resource is None or written is None:
        return Yes()
    return covers_name(statement, request.resource, request.context)


def _names(statement: Statement, service: str) -> Answer:
    if statement.principals is not None:
        return _listed(statement.principals, service)
    if statement.not_principals is not None:
        return none_of((_listed(statement.not_principals, service),))
    return Unknown("the statement names no principal", why=Why.FUNCTION, span=statement.span)


def _listed(principals: Principals, service: str) -> Answer:
    answers = [_is(named, service) for named in principals.named]
    return any_of((*answers, *(() if principals.remainder is None else (principals.remainder,))))


def _is(named: Named, service: str) -> Answer:
    """By its name, or as everyone is."""
    meant = {"Service": (service, "*"), "AWS": ("*",), "*": ("*",)}.get(named.kind, ())
    return any_of(match.equals(named.value, Known(each)) for each in meant)


def _refusals(
    guard: ResourcePolicy, request: ServiceCall, answers: list[tuple[Statement, Answer]]
) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            f"{guard.title} denies it to '{request.service}' in {statement.title}.",
            guard.address,
            statement.span,
        )
        for statement, answer in answers
        if literal(statement.effect) == "Deny" and isinstance(answer, Yes)
    )


def _misses(
    guard: ResourcePolicy, request: ServiceCall, found: list[Statement]
) -> tuple[Evidence, ...]:
    """Statements that name the service but do not count, then who is named instead: for that
    action first, and services first."""
    unmet: list[Evidence] = []
    others: list[tuple[bool, bool, Evidence]] = []
    for statement in found:
        if literal(statement.effect) != "Allow":
            continue
        acts = matches_action(statement, request.action)
        if isinstance(_names(statement, request.service), No):
            others += [
                (isinstance(acts, No), kind != "Service", evidence)
                for kind, evidence in _instead(guard, request, statement)
            ]
        elif isinstance(acts, No):
            written = statement.actions or statement.not_actions
            other = shown_value(written.items[0]) if written and written.items else ""
            unmet.append(
                Evidence(
                    f"{guard.title} names '{request.service}', but for '{other}' instead of "
                    f"'{request.action}'.",
                    guard.address,
                    written.span if written else statement.span,
                )
            )
        elif isinstance(_covers(statement, request), No):
            unmet.append(
                Evidence(
                    f"{guard.title} names '{request.service}', but in a statement on another "
                    "resource.",
                    guard.address,
                    statement.span,
                )
            )
        else:
            for condition in statement.conditions:
                answer = holds(condition, request.context, statement.variables)
                if isinstance(answer, No):
                    unmet.append(
                        Evidence(
                            f"{guard.title} names '{request.service}' under a condition that "
                            "cannot hold: "
                            f"{_reason(condition, answer, request.service)}.",
                            guard.address,
                            condition.span,
                        )
                    )
    instead = (evidence for _, _, evidence in sorted(others, key=lambda other: other[:2]))
    return (*unmet, *instead) or (
        Evidence(
            f"{guard.title} allows '{request.action}' to nobody.", guard.address, guard.policy.span
        ),
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


def _instead(
    guard: ResourcePolicy, request: ServiceCall, statement: Statement
) -> list[tuple[str, Evidence]]:
    """Each principal that the statement names, by its kind."""
    principals = statement.principals
    if principals is None:
        return [
            (
                "",
                Evidence(
                    f"{guard.title} leaves '{request.service}' out by NotPrincipal.",
                    guard.address,
                    statement.span,
                ),
            )
        ]
    return [
        (
            named.kind,
            Evidence(
                f"{guard.title} names '{shown_value(named.value)}' instead of '{request.service}'.",
                guard.address,
                named.value.span,
            ),
        )
        for named in principals.named
    ]
