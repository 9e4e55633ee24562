"""What becomes of judged outcomes: the severities a team has set, and what it has silenced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from ..findings import identity
from ..findings.finding import AnyOutcome, Finding, Outcome, Severity, Suppression, Undecided
from ..symbolic.answers import Evidence
from ..symbolic.records import replace
from ..symbolic.source import Span
from .config import Config
from .lines import Lines
from .options import Trust
from .root_names import RootNames
from .suppressions import declared, ids, names, silencers


class Triage:
    """Settles outcomes one by one, and remembers which comments and baseline entries were of
    use."""

    def __init__(
        self,
        lines: Lines,
        config: Config = Config(),
        baseline: Collection[str] = (),
        names: RootNames = RootNames(),
        trust: Trust = Trust(),
    ) -> None:
        self._lines, self._config, self._baseline, self._names = lines, config, baseline, names
        self._trust, self._refused = trust, dict[Suppression, None]()
        self._used_comments: set[tuple[str, int]] = set()
        self._used_entries: set[str] = set()

    def settled(self, outcomes: Iterable[AnyOutcome]) -> Iterator[AnyOutcome]:
        """The outcomes in order; findings marked where they are silenced, silenced doubts left
        out."""
        for outcome in outcomes:
            found = (
                list(self._silencers(outcome)) if isinstance(outcome, (Finding, Undecided)) else []
            )
            self._used_comments.update(
                (s.span.file, s.span.line) for s in found if s.span and s.by == "comment"
            )
            if isinstance(outcome, Finding):
                yield replace(
                    outcome,
                    severity=self._config.severity.get(outcome.rule, outcome.severity),
                    suppressed=found[0] if found else None,
                )
            elif not found:
                yield outcome

    def _silencers(self, outcome: Outcome) -> Iterator[Suppression]:
        for written in silencers(outcome, self._lines):
            if self._trust.silences(written, outcome, self._lines):
                yield written
            else:
                self._refused[written] = None
        files = (outcome.span.file, outcome.owner.span.file) if self._config.paths else ()
        for file in dict.fromkeys(files):
            pattern = self._config.ignored_by(outcome.rule, Path(file).absolute())
            if pattern is not None:
                yield Suppression("config", f"per-path-ignores '{pattern}'")
        if not isinstance(outcome, Finding) or not self._baseline:
            return
        fingerprint = identity.fingerprint(self._names.outcome(outcome))
        if fingerprint in self._baseline:
            self._used_entries.add(fingerprint)
            yield Suppression("baseline", "known since the baseline was written")

    def refused(self) -> Iterator[Evidence]:
        """What stands in code that is not trusted, and would silence a finding."""
        for written in self._refused:
            reason = f": {written.reason}" if written.reason else ""
            message = f"A suppression by {written.by} does not silence, the code being untrusted"
            assert written.span is not None
            yield Evidence(f"{message}{reason}.", written.span.file, written.span)

    def idle(
        self,
        comments: Iterable[tuple[str, int, str]],
        files: Iterable[str],
        run: Collection[str],
        known: Collection[str],
    ) -> Iterator[Evidence]:
        """What silences nothing any more: comments of ours and entries in the ``files``' Metadata,
        of which all rules were ``run`` or are not ``known`` at all, and entries of the baseline."""
        written = [
            (Span(file, line, 1, line, 1), named)
            for file, line, comment in comments
            if (named := ids(comment)) is not None
        ]
        written += [(span, (one,)) for file in files for span, one in declared(file, self._lines)]
        used = self._used_comments | {(s.span.file, s.span.line) for s in self._refused if s.span}
        for span, named in written:
            if (span.file, span.line) in used:
                continue
            unknown = [one for one in named if not any(names(one, rule) for rule in known)]
            if not any(named):
                message = (
                    "'ecs-preflight:ignore' names no rule (ecs-preflight:ignore ECS605 reason)."
                )
            elif unknown:
                message = f"'{unknown[0]}' is no rule's id, and silences nothing."
            elif all(any(names(one, rule) for rule in run) for one in named):
                message = f"'ecs-preflight:ignore {', '.join(named)}' silences nothing."
            else:
                continue
            yield Evidence(message, span.file, span)
        stale = len(set(self._baseline) - self._used_entries)
        if stale:
            entries = "entry of the baseline does" if stale == 1 else "entries of the baseline do"
            yield Evidence(f"{stale} {entries} not occur any more.", "", Span("", 0, 0, 0, 0))


def always_run(rules: Iterable[tuple[str, tuple[Severity, ...]]], notes: bool) -> frozenset[str]:
    """The ids of rules of which each finding is seen: a note is not, unless asked for."""
    return frozenset(rule for rule, severities in rules if notes or Severity.NOTE not in severities)
