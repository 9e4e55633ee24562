"""The stack: all resources of a deployment unit, and how one leads to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar, cast

from ..symbolic.answers import Yes, is_absent
from ..symbolic.records import dataclass, field, replace
from ..symbolic.source import Span
from ..symbolic.target import Target
from ..symbolic.values import Reference, Unknown, Value, Why, expanded, literal, text_term
from .common import Identity, Item, Resource, identity
from .launches import Cluster, Launch
from .naming import Index, family_of, revision_of, role_name
from .roles import Absent, Attachment, External, NamedRole, Principal, Role, RoleLookup, User
from .tasks import TaskDefinition

Derived = TypeVar("Derived")
Thing = TypeVar("Thing")


class Language(Enum):
    """What a stack is written in."""

    TERRAFORM = "terraform"
    CLOUDFORMATION = "cloudformation"
    TASK_FILE = "task file"


@dataclass(frozen=True)
class ModuleCall:
    """Where a child module or nested stack is called."""

    address: str
    span: Span


def nowhere(role: Role) -> frozenset[Principal]:
    """Of a stack that is looked at alone: others use none of its roles."""
    return frozenset()


@dataclass(frozen=True)
class Stack:
    """One deployment unit in one world: a Terraform root with its modules, a plan, or a template
    with its nested local templates.

    ``resources`` holds every typed resource. ``unread`` is what could not be read of the stack as a
    whole (absent modules, broken files), for the coverage line. ``sides`` names the sides that
    named conditions take in this world. ``reusable`` marks a module judged alone, whose defaults
    decide nothing."""

    name: str
    language: Language
    target: Target
    resources: tuple[Resource, ...] = ()
    files: tuple[str, ...] = ()
    calls: Mapping[str, ModuleCall] = field(default_factory=dict)
    unread: tuple[Unknown, ...] = ()
    sides: tuple[tuple[str, bool], ...] = field(default=(), compare=False)
    reusable: bool = False
    exclusive_attachments: tuple[Attachment, ...] = ()
    #: Addresses of resources that belong to other stacks of the scan: there to be looked up, not
    #: judged; findings about them are those stacks' own.
    foreign: frozenset[str] = frozenset()
    #: Texts that no report may show: values of sensitive inputs and outputs.
    secrets: tuple[Value, ...] = field(default=(), compare=False, repr=False)
    #: Addresses of what a rule has failed at: passed over by it, but still found by whoever is led
    #: to it.
    passed_over: frozenset[str] = frozenset()
    #: What the account has under the names of the stack's roles, by their addresses.
    deployed: Mapping[str, Role] = field(default_factory=dict)
    #: As what tasks of other stacks use a role of this one. To find out, all of these are read:
    #: whoever asks has something to say otherwise.
    used_elsewhere: Callable[[Role], frozenset[Principal]] = field(
        default=nowhere, compare=False, repr=False
    )
    #: Where the whole stack is deployed, of which this is a part; None of the whole.
    base: Target | None = None
    #: Which of its parts this is, and which of them judges what is at an address, where that is
    #: not the first.
    number: int = 0
    judged_in: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def of(self, kind: type[Item]) -> tuple[Item, ...]:
        """All resources of that class, in the order of the code."""
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = tuple(
                r
                for r in self.resources
                if isinstance(r, kind) and r.address not in self.passed_over
            )
        return cast("tuple[Item, ...]", found)

    @cached_property
    def _by_kind(self) -> dict[type, tuple[Resource, ...]]:
        return {}

    @cached_property
    def task_definitions(self) -> tuple[TaskDefinition, ...]:
        """In the order of the code."""
        return self.of(TaskDefinition)

    @cached_property
    def own_tasks(self) -> tuple[TaskDefinition, ...]:
        """The task definitions that are judged with this stack."""
        return tuple(filter(self.judges, self.task_definitions))

    @cached_property
    def launches(self) -> tuple[Launch, ...]:
        """In the order of the code."""
        return self.of(Launch)

    @cached_property
    def clusters(self) -> tuple[Cluster, ...]:
        """In the order of the code."""
        return self.of(Cluster)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Those of services, in the order of the code; users are ``principals`` too."""
        return tuple(role for role in self.of(Role) if not isinstance(role, User))

    @cached_property
    def principals(self) -> tuple[Role, ...]:
        """All that policies are attached to: roles and users."""
        return self.of(Role)

    @cached_property
    def _index(self) -> Index:
        return Index(self.resources)

    def owns(self, resource: Resource) -> bool:
        """Is the resource judged with this stack, and not with another of the scan?"""
        return resource.address not in self.foreign

    def judges(self, resource: Resource) -> bool:
        """Is it, and of a part, deployed where that is? What is deployed elsewhere than all parts
        goes with the first."""
        return self.owns(resource) and self.judged_in.get(resource.address, 0) == self.number

    def beside(
        self, added: Iterable[Resource], used: Set[str] = frozenset(), secrets: Iterable[Value] = ()
    ) -> Stack:
        """The stack with resources of others. They are looked up, and none is judged but those at
        the addresses that are ``used``; ``secrets`` are what no report may show of these others."""
        added = tuple(added)
        return replace(
            self,
            resources=(*self.resources, *added),
            foreign=self.foreign | {each.address for each in added} - used,
            secrets=(*self.secrets, *secrets),
        )

    @cached_property
    def parts(self) -> tuple[Stack, ...]:
        """The stack as seen from each place where it has tasks, what launches them, clusters or
        roles: itself alone, but where modules are deployed to several Regions or accounts."""
        kinds = (TaskDefinition, Launch, Cluster, Role)
        judged = [r for r in self.resources if isinstance(r, kinds) and self.owns(r)]
        places = {place: i for i, place in enumerate(dict.fromkeys(map(self.place_of, judged)))}
        if set(places) <= {self.target}:
            return (self,)
        judged_in = {r.address: places.get(self.place_of(r), 0) for r in self.resources}
        return tuple(
            replace(self, target=place, base=self.target, number=number, judged_in=judged_in)
            for place, number in places.items()
        )

    def place_of(self, resource: Resource) -> Target:
        """Where the resource is deployed, be it in another part of the stack."""
        return resource.target or self.base or self.target

    @cached_property
    def _derived(self) -> dict[Callable[[Stack], object], Any]:
        return {}

    def derived(self, derive: Callable[[Stack], Derived]) -> Derived:
        """``derive(self)``, worked out once: what several rules ask of one stack."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        found: Derived = self._derived[derive]
        return found

    @cached_property
    def _asked(self) -> dict[tuple[object, int], tuple[object, Any]]:
        return {}

    def asked(self, ask: Callable[[Stack, Thing], Derived], thing: Thing) -> Derived:
        """``ask(self, thing)``, worked out once: what several rules ask of one thing. By identity:
        the same thing comes again, an equal one stands elsewhere."""
        key = ask, id(thing)
        known = self._asked.get(key)
        if known is None or known[0] is not thing:
            known = self._asked[key] = thing, ask(self, thing)
        found: Derived = known[1]
        return found

    def find(self, kind: type[Item], value: Value) -> Item | None:
        """The resource of that class which ``value`` names: by reference, by ARN, or by name.

        None when the value is unknown, absent, or names nothing of the stack.
        """
        return self._index.find(kind, value)

    def at(self, kind: type[Item], address: str) -> Item | None:
        """The resource of that class at the address; None where there is none."""
        return self._index.at(kind, address)

    def find_all(self, kind: type[Item], value: Value) -> tuple[Item, ...]:
        """All resources of that class which ``value`` may name; those at an address it refers to
        come alone."""
        return self._index.all(kind, value)

    def role_of(self, value: Value) -> RoleLookup:
        """The role that a field's value names: a Role of the stack, External with the reason, or
        Absent."""
        return self.asked(Stack._role_of, value)

    def _role_of(self, value: Value) -> RoleLookup:
        if isinstance(is_absent(value), Yes) or literal(value) == "":
            return Absent()
        looked_up = self.find(NamedRole, value)
        role = (
            self.find(Role, value)
            or (looked_up and self.find(Role, looked_up.name))
            or self._role_by_literal(value)
        )
        if role is not None:
            return role
        if isinstance(value, Unknown):
            return External(value, value)
        if isinstance(value, Reference):
            reason = Unknown(
                f"'{value.address}' is managed elsewhere",
                value.symbol,
                Why.OUTSIDE,
                span=value.span,
            )
            return External(reason, value)
        return External(
            Unknown(
                "the role is not in the scanned code",
                text_term(expanded(value)),
                Why.OUTSIDE,
                span=value.span,
            ),
            value,
        )

    def _role_by_literal(self, value: Value) -> Role | None:
        """A role written as a literal ARN or path/name that agrees with one of the stack's
        roles."""
        named = role_name(value)
        if named is None:
            return None
        matches = [role for role in self.roles if role_name(role.arn) == named]
        return matches[0] if len(matches) == 1 else None

    @cached_property
    def launches_of(self) -> Mapping[str, tuple[Launch, ...]]:
        """The launches of each task definition, by its address."""
        found: dict[str, list[Launch]] = {task.address: [] for task in self.task_definitions}
        for launch in self.launches:
            task = self.task_of(launch)
            if task is not None:
                found[task.address].append(launch)
        return {address: tuple(launches) for address, launches in found.items()}

    def task_of(self, launch: Launch) -> TaskDefinition | None:
        """The task definition a launch starts: by reference, by ARN, or by
        ``family[:revision]``."""
        return self.asked(Stack._task_of, launch)

    def _task_of(self, launch: Launch) -> TaskDefinition | None:
        found = self.find(TaskDefinition, launch.task_definition)
        if found is not None:
            return found
        address = revision_of(launch.task_definition)
        named = address and self.at(TaskDefinition, address)
        family = identity(family_of(launch.task_definition))
        return named or (None if family is None else self._by_family.get(family))

    @cached_property
    def _by_family(self) -> Mapping[Identity, TaskDefinition]:
        """The first task definition of each family."""
        found = ((identity(task.family), task) for task in reversed(self.task_definitions))
        return {family: task for family, task in found if family is not None}

    def cluster_of(self, launch: Launch) -> Cluster | None:
        """The cluster that the launch names; None where it is none of the stack's."""
        return self.find(Cluster, launch.cluster)

    @cached_property
    def uses(self) -> Mapping[str, tuple[tuple[TaskDefinition, str], ...]]:
        """Who uses each role, by its address: (task definition, "task" or "execution")."""
        found: dict[str, list[tuple[TaskDefinition, str]]] = {}
        tasks = (r for r in self.resources if isinstance(r, TaskDefinition))
        for task in tasks:
            for value, use in ((task.task_role, "task"), (task.execution_role, "execution")):
                role = self.role_of(value)
                if isinstance(role, Role):
                    found.setdefault(role.address, []).append((task, use))
        return {address: tuple(uses) for address, uses in found.items()}
