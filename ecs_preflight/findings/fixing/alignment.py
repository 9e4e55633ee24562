"""Equals signs and comments of neighbouring lines under each other, as Terraform's formatter puts
them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ..sources import FileText, string_end

_ASSIGNMENT = re.compile(r'^([ \t]*(?:"[^"\n]*"|[\w.-]+|\([^()\n]*\)))[ \t]+=(?![=>])')
_OPENING, _CLOSING = "([{", ")]}"
#: Where in a line what is to be aligned begins; None where the line has no such.
_Column = Callable[[str], "int | None"]


def realigned(source: FileText, ranges: Iterable[tuple[int, int]]) -> str:
    """The text with the lines around each range (offsets) aligned anew, where those that are not in
    a range were aligned before."""
    lines = source.text.split("\n")
    code = _code_lines(source, lines)
    touched: set[int] = set()
    for start, end in ranges:
        first = source.text.count("\n", 0, start)
        touched.update(range(first, first + source.text.count("\n", start, end) + 1))
    for column in (_equals, _comment):
        done: set[int] = set()
        for number in sorted(touched & code):
            if number not in done:
                chain = _chain(lines, code, number, column)
                done.update(chain)
                _align(lines, chain, touched, column)
    return "\n".join(lines)


def _code_lines(source: FileText, lines: list[str]) -> set[int]:
    """The lines that do not begin in a heredoc."""
    found, count = set(range(len(lines))), source.text.count
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


def _align(lines: list[str], chain: list[int], touched: set[int], column: _Column) -> None:
    columns = {number: at for number in chain if (at := column(lines[number])) is not None}
    if len({at for number, at in columns.items() if number not in touched}) > 1:
        return
    heads = {number: lines[number][:at].rstrip() for number, at in columns.items()}
    width = max(map(len, heads.values()), default=0)
    for number, head in heads.items():
        lines[number] = f"{head:<{width}} {lines[number][columns[number] :]}"


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
    depth = offset = 0
    while offset < len(line):
        if line[offset] == '"':
            offset = string_end(line, offset)
            continue
        if line[offset] == "#" or line.startswith("//", offset):
            return depth, offset
        depth += (line[offset] in _OPENING) - (line[offset] in _CLOSING)
        offset += 1
    return depth, None
