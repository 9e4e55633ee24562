"""What every part of the model is made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Generic, TypeVar, Union

from ..symbolic.records import dataclass, field
from ..symbolic.source import NOWHERE, Span
from ..symbolic.target import Target
from ..symbolic.terms import Term
from ..symbolic.values import (
    ABSENT,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    literal,
)

Item = TypeVar("Item")


@dataclass(frozen=True)
class Several(Generic[Item]):
    """A collection; ``remainder`` is None when these are all, else why there may be more. ``span``
    is the argument by which their owner has them, where that is known: they may stand elsewhere."""

    items: tuple[Item, ...] = ()
    remainder: Unknown | None = None
    span: Span = field(default=NOWHERE, compare=False)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


Identity = tuple[Union[str, tuple[Term]], ...]


def identity(value: Value) -> Identity | None:
    """What a text is made of, for comparison: literal parts, and holes by their symbols. None for
    what is absent, and where a hole has no symbol (it is equal to nothing)."""
    value = expanded(value)
    parts: list[str | tuple[Term]] = []
    for part in value.parts if isinstance(value, Text) else (value,):
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, Known) and part.value not in (None, ""):
            parts.append(literal(part) or "")
        elif isinstance(part, (Unknown, Reference)) and part.symbol:
            parts.append((part.symbol,))
        else:
            return None
    return tuple(parts)


#: The tags of what no code of the scan makes.
NO_TAGS_SEEN = Unknown("its tags are not in the scanned code", why=Why.OUTSIDE)


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Anything with an address: ``module.api.aws_iam_role.exec[0]`` or a template's logical id.

    ``span`` is its whole block, ``type`` its type in its own language (``aws_iam_role``,
    ``AWS::IAM::Role``). ``conditional`` is None when it surely exists, else why it may not.
    ``label`` is what a person calls it beside the address (a CDK construct path), or "". ``place``
    is its provider's, None where that is the stack's."""

    address: str
    type: str
    span: Span
    conditional: Unknown | None = None
    label: str = ""
    target: Target | None = None

    @property
    def names(self) -> tuple[Value, ...]:
        """What others may name it by, beside its address: its ARN and its name."""
        return getattr(self, "arn", ABSENT), getattr(self, "name", ABSENT)

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """The names, as they are compared."""
        found = dict.fromkeys(map(identity, self.names))
        return tuple(each for each in found if each is not None)

    @property
    def bare(self) -> Resource:
        """The resource without what it is in particular: all that is told of it."""
        return Resource(
            address=self.address,
            type=self.type,
            span=self.span,
            conditional=self.conditional,
            label=self.label,
            target=self.target,
        )
