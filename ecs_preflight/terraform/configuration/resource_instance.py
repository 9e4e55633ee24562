"""One instance of a resource or data source: its body, and what its attributes read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from ...adapters.reading import kind
from ...adapters.units import Declared
from ...model import Target
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    first,
    literal,
    why_not,
)
from .. import resources
from ..language.evaluate import evaluate
from ..syntax.nodes import Block, Tuple
from . import states, template_file
from .blocks import arguments
from .expand import Expansion, Repetition
from .names import BlockScope
from .providers import all_tags, in_region, traversal

Result = TypeVar("Result")


class Once(Protocol):
    """A module instance's memory (see ``Evaluation.once``)."""

    def __call__(
        self, name: str, compute: Callable[[], Result], otherwise: Callable[[Unknown], Result], /
    ) -> Result: ...


class OfProvider(NamedTuple):
    """What a resource has of its provider's configuration."""

    target: Callable[[], Target]
    default_tags: Callable[[], Value]


class ResourceInstance:
    """``address`` is absolute; ``name`` is ``aws_iam_role.exec`` or ``data.aws_region.current``."""

    def __init__(
        self,
        block: Block,
        prefix: str,
        name: str,
        expansion: Expansion,
        repetition: Repetition,
        scope: BlockScope,
        provider: OfProvider,
        conditional: Unknown | None,
        once: Once,
    ) -> None:
        self.block, self.prefix, self.name = block, prefix, name
        self.address = prefix + name + repetition.suffix
        self.type, self.is_data = block.labels[0], name.startswith("data.")
        self.conditional = first(repetition.conditional, conditional)
        self._expansion, self._provider, self._keep = expansion, provider, once
        self._computed: dict[str, tuple[Declared, Value | None]] = {}
        whole = Reference(self.address, "", span=block.header)
        self._scope = replace(
            scope,
            names={**repetition.names, "self": whole},
            is_possible=self.conditional is not None,
        )

    def declared(self) -> Declared:
        """The instance with its whole body evaluated."""
        return self._once("", self._declare, self._undeclared)

    def attribute(self, name: str, span: Span) -> Value:
        """An attribute: written, or what the provider will give it; Unknown where neither tells."""
        if self.type in resources.TYPES:
            declared = self.declared()
            value = _read(declared, name, self._compute(declared, name), span)
        elif self.type == template_file.TYPE and name == "rendered":
            value = self._once(
                ".rendered",
                lambda: template_file.rendered(self.block, self._scope),
                lambda why: why,
            )
        elif self.type == states.TYPE and name == "outputs" and self.is_data:
            value = self._once(".outputs", lambda: self._outputs(span), lambda why: why)
        else:
            value = _referred(self.address, name, self._argument(name), span)
        foreknown = self._scope.evaluation.foreknown
        known = foreknown.values.get(self.address) if foreknown else None
        return value if known is None else completed(value, known.get(name))

    def _compute(self, declared: Declared, name: str) -> Value | None:
        """The computed attribute, worked out once of a body: a policy document has many users."""
        known = self._computed.get(name)
        if known is None or known[0] is not declared:
            known = self._computed[name] = declared, resources.attribute(declared, name)
        return known[1]

    def element(self, key: Value, span: Span) -> Value:
        """One instance of a resource with ``count`` or ``for_each``."""
        return self._expansion.element(self.address, key, span)

    def whole(self, span: Span) -> Value:
        """All arguments and the computed attributes that are known of the type."""
        declared = self.declared()
        computed = resources.attributes.attributes_of(kind(declared))
        names = dict.fromkeys((*(name for name, _ in declared.body.entries), *computed))
        remainder = Unknown(
            f"'{self.address}' has more attributes after deployment", why=Why.APPLY, span=span
        )
        return Entries(
            tuple((name, self.attribute(name, span)) for name in names),
            first(declared.body.remainder, remainder),
            span,
        )

    def demands(self) -> Iterator[tuple[Span, Value]]:
        """Its preconditions, where it surely exists."""
        if self.conditional is not None:
            return
        for lifecycle in self.block.body.of("lifecycle"):
            for block in lifecycle.body.of("precondition"):
                condition = block.body.attribute("condition")
                if condition is not None:
                    where, written = condition.value.span, condition.value
                    find = partial(evaluate, written, self._scope)
                    yield where, self._once(f".demand {where}", find, lambda why: why)

    def state(self) -> states.State | None:
        """The state that a ``terraform_remote_state`` reads."""
        backend, config = literal(self._argument("backend")), self._argument("config")
        return states.state(backend or "", config, self._scope.root_folder)

    def _outputs(self, span: Span) -> Value:
        """The outputs of the root in the repository that keeps the state, the defaults where it has
        none of a name."""
        state = self.state()
        found = None if state is None else self._scope.evaluation.outputs_of(state)
        if not isinstance(found, Entries):
            return Reference(self.address, "outputs", span=span)
        defaults = self._argument("defaults")
        names = {name for name, _ in found.entries}
        more = defaults.entries if isinstance(defaults, Entries) else ()
        return replace(
            found, entries=(*found.entries, *(entry for entry in more if entry[0] not in names))
        )

    def _argument(self, name: str) -> Value:
        """One argument alone, of a resource that nothing else is asked about."""
        written = self.block.body.attribute(name)
        if written is None:
            return Known(None)
        return self._once(f".{name}", lambda: evaluate(written.value, self._scope), lambda why: why)

    def _once(
        self, what: str, compute: Callable[[], Result], otherwise: Callable[[Unknown], Result]
    ) -> Result:
        """What is kept of the instance hangs on how many instances there are."""

        def of_instance() -> Result:
            self._scope.path_condition.depends(f"{self.prefix}{self.name}[*]")
            return compute()

        return self._keep(self.address.removeprefix(self.prefix) + what, of_instance, otherwise)

    def _declare(self) -> Declared:
        body, target = arguments(self.block, self._scope), self._provider.target()
        if "region" in body and not self.is_data:
            target = in_region(target, body.get("region"))
        if self.type.startswith("aws_") and not self.is_data:
            body = self._with_all_tags(body)
        return self._made(body, target)

    def _with_all_tags(self, body: Entries) -> Entries:
        own = body.get("tags")
        elsewhere = _changed_elsewhere(self.block, {"tags", "tags_all"}, "others may tag it")
        tags = all_tags(self._provider.default_tags() if elsewhere is None else elsewhere, own)
        return body if tags is own else replace(body, entries=(*body.entries, ("tags_all", tags)))

    def _undeclared(self, why: Unknown) -> Declared:
        return self._made(Entries((), why, self.block.span), self._provider.target())

    def _made(self, body: Entries, target: Target) -> Declared:
        return Declared(
            self.address,
            self.type,
            body,
            self.block.span,
            target,
            self.is_data,
            self.conditional,
            depends_on=self._depends_on(),
            revised_elsewhere=_changed_elsewhere(
                self.block, {"task_definition"}, "others may deploy other revisions"
            ),
        )

    def _depends_on(self) -> tuple[str, ...]:
        written = self.block.body.attribute("depends_on")
        items = written.value.items if written and isinstance(written.value, Tuple) else ()
        return tuple(self.prefix + name for item in items if (name := traversal(item)))


def _changed_elsewhere(block: Block, arguments: set[str], reason: str) -> Unknown | None:
    """Why others may change one of the arguments, which Terraform then leaves as they are."""
    for lifecycle in block.body.of("lifecycle"):
        ignored = lifecycle.body.attribute("ignore_changes")
        items = ignored.value.items if ignored and isinstance(ignored.value, Tuple) else ()
        names = {(traversal(item) or "").partition(".")[0] for item in items}
        if ignored and (names & arguments or traversal(ignored.value) == "all"):
            return Unknown(reason, why=Why.OUTSIDE, span=ignored.span)
    return None


def attribute_of(declared: Declared, name: str, span: Span) -> Value:
    """What ``address.name``, written at ``span``, reads: a computed attribute as the readers know
    it, else the argument."""
    return _read(declared, name, resources.attribute(declared, name), span)


def _read(declared: Declared, name: str, value: Value | None, span: Span) -> Value:
    if value is None:
        return _referred(declared.address, name, declared.body.get(name), span)
    return replace(value, span=span) if isinstance(value, Reference) else value


def _referred(address: str, name: str, argument: Value, span: Span) -> Value:
    """An argument as others see it: a string as a reference with that text, so that who names it is
    seen to name this resource; what is not written is computed at deployment."""
    if isinstance(argument, Text) or (
        isinstance(argument, Known) and isinstance(argument.value, str)
    ):
        return Reference(address, name, argument, span)
    return Reference(address, name, span=span) if argument == Known(None) else argument


def completed(value: Value, known: Value) -> Value:
    """``value`` with what is not known of it filled in by what a plan knows."""
    if known == Known(None):
        return value
    if isinstance(value, Unknown):
        return replace(known, span=value.span)
    if isinstance(value, Reference):
        if isinstance(known, Known) and isinstance(known.value, str) and literal(value) is None:
            return replace(value, text=known)
        return value
    is_open = (isinstance(value, Text) and value.encodes is None) or (
        isinstance(value, (Items, Entries)) and value.remainder is not None
    )
    return replace(known, span=value.span) if is_open and why_not(known) is None else value
