"""Faults of our own: contained where they happen, told, and never taken for health.

Scanned code must not be able to raise anything here; where it does all the same, what could not be
computed is Unknown, its neighbours are judged, and whoever collects the faults tells them. Where
nobody collects they are raised, so that tests see them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePath
from types import TracebackType
from typing import TypeVar

from .budget import Limit, OverBudget
from .records import dataclass, replace
from .source import Span, Unreadable, shown
from .values import Unknown, Why

Result = TypeVar("Result")
Other = TypeVar("Other")

_collected: ContextVar[list[Fault] | None] = ContextVar("faults", default=None)


@dataclass(frozen=True)
class Fault:
    """What was lost (``subject``: an address, a file, a unit's name), where that stands, and how.

    ``files`` are those of which not everything was judged, when the fault is a whole file's or
    unit's; ``rule`` is the one that failed, or "" where that was what reads the code.
    """

    subject: str
    message: str
    span: Span
    files: tuple[str, ...] = ()
    rule: str = ""

    def __str__(self) -> str:
        rule = f"{self.rule} failed: " if self.rule else ""
        return f"{self.subject}: {rule}{self.message}"


@contextmanager
def collected() -> Iterator[list[Fault]]:
    """Collects the faults that are contained inside, those of threads among them that run in a copy
    of the context."""
    faults: list[Fault] = []
    token = _collected.set(faults)
    try:
        yield faults
    finally:
        _collected.reset(token)


def contained(
    compute: Callable[[], Result],
    otherwise: Callable[[Unknown], Other],
    subject: str,
    span: Span,
    passing: tuple[type[BaseException], ...] = (RecursionError,),
    files: tuple[str, ...] = (),
) -> Result | Other:
    """``compute()``; where it raises, the fault is told and ``otherwise(why)`` stands in its place.
    What is ``passing`` is no fault: its catcher stands further out. ``files`` are those that are
    lost with it."""
    try:
        return compute()
    except passing:
        raise
    except OverBudget as over:  # no fault: as much as may be done is done
        return otherwise(replace(over.unknown, span=span))
    except Exception as error:  # one value's fault must not cost what is beside it
        fault = Fault(subject, describe(error), span, files)
        if not tell(fault):
            raise
        return otherwise(unread(fault))


def tell(fault: Fault) -> bool:
    """Hands the fault to whoever collects; false where nobody does."""
    faults = _collected.get()
    if faults is not None and fault not in faults:
        faults.append(fault)
    return faults is not None


def island(
    path: str | os.PathLike[str],
    read: Callable[[], Result],
    lost: Other,
    passing: tuple[type[BaseException], ...] = (),
) -> Result | Other:
    """What ``read()`` makes of one file; ``lost`` where it raises, be it for the file's sake or for
    that of what it is named. Raises Unreadable, and what is ``passing``."""
    file = shown(path)
    span = Span(file, 1, 1, 1, 1)
    return contained(read, lambda _: lost, file, span, (Unreadable, *passing), (file,))


def unread(fault: Fault) -> Unknown:
    """Why nothing is known of what the fault has cost."""
    return Unknown(f"ecs-preflight failed at '{fault.subject}'", why=Why.FAULT, span=fault.span)


def describe(error: BaseException) -> str:
    """An error of ours in one line, with the place in our code where it was raised; or the limit
    that was reached."""
    if isinstance(error, MemoryError):
        return Limit.MEMORY.exceeded
    place: TracebackType | None = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = (
        f" at {PurePath(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    )
    return " ".join(f"{type(error).__name__}{where}: {error}".split())
