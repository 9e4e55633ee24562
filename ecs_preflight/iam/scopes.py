"""Why a resource pattern misses the resource it seems to be written for: the known traps.

Each reason follows "allows 'action'" and ends without a full stop.
"""

from __future__ import annotations

from collections.abc import Callable

from ..symbolic.answers import No
from ..symbolic.patterns import regex
from ..symbolic.strings.pieces import (
    ACCOUNT,
    PARTITION,
    REGION,
    RESOURCE,
    SERVICE,
    arn_parts,
    before,
    ending,
    parts,
    replaced,
    without_ending,
)
from ..symbolic.titles import shown_title
from ..symbolic.values import (
    Known,
    Shape,
    Unknown,
    Value,
    expanded,
    join,
    literal,
    shown_value,
    text,
)
from . import actions, match

_JSON_TAIL = regex(r":[^:/]*:[^:/]*:[^:/]*$")
_SUFFIX = regex(r"-[A-Za-z0-9]{6}$")


def explain(action: str, pattern: Value, resource: Value) -> str | None:
    """The reason why ``pattern`` does not cover ``resource``, if it is one of the known ones."""
    service = action.partition(":")[0].lower()
    if actions.takes_resource(action) is False:
        return f"on '{shown_title(pattern)}', but it cannot be limited to resources: it needs '*'"
    for trap in (*_TRAPS.get(service, ()), _other_service, _other_place):
        reason = trap(pattern, resource)
        if reason is not None:
            return reason
    return None


def is_of_service_of(pattern: Value, resource: Value) -> bool:
    """Does the pattern name resources of the resource's service, for certain?"""
    ours, theirs = arn_parts(pattern), arn_parts(resource)
    if ours is None or theirs is None:
        return False
    written = literal(ours[SERVICE])
    return written is not None and written == literal(theirs[SERVICE])


def _streams(pattern: Value, resource: Value) -> str | None:
    """facts B5"""
    group = before(resource, ":log-stream:")
    if group is not None and _may_cover(pattern, group):
        return "on the log group's ARN, but not on its streams: append ':*'"
    return None


def _suffix(pattern: Value, resource: Value) -> str | None:
    """facts C4"""
    bare = _without_suffix(resource)
    if bare is not None and _may_cover(pattern, bare):
        return (
            "on the secret's ARN without the six characters that Secrets Manager appends: "
            "append '-??????'"
        )
    return None


def _taken_for_complete(pattern: Value, resource: Value) -> str | None:
    """facts C4: the suffix of a partial ARN is added by nobody where it seems to be there."""
    if _SUFFIX.search(ending(resource)) and _may_cover(pattern, join(resource, "-", _SIX)):
        return (
            f"on '{shown_title(pattern)}', but a name that ends in a hyphen and six characters is "
            "taken for a complete one: give the secret by its whole ARN"
        )
    return None


def _json_tail(pattern: Value, resource: Value) -> str | None:
    """facts C4: ``:json-key:stage:id`` belongs to valueFrom alone."""
    tail = _JSON_TAIL.search(ending(pattern))
    fields = arn_parts(pattern)
    if tail is None or fields is None or len(ending(fields[-1]).split(":")) < 4:
        return None
    if _may_cover(without_ending(pattern, len(tail.group())), resource):
        return f"on the secret with '{tail.group()}', which is no part of its ARN: leave that out"
    return None


def _slashes(pattern: Value, resource: Value) -> str | None:
    """facts C6"""
    if _may_cover(replaced(pattern, ":parameter//", ":parameter/"), resource):
        return (
            "on 'parameter//...', but a parameter's own leading slash is the one after "
            "'parameter': write one slash"
        )
    return None


def _key(pattern: Value, resource: Value) -> str | None:
    """facts C8"""
    written = shown_value(expanded(pattern))
    if ":alias/" in written or written.startswith("alias/"):
        return f"on the alias '{written}', but a policy must name the key's own ARN"
    fields = arn_parts(pattern)
    if fields is None and not isinstance(parts(pattern)[0], Unknown) and "*" not in written:
        return f"on '{written}', but a policy must name the key's ARN, not its id"
    return None


def _objects(pattern: Value, resource: Value) -> str | None:
    """facts J5"""
    bucket = before(resource, "/")
    if bucket is not None and before(pattern, "/") is None and _may_cover(pattern, bucket):
        return "on the bucket, but it is checked on the bucket's objects: append '/*'"
    if bucket is None and _may_cover(pattern, join(resource, "/", _ANYTHING)):
        return (
            "on the bucket's objects, but it is checked on the bucket itself: name it without '/*'"
        )
    return None


def _revision(pattern: Value, resource: Value) -> str | None:
    """facts H6"""
    if _may_cover(join(pattern, ":*"), resource):
        return "on the family, but it is checked on its revisions: append ':*'"
    return None


def _cluster(pattern: Value, resource: Value) -> str | None:
    """facts H15"""
    ours, theirs = arn_parts(pattern), arn_parts(resource)
    if ours is None or theirs is None:
        return None
    names = [shown_value(fields[RESOURCE]).partition("/")[0] for fields in (ours, theirs)]
    if names == ["cluster", "task-definition"]:
        return "on a cluster, but it is checked on task definitions ('ecs:cluster' is a condition)"
    return None


def _other_service(pattern: Value, resource: Value) -> str | None:
    """facts C12, J6: ``kms:Decrypt`` on the ARN of the secret it decrypts."""
    ours, theirs = arn_parts(pattern), arn_parts(resource)
    if ours is None or theirs is None:
        return None
    written, wanted = literal(ours[SERVICE]), literal(theirs[SERVICE])
    if written is None or wanted is None or written == wanted or "*" in written:
        return None
    return f"on '{shown_title(pattern)}', but it is checked on a resource of '{wanted}'"


def _other_place(pattern: Value, resource: Value) -> str | None:
    """facts J6"""
    ours, theirs = arn_parts(pattern), arn_parts(resource)
    if ours is None or theirs is None:
        return None
    places = ((PARTITION, "partition"), (REGION, "Region"), (ACCOUNT, "account"))
    empty = {index: name for index, name in places if ours[index] == _EMPTY != theirs[index]}
    if empty and _may_cover(_with(ours, theirs, *empty), resource):
        return f"on an ARN without {' and '.join(empty.values())}, which matches nothing"
    for index, name in places:
        if _may_cover(_with(ours, theirs, index), resource):
            return (
                f"in {name} '{shown_value(ours[index])}', but the resource is in "
                f"'{shown_value(theirs[index])}'"
            )
    return None


_EMPTY = Known("")
_ANYTHING = Unknown("any name")
_SIX = Unknown("Secrets Manager appends it", shape=Shape.SUFFIX)

_TRAPS: dict[str, tuple[Callable[[Value, Value], str | None], ...]] = {
    "logs": (_streams,),
    "secretsmanager": (_taken_for_complete, _suffix, _json_tail),
    "ssm": (_slashes,),
    "kms": (_key,),
    "s3": (_objects,),
    "ecs": (_revision, _cluster),
}


def _may_cover(pattern: Value, resource: Value) -> bool:
    return not isinstance(match.covers(pattern, resource), No)


def _with(fields: tuple[Value, ...], others: tuple[Value, ...], *indices: int) -> Value:
    """The ARN of ``fields``, with those at the indices taken from ``others``."""
    joined: list[Value] = []
    for number, field in enumerate(fields):
        joined += [Known(":")] if number else []
        joined.append(others[number] if number in indices else field)
    return text(joined)


def _without_suffix(secret: Value) -> Value | None:
    found = parts(secret)
    if isinstance(found[-1], Unknown) and found[-1].shape is Shape.SUFFIX:
        return without_ending(text(list(found[:-1])), 1)
    return without_ending(secret, 7) if _SUFFIX.search(ending(secret)) else None
