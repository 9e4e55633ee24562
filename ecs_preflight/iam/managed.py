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
        with (_DATA / "managed_policies.bin").open("rb") as packed:
            packed.seek(self._start)
            return zlib.decompress(packed.read(self._length)).decode()

    def document(self, partition: str = "aws") -> Entries:
        """Its content, with the ARNs of that partition."""
        return _document(self, partition)


def find(arn: Value) -> ManagedPolicy | None:
    """The policy with that very ARN, in any partition; None when there is none such."""
    named = parts(arn)
    return _policy(named[1]) if named else None


def by_name(name: str) -> ManagedPolicy | None:
    """The policy of that name, with its path or without, as SAM looks it up: letter by letter."""
    found = _policy(name) or _by_basename(name)
    return found if found is not None and found.name.endswith(name) else None


def misplaced(arn: Value) -> ManagedPolicy | None:
    """The policy of that name when it stands under another path (facts H3), else None."""
    named = parts(arn)
    if named is None or _policy(named[1]) is not None:
        return None
    return _by_basename(named[1].rpartition("/")[2])


def successor(arn: Value) -> ManagedPolicy | None:
    """What AWS replaced a withdrawn policy by (facts H9), or None."""
    named = parts(arn)
    return _policy(SUCCESSORS.get(named[1], "")) if named else None


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
def _lines() -> tuple[str, ...]:
    return tuple((_DATA / "managed_policies.tsv").read_text("utf-8").rstrip("\n").split("\n"))


@lru_cache(maxsize=1)
def _rows() -> dict[str, str]:
    """The line of each name: few of them are read further."""
    return {line.partition("\t")[0]: line for line in _lines()[1:]}


@lru_cache(maxsize=256)
def _policy(name: str) -> ManagedPolicy | None:
    row = _rows().get(name)
    if row is None:
        return None
    _, version, updated, start, length = row.split("\t")
    return ManagedPolicy(name, version, updated, int(start), int(length))


@lru_cache(maxsize=1)
def _basenames() -> dict[str, str]:
    """The names by what they read without their paths, in small letters."""
    return {name.rpartition("/")[2].lower(): name for name in _rows()}


def _by_basename(name: str) -> ManagedPolicy | None:
    found = _basenames().get(name.lower())
    return None if found is None else _policy(found)


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
