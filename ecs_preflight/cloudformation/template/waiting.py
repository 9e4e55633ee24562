"""What CloudFormation makes before a resource: what that names, and what this names in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from ...symbolic.budget import charge
from ...symbolic.documents.nodes import Entry, Leaf, MappingNode, Node, SequenceNode, mapping, plain
from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from ...symbolic.values import Value, literal
from ..language.scope import Path

#: The types of which it is asked.
WAITING = ("AWS::ECS::Service", "AWS::ECS::TaskDefinition")
#: What makes one resource wait for another one that it names.
_NAMING = ("Ref", "Fn::GetAtt", "Fn::Sub")
_WORD = regex(r"[A-Za-z0-9]+")
_Names = frozenset[str]


class Keeping(Protocol):
    """Keeps what is found once for a world."""

    def __call__(self, key: str, compute: Callable[[], _Names], otherwise: _Names) -> _Names:
        """``compute()``; ``otherwise`` while it is being computed."""


@dataclass(frozen=True)
class Waiting:
    """The resources of a template as written; how what is found is kept, and read."""

    entries: Mapping[str, Entry]
    once: Keeping
    evaluate: Callable[[Node, Path], Value | None]

    def of(self, name: str) -> _Names:
        """The names of the resources that are there before that one."""
        found: set[str] = set()
        left = set(self._direct(name))
        while left:
            other = left.pop()
            found.add(other)
            left |= self._direct(other) - found
        return frozenset(found)

    def _direct(self, name: str) -> _Names:
        def seek() -> _Names:
            node = self.entries[name].value
            return self._depended(name, mapping(node).get("DependsOn")) | self._mentioned(node)

        return self.once(f"names in {name}", seek, frozenset())

    def _depended(self, name: str, node: Node | None) -> _Names:
        """What stands in ``DependsOn``: all there is, where it is computed and not known."""
        if node is None:
            return frozenset()
        listed = node.items if isinstance(node, SequenceNode) else (node,)
        found: set[str] = set()
        for item in listed:
            value = self.evaluate(item, ("Resources", name, "DependsOn"))
            if value is not None:  # as it is on the side of a condition that names nothing
                other = plain(item) or literal(value)
                found.update(self.entries if other is None else (other,))
        return frozenset(found.intersection(self.entries))

    def _mentioned(self, node: Node) -> _Names:
        """The names in whatever refers to a resource there, on whichever side of a condition."""
        words = (word for text in _references(node, False) for word in _WORD.findall(text))
        return frozenset(word for word in words if word in self.entries)


def _references(node: Node, is_name: bool) -> Iterator[str]:
    charge(1)
    if isinstance(node, Leaf) and is_name and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _references(item, is_name)
    elif isinstance(node, MappingNode):
        for entry in node.entries:
            yield from _references(entry.value, is_name or entry.key in _NAMING)
