"""What to spoil in Terraform code."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.symbolic.source import Span
from ecs_preflight.terraform.syntax import nodes as syntax
from ecs_preflight.terraform.syntax.parse import parse

#: (title, where, what is written there instead)
Edit = tuple[str, Span, str]

#: Arguments without which something that worked must fail, or be a risk, by their block's type.
SETTINGS = {
    "aws_ecs_task_definition": ("execution_role_arn", "task_role_arn"),
    "aws_ecs_service": ("depends_on",),
    "efs_volume_configuration": ("transit_encryption",),
    "aws_iam_role_policy_attachment": ("policy_arn",),
}


def edits(text: str, file: str) -> Iterator[Edit]:
    """All that may be spoilt in the file."""
    return _edits(parse(text, file).body, "")


def _edits(body: syntax.Body, owner: str) -> Iterator[Edit]:
    for block in body.blocks:
        label = ".".join(block.labels) or f"{owner} {block.type}".strip()
        kind = block.labels[0] if block.labels else block.type
        if block.type == "statement":
            yield from _statement(block, owner)
        for attribute in block.body.attributes:
            if attribute.name in SETTINGS.get(kind, ()):
                yield f"{label} without {attribute.name}", attribute.span, ""
        yield from _edits(block.body, label)


def _statement(block: syntax.Block, owner: str) -> Iterator[Edit]:
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
    assert actions and isinstance(actions.value, syntax.Tuple)
    names = [action.value for action in actions.value.items if isinstance(action, syntax.Literal)]
    yield f"{title} denied", actions.value.span, f'{_list(names)}\n    effect = "Deny"'
    for name in names:
        others = [other for other in names if other != name]
        yield f"{title} with {name} misspelt", actions.value.span, _list([*others, f"{name}s"])
        if others:
            yield f"{title} without {name}", actions.value.span, _list(others)
    if resources and not (
        isinstance(resources.value, syntax.Tuple)
        and isinstance(resources.value.items[0], syntax.Literal)
    ):
        yield (
            f"{title} on another resource",
            resources.value.span,
            '["arn:aws:s3:::somewhere-else/entirely"]',
        )


def _list(names: list[object]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
