"""All of the repository that a scanned tree is a part of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from pathlib import Path

from ..adapters.units import Tree, Unit
from ..symbolic import looks
from ..symbolic.source import Unreadable, shown
from .discovery import discover
from .evaluated import FrontEnd
from .options import Options


class SurroundingRepository:
    """What stands in the repository around the tree, read when it is first asked for and then kept:
    whoever asks hangs on all that was looked at for it."""

    def __init__(self, tree: Tree, options: Options, front_ends: Sequence[FrontEnd]) -> None:
        self._tree, self._options, self._front_ends = tree, options, front_ends
        self._mentioned: dict[str, tuple[bool, dict[looks.Look, str]]] = {}

    def files(self) -> tuple[str, ...]:
        """Those of the whole repository, as reports name them."""
        trees, seen = self._trees
        looks.add(seen)
        return tuple(shown(path) for tree in trees or (self._tree,) for path in tree.files)

    def units(self) -> tuple[Unit, ...]:
        """Those of the whole repository; none where the tree is all of it."""
        found, seen = self._units
        looks.add(seen)
        return found

    def mentions(self, name: str) -> bool:
        """Does any file of it that is not of the tree hold the text?"""
        if name not in self._mentioned:
            self._mentioned[name] = self._found(name)
        found, seen = self._mentioned[name]
        looks.add(seen)
        return found

    def _found(self, name: str) -> tuple[bool, dict[looks.Look, str]]:
        own, wanted = frozenset(self._tree.files), name.encode(errors="surrogatepass")
        with looks.noted() as noted:
            trees, seen = self._trees
            looks.add(seen)
            found = any(
                wanted in _content(tree, path)
                for tree in trees
                for path in tree.files
                if path not in own
            )
        return found, noted

    @cached_property
    def _trees(self) -> tuple[tuple[Tree, ...], dict[looks.Look, str]]:
        root = self._tree.boundary.root
        if root in self._tree.given:
            return (), {}
        with looks.noted() as seen:
            found = discover([root], root=self._options.root, exclude=self._options.exclude)
        return found.trees, seen

    @cached_property
    def _units(self) -> tuple[tuple[Unit, ...], dict[looks.Look, str]]:
        found: list[Unit] = []
        with looks.noted() as seen:
            trees, seen_before = self._trees
            looks.add(seen_before)
            for tree, front_end in product(trees, self._front_ends):
                try:
                    found += front_end(tree, self._options.inputs).units
                except Exception:  # noqa: BLE001 -- what is scanned itself tells of its own faults
                    continue
        return tuple(found), seen


def _content(tree: Tree, path: Path) -> bytes:
    """What is in the file; nothing where it cannot be read."""
    try:
        return tree.boundary.read_bytes(path)
    except Unreadable:
        return b""
