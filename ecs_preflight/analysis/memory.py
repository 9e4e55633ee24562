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
        self._looks = {look: (shown(look[2]), seen) for look, seen in sorted(looks.items())}
        self._files = {unit.name: frozenset(unit.files) for unit in units}
        #: How many units each file is a part of.
        self._shared: dict[str, int] = {}
        for file in (file for files in self._files.values() for file in files):
            self._shared[file] = self._shared.get(file, 0) + 1
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
                (options.with_notes, sorted(config.severity.items(), key=str)),
            )
        )

    def key(self, unit: Unit) -> str:
        """Says all that the unit hangs on which is known before it is judged: what was looked at,
        without the content of files that are of other units alone, where it stands apart."""
        apart, own = unit.apart, self._files[unit.name]
        seen = [
            (look, seen)
            for look, (file, seen) in self._looks.items()
            if apart is None or look[0] != "content" or file in own or file not in self._shared
        ]
        whole = self._base, type(unit).__name__, unit.name, unit.reusable, apart, seen
        return digest(repr(whole).encode("utf-8", "surrogateescape"))

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
