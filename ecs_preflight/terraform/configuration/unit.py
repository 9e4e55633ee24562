"""A root module as a unit: evaluated in one world, it gives a stack."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property, partial
from typing import Union

from ...adapters.escapes import doubted
from ...adapters.resource_types import RUNNING
from ...adapters.units import (
    Declared,
    Exported,
    Inputs,
    InputSet,
    Neighbours,
    Nobody,
    Sharing,
    Surroundings,
)
from ...model import Language, Resource, Role, Stack
from ...model.naming import unit_of
from ...model.rewriting import as_named, without_prefix
from ...symbolic.arns import ANY_TARGET
from ...symbolic.depth import deeply
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import shown
from ...symbolic.values import Entries, Known, Unknown, Value, Why, first
from ...symbolic.worlds import PathCondition
from .. import resources
from ..language.sizes import bounded
from . import input_sets, states
from .calls import Downloads, called
from .callsite import AbsentModule
from .consumers import Consumers
from .contents import (
    Contents,
    OtherRoots,
    adding_unseen,
    declared_in,
    handed_out,
    holds_nothing,
    mentioned,
    named_elsewhere,
    opened,
    refuse_unmet,
    shown_to_others,
    states_read,
    unplaced,
    unread_in,
)
from .evaluation import Evaluation, Foreknown
from .inputs import InputValues, RootArguments
from .instance import ModuleInstance
from .module import Library, Module, source_files

#: What the inputs are, by the outputs of others.
Dependent = Callable[[Callable[[states.State], Union[Value, None]]], InputValues]
#: Of more roots that read one state the further ones are not looked into.
MAX_READERS = 16
#: Of what roots hold whose states a root reads that is read itself, no more is handed on.
MAX_OTHERS = 40
#: How large an output is that others may read (elements, or pieces of texts).
MAX_OUTPUT = 2_000
BEYOND = Unknown("what other roots hold is beyond the scan's limits", why=Why.LIMIT)


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
    #: What else may be given than ``given``: a set for each of the root's environments.
    sets: tuple[InputValues, ...] = field(default=(), repr=False)
    #: What files say of the backend that the code leaves to the command line.
    backends: tuple[Entries, ...] = field(default=(), repr=False)
    #: Of a unit of Terragrunt's: whose outputs it reads, and what is given with these.
    dependencies: frozenset[states.State] = field(default=frozenset(), repr=False)
    dependent: Dependent | None = field(default=None, repr=False, compare=False)
    neighbours: Neighbours = field(default=Nobody(), repr=False, compare=False)

    @property
    def name(self) -> str:
        """The root's folder, or the title that a tool gives it."""
        return self.title or shown(self.module.folder)

    @property
    def label(self) -> str:
        """Implements units.Sharing: where it lies in the repository, wherever that is."""
        where = os.path.relpath(os.path.abspath(self.name), self.library.boundary.root)
        return "root" if where == "." else where.replace(os.sep, "/")

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the root and of all modules that it calls."""
        return source_files([self.module, *called(self.module, self.library)])

    @property
    def apart(self) -> str | None:
        """Who names its roles; with states that are read it may hang on any unit."""
        reads = self._has_remote_states or self.dependencies
        if self.consumers.readers or reads or self.readers:
            return None
        return repr(sorted(self.consumers.roles.items()))

    def stack(self, path_condition: PathCondition) -> Stack:
        """The module and all it calls, in the inquiry's world."""
        return deeply(lambda: self._stack(path_condition))

    def input_sets(self) -> tuple[InputSet, ...]:
        """Implements units.Configurable."""
        if not self.sets:
            return ()
        alone = input_sets.is_deployed_alone(self.module, self.given, self.sets)
        return (
            InputSet("", replace(self, sets=()), alone),
            *(InputSet(each.files[-1], replace(self, given=each, sets=())) for each in self.sets),
        )

    def may_run_tasks(self) -> bool:
        """Implements units.Surveyed."""
        modules = (self.module, *called(self.module, self.library))
        return self.foreknown is not None or any(RUNNING & module.types() for module in modules)

    def outputs(self) -> dict[str, Value]:
        """Implements units.Exporting."""

        def found() -> dict[str, Value]:
            root = _root(self, PathCondition())
            outputs = root.module.outputs.items()
            return {name: root.output(name, block.header) for name, block in outputs}

        return deeply(found)

    # -- other roots -----------------------------------------------------------------------------

    def keeps(self) -> tuple[states.State, ...]:
        """Implements units.Sharing."""
        found = states.states_of_root(self.module, self.backends)
        return (states.State(states.DEPENDENCY, (self.title,)), *found) if self.dependent else found

    def reads(self) -> frozenset[states.State | None]:
        """Implements units.Sharing."""
        return self._reads

    def exported(self) -> Exported | None:
        """Implements units.Sharing."""
        running = self.library.exporting
        if self.name in running:
            return None
        running.add(self.name)
        try:
            return self._exported
        finally:
            running.remove(self.name)

    def beside(self, neighbours: Neighbours) -> RootModule:
        """Implements units.Sharing."""
        return replace(self, neighbours=neighbours)

    @cached_property
    def _has_remote_states(self) -> bool:
        modules = (self.module, *called(self.module, self.library))
        return any(f"data.{states.TYPE}" in module.types("data.") for module in modules)

    @cached_property
    def _reads(self) -> frozenset[states.State | None]:
        if not self._has_remote_states:
            return self.dependencies
        read = partial(states_read, self.name, lambda: _root(self, PathCondition(), self.given))
        return self.dependencies | deeply(read)

    @cached_property
    def known(self) -> InputValues:
        """What is given, with what others' outputs give."""
        if self.dependent is None or not self.dependencies:
            return self.given
        return self.dependent(lambda state: _outputs(self.producers.get(state)))

    @cached_property
    def producers(self) -> Mapping[states.State, Sharing]:
        """The roots whose states this one reads, in one order in every run."""
        read = sorted(filter(None, self._reads), key=lambda state: (state.backend, state.place))
        found = {state: self.neighbours.keeping(state) for state in read}
        return {state: unit for state, unit in found.items() if unit and unit.name != self.name}

    @cached_property
    def readers(self) -> tuple[Sharing, ...]:
        """The roots that read this one's state."""
        found = (unit for state in self.keeps() for unit in self.neighbours.reading(state))
        return tuple({unit.name: unit for unit in found}.values())[:MAX_READERS]

    @cached_property
    def _exported(self) -> Exported:
        return deeply(lambda: shown_to_others(self.name, lambda: _exported(self)))

    @cached_property
    def around(self) -> OtherRoots:
        """What the roots hold whose states this one reads, and those that read its own."""
        return _around(self)

    def _stack(self, path_condition: PathCondition) -> Stack:
        modules = (self.module, *called(self.module, self.library))
        is_known = self.foreknown is None and not self.unread
        if is_known and holds_nothing(modules, self.library):
            return Stack(
                self.name,
                Language.TERRAFORM,
                ANY_TARGET,
                files=(*self.files, *self.given.files),
                reusable=self.reusable,
                secrets=tuple(map(Known, self.given.environment.values())),
            )
        contents = evaluated(self, path_condition)
        read, foreign = read_among(self, contents.declared, contents.surroundings, path_condition)
        return Stack(
            self.name,
            Language.TERRAFORM,
            contents.target,
            read,
            contents.files,
            contents.calls,
            contents.surroundings.unread,
            reusable=self.reusable,
            secrets=contents.secrets,
            exclusive_attachments=resources.exclusive_attachments(contents.declared),
            foreign=foreign,
        )


def _root(
    unit: RootModule, path_condition: PathCondition, given: InputValues | None = None
) -> ModuleInstance:
    evaluation = Evaluation(
        unit.library,
        path_condition,
        unit.module.folder,
        unit.downloads,
        unit.inputs.workspace,
        unit.foreknown,
        unit.inputs.account,
        lambda state: _outputs(unit.producers.get(state)),
    )
    return ModuleInstance(
        evaluation, unit.module, RootArguments(given or unit.known, unit.reusable)
    )


def evaluated(unit: RootModule, path_condition: PathCondition) -> Contents:
    """The unit in the inquiry's world."""
    root = _root(unit, path_condition)
    contents = _contents(unit, root)
    root.evaluation.nodes.clear()  # which know the evaluation: neither is needed any more
    return contents


def _contents(unit: RootModule, root: ModuleInstance) -> Contents:
    below = tuple(root.walk())
    instances = [instance for instance in below if isinstance(instance, ModuleInstance)]
    absent = [instance for instance in below if isinstance(instance, AbsentModule)]
    lost: list[Unknown] = []
    declared = tuple(declared_in(instances, lost))
    unread = (*unit.unread, *unread_in(instances, absent), *lost)
    consumed = tuple(_consumed(root, unit))
    escapes = (*consumed, *handed_out(root, absent))
    refuse_unmet(instances, root.evaluation.path_condition)
    return Contents(
        declared,
        target=root.target("aws"),
        calls={each.call.address: each.call.module_call for each in below if each.call},
        files=(*source_files(each.module for each in instances), *unit.given.files),
        consumed=consumed,
        secrets=(
            *map(Known, unit.given.environment.values()),
            *(value for instance in instances for value in instance.secrets()),
        ),
        surroundings=Surroundings(escapes, unread, mentions=mentioned(root, instances)),
    )


def _consumed(root: ModuleInstance, unit: RootModule) -> Iterator[tuple[Value, Unknown]]:
    """What the outputs of a module judged alone hand to somebody out of sight; and what others in
    the scan read of a root or call by its name. A root's outputs add nothing to what they show."""
    for name, block in root.module.outputs.items():
        if unit.reusable or unit.consumers.read(name, partial(_may_be_own, unit, unit.keeps())):
            to = "the module's caller" if unit.reusable else "who reads it in the scan"
            seen = Unknown(f"output '{name}' hands it to {to}", why=Why.OUTSIDE, span=block.header)
            yield opened(root.output(name, block.header), root.evaluation), seen
    yield from named_elsewhere(unit.consumers)


# -- other roots -----------------------------------------------------------------------------------


def _outputs(unit: Sharing | None) -> Value | None:
    exported = unit.exported() if unit else None
    return exported.outputs if exported else None


def _exported(unit: RootModule) -> Exported:
    """The unit as others see it."""
    root = _root(unit, PathCondition())
    contents = _contents(unit, root)
    outputs = Entries(
        tuple(
            (
                name,
                bounded(
                    unplaced(opened(root.output(name, header), root.evaluation, whole=True)),
                    MAX_OUTPUT,
                ),
            )
            for name, header in ((n, block.header) for n, block in root.module.outputs.items())
        )
    )
    root.evaluation.nodes.clear()
    broken = next((u for u in contents.surroundings.unread if u.why is Why.UNREADABLE), None)
    before = [each for unit in unit.producers.values() if (each := unit.exported())]
    # each once, whichever way it comes: what stands elsewhere already has its name for all
    others = list({d.address: d for each in before for d in each.declared}.values())
    escaping = {id(pair): pair for each in before for pair in each.escapes}
    own = Exported(outputs, contents.declared, contents.surroundings.escapes)
    named = as_named(own, lambda name: name if unit_of(name) else f"{unit.label}:{name}")
    kept = (*named.declared, *others[:MAX_OTHERS])
    # of what is cut off anything may add to what is kept
    cut = BEYOND if len(others) > MAX_OTHERS else None
    doubtful, doubt = (named.declared if cut is None else kept), first(broken, cut)
    doubts = () if doubt is None else (doubted(d.address, doubt) for d in doubtful)
    return Exported(named.outputs, kept, (*named.escapes, *doubts, *escaping.values()))


def _around(unit: RootModule) -> OtherRoots:
    as_own, files = without_prefix(f"{unit.label}:"), frozenset(unit.files)
    others = {other.name: other for other in (*unit.producers.values(), *unit.readers)}
    others.pop(unit.name, None)
    seen = [found for other in others.values() if (found := other.exported()) is not None]
    declared = {
        d.address: d for each in seen for d in map(as_own, each.declared) if unit_of(d.address)
    }
    # each once, whichever way it comes
    pairs = {id(pair): pair for each in seen for pair in each.escapes}
    # What this root itself does to a role is no doubt to it.
    escapes = {
        tuple(map(id, pair)): pair
        for pair in map(as_own, pairs.values())
        if pair[1].span.file not in files
    }
    doubts = map(as_own, adding_unseen(unit.readers, unit.consumers, unit.exported))
    # with those that the others have seen in turn
    labels = {unit_of(address)[:-1] for address in declared}
    judged = filter(unit.neighbours.judged, labels)
    escaping = (*escapes.values(), *doubts)
    return OtherRoots(tuple(declared.values()), escaping, frozenset(judged))


def _may_be_own(
    unit: RootModule, own: Collection[states.State], reader: str, state: states.State | None
) -> bool:
    """May a reader's state be the unit's, and the reader not be among what stands around it?"""
    if state is None:
        return True
    if state in own:
        return all(reader != each.name for each in unit.readers)
    if state.backend == states.DEPENDENCY:
        return False
    is_open = not own or not states.is_declared(unit.module)
    return is_open and unit.neighbours.keeping(state) is None


def read_among(
    unit: RootModule | None,
    declared: tuple[Declared, ...],
    surroundings: Surroundings,
    world: PathCondition,
) -> tuple[tuple[Resource, ...], frozenset[str]]:
    """The resources of the unit and of those around it, and the addresses of the latter, but for
    roles of roots that nobody judges: who uses these judges them."""
    around = unit.around if unit else OtherRoots()
    if not around.declared and not around.escapes:
        return resources.read(declared, surroundings, world), frozenset()
    everything = replace(surroundings, beyond=around.escapes)
    read = resources.read((*declared, *around.declared), everything, world)
    foreign = frozenset(d.address for d in around.declared)
    roles = frozenset(r.address for r in read if isinstance(r, Role) and r.address in foreign)
    own = {a for a in roles if unit_of(a)[:-1] not in around.judged}
    return read, foreign - own
