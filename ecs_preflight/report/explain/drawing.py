"""The map as SVG: launches, task definitions, roles with their policies, and what they need, in
columns from left to right."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from ..terminal import clean
from .map import LAUNCH, POLICY, RESOURCE, ROLE, TASK, Edge, Map, MapNode

COLUMNS = {LAUNCH: 0, TASK: 1, ROLE: 2, POLICY: 2, RESOURCE: 3}
HEADS = ("What launches", "Task definitions", "Roles and their policies", "What they need")
WIDTH, GAP, HEIGHT, BETWEEN, TOP = 260, 84, 44, 14, 36
#: A policy is drawn below its role, a little lower and narrower.
INDENT, LOW, CLOSE = 18, 30, 5
#: How many columns a character takes, about.
LETTER = 7.3
#: What a box says of an address beside its note: neither "module." nor the resource's type.
_WORDY = regex(r"\bmodule\.|\baws_\w+\.")


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> tuple[float, float]:
        return self.x, self.y + self.height / 2

    @property
    def right(self) -> tuple[float, float]:
        return self.x + self.width, self.y + self.height / 2


def svg(drawn: Map, name: str) -> str:
    """The drawing; boxes and arrows carry the ids of what they show, for the page's filters."""
    boxes = _boxes(drawn)
    width = WIDTH * len(HEADS) + GAP * (len(HEADS) - 1) + 2
    height = max((box.y + box.height for box in boxes.values()), default=TOP) + 2
    heads = "".join(
        f'<text class="head" x="{1 + column * (WIDTH + GAP)}" y="18">{head}</text>'
        for column, head in enumerate(HEADS)
    )
    arrows = "".join(_arrow(edge, boxes) for edge in drawn.edges)
    nodes = "".join(_node(node, boxes[node.id]) for node in drawn.nodes)
    return (
        f'<svg viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" role="img" '
        f'aria-label="{escape(clean(f"Map of {name}"))}">{heads}{arrows}{nodes}</svg>'
    )


def _boxes(drawn: Map) -> Mapping[str, _Box]:
    """From right to left: what is needed from the top, and each thing beside what it points at."""
    order = _order(drawn)
    nodes = sorted(drawn.nodes, key=lambda node: order[node.id])
    boxes: dict[str, _Box] = {}
    for kind in (RESOURCE, ROLE, TASK, LAUNCH):
        bottom = float(TOP)
        for node in (node for node in nodes if node.kind == kind):
            block = [node, *(policy for policy in nodes if policy.beside == node.id)]
            height = HEIGHT + (len(block) - 1) * (LOW + CLOSE)
            y = max(bottom, _beside(block, drawn, boxes) - height / 2)
            x = 1 + COLUMNS[kind] * (WIDTH + GAP)
            boxes[node.id] = _Box(x, y, WIDTH, HEIGHT)
            for index, policy in enumerate(block[1:]):
                top = y + HEIGHT + CLOSE + index * (LOW + CLOSE)
                boxes[policy.id] = _Box(x + INDENT, top, WIDTH - INDENT, LOW)
            bottom = y + height + BETWEEN
    return boxes


def _beside(block: list[MapNode], drawn: Map, boxes: Mapping[str, _Box]) -> float:
    """The height around which stands what the block points at; the top, where that is nothing."""
    ids = {node.id for node in block}
    targets = {e.target for e in drawn.edges if e.source in ids and e.target in boxes}
    heights = [boxes[target].left[1] for target in targets]
    return sum(heights) / len(heights) if heights else 0.0


def _order(drawn: Map) -> Mapping[str, tuple[float, ...]]:
    """Tasks as they come; launches beside their first task, roles beside their first user, policies
    below their role, resources beside their first role."""
    place: dict[str, tuple[float, ...]] = {}
    for kind in (TASK, LAUNCH, ROLE, POLICY, RESOURCE):
        for index, node in enumerate(n for n in drawn.nodes if n.kind == kind):
            if kind == TASK:
                place[node.id] = (index,)
            elif kind == POLICY:
                place[node.id] = (*place[node.beside], index + 1.0)
            elif kind == LAUNCH:
                targets = [place[e.target] for e in drawn.edges if _is(place, node, e)]
                place[node.id] = (*min(targets, default=(float("inf"),)), index)
            else:
                users = [place[e.source] for e in drawn.edges if e.target == node.id]
                users = [user for user in users if user] or [(float("inf"),)]
                place[node.id] = (*min(users), index)
    return place


def _is(place: Mapping[str, tuple[float, ...]], node: MapNode, edge: Edge) -> bool:
    return edge.source == node.id and edge.target in place


def _arrow(edge: Edge, boxes: Mapping[str, _Box]) -> str:
    (x1, y1), (x2, y2) = boxes[edge.source].right, boxes[edge.target].left
    bend = max(abs(x2 - x1) / 2, 30)
    path = f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    return (
        f'<path class="edge {_class(edge.verdict)}" data-ends="{edge.source} {edge.target}" '
        f'd="{path}"><title>{escape(clean(edge.label))}</title></path>'
    )


def _node(node: MapNode, box: _Box) -> str:
    low = node.kind == POLICY
    where = f" ({node.place.file}:{node.place.line})" if node.place.file else ""
    title = _text(box, 19 if low else 18, node.title)
    note = "" if low else _text(box, 34, node.note, "note")
    return (
        f'<g class="node {node.kind} {_class(node.verdict)}" data-id="{node.id}">'
        f"<title>{escape(clean(f'{node.note}: {node.title}{where}'))}</title>"
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" '
        f'rx="{box.height / 2 if node.kind == ROLE else 6:g}"/>{title}{note}</g>'
    )


def _text(box: _Box, below: int, text: str, kind: str = "") -> str:
    most = int((box.width - 24) / LETTER)
    style = f' class="{kind}"' if kind else ""
    fits = escape(_fit(text, most))
    return f'<text{style} x="{box.x + 12:g}" y="{box.y + below:g}">{fits}</text>'


def _fit(text: str, most: int) -> str:
    """Of a text that is too long for a box, what tells it from others: an address without the words
    that all have, the end of anything else."""
    text = clean(text)
    if len(text) > most:
        text = _WORDY.sub("", text)
    return text if len(text) <= most else f"…{text[-most + 1 :]}"


def _class(verdict: str) -> str:
    return verdict.replace(" ", "-")
