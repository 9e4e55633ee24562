"""Roles that a module of the registry makes: its own input for what they may do, at the call."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ...model import Role, Stack
from ...symbolic.records import dataclass
from ...symbolic.values import Value
from ..finding import Edit, Fix
from ..needs import Demand
from ..sources import FileText, Form, Sources, closing
from ..wording import home_of
from .edits import with_edits
from .expressions import Expression, plain, rendered
from .handing import by_resource
from .insertions import argument_edit
from .lists import LOOP, hcl_list
from .names import written
from .places import Place


@dataclass(frozen=True)
class _RoleInputs:
    """The inputs of one of a module's roles: lists of the resources that one action is for, and a
    list of statements for all else."""

    resources: Mapping[str, str]
    statements: str


#: By the module's source, and the label of the role in it (its README, versions 5 and 6).
_MODULES = {
    r"(registry\.(terraform\.io|opentofu\.org)/)?terraform-aws-modules/ecs/aws//modules/service": {
        "task_exec": _RoleInputs(
            {
                "secretsmanager:GetSecretValue": "task_exec_secret_arns",
                "ssm:GetParameters": "task_exec_ssm_param_arns",
            },
            "task_exec_iam_statements",
        ),
        "tasks": _RoleInputs({}, "tasks_iam_role_statements"),
    },
}
_SOURCE = re.compile(r'^[ \t]*source[ \t]*=[ \t]*"([^"?]+)"', re.M)
_LABEL = re.compile(r"aws_iam_role\.([\w-]+)")


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
    home = home_of(stack, role.address)
    call, label = stack.calls.get(home.removesuffix(".")), _LABEL.search(role.address)
    source = sources.at(call.span) if call else None
    if call is None or source is None or label is None:
        return None
    inputs = _inputs(source.slice(call.span), label[1])
    if inputs is None or source.form(source.start(call.span)) is not Form.HCL:
        return None
    place = Place.beside(stack, sources, source.file, call.address)
    given: dict[str, list[str]] = {}
    for resource, actions in by_resource(missing):
        name = written(place, resource, origin(resource))
        if name is None:
            return None
        by_action = inputs.resources.get(actions[0]) if len(actions) == 1 else None
        item = rendered(Form.HCL, name) if by_action else _statement(actions, name)
        given.setdefault(by_action or inputs.statements, []).append(item or "")
    block = source.start(call.span), source.end(call.span)
    edits = [_listed(source, block, *pair) for pair in given.items()]
    summary = f"Give it to '{home.removesuffix('.')}', which makes the role, by its own input:"
    return with_edits(fix, edits, summary=summary)


def _inputs(call: str, label: str) -> _RoleInputs | None:
    source = _SOURCE.search(call)
    for known, roles in _MODULES.items():
        if source is not None and re.fullmatch(known, source[1]):
            return roles.get(label)
    return None


def _statement(actions: Sequence[str], resource: Expression) -> str:
    listed = hcl_list([plain(action) for action in actions], "      ")
    resources = hcl_list([resource], "      ")
    equals = "=" if "\n" in listed else "  ="
    return f"{{\n      actions {equals} {listed}\n      resources = {resources}\n    }}"


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
