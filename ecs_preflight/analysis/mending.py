"""Fixes made and judged again, round by round, until nothing changes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from ..findings.finding import Applicability, Edit, Finding, Met
from ..findings.fixing.applying import applied, chosen
from ..findings.identity import block_of, fingerprint
from ..findings.sources import FileText
from ..rules import file_not_readable
from ..symbolic.records import dataclass
from ..symbolic.source import edited
from .options import Options
from .scan import Report, scan

#: As ruff does: what needs more rounds than these is left.
ROUNDS = 10
#: What stood in each file, and what stands there by now.
_Texts = dict[str, tuple[str, str]]
#: The findings whose fixes are not made, and why.
_Left = dict[str, tuple[Finding, str]]
#: Does the second of two reports show a harm that the first one does not?
_Harm = Callable[[Report, Report], bool]


@dataclass(frozen=True)
class Change:
    """A file as reports name it, with its text before and after."""

    file: str
    before: str
    after: str


@dataclass(frozen=True)
class Mended:
    """The reports before and after, what changes, the files that may not be changed, each with the
    reason, and the findings whose fixes are not made, each with what they would do. ``fixed`` are
    findings of the first report that the last one lacks."""

    before: Report
    after: Report
    changes: tuple[Change, ...]
    refused: tuple[tuple[str, str], ...] = ()
    unsound: tuple[tuple[Finding, str], ...] = ()

    @property
    def fixed(self) -> tuple[Finding, ...]:
        """The findings of before that are not there any more."""
        left = {fingerprint(finding) for finding in self.after.active}
        return tuple(f for f in self.before.active if fingerprint(f) not in left)


def mend(
    paths: Sequence[str | os.PathLike[str]],
    options: Options,
    *,
    unsafe: bool,
    progress: Callable[[str], None] = lambda name: None,
) -> Mended:
    """Make the safe fixes of what a scan finds, with ``unsafe`` all of them, in memory. Of fixes
    that overlap one is made in each round; none is made twice, none after which a file could not
    be read, or after all rounds something would lack what it has, and none that does not mend its
    finding. Suppressed findings are not fixed."""
    before = scan(paths, options, progress=progress)
    judge = partial(_scanned, paths, options, progress=progress)
    harms, left = _SPOILING, _Left()
    while True:
        made, fixes = _in_rounds(before, judge, unsafe, harms, left)
        # What one round takes the next may give back: so it is where two roles change places.
        if harms is not _HARMS and _robs(before, made.after):
            harms = _HARMS
        elif vain := _in_vain(made, fixes):
            left |= vain
        else:
            return made


def _in_vain(made: Mended, fixes: Mapping[str, Finding]) -> _Left:
    """Whose fix was made and is still found."""
    left = {fingerprint(finding) for finding in made.after.active}
    return {key: (finding, _VAIN) for key, finding in fixes.items() if key in left}


def _in_rounds(
    before: Report,
    judge: Callable[[_Texts], Report],
    unsafe: bool,
    harms: Mapping[str, _Harm],
    left: _Left,
) -> tuple[Mended, dict[str, Finding]]:
    """The fixes made, but for those that do one of the ``harms`` and of those to be ``left``, round
    by round; and the findings whose fixes these are."""
    report, texts = before, _Texts()
    refused: dict[str, str] = {}
    unsound = dict(left)
    fixes: dict[str, Finding] = {}
    tried: set[tuple[str, ...]] = set()
    for _ in range(ROUNDS):
        text = partial(_text, texts, report)
        found = [
            f
            for f in report.active_of_each
            if _is_meant(f, unsafe)
            and fingerprint(f) not in left
            and _attempt(f, text) not in tried
        ]
        sources = {
            edit.span.file: FileText(edit.span.file, text(edit.span.file))
            for finding in found
            for edit in (finding.fix.edits if finding.fix else ())
        }
        refused |= {file: why for file in sources if (why := _refusal(file)) is not None}
        able = [f for f in found if f.fix and not any(e.span.file in refused for e in f.fix.edits)]
        edits = set(
            chosen([f.fix.edits for f in _in_turn(_by_most(able), sources) if f.fix], sources)
        )
        made = [f for f in able if f.fix and edits.issuperset(f.fix.edits)]
        tried |= {_attempt(f, text) for f in made}
        if not made:
            break
        attempt = partial(_edited, texts, sources)
        report, sound, harmful = _harmless(made, attempt, judge, before, harms)
        unsound |= {fingerprint(finding): (finding, harm) for finding, harm in harmful}
        fixes |= {fingerprint(finding): finding for finding in sound}
        texts = attempt(sound)
    changes = tuple(Change(file, old, new) for file, (old, new) in sorted(texts.items()))
    mended = Mended(before, report, changes, tuple(refused.items()), tuple(unsound.values()))
    return mended, fixes


def _edited(texts: _Texts, sources: dict[str, FileText], made: Sequence[Finding]) -> _Texts:
    """The texts with the fixes of these made; what several of them change alike is made once."""
    edits = dict.fromkeys(edit for finding in made if finding.fix for edit in finding.fix.edits)
    found = dict(texts)
    for file in dict.fromkeys(edit.span.file for edit in edits):
        source = sources[file]
        new = applied(source, [edit for edit in edits if edit.span.file == file])
        found[file] = texts.get(file, (source.text, ""))[0], new
    return found


def _harmless(
    made: list[Finding],
    attempt: Callable[[Sequence[Finding]], _Texts],
    judge: Callable[[_Texts], Report],
    before: Report,
    harms: Mapping[str, _Harm],
) -> tuple[Report, list[Finding], list[tuple[Finding, str]]]:
    """What a scan says with the fixes, but for those that do harm; who is left, and who does what
    harm."""
    left, harmful = made, list[tuple[Finding, str]]()
    report = judge(attempt(left))

    def is_without(does: _Harm, some: Sequence[Finding]) -> bool:
        return not does(before, judge(attempt(some)))

    for harm, does in harms.items():
        if does(before, report):
            kept = _sound(left, partial(is_without, does))
            harmful += ((finding, harm) for finding in left if finding not in kept)
            left, report = kept, judge(attempt(kept))
    return report, left, harmful


def _spoils_a_file(before: Report, after: Report) -> bool:
    """Is there a file that can no longer be read?"""
    return not _unreadable(after) <= _unreadable(before)


def _unreadable(report: Report) -> set[str]:
    return {f.span.file for f in report.findings if f.rule == file_not_readable.RULE.id}


def _robs(before: Report, after: Report) -> bool:
    """Is there a need that was met and no longer is, or of which nobody knows any more?"""
    (met, open_), (still, lost) = _by_verdict(before), _by_verdict(after)
    return not (met - open_).isdisjoint(lost - still)


def _by_verdict(report: Report) -> tuple[set[str], set[str]]:
    """The needs that are met, and the others."""
    found: tuple[set[str], set[str]] = set(), set()
    for outcome in report.outcomes:
        found[not isinstance(outcome, Met)].add(fingerprint(outcome))
    return found


#: What is said of a fix that leaves its own finding.
_VAIN = "its fix would not be enough"
#: What no fix may do, and how it is seen.
_SPOILING: Mapping[str, _Harm] = {"with its fix a file could not be read": _spoils_a_file}
_HARMS: Mapping[str, _Harm] = {
    **_SPOILING,
    "its fix would take away what something else needs": _robs,
}


def _sound(made: list[Finding], holds: Callable[[list[Finding]], bool]) -> list[Finding]:
    """Those with whose fixes together it holds, found by halves: one that breaks it is left out."""
    if not made or holds(made):
        return made
    if len(made) == 1:
        return []
    half = len(made) // 2
    first = _sound(made[:half], holds)
    return [*first, *_sound(made[half:], lambda more: holds([*first, *more]))]


def _scanned(
    paths: Sequence[str | os.PathLike[str]],
    options: Options,
    texts: _Texts,
    progress: Callable[[str], None],
) -> Report:
    """The report on the files as they would be."""
    with edited({Path(os.path.realpath(file)): new for file, (_, new) in texts.items()}):
        return scan(paths, options, progress=progress)


def _in_turn(found: list[Finding], sources: dict[str, FileText]) -> list[Finding]:
    """The findings without those that point at the place of another one: what moves away from
    there may be what they lack. Of two that point at each other the one waits whose fix only
    adds."""
    places = {finding.span: finding for finding in found}
    behind = {
        id(finding): [
            other
            for evidence in finding.related
            if (other := places.get(evidence.span)) is not None
            and other is not finding
            and other.fix != finding.fix
        ]
        for finding in found
    }
    waiting = {
        id(finding)
        for finding in found
        if any(
            finding not in behind[id(other)]
            or _only_adds(finding, sources)
            or not _only_adds(other, sources)
            for other in behind[id(finding)]
        )
    }
    return [f for f in found if id(f) not in waiting] or found


def _by_most(found: list[Finding]) -> list[Finding]:
    """The findings without those of a role of which most other instances lack the same and have
    another fix: that may be for all of them."""
    fixes: dict[tuple[object, ...], Counter[tuple[Edit, ...]]] = {}
    for finding in found:
        if finding.fix is not None:
            fixes.setdefault(_lacking(finding), Counter())[finding.fix.edits] += 1
    return [
        f
        for f in found
        if f.fix is None
        or f.need is None
        or fixes[_lacking(f)][f.fix.edits] == max(fixes[_lacking(f)].values())
    ]


def _lacking(finding: Finding) -> tuple[object, ...]:
    """What a role lacks, whichever of its instances."""
    need = finding.need
    return finding.rule, need and (block_of(need.role), need.actions)


def _only_adds(finding: Finding, sources: dict[str, FileText]) -> bool:
    """Does its fix leave all that stands in the places of its edits?"""
    edits = finding.fix.edits if finding.fix else ()
    return all(sources[edit.span.file].slice(edit.span) in edit.text for edit in edits)


def _text(texts: _Texts, report: Report, file: str) -> str:
    """What stands in the file by now."""
    return texts[file][1] if file in texts else report.lines.text(file)


def _attempt(finding: Finding, text: Callable[[str], str]) -> tuple[str, ...]:
    """The finding with what its fix writes into which block: once that is done there may be another
    thing to do about it, as at a boundary."""
    edits = finding.fix.edits if finding.fix else ()
    places = ((e.span.file, _block(text(e.span.file).split("\n")[: e.span.line])) for e in edits)
    return fingerprint(finding), *chain.from_iterable(places), *(edit.text for edit in edits)


def _block(lines: list[str]) -> str:
    """The head of the block, or of a template's resource, that the last of the lines is in."""
    return next((line for line in reversed(lines) if _is_head(line)), "")


def _is_head(line: str) -> bool:
    said = line.strip()
    if line[:1].strip():
        return said.endswith("{")
    margin = len(line) - len(line.lstrip())
    is_key = said.removesuffix("{").rstrip().endswith(":") and "=" not in said
    return 0 < margin <= 4 and is_key


def _is_meant(finding: Finding, unsafe: bool) -> bool:
    fix = finding.fix
    return (
        fix is not None and bool(fix.edits) and (unsafe or fix.applicability is Applicability.SAFE)
    )


def _refusal(file: str) -> str | None:
    """Why the file may not be changed."""
    if os.path.islink(file):
        return "is a link"
    return None if os.stat(file).st_mode & 0o222 else "is read-only"
