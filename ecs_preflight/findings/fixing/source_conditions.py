"""Conditions on the source of a request (``aws:SourceArn``, ``aws:SourceAccount``), made to hold
where the role is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ... import iam
from ...symbolic.answers import No
from ...symbolic.records import dataclass
from ...symbolic.source import Span
from ...symbolic.strings import pieces
from ...symbolic.target import Target
from ...symbolic.values import Value, literal
from ..finding import Edit
from ..sources import Form, Sources
from .expressions import Inserted, parsed, with_fields, written_at
from .repairs import as_before, string_edit


@dataclass(frozen=True)
class TrustRefusal:
    """What keeps a service from assuming a role: where the conditions stand that cannot hold, and
    where what uses the role is deployed. ``by_tasks``: is it ECS for a task, so that the source is
    one?"""

    by_tasks: bool
    against: tuple[Span, ...]
    places: tuple[Target, ...]


def holding(
    sources: Sources, conditions: Iterable[iam.Condition], refused: TrustRefusal
) -> list[Edit] | None:
    """The conditions at fault, changed so that they hold. None where one of them cannot be."""
    edits: list[Edit] = []
    for condition in conditions:
        if condition.span not in refused.against:
            continue
        mended = _mended(sources, condition, refused)
        if not mended:
            return None
        edits += mended
    return edits or None


def _mended(sources: Sources, condition: iam.Condition, refused: TrustRefusal) -> list[Edit] | None:
    key, operator = condition.key.lower(), condition.operator.lower()
    if len(condition.values.items) != 1 or "not" in operator:
        return None  # which of several is meant for ECS is not said
    (value,) = condition.values.items
    if key == "aws:sourceaccount":
        account = _common(place.account for place in refused.places)
        edit = string_edit(sources, value, account) if account else None
        return [edit] if edit else None
    if key == "aws:sourcearn" and "like" in operator and refused.by_tasks:
        edit = _arn_edit(sources, value, refused.places)
        return [edit] if edit else None
    return None


def _arn_edit(sources: Sources, value: Value, places: Sequence[Target]) -> Edit | None:
    """ECS names the task's Region and account, and neither cluster nor service (facts)."""
    source, fields = sources.at(value.span), pieces.arn_parts(value)
    if source is None or fields is None:
        return None
    form, old = source.form(source.start(value.span)), source.slice(value.span)
    changed: dict[int, str | Inserted] = {}
    if _differs(fields[pieces.REGION], [place.region for place in places]):
        changed[pieces.REGION] = _region(sources, form, places)
    account = _common(place.account for place in places)
    if account and _differs(fields[pieces.ACCOUNT], [place.account for place in places]):
        changed[pieces.ACCOUNT] = account
    if literal(fields[pieces.RESOURCE]) != "*":
        changed[pieces.RESOURCE] = "*"
    text = parsed(form, old)
    new = text and with_fields(text, changed)
    start = source.start(value.span)
    wanted = as_before(written_at(source, start, new), old) if new else None
    return Edit(value.span, wanted) if wanted and wanted != old else None


def _differs(written: Value, used: Sequence[Value]) -> bool:
    """Is what is written certainly not what one of the tasks has there?"""
    return any(isinstance(iam.match.covers(written, value), No) for value in used)


def _region(sources: Sources, form: Form, places: Sequence[Target]) -> str | Inserted:
    """The Region of the tasks: as the provider writes it, any where it is an input's or there are
    several."""
    if form in (Form.CFN_JSON, Form.YAML):
        return Inserted("AWS::Region")
    region = _common(place.region for place in places)
    written = sources.at(places[0].region.span)
    if region is None or written is None:
        return "*"
    place = written.text[written.line_start(written.start(places[0].region.span)) :]
    return region if re.match(rf'\s*region\s*=\s*"{re.escape(region)}"', place) else "*"


def _common(values: Iterable[Value]) -> str | None:
    """What they all are, where that is known and the same."""
    found = {literal(value) for value in values}
    return found.pop() if len(found) == 1 else None
