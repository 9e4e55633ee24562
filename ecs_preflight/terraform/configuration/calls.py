"""Where a module call leads: to a local directory, to what ``terraform init`` has downloaded, or
nowhere.

Source: the Terraform documentation, "Module sources"; the manifest
``.terraform/modules/modules.json`` is the one that Terraform and OpenTofu write.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...symbolic.source import Unreadable
from ...symbolic.values import Unknown, Why
from ..syntax.nodes import Block, Literal
from .module import Library, Module

_MANIFEST = Path(".terraform/modules/modules.json")
_LOCAL = ("./", "../", ".\\", "..\\")


def source_of(call: Block) -> str | None:
    """A module block's source, where it is written as a plain string."""
    source = call.body.attribute("source")
    value = source.value if source else None
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else None


def local_folder(folder: Path, source: str | None) -> Path | None:
    """The directory that a call from ``folder`` leads to by a path; None for any other source."""
    if source is None or not (source.startswith(_LOCAL) or source in (".", "..")):
        return None
    return Path(os.path.normpath(folder / source.replace("\\", "/")))


@dataclass(frozen=True)
class Downloads:
    """A root module's manifest of downloaded modules: directories by the call's path (``a.b``)."""

    folders: dict[str, Path]

    @classmethod
    def of(cls, library: Library, root: Path) -> Downloads:
        """Empty when there is no manifest, or one that cannot be read."""
        try:
            manifest = json.loads(library.boundary.read_text(root / _MANIFEST))
            listed = [(entry["Key"], entry["Dir"]) for entry in manifest["Modules"]]
            return cls(
                {key: Path(os.path.normpath(root / folder)) for key, folder in listed if key}
            )
        except (Unreadable, ValueError, TypeError, LookupError, RecursionError):
            return cls({})


def resolve(
    library: Library, downloads: Downloads, folder: Path, name: str, path: str, call: Block
) -> Module | Unknown:
    """The module that the block ``call`` (``module "name"``), written in ``folder``, leads to.

    ``path`` is the call's path for the manifest. Unknown when the module is not at hand, with its
    address in the reason.
    """
    source = source_of(call)
    local = local_folder(folder, source)
    target = local or downloads.folders.get(path)
    module = library.module(target) if target else None
    if module is not None:
        return module
    titled = f"module '{name}'" + (f" ({source})" if source else "")
    if local is None:
        why = "is not downloaded" if source else "has a source that cannot be read"
    elif not library.boundary.allows(local):
        why = "lies outside the scanned tree"
    else:
        why = "holds no Terraform files"
    return Unknown(
        f"{titled} {why}", why=Why.MODULE if local is None else Why.REACH, span=call.header
    )


def called_by(module: Module, library: Library) -> Iterator[Module]:
    """The local modules that a module's own blocks call."""
    for call in module.calls.values():
        folder = local_folder(module.folder, source_of(call))
        found = library.module(folder) if folder else None
        if found is not None:
            yield found


def called(module: Module, library: Library) -> tuple[Module, ...]:
    """All local modules that a module leads to, each once, without itself."""
    reached: dict[Path, Module] = {}
    waiting = [module]
    while waiting:
        for found in called_by(waiting.pop(), library):
            if found.folder not in reached and found.folder != module.folder:
                reached[found.folder] = found
                waiting.append(found)
    return tuple(reached.values())
