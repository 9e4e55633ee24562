"""``ecs-preflight init``: what a repository needs to scan itself, written as a start."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from .. import __version__
from ..symbolic.records import dataclass, replace
from ..symbolic.source import Boundary
from .exits import CLEAN, MISSING, Misuse, say, show
from .writing import write

PRE_COMMIT = ".pre-commit-config.yaml"


@dataclass(frozen=True)
class _Start:
    """A file to write; ``entry`` is what to add by hand to one that is there already."""

    name: str
    template: str
    entry: str = ""

    @property
    def text(self) -> str:
        raw = files("ecs_preflight.cli").joinpath("templates").joinpath(self.template)
        return raw.read_text("utf-8").replace("{version}", __version__)


def start(arguments: argparse.Namespace) -> int:
    """Write each file that is not there; nothing is ever overwritten. Raises Misuse."""
    if not os.path.exists(arguments.path):
        say(f"there is no '{arguments.path}'")
        return MISSING
    root = Boundary.around(Path(arguments.path)).root
    for each in _starts(root):
        if arguments.dry_run:
            show(f"# {each.name}\n{each.text}\n")
        elif (root / each.name).exists():
            say(f"'{each.name}' is there already{'; add to it:' if each.entry else ''}")
            show(each.entry)
        else:
            _make((root / each.name).parent, Boundary(root))
            write(root / each.name, each.text)
            say(f"wrote '{each.name}'")
    return CLEAN


def _make(folder: Path, boundary: Boundary) -> None:
    """Make the folder, but through no link that leads out of the repository. Raises Misuse."""
    there = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    try:
        if not boundary.is_folder(there):
            raise Misuse(f"cannot write below '{there}': it is no directory of the repository")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misuse(f"cannot write below '{there}': {str(error.strerror).lower()}") from error


def _starts(root: Path) -> Iterator[_Start]:
    yield _Start("ecs-preflight.toml", "ecs-preflight.toml")
    if (root / ".github").is_dir() or not (root / ".gitlab-ci.yml").exists():
        yield _Start(".github/workflows/ecs-preflight.yml", "workflow.yml")
    whole = _Start(PRE_COMMIT, "pre-commit-config.yaml")
    yield replace(whole, entry=whole.text)
