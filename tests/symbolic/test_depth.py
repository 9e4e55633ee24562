"""Deep recursion has room, errors come through, and the host's limit is left as it was."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ecs_preflight.symbolic.depth import deeply


def nested(depth: int) -> int:
    return 0 if depth == 0 else 1 + nested(depth - 1)


def test_there_is_room_for_what_the_host_has_none_for() -> None:
    with pytest.raises(RecursionError):
        nested(5_000)
    assert deeply(lambda: nested(5_000)) == 5_000


def test_an_error_comes_through() -> None:
    with pytest.raises(KeyError, match="x"):
        deeply(lambda: {}["x"])


def test_several_at_once_leave_the_limit_as_it_was() -> None:
    before = sys.getrecursionlimit()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda depth: deeply(lambda: nested(depth)), range(0, 8_000, 200)))
    assert results == list(range(0, 8_000, 200))
    assert sys.getrecursionlimit() == before


def test_without_a_thread_it_runs_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert deeply(lambda: 1) == 1
