"""What silences a finding where the code is written: a comment, or a template's Metadata.

Our own and both hosts' forms are honoured alike, whichever front door the scan came through:

- ``# ecs-preflight:ignore ECS605 reason``, inside the owner's block, on its first line or the line
  above, on the finding's line or the line above;
- ``# checkov:skip=CKV_ECS_605:reason``, inside the owner's block;
- ``Metadata`` of the resource or of the template: ``ecs-preflight: {ignore: [{id, reason}]}``,
  ``checkov: {skip: [{id, comment}]}``, ``cfn-lint: {config: {ignore_checks: [E9605]}}``.

A rule may be written by any of its ids: ECS605, CKV_ECS_605, E9605; checkov's own checks of the
same meaning silence it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import yaml

from ..findings.finding import Outcome, Suppression
from ..symbolic.source import Span
from .lines import Lines

_MARKS = ("#", "//", "/*")
_IGNORE = "ecs-preflight:ignore"
_OURS = re.compile(r"[ \t]+(?P<ids>[A-Z_]+\d+(?:[ \t]*,[ \t]*[A-Z_]+\d+)*)[ \t:]*(?P<reason>.*)")
#: As checkov 3.3 reads it: several ids separated by commas, no id for all.
_CHECKOV = re.compile(
    r"(?:checkov|bridgecrew|cortex):skip= *(?P<ids>[\w-]+(?:,[ \t]*[\w-]+)*)?(?::(?P<reason>.*))?"
)
_ID = re.compile(r"(?:ECS|CKV_ECS_|[EWI]9)(\d{3})")
#: checkov's own checks that find the same fault of the same resource: who skips one has decided it.
ALIKE = {
    "CKV_AWS_60": "ECS504",  # a role that anyone may assume
    "CKV_AWS_61": "ECS504",
    "CKV_AWS_97": "ECS804",  # transit encryption of a task definition's EFS volumes
    "CKV_AWS_249": "ECS624",  # one role for both uses
    "CKV_AWS_274": "ECS626",  # AdministratorAccess
    "CKV2_AWS_56": "ECS626",  # IAMFullAccess
    "CKV_SECRET_2": "ECS802",  # an access key of AWS in the code
}
_TEMPLATES = (".yaml", ".yml", ".json", ".template")


def silencers(outcome: Outcome, lines: Lines) -> Iterator[Suppression]:
    """All that the code says to silence the outcome."""
    owner = outcome.owner.span
    block = range(owner.line, max(owner.end_line, owner.line) + 1)
    beside = range(outcome.span.line - 1, outcome.span.line + 1)
    places = [(owner.file, range(owner.line - 1, block.stop)), (outcome.span.file, beside)]
    found = [
        comment
        for file, numbers in places
        for comment in _comments(outcome.rule, file, numbers, lines, "comment")
    ]
    yield from dict.fromkeys(found)
    yield from _comments(outcome.rule, owner.file, block, lines, "checkov")
    if owner.file.endswith(_TEMPLATES):
        yield from _metadata(outcome, lines)


def ids(comment: str) -> tuple[str, ...] | None:
    """The ids that a comment with ``ecs-preflight:ignore`` names; None for any other comment."""
    at = comment.find(_IGNORE)
    if at < 0:
        return None
    match = _OURS.match(comment, at + len(_IGNORE))
    return tuple(written.strip() for written in match["ids"].split(",")) if match else ()


def names(written: str, rule: str) -> bool:
    """Does ``written``, an id in whichever notation, name the rule?"""
    match = _ID.fullmatch(written.strip())
    if match is None:
        return ALIKE.get(written.strip()) == rule
    return match[1] == rule.removeprefix("ECS")


def _comments(rule: str, file: str, numbers: range, lines: Lines, by: str) -> Iterator[Suppression]:
    """What the comments in those lines say of the rule, in the order of the lines."""
    index = lines.kept(file, _indexed)
    said = (*index.get((by, rule.removeprefix("ECS")), ()), *index.get((by, None), ()))
    within = [each for each in said if each.span and each.span.line in numbers]
    yield from sorted(within, key=lambda each: each.span.line if each.span else 0)


#: Comments by who they speak to and the number of the rule (None for all rules).
_Index = dict[tuple[str, "str | None"], list[Suppression]]


def _indexed(file: str, source: Sequence[str]) -> _Index:
    """All comments of a file that silence something: it is read once, however many findings
    there are."""
    index: _Index = {}
    for number, line in enumerate(source, 1):
        if ":" not in line:
            continue
        at = line.find(_IGNORE)
        begin = min((found for mark in _MARKS if (found := line.find(mark)) >= 0), default=at)
        ours = _OURS.match(line, at + len(_IGNORE)) if 0 <= begin < at else None
        for match, by, start in ((ours, "comment", begin), (_CHECKOV.search(line), "checkov", -1)):
            if match is None:
                continue
            reason = (match["reason"] or "").strip().removesuffix("*/").strip()
            first = match.start() if start < 0 else start
            said = Suppression(by, reason, Span(file, number, first + 1, number, len(line) + 1))
            for written in {*match["ids"].split(",")} if match["ids"] else (None,):
                named = None if written is None else _ID.fullmatch(written.strip())
                if named is not None or written is None:
                    index.setdefault((by, named and named[1]), []).append(said)
    return index


def declared(file: str, lines: Lines) -> Iterator[tuple[Span, str]]:
    """What the template's ``ecs-preflight: ignore`` entries name, each where it stands."""
    if not file.endswith(_TEMPLATES):
        return
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


# -- Metadata --------------------------------------------------------------------------------------


def _metadata(outcome: Outcome, lines: Lines) -> Iterator[Suppression]:
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
