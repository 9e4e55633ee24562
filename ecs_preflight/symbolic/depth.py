"""Room for deep recursion: values that refer to each other are evaluated, compared and packed on
the stack."""

from __future__ import annotations

import contextvars
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

#: Frames, and the memory for them; most of it is never touched.
_FRAMES = 30_000
_STACK_BYTES = 256 * 1024 * 1024
_NAME = "ecs-preflight-deep"

Result = TypeVar("Result")

_lock = threading.Lock()
#: The limits found by those who are inside; the first of them is the host's own.
_limits: list[int] = []


def deeply(compute: Callable[[], Result]) -> Result:
    """``compute()`` in a thread that has room for chains of values as real code has them.

    Where the system grants no such thread it runs in this one: deep chains are then unknown.
    Within such a thread it runs at once.
    """
    if threading.current_thread().name == _NAME:
        return compute()
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with _room():
                results.append(compute())
        except BaseException as error:  # noqa: BLE001  it goes on in the caller's thread
            errors.append(error)

    context = contextvars.copy_context()
    # Who is interrupted while he waits for it does not wait any longer.
    thread = threading.Thread(target=context.run, args=(run,), name=_NAME, daemon=True)
    if not _started(thread):
        return compute()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _started(thread: threading.Thread) -> bool:
    """Starts the thread with a large stack, if the system has one to give."""
    with _lock:
        before = threading.stack_size(_STACK_BYTES)
        try:
            thread.start()
        except RuntimeError:
            return False
        finally:
            threading.stack_size(before)
    return True


@contextmanager
def _room() -> Iterator[None]:
    """The recursion limit is the whole process's: the last one who leaves sets it back."""
    with _lock:
        _limits.append(sys.getrecursionlimit())
        sys.setrecursionlimit(max(_limits[0], _FRAMES))
    try:
        yield
    finally:
        with _lock:
            if len(_limits) == 1:
                sys.setrecursionlimit(_limits[0])
                _limits.clear()
            else:
                _limits.pop()
