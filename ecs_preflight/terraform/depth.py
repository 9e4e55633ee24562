"""Room for deep recursion: values that refer to each other are evaluated on the stack."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

#: Frames, and the memory for them; most of it is never touched.
_FRAMES = 30_000
_STACK_BYTES = 256 * 1024 * 1024

Result = TypeVar("Result")

_resizing = threading.Lock()


def deeply(compute: Callable[[], Result]) -> Result:
    """``compute()`` in a thread that has room for chains of values as real code has them."""
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _FRAMES))
        try:
            results.append(compute())
        except BaseException as error:  # noqa: BLE001  it goes on in the caller's thread
            errors.append(error)
        finally:
            sys.setrecursionlimit(limit)

    thread = threading.Thread(target=run, name="ecs-preflight")
    with _resizing:
        before = threading.stack_size(_STACK_BYTES)
        try:
            thread.start()
        finally:
            threading.stack_size(before)
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
