"""The AWS managed policies by content: generated data, read when first asked for.

``tools/refresh_managed_policies.py`` writes the data. It is that of the commercial partition; in
the others the ARNs inside are those of the partition (facts I1: contents there may differ in
places).
"""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from pathlib import Path

from ..symbolic.records import dataclass
from ..symbolic.source import NOWHERE
from ..symbolic.values import Entries, Items, Known, Unknown, Value, Why, expanded, shown_value
from .match import in_partition

#: Policies that AWS has withdrawn, and what took their place (facts H9).
SUCCESSORS = {
    "AmazonEC2ContainerServiceFullAccess": "AmazonECS_FullAccess",
}

_MARK = ":iam::aws:policy/"
_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class ManagedPolicy:
    """An AWS managed policy: ``name`` with its path
    (``service-role/AmazonECSTaskExecutionRolePolicy``), version and the date of that version."""

    name: str
    version: str
    updated: str
    _start: int
    _length: int

    def arn(self, partition: str = "aws") -> str:
        """The ARN by which roles attach it, in the partition."""
        return f"arn:{partition}{_MARK}{self.name}"

    def source(self) -> str:
        """Its content as JSON, for the commercial partition."""
        return zlib.decompress(_packed()[self._start : self._start + self._length]).decode()

    def document(self, partition: str = "aws") -> Entries:
        """Its content, with the ARNs of that partition."""
        return _document(self, partition)


def find(arn: Value) -> ManagedPolicy | None:
    """The policy with that very ARN, in any partition; None when there is none such."""
    named = parts(arn)
    return _policies().get(named[1]) if named else None


def by_name(name: str) -> ManagedPolicy | None:
    """The policy of that name, with its path or without, as SAM looks it up: letter by letter."""
    found = _policies().get(name) or _by_basename().get(name.lower())
    return found if found is not None and found.name.endswith(name) else None


def misplaced(arn: Value) -> ManagedPolicy | None:
    """The policy of that name when it stands under another path (facts H3), else None."""
    named = parts(arn)
    if named is None or named[1] in _policies():
        return None
    return _by_basename().get(named[1].rpartition("/")[2].lower())


def successor(arn: Value) -> ManagedPolicy | None:
    """What AWS replaced a withdrawn policy by (facts H9), or None."""
    named = parts(arn)
    return _policies().get(SUCCESSORS.get(named[1], "")) if named else None


def parts(arn: Value) -> tuple[str, str] | None:
    """Partition and name with path of an AWS managed policy's ARN; None for any other value."""
    written = in_partition(expanded(arn))
    if not isinstance(written, Known) or not isinstance(written.value, str):
        return None
    start, mark, name = written.value.partition(_MARK)
    return (start[4:], name) if mark and start.startswith("arn:") else None


def document(arn: Value) -> Entries | Unknown:
    """The content of the AWS managed policy with that ARN, or why it is not known."""
    named, policy = parts(arn), find(arn)
    if named and policy:
        return policy.document(named[0])
    return Unknown(
        f"'{shown_value(arn)}' is not among the AWS managed policies of {as_of()}",
        why=Why.OUTSIDE,
        span=arn.span,
    )


def as_of() -> str:
    """The date of the newest policy in the data."""
    return _lines()[0].split("\t")[2]


@lru_cache(maxsize=1)
def _packed() -> bytes:
    """All contents, each compressed by itself: few of them are asked for."""
    return (_DATA / "managed_policies.bin").read_bytes()


@lru_cache(maxsize=1)
def _lines() -> tuple[str, ...]:
    return tuple((_DATA / "managed_policies.tsv").read_text("utf-8").rstrip("\n").split("\n"))


@lru_cache(maxsize=1)
def _policies() -> dict[str, ManagedPolicy]:
    rows = (line.split("\t") for line in _lines()[1:])
    return {
        name: ManagedPolicy(name, version, updated, int(start), int(length))
        for name, version, updated, start, length in rows
    }


@lru_cache(maxsize=1)
def _by_basename() -> dict[str, ManagedPolicy]:
    return {name.rpartition("/")[2].lower(): policy for name, policy in _policies().items()}


@lru_cache(maxsize=256)
def _document(policy: ManagedPolicy, partition: str) -> Entries:
    value = _value(json.loads(policy.source().replace('"arn:aws:', f'"arn:{partition}:')))
    assert isinstance(value, Entries)
    return value


def _value(data: object) -> Value:
    if isinstance(data, dict):
        return Entries(tuple((key, _value(item)) for key, item in data.items()), None, NOWHERE)
    if isinstance(data, list):
        return Items(tuple(_value(item) for item in data), None, NOWHERE)
    assert data is None or isinstance(data, (bool, int, float, str))
    return Known(data)
