"""A condition added to a statement, in the form of the place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ... import iam
from ...model import Role, Stack
from ...symbolic import arns
from ...symbolic.source import Span
from ...symbolic.values import Value, literal
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .edits import all_of, with_edits
from .expressions import Expression, Inserted, plain, rendered
from .handovers import appended
from .insertions import beside_edit
from .lists import one_or_list
from .places import Place, deployment, sought_once, texts
from .removals import removal
from .statements import NewStatement, added


def conditioned(statement: Span, key: str, values: Sequence[str], summary: str) -> Draft:
    """The statement limited to requests in which ``key`` is one of the values (``StringEquals``);
    ``summary`` says so in the fix."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(statement)
        edit = None if source is None else _edit(source, statement, key, tuple(map(plain, values)))
        return with_edits(fix, [edit], summary=summary)

    return draft


def set_apart(
    statement: iam.Statement, action: str, key: str, values: Sequence[str], summary: str
) -> Draft:
    """The action taken out of the statement into one of its own, limited to requests in which
    ``key`` is one of the values."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(statement.span)
        listed = [a for a in statement.actions or () if _is(a, action)]
        if source is None or len(listed) != 1:
            return None
        limit = key, tuple(map(plain, values))
        alone = NewStatement((action,), (plain("*"),), condition=limit)
        more = added(source, statement.span, alone)
        less = removal(sources, listed[0].span)
        return with_edits(fix, [less, *more], summary=summary) if more else None

    return draft


def _is(written: Value, action: str) -> bool:
    return (literal(written) or "").lower() == action.lower()


def of_own_account(stack: Stack, role: Role, statement: Span) -> Draft:
    """The statement of the role's trust policy limited to requests on behalf of the account that
    the code itself is deployed to, where it has a name for that."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(statement)
        if source is None:
            return None
        place = Place.beside(stack, sources, source.file, role.address)
        account = account_of(place) if place.is_terraform else Inserted("AWS::AccountId")
        if account is None:
            return None
        edit = _edit(source, statement, "aws:SourceAccount", ((account,),))
        return with_edits(fix, [edit, *account.edits])

    return draft


def account_of(place: Place) -> Inserted | None:
    """The deployment's own account in Terraform, by a data source that is new where there is
    none."""
    known = deployment(place, str(arns.ACCOUNT.symbol))
    return known if isinstance(known, Inserted) else _identity(place)


def _identity(place: Place) -> Inserted | None:
    """The account by a data source that is new in the module."""
    head = 'data "aws_caller_identity" "current" {'
    if sought_once(place, head, lambda: any(head in text for text in texts(place))):
        return None
    new = appended(place, place.folder, "data.tf", f"{head}}}")
    name = "data.aws_caller_identity.current.account_id"
    return None if new is None else Inserted(name, (new,))


def _edit(source: FileText, statement: Span, key: str, values: Sequence[Expression]) -> Edit | None:
    start, end = source.start(statement), source.end(statement)
    text, form = source.text[start:end], source.form(start)
    named = all_of(rendered(form, value, flow=text.startswith("{")) for value in values)
    if not named:
        return None
    written = one_or_list(named)
    if form is Form.HCL and re.match(r"statement\s*\{", text):
        return _block(source, start, end, key, ", ".join(named))
    if form is Form.YAML:
        if text.startswith("{"):
            test = f'{{StringEquals: {{"{key}": {written}}}}}'
            return beside_edit(source, statement, "Condition", test)
        margin, last = " " * (statement.column - 1), source.line_end(end)
        lines = ("Condition:", "  StringEquals:", f"    {key}: {written}")
        added = "".join(f"\n{margin}{line}" for line in lines)
        return Edit(source.span(last, last), added)
    if re.match(r'\{\s*"', text):
        mark = ":" if form.is_json or re.match(r'\{\s*"\w+"\s*:', text) else " ="
        test = f'{{ "StringEquals"{mark} {{ "{key}"{mark} {written} }} }}'
    else:
        test = f'{{ StringEquals = {{ "{key}" = {written} }} }}'
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
        f"  values   = [{value}]",
        "}",
    )
    block = "".join(f"{margin}{line}\n" for line in lines)
    return Edit(source.span(last, last), f"\n{block}")
