"""What resources are called: their names and ARNs, as texts with holes where AWS chooses them."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..symbolic import arns
from ..symbolic.records import dataclass
from ..symbolic.terms import Name
from ..symbolic.values import (
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    join,
    literal,
)
from .fields import field, is_null
from .units import Declared


@dataclass(frozen=True)
class Made:
    """How CloudFormation names what has no name in the template: ``STACK-LOGICALID-RANDOM``, with
    ``start`` in the stack's place where that is given, in all ``longest`` characters at most.

    Source: CloudFormation's User Guide, "Name Type". Of a name that would be too long the stack's
    name and the logical id are both cut; the guide does not say where, so that what may be cut is
    a hole here."""

    longest: int
    start: str | None = None
    lower: bool = False

    def name(self, stack: Value, logical_id: str, chosen: Unknown) -> Value:
        """The name of the resource with that logical id; ``chosen`` stands for what is random."""
        if self.start is not None:
            return join(self.start, self._written(logical_id), "-", chosen)
        known = literal(stack)
        whole = len(known or "") + len(logical_id) + 2 + _RANDOM <= self.longest
        exact = known is not None and whole
        begin = stack if known is None else self._written(known, exact)
        return join(begin, "-", self._written(logical_id, exact), "-", chosen)

    def _written(self, part: str, exact: bool = False) -> Value:
        room = (self.longest - 2 - _RANDOM) // 2
        text = part.lower() if self.lower else part
        if exact or len(part) <= room:
            return Known(text)
        rest = Unknown("a long name is cut", Name(text), Why.APPLY, Shape.SEGMENT)
        return join(text[: room - 1], rest)


#: The greatest length of the random part.
_RANDOM = 13


@dataclass(frozen=True)
class Identity:
    """How a kind of resource is named (the properties which may hold the name), and its ARN made of
    the resource and its name. ``shape`` is that of a name which AWS chooses, ``chosen`` what such a
    name is called, ``made`` how CloudFormation makes it, where that is known."""

    names: tuple[str, ...]
    arn: Callable[[Declared, Value], Value]
    shape: Shape = Shape.SEGMENT
    prefix: str = "NamePrefix"
    chosen: str = "name"
    made: Made | None = None

    def name_of(self, declared: Declared) -> Value:
        """The resource's name: the written one, else a hole for the one that AWS will choose."""
        name = field(declared.body, *self.names)
        if not is_null(name):
            return name
        prefix = field(declared.body, self.prefix)
        if self.made is not None and declared.stack is not None:
            end = arns.hole(declared.address, self.chosen, Shape.CHOSEN, unique=True)
            logical_id = re.split(r"[.:]", declared.address)[-1]
            return self.made.name(declared.stack, logical_id, end)
        shape = self.shape if is_null(prefix) else Shape.GENERATED
        chosen = arns.hole(declared.address, self.chosen, shape, not declared.is_data)
        return chosen if is_null(prefix) else join(prefix, chosen)

    def arn_of(self, declared: Declared) -> Value:
        """The resource's ARN, built of its name."""
        return self.arn(declared, self.name_of(declared))


def reference(declared: Declared, attribute: str, value: Value) -> Reference:
    """An attribute of the resource, which reads as ``value``: its identity and its text."""
    known = value if isinstance(value, (Known, Text)) else None
    if isinstance(value, (Unknown, Reference)):
        known = Text((value,))
    return Reference(declared.address, attribute, known)


ROLE = Identity(
    ("RoleName", "Name"),
    lambda d, name: arns.role(d.target, field(d.body, "Path"), name),
    made=Made(64),
)
USER = Identity(
    ("UserName", "Name"),
    lambda d, name: arns.arn(d.target, "iam", join("user/", name), regional=False),
    made=Made(64),
)
GROUP = Identity(
    ("GroupName", "Name"),
    lambda d, name: arns.arn(d.target, "iam", join("group/", name), regional=False),
)
POLICY = Identity(
    ("ManagedPolicyName", "PolicyName", "Name"),
    lambda d, name: arns.policy(d.target, field(d.body, "Path"), name),
    made=Made(128),
)
INLINE_POLICY = Identity(("PolicyName", "Name"), lambda d, name: name)
INSTANCE_PROFILE = Identity(
    ("InstanceProfileName", "Name"),
    lambda d, name: arns.instance_profile(d.target, field(d.body, "Path"), name),
    made=Made(128),
)
CLUSTER = Identity(
    ("ClusterName", "Name"), lambda d, name: arns.cluster(d.target, name), made=Made(255)
)
SECRET = Identity(
    ("Name",),
    lambda d, name: arns.secret(d.target, name, d.address),
    Shape.WORD,
    made=Made(512, start=""),
)
PARAMETER = Identity(("Name",), lambda d, name: arns.parameter(d.target, name), Shape.WORD)
LOG_GROUP = Identity(
    ("LogGroupName", "Name"),
    lambda d, name: arns.log_group(d.target, name),
    Shape.WORD,
    made=Made(512),
)
REPOSITORY = Identity(
    ("RepositoryName", "Name"),
    lambda d, name: arns.repository(d.target, name),
    made=Made(256, lower=True),
)
BUCKET = Identity(
    ("BucketName", "Bucket"),
    lambda d, name: arns.bucket(d.target, name),
    prefix="BucketPrefix",
    made=Made(63, lower=True),
)
#: A key's and a file system's name is the id that AWS gives it; no property holds it.
KEY = Identity((), lambda d, identifier: arns.key(d.target, identifier), chosen="key_id")
ALIAS = Identity(("AliasName", "Name"), lambda d, name: arns.arn(d.target, "kms", name))
EVENT_RULE = Identity(("Name",), lambda d, name: arns.event_rule(d.target, _on_bus(d, name)))
SCHEDULE_GROUP = Identity(("Name",), lambda d, name: _of(d, "scheduler", "schedule-group/", name))
STATE_MACHINE = Identity(
    ("StateMachineName", "Name"), lambda d, name: _of(d, "states", "stateMachine:", name)
)
PIPE = Identity(("Name",), lambda d, name: _of(d, "pipes", "pipe/", name))
FILE_SYSTEM = Identity(
    (), lambda d, identifier: arns.file_system(d.target, identifier), chosen="id"
)
S3_FILE_SYSTEM = Identity(
    (),
    lambda d, identifier: arns.arn(d.target, "s3files", join("file-system/", identifier)),
    chosen="id",
)
CAPACITY_PROVIDER = Identity(
    ("Name",), lambda d, name: arns.arn(d.target, "ecs", join("capacity-provider/", name))
)
SCALING_GROUP = Identity(
    ("AutoScalingGroupName", "Name"),
    # Its ARN holds a generated id before the name.
    lambda d, name: arns.arn(
        d.target,
        "autoscaling",
        join("autoScalingGroup:", arns.hole(d.address, "id"), ":autoScalingGroupName/", name),
    ),
)
TARGET_GROUP = Identity(
    ("Name",),
    # Its ARN ends in a generated id.
    lambda d, name: arns.arn(
        d.target,
        "elasticloadbalancing",
        join("targetgroup/", name, "/", arns.hole(d.address, "id")),
    ),
)
FUNCTION = Identity(
    ("FunctionName",),
    lambda d, name: arns.arn(d.target, "lambda", join("function:", name)),
    made=Made(64),
)
STREAM = Identity(("Name",), lambda d, name: arns.arn(d.target, "kinesis", join("stream/", name)))
DELIVERY_STREAM = Identity(
    ("DeliveryStreamName", "Name"),
    lambda d, name: arns.arn(d.target, "firehose", join("deliverystream/", name)),
)
LAUNCH_TEMPLATE = Identity(
    ("LaunchTemplateName", "LaunchConfigurationName", "Name"), lambda d, name: name
)


def repository_url(declared: Declared) -> Value:
    """``ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME``; the host ends in ``.cn`` in China."""
    target = declared.target
    country = ".cn" if (literal(target.region) or "").startswith("cn-") else ""
    return join(
        target.account,
        ".dkr.ecr.",
        target.region,
        f".amazonaws.com{country}/",
        expanded(REPOSITORY.name_of(declared)),
    )


def _of(declared: Declared, service: str, kind: str, name: Value) -> Value:
    return arns.arn(declared.target, service, join(kind, name))


def _on_bus(declared: Declared, name: Value) -> Value:
    """A rule's name as its ARN has it: after that of its bus, unless that is the default one."""
    bus = field(declared.body, "EventBusName")
    if is_null(bus) or literal(bus) == "default":
        return name
    return join(arns.hole(declared.address, "bus"), "/", name)
