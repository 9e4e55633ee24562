"""What the tasks need of their roles at a glance: a table of counts, and a map of what is
missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..analysis.scan import Report
from ..findings.escape import mermaid
from ..findings.finding import Finding, Met, NeedRecord, Outcome, Undecided
from ..findings.identity import of_role
from .coverage import plural
from .markup import code, link

#: What is drawn and listed at most; GitHub's Mermaid refuses maps of more than some hundred arrows.
ARROWS, ROWS = 40, 200


def parts(report: Report, source: str) -> Iterator[str]:
    """Sections of Markdown: the map, where a need is unmet, and the table, where there are
    needs."""
    unmet = [
        (finding, finding.need)
        for finding in report.active
        if finding.need is not None and finding.need.role
    ]
    if unmet:
        yield "#### What is missing"
        yield "\n".join(["```mermaid", "flowchart LR", *_map(unmet), "```"])
    rows = list(_rows(report, source))
    if rows:
        yield "#### What the tasks need"
        head = ["| task or service | role | met | unmet | undecided |", "|---|---|--:|--:|--:|"]
        more = [f"\n{plural(len(rows) - ROWS, 'more row')} left out."] if len(rows) > ROWS else []
        yield "\n".join([*head, *rows[:ROWS], *more])


def _map(unmet: list[tuple[Finding, NeedRecord]]) -> Iterator[str]:
    """Owner, its role, and what the role lacks on which resource."""
    nodes: dict[tuple[str, str], str] = {}
    arrows: dict[str, None] = {}
    for finding, need in unmet:
        owner = _node(nodes, "o", finding.owner.address)
        role = _node(nodes, "r", need.role)
        services = ", ".join(dict.fromkeys(action.partition(":")[0] for action in need.actions))
        target = _node(nodes, "t", services if need.on == "*" else need.on)
        arrows[f"  {owner} -->|{_label(need.principal.value)}| {role}"] = None
        arrows[f"  {role} -. {_label(', '.join(need.actions))} .-> {target}"] = None
        if len(arrows) >= ARROWS:
            break
    for (kind, text), name in nodes.items():
        opened, closed = {"o": ("[", "]"), "r": ("([", "])"), "t": ("[/", "/]")}[kind]
        yield f"  {name}{opened}{_label(text)}{closed}"
    yield from arrows
    yield "  classDef missing stroke:#d1242f,stroke-dasharray:4"
    yield (
        "  class " + ",".join(name for (kind, _), name in nodes.items() if kind == "t") + " missing"
    )


def _node(nodes: dict[tuple[str, str], str], kind: str, text: str) -> str:
    return nodes.setdefault((kind, text), f"{kind}{len(nodes)}")


def _label(text: str) -> str:
    return f'"{mermaid(text)}"'


def _rows(report: Report, source: str) -> Iterator[str]:
    """A row for each owner and role: how many of its needs are met, unmet and undecided; and one
    for what is not known of the owner itself, so that all that is undecided is counted."""
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    first: dict[tuple[str, str, str], Outcome] = {}
    seen: set[tuple[str, ...]] = set()
    for outcome in report.outcomes:
        need = outcome.need
        known_twice = of_role(outcome) in seen and not isinstance(outcome, Undecided)
        if known_twice or (need is None and not isinstance(outcome, Undecided)):
            continue
        seen.add(of_role(outcome))
        who = (need.principal.value, need.role) if need else ("", "")
        row = outcome.owner.address, *who
        kind = (
            "unmet"
            if isinstance(outcome, Finding)
            else "met"
            if isinstance(outcome, Met)
            else "undecided"
        )
        counts.setdefault(row, Counter())[kind] += 1
        first.setdefault(row, outcome)
    for row in sorted(
        counts, key=lambda row: (-counts[row]["unmet"], -counts[row]["undecided"], row)
    ):
        owner, principal, role = row
        found = counts[row]
        place = link(first[row].owner.span, source)
        mark = "❌ " if found["unmet"] else "❔ " if found["undecided"] else "✅ "
        yield (
            f"| {mark}{_cell(code(owner))} {_cell(place)} "
            f"| {f'{principal} {_cell(code(role))}' if principal else '—'} "
            f"| {found['met']} | {found['unmet']} | {found['undecided']} |"
        )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
