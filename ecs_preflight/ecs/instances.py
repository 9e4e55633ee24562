"""EC2 instances that join an ECS cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..findings.needs import Demand
from ..model import (
    CapacityProvider,
    Cluster,
    InstanceProfile,
    Launch,
    LaunchTemplate,
    ScalingGroup,
    Stack,
    TaskDefinition,
    runs_on_fargate,
)
from ..symbolic import arns
from ..symbolic.answers import Yes, is_absent
from ..symbolic.patterns import regex
from ..symbolic.records import dataclass, replace
from ..symbolic.terms import Name
from ..symbolic.values import Known, Text, Unknown, Value, Why, expanded, join, shown_value

_JOINED, _NAME = regex(r"ECS_CLUSTER=[\"']?"), regex(r"[A-Za-z0-9_-]*")


@dataclass(frozen=True)
class ContainerInstance:
    """Instances that join a cluster; ``profile`` is None where it stands elsewhere, ``doubt`` says
    why it is not known whether they join one."""

    template: LaunchTemplate
    profile: InstanceProfile | None
    doubt: Unknown | None = None

    @property
    def role(self) -> Value:
        """Unknown where the profile stands elsewhere."""
        named = self.template.instance_profile
        if self.profile is not None:
            return self.profile.role
        if isinstance(named, Unknown):
            return named
        return Unknown(
            "the instance profile is not in the scanned code", why=Why.OUTSIDE, span=named.span
        )


def groups_of(stack: Stack) -> dict[str, list[ScalingGroup]]:
    """The Auto Scaling groups of each launch template, by its address."""
    found: dict[str, list[ScalingGroup]] = {}
    for group in stack.of(ScalingGroup):
        template = stack.find(LaunchTemplate, group.launch_template)
        if template is not None:
            found.setdefault(template.address, []).append(group)
    return found


#: What in user data may bring credentials of another kind, or a profile.
_CREDENTIALS = ("aws_access_key", "credential", "instance-profile", "assume-role", "curl", "wget")


def without_profile(stack: Stack) -> Iterator[LaunchTemplate]:
    """Those by which an Auto Scaling group of the stack surely starts instances for ECS, with
    neither a profile nor anything else that may give the agent credentials (facts H26)."""
    for template in stack.of(LaunchTemplate):
        if (
            isinstance(is_absent(template.instance_profile), Yes)
            and template.conditional is None
            and stack.judges(template)
            and template.user_data.span.line > 0  # else there is more than that to it
            and template.address in stack.derived(groups_of)
            and _joins_without_credentials(template.user_data)
        ):
            yield template


def _joins_without_credentials(user_data: Value) -> bool:
    """Does it have the agent join a cluster, and surely bring no credentials?"""
    script = shown_value(expanded(user_data))
    return (
        any("ECS_CLUSTER=" in line.partition("#")[0] for line in script.splitlines())
        and _holes_are_words(user_data)
        and not any(word in script.lower() for word in _CREDENTIALS)
    )


def _holes_are_words(user_data: Value) -> bool:
    """Is nothing unknown in it that could be a setting, or a line, of its own?"""
    written = expanded(user_data)
    before = ""
    for piece in written.parts if isinstance(written, Text) else (written,):
        if isinstance(piece, Unknown) and not _is_begun(before):
            return False
        before = piece if isinstance(piece, str) else "?"
    return True


def _is_begun(before: str) -> bool:
    """Does what follows go on with a word, or with an option?"""
    if before.endswith(" "):
        return any(word.startswith("--") for word in before.split()[-1:])
    return before.rstrip("\"'")[-1:] not in ("", " ", "\n", "\t")


def container_instances(stack: Stack) -> tuple[ContainerInstance, ...]:
    """Launch templates and the like with a profile that are surely for ECS: their user data sets
    ECS_CLUSTER, or a capacity provider of the stack uses them."""
    used = {
        found.address
        for provider in stack.of(CapacityProvider)
        if (found := stack.find(LaunchTemplate, provider.launch_template)) is not None
    }
    return tuple(
        ContainerInstance(template, stack.find(InstanceProfile, template.instance_profile))
        for template in stack.of(LaunchTemplate)
        if (template.address in used or "ECS_CLUSTER" in shown_value(expanded(template.user_data)))
        and not isinstance(is_absent(template.instance_profile), Yes)
    )


def possible_instances(stack: Stack) -> tuple[ContainerInstance, ...]:
    """Where tasks, of this stack or of others in its clusters, may run on instances and none are
    surely for ECS: those of which only the user data, which is not known, would say so."""
    fargate = [isinstance(runs_on_fargate(stack, task), Yes) for task in stack.task_definitions]
    if container_instances(stack) or (all(fargate) if fargate else not stack.of(Cluster)):
        return ()
    return tuple(
        ContainerInstance(
            template,
            stack.find(InstanceProfile, template.instance_profile),
            template.user_data,
        )
        for template in stack.of(LaunchTemplate)
        if isinstance(template.user_data, Unknown)
        and not isinstance(is_absent(template.instance_profile), Yes)
    )


def hosts(stack: Stack, task: TaskDefinition) -> tuple[ContainerInstance, ...] | Unknown:
    """The instances that the task's launches place it on: by their capacity providers, or, where
    they name none, in the cluster that the user data joins. Where no launch tells, those of the
    stack, if they are all alike; else Unknown."""
    launches = stack.launches_of.get(task.address, ())
    found = _all_seen(each for launch in launches for each in _instances_of(stack, launch))
    if isinstance(found, Unknown):
        return found
    templates = {each.address: each for each in found}
    if templates:
        return tuple(
            ContainerInstance(template, stack.find(InstanceProfile, template.instance_profile))
            for template in templates.values()
        )
    instances = container_instances(stack) or possible_instances(stack)
    if len({each.profile for each in instances}) == 1:
        return tuple(_perhaps(stack, each) for each in instances)
    return Unknown("the instances it runs on are not in the scanned code", why=Why.OUTSIDE)


def _perhaps(stack: Stack, instance: ContainerInstance) -> ContainerInstance:
    """Of another stack, the task may as well run on instances that nobody sees."""
    if instance.doubt is not None or stack.owns(instance.template):
        return instance
    doubt = Unknown(
        f"it may run on other instances than '{instance.template.address}'", why=Why.OUTSIDE
    )
    return replace(instance, doubt=doubt)


def instances_of(stack: Stack, launch: Launch) -> tuple[LaunchTemplate, ...] | Unknown:
    """Those that the launch is seen to run on, all of them in the code; else Unknown."""
    found = _all_seen(_instances_of(stack, launch))
    if found == ():
        return Unknown("no instances of it are in the scanned code", why=Why.OUTSIDE)
    return found


def _all_seen(
    instances: Iterable[LaunchTemplate | Unknown],
) -> tuple[LaunchTemplate, ...] | Unknown:
    """The instances; why not, where some are out of sight."""
    seen: list[LaunchTemplate] = []
    for each in instances:
        if isinstance(each, Unknown):
            return each
        seen.append(each)
    return tuple(seen)


def _instances_of(stack: Stack, launch: Launch) -> Iterator[LaunchTemplate | Unknown]:
    """Those that the launch is seen to run on; why there are more that the code does not show."""
    cluster = stack.cluster_of(launch)
    providers = launch.capacity_providers
    if not providers and cluster is not None:
        providers = cluster.default_strategy
    for value in providers:
        provider = stack.find(CapacityProvider, value)
        template = provider and stack.find(LaunchTemplate, provider.launch_template)
        yield template or Unknown(
            f"the instances of capacity provider '{shown_value(value)}' are not in the scanned "
            "code",
            why=Why.OUTSIDE,
            span=value.span,
        )
    if providers.remainder is not None:
        yield providers.remainder
    if cluster is not None and not providers:
        yield from stack.derived(_members).get(cluster.address, ())


def _members(stack: Stack) -> dict[str, list[LaunchTemplate]]:
    """What joins each cluster, as its user data says."""
    found: dict[str, list[LaunchTemplate]] = {}
    for template in stack.of(LaunchTemplate):
        cluster = stack.find(Cluster, joined_cluster(stack, template.user_data))
        if cluster is not None:
            found.setdefault(cluster.address, []).append(template)
    return found


def agent_demands(stack: Stack, instance: LaunchTemplate) -> tuple[Demand, ...]:
    """What the agent must be allowed to join the cluster and to report (facts H8), on the resources
    of the Service Authorization Reference."""
    name = joined_cluster(stack, instance.user_data)
    cluster = arns.cluster(stack.target, name)
    itself = arns.container_instance(stack.target, name, instance.address)
    known = (("ecs:cluster", cluster),)
    return (
        Demand("ecs:DiscoverPollEndpoint", Known("*")),
        Demand("ecs:RegisterContainerInstance", cluster, known),
        Demand("ecs:Poll", itself, known),
        Demand("ecs:SubmitTaskStateChange", cluster, known),
        Demand("ecs:SubmitAttachmentStateChanges", cluster, known),
    )


def managed_agent_demands(stack: Stack, provider: CapacityProvider) -> tuple[Demand, ...]:
    """The same for Managed Instances: what AmazonECSInstanceRolePolicyForManagedInstances
    allows."""
    name = Unknown(
        "the capacity provider's cluster is not known", Name(f"{provider.address}.cluster")
    )
    cluster = arns.cluster(stack.target, name)
    itself = arns.container_instance(stack.target, name, provider.address)
    return (
        Demand("ecs:DiscoverPollEndpoint", Known("*")),
        Demand("ecs:RegisterContainerInstance", cluster),
        Demand("ecs:Poll", itself),
        Demand("ecs:SubmitTaskStateChange", cluster),
    )


def joined_cluster(stack: Stack, user_data: Value) -> Value:
    """The name of the cluster that the user data has the agent join."""
    pieces = user_data.parts if isinstance(user_data, Text) else (shown_value(user_data),)
    for at, piece in enumerate(pieces):
        if isinstance(piece, str) and (found := _JOINED.search(piece)) is not None:
            return join(*_name_from(stack, (piece[found.end() :], *pieces[at + 1 :])))
    return Unknown("its user data does not say which cluster it joins")


def _name_from(stack: Stack, pieces: tuple[str | Value, ...]) -> Iterator[str | Value]:
    """The pieces of the text up to where a name ends."""
    for piece in pieces:
        if isinstance(piece, str):
            name = _NAME.match(piece)
            assert name is not None
            yield name[0]
            if name.end() < len(piece):
                return
        else:
            cluster = stack.find(Cluster, piece)
            yield piece if cluster is None else cluster.name


def has_unknown_lines(user_data: Value) -> bool:
    """May the user data do more than its words show: is a line, or all of it, not known?"""
    written = expanded(user_data)
    pieces = written.parts if isinstance(written, Text) else (written,)
    before = ""
    for piece in pieces:
        if isinstance(piece, Unknown) and before[-1:] in ("", "\n"):
            return True
        before = piece if isinstance(piece, str) else "?"
    return False
