"""Module instances: the variables, locals, resources, calls and outputs of one module."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from ...model import Target
from ...symbolic.arns import ANY_TARGET
from ...symbolic.budget import Limit, current
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.terms import Name, Operation
from ...symbolic.values import Entries, Known, Reference, Unknown, Value, Why, first
from ..language.evaluate import evaluate
from ..syntax.nodes import Block, Expression
from . import providers
from .calls import resolve
from .callsite import AbsentModule, CallingModule, ModuleInstanceCall
from .evaluation import Evaluation
from .expand import Expansion, Repetition, expand
from .inputs import Arguments, CallArguments
from .module import Module
from .names import BlockScope, Namespace
from .resource_instance import OfProvider, ResourceInstance

Result = TypeVar("Result")

#: Module calls nested deeper than this are not followed.
MAX_DEPTH = 32


class ModuleInstance:
    """One instance of a module; ``address`` is "" for the root, or ``module.api["a"].module.b``."""

    def __init__(
        self,
        evaluation: Evaluation,
        module: Module,
        arguments: Arguments,
        call: ModuleInstanceCall | None = None,
        expansion: Expansion | None = None,
    ) -> None:
        self.evaluation, self.module, self.call = evaluation, module, call
        self.address = call.address if call else ""
        self.prefix = f"{self.address}." if call else ""
        self.path: tuple[str, ...] = (*call.parent.path, call.name) if call else ()
        self.scope = BlockScope(
            evaluation,
            module.folder,
            self._name,
            {},
            is_possible=call is not None and call.conditional is not None,
        )
        self._arguments = arguments
        self._register("var", self._variable, module.variables)
        self._register("local", self._local, module.locals)
        self._register("module", self._called, module.calls)
        self._register("data", lambda type_, span: self._name(f"data.{type_}", span))
        for type_ in module.types():
            self._register(type_, partial(self._resource, type_))
        if call:
            evaluation.nodes[call.address] = Namespace(
                self.output, module.outputs, call.address, expansion
            )

    def resources(self, name: str) -> tuple[ResourceInstance, ...]:
        """The instances of ``aws_iam_role.exec`` or ``data.aws_region.current``."""
        return self._expanded(name)[1]

    def children(self, name: str) -> tuple[ModuleInstance | AbsentModule, ...]:
        """The instances of the module that ``module "name"`` calls."""
        return self._expanded_call(name)[1]

    def walk(self) -> Iterator[ModuleInstance | AbsentModule]:
        """This module instance and all below it, in the order of the code."""
        yield self
        for name in self.module.calls:
            for child in self.children(name):
                if isinstance(child, AbsentModule):
                    yield child
                else:
                    yield from child.walk()

    def output(self, name: str, span: Span) -> Value:
        """The value of an output, as the caller reads it."""
        block = self.module.outputs.get(name)
        value = block.body.attribute("value") if block else None
        if value is None:
            return self._undeclared(f"output.{name}", span)
        return self._value(f"output.{name}", lambda: self._evaluate(value.value))

    def secrets(self) -> Iterator[Value]:
        """What the module declares to be sensitive or ephemeral."""
        for name, block in self.module.variables.items():
            if _is_secret(block):
                yield self._variable(name, block.header)
        for name, block in self.module.outputs.items():
            if _is_secret(block):
                yield self.output(name, block.header)

    def demands(self) -> Iterator[tuple[Span, Value]]:
        """What must hold for the module to be deployed, with where it is written."""
        for name, block in self.module.variables.items():
            nullable = block.body.attribute("nullable")
            if nullable and getattr(nullable.value, "value", True) is False:
                is_null = self._variable(name, block.header) == Known(None)
                yield nullable.span, Known(not is_null)
            for validation in block.body.of("validation"):
                yield from self._demanded(validation)
        for block in self.module.outputs.values():
            for precondition in block.body.of("precondition"):
                yield from self._demanded(precondition)
        for key, block in self.module.providers.items():
            yield block.span, Known(self.target(key).region != Known(""))
        for name, block in self.module.resources.items():
            if any(lifecycle.body.of("precondition") for lifecycle in block.body.of("lifecycle")):
                for resource in self.resources(name):
                    yield from resource.demands()

    def _demanded(self, block: Block) -> Iterator[tuple[Span, Value]]:
        condition = block.body.attribute("condition")
        if condition is not None:
            where = condition.value.span
            yield where, self._value(f"demand {where}", lambda: self._evaluate(condition.value))

    def target(self, key: str) -> Target:
        """Where the provider configuration ``aws`` or ``aws.alias`` of this module deploys to."""
        return self._once(f"provider.{key}", lambda: self._find_place(key), lambda why: ANY_TARGET)

    def default_tags(self, key: str) -> Value:
        """The tags that the provider configuration gives to all that it makes; null where none."""
        return self._value(f"provider.{key}.default_tags", lambda: self._find_default_tags(key))

    # -- what the names mean -------------------------------------------------------------------

    def _register(
        self, name: str, get: Callable[[str, Span], Value], names: Iterable[str] = ()
    ) -> None:
        address = self.prefix + name
        self.evaluation.nodes[address] = Namespace(get, tuple(names), address)

    def _name(self, name: str, span: Span) -> Value:
        """The first name of a traversal."""
        if name == "path":
            return self._paths(span)
        if name == "terraform":
            return self.evaluation.terraform(span)
        if self.prefix + name in self.evaluation.nodes:
            return Reference(self.prefix + name, "", span=span)
        return self._undeclared(name, span)

    def _paths(self, span: Span) -> Entries:
        """``path.module`` is relative to the root, as Terraform has it."""
        root = self.evaluation.root_folder
        relative = os.path.relpath(self.module.folder, root).replace(os.sep, "/")
        return Entries(
            (
                ("module", Known(relative, span)),
                ("root", Known(".", span)),
                ("cwd", Known(root.as_posix(), span)),
            ),
            span=span,
        )

    def _variable(self, name: str, span: Span) -> Value:
        block = self.module.variables.get(name)
        if block is None:
            return self._undeclared(f"var.{name}", span, Why.INPUT)
        return self._value(f"var.{name}", lambda: self._arguments.value(block, self.scope))

    def _local(self, name: str, span: Span) -> Value:
        written = self.module.locals.get(name)
        if written is None:
            return self._undeclared(f"local.{name}", span)
        return self._value(f"local.{name}", lambda: self._evaluate(written.value))

    def _resource(self, type_: str, name: str, span: Span) -> Value:
        address = f"{type_}.{name}"
        if address not in self.module.resources:
            return self._undeclared(address, span)
        return self._expanded(address)[0].collection(self.prefix + address, span)

    def _called(self, name: str, span: Span) -> Value:
        address = f"module.{name}"
        if name not in self.module.calls:
            return self._undeclared(address, span)
        return self._expanded_call(name)[0].collection(self.prefix + address, span)

    def _undeclared(self, name: str, span: Span, why: Why = Why.FUNCTION) -> Unknown:
        """What is not declared, or only in a file that cannot be read."""
        symbol = self.prefix + name
        if self.module.broken:
            reason, why = f"'{self.module.broken[0].path}' cannot be read", Why.UNREADABLE
        else:
            reason = f"'{symbol}' is not declared"
        return Unknown(reason, Name(symbol), why, span=span)

    def _value(self, name: str, compute: Callable[[], Value]) -> Value:
        return self._once(name, compute, lambda why: why)

    def _once(
        self,
        name: str,
        compute: Callable[[], Result],
        otherwise: Callable[[Unknown], Result],
        shared: bool = True,
    ) -> Result:
        """As the evaluation's; whatever stands in a module hangs on the module's own instances."""

        def inside() -> Result:
            if self.call:
                self.evaluation.path_condition.depends(self.call.expanded)
            return compute()

        return self.evaluation.once(self.prefix + name, inside, otherwise, shared)

    def _evaluate(self, expression: Expression) -> Value:
        return evaluate(expression, self.scope)

    # -- expansion -----------------------------------------------------------------------------

    def _expanded(self, name: str) -> tuple[Expansion, tuple[ResourceInstance, ...]]:
        """A resource's or data source's instances, each made known by its address."""
        return self._once(
            f"{name}[*]",
            lambda: self._expand_resource(name),
            lambda why: (Expansion.symbolic(self.prefix + name, why), ()),
            shared=False,
        )

    def _expand_resource(self, name: str) -> tuple[Expansion, tuple[ResourceInstance, ...]]:
        block = self.module.resources[name]
        expansion = self._expansion(block, self.prefix + name)
        provider = self._provider_of(block)
        of_provider = OfProvider(
            partial(self.target, provider), partial(self.default_tags, provider)
        )
        conditional = self.call.conditional if self.call else None
        instances = tuple(
            ResourceInstance(
                block,
                self.prefix,
                name,
                expansion,
                repetition,
                self.scope,
                of_provider,
                conditional,
                self._once,
            )
            for repetition in expansion.repetitions
        )
        self.evaluation.nodes.update({instance.address: instance for instance in instances})
        return expansion, instances

    def _expanded_call(
        self, name: str
    ) -> tuple[Expansion, tuple[ModuleInstance | AbsentModule, ...]]:
        return self._once(
            f"module.{name}[*]",
            lambda: self._expand_call(name),
            lambda why: (Expansion.symbolic(f"{self.prefix}module.{name}", why), ()),
            shared=False,
        )

    def _expand_call(
        self, name: str
    ) -> tuple[Expansion, tuple[ModuleInstance | AbsentModule, ...]]:
        block, address = self.module.calls[name], f"{self.prefix}module.{name}"
        expansion = self._expansion(block, address)
        module = self._module_of(name, block)
        return expansion, tuple(
            self._child(name, address, block, module, expansion, repetition)
            for repetition in expansion.repetitions
        )

    def _child(
        self,
        name: str,
        address: str,
        block: Block,
        module: Module | Unknown,
        expansion: Expansion,
        repetition: Repetition,
    ) -> ModuleInstance | AbsentModule:
        conditional = first(repetition.conditional, self.call.conditional if self.call else None)
        scope = replace(self.scope, names=repetition.names)
        call = ModuleInstanceCall(
            name, address + repetition.suffix, block, self, scope, conditional
        )
        if isinstance(module, Module):
            self.evaluation.add_module()
            return ModuleInstance(
                self.evaluation, module, CallArguments(block, scope, call.address), call, expansion
            )
        absent = AbsentModule(call, module)
        self.evaluation.nodes[call.address] = Namespace(absent.output, (), call.address, expansion)
        return absent

    def _expansion(self, block: Block, address: str) -> Expansion:
        expansion = self.evaluation.once(
            f"{address}[]",
            lambda: expand(block, address, self._evaluate, self.evaluation.room),
            lambda why: Expansion.symbolic(address, why),
        )
        foreknown = self.evaluation.foreknown
        if foreknown is not None:
            expansion = expansion.decided(address, foreknown.keys.get(address, ()))
        elif expansion.remainder is not None and self._has_none(address):
            expansion = expansion.decided(address, ())
        self.evaluation.add_instances(len(expansion.repetitions))
        return expansion

    def _has_none(self, address: str) -> bool:
        """Does the world say so, of whom code asks whether there are any?"""
        length = Unknown("", Operation("length", (Name(address),)))
        return self.evaluation.path_condition.value(length) == Known(0)

    def _module_of(self, name: str, block: Block) -> Module | Unknown:
        path = (*self.path, name)
        search = partial(
            resolve,
            self.evaluation.library,
            self.evaluation.downloads,
            self.module.folder,
            name,
            ".".join(path),
            block,
        )
        found = self.evaluation.once(f"{self.prefix}module.{name}!", search, lambda why: why)
        if isinstance(found, Unknown):
            return found
        if self.evaluation.is_full:
            return current().cut_off(Limit.INSTANCES, "of one stack", block.header)
        if len(path) > MAX_DEPTH:
            return Unknown(
                f"module '{name}' is nested too deeply", why=Why.LIMIT, span=block.header
            )
        if found.real_folder in self._folders():
            return Unknown(f"module '{name}' calls itself", why=Why.LIMIT, span=block.header)
        return found

    def _folders(self) -> Iterator[Path]:
        instance: CallingModule | None = self
        while instance is not None:
            yield instance.module.real_folder
            instance = instance.call.parent if instance.call else None

    # -- providers -----------------------------------------------------------------------------

    def _provider_of(self, block: Block) -> str:
        named = block.body.attribute("provider")
        key = providers.configuration_key(named.value) if named else None
        return key or block.labels[0].split("_", 1)[0]

    def _find_place(self, key: str) -> Target:
        foreknown, where = self.evaluation.foreknown, self._configured_place(key)
        if foreknown is not None:
            where = providers.settled(where, foreknown.target)
        return providers.in_account(where, self.evaluation.account)

    def _configured_place(self, key: str) -> Target:
        handed = self._handed(key)
        if handed is not None:
            outer, name = handed
            return outer.target(name) if name else ANY_TARGET
        block = self.module.providers.get(key)
        return ANY_TARGET if block is None else providers.target(block, key, self._evaluate)

    def _find_default_tags(self, key: str) -> Value:
        handed, block = self._handed(key), self.module.providers.get(key)
        if handed is not None and handed[1] is not None:
            return handed[0].default_tags(handed[1])
        if handed is not None or block is None:
            return Unknown("the provider is not configured in the scanned code", why=Why.OUTSIDE)
        return providers.default_tags(block, self._evaluate)

    def _handed(self, key: str) -> tuple[CallingModule, str | None] | None:
        """The module that the configuration comes from, and its name there, None where that is
        computed; None where it does not come from the call."""
        handed = self.call.block.body.attribute("providers") if self.call else None
        expression = providers.passed(handed.value, key) if handed else None
        if self.call and expression is not None:
            return self.call.parent, providers.configuration_key(expression)
        inherited = self.call and key not in self.module.providers and "." not in key
        return (self.call.parent, key) if self.call and inherited else None


def _is_secret(block: Block) -> bool:
    marks = map(block.body.attribute, ("sensitive", "ephemeral"))
    return any(mark is not None and getattr(mark.value, "value", False) is True for mark in marks)
