"""A snippet of a template in the other of its two forms."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

from ...symbolic.documents.nodes import Broken, DocumentFault, Leaf, MappingNode, Node
from ...symbolic.documents.reading import documents


def in_json(snippet: str) -> str:
    """The snippet, YAML, as it stands in a JSON template: the items of a list or of a mapping. What
    is neither is given back as it is."""
    try:
        (document,) = documents(snippet, "snippet.yaml")
        data = _data(document.root)
    except (DocumentFault, ValueError):
        return snippet
    if isinstance(data, list):
        return ",\n".join(json.dumps(item, indent=2) for item in data)
    if isinstance(data, dict):
        return dedent(json.dumps(data, indent=2)[2:-2])
    return snippet


def _data(node: Node) -> Any:
    """Raises ValueError for what cannot be read."""
    if isinstance(node, Broken):
        raise ValueError(node.reason)
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, MappingNode):
        made = {entry.key: _data(entry.value) for entry in node.entries}
        attribute = made.get("Fn::GetAtt")  # YAML's short form is one text
        return {"Fn::GetAtt": attribute.split(".", 1)} if isinstance(attribute, str) else made
    return [_data(item) for item in node.items]
