"""Policies given to a role: one that is attached to nothing, or to the wrong role."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Sequence

from ... import iam
from ...model import Policy, Role, Stack, StandalonePolicy
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.values import literal
from ..finding import Edit, Fix
from ..identity import block_of
from ..needs import Demand
from ..sources import FileText, Form, Sources, closing
from ..wording import home_of
from .editable import allows
from .edits import with_edits
from .insertions import argument_at, argument_edit, block_behind, item_behind, line_behind
from .lists import LOOP
from .places import Place, module_files, partition
from .policies import free_label

#: The property of a template's role that lists its managed policies.
_MANAGED = "ManagedPolicyArns"


def attached(
    stack: Stack, role: Role, policy: StandalonePolicy, fix: Fix, sources: Sources
) -> Fix | None:
    """The fix that attaches the policy to the role; None where they stand in different modules, or
    are made several times over."""
    source = sources.at(policy.span)
    home = home_of(stack, role.address)
    if source is None or sources.at(role.span) is None or home != home_of(stack, policy.address):
        return None
    names = (policy.address.removeprefix(home), role.address.removeprefix(home))
    edits: Sequence[Edit | None]
    if source.form(source.start(policy.span)) is Form.HCL:
        place = Place.beside(stack, sources, source.file, role.address)
        if any(not form.inline for form in role.exclusive):  # it would drop what is not in its list
            if "[" in names[0]:
                return None  # one of several
            edits = [listed_too(sources.of(role.span.file), role.span, f"{names[0]}.arn")]
        else:
            edits = [_attachment(place, source, policy.span, names)]
    elif policy.type == "AWS::IAM::ManagedPolicy" and source is sources.at(role.span):
        edits = [_role_named(source, policy.span, names[1])]
    else:
        return None
    summary = f"Attach '{policy.address}' to '{role.address}':"
    return with_edits(fix, edits, summary=summary)


def _attachment(
    place: Place, source: FileText, policy: Span, names: tuple[str, str]
) -> Edit | None:
    if not all(re.fullmatch(r"\w+\.[\w-]+", name) for name in names):
        return None  # one of several
    kind = "aws_iam_role_policy_attachment"
    label = free_label(place, names[0].partition(".")[2], kind)
    end = source.end(policy)
    lines = (
        f'resource "{kind}" "{label}" {{',
        f"  role       = {names[1]}.name",
        f"  policy_arn = {names[0]}.arn",
        "}",
    )
    return block_behind(source, end, "\n".join(lines))


def listed_too(source: FileText, role: Span, policy: str) -> Edit | None:
    """The policy in the list of all that the role has, which stands in its block."""
    listed = argument_at(source, role, "managed_policy_arns")
    text = source.slice(listed) if listed else ""
    if listed is None or not text.startswith("[") or LOOP.match(text):
        return None
    bracket = source.end(listed) - 1
    last = source.before_at(bracket)
    if last == source.start(listed):
        return Edit(source.span(last + 1, bracket), policy)
    if source.text[last] == ",":
        last = source.before_at(last)
    if "\n" in text:
        return line_behind(source, last + 1, policy)
    return Edit(source.span(last + 1, last + 1), f", {policy}")


def _role_named(source: FileText, policy: Span, role: str) -> Edit | None:
    if re.search(r"\bRoles\b", source.slice(policy)):
        return None
    yaml = source.form(source.start(policy)) is Form.YAML
    value = f"[!Ref {role}]" if yaml else json.dumps([{"Ref": role}])
    return argument_edit(source, policy, ("roles", "Roles"), value)


def with_managed(
    stack: Stack, role: Role, missing: Iterable[Demand], name: str, fix: Fix, sources: Sources
) -> Fix | None:
    """The fix that gives the role the policy of that name which AWS has made; None where that does
    not allow what is missing, the role is made several times over, or another list of its policies
    would drop it."""
    source, policy = sources.at(role.span), iam.managed.by_name(name)
    if source is None or policy is None:
        return None
    if not all(allowed_by_managed(name, demand.action) for demand in missing):
        return None
    form = source.form(source.start(role.span))
    if form is Form.HCL:
        place = Place.beside(stack, sources, source.file, role.address)
        edit = _managed_attachment(place, source, role, policy.arn(partition(place)))
    elif form in (Form.YAML, Form.CFN_JSON) and role.type == "AWS::IAM::Role":
        edit = _managed_item(source, role, policy.arn("${AWS::Partition}"))
    else:
        return None
    title = policy.name.rpartition("/")[2]
    return with_edits(fix, [edit], summary=f"Give '{role.address}' AWS's '{title}':")


def allowed_by_managed(name: str, action: str) -> bool:
    """Does AWS's policy of that name allow the action?"""
    policy = iam.managed.by_name(name)
    return policy is not None and any(
        allows(statement.actions or (), action)
        for statement in iam.document.statements(policy.document()).statements
        if literal(statement.effect) == "Allow"
    )


def _managed_attachment(place: Place, source: FileText, role: Role, arn: str) -> Edit | None:
    head = re.match(r'resource\s+"aws_iam_role"\s+"([\w-]+)"', source.slice(role.span))
    if not head or role.address.endswith("]"):
        return None
    if any(not form.inline for form in role.exclusive):
        return listed_too(source, role.span, f'"{arn}"')
    kind = "aws_iam_role_policy_attachment"
    lines = (
        f'resource "{kind}" "{free_label(place, head[1], kind)}" {{',
        f"  role       = aws_iam_role.{head[1]}.name",
        f'  policy_arn = "{arn}"',
        "}",
    )
    return block_behind(source, source.end(role.span), "\n".join(lines))


def _managed_item(source: FileText, role: Role, arn: str) -> Edit | None:
    """An item of the role's list of managed policies, or that list."""
    is_yaml = source.form(source.start(role.span)) is Form.YAML
    item = f"!Sub {arn}" if is_yaml else json.dumps({"Fn::Sub": arn})
    listed = [each.attached for each in role.policies if each.source == _MANAGED]
    if listed:
        last = max(listed, key=lambda span: (span.line, span.column))
        return item_behind(source, last, item)
    if re.search(rf"\b{_MANAGED}\b", source.slice(role.span)):
        return None
    made = argument_edit(source, role.span, ("", _MANAGED), "" if is_yaml else f"[{item}]")
    if made is None or not is_yaml:
        return made
    margin = source.indent(source.start(made.span))
    return replace(made, text=f"{margin}{_MANAGED}:\n{margin}  - {item}\n")


def given_to(
    stack: Stack, sources: Sources, policy: Policy, wrong: Role, right: Role
) -> Edit | None:
    """The other role in the resource that attaches the policy."""
    home = home_of(stack, policy.attachment)
    if not home == home_of(stack, wrong.address) == home_of(stack, right.address):
        return None
    kind, _, name = block_of(policy.attachment.removeprefix(home)).partition(".")
    own, other = (block_of(role.address).removeprefix(home) for role in (wrong, right))
    index, other_index = (r.address.removeprefix(block_of(r.address)) for r in (wrong, right))
    if kind not in ("aws_iam_role_policy", "aws_iam_role_policy_attachment"):
        return None
    if index != other_index:
        return None
    for file in module_files(stack, posixpath.dirname(wrong.span.file)):
        source = sources.of(file)
        head = re.search(rf'^resource\s+"{kind}"\s+"{re.escape(name)}"\s*\{{', source.text, re.M)
        if head is None:
            continue
        end = closing(source.text, head.end() - 1)
        loop = rf"(?:{re.escape(index)}|\[each\.key\]|\[count\.index\])" if index else ""
        named = rf"({re.escape(own)}){loop}\.(?:id|name)"
        role = re.compile(rf"^[ \t]*role\s*=\s*{named}[ \t]*(?:(?:#|//).*)?$", re.M)
        found = role.search(source.text, head.end(), end)
        if found is None:
            return None
        return Edit(source.span(*found.span(1)), other)
    return None
