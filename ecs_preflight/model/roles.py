"""IAM: roles, their policies, and what a role's name may turn out to be."""

from __future__ import annotations

from enum import Enum
from typing import Union

from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.values import ABSENT, Entries, Unknown, Value, join
from .common import NO_TAGS_SEEN, Resource, Several


class Principal(Enum):
    """Who makes a call, which decides what request context it carries. The value is its title."""

    EXECUTION = "execution role"  # the ECS agent or Fargate, before the container runs
    TASK = "task role"  # what runs in the containers, the Exec agent among it
    LAUNCHER = "launcher role"  # EventBridge, Scheduler, Step Functions, Pipes
    DEPLOYER = "deployer role"  # CI, CodeDeploy, a function: whoever calls ECS
    INFRASTRUCTURE = "infrastructure role"
    INSTANCE = "container instance role"


class PolicyKind(Enum):
    """What a policy is, as a sentence names it."""

    INLINE = "inline policy"
    CUSTOMER = "customer managed policy"
    AWS = "AWS managed policy"
    TEMPLATE = "policy template"
    CONTROL = "service control policy"

    @property
    def is_ready_made(self) -> bool:
        """Is its text AWS's own, and so nothing that the code could have wrong?"""
        return self in (PolicyKind.AWS, PolicyKind.TEMPLATE)


@dataclass(frozen=True)
class Receiver:
    """Where a resource that gives a policy (``giver``, the whole of it) names a role it is given
    to: ``name``, in what it has ``listed``. ``alone`` where it surely names nobody else."""

    giver: Span
    listed: Span
    name: Span
    alone: bool


@dataclass(frozen=True)
class Policy:
    """A permission policy of a role.

    ``document`` is the parsed JSON (an Entries), a Known or Text that is not JSON (``encodes``
    holds the fault), or Unknown; Known(None) for AWS managed policies, whose content is looked up
    by ``arn``. ``span`` is where the policy is written, ``attached`` where it is given to the role
    and by which resource (``attachment``). ``conditional`` says why it may not be attached.
    ``source`` tells the attaching form: ``inline_policy``, ``managed_policy_arns``,
    ``aws_iam_role_policy`` ... ``receiver`` is None where the policy stands in the role itself."""

    kind: PolicyKind
    name: Value
    document: Value
    span: Span
    attached: Span
    attachment: str
    arn: Value = ABSENT
    conditional: Unknown | None = None
    source: str = ""
    receiver: Receiver | None = None


@dataclass(frozen=True)
class ExclusiveForm:
    """What claims to list all policies of a role: others are dropped on the next apply (facts L).

    ``source`` is ``inline_policy``, ``managed_policy_arns``, ``aws_iam_role_policies_exclusive`` or
    ``aws_iam_role_policy_attachments_exclusive``; ``members`` are names (inline) or ARNs.
    """

    source: str
    inline: bool
    members: Several[Value]
    attachment: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Role(Resource):
    """An IAM role. ``gaps`` says what of its policies could not be read: while there is one, the
    answer No becomes Unknown. ``origin`` says where it is known from, of a role that no code of the
    scan makes: as it follows the role's name in a sentence. ``controls`` are the service control
    policies over its account."""

    name: Value
    arn: Value
    path: Value = ABSENT
    trust: Value = ABSENT
    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    gaps: tuple[Unknown, ...] = ()
    controls: tuple[Policy, ...] = ()
    origin: str = ""
    exclusive: tuple[ExclusiveForm, ...] = ()
    tags: Entries | Unknown = NO_TAGS_SEEN

    @property
    def complete(self) -> bool:
        """Are all policies of the role known?"""
        return not self.gaps

    @property
    def noun(self) -> str:
        """What it is, at the beginning of a sentence."""
        return "Role"


@dataclass(frozen=True, kw_only=True)
class User(Role):
    """An IAM user: what deploys with keys of its own. Its policies are read as a role's; those of
    its ``groups`` (their names) are among them."""

    groups: tuple[Value, ...] = ()

    @property
    def names(self) -> tuple[Value, ...]:
        """With what it is before its name: a role of the same name is another principal."""
        return self.arn, join("user/", self.name)

    @property
    def noun(self) -> str:
        """What it is, at the beginning of a sentence."""
        return "User"


@dataclass(frozen=True, kw_only=True)
class GroupMember(User):
    """Whoever is in a group of which the stack holds no user: what the group allows, and a gap, for
    a user's own policies count too."""

    @property
    def noun(self) -> str:
        """What it is, at the beginning of a sentence."""
        return "Group"


@dataclass(frozen=True, kw_only=True)
class UserGroup(Resource):
    """An IAM group: its policies count for each user in it. It is no principal itself."""

    name: Value
    arn: Value
    policies: tuple[Policy, ...] = ()
    gaps: tuple[Unknown, ...] = ()

    @property
    def names(self) -> tuple[Value, ...]:
        """As a user's."""
        return self.arn, join("group/", self.name)


@dataclass(frozen=True, kw_only=True)
class StandalonePolicy(Resource):
    """A customer managed policy as such, attached or not."""

    name: Value
    document: Value
    arn: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class NamedRole(Resource):
    """A role that a data source looks up by name; it may be one of the stack's own."""

    name: Value


@dataclass(frozen=True, kw_only=True)
class RoleAddition(Resource):
    """What the stack gives to a role that it does not hold, by that role's ``name``."""

    name: Value
    policies: tuple[Policy, ...]
    gaps: tuple[Unknown, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InstanceProfile(Resource):
    """What hands a role to EC2 instances."""

    name: Value
    role: Value
    arn: Value = ABSENT


@dataclass(frozen=True)
class External:
    """A role that is not in the stack: why, and the value that names it."""

    reason: Unknown
    value: Value


@dataclass(frozen=True)
class Absent:
    """No role is named."""


RoleLookup = Union[Role, External, Absent]


@dataclass(frozen=True, kw_only=True)
class RoleUser(Resource):
    """What works under a role outside ECS: a function, a build project, a pipeline, a batch job.

    ``service`` is the principal that assumes the role (``lambda.amazonaws.com``). ``code`` is that
    of a function, where it stands in the code itself."""

    role: Value
    service: str
    code: Value = ABSENT


@dataclass(frozen=True)
class Attachment:
    """``aws_iam_policy_attachment``: exclusive for its policy in the whole account."""

    address: str
    policy_arn: Value
    span: Span
