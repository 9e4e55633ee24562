"""How a template is deployed, as far as known: where, as which stack, with which parameters.

CDK says it in the assembly's ``manifest.json``; parameter files say it for everything else.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from pathlib import Path

from ...model import Target
from ...symbolic import arns
from ...symbolic.documents import reading
from ...symbolic.documents.nodes import (
    DocumentFault,
    MappingNode,
    Node,
)
from ...symbolic.records import dataclass, field
from ...symbolic.source import Boundary, shown
from ...symbolic.values import Known, Unknown, Value
from .template import refused


@dataclass(frozen=True)
class Deployment:
    """``name`` is the stack's, or ""."""

    target: Target = arns.ANY_TARGET
    name: str = ""
    parameters: AnyMapping[str, Value] = field(default_factory=dict)


def dns_suffix(target: Target) -> Known | Unknown:
    """``AWS::URLSuffix``."""
    partition = target.partition
    if isinstance(partition, Known) and partition.value in ("aws", "aws-us-gov"):
        return Known("amazonaws.com")
    return Known("amazonaws.com.cn") if partition == Known("aws-cn") else arns.DNS_SUFFIX


def read_root(path: Path, boundary: Boundary) -> Node:
    """The first document of a file. Raises Unreadable."""
    text = boundary.read_text(path)
    try:
        found = reading.documents(text, path.name)
    except DocumentFault as fault:
        raise refused(shown(path), fault) from None
    return found[0].root if found else MappingNode((), (1, 1, 1, 1))
