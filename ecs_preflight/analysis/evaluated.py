"""What became of the units at some paths, and who may find units."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..adapters.units import Found, Inputs, Tree
from ..symbolic.faults import Fault
from ..symbolic.records import dataclass
from ..symbolic.source import Boundary, Unreadable
from ..symbolic.values import Unknown
from .left_out import LeftOut

if TYPE_CHECKING:
    from .judge import Judged

FrontEnd = Callable[[Tree, Inputs], Found]


@dataclass(frozen=True)
class Evaluated:
    """What stands at the paths: stacks and what the rules say of them, in no particular order.

    ``missing`` are given paths that could not be read, ``unreadable`` files and folders below them,
    ``lost`` the faults of our own that cost whole files or units, ``comments`` (file, line, text)
    those that speak to us; ``remarks`` name what only other tools can read, ``given`` are the files
    and folders that the user named, by path or by option; ``left_out`` is what was not looked at.
    """

    judged: tuple[Judged, ...]
    files: frozenset[str]
    comments: tuple[tuple[str, int, str], ...]
    boundaries: tuple[Boundary, ...]
    missing: tuple[Unreadable, ...]
    unreadable: tuple[Unreadable, ...]
    lost: tuple[Fault, ...]
    remarks: tuple[Unknown, ...] = ()
    given: frozenset[str] = frozenset()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults of our own."""
        return (*self.lost, *(fault for result in self.judged for fault in result.faults))

    @property
    def named(self) -> frozenset[str]:
        """The files that may be named in what is said of the stacks."""
        return self.files | {error.path for error in self.unreadable}
