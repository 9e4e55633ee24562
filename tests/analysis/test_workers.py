"""A worker that does not come back costs its own unit, and no child outlives its parent."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from ecs_preflight.analysis import evaluation, workers
from ecs_preflight.symbolic.budget import Limit
from ecs_preflight.symbolic.values import Known, Reference, Text

pytestmark = pytest.mark.skipif(not workers.available(), reason="needs fork")


def lost(index: int, why: str) -> str:
    return f"{index} lost: {why}"


def hostile(index: int) -> object:
    if index == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if index == 3:
        time.sleep(60)
    if index == 4:
        return lambda: None  # cannot travel
    if index == 5:
        raise MemoryError
    while index == 6:
        pass
    return index


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_does_not_come_back_is_told_and_the_rest_is_there(jobs: int) -> None:
    found = list(workers.supervised(8, hostile, lost, jobs, lambda index: 1.0))  # type: ignore[arg-type]
    assert found[0] == 0
    assert str(found[1]).startswith("1 lost: its process was ended by signal 9")
    assert found[2] == 2
    assert found[3] == f"3 lost: {Limit.SECONDS.exceeded}: 1"
    assert str(found[4]).startswith("4 lost")
    assert found[5] == f"5 lost: {Limit.MEMORY.exceeded}"
    assert found[6] == f"6 lost: {Limit.SECONDS.exceeded}: 1"
    assert found[7] == 7


def test_children_end_with_the_iteration() -> None:
    def identity(index: int) -> int:
        return os.getpid()

    results: Iterator[object] = workers.supervised(3, identity, lost, 2)
    child = next(results)
    assert isinstance(child, int)
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_crowded_machine_has_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (50.0 * workers.cores(), 0.0, 0.0))
    assert list(workers.supervised(1, slow, lost, 1, lambda index: 0.1)) == ["done"]


def slow(index: int) -> str:
    time.sleep(0.5)
    return "done"


def nested(depth: int) -> object:
    value: object = Known("x")
    for level in range(depth):
        value = Reference(f"a.b{level}", "name", Text((value,)))  # type: ignore[arg-type]
    return value


def test_a_deep_result_travels() -> None:
    (found,) = workers.supervised(1, lambda _: nested(2_000), lost, 1)  # type: ignore[arg-type,return-value]
    assert isinstance(found, Reference)


def test_as_many_processes_as_pay_and_are_cores_for() -> None:
    assert evaluation._jobs(0, 8) == 1
    assert evaluation._jobs(3 * evaluation.CHARACTERS_PER_JOB, 8) == 3
    assert evaluation._jobs(100 * evaluation.CHARACTERS_PER_JOB, 8) == 8
    assert workers.cores() >= 1
