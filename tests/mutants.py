"""Mutants of a healthy Terraform stack: one thing removed, narrowed or spoilt at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ecs_preflight.source import Span
from ecs_preflight.terraform import syntax
from ecs_preflight.terraform.parse import parse

#: Arguments without which something that worked must fail, or be a risk, by their block's type.
SETTINGS = {
    "aws_ecs_task_definition": ("execution_role_arn", "task_role_arn"),
    "aws_ecs_service": ("depends_on",),
    "efs_volume_configuration": ("transit_encryption",),
    "aws_iam_role_policy_attachment": ("policy_arn",),
}


@dataclass(frozen=True)
class Mutant:
    """``title`` says what was done; ``text`` is the file's new content."""

    title: str
    file: str
    text: str


def mutants(folder: Path) -> Iterator[Mutant]:
    """Every mutant of the stack, in the order of its files."""
    for path in sorted(folder.rglob("*.tf")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(folder).as_posix()
        for title, span, replacement in _edits(parse(text, name).body, ""):
            yield Mutant(f"{name}: {title}", name, _cut(text, span, replacement))


def _edits(body: syntax.Body, owner: str) -> Iterator[tuple[str, Span, str]]:
    for block in body.blocks:
        label = ".".join(block.labels) or f"{owner} {block.type}".strip()
        kind = block.labels[0] if block.labels else block.type
        if block.type == "statement":
            yield from _statement(block, owner)
        for attribute in block.body.attributes:
            if attribute.name in SETTINGS.get(kind, ()):
                yield f"{label} without {attribute.name}", attribute.span, ""
        yield from _edits(block.body, label)


def _statement(block: syntax.Block, owner: str) -> Iterator[tuple[str, Span, str]]:
    sid = block.body.attribute("sid")
    name = sid.value.value if sid and isinstance(sid.value, syntax.Literal) else "statement"
    title = f"{owner} {name}"
    trust = block.body.of("principals")
    if trust:
        identifiers = trust[0].body.attribute("identifiers")
        assert identifiers is not None
        yield f"{title} trusts lambda", identifiers.value.span, '["lambda.amazonaws.com"]'
        return
    yield f"{title} removed", block.span, ""
    actions, resources = block.body.attribute("actions"), block.body.attribute("resources")
    if actions and isinstance(actions.value, syntax.Tuple) and len(actions.value.items) > 1:
        for index, action in enumerate(actions.value.items):
            assert isinstance(action, syntax.Literal)
            others = [f'"{a.value}"' for i, a in enumerate(actions.value.items)
                      if i != index and isinstance(a, syntax.Literal)]
            yield f"{title} without {action.value}", actions.value.span, f"[{', '.join(others)}]"
    if resources and not (isinstance(resources.value, syntax.Tuple)
                          and isinstance(resources.value.items[0], syntax.Literal)):
        yield (f"{title} on another resource", resources.value.span,
               '["arn:aws:s3:::somewhere-else/entirely"]')


def _cut(text: str, span: Span, replacement: str) -> str:
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[:span.line - 1]) + span.column - 1
    end = sum(len(line) + 1 for line in lines[:span.end_line - 1]) + span.end_column - 1
    return text[:start] + replacement + text[end:]
