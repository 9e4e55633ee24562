"""Every item of a list goes to one shard, whatever the number of shards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.analysis.shards import Shard


@given(st.integers(0, 30), st.integers(1, 8))
def test_shards_share_a_list_evenly(length: int, count: int) -> None:
    items = range(length)
    shares = [Shard(number, count).of(items) for number in range(1, count + 1)]
    assert sorted(item for share in shares for item in share) == list(items)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
