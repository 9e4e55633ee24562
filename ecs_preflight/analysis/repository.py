"""Stacks joined with what they name that stands elsewhere in the repository: roles, secrets and
instances; and task definition files with all of the root or template that runs them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from ..adapters.units import Unit
from ..model import (
    External,
    Launch,
    Launcher,
    Principal,
    Protected,
    Resource,
    Role,
    RoleAddition,
    Stack,
    StoredSecret,
    plain_role_name,
    role_name,
)
from ..model.rewriting import referring, resolved, rewritten
from ..symbolic import arns, looks
from ..symbolic.patterns import regex
from ..symbolic.records import replace
from ..symbolic.terms import Constant, Term
from ..symbolic.values import (
    ABSENT,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    literal,
    shown_value,
)
from .external_roles import named_roles
from .instances_around import with_instances
from .outputs import with_outputs
from .secrets_around import with_secrets
from .shelf import Shelf, is_file, name_of

Placed = TypeVar("Placed", Resource, Value)
#: A secret's name and what Secrets Manager has appended to it, in its ARN.
_SECRET = regex(r":secret:([^:]+?)-([A-Za-z0-9]{6})(?=:|$)")
_ROLE_ACCOUNT = regex(r":(\d{12}):role/")
#: What decides what a role may do.
_GRANTING = (Role, Protected)
#: More stacks than these are not joined with one file.
MAX_JOINED = 8


class CodeRepository:
    """The units of a scan, and those ``around`` them, which are read only when the scan's own do
    not hold what is named, or when a file of theirs ``mentions`` one of the scan's roles."""

    def __init__(
        self,
        units: Callable[[], Iterable[Unit]] = tuple,
        found_by: Mapping[looks.Look, str] = MappingProxyType({}),
        around: Shelf = Shelf(tuple, 0),
        mentions: Callable[[str], bool] = lambda name: True,
    ) -> None:
        self._own = Shelf(units, sys.maxsize, found_by)
        self._shelves, self._mentions = (self._own, around), mentions

    def joined(self, stack: Stack) -> Stack:
        """The stack with what it names of the repository's others: their roles, and all that they
        hold if it is of a task definition file. What it names twice over stays unknown."""
        if stack.reusable:
            return stack
        if not is_file(stack):
            return self._among_others(stack)
        return self._with_secrets(self._of_file(stack))

    def _of_file(self, stack: Stack) -> Stack:
        """A file's stack with all that the stacks hold which it names something of."""
        stack, read = with_outputs(stack, self._output)
        wanted = (*read, *self._wanted(stack))
        others = list({id(other): other for other in wanted}.values())[:MAX_JOINED]
        added: list[Resource] = []
        taken: set[str] = set()
        for other in others:
            its = list(filter(other.owns, other.resources))
            addresses = {resource.address for resource in its}
            prefix = "" if taken.isdisjoint(addresses) else f"{other.name}:"
            taken |= addresses
            added += rewritten(its, _said(stack), prefix)
        whole = replace(
            stack,
            resources=(*stack.resources, *added),
            secrets=(*stack.secrets, *(text for other in others for text in other.secrets)),
            calls={**stack.calls, **{k: v for other in others for k, v in other.calls.items()}},
        )
        own = resolved(
            (_as_there(r, whole) if isinstance(r, Launch) else r for r in stack.resources),
            lambda reference: _read_as(reference, added),
        )
        used = {
            found.address
            for value in named_roles(whole)
            if isinstance(found := whole.role_of(value), Role)
        }
        return replace(
            whole,
            resources=(*own, *added),
            foreign=frozenset(r.address for r in added if r.address not in used),
        )

    def _with_roles(self, stack: Stack) -> Stack:
        """The stack with the roles that it calls by names, and what gives to them there and here.
        Who uses a role judges it: this stack alone, where its own does not."""
        others: dict[str, Stack] = {}
        used: set[str] = set()
        for value in named_roles(stack):
            if not isinstance(stack.role_of(value), External):
                continue
            name = name_of(stack, value)
            if role_name(name) is None:
                continue
            for other, role in self._only_role(name, stack):
                others[other.name] = other
                if role.address not in other.uses:
                    used.add(f"{other.name}:{role.address}")
        if not others or len(others) > MAX_JOINED:
            return stack
        added = [
            _with_additions(resource, stack)
            for other in others.values()
            for resource in rewritten(
                (r for r in other.resources if isinstance(r, _GRANTING)),
                _said(stack),
                f"{other.name}:",
            )
        ]
        return stack.beside(added, used, (text for o in others.values() for text in o.secrets))

    def _with_secrets(self, stack: Stack) -> Stack:
        return with_secrets(stack, (shelf.stored for shelf in self._around()))

    def _around(self) -> Iterator[Shelf]:
        """Each shelf. Who asks hangs on all that it was read from."""
        for shelf in self._shelves:
            shelf.note()
            yield shelf

    def _among_others(self, stack: Stack) -> Stack:
        """The stack with the others' roles and instances that it uses, and able to tell what they
        use its own roles for."""
        # First, so that what is looked up in it for the others is known to whoever asks again.
        stack = replace(stack, used_elsewhere=partial(self._uses_elsewhere, stack.name))
        whole = self._with_secrets(self._with_roles(stack))
        return with_instances(whole, (shelf.stacks for shelf in self._around()))

    def _uses_elsewhere(self, own: str, role: Role) -> frozenset[Principal]:
        name = plain_role_name(role.arn)
        if name is None:
            return frozenset()
        asked = self._shelves if self._mentions(name) else (self._own,)
        return frozenset(
            principal
            for shelf in asked
            for stack, principal, value in shelf.users(name)
            if stack.name != own and _same_account(value, role.arn)
        )

    def _only_role(self, name: Value, stack: Stack) -> Iterator[tuple[Stack, Resource]]:
        def elsewhere(shelf: Shelf) -> list[tuple[Stack, Resource]]:
            return [(other, r) for other, r in _called(shelf, name) if other.name != stack.name]

        return self._only(elsewhere)

    def _output(self, name: str) -> Iterator[tuple[Stack, Value]]:
        """The one output of that name, with its stack."""
        return self._only(lambda shelf: shelf.outputs.get(name, []))

    def _wanted(self, stack: Stack) -> Iterator[Stack]:
        """The stacks that hold, as the only ones, what the stack names and does not hold."""
        own = {resource.address for resource in stack.resources}
        for reference in referring(stack.resources):
            if reference.address not in own:
                yield from self._only_stack(lambda shelf, at=reference.address: _at(shelf, at))  # type: ignore[misc]
        for value in named_roles(stack):
            if isinstance(stack.role_of(value), External):
                yield from self._only_stack(lambda shelf, role=value: _called(shelf, role))  # type: ignore[misc]
        for launch in stack.launches:
            if launch.launcher is Launcher.SERVICE and literal(launch.name):
                yield from self._only_stack(lambda shelf, own=launch: _running(shelf, own))  # type: ignore[misc]

    def _only_stack(
        self, look: Callable[[Shelf], Iterable[tuple[Stack, Resource]]]
    ) -> Iterator[Stack]:
        return (stack for stack, _ in self._only(look))

    def _only(
        self, look: Callable[[Shelf], Iterable[tuple[Stack, Placed]]]
    ) -> Iterator[tuple[Stack, Placed]]:
        """The one that there is, on the first shelf that has any; of a root and its plan, which
        hold the same, the first. Who asks hangs on all that the shelf was read from."""
        for shelf in self._shelves:
            shelf.note()
            found = list(look(shelf))
            if found:
                if len({each.span for _, each in found}) == 1:
                    yield found[0]
                return


def _with_additions(resource: Resource, stack: Stack) -> Resource:
    """Another stack's role with what this one gives to it, and so without the doubt whether it
    does."""
    if not isinstance(resource, Role):
        return resource
    given = [a for a in stack.of(RoleAddition) if role_name(a.name) == role_name(resource.arn)]
    gaps = (gap for gap in resource.gaps if gap.span.file not in stack.files)
    return replace(
        resource,
        policies=(*resource.policies, *(p for addition in given for p in addition.policies)),
        gaps=(*gaps, *(gap for addition in given for gap in addition.gaps)),
    )


def _read_as(reference: Reference, resources: Iterable[Resource]) -> Reference | None:
    """The reference with what it reads of one of the resources: the ARN, or the name, which for
    most is the id too."""
    for resource in resources:
        if resource.address == reference.address:
            arn, name = resource.names
            by_arn = reference.attribute == "arn" or isinstance(resource, StoredSecret)
            found = expanded(arn if by_arn else name)
            known = reference.attribute in ("arn", "name", "id")
            if known and isinstance(found, (Known, Text)) and found != ABSENT:
                return replace(reference, text=found)
            return None
    return None


def _called(shelf: Shelf, value: Value) -> Iterator[tuple[Stack, Resource]]:
    """The roles that a value may name."""
    name = plain_role_name(value) or ""
    for stack, role in shelf.roles.get(name, ()):
        if isinstance(role, Role) and _same_account(value, role.arn):
            yield stack, role


def _running(shelf: Shelf, launch: Launch) -> Iterator[tuple[Stack, Resource]]:
    """The services that a launch may be."""
    for stack, found in shelf.services.get(literal(launch.name) or "", ()):
        if _same_name(launch.cluster, _cluster_name(stack, found)):
            yield stack, found


def _at(shelf: Shelf, address: str) -> Iterator[tuple[Stack, Resource]]:
    return ((s, r) for s in shelf.stacks for r in s.resources if r.address == address)


def _same_account(one: Value, other: Value) -> bool:
    """May two roles' ARNs be of one account? Not when both say theirs."""
    accounts = {_account(one), _account(other)} - {None}
    return len(accounts) < 2


def _account(arn: Value) -> str | None:
    """The account in a role's ARN, where it is written out."""
    match = _ROLE_ACCOUNT.search(shown_value(expanded(arn)))
    return match and match[1]


def _same_name(one: Value, other: Value) -> bool:
    """May two clusters be one? Not when both names are written out, alone or in an ARN."""
    names = {name.rpartition("/")[2] for each in (one, other) if (name := literal(each))}
    return len(names) < 2


def _cluster_name(stack: Stack, launch: Launch) -> Value:
    cluster = stack.cluster_of(launch)
    return launch.cluster if cluster is None else cluster.name


def _said(stack: Stack) -> dict[Term, Value]:
    """What holds of a role's stack as of its user's, by its symbol: the account, and what Secrets
    Manager has appended to a secret's name. Not the Region: that of the roles may be another."""
    found = {
        unknown.symbol: value
        for unknown, value in (
            (arns.ACCOUNT, stack.target.account),
            (arns.PARTITION, stack.target.partition),
        )
        if unknown.symbol is not None
    }
    for task in stack.task_definitions:
        for container in task.containers:
            for secret in (*container.secrets, *container.log.secret_options):
                match = _SECRET.search(literal(secret.value_from) or "")
                if match is not None:
                    suffix = arns.secret_suffix(Constant(match[1])).symbol
                    assert suffix is not None
                    found[suffix] = Known(match[2])
    return found


def _as_there(launch: Launch, whole: Stack) -> Launch:
    """A service that a workflow deploys to, with what the code that makes it says of it."""
    name = literal(launch.name)
    found = [
        other
        for other in whole.launches
        if name
        and other is not launch
        and other.address != launch.address
        and literal(other.name) == name
        and _same_name(launch.cluster, _cluster_name(whole, other))
    ]
    if len(found) != 1 or launch.type != "workflow step":
        return launch
    (there,) = found
    said = launch.exec_enabled
    unsaid = isinstance(said, Unknown) and said.why is Why.OUTSIDE
    return replace(
        there,
        address=launch.address,
        type=launch.type,
        span=launch.span,
        target=launch.target,
        task_definition=launch.task_definition,
        exec_enabled=there.exec_enabled if unsaid else said,
        deployer=launch.deployer,
        depends_on=None,
    )
