"""Paths to judged stacks: what scan, explain and policy have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..symbolic import looks
from ..symbolic.faults import Fault
from ..symbolic.records import replace
from ..symbolic.source import Boundary, shown
from . import other_tools
from .discovery import Discovered, discover
from .evaluated import Evaluated, FrontEnd
from .options import Options
from .relevance import without_ecs

if TYPE_CHECKING:
    from ..findings.rule import Rule

__all__ = ["Evaluated", "FrontEnd", "examine", "examine_each"]

#: What came of groups of trees, and what was looked at for each.
_Examined = tuple[list[Evaluated], list[dict[looks.Look, str]]]


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
            # loaded before the child is forked: its parent needs the same when it reports
            from .evaluation import TreeGroup, evaluated

            def work() -> _Examined:
                groups = [TreeGroup(discovered, noted)]
                return evaluated(groups, options, rules, front_ends, progress, shard, whole), [
                    noted
                ]

            result, faults = _supervised(work, options)
            (found,), (seen,) = result or ([_nothing(discovered, frozenset())], [{}])
            noted.update(seen)
            found = _with_lost(found, faults)
    if mine is paths or options.root is not None:
        return found
    # all shards name files alike: from what all of the paths have in common
    return replace(found, boundaries=tuple(dict.fromkeys(map(Boundary.around, paths))))


def examine_each(
    paths: Sequence[str | os.PathLike[str]], options: Options
) -> list[tuple[Evaluated, dict[looks.Look, str]]]:
    """As ``examine`` of each path by itself, with what was looked at for it; but what lies around
    them is read once. Nothing where that costs a file or a unit by a fault of our own, for what it
    is a part of is known only where each is examined alone."""
    found: list[tuple[Discovered, frozenset[str] | None, dict[looks.Look, str]]] = []
    for path in paths:
        with looks.noted() as noted:
            discovered = discover([path], root=options.root, exclude=options.exclude)
            aside = None if _hands_over(options) else without_ecs(discovered.trees)
        found.append((discovered, aside, noted))
    asked = [(discovered, noted) for discovered, aside, noted in found if aside is None]

    def work() -> _Examined:
        from .evaluation import TreeGroup, evaluated

        groups = [TreeGroup(discovered, noted) for discovered, noted in asked]
        return evaluated(groups, options, None, None, lambda name: None, None, False), [
            noted for _, noted in asked
        ]

    result, faults = _supervised(work, options) if asked else (([], []), ())
    if result is None or faults:
        return []
    examined = zip(*result, strict=True)
    return [
        next(examined) if aside is None else (_nothing(discovered, aside), noted)
        for discovered, aside, noted in found
    ]


def _supervised(
    work: Callable[[], _Examined], options: Options
) -> tuple[_Examined | None, tuple[Fault, ...]]:
    """What the work gives, done by a child process where one is wanted and can be had, and the
    faults that it has cost."""
    from . import guard, workers

    if not options.supervised or not workers.available():
        return work(), ()
    return guard.guarded(work)


def _with_lost(found: Evaluated, faults: Sequence[Fault]) -> Evaluated:
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
