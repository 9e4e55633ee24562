"""What a template's Metadata silences (see ``suppressions`` for its forms)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import yaml

from ..findings.finding import Outcome, Suppression
from ..symbolic.source import Span
from .lines import Lines


def declared(file: str, lines: Lines) -> Iterator[tuple[Span, str]]:
    """What the template's ``ecs-preflight: ignore`` entries name, each where it stands."""
    source = lines.text(file)
    if "Metadata" not in source or "ecs-preflight" not in source:
        return
    template = _composed(source)
    resources = _under(template, "Resources")
    members = resources.value if isinstance(resources, yaml.MappingNode) else []
    for holder in (template, *(value for _, value in members)):
        for by, node, written, _ in _entries(_under(holder, "Metadata")):
            if by == "comment":
                yield _span(file, node), written


def suppressions(
    outcome: Outcome, lines: Lines, names: Callable[[str, str], bool]
) -> Iterator[Suppression]:
    """All that Metadata of the outcome's owner, or of its template, says to silence it; ``names``
    says whether an id as written names a rule."""
    source = lines.text(outcome.owner.span.file)
    if "Metadata" not in source or (
        "preflight" not in source and "checkov" not in source and "ignore_checks" not in source
    ):
        return
    template = _composed(source)
    resource = _under(_under(template, "Resources"), outcome.owner.address.rsplit(".", 1)[-1])
    for holder, whole in ((resource, False), (template, True)):
        metadata = _under(holder, "Metadata")
        for by, node, written, reason in _entries(metadata):
            prefix = (
                whole
                and by == "cfn-lint"
                and any(
                    f"{letter}9{outcome.rule.removeprefix('ECS')}".startswith(written)
                    for letter in "EWI"
                )
            )
            if prefix or names(written, outcome.rule):
                yield Suppression(by, reason, _span(outcome.owner.span.file, node))


def _entries(metadata: yaml.Node | None) -> Iterator[tuple[str, yaml.Node, str, str]]:
    """(who, where, the id as written, the reason)."""
    for by, holder, reason in (
        ("comment", _under(_under(metadata, "ecs-preflight"), "ignore"), "reason"),
        ("checkov", _under(_under(metadata, "checkov"), "skip"), "comment"),
    ):
        for item in _items(holder):
            yield (
                by,
                item,
                _scalar(_under(item, "id")) or _scalar(item),
                _scalar(_under(item, reason)),
            )
    for item in _items(_under(_under(_under(metadata, "cfn-lint"), "config"), "ignore_checks")):
        yield "cfn-lint", item, _scalar(item), ""


@lru_cache(maxsize=4)
def _composed(source: str) -> yaml.Node | None:
    try:
        return yaml.compose(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _under(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value == key:
                return value  # type: ignore[no-any-return]
    return None


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _scalar(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _span(file: str, node: yaml.Node) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
