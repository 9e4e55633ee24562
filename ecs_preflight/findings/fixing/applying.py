"""Edits put into a text: one for a place and round, as ruff does it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence

from ...symbolic.patterns import regex
from ..finding import Edit
from ..sources import FileText

#: What a text declares by name: two edits that declare the same come one after the other.
_DECLARED = regex(r'^(?:resource|variable|output)(?:\s+"[\w-]+")+', re.M)
#: What a role has once: at one place two edits may not bring it.
_POLICIES = regex(r'^[ \t]*(?:- )?"?(?:Policies|PolicyName)"?:', re.M)

_STATEMENT = regex(r"\bstatement \{|\bEffect\b")


def chosen(fixes: Iterable[Sequence[Edit]], source_of: dict[str, FileText]) -> list[Edit]:
    """The edits of those fixes that can be made together: what overlaps an earlier fix's waits.
    The same edit for two findings is one."""
    taken: list[tuple[str, int, int]] = []
    declared: set[tuple[str, str]] = set()
    edits: dict[Edit, None] = {}
    for fix in fixes:
        places = [_place(edit, source_of[edit.span.file]) for edit in fix]
        names = {(edit.span.file, name) for edit in fix for name in _declared(edit)}
        fresh = [p for p, edit in zip(places, fix, strict=True) if edit not in edits]
        if any(_overlap(a, b) for a in fresh for b in taken) or (
            names & declared and any(edit not in edits for edit in fix)
        ):
            continue
        taken += fresh
        declared |= names
        edits.update(dict.fromkeys(fix))
    return list(edits)


def _declared(edit: Edit) -> Iterator[str]:
    """What another edit must not bring too, at least not in the same round: a resource of that
    name; at one place a role's policies, or a statement for the same service, which the next round
    extends."""
    yield from _DECLARED.findall(edit.text)
    if _POLICIES.search(edit.text):
        yield f"{edit.span.line}:{edit.span.column} policies"
    if _STATEMENT.search(edit.text):
        service = re.search(r"""["' \[]([a-z-]+):[A-Z]""", edit.text)
        yield f"{edit.span.line}:{edit.span.column} {service[1] if service else ''}"


def _place(edit: Edit, source: FileText) -> tuple[str, int, int]:
    return edit.span.file, source.start(edit.span), source.end(edit.span)


def _overlap(a: tuple[str, int, int], b: tuple[str, int, int]) -> bool:
    """Do they touch the same characters, or does one insert beside what the other replaces? Two
    insertions at one place do not, nor two replacements side by side."""
    if a[0] != b[0] or (a[1] == a[2] == b[1] == b[2]):
        return False
    if a[1] == a[2] or b[1] == b[2]:
        return a[1] <= b[2] and b[1] <= a[2]
    return a[1] < b[2] and b[1] < a[2]


def applied(source: FileText, edits: Iterable[Edit]) -> str:
    """The text with the edits made."""
    return spliced(source, edits)[0]


def spliced(source: FileText, edits: Iterable[Edit]) -> tuple[str, list[tuple[int, int]]]:
    """The text with the edits made, and where in it the text of each stands, in order."""
    pieces: list[str] = []
    ranges: list[tuple[int, int]] = []
    at = length = 0
    for edit in in_order(source, edits):
        kept = source.text[at : source.start(edit.span)]
        pieces += [kept, edit.text]
        start = length + len(kept)
        length = start + len(edit.text)
        ranges.append((start, length))
        at = source.end(edit.span)
    return "".join([*pieces, source.text[at:]]), ranges


def in_order(source: FileText, edits: Iterable[Edit]) -> list[Edit]:
    """The edits from the text's beginning to its end; of several at one place that first which is
    furthest in: it goes on with what stands there, and what is further out begins anew."""
    return sorted(edits, key=lambda edit: (source.start(edit.span), *_outwards(edit.text)))


def _outwards(text: str) -> tuple[int, bool]:
    """How far out a text begins its first line, an item before a key: YAML lets both begin alike.
    What goes on with the line is further in than all others."""
    first = text.lstrip("\n")
    if first == text:
        return -sys.maxsize, False
    line = first.lstrip(" \t")
    return len(line) - len(first), not line.startswith("-")
