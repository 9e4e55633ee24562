"""The stacks of a repository's units, by what they hold and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType

from ..adapters.units import Exporting, Surveyed, Unit
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
class _Chosen:
    """The units that are read, by number those of them that may run tasks, and what was looked at
    to tell."""

    units: tuple[Unit, ...]
    running: frozenset[int]
    seen: dict[looks.Look, str]


@dataclass(frozen=True)
class _Found:
    """The stacks of units, by number, all that there are if it is not ``is_cut``; and what was
    looked at for them."""

    stacks: dict[int, Stack]
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

    def note(self) -> None:
        """Notes all that the stacks were read from, for whoever asks them hangs on that."""
        self._note(self._running, self._others)

    def _note(self, *found: _Found) -> None:
        if any(each.is_cut for each in found):
            current().cut.add(Limit.STEPS)
        for seen in (self._found_by, self._chosen.seen, *(each.seen for each in found)):
            looks.add(seen)

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """All but those of task definition files, and of modules judged alone."""
        return tuple(stack for _, stack in self._pairs if not is_file(stack))

    @cached_property
    def _pairs(self) -> tuple[tuple[Unit, Stack], ...]:
        stacks = self._running.stacks | self._others.stacks
        return tuple((self._chosen.units[number], stacks[number]) for number in sorted(stacks))

    @cached_property
    def _chosen(self) -> _Chosen:
        """Not modules judged alone: the caller of a module decides what it makes."""
        with looks.noted() as noted:
            found = tuple(unit for unit in self._units() if not unit.reusable)
            units = found if len(found) <= self._most else ()
            running = frozenset(
                number
                for number, unit in enumerate(units)
                if not isinstance(unit, Surveyed) or unit.may_run_tasks()
            )
        return _Chosen(units, running, noted)

    @cached_property
    def _running(self) -> _Found:
        return self._read(self._chosen.running)

    @cached_property
    def _others(self) -> _Found:
        return self._read(frozenset(range(len(self._chosen.units))) - self._chosen.running)

    def _read(self, numbers: frozenset[int]) -> _Found:
        """The stacks of these. They have a budget of their own: no unit pays for its neighbours."""
        found: dict[int, Stack] = {}
        units = [(number, self._chosen.units[number]) for number in sorted(numbers)]
        with looks.noted() as noted:
            steps = UNIT_STEPS + sum(steps_for(unit) for _, unit in units)
            with within(Budget(steps)) as budget:
                for number, unit in units:
                    try:
                        found[number] = unit.stack(PathCondition())
                    except Exception:  # noqa: BLE001 -- told where that unit itself is judged
                        continue
        return _Found(found, budget.is_spent, noted)

    @cached_property
    def outputs(self) -> dict[str, list[tuple[Stack, Value]]]:
        """The outputs of Terraform roots, by their names."""
        found: dict[str, list[tuple[Stack, Value]]] = defaultdict(list)
        for unit, stack in self._pairs:
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
        self._note(self._running)
        return self._users.get(name, [])

    @cached_property
    def _users(self) -> dict[str, list[tuple[Stack, Principal, Value]]]:
        found: dict[str, list[tuple[Stack, Principal, Value]]] = defaultdict(list)
        for stack in self._running.stacks.values():
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
