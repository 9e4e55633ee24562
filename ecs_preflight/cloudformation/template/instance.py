"""A template in its place of a stack, evaluated in one world: as root, nested or neighbour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from functools import cached_property, partial
from typing import Protocol, TypeVar

from ...adapters.units import Declared
from ...model import Target, identity
from ...symbolic.documents.nodes import Entry, Extent, MappingNode, Node, mapping, plain
from ...symbolic.faults import contained
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.terms import Name, Operation
from ...symbolic.values import (
    Entries,
    Known,
    Reference,
    Shape,
    Unknown,
    Value,
    Why,
    shown_value,
)
from ...symbolic.worlds import PathCondition
from .. import resources
from ..language import conditions, foreach, parameters, texts
from ..language.intrinsics import evaluate
from ..language.scope import Path, value_of
from .bootstrap import with_init
from .deployment import Deployment, dns_suffix
from .handles import Handle, named
from .kinds import NESTED_TYPES, comes_first, matters
from .template import Template, construct_of
from .waiting import WAITING, Waiting

Result = TypeVar("Result")

#: The most levels that evaluation nests, through functions and from resource to resource.
MAX_LEVELS = 130
#: What a step to another resource, or to another stack's output, costs of them, in frames of
#: Python's stack.
_RESOURCE_LEVELS, _OUTPUT_LEVELS = 3, 4


class Around(Protocol):
    """What all instances of one evaluation share."""

    level: int

    def imported(self, names: tuple[Value, ...], importer: TemplateInstance) -> Value | None:
        """An output, by its export's name or its stack's and its own; None when no template of the
        scan is known to have it, or several do."""

    def child(self, parent: TemplateInstance, stack: Declared) -> TemplateInstance | Unknown:
        """The template that a nested stack's resource deploys, in its place."""


class TemplateInstance:
    """Implements Scope. ``prefix`` stands before every address and symbol (``Nested.``, or
    ``stack:`` for a neighbour). ``arguments`` are a nested stack's parameters, None for a root;
    ``caller`` gives the resource that passes them."""

    def __init__(
        self,
        template: Template,
        around: Around,
        path_condition: PathCondition,
        deployment: Deployment,
        prefix: str = "",
        arguments: AnyMapping[str, Value] | None = None,
        parents: tuple[Template, ...] = (),
        caller: Callable[[], object] | None = None,
    ) -> None:
        self.template, self.around, self.path_condition = template, around, path_condition
        self.prefix, self.arguments, self.parents = prefix, arguments, parents
        self._caller, self.deployment = caller, deployment
        self.target = self._where()
        self._sides: dict[str, Known | Unknown] = {}
        self._running: set[str] = set()
        self._children: dict[str, TemplateInstance | Unknown] = {}
        self._sections: dict[str, dict[str, Entry]] = {}
        #: Why there may be more resources, conditions or outputs than could be read.
        self.gaps: list[Unknown] = list(template.unread)

    # -- what the functions ask (see Scope) --------------------------------------------------------

    def span(self, extent: Extent, path: Path) -> Span:
        """See TemplateScope."""
        return self.template.span(extent, path)

    def evaluate(self, node: Node, path: Path) -> Value | None:
        """See TemplateScope."""
        return evaluate(node, path, self)

    def descend(self) -> bool:
        """See TemplateScope."""
        if self.around.level >= MAX_LEVELS:
            return False
        self.around.level += 1
        return True

    def ascend(self) -> None:
        """See TemplateScope."""
        self.around.level -= 1

    def ref(self, name: str, span: Span) -> Value | None:
        """See TemplateScope."""
        if name == "AWS::NoValue":
            return None
        if name.startswith("AWS::"):
            return replace(self._pseudo(name), span=span)
        if name in self.template.parameters:
            return parameters.referred(self._parameter(name), span, self.path_condition)
        return self._of_resource(name, "Ref", span)

    def attribute(self, name: str, attribute: str, span: Span) -> Value:
        """See TemplateScope."""
        return self._of_resource(name, attribute, span)

    def condition(self, name: str) -> Known | Unknown:
        """See TemplateScope; a condition that depends on itself is Unknown."""
        circle: Known | Unknown = self._wrong(f"condition '{name}' depends on itself", name)
        self._sides[name] = side = self.once(
            f"condition {name}", lambda: self._decided(name), circle
        )
        return side

    def _decided(self, name: str) -> Known | Unknown:
        entry = self._expanded("Conditions", self.template.section("Conditions").entries).get(name)
        if entry is None:
            return self._wrong(f"condition '{name}' is not declared", name)
        side = conditions.decide(entry.value, ("Conditions", name), self)
        if isinstance(side, Known):
            self.path_condition.composed(side)
        elif not side.symbol:
            request = Unknown(side.reason, Name(self.prefix + name), Why.CONDITION)
            answer = self.path_condition.truth(request)
            side = request if answer is None else Known(answer)
        return side

    def table(self, name: str) -> MappingNode | None:
        """See TemplateScope."""
        return self.template.tables.get(name)

    def imported(self, names: tuple[Value, ...], span: Span) -> Value:
        """See TemplateScope."""
        found = self.around.imported(names, self)
        if found is not None:
            return found
        name = ".".join(map(shown_value, names))
        whole = None not in map(identity, names)
        symbol = Operation("ImportValue", (Name(name),)) if whole else None
        return Unknown(
            f"which template exports '{name}' is not known", symbol, Why.OUTSIDE, span=span
        )

    # -- what the stack is made of -----------------------------------------------------------------

    @cached_property
    def declared(self) -> tuple[Declared, ...]:
        """The resources that somebody reads, and that exist, or may, in this world, in the
        template's order. Others are evaluated only when one of these refers to them, so that only
        choices that matter become worlds."""
        names = [name for name in self.entries if matters(self.type_of(name))]
        found = {
            name: self.resource(name)
            for name in sorted(names, key=lambda name: not comes_first(self.type_of(name)))
        }
        return tuple(each for name in names if (each := found[name]) is not None)

    def resource(self, name: str) -> Declared | None:
        """The resource as evaluated; None when it does not exist in this world, has no type, or is
        just being evaluated."""
        entry = self.entries[name]
        self.around.level += _RESOURCE_LEVELS
        place = self.prefix + name, self.span(entry.extent, ("Resources", name))
        declare = partial(contained, partial(self._declare, name, entry), self.gaps.append, *place)
        declared = self.once(f"resource {name}", declare, None)
        self.around.level -= _RESOURCE_LEVELS
        return declared

    def child(self, name: str) -> TemplateInstance | Unknown:
        """The nested stack that a resource is."""
        declared = self.resource(name)
        if name not in self._children:
            circle = self._wrong(f"nested stack '{name}' depends on itself")
            if f"resource {name}" in self._running:
                return circle
            self._children[name] = circle
            missing = self._wrong(f"'{name}' is not created")
            self._children[name] = self.around.child(self, declared) if declared else missing
        return self._children[name]

    @property
    def entries(self) -> dict[str, Entry]:
        """The resources as written, loops expanded."""
        return self._expanded("Resources", self.template.resources)

    @property
    def outputs(self) -> dict[str, Entry]:
        """The outputs of this world, by name, macros of lists unfolded."""
        return self._expanded("Outputs", self.template.section("Outputs").entries)

    def output(self, name: str) -> Value:
        """An output's value; Known(None) when its condition does not hold."""
        circle: Value = self._wrong(f"output '{name}' depends on itself")
        self.around.level += _OUTPUT_LEVELS
        value = self.once(f"output {name}", lambda: self._put_out(name), circle)
        self.around.level -= _OUTPUT_LEVELS
        return value

    def _put_out(self, name: str) -> Value:
        entry = self.outputs.get(name)
        if entry is None:
            return self._wrong(f"'{self.template.name}' has no output '{name}'")
        body = mapping(entry.value)
        condition, node = plain(body.get("Condition")), body.get("Value")
        side = Known(True) if condition is None else self.condition(condition)
        if node is None or side == Known(False):
            return Known(None)
        if isinstance(side, Unknown):
            return side
        return value_of(node, ("Outputs", name, "Value"), self)

    def exported(self, output: str) -> Value | None:
        """The name by which an output is exported; None where it is not."""
        node = mapping(mapping(self.outputs[output].value).get("Export")).get("Name")
        place: Path = ("Outputs", output, "Export", "Name")
        return None if node is None else value_of(node, place, self)

    def handles(self, output: str) -> tuple[Handle, ...]:
        """By what others may name an output, as far as that is known."""
        name, stack = self.exported(output), self.deployment.name
        export = None if name is None else named(name)
        return (*([(export,)] if export else []), *([((stack,), (output,))] if stack else []))

    def sides(self) -> tuple[tuple[str, bool], ...]:
        """The conditions that were asked about and are decided in this world."""
        return tuple(
            (self.prefix + name, side.value is True)
            for name, side in self._sides.items()
            if isinstance(side, Known)
        )

    # -- inside ------------------------------------------------------------------------------------

    def once(self, key: str, compute: Callable[[], Result], otherwise: Result) -> Result:
        """``compute()``, for this world and those that choose nothing it asks for; ``otherwise``
        while it is being computed. What loops make has no place of its own to ask for its
        choices."""
        if key in self._running:
            return otherwise
        self._running.add(key)
        try:
            return self.path_condition.once(self.prefix + key, compute, not self.template.has_loops)
        finally:
            self._running.discard(key)

    def _where(self) -> Target:
        target = self.deployment.target
        return Target(
            *(
                self.path_condition.value(part) if isinstance(part, Unknown) else part
                for part in (target.partition, target.region, target.account)
            )
        )

    def _pseudo(self, name: str) -> Value:
        """Source: User Guide, "Pseudo parameters reference"."""
        self._where()  # what is being computed hangs on it
        target = {
            "AWS::Partition": self.target.partition,
            "AWS::Region": self.target.region,
            "AWS::AccountId": self.target.account,
            "AWS::URLSuffix": dns_suffix(self.target),
        }
        if name in target:
            return target[name]
        if name == "AWS::StackName" and self.deployment.name:
            return Known(self.deployment.name)
        if name in ("AWS::StackName", "AWS::StackId", "AWS::NotificationARNs"):
            shape = Shape.SEGMENT if name == "AWS::StackName" else Shape.ANY
            return Unknown(
                f"'{name}' is given at deployment", Name(self.prefix + name), Why.APPLY, shape
            )
        return self._wrong(f"there is no pseudo parameter '{name}'")

    def _parameter(self, name: str) -> Value:
        circle: Value = self._wrong(f"parameter '{name}' depends on itself", name)
        return self.once(f"parameter {name}", lambda: self._given(name), circle)

    def secrets(self) -> Iterator[Value]:
        """The values of parameters that CloudFormation does not echo."""
        for name, parameter in self.template.parameters.items():
            if parameter.no_echo:
                yield self._parameter(name)

    def _given(self, name: str) -> Value:
        parameter = self.template.parameters[name]
        if self.arguments is None:
            given = self.deployment.parameters.get(name)
            if given == Known(""):
                return self.path_condition.input(Name(self.prefix + name), Known(""), ("",))
        else:
            if self._caller is not None:
                self._caller()  # the argument hangs on what it hangs on
            default = None if parameter.default is None else Known(parameter.default)
            given = self.arguments.get(name, default)
        return parameters.value(parameter, Name(self.prefix + name), given, self.path_condition)

    def _expanded(self, section: str, entries: tuple[Entry, ...]) -> dict[str, Entry]:
        if section not in self._sections:
            self._sections[section] = {}  # what a loop that asks for its own section finds
            made, gap = foreach.expanded_entries(entries, (section,), self)
            self._sections[section] = {entry.key: entry for entry in made}
            if gap is not None:
                self.gaps.append(gap)
            if "Fn::Transform" in self._sections[section]:
                self.gaps.append(Unknown(f"a macro may add to '{section}'", why=Why.OUTSIDE))
        return self._sections[section]

    def _of_resource(self, name: str, attribute: str, span: Span) -> Value:
        if name not in self.entries:
            symbol = Name(self.prefix + (name if attribute == "Ref" else f"{name}.{attribute}"))
            reason = f"the template declares no '{name}'"
            return Unknown(reason, symbol, self.template.why_undeclared, span=span)
        if self._exists(name) == Known(False):
            return Unknown(
                f"'{name}' is not created", Name(self.prefix + name), Why.CONDITION, span=span
            )
        if self.type_of(name) in NESTED_TYPES and attribute.startswith("Outputs."):
            return self._of_child(name, attribute.removeprefix("Outputs."), span)
        declared = self.resource(name)
        found: Value | None = None
        if declared is not None and attribute == "Ref":
            found = resources.ref(declared)
        elif declared is not None:
            found = resources.attribute(declared, attribute)
        if found is None:
            return Reference(self.prefix + name, attribute, span=span)
        return parameters.placed(texts.bounded(found), span)

    def _of_child(self, name: str, output: str, span: Span) -> Value:
        child = self.child(name)
        if isinstance(child, TemplateInstance):
            return parameters.placed(child.output(output), span)
        return replace(child, symbol=Name(f"{self.prefix}{name}.Outputs.{output}"), span=span)

    def type_of(self, name: str) -> str:
        """The resource's type; "" where none is written."""
        return plain(mapping(self.entries[name].value).get("Type")) or ""

    def _exists(self, name: str) -> Known | Unknown:
        condition = plain(mapping(self.entries[name].value).get("Condition"))
        return Known(True) if condition is None else self.condition(condition)

    def _declare(self, name: str, entry: Entry) -> Declared | None:
        self._where()
        exists, kind = self._exists(name), self.type_of(name)
        if exists == Known(False) or not kind:
            return None
        path: Path = ("Resources", name)
        conditional = None
        if isinstance(exists, Unknown):
            condition = plain(mapping(entry.value).get("Condition"))
            reason = f"condition '{condition}' is not known"
            conditional = Unknown(reason, exists.symbol, Why.CONDITION)
        span = self.span((*entry.extent[:2], *entry.value.extent[2:]), path)
        return Declared(
            self.prefix + name,
            kind,
            with_init(self._body(entry, path, span), entry, path, self),
            span,
            self.target,
            conditional=conditional,
            label=construct_of(entry),
            depends_on=self._depends_on(name) if kind in WAITING else (),
            stack=self._pseudo("AWS::StackName"),
        )

    def _body(self, entry: Entry, path: Path, span: Span) -> Entries:
        node = mapping(entry.value).get("Properties")
        if node is None:
            return Entries((), span=span)
        body = evaluate(node, (*path, "Properties"), self)
        if isinstance(body, Entries):
            return body
        why = body if isinstance(body, Unknown) else self._wrong("'Properties' is not a map")
        return Entries((), replace(why, symbol=None), self.span(node.extent, (*path, "Properties")))

    def _depends_on(self, name: str) -> tuple[str, ...]:
        awaited = Waiting(self.entries, self.once, self.evaluate).of(name)
        return tuple(self.prefix + other for other in sorted(awaited))

    def _wrong(self, reason: str, symbol: str = "") -> Unknown:
        return Unknown(reason, Name(self.prefix + symbol) if symbol else None, Why.FUNCTION)
