"""SAM's policy templates (``- SQSPollerPolicy: {QueueName: !Ref Queue}``) as the policies that SAM
makes of them: generated data, read when first asked for.

``tools/refresh_sam_policies.py`` writes the data. Source: SAM Developer Guide, "AWS SAM policy
templates".
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...symbolic.documents.nodes import (
    Broken,
    Entry,
    Extent,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
    mapping,
)

_DATA = Path(__file__).parent.parent / "data" / "sam_policies.json"


def policy(template: MappingNode) -> Node | None:
    """The document that SAM makes of one item of ``Policies``, all of it where the item stands;
    None where SAM has no such template."""
    if len(template.entries) != 1:
        return None
    (entry,) = template.entries
    found = _templates().get(entry.key)
    if found is None:
        return None
    names, statements = found
    given = mapping(entry.value)
    values = {
        name: given.get(name) or Broken(f"'{entry.key}' lacks '{name}'", template.extent)
        for name in names
    }
    document = {"Version": "2012-10-17", "Statement": statements}
    return _node(document, values, template.extent)


@lru_cache(maxsize=1)
def _templates() -> dict[str, tuple[list[str], list[Any]]]:
    found: dict[str, tuple[list[str], list[Any]]] = json.loads(_DATA.read_text("utf-8"))[
        "templates"
    ]
    return found


def _node(written: Any, values: dict[str, Node], extent: Extent) -> Node:
    """What is written in the data as a template's node, with the values of its parameters."""
    if isinstance(written, list):
        return SequenceNode(tuple(_node(each, values, extent) for each in written), extent)
    if not isinstance(written, dict):
        return Leaf(written, extent)
    if list(written) == ["Ref"] and written["Ref"] in values:
        return values[written["Ref"]]
    entries = (Entry(key, extent, _node(each, values, extent)) for key, each in written.items())
    return MappingNode(tuple(entries), extent)
