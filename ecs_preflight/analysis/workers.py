"""Work in child processes, each under the eyes of its parent.

What counts the work of a unit may have a gap. So a worker that is overdue is ended, and one that is
out of memory, or killed, is missed: it costs its unit, which is told, and no other.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import TypeVar

from ..symbolic.budget import Limit
from ..symbolic.depth import deeply
from ..symbolic.faults import describe
from ..symbolic.records import dataclass

Result = TypeVar("Result")

#: How much processor time one unit may take (seconds), how many times as long that may last on a
#: machine that is not crowded, and how much memory a worker may have (bytes).
SECONDS, PATIENCE, MEMORY = 60.0, 2, 6 << 30
#: How much source is worth a second more (some twenty services, which take less).
CHARACTERS_PER_SECOND = 50_000
#: How long a child with children of its own has to end them, and how often it is asked when it is
#: overdue (seconds).
_GRACE, _GLANCE = 1.0, 10.0


def available() -> bool:
    """Can work be handed to child processes here?"""
    return "fork" in multiprocessing.get_all_start_methods()


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def crowding() -> float:
    """How many times as long as alone work takes, where more wants to run than there are
    processors for."""
    return max(os.getloadavg()[0] / cores(), 1.0)


def patience(seconds: float) -> float:
    """How long that much processor time may last."""
    return PATIENCE * seconds * crowding()


def alone() -> bool:
    """May a host's process be forked? Not where another thread may hold a lock, nor in a child of
    a kind that may have none of its own."""
    return threading.active_count() == 1 and not multiprocessing.current_process().daemon


@dataclass(frozen=True)
class _Lost:
    """What comes instead of a result."""

    why: str


@dataclass
class _Worker:
    process: BaseProcess
    channel: Connection
    index: int = -1
    seconds: float = 0.0
    since: float = 0.0

    def give(self, index: int, seconds: Callable[[int], float]) -> None:
        self.index, self.seconds, self.since = index, seconds(index), time.monotonic()
        self.channel.send((index, self.seconds))

    @property
    def left(self) -> float:
        """How many seconds more it may take, as crowded as it is now."""
        return self.since + patience(self.seconds) - time.monotonic()

    def end(self) -> None:
        if not self.process.daemon:
            self.process.terminate()
            self.process.join(_GRACE)
        self.process.kill()
        self.process.join()
        self.channel.close()


def supervised(
    count: int,
    work: Callable[[int], Result],
    lost: Callable[[int, str], Result],
    jobs: int,
    seconds: Callable[[int], float] = lambda index: SECONDS,
) -> Iterator[Result]:
    """``work(index)`` for each index, in order, by ``jobs`` child processes; ``lost(index, why)``
    where one did not come back within as many ``seconds`` of its own as the index has. Whatever
    ends the iteration ends the children."""
    workers: dict[Connection, _Worker] = {}
    waiting = list(range(count))[::-1]
    results: dict[int, Result] = {}
    try:
        for wanted in range(count):
            while wanted not in results:
                while waiting and len(workers) < min(jobs, count):
                    worker = _started(work)
                    workers[worker.channel] = worker
                    worker.give(waiting.pop(), seconds)
                left = min(worker.left for worker in workers.values())
                ready = wait(list(workers), max(left, 0.0))
                for channel, worker in list(workers.items()):
                    if channel in ready:
                        why = _take(worker, results)
                    elif worker.left <= 0:
                        why = _overdue(worker.seconds)
                    else:
                        continue
                    if why:
                        results[worker.index] = lost(worker.index, why)
                    if why or not waiting:
                        del workers[channel]
                        worker.end()
                    else:
                        worker.give(waiting.pop(), seconds)
            yield results.pop(wanted)
    finally:
        for worker in workers.values():
            worker.end()


def watched(
    work: Callable[[], Result], lost: Callable[[str], None], until: Callable[[], float]
) -> Result | None:
    """``work()`` by a child process that may have children of its own; None where it did not come
    back ``until`` then, which may move (in ``time.monotonic()``), and ``lost`` is told why.
    Whatever ends the wait ends the child."""
    worker, results = _started(lambda index: work(), daemon=False), dict[int, Result]()
    try:
        worker.channel.send((worker.index, math.inf))
        while True:
            left = until() - time.monotonic()
            if worker.channel.poll(min(max(left, 0.0), _GLANCE)):
                why = _take(worker, results)
                break
            if until() <= time.monotonic():
                why = _overdue(SECONDS)
                break
        if why:
            lost(why)
        return results.get(worker.index)
    finally:
        worker.end()


def _take(worker: _Worker, results: dict[int, Result]) -> str:
    """Takes the worker's result; or says why there is none."""
    try:
        result = worker.channel.recv()
    except (EOFError, OSError):
        worker.process.join()
        code = worker.process.exitcode or 0
        if code == -signal.SIGXCPU:
            return _overdue(worker.seconds or SECONDS)
        if code == -signal.SIGKILL:
            return "its process was ended by signal 9, as the system does where memory is short"
        return f"its process was ended by signal {-code}" if code < 0 else "its process ended"
    except Exception as error:  # noqa: BLE001 -- what came cannot be read
        return f"its result cannot be read: {type(error).__name__}"
    if isinstance(result, _Lost):
        return result.why
    results[worker.index] = result
    return ""


def _started(work: Callable[[int], Result], daemon: bool = True) -> _Worker:
    """A child has the work by being forked; only indices and results travel. One that is no daemon
    may have children."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(work, theirs, ours), daemon=daemon)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(work: Callable[[int], Result], channel: Connection, parents: Connection) -> None:
    parents.close()
    alone = multiprocessing.current_process().daemon
    signal.signal(signal.SIGTERM, signal.SIG_DFL if alone else _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent has it too, and ends us
    _limit_memory()
    try:
        while True:
            index, seconds = channel.recv()
            limit_time(seconds)
            channel.send_bytes(_packed(work, index))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _end(number: int, frame: object) -> None:
    """As any end: what was started is ended too."""
    raise KeyboardInterrupt


def _packed(work: Callable[[int], object], index: int) -> bytes:
    """The result as it travels: values may lie deep in each other."""
    try:
        result = work(index)
        return deeply(lambda: bytes(ForkingPickler.dumps(result)))
    except Exception as error:  # noqa: BLE001 -- it costs this unit, not those that wait
        return bytes(ForkingPickler.dumps(_Lost(describe(error))))


def _overdue(seconds: float) -> str:
    return f"{Limit.SECONDS.exceeded}: {seconds:.0f}"


def limit_time(seconds: float) -> None:
    """The system ends this process when it has worked for that much longer, be there a parent or
    not."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    soft = most if math.isinf(seconds) else math.ceil(time.process_time() + seconds)
    if most != resource.RLIM_INFINITY and soft != most:
        soft = min(soft, most)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, most))


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))
