"""A condition added to a statement, in the form of the place."""

from __future__ import annotations

import re

from ...symbolic.source import Span
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .edits import with_edits
from .insertions import beside_edit


def conditioned(statement: Span, key: str, value: str, summary: str) -> Draft:
    """The statement limited to requests in which ``key`` is ``value`` (``StringEquals``);
    ``summary`` says so in the fix."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(statement)
        edit = None if source is None else _edit(source, statement, key, value)
        return with_edits(fix, [edit], summary=summary)

    return draft


def _edit(source: FileText, statement: Span, key: str, value: str) -> Edit | None:
    start, end = source.start(statement), source.end(statement)
    text, form = source.text[start:end], source.form(start)
    if form is Form.HCL and re.match(r"statement\s*\{", text):
        return _block(source, start, end, key, value)
    if form is Form.YAML:
        if text.startswith("{"):
            test = f'{{StringEquals: {{"{key}": {value}}}}}'
            return beside_edit(source, statement, "Condition", test)
        margin, last = " " * (statement.column - 1), source.line_end(end)
        lines = ("Condition:", "  StringEquals:", f"    {key}: {value}")
        added = "".join(f"\n{margin}{line}" for line in lines)
        return Edit(source.span(last, last), added)
    if re.match(r'\{\s*"', text):
        mark = ":" if form.is_json or re.match(r'\{\s*"\w+"\s*:', text) else " ="
        test = f'{{ "StringEquals"{mark} {{ "{key}"{mark} "{value}" }} }}'
    else:
        test = f'{{ StringEquals = {{ "{key}" = "{value}" }} }}'
    return beside_edit(source, statement, "Condition", test)


def _block(source: FileText, start: int, end: int, key: str, value: str) -> Edit | None:
    """At the end of a ``statement`` block of an aws_iam_policy_document."""
    last = source.line_start(end)
    if last <= start or source.text[last : end - 1].strip():
        return None  # on one line
    margin = source.indent(start) + "  "
    lines = (
        "condition {",
        '  test     = "StringEquals"',
        f'  variable = "{key}"',
        f'  values   = ["{value}"]',
        "}",
    )
    block = "".join(f"{margin}{line}\n" for line in lines)
    return Edit(source.span(last, last), f"\n{block}")
