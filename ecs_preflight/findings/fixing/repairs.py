"""Statements that nearly grant what is needed: the few characters that are wrong in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ... import iam
from ...iam.misses import CONFUSED
from ...symbolic.answers import No
from ...symbolic.budget import charge
from ...symbolic.records import dataclass
from ...symbolic.source import Span
from ...symbolic.values import Known, Text, Value, expanded, join, literal, shown_value
from ..finding import Edit
from ..sources import FileText, Form, Sources
from .elements import within
from .expressions import Expression, Inserted, parsed, simplified, written_at
from .lists import extended, list_around


@dataclass(frozen=True)
class _Repair:
    """The same change to a resource's value and to its text, None where it does not apply;
    ``services`` are those whose resources it is for."""

    services: tuple[str, ...]
    of_value: Callable[[Value], Value]
    of_text: Callable[[Expression], Expression | None]


def _appending(end: str, *services: str) -> _Repair:
    """The end, where what it begins with is not there yet: a bucket's name has no slash."""

    def of_text(text: Expression) -> Expression | None:
        is_there = end[0] == "/" and any("/" in part for part in text if isinstance(part, str))
        return None if is_there else simplified((*text, end))

    return _Repair(services, lambda value: join(value, end), of_text)


def _replacing(old: str, new: str, *services: str) -> _Repair:
    def of_text(text: Expression) -> Expression | None:
        changed = [re.sub(old, new, part) if isinstance(part, str) else part for part in text]
        return simplified(changed) if tuple(changed) != text else None

    return _Repair(services, lambda value: _rewritten(value, old, new), of_text)


def _rewritten(value: Value, old: str, new: str) -> Value:
    wanted = expanded(value)
    parts = wanted.parts if isinstance(wanted, Text) else (literal(wanted) or "",)
    return join(*(re.sub(old, new, part) if isinstance(part, str) else part for part in parts))


#: What is most often wrong (facts B5, C3, C4, C6, J5, H6), least change first.
_REPAIRS = (
    _replacing(r":parameter//", ":parameter/", "ssm"),
    _replacing(r"(:secret:[^:]+):[^:/]*:[^:/]*:[^:/]*$", r"\1", "secretsmanager"),
    _replacing(r"^:[^:/]*:[^:/]*:[^:/]*$", "", "secretsmanager"),
    _replacing(r"^(arn:[\w-]+:s3):[^:]*:[^:]*:", r"\1:::", "s3"),
    _appending(":*", "logs", "ecs"),
    _appending("-??????", "secretsmanager"),
    _appending("/*", "s3"),
    _replacing(r"/\*$", "", "s3"),
)


def resource_repair(
    sources: Sources, pattern: Value, subjects: Iterable[Value], others: Iterable[Value] = ()
) -> Edit | None:
    """The edit of a resource pattern after which it no longer misses one of the subjects.
    ``others`` is what else the statement may allow by it, and must not lose."""
    source = sources.at(pattern.span)
    if source is None or literal(pattern) == "*":
        return None
    start = source.start(pattern.span)
    form, old = source.form(start), source.slice(pattern.span)
    charge(20 + len(old) // 8)
    text = parsed(form, old)
    if text is None:
        return None
    wanted, kept, present = tuple(subjects), tuple(others), iam.of_log_group(pattern)
    subject_text = " ".join(shown_value(expanded(subject)) for subject in wanted)
    for repair in _REPAIRS:
        if not any(f":{service}:" in subject_text for service in repair.services):
            continue
        value, changed = repair.of_value(pattern), repair.of_text(text)
        if changed is None or not any(
            covers_no(present, subject) and not covers_no(value, subject) for subject in wanted
        ):
            continue
        was, is_now = _filled(present), _filled(value)
        if any(covers_no(is_now, other) and not covers_no(was, other) for other in kept):
            continue
        new = as_before(written_at(source, start, changed), old)
        if new is not None:
            return Edit(pattern.span, new)
    return None


def _filled(pattern: Value) -> Value:
    """The pattern with a plain name in each hole: one that is read there brings no slash along."""
    wanted = expanded(pattern)
    parts = wanted.parts if isinstance(wanted, Text) else (wanted,)
    return join(*(part if isinstance(part, (str, Known)) else "x" for part in parts))


def repaired_beside(
    sources: Sources, statement: iam.Statement, subjects: Iterable[Value]
) -> list[Edit] | None:
    """The repaired resource beside the one that the statement's other actions need."""
    wanted = tuple(subjects)
    placed = within(sources, statement, statement.resources)
    spans = [pattern.span for pattern in placed]
    for pattern in placed:
        source, edit = sources.at(pattern.span), resource_repair(sources, pattern, wanted)
        if source is None or edit is None:
            continue
        text = parsed(source.form(source.start(pattern.span)), edit.text)
        listed = list_around(sources, spans[0], spans[-1])
        return extended(source, listed, spans, [text]) if listed and text else None
    return None


def as_before(new: str | None, old: str) -> str | None:
    """In the quotes that stood there."""
    quoted = re.fullmatch(r"(!Sub )?(['\"])(.*)\2", old, re.S)
    bare = re.fullmatch(r"(!Sub )?([^'\"\[{].*)", new or "", re.S)
    if quoted is None or bare is None or bare[1] != quoted[1]:
        return new
    return f"{quoted[1] or ''}{quoted[2]}{bare[2]}{quoted[2]}"


def string_edit(sources: Sources, value: Value, new: str) -> Edit | None:
    """Another string in place of the one that is written there."""
    source = sources.given(value.span)
    if source is None:
        return None
    old = source.slice(value.span)
    form = source.form(source.start(value.span))
    if "\n" in old or is_choice(source, value.span) or is_call(source, value.span):
        return None
    if (text := parsed(form, old)) is None:
        return None
    if len(text) == 1 and isinstance(text[0], str) and text[0] != literal(value):
        return None  # the value was computed from more than stands here
    if len(text) == 1 and isinstance(text[0], Inserted) and form is not Form.HCL:
        default = source.default_of(text[0].text)
        given = literal(value) or ""
        if default is not None and given and given in source.slice(default):
            return Edit(default, source.slice(default).replace(given, new))
    written = as_before(written_at(source, source.start(value.span), (new,)), old)
    return None if written is None else Edit(value.span, written)


def is_choice(source: FileText, span: Span) -> bool:
    """Is what stands there one of two that a condition chooses between, or the choice?"""
    start = source.start(span)
    if source.form(start) is not Form.HCL:
        return False
    around = source.text[source.line_start(start) : start], source.slice(span)
    return any("?" in re.sub(r'"[^"]*"', "", text) for text in around)


def is_call(source: FileText, span: Span) -> bool:
    """Does a function return what is meant, or what that is a part of (``yamldecode``)?"""
    text = source.slice(span)
    return source.form(source.start(span)) is Form.HCL and re.match(r"\w+\(", text) is not None


def covers_no(pattern: Value, resource: Value) -> bool:
    """Is it certain that the pattern misses the resource?"""
    return isinstance(iam.match.covers(pattern, resource), No)


def collide(one: Edit, other: Edit) -> bool:
    """Do they change the same characters?"""
    ends = [
        ((e.span.line, e.span.column), (e.span.end_line, e.span.end_column)) for e in (one, other)
    ]
    (first, last), (start, end) = ends
    return one.span.file == other.span.file and first < end and start < last


def confuses(written_action: str, wanted: str) -> bool:
    """Is it written for the other one? What only describes a secret others may have a use for."""
    if written_action.lower() == "secretsmanager:describesecret":
        return False
    return written_action.lower() in CONFUSED.get(wanted.lower(), ())


def misspells(written_action: str, wanted: str) -> bool:
    """Is it no action, and that one alone what it may mean?"""
    unlisted = iam.actions.unknown_action(written_action)
    meant = unlisted.allowing if unlisted else ()
    return [name.lower() for name in meant] == [wanted.lower()]
