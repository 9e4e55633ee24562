"""What a template's Metadata silences (see ``suppressions`` for its forms)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import yaml

from ..findings.finding import Outcome, Suppression
from ..symbolic.source import Span
from .lines import Lines

#: Where none of these stands, nothing is silenced.
_MARKS = ("preflight", "checkov", "ignore_checks")


def declared(file: str, lines: Lines) -> Iterator[tuple[Span, str]]:
    """What the template's ``ecs-preflight: ignore`` entries name, each where it stands."""
    for said in lines.kept(file, _indexed).values():
        for written, suppression in said:
            if suppression.by == "comment" and suppression.span is not None:
                yield suppression.span, written


def suppressions(
    outcome: Outcome, lines: Lines, names: Callable[[str, str], bool]
) -> Iterator[Suppression]:
    """All that Metadata of the outcome's owner, or of its template, says to silence it; ``names``
    says whether an id as written names a rule."""
    index = lines.kept(outcome.owner.span.file, _indexed)
    own = outcome.owner.address.rsplit(".", 1)[-1]
    for of_template, said in ((False, index.get(own, ())), (True, index.get(None, ()))):
        for written, suppression in said:
            prefix = (
                of_template
                and suppression.by == "cfn-lint"
                and any(
                    f"{letter}9{outcome.rule.removeprefix('ECS')}".startswith(written)
                    for letter in "EWI"
                )
            )
            if prefix or names(written, outcome.rule):
                yield suppression


#: What Metadata silences, by the logical id of its resource (None: of the template), each with the
#: id of the rule as it is written.
_Index = dict["str | None", list[tuple[str, Suppression]]]


def _indexed(file: str, source: Sequence[str]) -> _Index:
    """All that a template's Metadata says: it is read once, however many findings there are."""
    text, index = "\n".join(source), _Index()
    if "Metadata" not in text or not any(mark in text for mark in _MARKS):
        return index
    template = _composed(text)
    resources = _under(template, "Resources")
    members = resources.value if isinstance(resources, yaml.MappingNode) else []
    holders = [(name.value, value) for name, value in members if isinstance(name, yaml.ScalarNode)]
    for name, holder in ((None, template), *holders):
        for by, node, written, reason in _entries(_under(holder, "Metadata")):
            said = Suppression(by, reason, _span(file, node))
            index.setdefault(name, []).append((written, said))
    return index


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
