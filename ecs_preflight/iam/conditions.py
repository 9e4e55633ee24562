"""Does a condition of a policy hold, given what is known of the request's context?

All operators of the IAM User Guide, "IAM JSON policy elements: Condition operators", with IfExists,
Null and the set qualifiers ForAllValues and ForAnyValue.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Callable, Mapping
from datetime import datetime, timezone

from ..symbolic.answers import Answer, Evidence, No, Yes, is_absent
from ..symbolic.strings import pieces
from ..symbolic.titles import shown_title
from ..symbolic.values import (
    ABSENT,
    Items,
    Known,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    literal,
    text,
)
from . import match
from .answers import all_of, any_of, none_of
from .document import Condition

#: What is known of a request: values by key, in lower case. Known(None) is a key that is never
#: there, Items several values; a key that is missing here may be there or not.
Context = Mapping[str, Value]

Comparison = Callable[[Value, Value, bool], Answer]


def holds(condition: Condition, context: Context, variables: bool = True) -> Answer:
    """Yes, No (its evidence gives the reason, as it follows "because"), or Unknown."""
    qualifier, name, if_exists = _split(condition.operator)
    if name == "null":
        return _null(condition, context)
    if name not in _OPERATORS:
        return Unknown(
            f"'{condition.operator}' is no condition operator", why=Why.GRANT, span=condition.span
        )
    compare, negated = _OPERATORS[name]
    actual = context.get(condition.key.lower())
    if actual is None:
        return Unknown(f"it depends on '{condition.key}'", why=Why.GRANT, span=condition.span)
    if isinstance(is_absent(actual), Yes):
        if if_exists or qualifier == "forallvalues" or (negated and not qualifier):
            return Yes()
        return _no(condition, f"'{condition.key}' is not part of the request")
    found = expanded(actual)
    present = list(found) if isinstance(found, Items) else [actual]
    answers = [_among(condition, value, compare, negated, context, variables) for value in present]
    if isinstance(found, Items) and found.remainder is not None:
        answers.append(found.remainder)
    answer = all_of(answers) if qualifier == "forallvalues" else any_of(answers)
    if isinstance(answer, Unknown):
        because = f": {actual.reason}" if isinstance(actual, Unknown) else ""
        reason = f"it depends on '{condition.key}'{because}"
        return Unknown(reason, answer.symbol, Why.GRANT, span=condition.span)
    return (
        answer
        if isinstance(answer, Yes)
        else _no(condition, f"'{condition.key}' is '{shown_title(actual)}' in that request")
    )


def is_operator(name: str) -> bool:
    """Is it an operator that IAM knows, qualifier and IfExists included?"""
    qualifier, base, if_exists = _split(name)
    return qualifier in ("", "forallvalues", "foranyvalue") and (
        base in _OPERATORS or (base == "null" and not if_exists)
    )


def resolved(value: Value, context: Context) -> Value:
    """The value with those policy variables replaced whose value the context knows."""
    if isinstance(value, Known) and isinstance(value.value, str) and "${" in value.value:
        return text(list(_pieces(value.value, context)), value.span)
    if isinstance(value, Text):
        return text(
            [
                piece
                for part in value.parts
                for piece in (_pieces(part, context) if isinstance(part, str) else (part,))
            ],
            value.span,
        )
    return value


def lacks_variable(value: Value, context: Context) -> bool:
    """Does the value hold a policy variable that the request has no value for? It then matches
    nothing (IAM User Guide, "IAM policy elements: Variables and tags")."""
    written = [part for part in pieces.parts(value) if isinstance(part, Known)]
    return any(
        "," not in name and context.get(name.strip().lower()) == ABSENT
        for part in written
        for name in match.VARIABLE.findall(str(part.value))
    )


def _pieces(written: str, context: Context) -> tuple[Value, ...]:
    found: list[Value] = []
    end = 0
    for variable in match.VARIABLE.finditer(written):
        known = context.get(variable.group(1).strip().lower())
        if known not in (None, ABSENT) and isinstance(expanded(known), (Known, Text)):
            found += [Known(written[end : variable.start()]), known]
            end = variable.end()
    return (*found, Known(written[end:]))


def _split(operator: str) -> tuple[str, str, bool]:
    qualifier, _, name = operator.lower().rpartition(":")
    base = name.removesuffix("ifexists")
    return qualifier, base, base != name


def _among(
    condition: Condition,
    actual: Value,
    compare: Comparison,
    negated: bool,
    context: Context,
    variables: bool,
) -> Answer:
    """Is the actual value one of the condition's (or, negated, none of them)?"""
    wanted = [resolved(value, context) if variables else value for value in condition.values]
    answers = [compare(value, actual, variables) for value in wanted]
    if condition.values.remainder is not None:
        answers.append(condition.values.remainder)
    return none_of(answers) if negated else any_of(answers)


def _null(condition: Condition, context: Context) -> Answer:
    actual = context.get(condition.key.lower())
    wanted = {(literal(value) or "").lower() for value in condition.values}
    if actual is None or condition.values.remainder or not wanted <= {"true", "false"}:
        return Unknown(
            f"it depends on whether '{condition.key}' is part of the request",
            why=Why.GRANT,
            span=condition.span,
        )
    absent = isinstance(is_absent(actual), Yes)
    if ("true" if absent else "false") in wanted:
        return Yes()
    return _no(condition, f"'{condition.key}' is {'not ' if absent else ''}part of the request")


def _no(condition: Condition, reason: str) -> No:
    return No((Evidence(reason, "", condition.span),))


# -- comparisons: a policy's value against the request's -------------------------------------------


def _equal(wanted: Value, actual: Value, variables: bool) -> Answer:
    return match.equals(wanted, actual, variables=variables)


def _equal_folded(wanted: Value, actual: Value, variables: bool) -> Answer:
    return match.equals(wanted, actual, variables=variables, fold=True)


def _like(wanted: Value, actual: Value, variables: bool) -> Answer:
    return match.covers(wanted, actual, variables=variables)


def _arn(wanted: Value, actual: Value, variables: bool) -> Answer:
    """Each of an ARN's six parts by itself: a wildcard does not reach over a colon."""
    whole = match.covers(wanted, actual, variables=variables)
    ours, theirs = pieces.arn_parts(wanted), pieces.arn_parts(actual)
    if ours is not None and theirs is not None:
        return all_of(
            match.covers(one, other, variables=variables)
            for one, other in zip(ours, theirs, strict=True)
        )
    if isinstance(whole, No) or _is_same_unknown(wanted, actual, variables):
        return whole
    return Unknown(f"'{shown_title(wanted)}' may not be an ARN", why=Why.GRANT)


def _is_same_unknown(wanted: Value, actual: Value, variables: bool) -> bool:
    """Is it the very value of the request, which is an ARN, whatever it is?"""
    return literal(wanted) is None and isinstance(_equal(wanted, actual, variables), Yes)


def _literally(compare: Callable[[str, str], bool | None]) -> Comparison:
    """A comparison of two known strings; None from ``compare`` means that one is malformed."""

    def compared(wanted: Value, actual: Value, variables: bool) -> Answer:
        ours, theirs = literal(wanted), literal(actual)
        result = None if ours is None or theirs is None else compare(ours, theirs)
        if result is None:
            return Unknown(f"'{shown_title(wanted)}' cannot be compared", why=Why.GRANT)
        return Yes() if result else No()

    return compared


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


def _moment(written: str) -> float | None:
    """A date, as ISO 8601 or as seconds since 1970, as the latter."""
    try:
        moment = datetime.fromisoformat(written.strip().replace("Z", "+00:00"))
    except ValueError:
        return _number(written)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.timestamp()


def _ordered(
    read: Callable[[str], float | None], test: Callable[[float, float], bool]
) -> Comparison:
    def compare(wanted: str, actual: str) -> bool | None:
        limit, given = read(wanted), read(actual)
        return None if limit is None or given is None else test(given, limit)

    return _literally(compare)


def _same_bool(wanted: str, actual: str) -> bool:
    return wanted.lower() == actual.lower()


def _same_bytes(wanted: str, actual: str) -> bool | None:
    try:
        return base64.b64decode(wanted, validate=True) == base64.b64decode(actual, validate=True)
    except (binascii.Error, ValueError):
        return None


def _in_network(wanted: str, actual: str) -> bool | None:
    try:
        return ipaddress.ip_address(actual) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return None


_OPERATORS: dict[str, tuple[Comparison, bool]] = {
    "stringequals": (_equal, False),
    "stringnotequals": (_equal, True),
    "stringequalsignorecase": (_equal_folded, False),
    "stringnotequalsignorecase": (_equal_folded, True),
    "stringlike": (_like, False),
    "stringnotlike": (_like, True),
    "arnequals": (_arn, False),
    "arnlike": (_arn, False),
    "arnnotequals": (_arn, True),
    "arnnotlike": (_arn, True),
    "bool": (_literally(_same_bool), False),
    "binaryequals": (_literally(_same_bytes), False),
    "ipaddress": (_literally(_in_network), False),
    "notipaddress": (_literally(_in_network), True),
    **{
        f"{family}{name}": (_ordered(read, test), negated)
        for family, read in (("numeric", _number), ("date", _moment))
        for name, test, negated in (
            ("equals", float.__eq__, False),
            ("notequals", float.__eq__, True),
            ("lessthan", float.__lt__, False),
            ("lessthanequals", float.__le__, False),
            ("greaterthan", float.__gt__, False),
            ("greaterthanequals", float.__ge__, False),
        )
    },
}
