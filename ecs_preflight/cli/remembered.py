"""``ecs-preflight scan`` with a memory: where all that the last run looked at is as it was, what it
said is said again, without loading what does the work."""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from ..analysis import store
from ..analysis.unchanged import all_alike, environment
from ..symbolic import looks
from .exits import FAULT, Misuse, complain, show, told

#: What else of the environment changes what is said.
_VARIABLES = ("CLICOLOR", "COLUMNS", "FORCE_COLOR", "GITHUB_", "NO_COLOR", "TERM")


def run(arguments: argparse.Namespace) -> int:
    """As ``scanning.run``."""
    kept = _store(arguments)
    arguments.store = kept
    if kept is None or _acts(arguments):
        return _scan(arguments)
    key = _key(arguments)
    known = _recalled(kept.get(key))
    if known is not None:
        for on_errors, text in known["told"]:
            (complain if on_errors else show)(text)
        return int(known["code"])
    del told[:]
    with looks.noted() as noted:
        code = _scan(arguments)
    if code != FAULT:
        seen = [[*look, seen] for look, seen in noted.items()]
        kept.put(key, json.dumps({"told": told, "code": code, "seen": seen}).encode())
        kept.prune()
    return code


def _scan(arguments: argparse.Namespace) -> int:
    code: int = import_module(".scanning", __package__).run(arguments)
    return code


def _acts(arguments: argparse.Namespace) -> bool:
    """Does it more than speak, or does it hang on more than files?"""
    return bool(
        arguments.output
        or arguments.write_baseline
        or arguments.fix
        or arguments.unsafe_fixes
        or arguments.base
        or arguments.watch
        or (arguments.format == "github" and os.environ.get("GITHUB_STEP_SUMMARY"))
    )


def _store(arguments: argparse.Namespace) -> store.Cache | None:
    """Where to keep what is found out. Never in what is scanned, which could bring its own."""
    if arguments.no_cache:
        return None
    folder = Path(arguments.cache_dir or store.default_folder())
    if store.within(folder, arguments.paths or ["."]):
        if arguments.cache_dir:
            raise Misuse(f"--cache-dir lies in what is scanned: '{folder}'")
        return None
    found = store.opened(folder)
    if found is None and arguments.cache_dir:
        raise Misuse(f"--cache-dir cannot be used, or others may write to it: '{folder}'")
    return found


def _key(arguments: argparse.Namespace) -> str:
    said = {name: value for name, value in vars(arguments).items() if name not in ("run", "store")}
    screen = sys.stdout.isatty() and list(os.get_terminal_size(sys.stdout.fileno()))
    hangs_on = (
        store.engine(),
        os.getcwd(),
        sorted(said.items()),
        environment(*_VARIABLES),
        screen,
    )
    return looks.digest(repr(hangs_on).encode("utf-8", "surrogateescape"))


def _recalled(data: bytes | None) -> dict[str, Any] | None:
    """What was kept, if all that it rests on is as it was."""
    if data is None:
        return None
    try:
        known: dict[str, Any] = json.loads(data)
    except ValueError:
        return None
    alike = all_alike(((asked, root, path), seen) for asked, root, path, seen in known["seen"])
    return known if alike else None
