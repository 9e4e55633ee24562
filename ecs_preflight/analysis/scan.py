"""Paths to findings: the one entry that the command line and both hosts share."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar

from ..adapters.units import Unit
from ..findings.finding import AnyOutcome, Finding, Met, Undecided, is_need
from ..findings.identity import fault_of_module, key, occurrence
from ..findings.rule import Rule
from ..findings.sensitive import hide
from ..findings.sources import HCL_ENDINGS
from ..rules import file_not_readable
from ..symbolic.answers import Evidence
from ..symbolic.faults import Fault
from ..symbolic.placeholders import has_template_mark, is_substituted
from ..symbolic.records import dataclass, replace
from ..symbolic.source import Unreadable
from ..symbolic.values import Unknown, Why
from .diagnostics import failed, unreadable
from .examine import Evaluated, FrontEnd, examine
from .inventory import Inventory
from .left_out import LeftOut
from .lines import Lines
from .options import Options
from .root_names import RootNames
from .settings import Setting, in_force
from .subsumption import drop_subsumed
from .triage import Triage, always_run

__all__ = ["Options", "Report", "Stats", "scan", "scan_unit"]

#: How a file speaks of ECS.
_MARKS = ("aws_ecs_", "AWS::ECS::", "containerDefinitions")

Kind = TypeVar("Kind", Finding, Met, Undecided)


@dataclass(frozen=True)
class Stats:
    """How much was looked at, for the coverage line and for JSON (design: stable names)."""

    files: int = 0
    stacks: int = 0
    task_definitions: int = 0
    launches: int = 0
    roles: int = 0
    needs: int = 0
    met: int = 0
    unmet: int = 0
    undecided: int = 0
    #: Of those that are met, how many are so within a permissions boundary that is out of sight.
    within_boundary: int = 0


@dataclass(frozen=True)
class Report:
    """What a scan says.

    ``outcomes`` are those of every stack, suppressed findings among them; ``findings`` and
    ``undecided`` are the same with what several callers of one module have in common said once.
    ``gaps`` is what could not be read of the stacks as a whole, ``missing`` the given paths that
    could not be read, ``faults`` errors of our own, ``remarks`` what of the suppressions is of no
    use any more, ``left_out`` what was not looked at, ``settings`` what is turned off. Files are
    named from the working directory; ``from_root`` is the same report with the names that machines
    want.
    """

    outcomes: tuple[AnyOutcome, ...] = ()
    stats: Stats = Stats()
    gaps: tuple[Unknown, ...] = ()
    missing: tuple[Unreadable, ...] = ()
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Evidence, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    settings: tuple[Setting, ...] = ()
    lines: Lines = Lines(())
    names: RootNames = RootNames()

    @cached_property
    def from_root(self) -> Report:
        """The report with every file named from the root of the repository."""
        names = self.names
        if names.root is None:
            return self
        return replace(
            self,
            outcomes=tuple(map(names.outcome, self.outcomes)),
            gaps=tuple(map(names.unknown, self.gaps)),
            remarks=tuple(map(names.evidence, self.remarks)),
            left_out=tuple(replace(left, path=names.file(left.path)) for left in self.left_out),
            settings=tuple(replace(each, file=names.file(each.file)) for each in self.settings),
            lines=self.lines.named_from(names.root),
            names=RootNames(),
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, silenced ones too, in the order of their places; a module's fault once."""
        return _said_once(self._of(Finding))

    @cached_property
    def undecided(self) -> tuple[Undecided, ...]:
        """What could not be decided, each need once, in the order of their places."""
        once = {occurrence(o): o for o in reversed(self._of(Undecided))}
        return tuple(reversed(once.values()))

    @cached_property
    def boundaries(self) -> tuple[tuple[Evidence, int], ...]:
        """The permissions boundaries that are not in the scanned code, each with how many needs are
        met but for what it may take away."""
        return tuple(Counter(o.within for o in self._of(Met) if o.within is not None).items())

    @cached_property
    def beyond_limits(self) -> tuple[Unknown, ...]:
        """Why something was left undecided for a limit of the scan's, each reason once."""
        reasons = (*self.gaps, *(undecided.reason for undecided in self._of(Undecided)))
        return tuple({r.reason: r for r in reversed(reasons) if r.why is Why.LIMIT}.values())[::-1]

    @property
    def is_blind(self) -> bool:
        """Is there a file that could not be read, or something beyond the scan's limits?"""
        return any(gap.why in (Why.UNREADABLE, Why.LIMIT) for gap in self.gaps)

    @cached_property
    def active(self) -> tuple[Finding, ...]:
        """The findings that nobody silenced."""
        return tuple(finding for finding in self.findings if finding.suppressed is None)

    @cached_property
    def active_of_each(self) -> tuple[Finding, ...]:
        """The active findings, a module's fault for each of its callers: each may have a remedy of
        its own."""
        return tuple(finding for finding in self._of(Finding) if finding.suppressed is None)

    def _of(self, kind: type[Kind]) -> list[Kind]:
        return sorted((o for o in self.outcomes if isinstance(o, kind)), key=_place)


def scan(
    paths: Sequence[str | os.PathLike[str]],
    options: Options = Options(),
    *,
    rules: Sequence[Rule] | None = None,
    front_ends: Sequence[FrontEnd] | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> Report:
    """Scan the paths; ``progress`` is told each unit's name. Raises nothing for what the paths
    hold."""
    examined = examine(
        paths,
        options,
        None if rules is None else options.chosen(rules),
        front_ends,
        progress,
        False,
    )
    return report_of(examined, options, rules)


def report_of(
    examined: Evaluated, options: Options = Options(), rules: Sequence[Rule] | None = None
) -> Report:
    """What is to be said of stacks that the chosen ones of ``rules`` (None: of all) have judged."""
    known = _loaded(examined) if rules is None else rules
    chosen = options.chosen(known)
    secrets = frozenset(secret for result in examined.judged for secret in result.secrets)
    lines = Lines(examined.boundaries, hidden=secrets)
    concerned, aside = _concerned(examined, lines)
    names = RootNames.within(examined.boundaries, examined.named)
    settling = Triage(lines, options.config, options.baseline, names, options.trust)
    outcomes = _settled(
        (
            *map(unreadable, concerned if options.chosen([file_not_readable.RULE]) else ()),
            *map(failed, examined.lost),
            *(hide(o, r.secrets) for r in examined.judged for o in r.outcomes),
        ),
        settling,
        options,
    )
    stacks = [result.inventory for result in examined.judged]
    gaps = _gaps(stacks)
    told = {gap.span for gap in gaps}
    left_out = (_left_out(error) for error in (*concerned, *aside) if error.span not in told)
    remarks = settling.idle(
        examined.comments,
        sorted(examined.files),
        always_run(((r.id, r.severities) for r in chosen), options.with_notes),
        [rule.id for rule in known],
    )
    return Report(
        outcomes,
        _stats(outcomes, stacks, len(examined.files)),
        (*gaps, *dict.fromkeys((*examined.remarks, *left_out))),
        examined.missing,
        examined.faults,
        (*settling.refused(), *remarks),
        examined.left_out,
        in_force(options),
        lines,
        names,
    )


def _loaded(examined: Evaluated) -> Sequence[Rule]:
    """All rules; none where there is nothing that they could speak of, nor anybody of them."""
    if not (examined.judged or examined.unreadable or examined.lost or examined.comments):
        return ()
    from ..rules import RULES

    return RULES


def _concerned(examined: Evaluated, lines: Lines) -> tuple[list[Unreadable], list[Unreadable]]:
    """The files that cannot be read of which a stack of ECS is in need, that speak of ECS, or that
    the user has named; and the others, among them what a template engine makes such files of."""
    needed = {
        file
        for result in examined.judged
        if result.inventory.of_ecs
        for file in result.inventory.files
    }
    concerned: list[Unreadable] = []
    aside: list[Unreadable] = []
    for error in examined.unreadable:
        text = lines.rough(error.path)
        about = error.path in needed or any(mark in text for mark in _MARKS)
        about = about and not (lines.text(error.path) and _is_template(text, error))
        (concerned if about or error.path in examined.given else aside).append(error)
    return concerned, aside


def _is_template(text: str, error: Unreadable) -> bool:
    """Is it the mark of a template engine that cannot be read? A limit of ours is none."""
    if error.is_limit:
        return False
    lines = text.split("\n")
    there, is_hcl = lines[error.span.line - 1 : error.span.line], error.path.endswith(HCL_ENDINGS)
    is_strict = is_hcl or error.path.endswith(".json")  # YAML takes a shell's mark anywhere
    if is_strict and any(map(is_substituted, there)):
        return True
    # what stands between an engine's marks may leave YAML and JSON broken further down
    return any(map(has_template_mark, there if is_hcl else lines))


def _left_out(error: Unreadable) -> Unknown:
    what = "in part" if error.partly else "at all"
    reason = f"'{error.path}' is not read {what}: {error.reason}"
    return Unknown(reason, why=Why.UNREADABLE, span=error.span)


def scan_unit(
    unit: Unit, options: Options = Options(), rules: Sequence[Rule] | None = None
) -> Report:
    """Scan one unit that a host holds, and no file does. Raises what the front end raises."""
    from ..rules import RULES
    from .judge import judge
    from .outside import Outside

    result, lines = judge(unit, options.chosen(rules or RULES), Outside.of(options)[0]), Lines(())
    said = (hide(outcome, result.secrets) for outcome in result.outcomes)
    outcomes = _settled(said, Triage(lines, options.config), options)
    return Report(
        outcomes,
        _stats(outcomes, [result.inventory], len(result.inventory.files)),
        _gaps([result.inventory]),
        faults=result.faults,
        lines=lines,
    )


def _settled(
    outcomes: Iterable[AnyOutcome], settling: Triage, options: Options
) -> tuple[AnyOutcome, ...]:
    once = drop_subsumed(list(outcomes))
    return tuple(outcome for outcome in settling.settled(once) if options.wants(outcome))


def _place(outcome: AnyOutcome) -> tuple[object, ...]:
    span = outcome.span
    return span.file, span.line, span.column, key(outcome)


def _said_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for one fault of a module, though several environments or calls share the module:
    the gravest of them, with the calls of all that are as grave; silenced only when each of them
    is."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(fault_of_module(finding), []).append(finding)
    return tuple(_united(group) for group in groups.values())


def _united(group: list[Finding]) -> Finding:
    loud = [finding for finding in group if finding.suppressed is None] or group
    gravest = min(loud, key=lambda f: (f.severity.rank, bool(f.circumstances)))
    equals = [finding for finding in loud if finding.severity is gravest.severity]
    calls = tuple(dict.fromkeys(call for finding in equals for call in finding.callers))
    return replace(gravest, callers=calls)


def _stats(outcomes: Iterable[AnyOutcome], stacks: Sequence[Inventory], files: int) -> Stats:
    """A finding counts as an unmet need when it is certain to break something, or is about one."""
    outcomes = list(outcomes)
    met = sum(isinstance(o, Met) for o in outcomes)
    undecided = sum(isinstance(o, Undecided) for o in outcomes)
    within = sum(isinstance(o, Met) and o.within is not None for o in outcomes)
    unmet = sum(isinstance(o, Finding) and is_need(o) for o in outcomes)
    return Stats(
        files,
        len(stacks),
        len({site for stack in stacks for site in stack.task_definitions}),
        len({site for stack in stacks for site in stack.launches}),
        len({site for stack in stacks for site in stack.roles}),
        met + unmet + undecided,
        met,
        unmet,
        undecided,
        within,
    )


def _gaps(stacks: Iterable[Inventory]) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys(gap for stack in stacks for gap in stack.unread))
