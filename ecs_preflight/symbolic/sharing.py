"""What is made of the very things that the default world has, made once for all worlds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .worlds import PathCondition

Result = TypeVar("Result")


def shared(
    world: PathCondition, what: str, things: tuple[object, ...], make: Callable[[], Result]
) -> Result:
    """``make()``, which hangs on nothing but the ``things``: what the default world made of these
    very ones, by identity, where it did. One ``what`` is always of one type."""
    key = (what, *map(id, things))
    known = (world.base or world).made.get(key)
    if known is None:
        known = things, make()
        if world.base is None and world.decision_points:  # another world may ask
            world.made[key] = known
    result: Result = known[1]
    return result


def same(world: PathCondition, what: str, things: tuple[Result, ...]) -> tuple[Result, ...]:
    """The things, as the very tuple that they are in the default world."""
    return shared(world, what, things, lambda: things)
