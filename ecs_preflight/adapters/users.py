"""IAM users and groups: who deploys with keys of its own. Policies are read as a role's are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..model import GroupMember, Index, Resource, User, UserGroup
from ..symbolic.records import replace
from ..symbolic.values import Unknown, Value, Why
from . import identities
from .fields import base, field, is_null, maps, scalars
from .grantor import Grantor, entry_document, entry_name, members
from .patches import Fact, Patch
from .tags import tags_of
from .units import Declared


def user(declared: Declared) -> Iterator[Fact]:
    """``aws_iam_user``, ``AWS::IAM::User``."""
    boundary = field(declared.body, "PermissionsBoundary")
    yield User(
        **base(declared),
        name=identities.USER.name_of(declared),
        arn=identities.USER.arn_of(declared),
        tags=tags_of(declared),
        groups=tuple(members(field(declared.body, "Groups"), UserGroup)),
        boundary=None
        if is_null(boundary)
        else Grantor(declared).managed(boundary, boundary.span, "boundary"),
        **_given(declared),
    )


def group(declared: Declared) -> Iterator[Fact]:
    """``aws_iam_group``, ``AWS::IAM::Group``."""
    yield UserGroup(
        **base(declared),
        name=identities.GROUP.name_of(declared),
        arn=identities.GROUP.arn_of(declared),
        **_given(declared),
    )


def membership(declared: Declared) -> Iterator[Fact]:
    """Users in groups: one user in several, or several in one."""
    groups = tuple(members(field(declared.body, "Group", "GroupName", "Groups"), UserGroup))
    if declared.conditional is not None:
        groups = (declared.conditional,)
    for target in members(field(declared.body, "User", "Users"), User):
        yield Patch(
            User,
            target,
            lambda member: replace(member, groups=(*member.groups, *groups)),
            lambda member, doubt: replace(member, gaps=(*member.gaps, doubt)),
            declared.address,
            declared.span,
        )


def in_groups(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The resources, with the policies of its groups with each user; and one for the users out of
    sight of a group that the stack holds none of."""
    resources = tuple(resources)
    groups = [r for r in resources if isinstance(r, UserGroup)]
    users = [r for r in resources if isinstance(r, User)]
    index = Index(groups)
    joined = {
        group.address
        for user in users
        for named in user.groups
        for group in index.all(UserGroup, named)
    }
    members = tuple(_member(r, index) if isinstance(r, User) else r for r in resources)
    return (*members, *(_unseen(group) for group in groups if group.address not in joined))


def _unseen(group: UserGroup) -> GroupMember:
    return GroupMember(
        address=group.address,
        type=group.type,
        span=group.span,
        conditional=group.conditional,
        label=group.label,
        target=group.target,
        name=group.name,
        arn=group.arn,
        policies=group.policies,
        gaps=(
            *group.gaps,
            Unknown("who is in the group is not in the code", why=Why.OUTSIDE, span=group.span),
        ),
    )


def _member(user: User, index: Index) -> User:
    for named in dict.fromkeys(user.groups):
        found = index.all(UserGroup, named)
        if len(found) == 1:
            policies, gaps = found[0].policies, found[0].gaps
        else:
            policies, gaps = (), (_out_of_sight(named),)
        user = replace(user, policies=(*user.policies, *policies), gaps=(*user.gaps, *gaps))
    return user


def _out_of_sight(group: Value) -> Unknown:
    return Unknown("a group's policies count too", why=Why.OUTSIDE, span=group.span)


def _given(declared: Declared) -> dict[str, Any]:
    """The policies that stand in the principal itself, and what cannot be read of them."""
    body, here = declared.body, Grantor(declared)
    blocks = maps(field(body, "Policies"), lambda entry: entry)
    arns = scalars(field(body, "ManagedPolicyArns"))
    return {
        "policies": (
            *(here.inline(entry_name(e), entry_document(e), e.span, "Policies") for e in blocks),
            *(here.managed(arn, arn.span, "ManagedPolicyArns") for arn in arns),
        ),
        "gaps": tuple(
            here.gap(each) for each in (blocks.remainder, arns.remainder) if each is not None
        ),
    }
