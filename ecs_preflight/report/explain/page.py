"""Explain as one HTML page that needs nothing beside itself: no network, no other file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby

from ... import __version__
from ...findings.escape import lines
from ...findings.finding import Finding
from ...symbolic.answers import Evidence
from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ..markup import attribute
from ..terminal import clean
from .drawing import svg
from .explanation import Explanation, StackView
from .map import Map
from .table import VERDICTS, Row, counts

COLUMNS = ("Verdict", "Who", "May do", "On", "Because", "Rests on")
#: A map of more boxes is folded until somebody opens it.
OPEN_MAP = 60
#: Where a long name may be broken.
_BREAK = regex(r"(?<=[/:.\]])(?=\w)")
_CARDS = (("task_definitions", "task definitions"), ("launches", "launches"), ("roles", "roles"))


def render(explanation: Explanation) -> str:
    """The page: totals, filters, and for each stack its map and a table of needs for each task."""
    body = "\n".join(
        (
            _header(explanation),
            _filters(explanation),
            "<main>",
            *(_stack(stack, number) for number, stack in enumerate(explanation.stacks)),
            '<p id="none" hidden>No need matches the filters.</p>',
            "</main>",
            f"<footer>ecs-preflight {escape(__version__)}</footer>",
        )
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
        '<meta name="color-scheme" content="light dark">\n'
        '<link rel="icon" href="data:,">\n'
        "<title>What the tasks need - ecs-preflight</title>\n"
        f"<style>\n{_data('page.css')}</style>\n"
        f"</head>\n<body>\n{body}\n<script>\n{_data('page.js')}</script>\n</body>\n</html>\n"
    )


def _data(name: str) -> str:
    return files("ecs_preflight.report").joinpath("data").joinpath(name).read_text("utf-8")


def _header(explanation: Explanation) -> str:
    totals = explanation.totals
    cards = [(totals[name], label, "") for name, label in _CARDS]
    cards += [(totals[verdict], verdict, _class(verdict)) for verdict in VERDICTS]
    tiles = "".join(
        f'<div class="tile {kind}"><b>{number}</b> {escape(label)}</div>'
        for number, label, kind in cards
        if number or kind != "no-role"
    )
    return (
        f"<header>\n<h1>What the tasks need</h1>\n<p>{escape(explanation.coverage)}.</p>\n"
        f'<div class="tiles">{tiles}</div>\n</header>'
    )


def _filters(explanation: Explanation) -> str:
    found = counts(explanation.needs)
    chips = "".join(
        f'<label class="chip {_class(verdict)}"><input type="checkbox" name="verdict" '
        f'value="{verdict}" checked> {verdict} <span>{found[verdict]}</span></label>'
        for verdict in VERDICTS
        if found[verdict]
    )
    roles = sorted({row.role for row in explanation.needs})
    tasks = sorted({row.task for row in explanation.needs})
    return (
        '<form id="filters" hidden aria-label="Filters">\n'
        '<input type="search" id="text" placeholder="Filter by text ( / )" aria-label="Text">\n'
        f"{_select('task', 'All tasks', tasks)}\n{_select('role', 'All roles', roles)}\n"
        f"<fieldset><legend>Verdict</legend>{chips}</fieldset>\n"
        '<button type="reset">Reset</button>\n<output id="shown" aria-live="polite"></output>\n'
        "</form>"
    )


def _select(name: str, everything: str, values: Sequence[str]) -> str:
    options = "".join(f"<option>{attribute(value)}</option>" for value in values)
    return (
        f'<select id="{name}" aria-label="{name.capitalize()}"><option value="">{everything}'
        f"</option>{options}</select>"
    )


def _stack(stack: StackView, number: int) -> str:
    nodes = {(node.title, node.kind): node.id for node in stack.map.nodes}
    parts = [f'<section class="stack" id="s{number}">', f"<h2>{_name(stack.name)}</h2>"]
    if stack.map.nodes:
        opened = " open" if len(stack.map.nodes) <= OPEN_MAP else ""
        parts.append(
            f'<details{opened}><summary>Map</summary><div class="map" tabindex="0" '
            f'role="region" aria-label="Map of {attribute(stack.name)}">'
            f"{svg(stack.map, stack.name)}</div></details>"
        )
    for task, rows in groupby(stack.needs, key=lambda row: row.task):
        parts.append(_task(task, list(rows), stack.map, nodes))
    if stack.findings:
        parts.append('<section class="others"><h3>Other findings</h3><ul>')
        parts += [_finding(finding) for finding in stack.findings]
        parts.append("</ul></section>")
    return "\n".join([*parts, "</section>"])


def _task(task: str, rows: list[Row], drawn: Map, nodes: dict[tuple[str, str], str]) -> str:
    found = counts(rows)
    marks = " ".join(
        f'<span class="mark {_class(verdict)}">{found[verdict]} {verdict}</span>'
        for verdict in VERDICTS
        if found[verdict]
    )
    head = "".join(f'<th scope="col">{column}</th>' for column in COLUMNS)
    return (
        f'<section class="task"><h3>{_name(task)} {marks}</h3>\n'
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(_row(row, drawn, nodes) for row in rows)
        + "\n</tbody></table></section>"
    )


def _row(row: Row, drawn: Map, nodes: dict[tuple[str, str], str]) -> str:
    shown = " ".join(_nodes_of(row, drawn, nodes))
    actions = " ".join(f"<code>{_name(action)}</code>" for action in row.actions)
    verdict = f'<span class="mark {_class(row.verdict)}">{row.verdict}</span>'
    cells = (
        f'{verdict} <a class="rule" href="{attribute(row.help)}">{escape(row.rule)}</a>',
        f"{escape(row.principal)} <code>{_name(row.role)}</code>" if row.principal else "",
        actions,
        " ".join(f"<code>{_name(resource)}</code>" for resource in row.resources),
        f"<span>{'to ' if row.principal else ''}{_name(row.purpose)}</span> {_at(row.because)}",
        "".join(_rests_on(row)),
    )
    body = "".join(
        f'<td data-label="{label}"><div>{cell}</div></td>'
        for label, cell in zip(COLUMNS, cells, strict=True)
        if cell
    )
    return (
        f'<tr data-verdict="{row.verdict}" data-task="{attribute(row.task)}" '
        f'data-role="{attribute(row.role)}" data-nodes="{shown}">{body}</tr>'
    )


def _nodes_of(row: Row, drawn: Map, nodes: dict[tuple[str, str], str]) -> Iterator[str]:
    """The ids of the boxes that the row is about: owner, task, role with policies, resources."""
    services = ", ".join(dict.fromkeys(action.partition(":")[0] for action in row.actions))
    needed = row.resources or (services,)
    titles = {row.owner, row.task, row.role, f"no {row.principal}", *needed}
    named = [id_ for (title, _), id_ in nodes.items() if title in titles]
    yield from named
    yield from (node.id for node in drawn.nodes if node.beside in named)


def _rests_on(row: Row) -> Iterator[str]:
    if row.why:
        yield f"<p>{_name(row.why)}</p>"
    if row.closing:
        yield f'<p class="closing">{escape(row.closing)}</p>'
    for evidence in row.evidence:
        yield f"<p>{_evidence(evidence)}</p>"
    if row.message and not row.evidence:
        yield f"<p>{_name(row.message)}</p>"
    if row.boundary is not None:
        yield f"<p>within {_evidence(row.boundary)}</p>"
    if row.fix:
        yield f'<p class="fix">{_name(row.fix)}</p>'
    if row.snippet:
        yield f'<pre tabindex="0">{escape(lines(row.snippet))}</pre>'


def _evidence(evidence: Evidence) -> str:
    return f"{_name(evidence.message)} {_at(evidence.span)}"


def _finding(finding: Finding) -> str:
    kind = finding.severity.value
    return (
        f'<li><span class="mark {kind}">{kind}</span> '
        f'<a href="{attribute(finding.help)}">{escape(finding.rule)}</a> '
        f"{_name(finding.message)} {_at(finding.span)}</li>"
    )


def _at(span: Span) -> str:
    return f'<span class="at">{_name(f"{span.file}:{span.line}")}</span>' if span.file else ""


def _name(text: str) -> str:
    """A text that may be broken within its long names, rather than run out of its cell."""
    return "<wbr>".join(escape(part) for part in _BREAK.split(" ".join(clean(text).split())))


def _class(verdict: str) -> str:
    return verdict.replace(" ", "-")
