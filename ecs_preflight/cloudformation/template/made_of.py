"""What an output is made of, comparable between templates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

from ...symbolic.documents.nodes import Leaf, MappingNode, Node, SequenceNode, mapping
from ...symbolic.documents.reading import leaves
from ...symbolic.patterns import regex
from .template import Template

_NAME = regex("[A-Za-z0-9]+")
#: The sections whose entries a resource or an output may name.
_SECTIONS = ("Parameters", "Mappings", "Conditions")
#: What of an output says what it is; its description and its export's name do not.
_MEANT = ("Value", "Condition")


def made_of(template: Template, output: str) -> Hashable | None:
    """The output's value and all that has to do with it: the resources that it names, those that
    name one of them, and so on, with the inputs and conditions that they name. Equal where two
    templates make the same of an output. None where loops make the resources."""
    if template.has_loops:
        return None
    entries = {
        (section, entry.key): entry.value
        for section in _SECTIONS
        for entry in template.section(section).entries
    }
    entries |= {("Resources", entry.key): entry.value for entry in template.resources}
    named = defaultdict(list)
    for key in entries:
        named[key[1]].append(key)
    naming = {
        key: [other for name in _names(node) for other in named.get(name, ())]
        for key, node in entries.items()
    }
    named_by = defaultdict(list)
    for key, others in naming.items():
        for other in others:
            named_by[other].append(key)
    node = mapping(template.section("Outputs").get(output))
    value = MappingNode(tuple(each for each in node.entries if each.key in _MEANT), node.extent)
    queue = [key for name in _names(value) for key in named.get(name, ())]
    found: set[tuple[str, str]] = set()
    while queue:
        key = queue.pop()
        if key not in found:
            found.add(key)
            queue.extend(naming[key])
            # An input that others have too does not tie them to each other.
            queue.extend(named_by[key] if key[0] == "Resources" else ())
    return _form(value), frozenset((key, _form(entries[key])) for key in found)


def _names(node: Node) -> set[str]:
    """All words below a node: more than it names, never less."""
    texts = (leaf.value for leaf in leaves(node) if isinstance(leaf.value, str))
    return {name for text in texts for name in _NAME.findall(text)}


def _form(node: Node) -> Hashable:
    """The node without its places, the entries of a mapping in any order."""
    if isinstance(node, MappingNode):
        return frozenset((entry.key, _form(entry.value)) for entry in node.entries)
    if isinstance(node, SequenceNode):
        return tuple(map(_form, node.items))
    return (type(node.value).__name__, node.value) if isinstance(node, Leaf) else node
