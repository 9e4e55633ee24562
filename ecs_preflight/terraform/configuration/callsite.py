"""One instance of a ``module`` block, and what it means where the module is not at hand."""

from __future__ import annotations

from typing import Protocol

from ...model import ModuleCall, Target
from ...symbolic.records import dataclass, replace
from ...symbolic.source import Span
from ...symbolic.terms import Name
from ...symbolic.values import Unknown, Value
from ..syntax.nodes import Block, Body
from .blocks import content
from .module import Module
from .names import BlockScope

#: What Terraform itself reads of a module call.
_META = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})


class CallingModule(Protocol):
    """The module instance that holds a call, as far as what is called needs it."""

    prefix: str
    path: tuple[str, ...]
    module: Module
    call: ModuleInstanceCall | None

    def target(self, key: str) -> Target:
        """Where the provider configuration ``key`` (``aws``, ``aws.other``) deploys."""

    def default_tags(self, key: str) -> Value:
        """The tags that it gives to all that it makes."""


@dataclass(frozen=True)
class ModuleInstanceCall:
    """One instance of a ``module`` block: ``parent`` holds the block, ``scope`` is what it sees."""

    name: str
    address: str
    block: Block
    parent: CallingModule
    scope: BlockScope
    conditional: Unknown | None

    @property
    def expanded(self) -> str:
        """The key under which its parent keeps the block's instances."""
        return f"{self.parent.prefix}module.{self.name}[*]"

    @property
    def module_call(self) -> ModuleCall:
        """The call as findings show it."""
        return ModuleCall(self.address, self.block.span)


@dataclass(frozen=True)
class AbsentModule:
    """An instance of a module that is not at hand, and why."""

    call: ModuleInstanceCall
    reason: Unknown

    def output(self, name: str, span: Span) -> Value:
        """An output of a module that is not there: Unknown, and the same wherever it is used."""
        return replace(self.reason, symbol=Name(f"{self.call.address}.{name}"), span=span)

    def arguments(self) -> tuple[Value, ...]:
        """What the call hands to the module."""
        body = self.call.block.body
        passed = Body(tuple(a for a in body.attributes if a.name not in _META), (), body.span)
        return tuple(value for _, value in content(passed, self.call.scope, {}, body.span).entries)
