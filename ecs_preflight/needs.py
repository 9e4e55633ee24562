"""Needs: who must be allowed what, on what, because of which line, and what breaks otherwise.

A rule derives the needs of a feature beside the feature's documentation; ``outcome`` puts each to
IAM and words the answer. Explain and policy print the very same needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import iam
from .finding import AnyOutcome, Fix, NeedRecord, Phase, Rule, Severity
from .model import Absent, External, Principal, Resource, Role, RoleLookup, Stack, TaskDefinition
from .source import Span
from .values import Evidence, No, Unknown, Value, Yes, shown_value


@dataclass(frozen=True)
class Need:
    """``role``, the ``principal`` of ``owner``, must be allowed each of ``actions`` on ``resource``.

    ``because`` is the value that makes it necessary, ``purpose`` the same in words, as they follow
    "needed to": ``read secret 'DB_PASSWORD' of container 'app'``. ``resource`` is a text with holes
    or ``*``. ``doubt`` says why the need itself may not exist. ``subject`` tells needs of one rule and
    owner apart.
    """

    owner: Resource
    principal: Principal
    role: Value
    actions: tuple[str, ...]
    resource: Value
    because: Span
    purpose: str
    subject: str
    phase: Phase
    fails_with: str = ""
    doubt: Unknown | None = None

    def record(self, stack: Stack) -> NeedRecord:
        return NeedRecord(self.principal, role_title(stack.role_of(self.role), self.role),
                          self.actions, shown_value(self.resource))


def outcome(rule: Rule, stack: Stack, need: Need, *, severity: Severity | None = None,
            fix: Fix | None = None) -> AnyOutcome | None:
    """The need put to IAM: met, a finding that names what is missing and what comes nearest, or
    undecided. None when no role is named at all, which is another rule's finding."""
    role = stack.role_of(need.role)
    if isinstance(role, Absent):
        return None
    record = need.record(stack)
    unsure = need.doubt
    if isinstance(role, External):
        unsure = unsure or role.reason
    missing: list[str] = []
    near: list[Evidence] = []
    if isinstance(role, Role):
        for action in need.actions:
            answer = iam.may(stack, role, action, need.resource, need.principal)
            if isinstance(answer, No):
                missing.append(action)
                near.extend(e for e in answer.evidence if e not in near)
            elif isinstance(answer, Unknown):
                unsure = unsure or answer
        if missing and need.doubt is None:
            elsewhere = granted_elsewhere(stack, need, tuple(missing))
            return rule.finding(
                need.owner, _message(need, role, missing, elsewhere, near), span=need.because,
                phase=need.phase, subject=need.subject, severity=severity, need=record,
                related=(*([elsewhere] if elsewhere else ()), *near,
                         Evidence(f"{need.principal.value} '{role.address}'", role.address, role.span)),
                fails_with=need.fails_with, fix=fix or grant(stack, role, missing, need.resource),
                cause=f"{role.address} lacks permissions")
    if unsure is not None:
        return rule.undecided(need.owner, unsure, span=need.because, subject=need.subject, need=record)
    return rule.met(need.owner, span=need.because, subject=need.subject, need=record)


def granted_elsewhere(stack: Stack, need: Need, missing: tuple[str, ...]) -> Evidence | None:
    """The statement on the task's other role that grants all of what is missing, if there is one."""
    other = other_role(stack, need)
    if other is None:
        return None
    place: Evidence | None = None
    for action in missing:
        answer = iam.may(stack, other, action, need.resource, need.principal)
        if not isinstance(answer, Yes):
            return None
        place = place or next(iter(answer.evidence), None)
    if place is None:
        return None
    kind = Principal.TASK if need.principal is Principal.EXECUTION else Principal.EXECUTION
    return Evidence(f"allowed here on the {kind.value} '{other.address}' instead", place.address,
                    place.span)


def other_role(stack: Stack, need: Need) -> Role | None:
    """The task role for a need of the execution role and the reverse, where it is another role."""
    if not isinstance(need.owner, TaskDefinition):
        return None
    value = need.owner.task_role if need.principal is Principal.EXECUTION else need.owner.execution_role
    other, own = stack.role_of(value), stack.role_of(need.role)
    if isinstance(other, Role) and isinstance(own, Role) and other.address != own.address:
        return other
    return None


def role_title(role: RoleLookup, value: Value) -> str:
    return role.address if isinstance(role, Role) else shown_value(value)


def grant(stack: Stack, role: Role, actions: list[str], resource: Value) -> Fix:
    """The statement to add, in the stack's own language."""
    where = shown_value(resource)
    terraform_resource = f'"{where}"' if not where.startswith("${") or where.count("${") > 1 else where[2:-1]
    listed = ", ".join(f'"{action}"' for action in actions)
    return Fix.of(
        stack, f"Allow {quoted(actions)} on '{where}' in a policy of '{role.address}'.",
        terraform=f"statement {{\n  actions   = [{listed}]\n  resources = [{terraform_resource}]\n}}",
        cloudformation=f"- Effect: Allow\n  Action: [{', '.join(actions)}]\n  Resource: !Sub '{where}'")


def quoted(names: list[str] | tuple[str, ...]) -> str:
    """``'a', 'b' and 'c'``."""
    marked = [f"'{name}'" for name in names]
    return marked[0] if len(marked) == 1 else ", ".join(marked[:-1]) + " and " + marked[-1]


def _message(need: Need, role: Role, missing: list[str], elsewhere: Evidence | None,
             near: list[Evidence]) -> str:
    resource = shown_value(need.resource)
    on = "" if resource == "*" else f" on '{resource}'"
    sentence = (f"{need.principal.value.capitalize()} '{role.address}' does not allow "
                f"{quoted(missing)}{on}, needed to {need.purpose}.")
    if elsewhere:
        return f"{sentence} It is {elsewhere.message}."
    return f"{sentence} {near[0].message}" if near else sentence
