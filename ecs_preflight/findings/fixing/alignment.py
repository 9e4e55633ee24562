"""Equals signs and comments of neighbouring lines under each other, as Terraform's formatter puts
them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ...symbolic.budget import charge
from ...symbolic.patterns import regex
from ...symbolic.records import replace
from ..finding import Edit
from ..sources import HCL_ENDINGS, FileText, Sources, string_end
from .applying import in_order, spliced
from .quotes import as_around

_ASSIGNMENT = regex(r'^([ \t]*(?:"[^"\n]*"|[\w.-]+|\([^()\n]*\)))[ \t]+=(?![=>])')
_OPENING, _CLOSING = "([{", ")]}"
_MARK = regex(r'["#()\[\]{}]|//')
#: Where in a line what is to be aligned begins; None where the line has no such.
_Column = Callable[[str], "int | None"]
#: Where in the new text something stands: what the edit has written, or what other white space is
#: to come instead of.
_Piece = tuple[int, int, "Edit | str"]


def completed(edits: Iterable[Edit], sources: Sources) -> tuple[Edit, ...]:
    """The edits as they are made, by whomever: with the quotes and line ends of their files, and
    with what keeps Terraform's assignments aligned around them, where they were."""
    found: list[Edit] = []
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.span.file, []).append(edit)
    for file, own in by_file.items():
        source = sources.of(file)
        made = [replace(e, text=as_around(source, e.text)) for e in own]
        made = _aligned(source, made, sources) if file.endswith(HCL_ENDINGS) else made
        found += (replace(e, text=e.text.replace("\n", source.newline)) for e in made)
    return tuple(found)


def _aligned(source: FileText, edits: Sequence[Edit], sources: Sources) -> list[Edit]:
    charge(len(source.text) // 50)
    ordered = in_order(source, edits)
    text, ranges = spliced(source, ordered)
    tidy = sources.once(("tidy", source.file), lambda: _is_tidy(source))
    gaps = list(_gaps(text, realigned(FileText(source.file, text), ranges, tidy=tidy)))

    def origin(offset: int, *, ending: bool) -> int:
        """Where in the source that stands: what an edit writes begins and ends with the edit."""
        moved = 0
        for (start, end), edit in zip(ranges, ordered, strict=True):
            if offset < start or (offset == start and not ending):
                break
            moved = end - source.end(edit.span)
        return offset - moved

    written = [(*place, edit) for place, edit in zip(ranges, ordered, strict=True)]
    found: list[Edit] = []
    for group in _groups([*written, *gaps]):
        (start, _, first), end = group[0], max(end for _, end, _ in group)
        if isinstance(first, Edit) and len(group) == 1:
            found.append(first)
            continue
        new, at = "", start
        for begin, last, space in group:
            if isinstance(space, str):
                new, at = new + text[at:begin] + space, last
        place = origin(start, ending=False), origin(end, ending=True)
        found.append(Edit(source.span(*place), new + text[at:end]))
    return found


def _gaps(old: str, new: str) -> Iterator[_Piece]:
    """Where white space of the old text is another one in the new text."""
    at = 0
    for before, after in zip(old.split("\n"), new.split("\n"), strict=True):
        first = second = 0
        while before != after and first < len(before) and second < len(after):
            end, other = _space_end(before, first), _space_end(after, second)
            if before[first:end] != after[second:other]:
                yield at + first, at + end, after[second:other]
            first, second = end + 1, other + 1
        at += len(before) + 1


def _space_end(line: str, at: int) -> int:
    while line[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def _groups(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """In order, together what touches white space that changes."""
    groups: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece[:2]):
        last = groups[-1] if groups else []
        touches = bool(last) and piece[0] <= max(end for _, end, _ in last)
        if touches and any(isinstance(space, str) for _, _, space in (*last, piece)):
            last.append(piece)
        else:
            groups.append([piece])
    return groups


def _is_tidy(source: FileText) -> bool:
    """Is all of the file aligned as the formatter does?"""
    return realigned(source, [(0, len(source.text))]) == source.text


def realigned(source: FileText, ranges: Iterable[tuple[int, int]], *, tidy: bool = False) -> str:
    """The text with the lines around each range (offsets) aligned anew, where those that are not in
    a range were aligned before: white space alone changes. In a file that was ``tidy`` so are the
    neighbours of what has nothing to align, or has gone."""
    lines = source.text.split("\n")
    code = _code_lines(source, lines)
    touched: set[int] = set()
    kept: set[int] = set()
    for start, end in ranges:
        first = source.text.count("\n", 0, start)
        touched.update(range(first, first + source.text.count("\n", start, end) + 1))
        if "=" in source.text[source.line_start(start) : start]:
            kept.add(first)  # of its assignment the value alone is new
    for number in touched & code if tidy else ():
        lines[number] = _alone(lines[number])
    for column in (_equals, _comment):
        done: set[int] = set()
        near = {at + step for at in touched for step in (-1, 1)} if tidy else set()
        for number in sorted((touched | near) & code):
            if number not in done:
                chain = _chain(lines, code, number, column)
                done.update(chain)
                new = touched - kept if column is _equals else touched
                _align(lines, chain, new, column, tidy=tidy)
    return "\n".join(lines)


def _code_lines(source: FileText, lines: list[str]) -> set[int]:
    """The lines that do not begin in a heredoc."""
    found, count = set(range(len(lines))), source.text.count
    if "<<" not in source.text:
        return found
    for start, end, kind in source.tokens:
        if kind == "heredoc":
            first = count("\n", 0, start)
            found.difference_update(range(first + 1, first + 1 + count("\n", start, end)))
    return found


def _chain(lines: list[str], code: set[int], number: int, column: _Column) -> list[int]:
    """The lines around that one, with it, which all have something to be aligned."""
    found: list[int] = []
    for step, first in ((-1, number), (1, number + 1)):
        at = first
        while at in code and column(lines[at]) is not None:
            found.append(at)
            at += step
        if not found:
            break
    return sorted(found)


def _align(
    lines: list[str], chain: list[int], new: set[int], column: _Column, *, tidy: bool
) -> None:
    """The lines of the chain aligned, if those were that are not ``new``; where these are aligned
    as no formatter does, they stay so."""
    columns = {number: at for number in chain if (at := column(lines[number])) is not None}
    present = {at for number, at in columns.items() if number not in new}
    if len(present) > 1:
        return
    heads = {number: lines[number][:at].rstrip() for number, at in columns.items()}
    width = max([0, *map(len, heads.values()), *(at - 1 for at in present if not tidy)])
    for number, head in heads.items():
        lines[number] = f"{head:<{width}} {lines[number][columns[number] :]}"


def _alone(line: str) -> str:
    """A line whose assignment goes on in further ones is aligned with no other."""
    found = _ASSIGNMENT.match(line)
    return f"{found[1]} {line[found.end() - 1 :]}" if found and _scanned(line)[0] > 0 else line


def _equals(line: str) -> int | None:
    """Where the equals sign of an assignment stands whose value ends in the line."""
    found = _ASSIGNMENT.match(line)
    return found.end() - 1 if found and _scanned(line)[0] == 0 else None


def _comment(line: str) -> int | None:
    """Where the comment behind the line's code stands."""
    at = _scanned(line)[1]
    return at if at is not None and line[:at].strip() else None


def _scanned(line: str) -> tuple[int, int | None]:
    """How many brackets the line leaves open (or closes too many), and where its comment begins."""
    charge(1 + len(line) // 8)
    depth = offset = 0
    while found := _MARK.search(line, offset):
        mark, offset = found[0], found.end()
        if mark == '"':
            offset = string_end(line, found.start())
        elif mark in _OPENING:
            depth += 1
        elif mark in _CLOSING:
            depth -= 1
        else:
            return depth, found.start()
    return depth, None
