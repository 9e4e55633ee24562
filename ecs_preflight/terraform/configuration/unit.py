"""A root module as a unit: evaluated in one world, it gives a stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ...adapters.units import Declared, Inputs, Surroundings
from ...model import Language, ModuleCall, Stack, Target
from ...symbolic.arns import ANY_TARGET
from ...symbolic.depth import deeply
from ...symbolic.faults import contained
from ...symbolic.source import Unreadable, shown
from ...symbolic.terms import Name
from ...symbolic.values import Entries, Items, Known, Reference, Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from .. import resources
from .calls import Downloads, called, called_by
from .callsite import AbsentModule
from .consumers import Consumers
from .evaluation import Evaluation, Foreknown
from .inputs import InputValues, RootArguments
from .instance import ModuleInstance
from .module import Library, Module, source_files
from .names import Namespace


@dataclass(frozen=True)
class RootModule:
    """A directory that is deployed as it is, or, with ``reusable``, a module judged alone.

    ``title`` is its name where that is not the directory's; ``unread`` is what is known not to be
    read, ``foreknown`` what a plan says of it.
    """

    module: Module
    library: Library
    given: InputValues
    inputs: Inputs
    reusable: bool = False
    downloads: Downloads = field(default=Downloads({}))
    title: str = ""
    unread: tuple[Unknown, ...] = ()
    foreknown: Foreknown | None = None
    consumers: Consumers = field(default=Consumers(), repr=False)

    @property
    def name(self) -> str:
        """The root's folder, or the title that a tool gives it."""
        return self.title or shown(self.module.folder)

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the root and of all modules that it calls."""
        return source_files([self.module, *called(self.module, self.library)])

    @property
    def apart(self) -> str:
        """Who reads its outputs, or names its roles."""
        return repr((sorted(self.consumers.outputs), sorted(self.consumers.roles.items())))

    def stack(self, path_condition: PathCondition) -> Stack:
        """The module and all it calls, in the inquiry's world."""
        return deeply(lambda: self._stack(path_condition))

    def outputs(self) -> dict[str, Value]:
        """Implements units.Exporting."""

        def found() -> dict[str, Value]:
            root = _root(self, PathCondition())
            outputs = root.module.outputs.items()
            return {name: root.output(name, block.header) for name, block in outputs}

        return deeply(found)

    def _stack(self, path_condition: PathCondition) -> Stack:
        if self._holds_nothing():
            return Stack(
                self.name,
                Language.TERRAFORM,
                ANY_TARGET,
                files=(*self.files, *self.given.files),
                reusable=self.reusable,
                secrets=tuple(map(Known, self.given.environment.values())),
            )
        contents = evaluated(self, path_condition)
        return Stack(
            self.name,
            Language.TERRAFORM,
            contents.target,
            resources.read(contents.declared, contents.surroundings, contents.target),
            contents.files,
            contents.calls,
            contents.surroundings.unread,
            reusable=self.reusable,
            secrets=contents.secrets,
            exclusive_attachments=resources.exclusive_attachments(contents.declared),
        )

    def _holds_nothing(self) -> bool:
        """Is no type that is read in the module, nor in any that it calls, all of them at hand? It
        needs no evaluation then."""
        modules = (self.module, *called(self.module, self.library))
        return (
            self.foreknown is None
            and not self.unread
            and not any(module.broken for module in modules)
            and all(len(list(called_by(m, self.library))) == len(m.calls) for m in modules)
            and not any(
                block.labels[0] in resources.TYPES
                for module in modules
                for block in module.resources.values()
            )
        )


@dataclass(frozen=True)
class Contents:
    """All that a root module declares in one world, before the readers make a stack of it."""

    declared: tuple[Declared, ...]
    surroundings: Surroundings
    target: Target
    calls: dict[str, ModuleCall]
    files: tuple[str, ...]
    secrets: tuple[Value, ...] = ()


def _root(unit: RootModule, path_condition: PathCondition) -> ModuleInstance:
    evaluation = Evaluation(
        unit.library,
        path_condition,
        unit.module.folder,
        unit.downloads,
        unit.inputs.workspace,
        unit.foreknown,
        unit.inputs.account,
    )
    return ModuleInstance(evaluation, unit.module, RootArguments(unit.given, unit.reusable))


def evaluated(unit: RootModule, path_condition: PathCondition) -> Contents:
    """The unit in the inquiry's world."""
    root = _root(unit, path_condition)
    below = tuple(root.walk())
    instances = [instance for instance in below if isinstance(instance, ModuleInstance)]
    absent = [instance for instance in below if isinstance(instance, AbsentModule)]
    lost: list[Unknown] = []
    declared = tuple(_declared(instances, lost))
    unread = (*unit.unread, *_unread(instances, absent), *lost)
    return Contents(
        declared,
        Surroundings(tuple(_passed_out(root, absent, unit)), unread),
        root.target("aws"),
        {instance.call.address: instance.call.module_call for instance in below if instance.call},
        (*source_files(instance.module for instance in instances), *unit.given.files),
        (
            *map(Known, unit.given.environment.values()),
            *(value for instance in instances for value in instance.secrets()),
        ),
    )


def _declared(instances: list[ModuleInstance], lost: list[Unknown]) -> Iterator[Declared]:
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


def _passed_out(
    root: ModuleInstance, absent: list[AbsentModule], unit: RootModule
) -> Iterator[tuple[Value, Unknown]]:
    """What the arguments of absent modules, and the outputs of a module judged alone, hand to
    somebody out of sight; and what others in the scan read of a root or call by its name. A root's
    outputs add nothing to what they show."""
    for name, block in root.module.outputs.items():
        if unit.reusable or unit.consumers.reads(name):
            who = "the module's caller" if unit.reusable else "who reads it in the scan"
            reason = f"output '{name}' hands it to {who}"
            value = opened(root.output(name, block.header), root.evaluation)
            yield value, Unknown(reason, why=Why.OUTSIDE, span=block.header)
    for name, span in unit.consumers.roles.items():
        yield Known(name), Unknown(f"'{span}' may be about it", why=Why.OUTSIDE, span=span)
    for module in absent:
        for value in module.arguments():
            yield opened(value, root.evaluation), module.reason


def opened(value: Value, evaluation: Evaluation) -> Value:
    """The value with each whole module in it replaced by the module's outputs."""
    if isinstance(value, Items):
        return replace(value, items=tuple(opened(item, evaluation) for item in value.items))
    if isinstance(value, Entries):
        return replace(
            value,
            entries=tuple((key, opened(item, evaluation)) for key, item in value.entries),
        )
    if isinstance(value, Reference) and value.attribute in ("", "*"):
        node = evaluation.node(value.address)
        if isinstance(node, Namespace):
            return opened(node.whole(value.span), evaluation)
    return value


def _unread(instances: list[ModuleInstance], absent: list[AbsentModule]) -> Iterator[Unknown]:
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
