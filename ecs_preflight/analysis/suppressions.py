"""What silences a finding where the code is written: a comment, or a template's Metadata.

Our own and both hosts' forms are honoured alike, whichever front door the scan came through:

- ``# ecs-preflight:ignore ECS605 reason``, inside the owner's block, on its first line or the line
  above, on the finding's line or the line above, or so at the list that what is found stands in;
- ``# checkov:skip=CKV_ECS_605:reason``, inside the owner's block;
- ``Metadata`` of the resource or of the template: ``ecs-preflight: {ignore: [{id, reason}]}``,
  ``checkov: {skip: [{id, comment}]}``, ``cfn-lint: {config: {ignore_checks: [E9605]}}``.

A rule may be written by any of its ids: ECS605, CKV_ECS_605, E9605; checkov's own checks of the
same meaning silence it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..findings.finding import Finding, Outcome, Suppression
from ..symbolic.patterns import regex
from ..symbolic.source import Span
from .lines import Lines

_MARKS = ("#", "//", "/*")
_IGNORE = "ecs-preflight:ignore"
_OURS = regex(r"[ \t]+(?P<ids>[A-Z_]+\d+(?:[ \t]*,[ \t]*[A-Z_]+\d+)*)[ \t:]*(?P<reason>.*)")
#: As checkov 3.3 reads it: several ids separated by commas, no id for all.
_SKIP = ":skip="
_CHECKOV = regex(
    r"(?:checkov|bridgecrew|cortex):skip= *(?P<ids>[\w-]+(?:,[ \t]*[\w-]+)*)?(?::(?P<reason>.*))?"
)
_ID = regex(r"(?:ECS|CKV_ECS_|[EWI]9)(\d{3})")
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
    listed = outcome.listed if isinstance(outcome, Finding) else None
    told = dict.fromkeys((outcome.span, listed or outcome.span))
    beside = ((span.file, range(span.line - 1, span.line + 1)) for span in told)
    places = [(owner.file, range(owner.line - 1, block.stop)), *beside]
    found = [
        comment
        for file, numbers in places
        for comment in _comments(outcome.rule, file, numbers, lines, "comment")
    ]
    yield from dict.fromkeys(found)
    yield from _comments(outcome.rule, owner.file, block, lines, "checkov")
    if owner.file.endswith(_TEMPLATES):
        # Templates alone have it, and what reads them takes its time to load.
        from .metadata import suppressions

        yield from suppressions(outcome, lines, names)


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
        if _IGNORE not in line and _SKIP not in line:
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
    """What a template's ``ecs-preflight: ignore`` entries name, each where it stands; nothing for
    any other file."""
    if file.endswith(_TEMPLATES):
        from . import metadata

        yield from metadata.declared(file, lines)
