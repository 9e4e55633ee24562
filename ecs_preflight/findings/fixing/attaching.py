"""Policies given to a role: one that is attached to nothing, or to the wrong role."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Sequence

from ...model import Policy, Role, Stack, StandalonePolicy
from ...symbolic.source import Span
from ..finding import Edit, Fix
from ..identity import block_of
from ..sources import FileText, Form, Sources, closing
from ..wording import home_of
from .edits import with_edits
from .insertions import argument_at, argument_edit, block_behind, line_behind
from .lists import LOOP
from .places import Place, module_files
from .policies import free_label


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
            edits = [_listed(sources.of(role.span.file), role.span, names[0])]
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


def _listed(source: FileText, role: Span, policy: str) -> Edit | None:
    """The policy in the list of all that the role has, which stands in its block."""
    listed = argument_at(source, role, "managed_policy_arns")
    text = source.slice(listed) if listed else ""
    if listed is None or not text.startswith("[") or LOOP.match(text) or "[" in policy:
        return None
    bracket = source.end(listed) - 1
    last = source.before_at(bracket)
    if last == source.start(listed):
        return Edit(source.span(last + 1, bracket), f"{policy}.arn")
    if source.text[last] == ",":
        last = source.before_at(last)
    if "\n" in text:
        return line_behind(source, last + 1, f"{policy}.arn")
    return Edit(source.span(last + 1, last + 1), f", {policy}.arn")


def _role_named(source: FileText, policy: Span, role: str) -> Edit | None:
    if re.search(r"\bRoles\b", source.slice(policy)):
        return None
    yaml = source.form(source.start(policy)) is Form.YAML
    value = f"[!Ref {role}]" if yaml else json.dumps([{"Ref": role}])
    return argument_edit(source, policy, ("roles", "Roles"), value)


def given_to(
    stack: Stack, sources: Sources, policy: Policy, wrong: Role, right: Role
) -> Edit | None:
    """The other role in the resource that attaches the policy."""
    home = home_of(stack, policy.attachment)
    if not home == home_of(stack, wrong.address) == home_of(stack, right.address):
        return None
    kind, _, name = block_of(policy.attachment.removeprefix(home)).partition(".")
    own, index = _instance(wrong.address.removeprefix(home))
    other, other_index = _instance(right.address.removeprefix(home))
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
        role = re.compile(rf"^[ \t]*role\s*=\s*({re.escape(own)}){loop}\.(?:id|name)\s*$", re.M)
        found = role.search(source.text, head.end(), end)
        if found is None:
            return None
        return Edit(source.span(*found.span(1)), other)
    return None


def _instance(address: str) -> tuple[str, str]:
    """The resource, and which of its instances (``[0]``)."""
    block, bracket, index = address.partition("[")
    return block, bracket + index
