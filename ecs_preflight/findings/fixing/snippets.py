"""Snippets in the form that the policies of the place have."""

from __future__ import annotations

import json
from collections.abc import Iterable
from textwrap import dedent
from typing import Any

from ... import iam
from ...model import Role
from ...symbolic.documents.nodes import Broken, DocumentFault, Leaf, MappingNode, Node
from ...symbolic.documents.reading import documents
from ..sources import Form, Sources


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


def as_object(actions: Iterable[str], resource: str) -> str:
    """A statement as ``jsonencode`` takes it; ``resource`` is an expression."""
    listed = ", ".join(f'"{action}"' for action in actions)
    return f'{{\n  Effect   = "Allow"\n  Action   = [{listed}]\n  Resource = {resource}\n}}'


def has_objects(role: Role, sources: Sources) -> bool:
    """Are all statements of the role's own policies written as objects of HCL, and is there one?"""
    spans = [
        statement.span
        for policy in role.policies
        if not policy.kind.is_ready_made
        for statement in iam.statements(policy).statements
    ]
    found = [(sources.of(span.file), span) for span in spans if span.file]
    return bool(found) and all(
        source.form(source.start(span)) is Form.HCL and source.slice(span).startswith("{")
        for source, span in found
    )
