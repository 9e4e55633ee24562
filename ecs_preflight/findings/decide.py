"""Needs put to IAM: met, undecided, or a finding that names what is missing and what comes
nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .. import iam
from ..model import (
    Absent,
    External,
    Language,
    Principal,
    Role,
    Stack,
    StandalonePolicy,
    TaskDefinition,
)
from ..symbolic.answers import Answer, Evidence, No, Yes
from ..symbolic.faults import contained
from ..symbolic.records import replace
from ..symbolic.values import ABSENT, Unknown, Value, first, literal
from .finding import AnyOutcome, Finding, Fix, Met
from .fixing.attaching import attached, with_managed
from .fixing.exchanges import exchanging
from .fixing.grants import granting
from .fixing.handing import by_resource
from .fixing.snippets import as_object, has_objects
from .near_misses import across
from .needs import Demand, Need
from .rule import Rule
from .sources import Sources
from .wording import handing_over, in_code, in_language_of, named, pattern, quoted


def outcome(rule: Rule, stack: Stack, need: Need) -> AnyOutcome | None:
    """The need put to IAM: met, a finding that names what is missing and what comes nearest, or
    undecided. None when no role is named at all, which is another rule's finding.

    A need that may not exist (``doubt``) is met where the role allows it anyway."""
    role = stack.role_of(need.role)
    if isinstance(role, Absent):
        return None
    if isinstance(role, External):
        return _undecided(rule, stack, need, role.reason if need.doubt is None else need.doubt)
    answers = [
        (demand, authorization(stack, role, demand, need.principal)) for demand in need.demands
    ]
    missing = tuple(demand for demand, answer in answers if isinstance(answer, No))
    if missing and need.doubt is not None:
        return _undecided(rule, stack, need, need.doubt)
    if missing:
        near = tuple(
            dict.fromkeys(
                evidence
                for _, answer in answers
                if isinstance(answer, No)
                for evidence in answer.evidence
            )
        )
        return _finding(rule, stack, need, role, missing, near)
    unsure = next((answer for _, answer in answers if isinstance(answer, Unknown)), None)
    if unsure is not None:
        return _undecided(rule, stack, need, unsure if need.doubt is None else need.doubt)
    within = (answer.within for _, answer in answers if isinstance(answer, Yes))
    return rule.met(
        need.owner,
        span=need.because,
        subject=need.subject,
        need=need.record(stack),
        within=next((limit for limit in within if limit is not None), None),
    )


def outcome_of_either(
    rule: Rule, stack: Stack, needs: Sequence[Need], doubt: Unknown
) -> AnyOutcome | None:
    """One of ``needs`` is there, and the code does not say which: met when the role allows all of
    them, or one on that very resource, which tells which it is; a finding when it allows none of
    them on anything; else undecided because of ``doubt``, without a need to show. Each of them
    speaks of the same owner, role and subject."""
    doubted = [replace(need, doubt=first(need.doubt, doubt)) for need in needs]
    outcomes = [outcome(rule, stack, need) for need in doubted]
    met = [
        each
        for need, each in zip(needs, outcomes, strict=True)
        if isinstance(each, Met) and not isinstance(_on_anything(stack, need), Yes)
    ]
    if met or None in outcomes or all(isinstance(each, Met) for each in outcomes):
        return met[0] if met else outcomes[0]
    undecided = rule.undecided(
        needs[0].owner, doubt, span=needs[0].because, subject=needs[0].subject
    )
    if not all(isinstance(_on_anything(stack, need), No) for need in needs):
        return undecided
    # only now is it worth while to look for what comes nearest
    outcomes = [outcome(rule, stack, need) for need in needs]
    found = [each for each in outcomes if isinstance(each, Finding)]
    if len(found) < len(outcomes):
        return undecided
    others = quoted(demand.action for need in needs[1:] for demand in need.demands)
    return replace(found[0], message=f"{found[0].message} Nor does it allow {others}.")


def _on_anything(stack: Stack, need: Need) -> Answer:
    """Does the role allow the first of the demands whatever it is on, or on nothing at all?"""
    role, demand = stack.role_of(need.role), need.demands[0]
    if not isinstance(role, Role):
        return Unknown("the role is not known")
    anything = replace(demand, resource=Unknown("it may be anything", span=need.because))
    return authorization(stack, role, anything, need.principal)


def _undecided(rule: Rule, stack: Stack, need: Need, reason: Unknown) -> AnyOutcome:
    return rule.undecided(
        need.owner, reason, span=need.because, subject=need.subject, need=need.record(stack)
    )


def _finding(
    rule: Rule,
    stack: Stack,
    need: Need,
    role: Role,
    missing: tuple[Demand, ...],
    near: tuple[Evidence, ...],
) -> AnyOutcome:
    partial = need.partial
    if partial is not None and not {demand.action for demand in missing} <= partial.actions:
        partial = None
    elsewhere = granted_elsewhere(stack, need, missing)
    unattached: StandalonePolicy | None = None
    title = f"{need.title or need.principal.value} '{role.address}'" + (
        f" ({role.origin})" if role.origin else ""
    )
    here, given = Evidence(title, role.address, role.span), near
    sentence = (
        f"{title[:1].upper()}{title[1:]} does not allow "
        f"{_demanded(stack, missing)}, needed to {need.purpose}."
    )
    if near:
        sentence += f" {near[0].message}"
    elif elsewhere:
        sentence += f" It is {elsewhere.message}."
    else:
        found = across(stack, role, other_role(stack, need), missing, need.principal)
        near = (found,) if found else ()
        unattached = next(
            (p for p in stack.of(StandalonePolicy) if found and p.address == found.address), None
        )
        sentence += f" {found.message}" if found else ""
    return rule.finding(
        need.owner,
        sentence,
        span=need.because,
        phase=(partial and partial.phase) or need.phase,
        subject=need.subject,
        severity=partial.severity if partial else need.severity,
        need=need.record(stack, missing),
        related=(*([elsewhere] if elsewhere else ()), *near, here),
        fails_with=missing[0].fails_with or (partial.fails_with if partial else need.fails_with),
        fix=grant(
            stack,
            role,
            missing,
            need.origin,
            given,
            unattached,
            need.task,
            "" if given or role.address in stack.uses else need.managed,  # too much for a task
        ),
        cause=cause(role, given, elsewhere),
    )


def cause(role: Role, near: Iterable[Evidence] = (), elsewhere: Evidence | None = None) -> str:
    """The one fault behind all that is missing for the same reason: a statement that nearly grants
    it, one on the other role, or that nobody wrote one."""
    for evidence in near:
        return f"'{role.address}': {evidence.message}"
    return (
        f"What '{role.address}' lacks is {elsewhere.message}"
        if elsewhere
        else (f"'{role.address}' lacks permissions")
    )


def authorization(stack: Stack, role: Role, demand: Demand, principal: Principal) -> Answer:
    """IAM's answer to one demand."""
    answers, key = stack.derived(_answers), (role.address, demand, principal)
    answer = answers.get(key)
    if answer is None:
        answer = answers[key] = contained(
            lambda: iam.authorize(
                stack, role, demand.action, demand.resource, principal, context=dict(demand.context)
            ),
            lambda why: why,
            role.address,
            role.span,
        )
    return answer


def _answers(_: Stack) -> dict[tuple[str, Demand, Principal], Answer]:
    """What IAM has answered already; several rules ask the same."""
    return {}


def granted_elsewhere(stack: Stack, need: Need, missing: Iterable[Demand]) -> Evidence | None:
    """The statement on the task's other role that grants all of what is missing, if there is
    one."""
    other = other_role(stack, need)
    if other is None:
        return None
    answers = [authorization(stack, other, demand, need.principal) for demand in missing]
    if not answers or not all(isinstance(answer, Yes) for answer in answers):
        return None
    found = next(
        (e for answer in answers if isinstance(answer, Yes) for e in answer.evidence), None
    )
    kind = Principal.TASK if need.principal is Principal.EXECUTION else Principal.EXECUTION
    return found and Evidence(
        f"allowed on the {kind.value} '{other.address}' instead", found.address, found.span
    )


def other_role(stack: Stack, need: Need) -> Role | None:
    """The task role for a need of the execution role and the reverse, where it is another role."""
    if need.task is None or need.principal not in (Principal.EXECUTION, Principal.TASK):
        return None
    value = (
        need.task.task_role if need.principal is Principal.EXECUTION else need.task.execution_role
    )
    other, own = stack.role_of(value), stack.role_of(need.role)
    if isinstance(other, Role) and isinstance(own, Role) and other.address != own.address:
        return other
    return None


def grant(
    stack: Stack,
    role: Role,
    missing: Iterable[Demand],
    origin: Value = ABSENT,
    near: Iterable[Evidence] = (),
    unattached: StandalonePolicy | None = None,
    task: TaskDefinition | None = None,
    managed: str = "",
) -> Fix:
    """The statements to add, in the language of the role: one for each resource. ``origin`` is the
    value that the resources are read out of, ``near`` why IAM's answer was no,
    ``unattached`` a policy that allows it all and that no role has, ``task`` whose role it is,
    ``managed`` the policy that AWS made for it."""
    missing, near = tuple(missing), tuple(near)
    stack = in_language_of(stack, role)
    terraform, cloudformation, json, objects = [], [], [], []
    for resource, actions in by_resource(missing):
        listed = ", ".join(f'"{action}"' for action in actions)
        where = in_code(stack, resource, role.address)
        objects.append(as_object(actions, where))
        terraform.append(f"statement {{\n  actions   = [{listed}]\n  resources = [{where}]\n}}")
        cloudformation.append(
            f"- Effect: Allow\n  Action: [{', '.join(actions)}]\n  Resource: {where}"
        )
        lines = (
            '"Effect": "Allow"',
            f'"Action": [{listed}]',
            f'"Resource": "{pattern(resource)}"',
        )
        json.append("{\n  " + ",\n  ".join(lines) + "\n}")
    handed = handing_over(stack, (demand.resource for demand in missing), role.address)
    words = Fix.of(
        stack,
        f"Add to a policy of '{role.address}'{handed}:",
        terraform="\n".join(terraform),
        cloudformation="\n".join(cloudformation),
        json=",\n".join(json),
    )

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        found = attached(stack, role, unattached, fix, sources) if unattached else None
        if found is None and managed:
            found = with_managed(stack, role, missing, managed, fix, sources)
        found = found or granting(stack, role, missing, origin, fix, sources, near)
        is_shown = fix.snippet == words.snippet and stack.language is Language.TERRAFORM
        if found is None and is_shown and has_objects(role, sources):
            return replace(fix, snippet=",\n".join(objects))
        return found

    return replace(words, draft=exchanging(stack, (task,), draft))


def _demanded(stack: Stack, missing: Iterable[Demand]) -> str:
    return ", nor ".join(
        quoted(actions) + (f" on '{named(stack, resource)}'" if literal(resource) != "*" else "")
        for resource, actions in by_resource(missing)
    )
