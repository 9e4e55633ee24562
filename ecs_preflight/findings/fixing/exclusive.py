"""Attachments that claim a role or a policy for themselves, written as ones that do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...model import ExclusiveForm, Policy, Role
from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .attaching import listed_too
from .edits import all_of, with_edits
from .insertions import argument_at
from .lists import items_at
from .removals import removal

_EXCLUSIVE, _SHARED = "aws_iam_policy_attachment", "aws_iam_role_policy_attachment"
#: Who else ``aws_iam_policy_attachment`` may name.
_OTHERS = regex(r"^[ \t]*(users|groups)\s*=", re.M)


def for_role_alone(attachment: Span) -> Draft:
    """The ``aws_iam_policy_attachment`` there, which names one role, as the resource that attaches
    to a role."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(attachment)
        if source is None or source.form(source.start(attachment)) is not Form.HCL:
            return None
        start, text = source.start(attachment), source.slice(attachment)
        head = re.match(rf'resource\s+"({_EXCLUSIVE})"\s+"([\w-]+)"', text)
        name = argument_at(source, attachment, "name")
        roles = argument_at(source, attachment, "roles")
        items = items_at(source, roles) if roles else []
        if head is None or roles is None or len(items) != 1 or _OTHERS.search(text):
            return None
        if _is_taken(sources, source.file, head[2]):
            return None
        edits = [
            Edit(source.span(start + head.start(1), start + head.end(1)), _SHARED),
            removal(sources, name) if name else None,
            _renamed(source, roles, source.slice(items[0])),
            *_references(sources, source.file, head[2]),
        ]
        return with_edits(fix, all_of(edits))

    return draft


def _is_taken(sources: Sources, file: str, label: str) -> bool:
    head = re.compile(rf'^resource\s+"{_SHARED}"\s+"{re.escape(label)}"', re.M)
    return any(head.search(source.text) for source in sources.beside(file))


def _renamed(source: FileText, roles: Span, role: str) -> Edit | None:
    """``role`` with the one item of ``roles``."""
    key = source.ending(re.compile(r"\broles(\s*=\s*)$"), source.start(roles))
    if key is None:
        return None
    return Edit(source.span(key.start(), source.end(roles)), f"role{key[1]}{role}")


def _references(sources: Sources, file: str, label: str) -> Iterator[Edit]:
    """What else names the attachment, in the files of its module."""
    name = re.compile(rf"(?<![\w.]){_EXCLUSIVE}(?=\.{re.escape(label)}\b)")
    for source in sources.beside(file):
        for found in name.finditer(source.text):
            yield Edit(source.span(*found.span()), _SHARED)


def claimed_too(role: Role, form: ExclusiveForm, policy: Policy) -> Draft | None:
    """The policy among those that ``managed_policy_arns`` lists, as it is written where it is
    attached; None for another form."""
    if form.source != "managed_policy_arns":
        return None

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source, target = sources.at(policy.arn.span), sources.at(role.span)
        if source is None or target is None or not _beside(source.file, target.file):
            return None
        written = source.slice(policy.arn.span)
        if "\n" in written or re.search(r"\b(each|count|self)\.", written):
            return None
        return with_edits(fix, [listed_too(target, role.span, written)])

    return draft


def _beside(file: str, other: str) -> bool:
    return file.rpartition("/")[0] == other.rpartition("/")[0]
