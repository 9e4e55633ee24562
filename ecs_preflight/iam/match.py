"""Does a policy's pattern cover a name, where neither may be known in full?

Both are Values. ``*`` and ``?`` of a pattern are wildcards, ``${aws:...}`` policy variables are
holes. References are replaced by their text as far as that is known; a hole that remains is the
same wherever its symbol is the same, and can only become what its Shape allows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from ..symbolic import arns
from ..symbolic.answers import NO, YES, Answer
from ..symbolic.budget import charge
from ..symbolic.patterns import regex
from ..symbolic.placeholders import opened
from ..symbolic.records import dataclass, replace
from ..symbolic.same import Same
from ..symbolic.strings import (
    Blank,
    Token,
    Tokens,
    Wild,
    joined,
    literally,
    may_match,
    must_match,
    tokens,
    with_wildcards,
)
from ..symbolic.terms import Name
from ..symbolic.titles import shown_title
from ..symbolic.values import (
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    expanded,
    first,
    shown_value,
    text,
    why_not,
)

#: What the name in an ARN is made of, by service, where it never holds a colon, or a slash. That of
#: others may hold anything: a function's qualifier, a model's version, a key in S3.
_NAME = frozenset(chr(code) for code in range(0x20, 0x7F)) - {":"}
_NAMES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "ecr",
            "elasticfilesystem",
            "events",
            "iam",
            "kinesis",
            "kms",
            "logs",
            "secretsmanager",
            "sqs",
            "ssm",
        ),
        _NAME,
    ),
    "ecs": _NAME - {"/"},
}
#: A policy variable: ``${aws:PrincipalTag/team}``.
VARIABLE = regex(r"\$\{([^{}]*)\}")


def covers(pattern: Value, subject: Value, *, variables: bool = True, fold: bool = False) -> Answer:
    """Yes when the pattern matches the subject in every deployment, No when in none, else Unknown.

    The subject ``*`` is that very character (the resource of actions without resource types);
    inside a longer subject ``*`` stands for any text. ``variables`` is false for policies of
    version 2008-10-17, in which ``${`` has no meaning; ``fold`` compares without regard to case.
    """
    if isinstance(pattern, Known) and pattern.value == "*" and _is_text(subject):
        return YES
    read = _pattern_with_variables if variables else _pattern
    return _compared(pattern, subject, read, _name, fold)


def _is_text(subject: Value) -> bool:
    """Will it be a text, whatever that is?"""
    written = expanded(subject)
    if isinstance(written, Known):
        return written.value is not None
    return isinstance(written, (Text, Unknown, Reference))


def covers_action(pattern: Value, action: str) -> Answer:
    """Does the pattern of an Action element cover the action? Case does not matter."""
    charge()
    if isinstance(pattern, Known):
        return YES if _covers_action(shown_value(pattern), action) else NO
    return covers(pattern, Known(action), variables=False, fold=True)


def equals(value: Value, subject: Value, *, variables: bool = True, fold: bool = False) -> Answer:
    """As covers, without wildcards: are the two the same text?"""
    return _compared(value, subject, _plain_with_variables if variables else _plain, _plain, fold)


def within(inner: Value, outer: Value, *, fold: bool = False) -> Answer:
    """Does the pattern ``outer`` cover all that the pattern ``inner`` can match? No when it covers
    nothing of it, Unknown when some of it."""
    return _compared(outer, inner, _pattern_with_variables, _widened, fold)


def in_partition(value: Value) -> Value:
    """The value with an open partition taken to be ``aws``, and its DNS suffix ``amazonaws.com``.

    Nothing in the code then speaks of China or GovCloud, and ``arn:aws:`` written beside
    ``${AWS::Partition}`` means the same; a wrong partition is ECS631's subject. Only a Yes rests on
    it.
    """
    if isinstance(value, Text) and any(_assumed(part) for part in value.parts):
        return text(
            [Known(part) if isinstance(part, str) else in_partition(part) for part in value.parts],
            value.span,
        )
    assumed = _assumed(value)
    return Known(assumed, value.span) if assumed else value


_ASSUMED = {arns.PARTITION.symbol: "aws", arns.DNS_SUFFIX.symbol: "amazonaws.com"}


def _assumed(part: Value | str) -> str:
    return _ASSUMED.get(part.symbol, "") if isinstance(part, Unknown) else ""


#: How one side of a comparison is read: a text, and whether its case is folded.
Reading = Callable[[Value, bool], "Tokens | None"]


def _compared(
    pattern: Value, subject: Value, read_pattern: Reading, read_subject: Reading, fold: bool
) -> Answer:
    charge(8)
    ours = _read(Same(pattern), read_pattern, fold)
    theirs = _read(Same(subject), read_subject, fold)
    if ours is not None and theirs is not None:
        possible = may_match(ours.tokens, theirs.tokens)  # most are not, and that is told soonest
        is_open = ours.assumed is not ours.tokens or theirs.assumed is not theirs.tokens
        if (possible or is_open) and must_match(ours.assumed, theirs.assumed):
            return YES
        if not possible:
            return NO
    doubt = first(
        *(why_not(in_partition(opened(expanded(value)))) for value in (pattern, subject)),
        *(why_not(expanded(value)) for value in (pattern, subject)),
    )
    if doubt is None:
        return Unknown(f"'{shown_title(pattern)}' depends on who asks")
    return Unknown(doubt.reason, doubt.symbol, doubt.why, span=doubt.span)


@dataclass(frozen=True)
class _Side:
    """One side of a comparison: with holes for what is to be filled in, and as it is written, an
    open partition taken to be ``aws``."""

    tokens: Tokens
    assumed: Tokens


@lru_cache(maxsize=8192)
def _read(value: Same[Value], read: Reading, fold: bool) -> _Side | None:
    written = expanded(value.value)
    later, here = opened(written), in_partition(written)
    found = read(later, fold)
    assumed = found if here is later else read(here, fold)
    return None if found is None or assumed is None else _Side(found, assumed)


@lru_cache(maxsize=8192)
def _covers_action(pattern: str, action: str) -> bool:
    given = joined(with_wildcards(pattern.lower()))
    return must_match(given, (action.lower(),))


def _pattern(value: Value, fold: bool) -> Tokens | None:
    return tokens(value, with_wildcards, fold)


def _pattern_with_variables(value: Value, fold: bool) -> Tokens | None:
    return tokens(value, _wild_with_variables, fold)


def _plain(value: Value, fold: bool) -> Tokens | None:
    return tokens(value, fold=fold)


def _plain_with_variables(value: Value, fold: bool) -> Tokens | None:
    return tokens(value, lambda part: _with_variables(part, literally), fold)


def _name(value: Value, fold: bool) -> Tokens | None:
    written = _plain(value, fold)
    if written is None or written == ("*",):
        return written
    pieces = [
        piece
        for token in written
        for piece in (re.split(r"(\*)", token) if isinstance(token, str) else [token])
    ]
    return _named(joined(Blank() if piece == "*" else piece for piece in pieces))


def _named(written: Tokens) -> Tokens:
    """The tokens of an ARN with blanks that hold nothing but what may stand in a name.

    A ``*`` of a pattern reaches over colons. Were a blank at the end to hold colons, no pattern
    with ``*`` for Region and account would be certain not to match.
    """
    fields = "".join(token if isinstance(token, str) else "$" for token in written).split(":")
    if fields[0] != "arn" or len(fields) < 6:
        return written
    letters = _NAMES.get(fields[2])
    if letters is None:
        return written
    return tuple(
        replace(token, letters=letters)
        if isinstance(token, Blank) and token.letters is None
        else token
        for token in written
    )


def _widened(value: Value, fold: bool) -> Tokens | None:
    """A pattern as a subject: a wildcard becomes a blank of its own."""
    written = _pattern_with_variables(value, fold)
    return (
        None
        if written is None
        else tuple(
            Blank(least=0 if token.many else 1, more=token.many)
            if isinstance(token, Wild)
            else token
            for token in written
        )
    )


def _wild_with_variables(part: str) -> list[Token]:
    return _with_variables(part, with_wildcards)


def _with_variables(part: str, read: Callable[[str], Sequence[Token]]) -> list[Token]:
    """``${*}``, ``${?}`` and ``${$}`` stand for the character itself, others for a value."""
    found: list[Token] = []
    end = 0
    for variable in VARIABLE.finditer(part):
        name = variable.group(1).strip().lower()
        found += read(part[end : variable.start()])
        found.append(name if name in ("*", "?", "$") else Blank(Name(f"${{{name}}}")))
        end = variable.end()
    return [*found, *read(part[end:])]
