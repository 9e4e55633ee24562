"""ecspresso's configuration: which task definition and which service belong together.

Source: the documentation of ecspresso, "Configuration file".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..adapters.fields import field
from ..symbolic.documents.nodes import Node, mapping, plain
from ..symbolic.records import dataclass
from ..symbolic.source import Span, shown
from ..symbolic.values import Unknown, Value, Why
from .reading import value_of


@dataclass(frozen=True)
class Configuration:
    """``task`` and ``service`` are the files it names, None where it names none."""

    path: Path
    task: Path | None
    service: Path | None
    name: Value
    cluster: Value
    region: Value
    span: Span


def configuration(path: Path, root: Node) -> Configuration | None:
    """The configuration in a document; None when it is something else."""
    body = mapping(root)
    files = [plain(body.get(key)) for key in ("task_definition", "service_definition")]
    if files == [None, None] or not (body.get("cluster") or body.get("region")):
        return None
    content = value_of(body, shown(path))
    task, service = (path.parent / name if name else None for name in files)
    name, cluster, region = (field(content, key) for key in ("service", "cluster", "region"))
    return Configuration(path, task, service, name, cluster, region, content.span)


def remarks(found: Configuration) -> Iterator[Unknown]:
    """What it names that only another program can read."""
    for file in (found.task, found.service):
        if file is not None and file.suffix in (".jsonnet", ".libsonnet", ".cue"):
            yield Unknown(
                f"{shown(file)}: run 'ecspresso render' and scan its output",
                why=Why.SOURCE,
                span=found.span,
            )
