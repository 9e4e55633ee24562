"""Paths to judged stacks: what scan, explain and policy have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..symbolic import looks
from ..symbolic.records import replace
from ..symbolic.source import Boundary, shown
from . import other_tools
from .discovery import Discovered, discover
from .evaluated import Evaluated, FrontEnd
from .options import Options
from .relevance import without_ecs

if TYPE_CHECKING:
    from ..findings.rule import Rule

__all__ = ["Evaluated", "FrontEnd", "examine"]


def examine(
    paths: Sequence[str | os.PathLike[str]],
    options: Options,
    rules: Sequence[Rule] | None = None,
    front_ends: Sequence[FrontEnd] | None = None,
    progress: Callable[[str], None] = lambda name: None,
    whole: bool = True,
) -> Evaluated:
    """Find the units at the paths and judge each; ``progress`` is told their names. The stacks are
    there where they are wanted ``whole``. Without ``rules`` those judge that the options choose;
    they and all that does the work are loaded where anything may concern ECS. Raises nothing for
    what the paths hold."""
    shard = options.shard if len(paths) == 1 else None
    mine = options.shard.of(paths) if options.shard and shard is None else paths
    with looks.noted() as noted:
        discovered = discover(mine, root=options.root, exclude=options.exclude)
        is_plain = front_ends is None and not _hands_over(options)
        aside = without_ecs(discovered.trees) if is_plain else None
        if aside is not None:
            found = _nothing(discovered, aside)
        else:
            from .evaluation import evaluated

            def work() -> tuple[Evaluated, dict[looks.Look, str]]:
                found = evaluated(
                    discovered, options, rules, front_ends, progress, noted, shard, whole
                )
                return found, noted

            found = _watched(work, discovered, noted) if options.supervised else work()[0]
    if mine is paths or options.root is not None:
        return found
    # all shards name files alike: from what all of the paths have in common
    return replace(found, boundaries=tuple(dict.fromkeys(map(Boundary.around, paths))))


def _watched(
    work: Callable[[], tuple[Evaluated, dict[looks.Look, str]]],
    discovered: Discovered,
    noted: dict[looks.Look, str],
) -> Evaluated:
    """What the work gives, done by a child process where one can be had; what the child has looked
    at is noted here too."""
    from . import guard, workers

    if not workers.available():
        return work()[0]
    result, faults = guard.guarded(work)
    found, seen = result or (_nothing(discovered, frozenset()), {})
    noted.update(seen)
    lost = {fault.subject for fault in faults}
    unreadable = tuple(error for error in found.unreadable if error.path not in lost)
    return replace(found, lost=(*found.lost, *faults), unreadable=unreadable)


def _hands_over(options: Options) -> bool:
    """Does the user name files of his own, of which what cannot be read is to be told?"""
    config, inputs = options.config, options.inputs
    return bool(
        options.known_roles
        or options.shard
        or inputs.var_files
        or inputs.parameters
        or inputs.modules
        or config.roles
        or config.scps
        or config.boundaries
        or config.known_roles
    )


def _nothing(discovered: Discovered, files: frozenset[str]) -> Evaluated:
    """What is said of trees without ECS."""
    return Evaluated(
        (),
        files,
        (),
        tuple(tree.boundary for tree in discovered.trees),
        discovered.missing,
        discovered.unreadable,
        (),
        tuple(remark for tree in discovered.trees for remark in other_tools.remarks(tree)),
        frozenset(shown(path) for tree in discovered.trees for path in tree.given),
        discovered.left_out,
    )
