"""Files that hold the values of a template's parameters, in the forms that deploying tools take."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from ...symbolic import toml
from ...symbolic.documents import reading
from ...symbolic.documents.nodes import Entry, MappingNode, Node, SequenceNode, mapping, plain
from ...symbolic.records import dataclass
from ...symbolic.source import Boundary, Unreadable, real, shown
from ..language.parameters import written
from .deployment import read_root

#: How the configuration of SAM's command line is called.
SAM = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")
#: What SAM deploys where it is not told.
SAM_TEMPLATES = ("template.yaml", "template.yml", "template.json")


@dataclass(frozen=True)
class ParameterValues:
    """What a parameter file gives, for the template it names, or for any. ``section`` is what the
    file calls it where it holds several; ``is_partial``: a tool adds what is not given, and leaves
    out what is not declared."""

    parameters: Mapping[str, str]
    template: Path | None = None
    section: str = ""
    is_partial: bool = False


def parameter_file(path: Path) -> ParameterValues:
    """Reads a parameter file: of the AWS CLI (a list of ParameterKey and ParameterValue, or of
    ``Key=Value`` as its ``deploy`` takes them; its whole input with ``Parameters``), of
    CodePipeline (``Parameters``), or of Git sync (``parameters``, ``template-file-path``). Raises
    Unreadable."""
    boundary = Boundary.of_named(path)
    found = _of_root(read_root(path, boundary), path, boundary)
    if found is None:
        raise Unreadable(shown(path), "is not a parameter file")
    return found


def parameter_values(path: Path, boundary: Boundary) -> tuple[ParameterValues, ...]:
    """All that a file gives which may be one of parameters: as ``parameter_file``, and what SAM's
    configuration says of each environment, such lists by name, or nothing but names and values.
    Raises Unreadable."""
    if path.name in SAM:
        return tuple(_of_sam(path, boundary))
    root = read_root(path, boundary)
    found = _of_root(root, path, boundary)
    if found is not None:
        return (found,)
    entries = mapping(root).entries
    lists = [(entry.key, _pairs(entry.value)) for entry in entries]
    if lists and all(pairs for _, pairs in lists):
        return tuple(ParameterValues(pairs, section=name) for name, pairs in lists)
    values = {entry.key: written(entry.value) for entry in entries}
    flat = {name: value for name, value in values.items() if value is not None}
    return (ParameterValues(flat),) if flat and len(flat) == len(values) else ()


def _of_root(root: Node, path: Path, boundary: Boundary) -> ParameterValues | None:
    if isinstance(root, SequenceNode):
        return ParameterValues(_pairs(root))
    section = mapping(root).get("Parameters") or mapping(root).get("parameters")
    if not isinstance(section, (MappingNode, SequenceNode)):
        return None
    named = plain(mapping(root).get("template-file-path"))
    return ParameterValues(_pairs(section), _named(path, named, boundary) if named else None)


def _pairs(section: Node) -> dict[str, str]:
    """The names and values of a list of parameters, or of a table."""
    if isinstance(section, SequenceNode):
        pairs: Iterator[tuple[str | None, str | None]] = map(_pair, section.items)
    else:
        pairs = ((entry.key, written(entry.value)) for entry in mapping(section).entries)
    return {key: value for key, value in pairs if key is not None and value is not None}


def _pair(item: Node) -> tuple[str | None, str | None]:
    """A parameter and its value, None for what is neither given so nor so."""
    key, equals, value = (plain(item) or "").partition("=")
    if equals:
        return key, value
    given = mapping(item)
    return plain(given.get("ParameterKey")), written(given.get("ParameterValue"))


def _named(file: Path, template: str, boundary: Boundary) -> Path | None:
    """The template that a file names: relative to the repository, or to the file."""
    for folder in (boundary.root, file.parent):
        found = real(folder / template)
        if boundary.is_file(found):
            return found
    return None


# -- SAM's configuration ---------------------------------------------------------------------------


def _of_sam(path: Path, boundary: Boundary) -> Iterator[ParameterValues]:
    """Source: SAM Developer Guide, "AWS SAM CLI configuration file"."""
    if path.suffix == ".toml":
        try:
            root = reading.from_decoded(toml.loads(boundary.read_text(path)))
        except ValueError as error:
            raise Unreadable(shown(path), f"is no TOML: {error}") from error
    else:
        root = read_root(path, boundary)
    for environment in mapping(root).entries:
        overrides = _option(environment, ("deploy", "global"), ("parameter_overrides",))
        given = dict(_overrides(overrides)) if overrides else {}
        named = plain(
            _option(environment, ("deploy", "build", "global"), ("template_file", "template"))
        )
        candidates = (named,) if named else SAM_TEMPLATES
        found = [_named(path, name, Boundary(path.parent)) for name in candidates]
        template = next((each for each in found if each is not None), None)
        if given and template is not None:
            yield ParameterValues(given, template, environment.key, is_partial=True)


def _option(environment: Entry, commands: tuple[str, ...], names: tuple[str, ...]) -> Node | None:
    """What the first of the commands that has it says of an option."""
    for command in commands:
        parameters = mapping(mapping(mapping(environment.value).get(command)).get("parameters"))
        for name in names:
            found = parameters.get(name)
            if found is not None:
                return found
    return None


def _overrides(node: Node) -> Iterator[tuple[str, str]]:
    """``Key=Value`` or ``ParameterKey=Key,ParameterValue=Value``, in a string, a list or a
    table."""
    if isinstance(node, MappingNode):
        yield from _pairs(node).items()
        return
    texts = (
        [plain(item) for item in node.items] if isinstance(node, SequenceNode) else [plain(node)]
    )
    for text in texts:
        try:
            tokens = shlex.split(text or "")
        except ValueError:
            continue
        for token in tokens:
            key, _, value = token.partition("=")
            if key == "ParameterKey":
                key, _, value = value.partition(",ParameterValue=")
            if key:
                yield key, value
