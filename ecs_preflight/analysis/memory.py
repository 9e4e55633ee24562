"""What was judged before, unit by unit: a change re-judges what it touches alone.

A unit hangs on how it is scanned, on the files that the front ends read for it, and on what its
own judging looked at. The first two make the key; the third is looked at again.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence

from ..adapters.units import Unit
from ..findings.rule import Rule
from ..symbolic.depth import deeply
from ..symbolic.looks import Look, digest
from ..symbolic.source import shown
from . import store
from .judge import Judged
from .options import Options
from .unchanged import all_alike


def _digest(said: object) -> str:
    return digest(repr(said).encode("utf-8", "surrogateescape"))


class Memory:
    """``looks`` are all that finding the units has looked at."""

    def __init__(
        self,
        kept: store.Cache,
        options: Options,
        rules: Sequence[Rule],
        looks: Mapping[Look, str],
        units: Sequence[Unit],
    ) -> None:
        self._store = kept
        self._files = {unit.name: frozenset(unit.files) for unit in units}
        #: How many units each file is a part of.
        self._shared: dict[str, int] = {}
        for file in (file for files in self._files.values() for file in files):
            self._shared[file] = self._shared.get(file, 0) + 1
        #: What was looked at, all of it, and without the content of the units' files; and this.
        self._all = _digest(sorted(looks.items()))
        self._contents: dict[str, list[tuple[Look, str]]] = {}
        around: list[tuple[Look, str]] = []
        for look, seen in sorted(looks.items()):
            file = shown(look[2])
            is_own = look[0] == "content" and file in self._shared
            (self._contents.setdefault(file, []) if is_own else around).append((look, seen))
        self._around = _digest(around)
        config = options.config
        self._base = repr(
            (
                store.engine(),
                options.inputs,
                options.root,
                options.exclude,
                options.known_roles,
                (config.roles, config.scps, config.boundaries, config.known_roles, config.account),
                [rule.id for rule in rules],
                (options.with_notes, bool(options.baseline)),
                sorted(config.severity.items(), key=str),
            )
        )

    def key(self, unit: Unit) -> str:
        """Says all that the unit hangs on which is known before it is judged: what was looked at,
        without the content of files that are of other units alone, where it stands apart."""
        apart, files = unit.apart, sorted(self._files[unit.name])
        own = [seen for file in files for seen in self._contents.get(file, ())]
        seen = self._all if apart is None else (self._around, own)
        return _digest((self._base, type(unit).__name__, unit.name, unit.reusable, apart, seen))

    def recall(self, key: str) -> Judged | None:
        """What was judged under the key, if what judging looked at is as it was."""
        data = self._store.get(key)
        if data is None:
            return None
        try:
            looks, judged = deeply(lambda: pickle.loads(data))
        except Exception:  # noqa: BLE001 -- whatever it is, it is judged anew
            return None
        return judged if isinstance(judged, Judged) and all_alike(looks.items()) else None

    def keep(self, key: str, judged: Judged, looks: Mapping[Look, str]) -> None:
        """Stores what was judged, with what was looked at; nothing where a fault of our own cost
        some of it."""
        if not judged.faults:
            self._store.put(key, deeply(lambda: pickle.dumps((dict(looks), judged))))
