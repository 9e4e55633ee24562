"""What ``secrets[].valueFrom`` and its kin refer to: a Secrets Manager secret or an SSM
parameter."""

from __future__ import annotations

from enum import Enum

from ..model import Stack, StoredParameter, StoredSecret
from ..symbolic import arns
from ..symbolic.empty import empty_input
from ..symbolic.records import dataclass, replace
from ..symbolic.values import (
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    join,
    literal,
    not_given,
    shown_value,
    text_term,
)


class Store(Enum):
    """Where a secret is kept, by the name of the service in ARNs."""

    SECRETS_MANAGER = "secretsmanager"
    PARAMETER_STORE = "ssm"


@dataclass(frozen=True)
class SecretReference:
    """``arn`` is the resource a policy must cover, without any ``:json-key:stage:id``; ``tail`` are
    these last fields, none or up to three (facts C3)."""

    store: Store
    arn: Value
    tail: tuple[Value, ...] = ()


def fields(value: Known | Text) -> tuple[Value, ...]:
    """The parts between the colons that are surely there; a hole stays whole."""
    found: list[list[Value | str]] = [[]]
    for part in value.parts if isinstance(value, Text) else (shown_value(value),):
        if not isinstance(part, str):
            found[-1].append(part)
            continue
        first, *more = part.split(":")
        found[-1].append(first)
        found.extend([piece] for piece in more)
    return tuple(join(*pieces) for pieces in found)


def reference(stack: Stack, value: Value) -> SecretReference | Unknown:
    """What a ``valueFrom`` refers to. What is no ARN is the name of a parameter (facts C5)."""
    wanted = expanded(value)
    if wanted == Known(None) or literal(wanted) == "":
        unsaid = Unknown(
            "the reference is empty where it is not given", why=Why.INPUT, span=wanted.span
        )
        found = empty_input(wanted)
        return unsaid if found is None else found
    if isinstance(wanted, (Known, Text)):
        parts = fields(wanted)
        if literal(parts[0]) == "arn" and len(parts) > 2:
            return _as_written(_from_arn(wanted, parts), value)
        if _has_json_tail(parts) and not is_not_given(parts[0]):
            return SecretReference(Store.SECRETS_MANAGER, parts[0], parts[1:])
        if isinstance(wanted, Known) or isinstance(wanted.parts[0], str):
            return SecretReference(Store.PARAMETER_STORE, arns.parameter(stack.target, wanted))
        first = wanted.parts[0]
        if is_not_given(wanted) and isinstance(first, Unknown):
            return first
    parameter = stack.find(StoredParameter, value)
    if parameter is not None:
        return SecretReference(Store.PARAMETER_STORE, parameter.arn)
    return (
        wanted
        if isinstance(wanted, Unknown)
        else Unknown("what the secret refers to is not known", text_term(wanted), span=wanted.span)
    )


def is_not_given(value: Value) -> bool:
    """Does the value begin with an input that is empty?"""
    if isinstance(value, Text):
        first_part = value.parts[0]
        return isinstance(first_part, Unknown) and is_not_given(first_part)
    return (
        isinstance(value, Unknown)
        and value.symbol is not None
        and value == not_given(Known("", origin=value.symbol))
    )


def of_empty_input(value: Value) -> Value | None:
    """The secret that an input names which is empty here (``${input}:json-key::``); None where it
    is not said that it is a secret."""
    parts = fields(value) if isinstance(value, Text) else ()
    return parts[0] if is_not_given(value) and _has_json_tail(parts) else None


def _has_json_tail(parts: tuple[Value, ...]) -> bool:
    """Is it something unknown with ``:json-key:stage:id``, of which stage and id are never both
    there? No parameter's name holds that, and no ARN has an empty part so near its end."""
    return (
        len(parts) == 4
        and isinstance(parts[0], Text)
        and not isinstance(parts[0].parts[0], str)
        and any(literal(part) == "" for part in parts[2:])
    )


def _from_arn(wanted: Known | Text, parts: tuple[Value, ...]) -> SecretReference | Unknown:
    service = literal(parts[2])
    if service == Store.SECRETS_MANAGER.value and len(parts) >= 7:
        head, name, tail = parts[:6], parts[6], parts[7:]
        return SecretReference(
            Store.SECRETS_MANAGER, rejoined((*head, arns.complete_secret(name))), tail
        )
    if service == Store.PARAMETER_STORE.value and len(parts) >= 6:
        return SecretReference(Store.PARAMETER_STORE, wanted)
    return Unknown(
        "the ARN's service is not known", text_term(wanted), why=Why.INPUT, span=wanted.span
    )


def _as_written(found: SecretReference | Unknown, value: Value) -> SecretReference | Unknown:
    """The reference with its ARN as that of the resource by which the value names it: the ARN alone
    does not lead to what stands in other code."""
    named = value.parts[0] if isinstance(value, Text) else value
    if not isinstance(found, SecretReference) or not isinstance(named, Reference):
        return found
    arn = expanded(found.arn)
    return replace(found, arn=replace(named, text=arn)) if isinstance(arn, (Known, Text)) else found


def rejoined(parts: tuple[Value, ...]) -> Value:
    """The parts with colons between them: the inverse of fields."""
    joined: list[Value | str] = []
    for part in parts:
        joined.extend((":", part) if joined else (part,))
    return join(*joined)


def secret_by_name_or_arn(stack: Stack, value: Value) -> Value:
    """The ARN of a secret given by ARN or by name, as ``credentialsParameter`` may be (facts C5);
    Unknown where it may be either."""
    wanted = expanded(value)
    if isinstance(wanted, Text) and len(wanted.parts) == 1 and isinstance(wanted.parts[0], Unknown):
        return wanted.parts[0]
    if not isinstance(wanted, (Known, Text)):
        return wanted
    if literal(fields(wanted)[0]) == "arn":
        found = reference(stack, wanted)
        return found.arn if isinstance(found, SecretReference) else found
    stored = stack.find(StoredSecret, value)
    return (
        stored.arn if stored is not None else arns.secret(stack.target, wanted, shown_value(wanted))
    )
