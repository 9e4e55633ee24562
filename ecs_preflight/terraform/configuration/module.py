"""A module's directory: its files, parsed, with override files merged in.

Source: the Terraform documentation, "Files and configuration structure" and "Override files"; the
OpenTofu documentation, "Files and Directories" (``.tofu`` files take precedence over ``.tf``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path

from ...symbolic.faults import island
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import Boundary, Unreadable, beyond, entries, real, shown
from ..syntax import json_syntax, parse
from ..syntax.nodes import Attribute, Block, Body, SourceFile, SyntaxFault

#: A file of OpenTofu hides Terraform's file of the same name.
_HIDES = {".tofu": ".tf", ".tofu.json": ".tf.json"}
_OF_TOFU = tuple(_HIDES)
_SUFFIXES = (".tf.json", ".tofu.json", ".tf", ".tofu")


def is_configuration(name: str) -> bool:
    """Is that the name of a file of a module? Hidden files and editors' backups are not."""
    return (
        name.endswith(_SUFFIXES)
        and not name.startswith((".", "#"))
        and not name.endswith(("~", "#"))
    )


@dataclass
class Module:
    """A directory's blocks by name, in the order of the code. Not changed once it is loaded.

    Resources are named ``aws_iam_role.exec``, data sources ``data.aws_region.current``. ``files``
    are the shown paths of all that was read, ``broken`` is what could not be.
    """

    folder: Path
    files: tuple[str, ...] = ()
    broken: tuple[Unreadable, ...] = ()
    comments: tuple[tuple[str, int, str], ...] = ()
    variables: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    resources: dict[str, Block] = field(default_factory=dict)
    calls: dict[str, Block] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    providers: dict[str, Block] = field(default_factory=dict)
    settings: list[Block] = field(default_factory=list)

    @cached_property
    def real_folder(self) -> Path:
        """The directory without links: what tells modules apart."""
        return real(self.folder)

    def types(self, prefix: str = "") -> set[str]:
        """The resource types declared here, with their ``data.`` as they are addressed."""
        return {name.rsplit(".", 1)[0] for name in self.resources if name.startswith(prefix)}

    def with_files(self, files: Iterable[SourceFile]) -> Module:
        """The module with files that are written beside its own; itself where there are none."""
        files = tuple(files)
        if not files:
            return self
        module = replace(
            self,
            variables=dict(self.variables),
            locals=dict(self.locals),
            resources=dict(self.resources),
            calls=dict(self.calls),
            outputs=dict(self.outputs),
            providers=dict(self.providers),
            settings=list(self.settings),
        )
        for file in files:
            for block in file.body.blocks:
                _add(module, block, overrides=False)
        return module


class Library:
    """Reads and keeps modules and files, each once, for all units of a scan."""

    def __init__(self, boundary: Boundary, elsewhere: Iterable[Path] = ()) -> None:
        """``elsewhere`` are folders of modules that the user names, which may lie outside."""
        self.boundary = boundary
        #: Are ``.tofu`` files read, as OpenTofu does, or passed over, as by Terraform?
        self.is_opentofu = True
        #: The folders in which the two read different files.
        self.divided: set[Path] = set()
        self._elsewhere = tuple(Boundary(real(folder)) for folder in elsewhere)
        self._modules: dict[Path, Module | None] = {}
        #: How many files each Terragrunt file has led to, those that led there several times over.
        self.followed: Counter[Path] = Counter()
        self._files: dict[Path, SourceFile | Unreadable] = {}
        #: The names of the roots whose outputs are being worked out.
        self.exporting: set[str] = set()

    def of_terraform(self) -> Library:
        """The same as Terraform reads it."""
        other = Library(self.boundary)
        other._elsewhere, other._files = self._elsewhere, self._files
        other.is_opentofu = False
        return other

    def module(self, folder: Path) -> Module | None:
        """The module in ``folder`` (absolute); None when there is none inside the boundary."""
        if folder not in self._modules:
            self._modules[folder] = self._load(folder)
        return self._modules[folder]

    def file(self, path: Path, boundary: Boundary | None = None) -> SourceFile | Unreadable:
        """A file of configuration or variables in either syntax, or why it cannot be used."""
        if path not in self._files:
            try:
                text = (boundary or self._around(path)).read_text(path)
                self._files[path] = island(
                    path,
                    lambda: _reader(path.name)(text, shown(path)),
                    Unreadable(shown(path), "makes ecs-preflight fail"),
                    passing=(SyntaxFault, RecursionError),
                )
            except Unreadable as error:
                self._files[path] = error
            except SyntaxFault as fault:
                self._files[path] = Unreadable(shown(path), fault.reason, fault.span)
            except RecursionError:
                self._files[path] = Unreadable(shown(path), beyond("nested too deeply"))
        return self._files[path]

    def _around(self, path: Path) -> Boundary:
        """The boundary inside which a path may be read."""
        return next((each for each in self._elsewhere if each.allows(path)), self.boundary)

    def _load(self, folder: Path) -> Module | None:
        names = _configuration_files(self._around(folder), folder)
        chosen = _of_opentofu(names) if self.is_opentofu else _of_terraform(names)
        # by an override of OpenTofu's alone, too, what Terraform reads is another thing
        if chosen != names or any(_overrides(name) for name in names if name.endswith(_OF_TOFU)):
            self.divided.add(folder)
        paths = [folder / name for name in chosen]
        if not paths:
            return None
        read = [self.file(path) for path in paths]
        parsed = [file for file in read if isinstance(file, SourceFile)]
        module = Module(
            folder,
            files=tuple(shown(path) for path in paths),
            broken=tuple(file for file in read if isinstance(file, Unreadable)),
            comments=tuple(
                (file.path, line, text)
                for file in parsed
                for line, text in file.comments
                if "ecs-preflight:" in text
            ),
        )
        for file in sorted(parsed, key=_is_override):
            for block in file.body.blocks:
                _add(module, block, _is_override(file))
        return module


def _reader(name: str) -> Callable[[str, str], SourceFile]:
    if name.endswith(_SUFFIXES[:2]):
        return json_syntax.parse_json
    return json_syntax.parse_json_values if name.endswith(".json") else parse.parse


def _configuration_files(boundary: Boundary, folder: Path) -> list[str]:
    if not boundary.allows(folder):
        return []
    try:
        names = [entry.name for entry in entries(folder) if is_configuration(entry.name)]
    except OSError:
        return []
    return [name for name in names if boundary.is_file(folder / name)]


def _of_terraform(names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(_OF_TOFU)]


def _of_opentofu(names: list[str]) -> list[str]:
    hidden = {
        name.removesuffix(suffix) + shadowed
        for suffix, shadowed in _HIDES.items()
        for name in names
        if name.endswith(suffix)
    }
    return [name for name in names if name not in hidden]


def _is_override(file: SourceFile) -> bool:
    return _overrides(file.path.rsplit("/", 1)[-1])


def _overrides(name: str) -> bool:
    stem = name.split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def _add(module: Module, block: Block, overrides: bool) -> None:
    if block.type == "locals":
        module.locals.update({attribute.name: attribute for attribute in block.body.attributes})
        return
    if block.type == "terraform":
        module.settings.append(block)
        return
    if block.type == "provider" and block.labels:
        alias = block.body.attribute("alias")
        name = getattr(alias.value, "value", None) if alias else None
        _put(
            module.providers,
            f"{block.labels[0]}.{name}" if name else block.labels[0],
            block,
            overrides,
        )
    elif block.type in ("resource", "data") and len(block.labels) == 2:
        address = ".".join(block.labels)
        _put(
            module.resources,
            f"data.{address}" if block.type == "data" else address,
            block,
            overrides,
        )
    elif len(block.labels) == 1:
        named = {"variable": module.variables, "module": module.calls, "output": module.outputs}
        if block.type in named:
            _put(named[block.type], block.labels[0], block, overrides)


def _put(blocks: dict[str, Block], name: str, block: Block, overrides: bool) -> None:
    original = blocks.get(name)
    if overrides and original is not None:
        block = replace(original, body=_merged(original.body, block.body))
    blocks[name] = block


def _merged(original: Body, override: Body) -> Body:
    """An override's arguments replace the original's; so do its blocks, all of one type at once."""
    names = {attribute.name for attribute in override.attributes}
    types = {_content_type(block) for block in override.blocks}
    return Body(
        (*(a for a in original.attributes if a.name not in names), *override.attributes),
        (*(b for b in original.blocks if _content_type(b) not in types), *override.blocks),
        original.span,
    )


def _content_type(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def source_files(modules: Iterable[Module]) -> tuple[str, ...]:
    """The files of several modules, each once, in order."""
    return tuple(dict.fromkeys(path for module in modules for path in module.files))
