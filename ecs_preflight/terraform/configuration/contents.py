"""What a root module declares in one world, and what of it goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Union

from ...adapters import mentions
from ...adapters.units import Declared, Exported, Sharing, Surroundings
from ...model import ModuleCall, Target
from ...symbolic.budget import OverBudget, of_reading
from ...symbolic.faults import contained
from ...symbolic.records import dataclass, replace
from ...symbolic.source import NOWHERE, Unreadable
from ...symbolic.terms import Name
from ...symbolic.values import Entries, Items, Known, Reference, Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from .. import resources
from ..syntax.nodes import Block
from . import states
from .calls import called_by
from .callsite import AbsentModule
from .consumers import Consumers
from .evaluation import Evaluation
from .instance import ModuleInstance
from .module import Library, Module
from .names import Namespace
from .resource_instance import ResourceInstance


@dataclass(frozen=True)
class Contents:
    """All that a root module declares in one world, before the readers make a stack of it."""

    declared: tuple[Declared, ...]
    surroundings: Surroundings
    target: Target
    calls: dict[str, ModuleCall]
    files: tuple[str, ...]
    #: Of what ``surroundings`` has as escaping, that which other roots get.
    consumed: tuple[tuple[Value, Unknown], ...] = ()
    secrets: tuple[Value, ...] = ()


@dataclass(frozen=True)
class OtherRoots:
    """What stands in other roots: there to be looked up. ``judged`` are the labels of the roots
    among them that are judged themselves."""

    declared: tuple[Declared, ...] = ()
    escapes: tuple[tuple[Value, Unknown], ...] = ()
    judged: frozenset[str] = frozenset()


def declared_in(instances: list[ModuleInstance], lost: list[Unknown]) -> Iterator[Declared]:
    """Every resource and data source that the readers know, in the order of the code; ``lost`` is
    given why for each of which a fault of our own costs all."""
    for instance in instances:
        for name in instance.module.resources:
            if instance.module.resources[name].labels[0] in resources.TYPES:
                for resource in instance.resources(name):
                    span = instance.module.resources[name].header
                    found = contained(resource.declared, lost.append, resource.address, span)
                    if found is not None:
                        yield found


def holds_nothing(modules: Sequence[Module], library: Library) -> bool:
    """Is no type that is read in the modules, all that they call at hand? A unit of them needs no
    evaluation then."""
    return (
        not any(module.broken for module in modules)
        and all(len(list(called_by(m, library))) == len(m.calls) for m in modules)
        and not any(
            block.labels[0] in resources.TYPES
            for module in modules
            for block in module.resources.values()
        )
    )


def named_elsewhere(consumers: Consumers) -> Iterator[tuple[Value, Unknown]]:
    """The roles that others in the scan call by their names."""
    for name, span in consumers.roles.items():
        yield Known(name), Unknown(f"'{span}' may be about it", why=Why.OUTSIDE, span=span)


def refuse_unmet(instances: list[ModuleInstance], path_condition: PathCondition) -> None:
    """Says of each validation and precondition that does not hold that Terraform refuses it."""
    with path_condition.unasked():
        for instance in instances:
            if instance.call is None or instance.call.conditional is None:
                for span, holds in instance.demands():
                    if holds == Known(False):
                        path_condition.refused.add((span, "it does not hold"))


def handed_out(root: ModuleInstance, absent: list[AbsentModule]) -> Iterator[tuple[Value, Unknown]]:
    """What the arguments of absent modules hand to somebody out of sight."""
    evaluation = root.evaluation

    def arguments(module: AbsentModule) -> tuple[Value, ...]:
        evaluation.path_condition.depends(module.call.expanded)
        return tuple(opened(value, evaluation) for value in module.arguments())

    for module in absent:
        key, passed = f"{module.call.address}()", partial(arguments, module)
        for value in evaluation.once(key, passed, lambda why: (why,)):
            yield value, module.reason


def opened(value: Value, evaluation: Evaluation, whole: bool = False) -> Value:
    """The value with each whole module in it replaced by the module's outputs, and if ``whole``
    each resource by its attributes."""
    if isinstance(value, Items):
        return replace(value, items=tuple(opened(item, evaluation, whole) for item in value.items))
    if isinstance(value, Entries):
        entries = tuple((key, opened(item, evaluation, whole)) for key, item in value.entries)
        return replace(value, entries=entries)
    if isinstance(value, Reference) and value.attribute in ("", "*"):
        node = evaluation.node(value.address)
        if isinstance(node, Namespace) or (whole and isinstance(node, ResourceInstance)):
            return opened(node.whole(value.span), evaluation, whole)
    return value


def unplaced(value: Value) -> Value:
    """The value as another root reads it, to whom it stands where it is used."""
    if isinstance(value, Items):
        return replace(value, items=tuple(map(unplaced, value.items)), span=NOWHERE)
    if isinstance(value, Entries):
        entries = tuple((key, unplaced(item)) for key, item in value.entries)
        return replace(value, entries=entries, key_spans=(), span=NOWHERE)
    return replace(value, span=NOWHERE)


def mentioned(
    root: ModuleInstance, instances: list[ModuleInstance]
) -> tuple[tuple[Value, Unknown], ...] | None:
    """What outputs and other resources name (see ``mentions``); None where it does not matter, or
    is not known. To be asked last."""
    types = {block.labels[0] for each in instances for block in each.module.resources.values()}
    if not mentions.matter(types):
        return None
    failed: list[Unknown] = []
    with root.evaluation.path_condition.unasked():
        found = tuple(_mentioned(root, instances, failed))
    return None if failed else found


def _mentioned(
    root: ModuleInstance, instances: list[ModuleInstance], failed: list[Unknown]
) -> Iterator[tuple[Value, Unknown]]:
    for name, block in root.module.outputs.items():
        shown = opened(root.output(name, block.header), root.evaluation)
        yield shown, _seen(f"output '{name}' shows it", block)
    for instance in instances:
        for name, block in instance.module.resources.items():
            seen = _seen(f"'{instance.prefix}{name}' names it", block)
            if block.body.of("provisioner"):
                failed.append(seen)  # a script may do anything, by any name
            elif mentions.may_add_listener(block.labels[0]):
                for resource in instance.resources(name):
                    found = contained(
                        resource.declared, failed.append, resource.address, block.header
                    )
                    if found is not None and _is_partial(found.body):
                        failed.append(seen)  # what stands under an unknown key is lost
                    elif found is not None:
                        yield opened(found.body, root.evaluation), seen


def _is_partial(value: Value) -> bool:
    """May there be more in it than is listed, at any depth?"""
    if isinstance(value, Items):
        return value.remainder is not None or any(map(_is_partial, value.items))
    if isinstance(value, Entries):
        return value.remainder is not None or any(_is_partial(item) for _, item in value.entries)
    return False


def _seen(reason: str, block: Block) -> Unknown:
    return Unknown(reason, why=Why.OUTSIDE, span=block.header)


def unread_in(instances: list[ModuleInstance], absent: list[AbsentModule]) -> Iterator[Unknown]:
    """Why files and modules of the stack could not be read."""
    broken: dict[str, Unreadable] = {}
    for instance in instances:
        broken.update({fault.path: fault for fault in instance.module.broken})
    for fault in broken.values():
        yield Unknown(
            f"'{fault.path}' cannot be read: {fault.reason}",
            Name(fault.path),
            Why.UNREADABLE,
            span=fault.span,
        )
    yield from {module.reason: module.reason for module in absent}.values()


def shown_to_others(unit: str, exported: Callable[[], Exported]) -> Exported:
    """What others see of the unit, as far as its budget for that goes."""
    with of_reading(unit) as budget:
        try:
            return replace(exported(), cut=budget.is_spent)
        except OverBudget as over:
            return Exported(Entries((), over.unknown), cut=True)


def adding_unseen(
    readers: Iterable[Sharing], consumers: Consumers, exported: Callable[[], Exported | None]
) -> Iterator[tuple[Value, Unknown]]:
    """The outputs, as others see them, that go to readers of which something is cut off: that may
    add to what they name."""
    cut = {reader.name for reader in readers if (seen := reader.exported()) and seen.cut}
    own = exported() if cut else None
    for name, value in own.outputs.entries if own else ():
        if consumers.read(name, lambda reader, state: reader in cut):
            reason = f"output '{name}' hands it to who reads it in the scan"
            yield value, Unknown(reason, why=Why.OUTSIDE)


def states_read(
    unit: str, root: Callable[[], ModuleInstance]
) -> frozenset[Union[states.State, None]]:
    """The states that the remote states of the unit's root and its modules are, None standing for
    what is beyond its budget for that."""
    with of_reading(unit):
        try:
            return frozenset(_states_read(root()))
        except OverBudget:
            return frozenset((None,))


def _states_read(root: ModuleInstance) -> Iterator[states.State | None]:
    for instance in root.walk():
        if isinstance(instance, ModuleInstance):
            for name in instance.module.resources:
                if name.startswith(f"data.{states.TYPE}."):
                    yield from (resource.state() for resource in instance.resources(name))
