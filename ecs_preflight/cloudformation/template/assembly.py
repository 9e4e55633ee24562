"""The stack of a template: its own resources, those of its nested stacks, and its neighbours'.

Neighbours are the templates of the scan that exports and imports connect with it: those it
imports from, and those that import a role, secret, key or bucket from it or them, for they may
attach policies. Their resources are in the stack, so that whatever is asked about a role, secret or
key is answered by all there is; their addresses begin with the neighbour's name and a colon, they
are listed in ``Stack.foreign``, and findings about them are those of their own stack. A neighbour
is evaluated in the default world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from itertools import chain
from types import MappingProxyType
from typing import TypeVar

from ...adapters import mentions
from ...adapters.units import Declared, Surroundings
from ...model import Language, ModuleCall, Stack
from ...model.rewriting import rewritten
from ...symbolic import arns
from ...symbolic.budget import Budget, Limit, OverBudget, charge, current, for_reading, within
from ...symbolic.records import replace
from ...symbolic.terms import Term
from ...symbolic.values import Known, Reference, Text, Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from .. import resources
from . import nested, rules, stored_parameters
from .catalogue import Catalogue
from .deployment import Deployment
from .exports import Exports
from .family import exported_among, nested_in, with_children
from .handles import Handle, handle_of
from .instance import TemplateInstance
from .kinds import NESTED_TYPES, is_custom
from .template import Template

Item = TypeVar("Item")
#: Bounds for nested stacks: how deep, and how many in all.
MAX_NESTED_LEVELS, MAX_NESTED = 10, 500
#: What one takes besides what stands in it: to find its template, and to place it.
NESTED_STEPS = 150
#: With more templates around it that import what it exports, that may get more there.
MAX_NEIGHBOURS = 50
#: No more templates are read for what they export, each with what it imports in turn.
MAX_EXPORTERS = 25

#: What other templates add permissions or rules to.
_GRANTABLE = (
    "AWS::IAM::Role",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::EC2::SecurityGroup",
)


class Assembly:
    """Implements Around for one template in one world."""

    def __init__(
        self,
        template: Template,
        catalogue: Catalogue,
        exports: Exports,
        path_condition: PathCondition,
        given: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        """``given`` are parameters' values besides those that the catalogue knows."""
        self.level = 0
        self._budget = current()
        self._catalogue, self._exports = catalogue, exports
        self._nested = 0
        self._imported = 0
        known = catalogue.deployment(template)
        deployment = replace(known, parameters={**known.parameters, **given})
        self.own = TemplateInstance(template, self, path_condition, deployment)
        self._instances = {template: self.own}
        self._outputs: dict[TemplateInstance, dict[Handle, str]] = {}
        self._written: dict[TemplateInstance, dict[Handle, Value]] = {}

    def imported(self, names: tuple[Value, ...], importer: TemplateInstance) -> Value | None:
        """What another scanned template exports by the names; None where none does, or none
        without a condition that does not hold: then another deployment of it is meant. A stack of
        the importer's own family comes first: there the names are as the stacks are given them."""
        if self._nests and ":" not in importer.prefix and len(names) == 1:
            among = exported_among(names[0], (self.own, *nested_in(self.own)))
            if among is not None:
                return among
        handle = handle_of(names)
        template = None if handle is None else self._exporter(handle, importer.template)
        if handle is None or template is None:
            return None
        exporter = self._exporting(template)
        if isinstance(exporter, Unknown):
            return exporter
        with within(self._budget_of(exporter)):
            outputs = self._names_of(exporter)
            # In this world as the importer names it, where that knows more than the default one.
            name = outputs.get(self._exports.canonical(handle), outputs.get(handle))
            value = None if name is None else exporter.output(name)
        return None if value == Known(None) else value

    @cached_property
    def _for_neighbours(self) -> Budget:
        budget = for_reading(self.own.template.name)
        budget.cut = self._budget.cut  # what is cut off of them is told of the template
        return budget

    def _budget_of(self, instance: TemplateInstance) -> Budget:
        """What pays for the instance: a neighbour is not evaluated at the template's expense."""
        return self._for_neighbours if ":" in instance.prefix else self._budget

    def _all_of(self, instance: TemplateInstance, read: Callable[[], Iterable[Item]]) -> list[Item]:
        """All of what is read of the instance; none, told as a gap, of a neighbour that is beyond
        the limits."""
        with within(self._budget_of(instance)):
            try:
                return list(read())
            except OverBudget as over:
                if self._budget_of(instance) is self._budget:
                    raise
                instance.gaps.append(over.unknown)
                return []

    def _exporting(self, template: Template) -> TemplateInstance | Unknown:
        """The template that something is read of; Unknown where it is one of too many."""
        if template not in self._instances:
            if self._imported >= MAX_EXPORTERS:
                return current().cut_off(Limit.INSTANCES, "of templates that it reads from")
            self._imported += 1
        return self._instance(template)

    def _names_of(self, exporter: TemplateInstance) -> dict[Handle, str]:
        """Its outputs by what others read them by, the first of several."""
        if exporter not in self._outputs:
            names = list(exporter.outputs)[::-1]
            self._outputs[exporter] = {h: name for name in names for h in exporter.handles(name)}
        return self._outputs[exporter]

    def _exporter(self, handle: Handle, importer: Template) -> Template | None:
        """The template whose output the importer reads: the only one that may be; the only one
        that is here already, since of several with one name one alone is deployed; or any, where
        all make the same of it."""
        found = self._exports.exporters(handle, importer)
        here = [each for each in found if each in self._instances]
        if len(found) > 1 and len(here) != 1 and self._exports.are_alike(handle, found):
            return found[0]
        return here[0] if len(here) == 1 else found[0] if len(found) == 1 else None

    def child(self, parent: TemplateInstance, stack: Declared) -> TemplateInstance | Unknown:
        """The nested stack's instance; Unknown, with the reason, where its template is not
        there."""
        try:
            charge(NESTED_STEPS)
        except OverBudget as over:
            return replace(over.unknown, span=stack.span)
        name = stack.address.removeprefix(parent.prefix)
        template = nested.template_of(stack, parent.entries[name], parent.template, self._catalogue)
        reason = f"the template of nested stack '{stack.address}' is not in the scan"
        if template is None:
            return Unknown(reason, why=Why.OUTSIDE, span=stack.span)
        parents = (*parent.parents, parent.template)
        self._nested += 1
        if template in parents or len(parents) > MAX_NESTED_LEVELS or self._nested > MAX_NESTED:
            return Unknown(
                f"nested stack '{stack.address}' is one of too many", why=Why.LIMIT, span=stack.span
            )
        target = arns.ANY_TARGET if stack.type.endswith("StackSet") else parent.target
        given = nested.arguments(stack)
        more = nested.missing_arguments(stack)
        if more is not None:
            given = {name: given.get(name, more) for name in (*template.parameters, *given)}
        return TemplateInstance(
            template,
            self,
            parent.path_condition,
            Deployment(target),
            f"{stack.address}.",
            given,
            parents,
            lambda: parent.resource(name),
        )

    def _instance(self, template: Template) -> TemplateInstance:
        """The template where it is deployed: as the one nested stack of the own, or beside it."""
        nested_ones = nested_in(self.own) if self._nests else ()
        found = [each for each in nested_ones if each.template is template]
        return found[0] if len(found) == 1 else self._neighbour(template)

    @cached_property
    def _nests(self) -> bool:
        return any(self.own.type_of(name) in NESTED_TYPES for name in self.own.entries)

    def _neighbour(self, template: Template) -> TemplateInstance:
        if template not in self._instances:
            deployment = self._catalogue.deployment(template)
            name = self._exports.label(template, deployment.name)
            if any(f"{name}:" == instance.prefix for instance in self._instances.values()):
                name = template.name
            self._instances[template] = TemplateInstance(
                template, self, PathCondition(), deployment, f"{name}:"
            )
        return self._instances[template]

    def stack(self) -> Stack:
        """The template with its nested stacks and neighbours, as one stack of the model."""
        if self.own.path_condition.world and rules.refuse(
            self.own.template.section("Rules"), self.own
        ):
            self.own.path_condition.impossible = True
        own = tuple(with_children(self.own))
        mine = [declared for instance in own for declared in instance.declared]
        stored = dict(self._stored(own))
        self._meet_importers()
        done: set[Template] = {self.own.template}
        foreign: list[Declared] = []
        around = list(own)
        while remaining := [t for t in self._instances if t not in done]:
            done.update(remaining)
            for template in remaining:
                neighbour = self._instances[template]
                family = self._all_of(neighbour, partial(with_children, neighbour))
                stored.update(self._all_of(neighbour, partial(self._stored, family)))
                around += family or [neighbour]
                foreign += self._all_of(neighbour, partial(_declared, family))
        handed = (self._all_of(each, partial(self._passed_out, each)) for each in around)
        escapes = tuple(chain.from_iterable(handed))
        surroundings = Surroundings(
            escapes,
            tuple(replace(gap, why=Why.UNREADABLE) for instance in around for gap in instance.gaps),
            mentions=self._mentioned(own),
        )
        read = resources.read((*mine, *foreign), surroundings, self.own.path_condition)
        read = rewritten(read, stored) if stored else read
        names = frozenset(declared.address for declared in foreign)
        return Stack(
            self.own.template.name,
            Language.CLOUDFORMATION,
            self.own.target,
            read,
            tuple(dict.fromkeys(instance.template.file for instance in own)),
            {call.address: call for call in _calls(self.own)},
            tuple(dict.fromkeys(reason for instance in own for reason in _unread(instance))),
            tuple(side for instance in own for side in instance.sides()),
            foreign=names,
            secrets=tuple(value for instance in around for value in instance.secrets()),
        )

    def _mentioned(
        self, family: tuple[TemplateInstance, ...]
    ) -> tuple[tuple[Value, Unknown], ...] | None:
        """What outputs and other resources name (see ``mentions``); None where it does not matter.
        To be asked last."""
        if not mentions.matter(each.type_of(name) for each in family for name in each.entries):
            return None
        with self.own.path_condition.unasked():
            return tuple(pair for each in family for pair in _mentioned(each))

    def _stored(self, family: Iterable[TemplateInstance]) -> Iterator[tuple[Term, Value]]:
        """What other templates of the scan have stored of what these read, by the terms that stand
        for it."""
        for instance in family:
            for term, handle in stored_parameters.read(instance):
                writer = self._exporter(handle, instance.template)
                there = None if writer is None else self._exporting(writer)
                if isinstance(there, TemplateInstance):
                    with within(self._budget_of(there)):
                        value = self._written_by(there).get(self._exports.canonical(handle))
                    if value is not None:
                        yield term, value

    def _written_by(self, instance: TemplateInstance) -> dict[Handle, Value]:
        """See ``stored_parameters.written``."""
        if instance not in self._written:
            self._written[instance] = stored_parameters.written(instance)
        return self._written[instance]

    def _meet_importers(self) -> None:
        """Makes neighbours of those who import what may be granted to, or given policies."""
        for instance in tuple(self._instances.values()):
            self._all_of(instance, partial(self._meet_importers_of, instance))

    def _meet_importers_of(self, instance: TemplateInstance) -> Iterator[TemplateInstance]:
        for value, handles in _offered(instance):
            importers = self._readers(instance, handles)
            if importers and any(
                self._type_at(address) in _GRANTABLE for address in _referred(value())
            ):
                for template in importers[: max(0, MAX_NEIGHBOURS - len(self._instances))]:
                    yield self._neighbour(template)

    def _readers(
        self, instance: TemplateInstance, handles: tuple[Handle, ...]
    ) -> tuple[Template, ...]:
        """The templates of the scan that read what the instance offers by these."""
        return tuple(
            dict.fromkeys(
                template
                for handle in handles
                for template in self._exports.importers(handle, instance.template)
            )
        )

    def _type_at(self, address: str) -> str:
        for instance in self._instances.values():
            name = address.removeprefix(instance.prefix)
            if address.startswith(instance.prefix) and name in instance.entries:
                return instance.type_of(name)
        return ""

    def _passed_out(self, instance: TemplateInstance) -> Iterator[tuple[Value, Unknown]]:
        """What the template hands to somebody out of sight, each with the reason."""
        for value, handles in () if instance.parents else _offered(instance):
            if not self._instances.keys() >= set(self._readers(instance, handles)):
                yield value(), Unknown("too many templates read it", why=Why.LIMIT)
        for declared in instance.declared:
            if declared.type in NESTED_TYPES:
                child = instance.child(declared.address.removeprefix(instance.prefix))
                if isinstance(child, Unknown):
                    yield from ((value, child) for value in nested.arguments(declared).values())
            elif is_custom(declared.type):
                why = Unknown(
                    f"custom resource '{declared.address}' may change it",
                    why=Why.OUTSIDE,
                    span=declared.span,
                )
                yield from ((value, why) for _, value in declared.body.entries)


def _declared(family: Iterable[TemplateInstance]) -> Iterator[Declared]:
    return (declared for instance in family for declared in instance.declared)


def _offered(
    instance: TemplateInstance,
) -> Iterator[tuple[Callable[[], Value], tuple[Handle, ...]]]:
    """The outputs and stored parameters that others may read, and by what."""
    for output in instance.outputs:
        yield partial(instance.output, output), instance.handles(output)
    for handle, value in stored_parameters.written(instance).items():
        yield partial(_unchanged, value), (handle,)


def _mentioned(instance: TemplateInstance) -> Iterator[tuple[Value, Unknown]]:
    outside = Unknown("an output or another resource names it", why=Why.OUTSIDE)
    for value, handles in _offered(instance):
        if handles or not instance.parents:
            yield value(), outside
    for name in instance.entries:
        if mentions.may_add_listener(instance.type_of(name)):
            declared = instance.resource(name)
            if declared is not None and declared.type not in NESTED_TYPES:
                yield declared.body, outside


def _unchanged(value: Value) -> Value:
    return value


def _calls(root: TemplateInstance) -> Iterator[ModuleCall]:
    for instance in with_children(root):
        for declared in instance.declared:
            if declared.type in NESTED_TYPES:
                yield ModuleCall(declared.address, declared.span)


def _unread(instance: TemplateInstance) -> Iterator[Unknown]:
    yield from instance.gaps
    for declared in instance.declared:
        if declared.type in NESTED_TYPES:
            child = instance.child(declared.address.removeprefix(instance.prefix))
            if isinstance(child, Unknown):
                yield child


def _referred(value: Value) -> Iterator[str]:
    if isinstance(value, Reference):
        yield value.address
    elif isinstance(value, Text):
        yield from (part.address for part in value.parts if isinstance(part, Reference))
