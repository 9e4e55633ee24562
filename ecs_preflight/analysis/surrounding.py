"""All of the repository that a scanned tree is a part of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from pathlib import Path

from ..adapters.units import Tree, Unit
from ..symbolic import looks
from ..symbolic.source import Boundary, Unreadable, shown
from .discovery import discover
from .evaluated import FrontEnd
from .fund import units_of
from .options import Options
from .shelf import Shelf

#: A repository of more roots and templates than these is not searched beyond what is scanned.
MAX_UNITS = 100


class WholeRepository:
    """All of the repository within a boundary, read when it is first asked for and then kept:
    whoever asks hangs on all that was looked at for it."""

    def __init__(
        self, boundary: Boundary, options: Options, front_ends: Sequence[FrontEnd]
    ) -> None:
        self.boundary, self._options, self._front_ends = boundary, options, front_ends
        self.shelf = Shelf(self.units, MAX_UNITS)

    def trees(self) -> tuple[Tree, ...]:
        """All that is in it."""
        found, seen = self._trees
        looks.add(seen)
        return found

    def units(self) -> tuple[Unit, ...]:
        """Those that stand in it."""
        found, seen = self._units
        looks.add(seen)
        return found

    @cached_property
    def _trees(self) -> tuple[tuple[Tree, ...], dict[looks.Look, str]]:
        root, options = self.boundary.root, self._options
        with looks.noted() as seen:
            found = discover([root], root=options.root, exclude=options.exclude)
        return found.trees, seen

    @cached_property
    def _units(self) -> tuple[tuple[Unit, ...], dict[looks.Look, str]]:
        found: list[Unit] = []
        with looks.noted() as seen:
            for tree, front_end in product(self.trees(), self._front_ends):
                try:
                    found += units_of(tree, self._options.inputs, front_end).units
                except Exception:  # noqa: BLE001 -- what is scanned itself tells of its own faults
                    continue
        return tuple(found), seen


class SurroundingRepository:
    """What stands around a scanned tree in the ``whole`` repository: nothing where the tree is all
    of it."""

    def __init__(self, tree: Tree, whole: WholeRepository) -> None:
        self._tree, self._whole = tree, whole
        self._is_all = whole.boundary.root in tree.given
        self._mentioned: dict[str, tuple[bool, dict[looks.Look, str]]] = {}
        self.shelf = Shelf(tuple, MAX_UNITS) if self._is_all else whole.shelf

    def files(self) -> tuple[str, ...]:
        """Those of the whole repository, as reports name them."""
        return tuple(shown(path) for tree in self._trees or (self._tree,) for path in tree.files)

    def units(self) -> tuple[Unit, ...]:
        """Those of the whole repository; none where the tree is all of it."""
        return () if self._is_all else self._whole.units()

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
            found = any(
                wanted in _content(tree, path)
                for tree in self._trees
                for path in tree.files
                if path not in own
            )
        return found, noted

    @property
    def _trees(self) -> tuple[Tree, ...]:
        return () if self._is_all else self._whole.trees()


def _content(tree: Tree, path: Path) -> bytes:
    """What is in the file; nothing where it cannot be read."""
    try:
        return tree.boundary.read_bytes(path)
    except Unreadable:
        return b""
