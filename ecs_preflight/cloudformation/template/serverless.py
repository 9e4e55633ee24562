"""The template inside a ``serverless.yml``: its ``resources``.

Serverless fills in ``${self:…}``, ``${opt:…}``, ``${env:…}`` and their kind before it deploys. What
refers to a plain value of the same file is that value; all else is not known.
Source: the Serverless Framework's documentation, "Variables" and "AWS Infrastructure Resources".
"""

from __future__ import annotations

import re

from ...symbolic.documents.nodes import (
    Broken,
    Entry,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
    mapping,
    plain,
)
from ...symbolic.patterns import regex

_VARIABLE = regex(
    r"\$\{(?P<source>[a-z][\w.-]*(?:\([^(){}]*\))?)(?::(?P<path>[^{},]*)(?:,[^{}]*)?|[^\w.:{}-][^{}]*)?\}"
)
#: How often one variable may lead to another.
MAX_STEPS = 10


def template(root: MappingNode) -> MappingNode | None:
    """The template in the document, its variables filled in; None when it is no such file, or has
    no resources."""
    if root.get("provider") is None or root.get("service") is None:
        return None
    written = root.get("resources")
    listed = written.items if isinstance(written, SequenceNode) else (written,)
    parts = [mapping(node) for node in listed]
    sections: dict[str, list[Entry]] = {}
    for part in parts:
        for entry in part.entries:
            if entry.key in ("Resources", "Outputs", "Conditions"):
                sections.setdefault(entry.key, []).extend(mapping(entry.value).entries)
    if not sections.get("Resources"):
        return None
    extent = written.extent if written is not None else root.extent
    entries = tuple(
        Entry(key, extent, MappingNode(tuple(found), extent)) for key, found in sections.items()
    )
    filled = _filled(MappingNode(entries, extent), root, 0)
    assert isinstance(filled, MappingNode)
    return filled


def _filled(node: Node, root: MappingNode, steps: int) -> Node:
    if isinstance(node, MappingNode):
        return MappingNode(
            tuple(
                Entry(entry.key, entry.extent, _filled(entry.value, root, steps))
                for entry in node.entries
            ),
            node.extent,
        )
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_filled(i, root, steps) for i in node.items), node.extent)
    if isinstance(node, Leaf) and isinstance(node.value, str) and _is_variable(node.value):
        text = _text(node.value, root, steps)
        if text is None:
            return Broken("Serverless fills it in at deployment", node.extent)
        return node._replace(value=text)
    return node


def _is_variable(written: str) -> bool:
    """Does Serverless see a variable? ``${AWS::Region}`` and ``${Name}`` are CloudFormation's."""
    return any(_own(match) for match in _VARIABLE.finditer(written))


def _own(match: re.Match[str]) -> bool:
    return match["path"] is not None and not match["path"].startswith(":")


def _text(written: str, root: MappingNode, steps: int) -> str | None:
    """The text with its variables as they read; None where one is not known."""
    parts: list[str] = []
    end = 0
    for match in _VARIABLE.finditer(written):
        if not _own(match):
            continue
        found = None
        if match["source"] == "self" and "," not in match[0] and steps < MAX_STEPS:
            found = _at(root, match["path"].strip())
            if found is not None and _is_variable(found):
                found = _text(found, root, steps + 1)
        if found is None:
            return None
        parts += [written[end : match.start()], found]
        end = match.end()
    return "".join((*parts, written[end:]))


def _at(root: MappingNode, path: str) -> str | None:
    node: Node | None = root
    for name in path.split("."):
        node = mapping(node).get(name)
    return plain(node)
