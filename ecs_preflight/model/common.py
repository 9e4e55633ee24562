"""What every part of the model is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.target import Target
from ..symbolic.values import ABSENT, Unknown, Value, Why

Item = TypeVar("Item")


@dataclass(frozen=True)
class Several(Generic[Item]):
    """A collection; ``remainder`` is None when these are all, else why there may be more."""

    items: tuple[Item, ...] = ()
    remainder: Unknown | None = None

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


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
