"""A policy taken off a role, and left to the others that have it."""

from __future__ import annotations

import re

from ...model import Policy, Receiver
from ...symbolic.patterns import regex
from ...symbolic.source import Span, is_within
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .edits import with_edits
from .removals import removal, resource_removal, template_removal

#: What makes the instances of a repeated resource differ, and what may be another with other
#: inputs.
_PER_INSTANCE = regex(r"\b(?:each\.(?:key|value)|count\.index)\b")
_CHOICE = regex(r"!If|Fn::If|\?|\bfor\b|\beach\.|\bcount\.|\$\{")

#: Resources that list the policies of one role.
_LISTS = ("aws_iam_role_policy_attachments_exclusive",)
#: Resources that are of use without anyone who is given the policy.
_USEFUL = ("AWS::IAM::ManagedPolicy",)


def detaching(policy: Policy) -> Draft:
    """The policy taken off the role: the item of the role's list, the resource that gives it to
    nobody else, or the role in the list of those whom that gives it to."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        receiver = policy.receiver
        if receiver is None:
            return with_edits(fix, [removal(sources, policy.attached)])
        source = sources.at(receiver.giver)
        if source is None or _PER_INSTANCE.search(source.slice(receiver.giver)):
            return None  # other instances may be for other roles
        if policy.source in _LISTS:
            return with_edits(fix, [removal(sources, policy.attached)])
        if not receiver.alone:
            return with_edits(fix, [_left_out(sources, source, receiver)])
        if policy.source in _USEFUL:
            return with_edits(fix, [removal(sources, receiver.listed)])
        return with_edits(fix, _removed(sources, source, receiver.giver))

    return draft


def _left_out(sources: Sources, source: FileText, receiver: Receiver) -> Edit | None:
    """The role's item of the list. It is an edit of the whole list, of which two that leave one
    item out each would leave nothing."""
    listed, name = receiver.listed, receiver.name
    if not is_within(listed, receiver.giver) or not is_within(name, listed):
        return None
    if _CHOICE.search(source.slice(listed)):
        return None
    edit = removal(sources, name)
    if edit is None:
        return None
    (first, last), (start, end) = (
        (source.start(span), source.end(span)) for span in (listed, edit.span)
    )
    text = source.text[first:start] + edit.text + source.text[end : max(last, end)]
    return Edit(source.span(min(first, start), max(last, end)), text)


def _removed(sources: Sources, source: FileText, giver: Span) -> list[Edit] | None:
    start, end = source.start(giver), source.end(giver)
    form = source.form(start)
    if form is Form.HCL:
        is_block = re.match(r"resource\b", source.text[start:end])
        return resource_removal(sources, source, start, end) if is_block else None
    edit = template_removal(sources, giver) if form in (Form.YAML, Form.CFN_JSON) else None
    return None if edit is None else [edit]
