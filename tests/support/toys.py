"""Hand-made stacks, units and rules, for tests of what surrounds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from ecs_preflight.adapters.units import Found, Inputs, Tree
from ecs_preflight.findings.finding import AnyOutcome, Finding, Fix, Phase, Severity
from ecs_preflight.findings.rule import Rule
from ecs_preflight.model import Language, ModuleCall, Resource, Stack
from ecs_preflight.symbolic.answers import Evidence
from ecs_preflight.symbolic.arns import ANY_TARGET
from ecs_preflight.symbolic.records import dataclass
from ecs_preflight.symbolic.source import Span, shown
from ecs_preflight.symbolic.values import Unknown, Value
from ecs_preflight.symbolic.worlds import PathCondition


@dataclass(frozen=True, kw_only=True)
class Thing(Resource):
    """A resource that says itself what the toy rule is to find: found, met, undecided or absent."""

    verdict: str = "found"
    subject: Value | str = "lid"
    target: Span | None = None


def thing(
    address: str = "aws_thing.a",
    verdict: str = "found",
    *,
    file: str = "main.tf",
    line: int = 3,
    end_line: int = 5,
    subject: Value | str = "lid",
    target: Span | None = None,
) -> Thing:
    return Thing(
        address=address,
        type="aws_thing",
        span=Span(file, line, 1, end_line, 2),
        verdict=verdict,
        subject=subject,
        target=target,
    )


def stack(
    *things: Thing,
    language: Language = Language.TERRAFORM,
    name: str = "infra",
    sides: tuple[tuple[str, bool], ...] = (),
    calls: tuple[ModuleCall, ...] = (),
    unread: tuple[Unknown, ...] = (),
) -> Stack:
    return Stack(
        name,
        language,
        ANY_TARGET,
        things,
        ("main.tf",),
        {c.address: c for c in calls},
        unread,
        sides,
    )


@dataclass(frozen=True)
class ToyUnit:
    """A unit whose stack is a function of the world."""

    build: Callable[[PathCondition], Stack]
    name: str = "infra"
    reusable: bool = False
    files: tuple[str, ...] = ("main.tf",)
    apart: str | None = None

    def stack(self, path_condition: PathCondition) -> Stack:
        return self.build(path_condition)


def unit(*things: Thing) -> ToyUnit:
    return ToyUnit(lambda path_condition: stack(*things))


def toy_check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for item in stack.of(Thing):
        span = item.target or Span(item.span.file, item.span.line + 1, 3, item.span.line + 1, 8)
        if item.verdict in ("error", "warning", "note", "found"):
            severity = Severity(item.verdict if item.verdict != "found" else "error")
            yield toy_finding(rule, item, span, severity)
        elif item.verdict == "met":
            yield rule.met(item, span=span, subject=item.subject)
        elif item.verdict == "undecided":
            yield rule.undecided(item, Unknown("nobody knows"), span=span, subject=item.subject)
        else:
            yield None


def toy_finding(
    rule: Rule, item: Resource, span: Span, severity: Severity, **changes: object
) -> Finding:
    return rule.finding(
        item,
        f"Thing '{item.address}' has no lid.",
        span=span,
        phase=Phase.START,
        subject=getattr(item, "subject", "lid"),
        severity=severity,
        fails_with="LidError: no lid",
        fix=Fix("Put the lid on.", "lid = true"),
        related=[Evidence("the box is here", "aws_box.b", Span("box.tf", 1, 1, 2, 2))],
        **changes,
    )  # type: ignore[arg-type]


TOY = Rule(
    "ECS605",
    "lid-missing",
    (Severity.ERROR, Severity.WARNING, Severity.NOTE),
    "A lid is missing.\n",
    toy_check,
)


def front_end(*units: ToyUnit, **fields: object) -> Callable[[Tree, Inputs], Found]:
    """A front end that finds these units whatever the tree holds."""
    return lambda tree, inputs: Found(units, tuple(shown(f) for f in tree.files), **fields)  # type: ignore[arg-type]


def write(root: Path, **files: str) -> None:
    """Files by stem; they are Terraform unless the name says otherwise (``template_yaml``)."""
    for name, content in files.items():
        stem, _, suffix = name.partition("_")
        (root / f"{stem}.{suffix or 'tf'}").write_text(content)
