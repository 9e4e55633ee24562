"""Scans for hosts, with a memory: what was said of an unchanged tree is said again."""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping, Sequence
from itertools import islice

from ..symbolic import looks
from ..symbolic.depth import deeply
from ..symbolic.records import replace
from . import store
from .examine import examine_each
from .scan import Options, Report, report_of, scan
from .unchanged import all_alike, environment

#: How many paths are scanned at once.
MOST_AT_ONCE = 100
#: What was said in this process and is not on disk, and what must be asked alone.
_here, _apart = store.Transient(), set[str]()


def scanned(paths: Sequence[str], options: Options, then: Sequence[str] = ()) -> Report:
    """As ``scan``; where nothing that it would look at has changed since it was asked the same, it
    says what it said then, and else what units are new is judged alone. ``then`` are paths that
    will be asked for, one by one: what lies around them all is read once. Raises as ``scan``
    does."""
    kept = store.of_user((*paths, *then))
    engine = store.engine()
    key = _key(engine, paths, options)
    known = _known(kept, key)
    if known is not None:
        return known
    if len(paths) == 1 and key not in _apart:
        others = ((path, _key(engine, [path], options)) for path in then if path != paths[0])
        new = ((p, k) for p, k in others if k not in _apart and _known(kept, k) is None)
        together = {paths[0]: key, **dict(islice(new, MOST_AT_ONCE - 1))}
        if len(together) > 1:
            report = _together(together, replace(options, store=kept))
            if report is not None:
                return report
    if kept is None:
        return scan(paths, options)
    with looks.noted() as noted:
        report = scan(paths, replace(options, store=kept))
    if not report.faults:
        _keep(kept, key, noted, report)
        kept.prune()
    return report


def _together(keys: Mapping[str, str], options: Options) -> Report | None:
    """What is said of the first of the paths, once each is examined; None where a fault of our own
    would be all of theirs, so that each is asked alone."""
    examined = examine_each(list(keys), options)
    if not examined:
        _apart.update(keys.values())
        return None
    first: Report | None = None
    for key, (found, noted) in zip(keys.values(), examined, strict=True):
        with looks.noted(noted):
            report = report_of(found, options)
        first = first or report
        # what a fault of our own has cost is not asked twice in one run
        _keep(_here if report.faults else options.store or _here, key, noted, report)
    for each in (options.store, _here):
        if each is not None:
            each.prune()
    return first


def _key(engine: str, paths: Sequence[str], options: Options) -> str:
    """Says all of the question."""
    asked = replace(options, supervised=False), tuple(paths), os.getcwd(), environment()
    return looks.digest(repr((engine, asked)).encode("utf-8", "surrogateescape"))


def _keep(kept: store.Cache, key: str, noted: Mapping[looks.Look, str], report: Report) -> None:
    said = tuple(noted.items()), report
    kept.put(key, deeply(lambda: pickle.dumps(said)))


def _known(kept: store.Cache | None, key: str) -> Report | None:
    """What was said, here or on disk, if all that it rests on is as it was."""
    return _recalled(_here.get(key)) or (_recalled(kept.get(key)) if kept else None)


def _recalled(data: bytes | None) -> Report | None:
    """What was kept, if all that it rests on is as it was."""
    if data is None:
        return None
    try:
        seen, report = deeply(lambda: pickle.loads(data))
    except Exception:  # noqa: BLE001 -- whatever it is, it is found out anew
        return None
    return report if isinstance(report, Report) and all_alike(seen) else None
