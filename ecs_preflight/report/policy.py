"""The policy that a task's role should have: what the task's definition needs, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from .. import iam
from ..analysis.judge import Judged
from ..analysis.subsumption import drop_subsumed
from ..findings import escape, identity
from ..findings.decide import authorization
from ..findings.finding import Finding
from ..findings.fixing.expressions import Expression, plain, rendered
from ..findings.fixing.names import written
from ..findings.fixing.places import Place
from ..findings.fixing.statements import NewStatement, hcl_block, object_text, yaml_item
from ..findings.needs import Demand, Need
from ..findings.rule import Rule
from ..findings.sources import Form, Sources
from ..findings.wording import pattern
from ..model import Language, Principal, Role, RoleLookup, Stack, TaskDefinition
from ..symbolic.answers import No, Yes
from ..symbolic.records import dataclass, replace
from ..symbolic.values import ABSENT, Unknown, Value, literal, shown_value

ROLES = {"execution": Principal.EXECUTION, "task": Principal.TASK}
FORMATS = ("json", "hcl", "jsonencode", "tf-json", "yaml")
_USES = {Principal.EXECUTION: "execution role", Principal.TASK: "task role"}
#: How each language writes one.
OWN_FORMAT = {
    Language.TERRAFORM: "hcl",
    Language.CLOUDFORMATION: "yaml",
    Language.TASK_FILE: "json",
}


@dataclass(frozen=True)
class GrantStatement:
    """``actions`` on one resource, as needed for ``purposes``; ``origin`` is the value that the
    resource is read out of."""

    actions: tuple[str, ...]
    resource: Value
    purposes: tuple[str, ...]
    origin: Value = ABSENT


def tasks_named(judged: Sequence[Judged], name: str) -> list[tuple[Judged, TaskDefinition]]:
    """The task definitions of that address, with or without its stack's name before it, family, or
    last part of an address."""
    return [
        (result, task)
        for result in judged
        for task in result.stack.own_tasks
        if name
        in (
            name_within(result.stack, task),
            task.address,
            literal(task.family),
            re.split(r"[.]", task.address)[-1],
        )
    ]


def name_within(stack: Stack, task: TaskDefinition) -> str:
    """What tells the task definition from those that are called so in other stacks."""
    return f"{stack.name}:{task.address}"


def statements(
    stack: Stack, task: TaskDefinition, principal: Principal, rules: Iterable[Rule]
) -> list[GrantStatement]:
    """What the role needs, one statement for each set of actions and resource."""
    needs = [
        need
        for rule in rules
        for part in stack.parts
        for need in rule.needs_of(part)
        if need.principal is principal and _is_of(stack, need, task) and part.judges(need.owner)
    ]
    grouped: dict[Value, tuple[dict[str, None], dict[str, None], Value]] = {}
    for need in needs:
        for demand in need.demands:
            actions, purposes, _ = grouped.setdefault(demand.resource, ({}, {}, need.origin))
            actions[demand.action] = None
            purposes[need.purpose] = None
    return [
        GrantStatement(tuple(actions), resource, tuple(purposes), origin)
        for resource, (actions, purposes, origin) in grouped.items()
    ]


def elsewhere_needed(
    result: Judged, task: TaskDefinition, principal: Principal, rules: Iterable[Rule]
) -> list[str]:
    """What the role needs besides, in words, in deployments that inputs or conditions bring
    about."""
    stack = result.stack
    base = {
        identity.key_of(rule.id, need.owner, need.subject)
        for rule in rules
        for part in stack.parts
        for need in rule.needs_of(part)
    }
    owners = {task.address, *(launch.address for launch in stack.launches_of.get(task.address, ()))}
    further = [
        f"{', '.join(outcome.need.actions)} on {outcome.need.on}"
        + (
            f" ({outcome.circumstances})"
            if isinstance(outcome, Finding) and outcome.circumstances
            else ""
        )
        for outcome in drop_subsumed(result.outcomes)
        if outcome.need is not None
        and outcome.need.principal is principal
        and outcome.owner.address in owners
        and identity.key(outcome) not in base
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
    sources: Sources,
) -> str:
    """The policy in one of FORMATS. In the stack's own language it is written with the source's
    expressions, as one may beside the role; elsewhere, what only deployment knows is ``*``."""
    role = role_of(stack, task, principal)
    beside = role if isinstance(role, Role) else task
    place = Place.beside(stack, sources, beside.span.file, beside.address)
    return escape.lines(_FORMS[form](place, _merged(place, found)))


def _merged(place: Place, found: Sequence[GrantStatement]) -> list[GrantStatement]:
    """Those that are written alike as one, for all their purposes."""
    alike: dict[NewStatement, GrantStatement] = {}
    for each in found:
        known = alike.setdefault(_statement(each, place), each)
        purposes = tuple(dict.fromkeys((*known.purposes, *each.purposes)))
        alike[_statement(each, place)] = replace(known, purposes=purposes)
    return list(alike.values())


def role_of(stack: Stack, task: TaskDefinition, principal: Principal) -> RoleLookup:
    """The task's role of that kind."""
    return stack.role_of(
        task.execution_role if principal is Principal.EXECUTION else task.task_role
    )


def compared(
    stack: Stack,
    role: Role,
    principal: Principal,
    found: Sequence[GrantStatement],
    rules: Iterable[Rule],
) -> str:
    """What the role has against what it needs, a line each: ``+`` lacks, ``=`` has, ``?`` has and
    the task does not need, with its place, and who else needs it."""
    lines = []
    needs = _needs_of(stack, role, rules)
    for each in found:
        for action in each.actions:
            answer = authorization(stack, role, Demand(action, each.resource), principal)
            mark = "+" if isinstance(answer, No) else "=" if isinstance(answer, Yes) else "~"
            why = f" ({answer.reason})" if isinstance(answer, Unknown) else ""
            lines.append(f"{mark} {action} on {pattern(each.resource)}{why}")
    for grant in iam.grants(role):
        if not any(
            _serves(grant, action, each.resource) for each in found for action in each.actions
        ):
            lines.append(f"? {_shown(grant)}: {_other_use(grant, needs)}")
    return escape.lines("\n".join(dict.fromkeys(map(escape.line, lines))) + "\n")


def _needs_of(stack: Stack, role: Role, rules: Iterable[Rule]) -> list[Need]:
    """What all that has the role needs of it."""
    return [
        need
        for rule in rules
        for part in stack.parts
        for need in rule.needs_of(part)
        if isinstance(own := part.role_of(need.role), Role) and own.address == role.address
    ]


def _shown(grant: iam.Grant) -> str:
    where = f" at {grant.span}" if grant.span.file else ""
    on = shown_value(grant.resources[0]) if grant.resources else "no resource"
    return f"{shown_value(grant.action)} on {on}{where}"


def _other_use(grant: iam.Grant, needs: Iterable[Need]) -> str:
    """Who else needs it, if anybody does."""
    for need in needs:
        if any(_serves(grant, demand.action, demand.resource) for demand in need.demands):
            return f"needed by '{need.owner.address}' as its {_USES.get(need.principal, 'role')}"
    return "not needed by what the code shows"


def _serves(grant: iam.Grant, action: str, resource: Value) -> bool:
    """May the grant be what allows the action there?"""
    listed = grant.statement.resources
    return not isinstance(iam.match.covers_action(grant.action, action), No) and (
        (listed is not None and listed.remainder is not None)
        or any(not isinstance(iam.match.covers(one, resource), No) for one in grant.resources)
    )


def _statement(each: GrantStatement, place: Place) -> NewStatement:
    """With the source's expressions, where they can be written beside the role; else what only
    deployment knows is ``*``."""
    name = written(place, each.resource, each.origin)
    return NewStatement(each.actions, (_anywhere(each.resource) if name is None else name,))


def _json(place: Place, found: Sequence[GrantStatement]) -> str:
    """For a template with its functions; without any elsewhere, since plain JSON has none."""
    template = place.stack.language is Language.CLOUDFORMATION
    form = Form.CFN_JSON if template else Form.JSON
    bodies = [
        object_text(form, _statement(each, place), "")
        or object_text(form, NewStatement(each.actions, (_anywhere(each.resource),)), "")
        for each in found
    ]
    statements = [
        {**json.loads(str(body)), "Action": list(each.actions)}
        for each, body in zip(found, bodies, strict=True)
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    return escape.dumps(document)


def _hcl(place: Place, found: Sequence[GrantStatement]) -> str:
    blocks = [
        f"{_comments(each, '  ')}{hcl_block(_in(each, place, Language.TERRAFORM), '  ')}\n"
        for each in found
    ]
    return 'data "aws_iam_policy_document" "this" {\n' + "\n".join(blocks) + "}\n"


def _jsonencode(place: Place, found: Sequence[GrantStatement]) -> str:
    bodies = [
        f"{_comments(each, '    ')}    "
        f"{object_text(Form.HCL, _in(each, place, Language.TERRAFORM), '    ')},\n"
        for each in found
    ]
    return (
        'jsonencode({\n  Version = "2012-10-17"\n  Statement = [\n' + "".join(bodies) + "  ]\n})\n"
    )


def _tf_json(place: Place, found: Sequence[GrantStatement]) -> str:
    """The same data source as in HCL, for a ``.tf.json`` file."""
    statements = [
        {"actions": list(each.actions), "resources": [_template(place, each)]} for each in found
    ]
    document = {"data": {"aws_iam_policy_document": {"this": {"statement": statements}}}}
    return escape.dumps(document)


def _template(place: Place, each: GrantStatement) -> str:
    (name,) = _in(each, place, Language.TERRAFORM).resources
    return str(json.loads(rendered(Form.JSON_TEMPLATE, name) or '"*"'))


def _yaml(place: Place, found: Sequence[GrantStatement]) -> str:
    items = [
        _comments(each, "  ") + yaml_item(_in(each, place, Language.CLOUDFORMATION), "  - ")
        for each in found
    ]
    return "\n".join(["Version: '2012-10-17'", "Statement:", *items]) + "\n"


def _in(each: GrantStatement, place: Place, language: Language) -> NewStatement:
    """In the stack's own language with its names, in the other one without."""
    if place.stack.language is language:
        return _statement(each, place)
    return NewStatement(each.actions, (_anywhere(each.resource),))


def _comments(statement: GrantStatement, indent: str) -> str:
    return "".join(f"{indent}# to {escape.line(purpose)}\n" for purpose in statement.purposes)


def _anywhere(resource: Value) -> Expression:
    """The resource's pattern, without names that only its own code knows."""
    return plain(re.sub(r"\$\{[^{}]*\}", "*", pattern(resource)))


_FORMS = {
    "json": _json,
    "hcl": _hcl,
    "jsonencode": _jsonencode,
    "tf-json": _tf_json,
    "yaml": _yaml,
}
