"""The map of a stack: what launches which task, under which roles, whose policies allow what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...model import Launch, Policy, Resource, Role, Stack, TaskDefinition
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import NOWHERE, Span
from ...symbolic.values import Value, shown_value
from .table import MET, NO_ROLE, UNDECIDED, UNMET, VERDICTS, Row

LAUNCH, TASK, ROLE, POLICY, RESOURCE = "launch", "task", "role", "policy", "resource"


@dataclass(frozen=True)
class MapNode:
    """A thing of the stack: ``title`` is its address, ``note`` what it is, ``beside`` the id of the
    role that a policy belongs to."""

    id: str
    kind: str
    title: str
    note: str
    place: Span = NOWHERE
    verdict: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Edge:
    """An arrow of the map, between two nodes' ids."""

    source: str
    target: str
    label: str
    verdict: str = ""


@dataclass(frozen=True)
class Map:
    """The nodes and arrows of one stack."""

    nodes: tuple[MapNode, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass
class _Drawing:
    nodes: dict[tuple[str, str], MapNode] = field(default_factory=dict)
    edges: dict[tuple[str, str], Edge] = field(default_factory=dict)

    def node(self, kind: str, title: str, note: str, place: Span = NOWHERE, **more: str) -> str:
        key = kind, title + more.get("beside", "")
        if key not in self.nodes:
            self.nodes[key] = MapNode(f"n{len(self.nodes)}", kind, title, note, place, **more)
        return self.nodes[key].id

    def edge(self, source: str, target: str, label: str, verdict: str = "") -> None:
        """One arrow between two; the gravest verdict of what it stands for."""
        known = self.edges.get((source, target))
        if known is not None:
            verdict = gravest((known.verdict, verdict))
            labels = known.label.split(", ")
            label = known.label if label in labels else f"{known.label}, {label}"
        self.edges[source, target] = Edge(source, target, label, verdict)


def gravest(verdicts: Iterable[str]) -> str:
    """The verdict that a reader should see first; "" of none."""
    found = set(verdicts)
    return next((verdict for verdict in VERDICTS if verdict in found), "")


def draw(stack: Stack, table: Sequence[Row]) -> Map:
    """The map of a stack and of what its tasks need."""
    drawing = _Drawing()
    for task in stack.own_tasks:
        _draw_task(drawing, stack, task)
    known = {resource.address: resource for resource in stack.resources}
    for row in table:
        _draw_need(drawing, known, row)
    verdicts = {
        node.id: gravest(e.verdict for e in drawing.edges.values() if e.target == node.id)
        for node in drawing.nodes.values()
        if node.kind == RESOURCE
    }
    nodes = (
        replace(node, verdict=verdicts.get(node.id, node.verdict))
        for node in drawing.nodes.values()
    )
    return Map(tuple(nodes), tuple(drawing.edges.values()))


def _draw_task(drawing: _Drawing, stack: Stack, task: TaskDefinition) -> None:
    drawn = drawing.node(TASK, task.address, "task definition", task.span)
    for launch in stack.launches_of.get(task.address, ()):
        start = drawing.node(LAUNCH, launch.address, launch.launcher.value, launch.span)
        drawing.edge(start, drawn, "starts")
        _draw_role(drawing, stack, start, launch.launcher_role, "launcher role")
    _draw_role(drawing, stack, drawn, task.execution_role, "execution role")
    _draw_role(drawing, stack, drawn, task.task_role, "task role")


def _draw_role(drawing: _Drawing, stack: Stack, user: str, value: Value, use: str) -> None:
    role = stack.role_of(value)
    if isinstance(role, Role):
        drawing.edge(user, _role(drawing, role), use)


def _role(drawing: _Drawing, role: Role) -> str:
    drawn = drawing.node(ROLE, role.address, "role", role.span)
    for policy in (*role.policies, *([role.boundary] if role.boundary else [])):
        kind = "permissions boundary" if policy is role.boundary else policy.kind.value
        drawing.node(POLICY, _called(policy), kind, policy.attached, beside=drawn)
    return drawn


def _called(policy: Policy) -> str:
    name = shown_value(policy.name) or shown_value(policy.arn).rpartition("/")[2]
    return name or policy.attachment


def _draw_need(drawing: _Drawing, known: Mapping[str, Resource], row: Row) -> None:
    owner = known.get(row.owner)
    kind = LAUNCH if isinstance(owner, Launch) else TASK
    note = owner.launcher.value if isinstance(owner, Launch) else "task definition"
    user = drawing.node(kind, row.owner, note, row.place)
    found = known.get(row.role)
    if isinstance(found, Role):
        role = _role(drawing, found)
    elif row.verdict == NO_ROLE:
        role = drawing.node(ROLE, f"no {row.principal}", row.owner, verdict=UNMET)
    else:
        role = drawing.node(ROLE, row.role, "not in the scanned code", verdict=UNDECIDED)
    drawing.edge(user, role, row.principal)
    services = ", ".join(dict.fromkeys(action.partition(":")[0] for action in row.actions))
    verdict = UNMET if row.verdict == NO_ROLE else row.verdict
    source = role if verdict != MET else _granting(drawing, role, row)
    for title in row.resources or (services,):
        resource = drawing.node(RESOURCE, title, services)
        drawing.edge(source, resource, ", ".join(row.actions), verdict)


def _granting(drawing: _Drawing, role: str, row: Row) -> str:
    """The policy that grants it, else the role."""
    for node in drawing.nodes.values():
        if node.beside == role and any(
            e.span == node.place or f"'{node.title}'" in e.message for e in row.evidence
        ):
            return node.id
    return role
