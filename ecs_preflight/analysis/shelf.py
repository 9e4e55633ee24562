"""The stacks of a repository's units, by what they hold and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType

from ..adapters.units import Exporting, Unit
from ..ecs.role_uses import roles_named
from ..model import (
    External,
    Language,
    Launch,
    NamedRole,
    Principal,
    Resource,
    Stack,
    plain_role_name,
)
from ..symbolic import looks
from ..symbolic.budget import UNIT_STEPS, Budget, Limit, current, within
from ..symbolic.records import dataclass
from ..symbolic.values import Value, literal
from ..symbolic.worlds import PathCondition
from .secrets_around import ByName, by_name
from .unit_sizes import steps_for


@dataclass(frozen=True)
class _Found:
    """Units with their stacks, all that there are if it is not ``is_cut``; and what was looked at
    for them."""

    pairs: tuple[tuple[Unit, Stack], ...]
    is_cut: bool
    seen: dict[looks.Look, str]


class Shelf:
    """The stacks of some units, as their defaults have them, by what they hold; ``found_by`` are
    the looks by which the units were found."""

    def __init__(
        self,
        units: Callable[[], Iterable[Unit]],
        most: int,
        found_by: Mapping[looks.Look, str] = MappingProxyType({}),
    ) -> None:
        self._units, self._most, self._found_by = units, most, found_by

    @property
    def read_from(self) -> dict[looks.Look, str]:
        """All that the stacks were read from."""
        if self._read.is_cut:
            current().cut.add(Limit.STEPS)
        return {**self._found_by, **self._read.seen}

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """All but those of task definition files, and of modules judged alone."""
        return tuple(stack for _, stack in self._read.pairs if not is_file(stack))

    @cached_property
    def _read(self) -> _Found:
        """The stacks with their units; the caller of a module decides what it makes. It has a
        budget of its own: no unit pays for its neighbours."""
        found: list[tuple[Unit, Stack]] = []
        with looks.noted() as noted:
            units = [unit for unit in self._units() if not unit.reusable]
            units = units if len(units) <= self._most else []
            with within(Budget(UNIT_STEPS + sum(map(steps_for, units)))) as budget:
                for unit in units:
                    try:
                        found.append((unit, unit.stack(PathCondition())))
                    except Exception:  # noqa: BLE001 -- told where that unit itself is judged
                        continue
        return _Found(tuple(found), budget.is_spent, noted)

    @cached_property
    def outputs(self) -> dict[str, list[tuple[Stack, Value]]]:
        """The outputs of Terraform roots, by their names."""
        found: dict[str, list[tuple[Stack, Value]]] = defaultdict(list)
        for unit, stack in self._read.pairs:
            if isinstance(unit, Exporting) and not is_file(stack):
                for name, value in unit.outputs().items():
                    found[name].append((stack, value))
        return found

    @cached_property
    def roles(self) -> dict[str, list[tuple[Stack, Resource]]]:
        """The roles by their names, without paths."""
        found: dict[str, list[tuple[Stack, Resource]]] = defaultdict(list)
        for stack in self.stacks:
            for role in stack.roles:
                name = plain_role_name(role.arn)
                if name is not None and stack.owns(role):
                    found[name].append((stack, role))
        return found

    @cached_property
    def stored(self) -> ByName:
        """The secrets and parameters by their names."""
        return by_name(self.stacks)

    def users(self, name: str) -> list[tuple[Stack, Principal, Value]]:
        """Whose tasks use a role of that name which their own stack does not hold, those of task
        definition files too; as what, and how it is named."""
        looks.add(self.read_from)
        return self._users.get(name, [])

    @cached_property
    def _users(self) -> dict[str, list[tuple[Stack, Principal, Value]]]:
        found: dict[str, list[tuple[Stack, Principal, Value]]] = defaultdict(list)
        for _, stack in self._read.pairs:
            for value, principal, _ in roles_named(stack):
                name = plain_role_name(name_of(stack, value))
                if name is not None and isinstance(stack.role_of(value), External):
                    found[name].append((stack, principal, value))
        return found

    @cached_property
    def services(self) -> dict[str, list[tuple[Stack, Launch]]]:
        """The services of all stacks, by their literal names."""
        found: dict[str, list[tuple[Stack, Launch]]] = defaultdict(list)
        for stack in self.stacks:
            for launch in stack.launches:
                name = literal(launch.name)
                if name and stack.owns(launch):
                    found[name].append((stack, launch))
        return found


def is_file(stack: Stack) -> bool:
    """Is it of a task definition file?"""
    return stack.language is Language.TASK_FILE


def name_of(stack: Stack, role: Value) -> Value:
    """The name or ARN by which the stack names or looks up a role."""
    looked_up = stack.find(NamedRole, role)
    return role if looked_up is None else looked_up.name
