"""IAM roles and whatever gives them policies: the same story in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..model import (
    ExclusiveForm,
    Index,
    InstanceProfile,
    NamedRole,
    Policy,
    PolicyKind,
    Resource,
    Role,
    RoleAddition,
    Several,
    StandalonePolicy,
    UserGroup,
    identity,
    role_name,
)
from ..symbolic.records import replace
from ..symbolic.sharing import same, shared
from ..symbolic.values import (
    ABSENT,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    first,
)
from ..symbolic.worlds import PathCondition
from . import identities
from .documents import policy_document
from .fields import base, field, is_null, maps, nothing, scalars
from .grantor import Grantor, entry_document, entry_name
from .patches import Fact, Patch
from .tags import tags_of
from .units import Declared

#: The part of an ARN that only the policies of AWS itself have (facts I1).
AWS_POLICY = ":iam::aws:policy/"


def role(
    inline: str, managed: str, exclusive: bool = False
) -> Callable[[Declared], Iterator[Fact]]:
    """A reader of roles whose own policies stand under ``inline`` and ``managed``; ``exclusive``
    when these properties claim to list them all, as Terraform's do (facts L)."""

    def read(declared: Declared) -> Iterator[Fact]:
        body = declared.body
        here = Grantor(declared)
        blocks = maps(field(body, inline), lambda entry: entry)
        arns = scalars(field(body, managed))
        named = [entry for entry in blocks if not is_null(entry_document(entry))]
        boundary = field(body, "PermissionsBoundary")
        forms = []
        if exclusive and (blocks.items or blocks.remainder is not None):  # no block claims nothing
            names = tuple(field(entry, "Name") for entry in named)
            forms.append(
                ExclusiveForm(
                    inline,
                    True,
                    Several(names, blocks.remainder),
                    declared.address,
                    body.get(inline).span,
                )
            )
        if exclusive and not is_null(body.get(managed)):
            forms.append(
                ExclusiveForm(managed, False, arns, declared.address, body.get(managed).span)
            )
        yield Role(
            **base(declared),
            name=identities.ROLE.name_of(declared),
            arn=identities.ROLE.arn_of(declared),
            path=field(body, "Path"),
            trust=policy_document(field(body, "AssumeRolePolicy", "AssumeRolePolicyDocument")),
            policies=(
                *(
                    _of_template(
                        here.inline(entry_name(entry), entry_document(entry), entry.span, inline),
                        field(entry, "PolicyTemplate"),
                    )
                    for entry in named
                ),
                *(here.managed(arn, arn.span, managed) for arn in arns),
            ),
            boundary=None
            if is_null(boundary)
            else here.managed(boundary, boundary.span, "boundary"),
            gaps=tuple(
                here.gap(remainder)
                for remainder in (blocks.remainder, arns.remainder)
                if remainder is not None
            ),
            exclusive=tuple(forms),
            tags=tags_of(declared),
        )

    return read


def _of_template(policy: Policy, template: Value) -> Policy:
    """The policy as that of SAM's template of the name, where there is one."""
    if is_null(template):
        return policy
    return replace(policy, kind=PolicyKind.TEMPLATE, name=template)


def inline_policy(declared: Declared) -> Iterator[Fact]:
    """``aws_iam_role_policy``, ``AWS::IAM::RolePolicy``, ``AWS::IAM::Policy`` (several roles), and
    their like for users and groups."""
    here = Grantor(declared)
    document = entry_document(declared.body)
    policy = here.inline(
        identities.INLINE_POLICY.name_of(declared),
        document,
        document.span if document.span.line else declared.span,
        declared.type,
    )
    yield from here.given_to_all(policy)


def managed_policy(declared: Declared) -> Iterator[Fact]:
    """A customer managed policy; in CloudFormation it may itself name roles."""
    arn = identities.POLICY.arn_of(declared)
    yield StandalonePolicy(
        **base(declared),
        name=identities.POLICY.name_of(declared),
        arn=arn,
        document=entry_document(declared.body),
    )
    here = Grantor(declared)
    policy = here.managed(Reference(declared.address, "arn"), declared.span, declared.type)
    yield from here.given_to_all(policy)


def attachment(declared: Declared) -> Iterator[Fact]:
    """``aws_iam_role_policy_attachment`` and ``aws_iam_policy_attachment``."""
    here = Grantor(declared)
    arn = field(declared.body, "PolicyArn")
    if not is_null(arn):
        policy = here.managed(arn, arn.span if arn.span.line else declared.span, declared.type)
        yield from here.given_to_all(policy)


def exclusive_names(declared: Declared) -> Iterator[Fact]:
    """``aws_iam_role_policies_exclusive``: the names of the role's inline policies, which other
    resources write."""
    yield _exclusive(declared, scalars(field(declared.body, "PolicyNames")), inline=True)


def exclusive_attachments(declared: Declared) -> Iterator[Fact]:
    """``aws_iam_role_policy_attachments_exclusive`` and its like for users and groups: the ARNs are
    those "to be attached", and others are detached (provider documentation, ``policy_arns``)."""
    here, listed = Grantor(declared), scalars(field(declared.body, "PolicyArns"))
    for arn in listed:
        yield from here.given_to_all(here.managed(arn, arn.span, declared.type))
    if listed.remainder is not None:
        yield from here.withheld_from_all(listed.remainder)
    if not is_null(declared.body.get("role_name")):
        yield _exclusive(declared, listed, inline=False)


def _exclusive(declared: Declared, listed: Several[Value], *, inline: bool) -> Patch:
    form = ExclusiveForm(declared.type, inline, listed, declared.address, declared.span)
    return Patch(
        Role,
        field(declared.body, "RoleName"),
        lambda role: replace(role, exclusive=(*role.exclusive, form)),
        lambda role, reason: role,
        declared.address,
        declared.span,
    )


def named_role(declared: Declared) -> Iterator[Fact]:
    """Terraform's data source ``aws_iam_role``."""
    yield NamedRole(**base(declared), name=field(declared.body, "Name"))


def instance_profile(declared: Declared) -> Iterator[Fact]:
    """An instance profile, with the role that it hands to instances."""
    roles = scalars(field(declared.body, "Role", "Roles"))
    yield InstanceProfile(
        **base(declared),
        name=identities.INSTANCE_PROFILE.name_of(declared),
        arn=identities.INSTANCE_PROFILE.arn_of(declared),
        role=roles.items[0] if roles.items else nothing(roles.remainder, declared.span),
    )


# -- managed policies ------------------------------------------------------------------------------


#: The type of a role that stands for one which the stack does not hold.
_ELSEWHERE = "role elsewhere"


def elsewhere(facts: Iterable[Fact]) -> tuple[Role, ...]:
    """A role for each name that patches speak of and no role of the stack has: with what they
    give."""
    facts = tuple(facts)
    index = Index(fact for fact in facts if isinstance(fact, Role))
    found: dict[str, Role] = {}
    for patch in facts:
        if isinstance(patch, Patch) and patch.kind is Role and not index.all(Role, patch.target):
            name = role_name(patch.target)
            if name is not None:
                empty = Role(
                    address=patch.address,
                    type=_ELSEWHERE,
                    span=patch.span,
                    name=Known(name),
                    arn=ABSENT,
                )
                found[name] = patch.amend(found.get(name, empty))
    return tuple(found.values())


def additions(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The resources, with what such a role stands for in its place."""
    return tuple(
        RoleAddition(
            address=r.address,
            type=r.type,
            span=r.span,
            name=r.name,
            policies=r.policies,
            gaps=r.gaps,
        )
        if isinstance(r, Role) and r.type == _ELSEWHERE
        else r
        for r in resources
    )


def resolved(resources: Iterable[Resource], world: PathCondition) -> tuple[Resource, ...]:
    """The resources, with every managed policy of a role looked up by its ARN: a policy of AWS, one
    of the stack, or one out of sight; an ARN that is not known becomes a gap."""
    resources = tuple(resources)
    found = tuple(r for r in resources if isinstance(r, StandalonePolicy))
    policies = same(world, "policies", found)
    index = shared(world, "index of policies", (policies,), lambda: Index(policies))

    def owner(role: Role | UserGroup) -> Role | UserGroup:
        things = (role, policies)
        return shared(world, "owner", things, lambda: _with_managed(role, index, policies))

    return tuple(owner(r) if isinstance(r, (Role, UserGroup)) else r for r in resources)


def _with_managed(
    owner: Role | UserGroup, index: Index, policies: tuple[StandalonePolicy, ...]
) -> Role | UserGroup:
    found: list[Policy] = []
    gaps: list[Unknown] = []
    for policy in owner.policies:
        known = _managed(policy, index, policies)
        if isinstance(known, Unknown):
            gaps.append(known)
        else:
            found.append(_surely_attached(known, owner))
    owner = replace(owner, policies=tuple(found), gaps=(*owner.gaps, *gaps))
    if isinstance(owner, UserGroup) or owner.boundary is None:
        return owner
    known = _managed(owner.boundary, index, policies)
    boundary = replace(owner.boundary, document=known) if isinstance(known, Unknown) else known
    return replace(owner, boundary=boundary)


def _surely_attached(policy: Policy, owner: Role | UserGroup) -> Policy:
    """A policy under the very condition that its role is under is there whenever the role is."""
    mine, its = owner.conditional, policy.conditional
    same = mine is not None and its is not None and mine.symbol and mine.symbol == its.symbol
    return replace(policy, conditional=None) if same else policy


def _managed(
    policy: Policy, index: Index, policies: tuple[StandalonePolicy, ...]
) -> Policy | Unknown:
    if is_null(policy.arn):
        return policy
    name = aws_policy_name(policy.arn)
    if name is not None:
        return replace(policy, kind=PolicyKind.AWS, name=Known(name.rpartition("/")[2]))
    found = index.all(StandalonePolicy, policy.arn) or _by_path(policy.arn, policies)
    if len(found) == 1:
        return replace(
            policy,
            name=found[0].name,
            document=found[0].document,
            span=found[0].span,
            conditional=first(policy.conditional, found[0].conditional),
        )
    arn = expanded(policy.arn)
    if isinstance(arn, Unknown):
        return replace(
            arn,
            symbol=None,
            span=policy.attached,
            reason=(f"'{policy.attachment}' attaches a policy that is not known: {arn.reason}"),
        )
    outside = Unknown(
        "the policy is not in the scanned code", why=Why.OUTSIDE, span=policy.attached
    )
    return replace(policy, document=outside)


def aws_policy_name(arn: Value) -> str | None:
    """``service-role/Name`` in an AWS managed policy's ARN, whatever its partition; else None."""
    value = expanded(arn)
    last = value.parts[-1] if isinstance(value, Text) else getattr(value, "value", None)
    return last.rpartition(AWS_POLICY)[2] if isinstance(last, str) and AWS_POLICY in last else None


def _by_path(arn: Value, policies: tuple[StandalonePolicy, ...]) -> tuple[StandalonePolicy, ...]:
    """Policies whose path and name a literal ARN ends in, whatever its account."""
    wanted = _path_and_name(arn)
    return tuple(p for p in policies if wanted is not None and _path_and_name(p.arn) == wanted)


def _path_and_name(arn: Value) -> str | None:
    parts = identity(arn)
    tail = parts[-1] if parts else None
    return tail.rpartition(":policy/")[2] if isinstance(tail, str) and ":policy/" in tail else None
