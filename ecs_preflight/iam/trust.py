"""Who may assume a role: its trust policy (facts G)."""

from __future__ import annotations

from ..model import Principal, Role, Stack
from ..values import (
    Answer,
    Evidence,
    Known,
    No,
    Unknown,
    Value,
    Why,
    Yes,
    is_absent,
    literal,
    shown_value,
)
from . import match, pieces
from .answers import all_of, any_of, none_of
from .conditions import holds
from .context import of_assumption
from .document import Condition, Named, Principals, Statement, statements
from .evaluate import matches_action

ASSUME = "sts:AssumeRole"


def assumable(stack: Stack, role: Role, service: str, use: Principal = Principal.TASK) -> Answer:
    """Does the trust policy let ``service`` (``ecs-tasks.amazonaws.com``) assume it for ``use``?

    No says which principal stands there instead, or why the statement does not count, and where.
    """
    if isinstance(is_absent(role.trust), Yes):
        return Unknown("the trust policy is not known", why=Why.OUTSIDE, span=role.trust.span)
    document = statements(role.trust)
    answers = [(statement, _applies(statement, stack, service, use))
               for statement in document.statements]
    denials = [answer for statement, answer in answers if literal(statement.effect) == "Deny"]
    grants = [answer for statement, answer in answers if literal(statement.effect) != "Deny"]
    refused = any_of(denials)
    if isinstance(refused, Yes):
        return No(_refusals(role, service, answers))
    granted = any_of((*grants, *(() if document.rest is None else (document.rest,))))
    if isinstance(granted, No):
        return No(_misses(role, service, [s for s, _ in answers], stack, use))
    if isinstance(granted, Yes) and isinstance(refused, Unknown):
        return refused
    return granted


def service_principals(trust: Value) -> tuple[Value, ...]:
    """Every service principal that an Allow of the trust policy names, as written."""
    return tuple(named.value for statement in statements(trust).statements
                 if literal(statement.effect) == "Allow" and statement.principals
                 for named in statement.principals.named if named.kind == "Service")


def _applies(statement: Statement, stack: Stack, service: str, use: Principal) -> Answer:
    if statement.actions is None and statement.not_actions is None:
        return Unknown("the statement names no action", why=Why.FUNCTION, span=statement.span)
    answer = all_of((_names(statement, service), matches_action(statement, ASSUME)))
    if not isinstance(answer, No):
        known = of_assumption(stack, service, use)
        answer = all_of((answer, *(holds(condition, known, statement.variables)
                                   for condition in statement.conditions)))
    return statement.unread if isinstance(answer, Yes) and statement.unread is not None else answer


def _names(statement: Statement, service: str) -> Answer:
    if statement.principals is not None:
        return _listed(statement.principals, service)
    if statement.not_principals is not None:
        return none_of((_listed(statement.not_principals, service),))
    return Unknown("the statement names no principal", why=Why.FUNCTION, span=statement.span)


def _listed(principals: Principals, service: str) -> Answer:
    answers = [_is(named, service) for named in principals.named]
    return any_of((*answers, *(() if principals.rest is None else (principals.rest,))))


def _is(named: Named, service: str) -> Answer:
    if named.kind in ("*", "AWS", "Service") and literal(named.value) == "*":
        return Yes()
    if named.kind != "Service":
        return No()
    return match.equals(named.value, Known(service))


def _refusals(role: Role, service: str,
              answers: list[tuple[Statement, Answer]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(f"The trust policy's {statement.title} denies it to '{service}'.", role.address,
                 statement.span)
        for statement, answer in answers
        if literal(statement.effect) == "Deny" and isinstance(answer, Yes))


def _misses(role: Role, service: str, found: list[Statement], stack: Stack,
            use: Principal) -> tuple[Evidence, ...]:
    """Statements that trust the service but do not count, then who is trusted instead."""
    unmet: list[Evidence] = []
    others: list[Evidence] = []
    for statement in found:
        if literal(statement.effect) != "Allow":
            continue
        if isinstance(_names(statement, service), No):
            others += _instead(role, service, statement)
        elif isinstance(matches_action(statement, ASSUME), No):
            written = statement.actions or statement.not_actions
            instead = shown_value(written.items[0]) if written and written.items else ""
            unmet.append(Evidence(
                f"Its trust policy names '{service}', but for '{instead}' instead of '{ASSUME}'.",
                role.address, written.span if written else statement.span))
        else:
            for condition in statement.conditions:
                answer = holds(condition, of_assumption(stack, service, use), statement.variables)
                if isinstance(answer, No):
                    unmet.append(Evidence(
                        f"Its trust policy names '{service}' under a condition that cannot hold: "
                        f"{_reason(condition, answer, service)}.", role.address, condition.span))
    if not (unmet or others):
        others.append(Evidence("Its trust policy has no statement that allows anyone to assume it.",
                               role.address, role.trust.span))
    return (*unmet, *others)


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


def _instead(role: Role, service: str, statement: Statement) -> list[Evidence]:
    principals = statement.principals
    if principals is None:
        return [Evidence(f"Its trust policy leaves '{service}' out by NotPrincipal.", role.address,
                         statement.span)]
    return [Evidence(f"Its trust policy names '{shown_value(named.value)}' instead of '{service}'.",
                     role.address, named.value.span)
            for named in principals.named]
