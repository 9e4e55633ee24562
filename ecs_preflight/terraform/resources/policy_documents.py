"""Terraform's data source ``aws_iam_policy_document``: from its blocks to a policy's JSON.

Statements keep the span of their block. Documents merge as the provider does it: sources first,
then the own statements, then overrides; a statement replaces an earlier one of the same non-empty
Sid.
"""

from __future__ import annotations

from collections.abc import Callable

from ...adapters.documents import policy_document
from ...adapters.fields import field, is_null, maps, nothing, scalars
from ...adapters.units import Declared
from ...symbolic.budget import charge
from ...symbolic.empty import empty_input
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.values import (
    Entries,
    Items,
    Known,
    Text,
    Unknown,
    Value,
    Why,
    first,
    literal,
)

VERSION = "2012-10-17"


def document(declared: Declared) -> Entries:
    """The whole document, with ``remainder`` on its statements where something could not be
    read."""
    body = declared.body
    own = maps(field(body, "statement"), _statement)
    merged = _Merged()
    for name in ("source_json", "source_policy_documents"):
        merged.add_documents(field(body, name))
    merged.add_statements(own.items, own.remainder)
    for name in ("override_json", "override_policy_documents"):
        merged.add_documents(field(body, name))
    version = field(body, "version")
    return Entries(
        (
            ("Version", Known(VERSION, declared.span) if is_null(version) else version),
            ("Statement", Items(tuple(merged.statements), merged.remainder, declared.span)),
        ),
        span=declared.span,
    )


#: A policy of 10,240 characters, the longest there is, has a few hundred.
MAX_STATEMENTS = 2_000


class _Merged:
    """Statements merged so far."""

    def __init__(self) -> None:
        self.statements: list[Value] = []
        self.places: dict[str, int] = {}
        self.remainder: Unknown | None = None

    def add_documents(self, documents: Value) -> None:
        """Merges each of a list of documents, or a single one."""
        listed = scalars(documents)
        for item in (*listed, *([listed.remainder] if listed.remainder is not None else [])):
            self._add_document(policy_document(item))

    def _add_document(self, added: Value) -> None:
        statements = field(added, "Statement") if isinstance(added, Entries) else added
        if isinstance(statements, Items):
            self.add_statements(statements.items, statements.remainder)
        elif isinstance(statements, Entries):
            self.add_statements((statements,), None)
        elif not is_null(statements):
            reason = Unknown("a merged policy document is not JSON", span=added.span)
            self.add_statements((), statements if isinstance(statements, Unknown) else reason)

    def add_statements(self, added: tuple[Value, ...], remainder: Unknown | None) -> None:
        """Merges statements; ``remainder`` says that more may come, which may replace earlier
        ones."""
        if remainder is not None:
            self.statements = [
                replace(remainder, symbol=None, span=old.span) if _sid(old) else old
                for old in self.statements
            ]
            self.remainder = first(self.remainder, remainder)
        for statement in added:
            charge(5)
            sid = _sid(statement)
            if sid and sid in self.places:
                self.statements[self.places[sid]] = statement
            elif len(self.statements) >= MAX_STATEMENTS:
                reason = f"the document has more than {MAX_STATEMENTS:,} statements"
                self.remainder = first(self.remainder, Unknown(reason, why=Why.LIMIT))
                return
            else:
                if sid:
                    self.places[sid] = len(self.statements)
                self.statements.append(statement)


def _sid(statement: Value) -> str | None:
    return literal(field(statement, "Sid"))


def _statement(entry: Entries) -> Entries:
    effect = field(entry, "effect")
    members: list[tuple[str, Value]] = [
        ("Sid", field(entry, "sid")),
        ("Effect", Known("Allow", entry.span) if is_null(effect) else effect),
        ("Action", _list(field(entry, "actions"))),
        ("NotAction", _list(field(entry, "not_actions"))),
        ("Resource", _list(field(entry, "resources"), _variables)),
        ("NotResource", _list(field(entry, "not_resources"), _variables)),
        ("Principal", _principals(field(entry, "principals"))),
        ("NotPrincipal", _principals(field(entry, "not_principals"))),
        ("Condition", _conditions(field(entry, "condition"))),
    ]
    return Entries(
        tuple((name, value) for name, value in members if not is_null(value)),
        entry.remainder,
        entry.span,
    )


def _list(value: Value, change: Callable[[Value], Value] = lambda item: item) -> Value:
    """A list of strings; an empty one counts as not written, as the provider leaves it out."""
    listed = scalars(value)
    if not listed.items:
        unset = empty_input(value)
        return nothing(listed.remainder, value.span) if unset is None else unset
    changed = tuple(change(item) for item in listed)
    origin = value.origin if isinstance(value, Items) else None
    return Items(changed, listed.remainder, value.span, origin=origin)


def _principals(value: Value) -> Value:
    """``{type: identifiers}``, or ``"*"`` for the type ``*``."""
    blocks = maps(value, lambda entry: entry)
    found: dict[str, tuple[Value, ...]] = {}
    places: dict[str, Span] = {}
    remainder = blocks.remainder
    for entry in blocks:
        kind = literal(field(entry, "type"))
        identifiers = scalars(field(entry, "identifiers"))
        remainder = first(remainder, identifiers.remainder)
        if kind is None:
            remainder = first(
                remainder, Unknown("a principal's type is not known", span=entry.span)
            )
            continue
        found[kind] = (*found.get(kind, ()), *(_variables(item) for item in identifiers))
        places[kind] = field(entry, "type").span
    if "*" in found:
        return Known("*", value.span)
    if not found:
        return nothing(remainder, value.span)
    return Entries(
        tuple((kind, Items(items, remainder, value.span)) for kind, items in found.items()),
        remainder,
        value.span,
        tuple(places.items()),
    )


def _conditions(value: Value) -> Value:
    """``{test: {variable: values}}``; blocks of one test and variable add up."""
    blocks = maps(value, lambda entry: entry)
    found: dict[str, dict[str, Value]] = {}
    remainder = blocks.remainder
    for entry in blocks:
        test, variable = literal(field(entry, "test")), literal(field(entry, "variable"))
        if test is None or variable is None:
            remainder = first(remainder, Unknown("a condition's key is not known", span=entry.span))
            continue
        listed = scalars(field(entry, "values"))
        keys = found.setdefault(test, {})
        before = keys.get(variable)
        earlier = before.items if isinstance(before, Items) else ()
        keys[variable] = Items(
            (*earlier, *(_variables(item) for item in listed)), listed.remainder, entry.span
        )
    if not found:
        return nothing(remainder, value.span)
    return Entries(
        tuple(
            (test, Entries(tuple(keys.items()), span=value.span)) for test, keys in found.items()
        ),
        remainder,
        value.span,
    )


def _variables(value: Value) -> Value:
    """``&{aws:username}`` stands for ``${aws:username}``, which Terraform would evaluate itself."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return replace(value, value=value.value.replace("&{", "${"))
    if isinstance(value, Text):
        parts = tuple(p.replace("&{", "${") if isinstance(p, str) else p for p in value.parts)
        return replace(value, parts=parts)
    return value
