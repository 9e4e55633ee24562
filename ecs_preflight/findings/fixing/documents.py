"""What IAM refuses in a policy document, written as it takes it."""

from __future__ import annotations

import re

from ...iam import PolicyFault, Remedy
from ...model import Policy
from ...symbolic.patterns import regex
from ...symbolic.records import replace
from ...symbolic.source import Span
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .detaching import detaching
from .edits import with_edits
from .expressions import parsed, plain, rendered, written_at
from .insertions import beside_edit
from .removals import removal, statement_removal
from .repairs import as_before
from .settings import renamed


def corrected(fault: PolicyFault, policy: Policy | None) -> Draft | None:
    """The remedy that the fault has; ``policy`` is the one it is in, None for a trust policy.
    None where what was meant cannot be told."""
    if fault.remedy is None:
        return None
    if fault.remedy is Remedy.DETACH:
        return _detached(policy) if policy is not None else None

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        edits = _lifted(sources, fault) if fault.remedy is Remedy.LIFT else [_edit(sources, fault)]
        made = with_edits(fix, edits, safe=fault.remedy in _SAFE)
        if made is None and fault.remedy is Remedy.REMOVE_STATEMENT and policy is not None:
            return detaching(policy)(fix, sources)  # it is the only one
        return made

    return draft


#: What may be there with other inputs.
_CHOICE = regex(r"!If|Fn::If|\?|\bfor\b|\bdynamic\b")


def _detached(policy: Policy) -> Draft:
    """The policy taken off the role; in words where it is empty with these inputs alone."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        for span in (policy.attached, policy.span):
            source = sources.at(span)
            if source is not None and _CHOICE.search(source.slice(span)):
                words = "Put the policy under the condition that its statements are under."
                return replace(fix, summary=words, snippet="")
        return detaching(policy)(fix, sources)

    return draft


#: What was plainly meant is restored.
_SAFE = (Remedy.WRITE, Remedy.RENAME, Remedy.PUNCTUATE, Remedy.LIFT)


def _edit(sources: Sources, fault: PolicyFault) -> Edit | None:
    source, span = sources.at(fault.span), fault.span
    if source is None:
        return None
    if fault.remedy is Remedy.WRITE:
        return _written(source, span, fault.wanted)
    if fault.remedy is Remedy.RENAME:
        return renamed(sources, span, fault.wanted)
    if fault.remedy is Remedy.PUNCTUATE:
        return _punctuated(source, span)
    if fault.remedy is Remedy.ADD:
        return _added(source, span, *fault.wanted.split("=", 1))
    if fault.remedy is Remedy.REMOVE:
        return removal(sources, span)
    return statement_removal(sources, span)


def _lifted(sources: Sources, fault: PolicyFault) -> list[Edit | None] | None:
    """The element in the statement, and no longer in the other element; None where something of
    that one follows it in YAML, or nothing stands before it there."""
    source, statement = sources.at(fault.place), fault.span
    if source is None or source.file != statement.file:
        return None
    start, end = source.start(fault.place), source.end(fault.place)
    text = source.text[start:end]
    if source.form(start) is not Form.YAML or source.in_flow(start):
        return [removal(sources, fault.place), beside_edit(source, statement, fault.wanted, text)]
    first, last = source.line_start(start), source.line_end(end)
    depth = len(source.indent(first))
    above = source.text[:first].rstrip("\n").rpartition("\n")[2]
    below = source.text[last:].lstrip("\n")
    follows = len(below) - len(below.lstrip(" ")) >= depth
    if "\n" in text or follows or len(above) - len(above.lstrip(" ")) != depth:
        return None
    margin = " " * (statement.column - 1)
    line = source.text[first:last].lstrip(" ")
    return [Edit(source.span(first, last), f"{margin}{line}")]


def _written(source: FileText, span: Span, wanted: str) -> Edit | None:
    """The string there written so, where no input or choice brings it."""
    form, old = source.form(source.start(span)), source.slice(span)
    text = parsed(form, old)
    if text is None or len(text) != 1 or not isinstance(text[0], str):
        return None
    new = as_before(written_at(source, source.start(span), plain(wanted)), old)
    return None if new is None else Edit(span, new)


def _punctuated(source: FileText, span: Span) -> Edit | None:
    """Without the comma before a closing bracket, or the comment, that is there; with the comma
    that is missing before what is there."""
    at = source.start(span)
    text = source.text[at:]
    if text.startswith(("#", "//")):
        end, first = source.line_end(at), source.line_start(at)
        alone = not source.text[first:at].strip()
        return Edit(source.span(*((first, end + 1) if alone else (at, end))), "")
    before = source.before_at(at)
    if text[:1] in ("]", "}", ","):
        comma = at if text.startswith(",") else before
        is_comma = source.text[comma : comma + 1] == ","
        return Edit(source.span(comma, comma + 1), "") if is_comma else None
    if text[:1] in ('"', "{", "[") and source.text[max(before, 0)] in '"]}':
        return Edit(source.span(before + 1, before + 1), ",")
    return None


def _added(source: FileText, statement: Span, key: str, value: str) -> Edit | None:
    """The element at the end of the statement, named as the form has it."""
    form, text = source.form(source.start(statement)), source.slice(statement)
    if form is Form.HCL and re.match(r"statement\s*\{", text):
        listed = f'"{value}"' if key == "Effect" else f'["{value}"]'
        return beside_edit(source, statement, _BLOCK[key], listed)
    written = rendered(form, plain(value), flow=text.startswith("{"))
    return beside_edit(source, statement, key, written or "")


_BLOCK = {"Resource": "resources", "Effect": "effect", "Action": "actions"}
