"""What a static reader can know of a value, and how a question about it can be answered.

A value is one of

- ``Known``: a scalar (string, number, bool or null);
- ``Unknown``: nothing is known but why, and a term: equal terms are equal values;
- ``Reference``: an attribute of a resource, with the text it will have as far as that is known;
- ``Text``: a string with holes;
- ``Items`` and ``Entries``: a list and a map; their ``remainder`` says that there may be more.

Partial knowledge survives: a container definition with an unknown image tag still shows its
secrets. There is no "either a or b" among them: what depends on an unknown condition is Unknown,
and the condition is tried both ways as a world of its own (see ``worlds``). Every value carries
the span where it was written; equality ignores it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import cached_property
from typing import Union

from .gaps import is_gap
from .keys import folded
from .records import dataclass, field, replace
from .source import NOWHERE, Span
from .terms import Constant, Name, Scalar, Term, operation, scalar_text


class Why(Enum):
    """Why something is unknown: (one, many, what to do about it), as the coverage line words it."""

    INPUT = (
        "value from an input without a default",
        "values from inputs without a default",
        "give --var-file or --parameters",
    )
    CONDITION = (
        "value that depends on an unknown condition",
        "values that depend on unknown conditions",
        "",
    )
    MODULE = ("module not downloaded", "modules not downloaded", "run terraform get")
    REACH = ("module out of reach", "modules out of reach", "check their paths, or widen --root")
    OUTSIDE = ("value managed elsewhere", "values managed elsewhere", "")
    APPLY = ("value known only after deployment", "values known only after deployment", "")
    FUNCTION = ("value that cannot be computed", "values that cannot be computed", "")
    UNDECLARED = ("name that is not declared", "names that are not declared", "declare it")
    UNREADABLE = ("file that cannot be read", "files that cannot be read", "")
    LIMIT = ("value beyond the scan's limits", "values beyond the scan's limits", "")
    FAULT = ("fault of ecs-preflight's own", "faults of ecs-preflight's own", "please report it")
    SOURCE = ("source for another tool", "sources for other tools", "")
    GRANT = ("grant that depends on a condition", "grants that depend on a condition", "")

    @property
    def advice(self) -> str:
        """What can be done about it; "" where nothing general can."""
        return self.value[2]

    def counted(self, count: int) -> str:
        """How many, in words."""
        return f"{count} {self.value[0] if count == 1 else self.value[1]}"


class Shape(Enum):
    """What strings a hole can become: (extra characters beside letters and digits or None for any
    character, least length, greatest length or None)."""

    ANY = (None, 0, None)
    FILLED = (None, 1, None)  # any text that is not empty: a policy document
    POSITIVE = ("", 1, None)  # digits of a number above zero: the length of such a text
    ACCOUNT = ("", 12, 12)  # digits
    REGION = ("-", 5, 30)  # eu-west-1, us-gov-west-1
    REVISION = ("", 1, 10)  # digits, which ECS counts
    PARTITION = ("-", 3, 20)  # aws, aws-cn, aws-us-gov
    SUFFIX = ("", 6, 6)  # the six characters Secrets Manager appends to a name
    GENERATED = ("", 26, 26)  # the digits that Terraform's provider appends to a name_prefix
    CHOSEN = ("", 12, 13)  # what CloudFormation appends to the names that it makes
    SEGMENT = ("-_.+=,@", 1, None)  # a name without ':' and '/'
    WORD = ("-_./+=,@#", 1, None)  # a name that may hold '/', but no ':'


@dataclass(frozen=True, slots=True)
class Known:
    """A scalar, for certain. ``Known(None)`` is null and stands for what is absent."""

    value: Scalar
    span: Span = field(default=NOWHERE, compare=False)
    #: What a string that is JSON reads as, where whoever made it knew (see ``jsontext``).
    encodes: Value | JsonFault | None = field(default=None, compare=False, repr=False)
    #: The input of which it is the default or a world's choice; of a condition over such inputs,
    #: what must be otherwise for it to be otherwise.
    origin: Term | None = field(default=None, compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        # True == 1 in Python, but not in Terraform, CloudFormation or JSON.
        return (
            isinstance(other, Known)
            and self.value == other.value
            and isinstance(self.value, bool) == isinstance(other.value, bool)
        )

    def __hash__(self) -> int:
        return hash((isinstance(self.value, bool), self.value))


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing but why.

    As an answer: neither yes nor no. ``symbol`` is the term that identifies the value: two Unknown
    with one term are the same value in any one deployment (``var.role``, ``(var.env == "prod")``);
    without a term it is equal to nothing. ``reason`` is a phrase that can follow "because":
    ``variable 'role' has no value``.
    """

    reason: str
    symbol: Term | None = None
    why: Why = field(default=Why.APPLY, compare=False)
    shape: Shape = field(default=Shape.ANY, compare=False)
    span: Span = field(default=NOWHERE, compare=False)
    #: AWS chooses it for one resource: no other such value is equal to it.
    unique: bool = field(default=False, compare=False)

    def __bool__(self) -> bool:
        raise TypeError("an answer has three values: compare it with isinstance, not as a bool")


@dataclass(frozen=True, slots=True)
class Reference:
    """The attribute ``attribute`` (``arn``, ``name`` ...) of the resource at ``address``.

    ``text`` is what the attribute will read, as far as that is known (a Known string, a Text with
    holes), or None.
    """

    address: str
    attribute: str
    text: Known | Text | None = field(default=None, compare=False)
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def symbol(self) -> Name:
        """The term of the attribute."""
        return Name(f"{self.address}.{self.attribute}")


@dataclass(frozen=True, slots=True)
class Text:
    """A string with holes: literal parts and holes, in order. Build it with ``text()``."""

    parts: tuple[str | Unknown | Reference, ...]
    span: Span = field(default=NOWHERE, compare=False)
    #: As Known's: the structure with its own holes and spans, of which the text is the JSON.
    encodes: Value | JsonFault | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Items:
    """A list (or set). ``remainder`` is None when these are all, else why there may be more
    (anywhere).

    ``uniform`` when all elements are of one type by declaration or conversion: a ``list`` in
    Terraform's terms, not a tuple, which its equality and conversions tell apart.
    """

    items: tuple[Value, ...]
    remainder: Unknown | None = None
    span: Span = field(default=NOWHERE, compare=False)
    is_set: bool = field(default=False, compare=False)
    uniform: bool = field(default=False, compare=False)
    #: An input that is empty, as Known's, and so gives nothing to it.
    origin: Term | None = field(default=None, compare=False, repr=False)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)


@dataclass(frozen=True)
class Entries:
    """A map or object, in order. ``remainder`` is None when these are all its keys, else why there
    may be more, or why a listed one may be overridden."""

    entries: tuple[tuple[str, Value], ...]
    remainder: Unknown | None = None
    span: Span = field(default=NOWHERE, compare=False)
    #: Where each key was written, where that differs from the value.
    key_spans: tuple[tuple[str, Span], ...] = field(default=(), compare=False)
    #: A ``map`` in Terraform's terms, not an object (see Items).
    uniform: bool = field(default=False, compare=False)
    #: Of an empty one, see Items.
    origin: Term | None = field(default=None, compare=False, repr=False)
    exact: bool = field(default=False, compare=False)  # Do underscores count in its keys?

    def get(self, key: str) -> Value:
        """The value under ``key``; Known(None) when it is certainly absent, else Unknown."""
        for name, value in self.entries:
            if name == key:
                return value
        return self._absent

    def get_folded(self, key: str) -> Value:
        """As get, but blind to case, as the ECS API's JSON decoder is."""
        wanted = key.casefold()
        return next((v for name, v in self.entries if name.casefold() == wanted), self._absent)

    def get_named(self, key: str) -> Value:
        """As get, but blind to case and underscores, whichever language writes the key."""
        return self._named.get(folded(key, self.exact), self._absent)

    @cached_property
    def _absent(self) -> Value:
        more = self.remainder
        return Known(None, self.span) if more is None else replace(more, symbol=None)

    @cached_property
    def _named(self) -> dict[str, Value]:
        return {folded(name, self.exact): value for name, value in reversed(self.entries)}

    def key_span(self, key: str) -> Span:
        """Where the key was written."""
        return dict(self.key_spans).get(key, self.get(key).span)

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _ in self.entries)


@dataclass(frozen=True, slots=True)
class JsonFault:
    """Why a text that should be JSON is not, and where: at ``span``, as near as it is known."""

    reason: str
    span: Span = field(default=NOWHERE, compare=False)


Value = Union[Known, Unknown, Reference, Text, Items, Entries]
Hole = Union[Unknown, Reference]
ABSENT = Known(None)


# -- making and reading values ---------------------------------------------------------------------


def text(parts: Iterable[Value | str], span: Span = NOWHERE) -> Known | Text | Unknown:
    """The concatenation of strings, scalars, texts and holes: Known when no hole is in it.

    An input that is empty where something is missing then (see ``not_given``) is a hole. A list or
    map among the parts makes the whole Unknown (it has no string form).
    """
    pieces = _pieces(parts)
    kinds = set(map(type, pieces))
    if kinds == {str}:
        return Known("".join(pieces), span)  # type: ignore[arg-type]
    joined: list[str | Hole] = []
    pending: list[str] = []
    for piece in with_gaps(pieces) if Known in kinds else pieces:
        if isinstance(piece, str):
            pending.append(piece)
        elif isinstance(piece, (Unknown, Reference)):
            before = "".join(pending)
            joined += (before, piece) if before else (piece,)
            pending = []
        elif not isinstance(piece, Known):
            return Unknown("a list or map stands inside a string", why=Why.FUNCTION, span=span)
    rest = "".join(pending)
    if not joined:
        empty = next((piece for piece in pieces if isinstance(piece, Known)), None)
        return Known(rest, span, origin=empty.origin if empty and not rest else None)
    return Text((*joined, rest) if rest else tuple(joined), span)


def with_gaps(pieces: Sequence[str | Value]) -> list[str | Value]:
    """The pieces of a text, each empty input a hole where the text lacks something without it."""
    written = ["" if isinstance(piece, Known) else piece for piece in pieces]
    return [
        not_given(piece)
        if isinstance(piece, Known) and is_gap(written[:index], written[index + 1 :])
        else piece
        for index, piece in enumerate(pieces)
    ]


def _pieces(parts: Iterable[Value | str]) -> list[str | Value]:
    """The parts of texts, the strings of scalars; an empty input as it is."""
    pieces: list[str | Value] = []
    for part in parts:
        if isinstance(part, Text):
            pieces += part.parts
        elif isinstance(part, Known) and (part.origin is None or part.value != ""):
            pieces.append(scalar_text(part.value))
        else:
            pieces.append(part)
    return pieces


def not_given(value: Value) -> Value:
    """An input that is empty stands for "not given": Unknown. Any other value as it is."""
    if isinstance(value, Known) and value.value == "" and value.origin is not None:
        return Unknown(f"'{value.origin}' is empty", value.origin, Why.INPUT, span=value.span)
    return value


def join(*parts: Value | str) -> Known | Text | Unknown:
    """As text: ``join("arn:", partition, ":s3:::", name)``."""
    return text(parts)


def expanded(value: Value) -> Value:
    """The value with every Reference replaced by its text, as far as that is known.

    What remains are literal parts and holes that have no text of their own.
    """
    if isinstance(value, Known):
        return value
    if isinstance(value, Reference):
        return value if value.text is None else expanded(value.text)
    if isinstance(value, Text):
        if _is_plain(value.parts):
            return value
        whole = text((p if isinstance(p, str) else expanded(p) for p in value.parts), value.span)
        return whole if isinstance(whole, Unknown) else replace(whole, encodes=value.encodes)
    return value


def _is_plain(parts: tuple[str | Hole, ...]) -> bool:
    """Are these a text's parts as ``text`` would leave them, with nothing to fill in?"""
    was_literal = False
    for part in parts:
        if isinstance(part, str):
            if was_literal or not part:
                return False
        elif isinstance(part, Reference) and part.text is not None:
            return False
        was_literal = isinstance(part, str)
    return len(parts) > 1 or (len(parts) == 1 and not was_literal)


def literal(value: Value) -> str | None:
    """The string, when the value is known to be exactly that; else None."""
    if not isinstance(value, Known):
        value = expanded(value)
    if not isinstance(value, Known) or value.value is None:
        return None
    return value.value if isinstance(value.value, str) else scalar_text(value.value)


def without_holes(value: Value) -> str:
    """What is literally written of a text, joined; empty when nothing of it is."""
    value = expanded(value)
    if isinstance(value, Text):
        return "".join(part for part in value.parts if isinstance(part, str))
    return literal(value) or ""


def text_term(value: Value) -> Term | None:
    """The term of a string: equal terms are equal strings. None for a list or map, and where a
    hole has no term."""
    if isinstance(value, Text):
        parts = (Constant(p) if isinstance(p, str) else p.symbol for p in value.parts)
        return operation("text", *parts)
    if isinstance(value, Known):
        return Constant(value.value)
    return value.symbol if isinstance(value, (Unknown, Reference)) else None


def first(*doubts: Unknown | None) -> Unknown | None:
    """The first that is not None: what ``or`` would say, if an Unknown were a bool."""
    return next((doubt for doubt in doubts if doubt is not None), None)


def why_not(value: Value) -> Unknown | None:
    """The first thing in the value that is not known, or None when all of it is."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Reference):
        reason = f"'{value.symbol}' is known only after deployment"
        return Unknown(reason, value.symbol, span=value.span)
    if isinstance(value, Text):
        return first(*(why_not(part) for part in value.parts if not isinstance(part, str)))
    if isinstance(value, Items):
        return first(*(why_not(item) for item in value.items), value.remainder)
    if isinstance(value, Entries):
        return first(*(why_not(item) for _, item in value.entries), value.remainder)
    return None


def shown_value(value: Value) -> str:
    """The value as a message prints it: text with ``${hole}`` where something is not known."""
    if isinstance(value, Known):
        return scalar_text(value.value)
    if isinstance(value, Unknown):
        return f"${{{value.symbol or '...'}}}"
    if isinstance(value, Reference):
        return f"${{{value.symbol}}}"
    if isinstance(value, Text):
        return "".join(p if isinstance(p, str) else shown_value(p) for p in value.parts)
    if isinstance(value, Items):
        return "[" + ", ".join(shown_value(item) for item in value.items) + "]"
    return "{" + ", ".join(f"{key}: {shown_value(item)}" for key, item in value.entries) + "}"
