"""IAM users: who deploys with keys of their own. Their policies are read as roles' are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model import User
from ..symbolic.values import Unknown, Why
from . import identities
from .fields import base, field, maps, scalars
from .patches import Fact, Patch
from .roles import Grantor, entry_document, entry_name
from .units import Declared


def user(declared: Declared) -> Iterator[Fact]:
    """``aws_iam_user``, ``AWS::IAM::User``."""
    body, here = declared.body, Grantor(declared)
    blocks, arns = (
        maps(field(body, "Policies"), lambda entry: entry),
        scalars(field(body, "ManagedPolicyArns")),
    )
    groups = scalars(field(body, "Groups"))
    remainders = [blocks.remainder, arns.remainder, groups.remainder]
    if groups.items:
        remainders.append(_in_group(declared))
    yield User(
        **base(declared),
        name=identities.USER.name_of(declared),
        arn=identities.USER.arn_of(declared),
        policies=(
            *(here.inline(entry_name(e), entry_document(e), e.span, "Policies") for e in blocks),
            *(here.managed(arn, arn.span, "ManagedPolicyArns") for arn in arns),
        ),
        gaps=tuple(here.gap(each) for each in remainders if each is not None),
    )


def membership(declared: Declared) -> Iterator[Fact]:
    """Users in a group, whose policies count for them too."""
    listed = scalars(field(declared.body, "User", "Users"))
    reason = _in_group(declared)
    for target in (*listed, *([listed.remainder] if listed.remainder is not None else [])):
        yield Patch(
            User,
            target,
            lambda member: replace(member, gaps=(*member.gaps, reason)),
            lambda member, doubt: replace(member, gaps=(*member.gaps, doubt)),
            declared.address,
            declared.span,
        )


def _in_group(declared: Declared) -> Unknown:
    return Unknown("a group's policies count too", why=Why.OUTSIDE, span=declared.span)
