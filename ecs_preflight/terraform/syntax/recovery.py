"""Where tree-sitter's repairs began.

In a text with a fault, tree-sitter's tree is a guess from far before the fault. The items before it
are sound, though, so the first item that cannot be parsed is found, and the fault in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise

from tree_sitter import Node

from ...symbolic.patterns import regex

_EDGE = regex(r"[{}\n]|\Z")
#: What lacks its ``=`` or ``{``.
_HEADER = regex(r"\s*[\w-]+(\s+([\w-]+|\" *\"))*\s*")
_LINE = regex(r"\n|\Z")


def first_fault(masked: str, parsed: Callable[[str], Node]) -> int:
    """The offset of the first fault in masked code that has one; ``parsed`` parses code."""
    for start, end in _items(masked):
        if parsed(masked[start:end]).has_error:
            return start + _fault(masked[start:end], parsed)
    return 0


def _items(masked: str) -> Iterator[tuple[int, int]]:
    """The lines, each with all of the block that begins on it."""
    start = depth = 0
    for edge in _EDGE.finditer(masked):
        depth += {"{": 1, "}": -1}.get(edge.group(), 0)
        if depth == 0 and edge.group() in ("\n", ""):
            yield start, edge.end()
            start = edge.end()


def _fault(item: str, parsed: Callable[[str], Node]) -> int:
    lines = [0, *(line.end() for line in _LINE.finditer(item))]
    depths = list(
        accumulate(
            (item.count("{", *cut) - item.count("}", *cut) for cut in pairwise(lines)), initial=0
        )
    )

    def upto(count: int) -> Node:
        """The first ``count`` lines, with what is open closed."""
        return parsed(item[: lines[count]] + "}" * depths[count])

    sound, faulty = 0, len(lines) - 1
    while faulty - sound > 1:
        middle = (sound + faulty) // 2
        sound, faulty = (sound, middle) if upto(middle).has_error else (middle, faulty)
    line = item[lines[sound] : lines[faulty]]
    begin = lines[sound] + len(line) - len(line.lstrip())
    end = lines[sound] + len(line.rstrip())
    places = [
        place
        for place, is_error in _marks(upto(faulty))
        if begin <= place <= lines[faulty] and not (is_error and place == begin)
    ]
    return min(min(places, default=end if _HEADER.fullmatch(line) else begin), end)


def _marks(root: Node) -> Iterator[tuple[int, bool]]:
    """The places of what tree-sitter inserted, and of the errors that begin where it gave up. Where
    it is at a loss it asks for a heredoc's name, which masked code never holds."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.is_missing or node.type == "heredoc_identifier":
            yield node.start_byte, False
        elif node.is_error:
            yield node.start_byte, True
        if node.has_error:
            pending.extend(node.children)
