"""One root module in one world: every value is computed when first asked for, and once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

from ...model import Target
from ...symbolic.budget import OverBudget, charge, current
from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, field
from ...symbolic.source import NOWHERE, Span
from ...symbolic.terms import Name
from ...symbolic.values import Entries, Known, Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from .calls import Downloads
from .module import Library
from .states import State

#: The longest chain of values that refer to each other which is followed.
MAX_CHAIN = 400
#: The most instances that one block, and that one stack as a whole is expanded to.
MAX_INSTANCES, MAX_TOTAL = 1_000, 10_000

Result = TypeVar("Result")
#: One step of an address: ``module.api["a"]``, ``data.aws_region.here``; the block, then its index.
_STEP = regex(r'((?:data\.)?[\w-]+\.[\w-]+)(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?')


class Referent(Protocol):
    """What an address means: a namespace (``var``, ``module``), a resource or a module instance."""

    def attribute(self, name: str, span: Span) -> Value:
        """``referent.name``."""

    def element(self, key: Value, span: Span) -> Value:
        """``referent[key]``."""

    def whole(self, span: Span) -> Value:
        """The referent as a value of its own."""


@dataclass(frozen=True)
class Foreknown:
    """What a plan knows of the instances beforehand: their ``keys`` by the block's address, and the
    ``values`` of their attributes by their own. ``place`` is where the default provider deploys
    to."""

    keys: Mapping[str, tuple[int | str | None, ...]]
    values: Mapping[str, Entries]
    target: Target


@dataclass
class Evaluation:
    """``nodes`` gives addresses their meaning. ``workspace`` and ``account`` are None when the user
    names none; ``outputs_of`` has the outputs of another root by its state."""

    library: Library
    path_condition: PathCondition
    root_folder: Path
    downloads: Downloads
    workspace: str | None = None
    foreknown: Foreknown | None = None
    account: str | None = None
    outputs_of: Callable[[State], Value | None] = lambda state: None
    nodes: dict[str, Referent] = field(default_factory=dict)
    instances: int = 0
    _running: dict[str, None] = field(default_factory=dict)

    def once(
        self,
        key: str,
        compute: Callable[[], Result],
        otherwise: Callable[[Unknown], Result],
        shared: bool = True,
    ) -> Result:
        """``compute()``, remembered under ``key``; ``otherwise(why)`` while it is being computed (a
        cycle), and beyond the depth that is followed. What is not ``shared`` belongs to this
        world."""
        if key in self._running:
            running = list(self._running)
            cycle = " → ".join([*running[running.index(key) :], key])
            return otherwise(Unknown(f"'{key}' refers to itself ({cycle})", why=Why.FUNCTION))

        def guarded() -> Result:
            if len(self._running) >= MAX_CHAIN:
                raise _TooLong
            self._running[key] = None
            try:
                return compute()
            except RecursionError:
                return otherwise(_too_deep(key))
            finally:
                del self._running[key]

        try:
            return self.path_condition.once(key, guarded, shared)
        except _TooLong:
            return otherwise(_too_deep(key))

    def node(self, address: str) -> Referent | None:
        """What an address means. A value that the default world has computed may name a block which
        nobody has asked for in this one."""
        if address not in self.nodes:
            prefix, step = "", _STEP.match(address)
            while step is not None:
                kind, _, name = step[1].rpartition(".")
                if prefix + kind in self.nodes:
                    self.nodes[prefix + kind].attribute(name, NOWHERE)
                prefix += step[0] + "."
                step = _STEP.match(address, len(prefix))
        return self.nodes.get(address)

    @property
    def room(self) -> int:
        """How many instances the next block may have."""
        return max(1, min(MAX_INSTANCES, MAX_TOTAL - self.instances))

    def add_instances(self, count: int) -> None:
        """Counts instances of blocks, and what each of them costs before it is evaluated."""
        self.instances += count
        with suppress(OverBudget):
            charge(100 * count)

    def add_module(self) -> None:
        """Counts what one instance of a module costs, besides."""
        with suppress(OverBudget):
            charge(400)

    @property
    def is_full(self) -> bool:
        """Is there no room for another module?"""
        return self.instances >= MAX_TOTAL or current().is_spent

    def terraform(self, span: Span) -> Entries:
        """The names below ``terraform.``: a workspace that nobody names is an input."""
        if self.workspace is not None:
            workspace: Value = Known(self.workspace, span)
        else:
            name = Name("terraform.workspace")
            self.path_condition.given.add(name)
            workspace = self.path_condition.value(
                Unknown("the workspace is not given", name, Why.INPUT, span=span)
            )
        applying = Unknown("it depends on the command", Name("terraform.applying"), span=span)
        return Entries((("workspace", workspace), ("applying", applying)), span=span)


class _TooLong(Exception):
    """The chain of values that refer to each other is longer than is followed."""


def _too_deep(key: str) -> Unknown:
    return Unknown(f"'{key}' stands at the end of too long a chain", why=Why.LIMIT)
