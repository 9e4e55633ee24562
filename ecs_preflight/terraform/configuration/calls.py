"""Where a module call leads: to a local directory, to what ``terraform get`` has downloaded, or
nowhere.

Source: the Terraform documentation, "Module sources"; the manifest
``.terraform/modules/modules.json`` is the one that Terraform and OpenTofu write.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, field
from ...symbolic.source import Unreadable, folders
from ...symbolic.values import Unknown, Why
from ..syntax.nodes import Block, Literal
from .module import Library, Module

_MANIFEST = Path(".terraform/modules/modules.json")
_EXTERNAL = ".external_modules"
_GIT = regex(
    r"(?:git::)?(?:https://|ssh://)?(?:git@)?(?P<path>[\w-]+(?:\.[\w-]+)+[:/][\w./-]+?)(?:\.git)?"
    r"(?:\?ref=(?P<ref>[\w./-]+))?$"
)
#: The same with a folder of the repository after ``//``, and whatever is asked for besides.
_REPOSITORY = regex(
    r"(?:git::)?(?:https://|ssh://)?(?:git@)?[\w-]+(?:\.[\w-]+)+[:/][\w./-]*?(?P<name>[\w.-]+?)(?:\.git)?"
    r"(?://(?P<inner>[\w./-]*))?(?:\?(?P<query>.*))?$"
)
#: The longest source that is taken for one.
MAX_SOURCE = 500
_REGISTRY = regex(r"(?:[\w-]+(?:\.[\w-]+)+/)?[\w-]+/[\w-]+/[\w-]+")
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
    """Modules that somebody has fetched: the directories in the root module's manifest, by the
    call's path (``a.b``); those that the user names, by their source (``given``); and the folders
    in which checkov keeps what it has downloaded (``external``)."""

    folders: dict[str, Path]
    given: Mapping[str, Path] = field(default_factory=dict)
    external: tuple[Path, ...] = ()

    @classmethod
    def of(cls, library: Library, root: Path, given: Mapping[str, Path]) -> Downloads:
        """Without folders when there is no manifest, or one that cannot be read."""
        external = tuple(
            folder / _EXTERNAL
            for folder in (root, *root.parents)
            if library.boundary.is_folder(folder / _EXTERNAL)
        )
        try:
            manifest = json.loads(library.boundary.read_text(root / _MANIFEST))
            listed = [(entry["Key"], entry["Dir"]) for entry in manifest["Modules"]]
            found = {key: Path(os.path.normpath(root / folder)) for key, folder in listed if key}
        except (Unreadable, ValueError, TypeError, LookupError, RecursionError):
            found = {}
        return cls(found, given, external)

    def by_source(self, source: str | None, version: str | None) -> Iterator[Path]:
        """Where a module of that source may be at hand, whoever called it."""
        if source is None:
            return
        package, inner = _split(source)
        for name in (source, package):
            if name in self.given:
                yield self.given[name] / (inner if name == package else "")
                return
        for external in self.external:
            yield from _in_external(external, package, inner, version)


def _split(source: str) -> tuple[str, str]:
    """The package of a source, with its ``?ref=``, and the folder in it that ``//`` names."""
    plain, query, reference = source.partition("?")
    package, *inner = re.split(r"(?<!:)//", plain, maxsplit=1)
    return package + query + reference, inner[0] if inner else ""


def _in_external(external: Path, package: str, inner: str, version: str | None) -> Iterator[Path]:
    """checkov's layout: ``registry.terraform.io/NAMESPACE/NAME/PROVIDER/VERSION`` for a module of a
    registry, ``HOST/OWNER/REPOSITORY/REF`` for one of a repository."""
    git = _GIT.match(package)
    if git is not None:
        yield external / git["path"] / (git["ref"] or "HEAD") / inner
    elif _REGISTRY.fullmatch(package):
        name = package if package.count("/") == 3 else f"registry.terraform.io/{package}"
        try:
            kept = folders(external / name)
        except OSError:
            return
        exact = [path for path in kept if path.name == version]
        if exact or len(kept) == 1:
            yield (exact or kept)[0] / inner


def resolve(
    library: Library, downloads: Downloads, folder: Path, name: str, path: str, call: Block
) -> Module | Unknown:
    """The module that the block ``call`` (``module "name"``), written in ``folder``, leads to.

    ``path`` is the call's path for the manifest. Unknown when the module is not at hand, with its
    address in the reason.
    """
    source = source_of(call)
    local = local_folder(folder, source)
    version = call.body.attribute("version")
    constraint = version.value.value if version and isinstance(version.value, Literal) else None
    own = _of_this_repository(library, source)
    for target in (
        (local,)
        if local is not None
        else (own[0],)
        if own is not None and not own[1]
        else (
            *((downloads.folders[path],) if path in downloads.folders else ()),
            *downloads.by_source(source, str(constraint)),
        )
    ):
        module = library.module(target)
        if module is not None:
            return module
    titled = f"module '{name}'" + (f" ({source})" if source else "")
    if own is not None and own[1]:
        why = f"is this repository's as of '{own[1]}', which is not on disk"
    elif local is None:
        why = "is not downloaded" if source else "has a source that cannot be read"
    elif not library.boundary.allows(local):
        why = "lies outside the scanned tree"
    else:
        why = "holds no Terraform files"
    return Unknown(
        f"{titled} {why}", why=Why.MODULE if local is None else Why.REACH, span=call.header
    )


def _of_this_repository(library: Library, source: str | None) -> tuple[Path, str] | None:
    """The directory and the version that a source means which names the repository at hand: one of
    that name, as its folder is called, in which the directory is. Without a version it is what is
    on disk, once that is merged."""
    match = _REPOSITORY.match(source) if source and len(source) <= MAX_SOURCE else None
    if match is None or source is None or _REGISTRY.fullmatch(source):
        return None
    root = library.boundary.root
    folder = Path(os.path.normpath(root / (match["inner"] or "")))
    if match["name"].lower() != root.name.lower() or library.module(folder) is None:
        return None
    return folder, (match["query"] or "").removeprefix("ref=")


def called_by(module: Module, library: Library) -> Iterator[Module]:
    """The modules of the repository that a module's own blocks call."""
    for call in module.calls.values():
        source = source_of(call)
        own = _of_this_repository(library, source)
        folder = own[0] if own and not own[1] else local_folder(module.folder, source)
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
