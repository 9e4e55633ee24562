"""How to scan: what the command line or a host asks for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..adapters.units import Inputs
from ..findings.finding import AnyOutcome, Finding, Outcome, Severity, Suppression
from ..findings.rule import Rule
from ..symbolic.records import dataclass, replace
from .base_branch import BaseBranch
from .config import Config
from .lines import Lines
from .shards import Shard
from .store import Cache


@dataclass(frozen=True)
class Trust:
    """May the code silence what is found in it? If not, by what ``base`` already says, if there is
    one."""

    code: bool = True
    base: BaseBranch | None = None

    def silences(self, suppression: Suppression, outcome: Outcome, lines: Lines) -> bool:
        """Does what is written there count for the outcome?"""
        span, owner = suppression.span, outcome.owner.span
        if self.code or span is None:  # the configuration and the baseline are the user's own
            return True
        is_own = span.file == owner.file and owner.line - 1 <= span.line <= owner.end_line
        heads = (owner.line - 1, owner.line) if is_own else None  # with a comment above it
        now, last = lines.of(span.file), max(span.end_line, span.line)
        return self.base is not None and self.base.has(span.file, now, span.line, last, heads)


@dataclass(frozen=True)
class Options:
    """How to scan. ``select`` and ``ignore`` are ids of rules or how they begin, and come before
    those of ``config``; ``notes`` brings the notes of rules that are not selected one by one;
    ``baseline`` holds the fingerprints of findings that are known, ``jobs`` says how many processes
    work (0: as many as pay); with ``supervised`` a unit is judged in a child process, even if there
    is but one. ``trust`` says whether what silences in the code counts, ``store`` keeps what was
    judged, of several paths, or of one path's units, only those of ``shard`` are scanned."""

    inputs: Inputs = Inputs()
    root: Path | None = None
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    notes: bool = False
    config: Config = Config()
    baseline: frozenset[str] = frozenset()
    jobs: int = 1
    supervised: bool = False
    trust: Trust = Trust()
    known_roles: tuple[Path, ...] = ()
    store: Cache | None = None
    shard: Shard | None = None

    def chosen(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """The rules that are selected and not ignored."""
        select, ignore = self.select or self.config.select, (*self.ignore, *self.config.ignore)
        return tuple(
            rule
            for rule in rules
            if rule.id.startswith(select or ("ECS",)) and not rule.id.startswith(ignore or ("-",))
        )

    @property
    def with_notes(self) -> bool:
        """Are notes reported? They are off unless asked for, by naming rules or at large."""
        return self.notes or bool(self.select or self.config.select)

    def may_speak(self, rule: Rule) -> bool:
        """May the rule have something to say that is wanted? Not one that gives notes alone, where
        nobody asks for them."""
        gives_more = rule.needs is not None or any(s is not Severity.NOTE for s in rule.severities)
        return gives_more or self._counts_notes or rule.id in self.config.severity

    @property
    def _counts_notes(self) -> bool:
        """Does it matter what notes there are? What is in the baseline is to occur still."""
        return self.with_notes or bool(self.baseline)

    def may_want(self, outcome: AnyOutcome) -> bool:
        """May it be reported, with the severity that the team gives its rule, or else count?"""
        if self._counts_notes:
            return True
        given = self.config.severity.get(outcome.rule)
        if given is None or not isinstance(outcome, Finding):
            return self.wants(outcome)
        return self.wants(replace(outcome, severity=given))

    def wants(self, outcome: AnyOutcome) -> bool:
        """Is the outcome to be reported? A note only where notes were asked for."""
        return (
            not isinstance(outcome, Finding)
            or outcome.severity is not Severity.NOTE
            or self.with_notes
        )
