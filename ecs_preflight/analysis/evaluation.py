"""The units of trees, each judged: in this process or in others, now or in an earlier run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Union

from ..adapters.units import (
    DOCUMENT_ENDINGS,
    TASK_FOLDERS,
    WORKFLOWS,
    Found,
    Inputs,
    Sharing,
    Tree,
    Unit,
)
from ..findings.rule import Rule
from ..findings.sources import Sources
from ..rules import RULES
from ..symbolic import looks
from ..symbolic.depth import deeply
from ..symbolic.faults import Fault, collected, describe
from ..symbolic.records import dataclass, field, replace
from ..symbolic.source import Boundary, Span, Unreadable, shown
from . import guard, other_tools, workers
from .discovery import Discovered, discover
from .evaluated import Evaluated, FrontEnd
from .fund import ScanFund, units_of
from .input_sets import sets_of
from .judge import Judged, judge
from .left_out import Exclusion, LeftOut
from .lines import Lines
from .memory import Memory
from .neighbours import StateIndex
from .options import Options
from .outside import Outside
from .repository import CodeRepository
from .shards import Shard, Share
from .surrounding import SurroundingRepository, WholeRepository
from .unit_sizes import size_of
from .unused_inputs import unused_inputs

#: How much source is worth a process more.
CHARACTERS_PER_JOB = 50_000
#: What judging a unit came to, and what it looked at.
_Noted = tuple[Union[Judged, Fault], dict[looks.Look, str]]


@dataclass(frozen=True)
class TreeGroup:
    """Trees that are told of together, and what was looked at for them so far."""

    discovered: Discovered
    noted: dict[looks.Look, str]


@dataclass
class _Task:
    """A unit, what is known of what it does not hold, and the texts that fixes are written into;
    and what an earlier run said of it under the key."""

    unit: Unit
    outside: Outside
    sources: Sources
    memory: Memory | None = None
    key: str = ""
    known: Judged | None = None

    def recall(self, memory: Memory) -> None:
        """Ask what the memory has of it."""
        self.memory, self.key = memory, memory.key(self.unit)
        self.known = memory.recall(self.key)


@dataclass
class _Reading:
    """What the front ends have found in a group, and the faults that it has cost so far."""

    group: TreeGroup
    founds: list[Found] = field(default_factory=list)
    lost: list[Fault] = field(default_factory=list)
    tasks: list[_Task] = field(default_factory=list)


def evaluated(
    groups: Sequence[TreeGroup],
    options: Options,
    rules: Sequence[Rule] | None,
    front_ends: Sequence[FrontEnd] | None,
    progress: Callable[[str], None],
    shard: Shard | None,
    whole: bool,
) -> list[Evaluated]:
    """The units of each group's trees, judged by the rules (None: all that the options choose). No
    group is seen by another; what lies around several is read once."""
    chosen_rules = options.chosen(RULES) if rules is None else rules
    chosen_rules = tuple(filter(options.may_speak, chosen_rules))
    read_by = tuple(front_ends or _front_ends())
    with looks.noted() as handed_over:
        outside, unread = Outside.of(options)
    around: dict[Boundary, WholeRepository] = {}
    readings: list[tuple[_Reading, Share]] = []
    for group in groups:
        with looks.noted(group.noted):
            looks.add(handed_over)
            reading = _read(group, outside, options, read_by, around)
            units = [task.unit for task in reading.tasks]
            share = Share(shard or Shard(1, 1), units)
            if shard is not None:
                chosen = share.chosen()
                reading.tasks = [task for task in reading.tasks if id(task.unit) in chosen]
            if options.store is not None and not whole:
                memory = Memory(options.store, options, chosen_rules, group.noted, units)
                for task in reading.tasks:
                    task.recall(memory)
            readings.append((reading, share))
    tasks = [task for reading, _ in readings for task in reading.tasks]
    results = _judged(tasks, chosen_rules, options, progress, whole)
    found: list[Evaluated] = []
    for reading, share in readings:
        guard.enter("")
        with looks.noted(reading.group.noted):
            judged = list(islice(results, len(reading.tasks)))
            progress("")
            guard.enter("unused inputs")
            found.append(_told(reading, judged, unread, share, options))
    return found


def _read(
    group: TreeGroup,
    outside: Outside,
    options: Options,
    read_by: Sequence[FrontEnd],
    around: dict[Boundary, WholeRepository],
) -> _Reading:
    """What is to be judged of the group, each unit with what is known of what it does not hold."""
    reading = _Reading(group)
    for tree in group.discovered.trees:
        units: list[Unit] = []
        whole = around.setdefault(tree.boundary, WholeRepository(tree.boundary, options, read_by))
        beyond = SurroundingRepository(tree, whole)
        repository = CodeRepository(
            partial(tuple, units), group.noted, beyond.shelf, beyond.mentions
        )
        for front_end in read_by:
            with collected() as here:
                try:
                    guard.enter(f"{front_end.__name__} {tree.boundary.root}")
                    reading.founds.append(units_of(tree, options.inputs, front_end))
                    units += reading.founds[-1].units
                except Exception as error:  # noqa: BLE001 -- nor one language's fault the other's
                    root, files = str(tree.boundary.root), tuple(map(shown, tree.files))
                    here.append(Fault(root, describe(error), _start(root), files))
            reading.lost += here
        neighbours = StateIndex(partial(tuple, units), beyond.units, group.noted)
        units[:] = [u.beside(neighbours) if isinstance(u, Sharing) else u for u in units]
        known = replace(outside, repository=repository)
        sources = Sources(Lines([tree.boundary]).text, beyond.files)
        reading.tasks += (_Task(unit, known, sources) for unit in units)
    return reading


def _told(
    reading: _Reading,
    results: Iterable[Judged | Fault],
    unread: Iterable[Unreadable],
    share: Share,
    options: Options,
) -> Evaluated:
    """What there is to tell of a group whose units came to these results."""
    discovered, founds = reading.group.discovered, reading.founds
    judged = tuple(result for result in results if isinstance(result, Judged))
    lost = (*reading.lost, *(result for result in results if isinstance(result, Fault)))
    broken = (
        *unread,
        *discovered.unreadable,
        *(error for found in founds for error in found.unreadable),
    )
    remarks = (
        *(remark for found in founds for remark in found.remarks),
        *(remark for tree in discovered.trees for remark in other_tools.remarks(tree)),
    )
    read = frozenset(file for found in founds for file in found.files)
    unused = (
        each
        for tree in (discovered.trees if share.units else ())
        for each in unused_inputs(tree, read, options.inputs)
    )
    left_out = (*_unseen(discovered.left_out, founds), *unused)
    return Evaluated(
        judged,
        frozenset(file for file in read if share.counts(file)),
        tuple(each for found in founds for each in found.comments if share.is_whole(each[0])),
        tuple(tree.boundary for tree in discovered.trees),
        discovered.missing,
        tuple({e.path: e for e in broken if share.counts(e.path)}.values()),
        tuple(fault for fault in lost if share.counts(fault.span.file)),
        tuple(remark for remark in remarks if share.counts(remark.span.file)),
        frozenset(
            (
                *(shown(path) for tree in discovered.trees for path in tree.given),
                *(error.path for error in unread),
            )
        ),
        left_out if share.shard.number == 1 else (),
    )


def _unseen(left_out: Iterable[LeftOut], founds: Iterable[Found]) -> Iterator[LeftOut]:
    """What was not looked at after all: a front end takes its own files out of hidden folders."""
    read = [file for found in founds for file in found.files]
    for left in left_out:
        folder = f"{left.path}/"
        if left.reason is not Exclusion.HIDDEN or not any(f.startswith(folder) for f in read):
            yield left


def task_files(path: str | os.PathLike[str], root: Path | None = None) -> tuple[str, ...]:
    """The task definition files below a path, for hosts that have no word for them."""
    from .. import taskfiles

    found = discover([path], root=root)
    return tuple(unit.name for tree in found.trees for unit in taskfiles.find(tree, Inputs()).units)


def _judged(
    tasks: Sequence[_Task],
    rules: Sequence[Rule],
    options: Options,
    progress: Callable[[str], None],
    whole: bool,
) -> Iterator[Judged | Fault]:
    """Each unit judged, be it now or in an earlier run, or the fault that kept us from it, in
    order."""
    new = [task for task in tasks if task.known is None]
    fund = ScanFund([task.unit for task in new])

    def judge_at(index: int) -> _Noted:
        task = new[index]
        with looks.noted() as noted, fund.of(index):
            result = _judge_one(task, rules, options)
        return result if whole or isinstance(result, Fault) else result.brief, noted

    def judge_here(index: int, seconds: float) -> _Noted:
        """As the only child's only unit: it is watched already, and its result travels once."""
        try:
            guard.enter(f"unit {new[index].unit.name}", seconds)
            return judge_at(index)
        except guard.Refused as refused:
            return lost_at(index, refused.why)

    def lost_at(index: int, why: str) -> _Noted:
        unit = new[index].unit
        return Fault(unit.name, f"{why}; it was not judged", _start(unit.name), _files(unit)), {}

    if workers.available() and new and (options.supervised or options.jobs != 1):
        sizes = [size_of(task.unit) * len(sets_of(task.unit)) for task in new]
        seconds = [workers.SECONDS + size / workers.CHARACTERS_PER_SECOND for size in sizes]
        jobs = options.jobs or _jobs(sum(sizes), workers.cores())
        results: Iterator[_Noted]
        if len(new) == 1 and guard.is_watched():
            results = map(judge_here, range(1), seconds)
        else:
            results = workers.supervised(len(new), judge_at, lost_at, jobs, seconds.__getitem__)
    else:
        results = map(judge_at, range(len(new)))
    for task in tasks:
        progress(task.unit.name)
        if task.known is not None:
            yield task.known
            continue
        result, noted = next(results)
        looks.add(noted)
        if task.memory and isinstance(result, Judged) and not fund.is_spent:
            task.memory.keep(task.key, result, noted)
        yield result


def _jobs(characters: int, cores: int) -> int:
    """How many processes pay for that much source: to start one takes as long as to judge a
    little of it."""
    return max(min(cores, characters // CHARACTERS_PER_JOB), 1)


def _judge_one(task: _Task, rules: Sequence[Rule], options: Options) -> Judged | Fault:
    unit, outside, sources = task.unit, task.outside, task.sources
    try:
        return deeply(lambda: judge(unit, rules, outside, sources, options.may_want))
    except Exception as error:  # noqa: BLE001 -- one unit's fault must not hide the others' findings
        return Fault(unit.name, describe(error), _start(unit.name), _files(unit))


def _files(unit: Unit) -> tuple[str, ...]:
    return unit.files or (unit.name,)


def _start(file: str) -> Span:
    return Span(file, 1, 1, 1, 1)


def _front_ends() -> tuple[FrontEnd, ...]:
    return _terraform, _cloudformation, _taskfiles


# A front end is loaded for a tree that has files for it to read.


def _terraform(tree: Tree, inputs: Inputs) -> Found:
    if not _has(tree, (".tf", ".tofu", ".hcl", ".json")):
        return Found()
    from .. import terraform

    return terraform.find(tree, inputs)


def _cloudformation(tree: Tree, inputs: Inputs) -> Found:
    if not _has(tree, DOCUMENT_ENDINGS):
        return Found()
    from .. import cloudformation

    return cloudformation.find(tree, inputs)


def _taskfiles(tree: Tree, inputs: Inputs) -> Found:
    # It looks into hidden folders too, which a tree does not list.
    hidden = (folder / name for folder in tree.folders for name in (*TASK_FOLDERS, WORKFLOWS))
    if not _has(tree, DOCUMENT_ENDINGS) and not any(map(tree.boundary.is_folder, hidden)):
        return Found()
    from .. import taskfiles

    return taskfiles.find(tree, inputs)


def _has(tree: Tree, endings: tuple[str, ...]) -> bool:
    """Has the tree a file that ends so, or one that the user named himself and that may be of any
    kind?"""
    return any(
        path.name.lower().endswith(endings) or (path in tree.given and path.suffix != ".tf")
        for path in tree.files
    )
