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
    SequenceNode,
    mapping,
    plain,
)
from ...symbolic.records import dataclass, field
from ...symbolic.source import Boundary, Unreadable, real, shown
from ...symbolic.values import Known, Unknown
from ..language.parameters import written
from .template import refused


@dataclass(frozen=True)
class Deployment:
    """``name`` is the stack's, or ""."""

    target: Target = arns.ANY_TARGET
    name: str = ""
    parameters: AnyMapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ParameterValues:
    """What a parameter file gives, for the template it names, or for any."""

    parameters: AnyMapping[str, str]
    template: Path | None = None


def parameter_file(path: Path) -> ParameterValues:
    """Reads a parameter file: of the AWS CLI (a list of ParameterKey and ParameterValue, or of
    ``Key=Value`` as its ``deploy`` takes them), of CodePipeline (``Parameters``), or of Git sync
    (``parameters``, ``template-file-path``). Raises Unreadable."""
    boundary = Boundary.of_named(path)
    root = read_root(path, boundary)
    if isinstance(root, SequenceNode):
        pairs = map(_pair, root.items)
        return ParameterValues(
            {key: value for key, value in pairs if key is not None and value is not None}
        )
    section = mapping(root).get("Parameters") or mapping(root).get("parameters")
    if not isinstance(section, MappingNode):
        raise Unreadable(shown(path), "is not a parameter file")
    named = plain(mapping(root).get("template-file-path"))
    values = ((entry.key, written(entry.value)) for entry in section.entries)
    return ParameterValues(
        {key: value for key, value in values if value is not None},
        _named(path, named, boundary) if named else None,
    )


def _pair(item: Node) -> tuple[str | None, str | None]:
    """A parameter and its value, None for what is neither given so nor so."""
    key, equals, value = (plain(item) or "").partition("=")
    if equals:
        return key, value
    given = mapping(item)
    return plain(given.get("ParameterKey")), written(given.get("ParameterValue"))


def _named(file: Path, template: str, boundary: Boundary) -> Path | None:
    """The template that a Git sync file names: relative to the repository, or to the file."""
    for folder in (boundary.root, file.parent):
        found = real(folder / template)
        if boundary.is_file(found):
            return found
    return None


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
