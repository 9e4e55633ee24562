"""All of the repository that a scanned tree is a part of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product

from ..adapters.units import Tree, Unit
from ..symbolic import looks
from ..symbolic.source import shown
from .discovery import discover
from .evaluated import FrontEnd
from .options import Options


class SurroundingRepository:
    """What stands in the repository around the tree, read when it is first asked for and then kept:
    whoever asks hangs on all that was looked at for it."""

    def __init__(self, tree: Tree, options: Options, front_ends: Sequence[FrontEnd]) -> None:
        self._tree, self._options, self._front_ends = tree, options, front_ends

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
