"""Roles for what launches tasks and has none to do it with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ...model import Launch, Stack, TaskDefinition
from ...symbolic.source import Span
from ..finding import Draft, Edit, Fix
from ..needs import Need
from ..sources import FileText, Form, Sources
from .edits import with_edits
from .expressions import brought
from .insertions import argument_at, argument_edit, beside_edit
from .needed import statements_for
from .new_roles import HEAD, NewRole, json_role, label_of, terraform_role, yaml_role
from .places import Place
from .statements import NewStatement

_TARGET = NewRole("role_arn", "RoleArn", "_events", "EventsRole", service="events.amazonaws.com")


def target_role(stack: Stack, launch: Launch, task: TaskDefinition, needs: Iterable[Need]) -> Draft:
    """A role that EventBridge may assume and that may do what the target's ``needs`` say, and its
    name in the target; in a template it stands beside the task definition."""
    origins = {demand: need.origin for need in needs for demand in need.demands}
    origin_of = {demand.resource: origin for demand, origin in origins.items()}

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source, span = sources.at(launch.span), launch.span
        if source is None or argument_at(source, span, _TARGET.argument, _TARGET.property):
            return None
        place = Place.beside(stack, sources, source.file, launch.address)
        statements = statements_for(place, origins, origin_of.__getitem__)
        if statements is None:
            return None
        if source.form(source.start(span)) is Form.HCL:
            behind = argument_at(source, span, "arn")
            edits = _terraform_target(place, source, span, behind, statements)
        else:
            edits = _template_target(source, launch, task, statements)
        more = brought(name for each in statements for name in each.resources)
        return with_edits(fix, [*edits, *more] if edits else None)

    return draft


def _terraform_target(
    place: Place,
    source: FileText,
    target: Span,
    behind: Span | None,
    statements: Sequence[NewStatement],
) -> list[Edit] | None:
    head = HEAD.match(source.slice(target))
    if head is None:
        return None
    label = head[1] + _TARGET.suffix
    name = f"aws_iam_role.{label}.arn"
    named = argument_edit(source, target, (_TARGET.argument, _TARGET.property), name, behind)
    role = terraform_role(place, source, target, _TARGET, label, statements)
    return [named, role] if named and role else None


def _template_target(
    source: FileText, launch: Launch, task: TaskDefinition, statements: Sequence[NewStatement]
) -> list[Edit] | None:
    """The role's name at the end of the target, the role behind the task definition."""
    form, label = source.form(source.start(launch.span)), label_of(launch, _TARGET)
    if task.span.file != source.file:
        return None
    if form is Form.YAML:
        value = f"!GetAtt {label}.Arn"
        role = yaml_role(source, task.span, _TARGET, label, statements)
    elif form is Form.CFN_JSON:
        value = json.dumps({"Fn::GetAtt": [label, "Arn"]})
        role = json_role(source, task.span, _TARGET, label, statements)
    else:
        return None
    named = beside_edit(source, launch.span, _TARGET.property, value)
    return [named, role] if named and role else None
