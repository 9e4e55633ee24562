"""Fixes made and judged again, round by round, until nothing changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ..findings.finding import Applicability, Finding
from ..findings.fixing.applying import applied, chosen
from ..findings.identity import fingerprint
from ..findings.sources import FileText
from ..rules import file_not_readable
from ..symbolic.records import dataclass
from ..symbolic.source import edited
from .options import Options
from .scan import Report, scan

#: As ruff does: what needs more rounds than these is left.
ROUNDS = 10


@dataclass(frozen=True)
class Change:
    """A file as reports name it, with its text before and after."""

    file: str
    before: str
    after: str


@dataclass(frozen=True)
class Mended:
    """The reports before and after, what changes, and the files that may not be changed, each with
    the reason. ``fixed`` are findings of the first report that the last one lacks."""

    before: Report
    after: Report
    changes: tuple[Change, ...]
    refused: tuple[tuple[str, str], ...] = ()

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
    that overlap one is made in each round; none is made twice. Suppressed findings are not
    fixed."""
    before = report = scan(paths, options, progress=progress)
    texts: dict[str, tuple[str, str]] = {}
    refused: dict[str, str] = {}
    tried: set[tuple[str, ...]] = set()
    for _ in range(ROUNDS):
        text = partial(_text, texts, report)
        found = [
            f for f in report.active if _is_meant(f, unsafe) and _attempt(f, text) not in tried
        ]
        sources = {
            edit.span.file: FileText(edit.span.file, text(edit.span.file))
            for finding in found
            for edit in (finding.fix.edits if finding.fix else ())
        }
        refused |= {file: why for file in sources if (why := _refusal(file)) is not None}
        able = [f for f in found if f.fix and not any(e.span.file in refused for e in f.fix.edits)]
        edits = chosen([f.fix.edits for f in _in_turn(able, sources) if f.fix], sources)
        made = set(edits)
        tried |= {_attempt(f, text) for f in able if f.fix and made.issuperset(f.fix.edits)}
        if not edits:
            break
        held = dict(texts)
        for file in dict.fromkeys(edit.span.file for edit in edits):
            source = sources[file]
            new = applied(source, [edit for edit in edits if edit.span.file == file])
            texts[file] = texts.get(file, (source.text, ""))[0], new
        report = _scanned(paths, options, texts, progress)
        broken = _unreadable(report) - _unreadable(before)
        if broken:
            refused |= dict.fromkeys(broken, "the fixes would leave it unreadable")
            texts = {file: text for file, text in texts.items() if file not in broken}
            texts |= {file: text for file, text in held.items() if file in broken}
            report = _scanned(paths, options, texts, progress)
    changes = tuple(Change(file, old, new) for file, (old, new) in sorted(texts.items()))
    return Mended(before, report, changes, tuple(refused.items()))


def _scanned(
    paths: Sequence[str | os.PathLike[str]],
    options: Options,
    texts: dict[str, tuple[str, str]],
    progress: Callable[[str], None],
) -> Report:
    """The report on the files as they would be."""
    with edited({Path(os.path.realpath(file)): new for file, (_, new) in texts.items()}):
        return scan(paths, options, progress=progress)


def _unreadable(report: Report) -> set[str]:
    return {f.span.file for f in report.findings if f.rule == file_not_readable.RULE.id}


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


def _only_adds(finding: Finding, sources: dict[str, FileText]) -> bool:
    """Does its fix leave all that stands in the places of its edits?"""
    edits = finding.fix.edits if finding.fix else ()
    return all(sources[edit.span.file].slice(edit.span) in edit.text for edit in edits)


def _text(texts: dict[str, tuple[str, str]], report: Report, file: str) -> str:
    """What stands in the file by now."""
    return texts[file][1] if file in texts else report.lines.text(file)


def _attempt(finding: Finding, text: Callable[[str], str]) -> tuple[str, ...]:
    """The finding with what its fix writes into which block: once that is done there may be another
    thing to do about it, as at a boundary."""
    edits = finding.fix.edits if finding.fix else ()
    blocks = (_block(text(edit.span.file).split("\n")[: edit.span.line]) for edit in edits)
    return fingerprint(finding), *blocks, *(edit.text for edit in edits)


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
