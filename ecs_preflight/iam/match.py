"""Does a policy's pattern cover a name, where neither may be known in full?

Both are Values. ``*`` and ``?`` of a pattern are wildcards, ``${aws:...}`` policy variables are holes.
References are replaced by their text as far as that is known; a hole that remains is the same wherever
its symbol is the same, and can only become what its Shape allows.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from functools import lru_cache

from .. import arns
from ..values import (
    Answer, Known, No, Reference, Shape, Text, Unknown, Value, Yes, expanded, first, shown_value, text, why_not,
)
from .automaton import Blank, Token, Tokens, Wild, certain, possible

_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)
#: What the name in an ARN is made of: no colon, and no slash where it never has one. A key in S3 may
#: hold anything.
_NAME = frozenset(chr(code) for code in range(0x20, 0x7F)) - {":"}
_NAMES: dict[str, frozenset[str] | None] = {"s3": None, "ecs": _NAME - {"/"}, "kms": _NAME - {"/"}}
#: A policy variable: ``${aws:PrincipalTag/team}``.
VARIABLE = re.compile(r"\$\{([^}]*)\}")


def covers(pattern: Value, subject: Value, *, variables: bool = True, fold: bool = False) -> Answer:
    """Yes when the pattern matches the subject in every deployment, No when in none, else Unknown.

    The subject ``*`` is that very character (the resource of actions without resource types); inside
    a longer subject ``*`` stands for any text. ``variables`` is false for policies of version
    2008-10-17, in which ``${`` has no meaning; ``fold`` compares without regard to case.
    """
    return _compared(pattern, subject, lambda value: _pattern_tokens(value, variables, fold),
                     lambda value: _subject_tokens(value, fold))


def equals(value: Value, subject: Value, *, variables: bool = True, fold: bool = False) -> Answer:
    """As covers, without wildcards: are the two the same text?"""
    return _compared(value, subject, lambda value: _without_wildcards(value, variables, fold),
                     lambda value: _plain_tokens(value, fold))


def within(inner: Value, outer: Value, *, fold: bool = False) -> Answer:
    """Does the pattern ``outer`` cover all that the pattern ``inner`` can match? No when it covers
    nothing of it, Unknown when some of it."""
    return _compared(outer, inner, lambda value: _pattern_tokens(value, True, fold),
                     lambda value: _widened(_pattern_tokens(value, True, fold)))


def _compared(pattern: Value, subject: Value, given: Callable[[Value], Tokens | None],
              wanted: Callable[[Value], Tokens | None]) -> Answer:
    pattern, subject = expanded(pattern), expanded(subject)
    needle, haystack = given(pattern), wanted(subject)
    if needle is None or haystack is None:
        return _unknown(pattern, subject)
    assumed = given(in_partition(pattern)), wanted(in_partition(subject))
    if assumed[0] is not None and assumed[1] is not None and certain(assumed[0], assumed[1]):
        return Yes()
    return _unknown(pattern, subject) if possible(needle, haystack) else No()


def in_partition(value: Value) -> Value:
    """The value with an open partition taken to be ``aws``, and its DNS suffix ``amazonaws.com``.

    Nothing in the code then speaks of China or GovCloud, and ``arn:aws:`` written beside
    ``${AWS::Partition}`` means the same; a wrong partition is ECS631's subject. Only a Yes rests on it.
    """
    if isinstance(value, Text) and any(_assumed(part) for part in value.parts):
        return text([Known(part) if isinstance(part, str) else Known(_assumed(part)) if _assumed(part)
                     else part for part in value.parts], value.span)
    assumed = _assumed(value)
    return Known(assumed, value.span) if assumed else value


def _assumed(part: Value | str) -> str:
    if isinstance(part, Unknown):
        return {arns.PARTITION.symbol: "aws", arns.DNS_SUFFIX.symbol: "amazonaws.com"}.get(part.symbol, "")
    return ""


def _pattern_tokens(value: Value, variables: bool, fold: bool) -> Tokens | None:
    return _tokens(value, lambda part: _pattern(part, variables, fold))


def _subject_tokens(value: Value, fold: bool) -> Tokens | None:
    tokens = _plain_tokens(value, fold)
    if tokens is None or tokens == ("*",):
        return tokens
    return _named(tuple(Blank() if token == "*" else token for token in tokens))


def _named(tokens: Tokens) -> Tokens:
    """The tokens of an ARN with blanks that hold nothing but what may stand in a name.

    A ``*`` of a pattern reaches over colons. Were a blank at the end to hold colons, no pattern with
    ``*`` for Region and account would be certain not to match.
    """
    colons = [index for index, token in enumerate(tokens) if token == ":"]
    if tokens[:4] != ("a", "r", "n", ":") or len(colons) < 5:
        return tokens
    service = "".join(str(token) for token in tokens[colons[1] + 1:colons[2]])
    letters = _NAMES.get(service, _NAME)
    return tuple(Blank(t.symbol, letters, t.least, t.most) if isinstance(t, Blank) and t.letters is None
                 else t for t in tokens)


def _plain_tokens(value: Value, fold: bool) -> Tokens | None:
    return _tokens(value, lambda part: tuple(part.lower() if fold else part))


def _tokens(value: Value, read: Callable[[str], Tokens]) -> Tokens | None:
    parts = _parts(value)
    if parts is None:
        return None
    return _ordered([token for part in parts
                     for token in (read(part) if isinstance(part, str) else (_blank(part),))])


@lru_cache(maxsize=4096)
def _pattern(part: str, variables: bool, fold: bool) -> Tokens:
    """The tokens of what is written between two holes."""
    if not variables:
        return _wild(part, fold)
    tokens: list[Token] = []
    end = 0
    for variable in VARIABLE.finditer(part):
        tokens += (*_wild(part[end:variable.start()], fold), _variable(variable.group(1).strip()))
        end = variable.end()
    return (*tokens, *_wild(part[end:], fold))


def _parts(value: Value) -> tuple[str | Unknown | Reference, ...] | None:
    """The literal parts and holes of a text; None for what is no text."""
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, (Unknown, Reference)):
        return (value,)
    if isinstance(value, Known) and value.value is not None:
        return (shown_value(value),)
    return None


def _widened(tokens: Tokens | None) -> Tokens | None:
    """A pattern as a subject: a wildcard becomes a blank of its own."""
    if tokens is None:
        return None
    return tuple(Blank(least=0 if token.many else 1, most=None if token.many else 1)
                 if isinstance(token, Wild) else token for token in tokens)


def _without_wildcards(value: Value, variables: bool, fold: bool) -> Tokens | None:
    tokens = _pattern_tokens(value, variables, fold) if variables else None
    if tokens is None or any(isinstance(token, Wild) for token in tokens):
        tokens = _plain_tokens(value, fold)
    return tokens


def _wild(part: str, fold: bool) -> Tokens:
    return tuple(Wild(character == "*") if character in "*?" else character
                 for character in (part.lower() if fold else part))


def _variable(name: str) -> Token:
    """``${*}``, ``${?}`` and ``${$}`` stand for the character itself, others for a value."""
    return name if name in ("*", "?", "$") else Blank(f"${{{name.lower()}}}")


def _ordered(tokens: list[Token]) -> Tokens:
    """The tokens with each run of wildcards in one order: all ``?``, then one ``*``."""
    ordered: list[Token] = []
    pending = False
    for token in tokens:
        if isinstance(token, Wild):
            if token.many:
                pending = True
            else:
                ordered.append(token)
            continue
        if pending:
            ordered.append(Wild(True))
            pending = False
        ordered.append(token)
    return (*ordered, Wild(True)) if pending else tuple(ordered)


def _blank(hole: Unknown | Reference) -> Blank:
    shape = hole.shape if isinstance(hole, Unknown) else Shape.ANY
    extra, least, most = shape.value
    letters = None if extra is None else _ALPHANUMERIC | frozenset(extra)
    if shape is Shape.ACCOUNT:
        letters = frozenset(string.digits)
    return Blank(hole.symbol, letters, least, most)


def _unknown(pattern: Value, subject: Value) -> Unknown:
    doubt = first(why_not(in_partition(pattern)), why_not(in_partition(subject)), why_not(pattern),
                  why_not(subject))
    if doubt is not None:
        return Unknown(doubt.reason, doubt.symbol, doubt.why, span=doubt.span)
    return Unknown(f"'{shown_value(pattern)}' depends on who asks")
