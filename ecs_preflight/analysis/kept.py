"""Scans for hosts, with a memory: what was said of an unchanged tree is said again."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence

from ..symbolic import looks
from ..symbolic.depth import deeply
from ..symbolic.records import replace
from . import store
from .scan import Options, Report, scan
from .unchanged import all_alike, environment


def scanned(paths: Sequence[str], options: Options) -> Report:
    """As ``scan``; where nothing that it would look at has changed since it was asked the same, it
    says what it said then, and else what units are new is judged alone. Raises as ``scan`` does."""
    kept = store.of_user(paths)
    if kept is None:
        return scan(paths, options)
    asked = replace(options, supervised=False), tuple(paths), os.getcwd(), environment()
    key = looks.digest(repr((store.engine(), asked)).encode("utf-8", "surrogateescape"))
    known = _recalled(kept.get(key))
    if known is not None:
        return known
    with looks.noted() as noted:
        report = scan(paths, replace(options, store=kept))
    if not report.faults:
        said = tuple(noted.items()), report
        kept.put(key, deeply(lambda: pickle.dumps(said)))
        kept.prune()
    return report


def _recalled(data: bytes | None) -> Report | None:
    """What was kept, if all that it rests on is as it was."""
    if data is None:
        return None
    try:
        seen, report = deeply(lambda: pickle.loads(data))
    except Exception:  # noqa: BLE001 -- whatever it is, it is found out anew
        return None
    return report if isinstance(report, Report) and all_alike(seen) else None
