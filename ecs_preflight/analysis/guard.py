"""What is scanned is found and read in a child process, under the eyes of its parent; and judged
there, where it is a single unit.

What counts the work of a reader may have a gap, and a reader may run out of memory. A child that is
overdue is ended, and one that is killed is missed: it costs the file that it had read last, which
is told, and all is done again without it. Where that does not help it costs the reader, and no
other.
"""

from __future__ import annotations

import math
import mmap
import os
import struct
import time
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

from ..symbolic.faults import Fault
from ..symbolic.records import dataclass, field
from ..symbolic.source import Span, asking, shown
from . import workers

Result = TypeVar("Result")

#: How many files one reader may cost before it is left out itself.
MAX_REFUSED = 3
#: Until when, and the lengths of the two names that follow: of the reader and of its file.
_HEAD, _NAME_BYTES = struct.Struct("dHH"), 8192


class Refused(Exception):
    """A reader, or a unit, is left out: ``why``."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}; nothing was read for it")
        self.why = why


@dataclass
class Casualties:
    """What it has cost so far: why, by the file's path, and by the reader's name."""

    files: dict[str, str] = field(default_factory=dict)
    readers: dict[str, str] = field(default_factory=dict)
    #: How many files each reader has cost.
    cost: dict[str, int] = field(default_factory=dict)

    def add(self, reader: str, file: str, why: str) -> bool:
        """Counts what a child was at when it was lost; false where that cannot be left out."""
        if file and file not in self.files and self.cost.get(reader, 0) < MAX_REFUSED:
            self.files[file] = why
            self.cost[reader] = self.cost.get(reader, 0) + 1
            return True
        return bool(reader) and self.readers.setdefault(reader, why) is why

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The lost files, as they are told; a reader that is left out tells of itself."""
        return tuple(_fault(shown(path), why) for path, why in self.files.items())


def _fault(file: str, why: str) -> Fault:
    return Fault(file, f"{why}; it was not read", Span(file, 1, 1, 1, 1), (file,))


class Whereabouts:
    """What the child is at and until when, in memory that its parent sees."""

    def __init__(self, lost: Casualties) -> None:
        self._lost, self._shared = lost, mmap.mmap(-1, _HEAD.size + 2 * _NAME_BYTES)
        self._reader, self._process, self._is_unit = "", 0, False
        self._known: set[Path] = set()
        self._began, self._patience = (0.0, 0.0), 1.0
        self._seconds = self._until = math.inf

    def enter(self, reader: str, unit_seconds: float | None = None) -> None:
        """From now on that reader is at work, or none that has no children watched for itself; or
        a unit is judged, which may take so long, and is lost itself, not a file that it reads.
        Raises Refused for one that was lost."""
        self._process = os.getpid()
        if reader in self._lost.readers:
            raise Refused(self._lost.readers[reader])
        self._reader, self._known, self._is_unit = reader, set(), unit_seconds is not None
        self._began = time.process_time(), time.monotonic()
        self._patience = workers.patience(1.0)
        self._give(unit_seconds or (workers.SECONDS if reader else math.inf))
        self._note("")

    def reads(self, path: Path, size: int) -> str:
        """Notes a file, by its path without links, whose size adds to the time there is; gives why
        it is refused, or ""."""
        why = self._lost.files.get(str(path), "")
        if not why and self._process == os.getpid() and not self._is_unit:
            if path not in self._known:
                self._known.add(path)
                self._give(self._seconds + size / workers.CHARACTERS_PER_SECOND)
            self._note(str(path))
        return why

    def _give(self, seconds: float) -> None:
        """The reader has that much time, from when it began."""
        self._seconds = seconds
        self._until = self._began[1] + self._patience * seconds
        workers.limit_time(seconds - (time.process_time() - self._began[0]))

    def _note(self, file: str) -> None:
        reader, name = os.fsencode(self._reader), os.fsencode(file)[:_NAME_BYTES]
        head = _HEAD.pack(self._until, len(reader), len(name))
        self._shared[: len(head) + len(reader) + len(name)] = head + reader + name

    def until(self) -> float:
        """When the child is overdue, as ``time.monotonic()`` has it."""
        until: float = _HEAD.unpack_from(self._shared)[0]
        return until or math.inf

    def last(self) -> tuple[str, str]:
        """The names of the reader that was at work and of the file it had read last, or ""."""
        _, reader, file = _HEAD.unpack_from(self._shared)
        middle = _HEAD.size + reader
        names = self._shared[_HEAD.size : middle], self._shared[middle : middle + file]
        return os.fsdecode(names[0]), os.fsdecode(names[1])


_place: ContextVar[Whereabouts | None] = ContextVar("place", default=None)


def enter(reader: str, unit_seconds: float | None = None) -> None:
    """As ``Whereabouts.enter``, where anybody watches. Raises Refused."""
    place = _place.get()
    if place is not None:
        place.enter(reader, unit_seconds)


def is_watched() -> bool:
    """Does anybody watch?"""
    return _place.get() is not None


def guarded(work: Callable[[], Result]) -> tuple[Result | None, tuple[Fault, ...]]:
    """``work()`` by a child, as often as it takes, and the faults that it has cost; None where it
    does not come back whatever is left out."""
    lost = Casualties()
    while True:
        place = Whereabouts(lost)
        why: list[str] = []
        token = _place.set(place)
        try:
            with asking(place.reads):
                result: Result | None = workers.watched(work, why.append, place.until)
        finally:
            _place.reset(token)
        if not why:
            return result, lost.faults
        reader, file = place.last()
        if not lost.add(reader, file, why[0]):
            return None, (*lost.faults, _fault(".", why[0]))
