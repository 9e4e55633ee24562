"""Fixes as edits: what a finding's remedy changes in the source, in the form of the place."""

from __future__ import annotations

from textwrap import dedent

from ...model import Resource
from ...symbolic.patterns import regex
from ...symbolic.records import replace
from ..finding import Applicability, Edit, Finding, Fix
from ..sources import Sources
from .alignment import completed
from .loops import names_one_item, names_what_may_be_missing
from .snippets import in_json

#: A surrogate without its other half, which no file can hold.
_HALF = regex("[\ud800-\udfff]")


def drafted(finding: Finding, sources: Sources) -> Finding:
    """The finding with the edits of its fix, as far as they can be written exactly."""
    fix = finding.fix
    if fix is not None and fix.snippet and _is_json_template(finding.owner):
        fix = replace(fix, snippet=in_json(fix.snippet))
    if fix is None or fix.draft is None:
        return replace(finding, fix=fix and _ended(fix))
    made = fix.draft(fix, sources)
    if made is not None and not all(_stands(sources, edit) for edit in made.edits):
        made = None
    shown = replace(fix, draft=None) if made is None else _shown(made)
    shown = replace(_ended(shown), edits=completed(shown.edits, sources))
    if any(sources.of(edit.span.file).is_default(edit.span) for edit in shown.edits):
        shown = replace(shown, applicability=Applicability.UNSAFE)  # it is for others too
    return replace(finding, fix=shown)


def _ended(fix: Fix) -> Fix:
    """The fix, whose sentence announces nothing where nothing follows."""
    if fix.snippet or fix.edits or not fix.summary.endswith(":"):
        return fix
    return replace(fix, summary=f"{fix.summary[:-1]}.")


def _is_json_template(owner: Resource) -> bool:
    return owner.type.startswith("AWS::") and owner.span.file.endswith(".json")


def _stands(sources: Sources, edit: Edit) -> bool:
    """Can the edit be written: is all of it text, which half of a character is not, and what it
    refers to there wherever it would be?"""
    is_text = not _HALF.search(edit.text)
    return is_text and not (
        names_one_item(sources, edit) or names_what_may_be_missing(sources, edit)
    )


def _shown(fix: Fix) -> Fix:
    """What its edits write as its snippet."""
    texts = [_alone(edit.text) for edit in fix.edits if edit.text.strip("\n ,[]")]
    return replace(fix, snippet="\n".join(texts) or fix.snippet, draft=None)


def _alone(text: str) -> str:
    """What an edit writes, without the indentation of its place: its first line may begin in the
    middle of one."""
    first, *others = text.strip("\n ,").split("\n")
    return "\n".join([first, *(dedent("\n".join(others)).split("\n") if others else [])])
