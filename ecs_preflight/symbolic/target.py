"""Where something is deployed."""

from __future__ import annotations

from .records import dataclass
from .values import Value


@dataclass(frozen=True)
class Target:
    """The partition, Region and account something is deployed to, as far as known (see
    ``arns``)."""

    partition: Value
    region: Value
    account: Value
