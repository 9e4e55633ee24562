"""Roles that a module of the registry makes: its own input for what they may do, at the call."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ...model import ModuleCall, Role, Stack
from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, field
from ...symbolic.values import Value
from ..finding import Edit, Fix
from ..needs import Demand
from ..sources import FileText, Form, Sources, closing, generated
from ..wording import home_of
from .edits import with_edits
from .expressions import plain, rendered
from .handing import by_resource
from .insertions import argument_edit, block_behind
from .lists import LOOP, hcl_list
from .names import written
from .places import Place
from .policies import free_label
from .statements import NewStatement, object_text


@dataclass(frozen=True)
class _RoleInputs:
    """The inputs of one of a module's roles: lists of the resources that one action is for, and for
    all else a list of statements (``statements``), statements by name (``named``), or a list of
    policies' ARNs (``policies``). ``switch`` turns on what ``named`` is for."""

    resources: Mapping[str, str] = field(default_factory=dict)
    statements: str = ""
    named: str = ""
    switch: str = ""
    policies: str = ""


_AGENT = {
    "secretsmanager:GetSecretValue": "task_exec_secret_arns",
    "ssm:GetParameters": "task_exec_ssm_param_arns",
}
_OF_CLUSTER = {"task_exec": _RoleInputs(_AGENT, named="task_exec_iam_statements")}
_REGISTRY = r"(registry\.(terraform\.io|opentofu\.org)/)?"
#: By the module's source, and the label of the role in it: the variables of terraform-aws-modules'
#: ecs (versions 5 and 6) and iam (5 and 6), and of cloudposse's ecs-alb-service-task (since 0.60).
_MODULES = {
    r"terraform-aws-modules/ecs/aws//modules/service": {
        "task_exec": _RoleInputs(_AGENT, "task_exec_iam_statements"),
        "tasks": _RoleInputs(statements="tasks_iam_role_statements"),
    },
    r"terraform-aws-modules/ecs/aws(//modules/cluster)?": _OF_CLUSTER,
    r"terraform-aws-modules/iam/aws//modules/iam-assumable-role": {
        "this": _RoleInputs(policies="custom_role_policy_arns"),
    },
    r"terraform-aws-modules/iam/aws//modules/iam-role": {
        "this": _RoleInputs(named="inline_policy_permissions", switch="create_inline_policy"),
    },
    r"cloudposse/ecs-alb-service-task/aws": {
        "ecs_exec": _RoleInputs(policies="task_exec_policy_arns"),
        "ecs_task": _RoleInputs(policies="task_policy_arns"),
    },
}
_SOURCE = regex(r'^[ \t]*source[ \t]*=[ \t]*"([^"?]+)"', re.M)
_LABEL = regex(r"aws_iam_role\.([\w-]+)")


def by_input(
    stack: Stack,
    role: Role,
    missing: Sequence[Demand],
    origin: Callable[[Value], Value],
    fix: Fix,
    sources: Sources,
) -> Fix | None:
    """The fix that gives the permissions to the module which makes the role; None for a module that
    has no such inputs, or where they are computed."""
    call, label = _caller(stack, role), _LABEL.search(role.address)
    source = sources.at(call.span) if call else None
    if call is None or source is None or label is None:
        return None
    inputs = _inputs(source.slice(call.span), label[1])
    if inputs is None or source.form(source.start(call.span)) is not Form.HCL:
        return None
    place = Place.beside(stack, sources, source.file, call.address)
    given: dict[str, list[str]] = {}
    others: list[NewStatement] = []
    for resource, actions in by_resource(missing):
        name = written(place, resource, origin(resource))
        if name is None:
            return None
        by_action = inputs.resources.get(actions[0]) if len(actions) == 1 else None
        if by_action:
            given.setdefault(by_action, []).append(rendered(Form.HCL, name) or "")
        else:
            others.append(NewStatement(tuple(actions), (name,)))
    block = source.start(call.span), source.end(call.span)
    edits = [_listed(source, block, *pair) for pair in given.items()]
    if others:
        edits += _rest(place, source, block, inputs, others)
    summary = f"Give it to '{call.address}', which makes the role, by its own input:"
    return with_edits(fix, edits, summary=summary)


def _caller(stack: Stack, role: Role) -> ModuleCall | None:
    """The call of the module that makes the role, or, of one that a module makes of its own parts,
    of that one, which has the same inputs."""
    home = home_of(stack, role.address).removesuffix(".")
    call = stack.calls.get(home)
    if call is not None and generated(call.span.file) and home.endswith(".module.cluster"):
        return stack.calls.get(home.removesuffix(".module.cluster"))
    return call


def _rest(
    place: Place,
    source: FileText,
    block: tuple[int, int],
    inputs: _RoleInputs,
    statements: Sequence[NewStatement],
) -> list[Edit | None]:
    """The statements, by what the module takes them by."""
    if inputs.statements:
        texts = [_statement(each) for each in statements]
        return [_listed(source, block, inputs.statements, texts)]
    if inputs.named:
        edit = _entered(source, block, inputs.named, statements)
        on = rf"^[ \t]*{inputs.switch}[ \t]*=[ \t]*true\b"
        if not inputs.switch or re.search(on, source.text[slice(*block)], re.M):
            return [edit]
        if re.search(rf"^[ \t]*{inputs.switch}[ \t]*=", source.text[slice(*block)], re.M):
            return [None]
        names = (inputs.switch, inputs.switch)
        return [argument_edit(source, source.span(*block), names, "true"), edit]
    bodies = [object_text(Form.HCL, each, "      ") for each in statements]
    head = re.match(r'module\s+"([\w-]+)"', source.text[slice(*block)])
    if None in bodies or head is None:
        return [None]
    label = free_label(place, head[1], "aws_iam_policy")
    policy = _POLICY.format(label=label, bodies="".join(f"      {body},\n" for body in bodies))
    arn = _listed(source, block, inputs.policies, [f"aws_iam_policy.{label}.arn"])
    return [arn, block_behind(source, block[1], policy)]


_POLICY = """\
resource "aws_iam_policy" "{label}" {{
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
{bodies}    ]
  }})
}}"""


def _inputs(call: str, label: str) -> _RoleInputs | None:
    source = _SOURCE.search(call)
    for known, roles in _MODULES.items():
        if source is not None and re.fullmatch(_REGISTRY + known, source[1]):
            return roles.get(label)
    return None


def _statement(statement: NewStatement, indent: str = "    ") -> str:
    inner = f"{indent}  "
    listed = hcl_list([plain(action) for action in statement.actions], inner)
    resources = hcl_list(statement.resources, inner)
    equals = "=" if "\n" in listed else "  ="
    return f"{{\n{inner}actions {equals} {listed}\n{inner}resources = {resources}\n{indent}}}"


def _entered(
    source: FileText, block: tuple[int, int], name: str, statements: Sequence[NewStatement]
) -> Edit | None:
    """The statements under names of their own, which become their Sids, in the map that the call
    gives as the argument, or in a new one."""
    present = re.compile(rf"^[ \t]*{name}[ \t]*=[ \t]*", re.M).search(source.text, *block)
    entries: dict[str, str] = {}
    for statement in statements:
        service, _, action = statement.actions[0].partition(":")
        wanted = f"{re.sub(r'[^a-z0-9]', '', service)}{re.sub(r'[^A-Za-z0-9]', '', action)}"
        names = (wanted, *(f"{wanted}{number}" for number in range(2, 100)))
        taken = source.text[slice(*block)]
        key = next(each for each in names if each not in entries and each not in taken)
        entries[key] = _statement(statement)
    text = "".join(f"    {key} = {body}\n" for key, body in entries.items())
    if present is None:
        return argument_edit(source, source.span(*block), (name, name), f"{{\n{text}  }}")
    at = present.end()
    if source.text[at] != "{" or LOOP.match(source.text, at):
        return None
    end = closing(source.text, at)
    last = source.before_at(end - 1)
    if last == at:
        return Edit(source.span(at, end), f"{{\n{text}  }}")
    here = source.line_end(last)
    return Edit(source.span(here, here), f"\n{text.removesuffix(chr(10))}")


def _listed(
    source: FileText, block: tuple[int, int], name: str, items: Sequence[str]
) -> Edit | None:
    """The items in the list that the call gives as the argument, or in a new one."""
    present = re.compile(rf"^[ \t]*{name}[ \t]*=[ \t]*", re.M).search(source.text, *block)
    if present is None:
        if all("\n" not in item for item in items):
            value = f"[{', '.join(items)}]"
        else:
            value = "[\n" + "".join(f"    {item},\n" for item in items) + "  ]"
        return argument_edit(source, source.span(*block), (name, name), value)
    at = present.end()
    if source.text[at] != "[" or LOOP.match(source.text, at):
        return None
    last = source.before_at(closing(source.text, at) - 1)
    empty, comma = last == at, source.text[last] == ","
    lead = "" if empty else (" " if comma else ", ")
    return Edit(source.span(last + 1, last + 1), lead + ", ".join(items) + ("," if comma else ""))
