"""``count`` and ``for_each``: how many instances of a block there are, and what each one sees."""

from __future__ import annotations

import json
from collections.abc import Callable

from ...symbolic.budget import Limit, current
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import Span
from ...symbolic.terms import Constant, Name, Operation, element, scalar_text
from ...symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Unknown,
    Value,
    Why,
    first,
    literal,
    why_not,
)
from ..language.symbols import symbol_of
from ..syntax.nodes import Block, Expression

Evaluate = Callable[[Expression], Value]


@dataclass(frozen=True)
class Repetition:
    """One instance of a block: its address ends in ``suffix``, its expressions see ``names``
    (``each`` or ``count``); ``conditional`` says why it may not exist."""

    suffix: str = ""
    names: dict[str, Value] = field(default_factory=dict)
    conditional: Unknown | None = None


@dataclass(frozen=True)
class Expansion:
    """All instances of a block.

    ``by`` is "", "count" or "for_each". ``keys`` are the keys of a for_each, beside the
    repetitions.
    With a ``remainder`` the last repetition is symbolic: it stands for those that are not known.
    """

    repetitions: tuple[Repetition, ...]
    by: str = ""
    keys: tuple[str, ...] = ()
    remainder: Unknown | None = None

    @classmethod
    def symbolic(cls, address: str, reason: Unknown, by: str = "for_each") -> Expansion:
        """Nothing is known of the instances: one symbolic repetition stands for all."""
        if by == "count":
            seen: dict[str, Value] = {
                "count": _object(
                    reason.span,
                    index=Unknown(
                        _said(reason, f"the index of '{address}' is not known"),
                        Operation("count.index", (Name(address),)),
                        reason.why,
                    ),
                )
            }
        else:
            seen = {
                "each": _object(
                    reason.span,
                    key=Unknown(
                        _said(reason, f"the keys of '{address}' are not known"),
                        Operation("each.key", (Name(address),)),
                        reason.why,
                    ),
                    value=Unknown(
                        _said(reason, f"the values of '{address}' are not known"),
                        Operation("each.value", (Name(address),)),
                        reason.why,
                    ),
                )
            }
        return cls((Repetition("", seen, reason),), by, (), reason)

    def decided(self, address: str, keys: tuple[int | str | None, ...]) -> Expansion:
        """The expansion once somebody says which keys there are."""
        if self.remainder is None:
            return self
        known = {r.suffix: r for r in self.repetitions if r.suffix}
        symbolic = self.repetitions[-1].names
        repetitions = []
        for key in keys:
            suffix = f"[{json.dumps(key, ensure_ascii=False)}]"
            if isinstance(key, int):
                seen: dict[str, Value] = {"count": _object(self.remainder.span, index=Known(key))}
            else:
                each = symbolic.get("each")
                value = each.get("value") if isinstance(each, Entries) else Known(None)
                seen = {
                    "each": _object(self.remainder.span, key=Known(key), value=_of_key(value, key))
                }
            repetitions.append(known.get(suffix) or Repetition(suffix, seen))
        return Expansion(tuple(repetitions), self.by, tuple(str(key) for key in keys))

    def collection(self, address: str, span: Span) -> Value:
        """What ``address`` without an index means in an expression."""
        resolve = [Reference(address + r.suffix, "", span=span) for r in self.repetitions]
        if not self.by:
            return resolve[0]
        if self.remainder is not None and len(resolve) == 1:
            if self.remainder.why is Why.LIMIT:
                made = Items if self.by == "count" else Entries
                return made((), self.remainder, span)
            return Reference(address, "*", span=span)
        if self.by == "count":
            return Items(tuple(resolve), span=span)
        return Entries(tuple(zip(self.keys, resolve, strict=False)), self.remainder, span)

    def element(self, address: str, key: Value, span: Span) -> Value:
        """``address[key]`` where all that is known of the instances is that they may exist.

        The symbolic instance answers to a symbolic key (a loop's, another block's) and to the index
        0, which is what ``count = var.create ? 1 : 0`` leaves. Two named keys never share it.
        """
        is_symbolic = isinstance(key, Unknown) and (
            key.symbol is None
            or (isinstance(key.symbol, Operation) and key.symbol.operator in _SYMBOLIC_KEYS)
        )
        if is_symbolic or (self.by == "count" and literal(key) == "0"):
            return Reference(address, "", span=span)
        reason = "its key is not known" if self.remainder is None else self.remainder.reason
        symbol = element(Name(address), symbol_of(key))
        return Unknown(reason, symbol, Why.CONDITION, span=span)


_SYMBOLIC_KEYS = ("each.key", "count.index")


def expand(block: Block, address: str, evaluate: Evaluate, most: int) -> Expansion:
    """The instances of a resource, data source or module call at ``address``.

    More than ``most`` are not expanded, but stood for by a symbolic one.
    """
    count, for_each = block.body.attribute("count"), block.body.attribute("for_each")
    if count is not None:
        return _counted(evaluate(count.value), address, count.span, most)
    if for_each is not None:
        return _for_each(evaluate(for_each.value), address, for_each.span, most)
    return Expansion((Repetition(),))


def _counted(count: Value, address: str, span: Span, most: int) -> Expansion:
    number = _whole_number(count)
    if number is not None and 0 <= number <= most:
        return Expansion(
            tuple(
                Repetition(f"[{index}]", {"count": _object(span, index=Known(index, span))})
                for index in range(number)
            ),
            "count",
        )
    return Expansion.symbolic(address, _reason(count, number, address, span, most), "count")


def _for_each(collection: Value, address: str, span: Span, most: int) -> Expansion:
    if isinstance(collection, Entries):
        pairs, remainder = list(collection.entries), collection.remainder
    elif isinstance(collection, Items):
        named = [(literal(item), item) for item in collection]
        pairs = [(key, item) for key, item in named if key is not None]
        remainder = first(
            collection.remainder, *(why_not(item) for key, item in named if key is None)
        )
    else:
        pairs, remainder = [], _reason(collection, None, address, span, most)
    if len(pairs) > most:
        pairs, remainder = [], _limit(address, span)
    pairs = list(dict(pairs).items())
    repetitions = [
        Repetition(
            f"[{json.dumps(key, ensure_ascii=False)}]",
            {"each": _object(span, key=Known(key, span), value=value)},
        )
        for key, value in pairs
    ]
    keys = tuple(key for key, _ in pairs)
    if remainder is None:
        return Expansion(tuple(repetitions), "for_each", keys)
    symbolic = Expansion.symbolic(address, remainder)
    return Expansion((*repetitions, *symbolic.repetitions), "for_each", keys, remainder)


def _of_key(value: Value, key: int | str | None) -> Value:
    """A symbolic ``each.value``, told apart by its key."""
    return (
        replace(value, symbol=element(value.symbol, Constant(key)))
        if isinstance(value, Unknown)
        else value
    )


def _said(reason: Unknown, otherwise: str) -> str:
    """A limit is told by its name wherever it leaves something unknown."""
    return reason.reason if reason.why is Why.LIMIT else otherwise


def _object(span: Span, **values: Value) -> Entries:
    return Entries(tuple(values.items()), span=span)


def _whole_number(value: Value) -> int | None:
    text = literal(value)
    if text is None or (isinstance(value, Known) and isinstance(value.value, bool)):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def _reason(value: Value, number: int | None, address: str, span: Span, most: int) -> Unknown:
    if number is not None and number > most:
        return _limit(address, span)
    if isinstance(value, Known):
        return Unknown(
            f"'{scalar_text(value.value)}' is no number of instances of '{address}'",
            why=Why.FUNCTION,
            span=span,
        )
    reason = why_not(value)
    if reason is not None:
        return reason
    return Unknown(f"the instances of '{address}' are not known", why=Why.FUNCTION, span=span)


def _limit(address: str, span: Span) -> Unknown:
    return current().cut_off(Limit.INSTANCES, f"of '{address}'", span)
