"""The policy that a task's role should have: what the task's definition needs, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..analysis.judge import Judged
from ..analysis.subsumption import drop_subsumed
from ..findings import escape
from ..findings.finding import Finding
from ..findings.needs import Need
from ..findings.rule import Rule
from ..findings.wording import in_code, pattern
from ..model import Language, Principal, Role, Stack, TaskDefinition
from ..symbolic.values import Value, literal

ROLES = {"execution": Principal.EXECUTION, "task": Principal.TASK}
FORMATS = ("json", "hcl", "yaml")
#: How each language writes one.
OWN_FORMAT = {
    Language.TERRAFORM: "hcl",
    Language.CLOUDFORMATION: "yaml",
    Language.TASK_FILE: "json",
}


@dataclass(frozen=True)
class GrantStatement:
    """``actions`` on one resource, as needed for ``purposes``."""

    actions: tuple[str, ...]
    resource: Value
    purposes: tuple[str, ...]


def tasks_named(judged: Sequence[Judged], name: str) -> list[tuple[Judged, TaskDefinition]]:
    """The task definitions of that address, family, or last part of an address."""
    return [
        (result, task)
        for result in judged
        for task in result.stack.task_definitions
        if task.address not in result.stack.foreign
        and name in (task.address, literal(task.family), re.split(r"[.]", task.address)[-1])
    ]


def statements(
    stack: Stack, task: TaskDefinition, principal: Principal, rules: Iterable[Rule]
) -> list[GrantStatement]:
    """What the role needs, one statement for each set of actions and resource."""
    needs = [
        need
        for rule in rules
        for part in stack.parts
        for need in rule.needs_of(part)
        if need.principal is principal
        and _is_of(stack, need, task)
        and part.is_of(need.owner, stack)
    ]
    grouped: dict[Value, tuple[dict[str, None], dict[str, None]]] = {}
    for need in needs:
        for demand in need.demands:
            actions, purposes = grouped.setdefault(demand.resource, ({}, {}))
            actions[demand.action] = None
            purposes[need.purpose] = None
    return [
        GrantStatement(tuple(actions), resource, tuple(purposes))
        for resource, (actions, purposes) in grouped.items()
    ]


def elsewhere_needed(
    result: Judged, task: TaskDefinition, principal: Principal, rules: Iterable[Rule]
) -> list[str]:
    """What the role needs besides, in words, in deployments that inputs or conditions bring
    about."""
    stack = result.stack
    base = {
        (rule.id, need.owner.address, need.subject)
        for rule in rules
        for part in stack.parts
        for need in rule.needs_of(part)
    }
    owners = {task.address, *(launch.address for launch in stack.launches_of.get(task.address, ()))}
    further = [
        f"{', '.join(outcome.need.actions)} on {outcome.need.resource}"
        + (f" (when {outcome.when})" if isinstance(outcome, Finding) and outcome.when else "")
        for outcome in drop_subsumed(result.outcomes)
        if outcome.need is not None
        and outcome.need.principal is principal
        and outcome.owner.address in owners
        and outcome.key not in base
    ]
    return list(dict.fromkeys(further))


def _is_of(stack: Stack, need: Need, task: TaskDefinition) -> bool:
    own = need.task or need.owner
    return own.address == task.address or any(
        launch.address == need.owner.address for launch in stack.launches_of.get(task.address, ())
    )


def render(
    stack: Stack,
    task: TaskDefinition,
    principal: Principal,
    found: Sequence[GrantStatement],
    form: str,
) -> str:
    """The policy in one of FORMATS. In the stack's own language it refers to resources, as one may
    beside the role; elsewhere, what only deployment knows is ``*``."""
    value = task.execution_role if principal is Principal.EXECUTION else task.task_role
    role = stack.role_of(value)
    beside = role.address if isinstance(role, Role) else task.address
    return escape.lines({"json": _json, "hcl": _hcl, "yaml": _yaml}[form](stack, beside, found))


def _json(stack: Stack, beside: str, found: Sequence[GrantStatement]) -> str:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": list(each.actions), "Resource": _anywhere(each.resource)}
            for each in found
        ],
    }
    return escape.dumps(document)


def _hcl(stack: Stack, beside: str, found: Sequence[GrantStatement]) -> str:
    blocks = []
    for each in found:
        listed = "".join(f'      "{action}",\n' for action in each.actions)
        where = (
            in_code(stack, each.resource, beside)
            if stack.language is Language.TERRAFORM
            else f'"{escape.hcl(_anywhere(each.resource))}"'
        )
        blocks.append(
            f"{_comments(each, '  ')}  statement {{\n    actions = [\n{listed}    ]\n"
            f"    resources = [{where}]\n  }}\n"
        )
    return 'data "aws_iam_policy_document" "this" {\n' + "\n".join(blocks) + "}\n"


def _yaml(stack: Stack, beside: str, found: Sequence[GrantStatement]) -> str:
    lines = ['Version: "2012-10-17"', "Statement:"]
    for each in found:
        where = (
            in_code(stack, each.resource, beside)
            if stack.language is Language.CLOUDFORMATION
            else f"'{escape.yaml(_anywhere(each.resource))}'"
        )
        lines += [_comments(each, "  ").rstrip("\n"), "  - Effect: Allow", "    Action:"]
        lines += [f"      - {action}" for action in each.actions]
        lines.append(f"    Resource: {where}")
    return "\n".join(lines) + "\n"


def _comments(statement: GrantStatement, indent: str) -> str:
    return "".join(f"{indent}# to {escape.line(purpose)}\n" for purpose in statement.purposes)


def _anywhere(resource: Value) -> str:
    """The resource's pattern, without names that only its own code knows."""
    return re.sub(r"\$\{[^{}]*\}", "*", pattern(resource))
