"""Paths to judged stacks: what scan, explain and policy have in common."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product

from .. import cloudformation, taskfiles, terraform
from ..adapters.units import Found, Inputs, Tree, Unit
from ..findings.rule import Rule
from ..symbolic.source import Boundary, Unreadable
from .diagnostics import describe
from .discovery import discover
from .judge import Judged, judge
from .options import Options

FrontEnd = Callable[[Tree, Inputs], Found]


@dataclass(frozen=True)
class Evaluated:
    """What stands at the paths: stacks and what the rules say of them, in no particular order.

    ``missing`` are given paths that could not be read, ``unreadable`` files and folders below them,
    ``faults`` errors of our own, ``comments`` (file, line, text) those that speak to us.
    """

    judged: tuple[Judged, ...]
    files: frozenset[str]
    comments: tuple[tuple[str, int, str], ...]
    boundaries: tuple[Boundary, ...]
    missing: tuple[Unreadable, ...]
    unreadable: tuple[Unreadable, ...]
    faults: tuple[str, ...]

    @property
    def named(self) -> frozenset[str]:
        """The files that may be named in what is said of the stacks."""
        return self.files | {error.path for error in self.unreadable}


def examine(
    paths: Sequence[str | os.PathLike[str]],
    options: Options,
    rules: Sequence[Rule],
    front_ends: Sequence[FrontEnd] | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> Evaluated:
    """Find the units at the paths and judge each; ``progress`` is told their names. Raises nothing
    for what the paths hold."""
    discovered = discover(paths, root=options.root, exclude=options.exclude)
    faults: list[str] = []
    founds: list[Found] = []
    judged: list[Judged] = []
    for tree, front_end in product(discovered.trees, front_ends or _front_ends()):
        try:
            founds.append(front_end(tree, options.inputs))
        except Exception as error:  # noqa: BLE001 -- nor one language's fault the other's
            faults.append(f"{tree.boundary.root}: {describe(error)}")
    units = [unit for found in founds for unit in found.units]
    for result in _judged(units, rules, options, progress):
        if isinstance(result, Judged):
            judged.append(result)
        else:
            faults.append(result)
    progress("")
    broken = (*discovered.unreadable, *(error for found in founds for error in found.unreadable))
    return Evaluated(
        tuple(judged),
        frozenset(file for found in founds for file in found.files),
        tuple(comment for found in founds for comment in found.comments),
        tuple(tree.boundary for tree in discovered.trees),
        discovered.missing,
        tuple({error.path: error for error in broken}.values()),
        tuple(faults),
    )


def _judged(
    units: Sequence[Unit], rules: Sequence[Rule], options: Options, progress: Callable[[str], None]
) -> Iterator[Judged | str]:
    """Each unit judged, or the fault that kept us from it, in order."""
    jobs = min(options.jobs, len(units))
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        for unit in units:
            progress(unit.name)
            yield _judge_one(unit, rules, options)
        return
    # A child process has the units and rules by being forked; only what it finds travels back.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, context, _hand_over, (units, rules, options)) as pool:
        for index, result in enumerate(pool.map(_judge_at, range(len(units)), chunksize=4)):
            progress(units[index].name)
            yield result


#: In a child process: the units, and how to judge them.
_work: list[tuple[Sequence[Unit], Sequence[Rule], Options]] = []


def _hand_over(units: Sequence[Unit], rules: Sequence[Rule], options: Options) -> None:
    _work[:] = [(units, rules, options)]


def _judge_at(index: int) -> Judged | str:
    ((units, rules, options),) = _work
    return _judge_one(units[index], rules, options)


def _judge_one(unit: Unit, rules: Sequence[Rule], options: Options) -> Judged | str:
    try:
        return judge(unit, rules, options.config.roles)
    except Exception as error:  # noqa: BLE001 -- one unit's fault must not hide the others' findings
        return f"{unit.name}: {describe(error)}"


def _front_ends() -> tuple[FrontEnd, ...]:
    return terraform.find, cloudformation.find, taskfiles.find
