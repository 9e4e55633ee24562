"""Policy documents as statements: each element a list of values with their places.

The grammar is that of the IAM User Guide, "Grammar of the IAM JSON policy language": an element may
be a single value or a list, Statement a single object or a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Union

from ..model import Policy, PolicyKind
from ..symbolic.answers import Answer, Yes, is_absent
from ..symbolic.budget import charge
from ..symbolic.empty import empty_input
from ..symbolic.records import dataclass, field, replace
from ..symbolic.same import Same
from ..symbolic.source import NOWHERE, Span
from ..symbolic.strings.pieces import split
from ..symbolic.values import (
    ABSENT,
    Entries,
    Items,
    Known,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    first,
    join,
    literal,
    not_given,
    shown_value,
    without_holes,
)
from . import managed


@dataclass(frozen=True)
class Named:
    """One principal: ``kind`` is AWS, Service, Federated, CanonicalUser; ``*`` for a bare star. The
    kind stands at ``place``."""

    kind: str
    value: Value
    place: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Principals:
    """Principal or NotPrincipal; ``remainder`` says why there may be more."""

    named: tuple[Named, ...]
    remainder: Unknown | None
    span: Span


@dataclass(frozen=True)
class Condition:
    """One line of a Condition block; ``operator`` has its qualifier and IfExists."""

    operator: str
    key: str
    values: Items
    span: Span


@dataclass(frozen=True)
class Statement:
    """One statement; elements that are not written are None.

    ``effect`` is Known("Allow"), Known("Deny"), or what stands there instead. ``unread`` says what
    of the statement could not be read, so that it may say more, or less, than it seems.
    ``variables`` is false in documents of version 2008-10-17, where ``${aws:username}`` is plain
    text. ``written`` is the statement as it stands in the code.
    """

    index: int
    span: Span
    sid: Value = ABSENT
    effect: Value = ABSENT
    actions: Items | None = None
    not_actions: Items | None = None
    resources: Items | None = None
    not_resources: Items | None = None
    principals: Principals | None = None
    not_principals: Principals | None = None
    conditions: tuple[Condition, ...] = ()
    unread: Unknown | None = None
    variables: bool = True
    written: Entries = Entries(())

    @property
    def is_unconditional(self) -> bool:
        """Is it certain that it has no condition? One may stand in what could not be read."""
        return not self.conditions and self.unread is None

    @cached_property
    def is_plain(self) -> bool:
        """Does it mean the same whatever the request's context is: no condition, no variable?"""
        listed = (self.resources, self.not_resources)
        patterns = [pattern for items in listed if items is not None for pattern in items]
        return not self.conditions and not any("${" in without_holes(p) for p in patterns)

    @cached_property
    def denies(self) -> bool:
        """Is its effect certainly Deny?"""
        return literal(self.effect) == "Deny"

    @cached_property
    def may_deny(self) -> bool:
        """Is it a Deny, or one whose effect is only known at deployment?"""
        return self.denies or not isinstance(expanded(self.effect), Known)

    @cached_property
    def matched_actions(self) -> dict[str, Answer]:
        """The actions that were asked for, each with whether the statement speaks of it."""
        return {}

    @property
    def title(self) -> str:
        """``statement 'Logs'``, or by its number, counted from 1."""
        sid = literal(self.sid)
        return f"statement '{sid}'" if sid else f"statement {self.index + 1}"

    @property
    def heading(self) -> str:
        """The title at the beginning of a sentence."""
        return f"S{self.title[1:]}"


@dataclass(frozen=True)
class PolicyDocument:
    """A parsed policy document. ``remainder`` says why it may have further statements, or why none
    of it could be read."""

    statements: tuple[Statement, ...] = ()
    remainder: Unknown | None = None
    version: Value = ABSENT
    span: Span = NOWHERE


def statements(source: Union[Policy, Value]) -> PolicyDocument:
    """The statements of a policy or of a document's value.

    What is not known, and what is no policy at all (a string that is not JSON), comes as
    ``remainder``. An AWS managed policy is looked up by its ARN. Raises OverBudget."""
    charge(3)
    if not isinstance(source, Policy):
        return _read(Same(source))
    if source.kind is PolicyKind.AWS and isinstance(is_absent(source.document), Yes):
        found = managed.document(source.arn)
        return PolicyDocument(remainder=found) if isinstance(found, Unknown) else _read(Same(found))
    return _read(Same(source.document))


@lru_cache(maxsize=1 << 16)
def _read(source: Same[Value]) -> PolicyDocument:
    value = source.value
    written = expanded(value)
    if isinstance(written, (Known, Text)) and written.encodes is not None:
        written = expanded(written.encodes) if not hasattr(written.encodes, "reason") else written
    if isinstance(written, Unknown):
        return PolicyDocument(remainder=written, span=value.span)
    if not isinstance(written, Entries):
        return PolicyDocument(
            remainder=_unreadable("the policy is not JSON", value.span), span=value.span
        )
    version = written.get("Version")
    variables = literal(version) != "2008-10-17" and not isinstance(is_absent(version), Yes)
    listed = _items(written.get("Statement"))
    if listed is None:
        return PolicyDocument(
            (), _unreadable("the policy has no statement", value.span), version, value.span
        )
    charge(20 * (1 + len(listed.items)))
    read = tuple(_statement(item, index, variables) for index, item in enumerate(listed))
    return PolicyDocument(read, first(listed.remainder, written.remainder), version, value.span)


def _statement(value: Value, index: int, variables: bool) -> Statement:
    written = expanded(value)
    if not isinstance(written, Entries):
        unread = (
            written
            if isinstance(written, Unknown)
            else _unreadable("a statement is not an object", value.span)
        )
        return Statement(index, value.span, unread=unread)
    conditions, doubt = _conditions(written.get("Condition"))
    effect = written.get("Effect")
    if literal(effect) not in ("Allow", "Deny"):
        doubt = first(
            doubt,
            effect
            if isinstance(effect, Unknown)
            else _unreadable(f"'{shown_value(effect)}' is no effect", effect.span),
        )
    return Statement(
        index,
        value.span,
        written.get("Sid"),
        effect,
        _items(written.get("Action")),
        _items(written.get("NotAction")),
        _resources(written.get("Resource")),
        _resources(written.get("NotResource")),
        _principals(written.get("Principal")),
        _principals(written.get("NotPrincipal")),
        conditions,
        first(written.remainder, doubt),
        variables,
        written,
    )


def _resources(value: Value) -> Items | None:
    listed = _items(value)
    if listed is None or all(literal(item) == "*" for item in listed):
        return listed
    return replace(listed, items=tuple(map(_completed, listed.items)))


def _completed(resource: Value) -> Value:
    """An ARN with its missing fields as AWS fills them: ``arn:aws:sqs`` is ``arn:aws:sqs:*:*:*``.

    Source: IAM User Guide, reference-arns, "an incomplete ARN". One that IAM refuses stays as it
    is written."""
    fields = tuple(map(literal, split(expanded(resource), ":", 6)))
    if not 3 <= len(fields) < 6 or fields[0] != "arn" or fields[-1] is None or is_refused(fields):
        return resource
    return join(resource, ":*" * (6 - len(fields)))


def is_refused(fields: Sequence[str | None]) -> bool:
    """Does an incomplete ARN name no service, or what is no account where the account stands?"""
    account = (fields[4] if len(fields) > 4 else None) or ""
    is_open = "*" in account or "?" in account
    return fields[2] == "" or not (is_open or re.fullmatch(r"|aws|\d{12}", account))


def _items(value: Value) -> Items | None:
    """A single value or a list as a list, to which an input adds that is empty by default; None
    when nothing is written."""
    written = expanded(value)
    unset = None if written == Known("") else empty_input(written)
    if unset is not None:
        return Items((), unset, value.span)
    if isinstance(is_absent(written), Yes):
        return None
    if isinstance(written, Items):
        inner = [found for item in written if (found := _items(item)) is not None]
        flat = tuple(item for found in inner for item in found)
        remainder = first(written.remainder, *(found.remainder for found in inner))
        return Items(flat, remainder, value.span, origin=written.origin)
    return Items((not_given(value),), None, value.span)


def _principals(value: Value) -> Principals | None:
    written = expanded(value)
    if isinstance(is_absent(written), Yes):
        return None
    if isinstance(written, Entries):
        named: list[Named] = []
        remainder = written.remainder
        for kind, listed in written.entries:
            items = _items(listed) or Items(())
            named += [Named(kind, item, written.key_span(kind)) for item in items]
            remainder = first(remainder, items.remainder)
        return Principals(tuple(named), remainder, value.span)
    if literal(written) == "*":
        return Principals((Named("*", value),), None, value.span)
    unread = (
        written
        if isinstance(written, Unknown)
        else _unreadable(f"'{shown_value(written)}' is no principal", value.span)
    )
    return Principals((), unread, value.span)


def _conditions(value: Value) -> tuple[tuple[Condition, ...], Unknown | None]:
    written = expanded(value)
    if isinstance(is_absent(written), Yes):
        return (), None
    if not isinstance(written, Entries):
        return (), written if isinstance(written, Unknown) else _unreadable(
            "a condition is not an object", value.span
        )
    found: list[Condition] = []
    remainder = written.remainder
    for operator, block in written.entries:
        keys = expanded(block)
        if not isinstance(keys, Entries):
            remainder = first(
                remainder,
                keys
                if isinstance(keys, Unknown)
                else _unreadable(f"'{operator}' holds no condition keys", block.span),
            )
            continue
        remainder = first(remainder, keys.remainder)
        for key, values in keys.entries:
            span = values.span if values.span != NOWHERE else block.span
            found.append(Condition(operator, key, _items(values) or Items(()), span))
    return tuple(found), remainder


def _unreadable(reason: str, span: Span) -> Unknown:
    return Unknown(reason, why=Why.FUNCTION, span=span)
