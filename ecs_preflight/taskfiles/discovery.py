"""Finding task definition files, their services and the workflows that deploy them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..adapters.units import TASK_FOLDERS, WORKFLOWS, Found, Inputs, Tree
from ..symbolic.documents import reading as documents
from ..symbolic.documents.nodes import Node
from ..symbolic.records import dataclass, field, replace
from ..symbolic.source import Unreadable, entries, letters, shown
from ..symbolic.values import ABSENT, Unknown, Why, literal
from . import ecspresso, recognition
from .ecspresso import Configuration
from .reading import EXTENSIONS, root_of, roots
from .unit import ServiceFile, TaskFileUnit
from .workflows import DeployStep, called, deployments, is_only_called

_YAML = (".yml", ".yaml")


def find(tree: Tree, inputs: Inputs) -> Found:
    """The task definition files of a tree. Nothing they say raises."""
    seen = _Seen(tree)
    for path in tree.files:
        seen.look_at(path)
    for path in seen.hidden():
        seen.look_at(path)
    units = tuple(seen.placed(unit) for unit in seen.units)
    files = dict.fromkeys(file for unit in units for file in (unit.name, *unit.files))
    return Found(units, tuple(files), tuple(seen.broken), tuple(seen.comments), tuple(seen.remarks))


@dataclass
class _Seen:
    tree: Tree
    units: list[TaskFileUnit] = field(default_factory=list)
    services: list[ServiceFile] = field(default_factory=list)
    configurations: list[Configuration] = field(default_factory=list)
    broken: list[Unreadable] = field(default_factory=list)
    comments: list[tuple[str, int, str]] = field(default_factory=list)
    remarks: list[Unknown] = field(default_factory=list)
    _workflows: dict[Path, tuple[DeployStep, ...]] = field(default_factory=dict)
    _roots: dict[Path, Node | None] = field(default_factory=dict)

    def hidden(self) -> Iterator[Path]:
        """Files in hidden folders that hold task definitions by custom, or that workflows name."""
        boundary = self.tree.boundary
        known = set(self.tree.files)
        for folder in self.tree.folders:
            found: list[Path] = []
            for name in TASK_FOLDERS:
                if boundary.is_folder(folder / name):
                    found += (Path(each.path) for each in entries(folder / name))
            if boundary.is_folder(folder / WORKFLOWS):
                named = (literal(each.file) for each in self._read(folder / WORKFLOWS))
                found += (folder / file for file in named if file and file.startswith("."))
            for path in dict.fromkeys(Path(os.path.normpath(path)) for path in found):
                if path not in known and path.is_relative_to(folder) and boundary.is_file(path):
                    known.add(path)
                    yield path

    def look_at(self, path: Path) -> None:
        """Takes what the file holds, if it is a task definition or a service."""
        if not path.name.lower().endswith(EXTENSIONS):
            return
        try:
            data = letters(self.tree.boundary.read_bytes(path))
        except Unreadable:
            return  # whoever takes the file for something reports it
        if not recognition.may_be_ours(data) or _is_another_units(data):
            return
        try:
            text = self.tree.boundary.read_text(path)
            found = roots(path, text)
        except Unreadable as fault:
            if recognition.means_task_definition(data):
                self.broken.append(fault)
            elif recognition.is_source(data):
                self.remarks.append(
                    Unknown(
                        f"{shown(path)}: render it and scan the result",
                        why=Why.SOURCE,
                        span=fault.span,
                    )
                )
            return
        bodies = [body for root in found if (body := recognition.task_definition(root))]
        self.units += (TaskFileUnit(path, body) for body in bodies)
        self.services += (
            ServiceFile(path, body) for root in found if (body := recognition.service(root))
        )
        for root in found:
            configured = ecspresso.configuration(path, root)
            if configured is not None:
                self.configurations.append(configured)
                self.remarks += ecspresso.remarks(configured)
        if bodies and path.suffix != ".json":
            self.comments += (
                (shown(path), line, text) for line, text in documents.comments(text, found)
            )

    def placed(self, unit: TaskFileUnit) -> TaskFileUnit:
        """The unit with what deploys it."""
        configured = [each for each in self.configurations if each.task == unit.path]
        services = [each for each in self.services if _is_of(each, unit)]
        for each in configured:
            services = [
                *(service for service in services if service.path != each.service),
                *(
                    replace(service, name=each.name, cluster=each.cluster)
                    for service in self.services
                    if service.path == each.service
                ),
            ]
        deployed = tuple(self._deployments(unit))
        paths = [*(each.path for each in configured), *(each.path for each in services)]
        files = (unit.name, *map(shown, paths))
        files += tuple(each.span.file for each in deployed)
        regions = {each.region for each in configured}
        return replace(
            unit,
            services=tuple(services),
            deployments=deployed,
            region=regions.pop() if len(regions) == 1 else ABSENT,
            files=tuple(dict.fromkeys(files)),
        )

    def _deployments(self, unit: TaskFileUnit) -> Iterator[DeployStep]:
        """What the workflows of the nearest folder that has some do with the file."""
        for folder in unit.path.parents:
            if not self.tree.boundary.allows(folder):
                return
            if self.tree.boundary.is_folder(folder / WORKFLOWS):
                known = self._read(folder / WORKFLOWS)
                path = unit.path.relative_to(folder).as_posix()
                direct = [each for each in known if each.names(path, unit.family)]
                services = {literal(each.service) for each in direct} - {None}
                for each in known:
                    # A later step may turn on Exec for what an earlier one has deployed.
                    follows = each.launcher and literal(each.service) in services
                    if each in direct or follows:
                        yield each
                return

    def _read(self, folder: Path) -> tuple[DeployStep, ...]:
        if folder not in self._workflows:
            repository = folder.parent.parent
            paths = (Path(each.path) for each in entries(folder) if each.name.endswith(_YAML))
            # what cannot be read is no workflow that GitHub would run
            read = {path: root for path in paths if (root := self._root_of(path))}
            known = {_within(repository, to) for root in read.values() for to in called(root)}
            self._workflows[folder] = tuple(
                deployment
                for path, root in read.items()
                if not (path in known and is_only_called(root))
                for deployment in deployments(root, shown(path), partial(self._local, repository))
            )
        return self._workflows[folder]

    def _local(self, repository: Path, path: str) -> tuple[Node, str] | None:
        """Implements workflows.Local."""
        place = _within(repository, path)
        for file in (place, place / "action.yml", place / "action.yaml"):
            if file.name.endswith(_YAML) and self.tree.boundary.is_file(file):
                root = self._root_of(file)
                return None if root is None else (root, shown(file))
        return None

    def _root_of(self, file: Path) -> Node | None:
        """A file is read once, however many jobs call it."""
        if file not in self._roots:
            self._roots[file] = root_of(file, self.tree.boundary)
        return self._roots[file]


def _within(repository: Path, path: str) -> Path:
    return Path(os.path.normpath(repository / path))


def _is_another_units(data: bytes) -> bool:
    """Is it a template or a plan, which hold task definitions in their own way?"""
    return b"AWSTemplateFormatVersion" in data or b'"planned_values"' in data


def _is_of(service: ServiceFile, unit: TaskFileUnit) -> bool:
    """Does the service run the file's family?"""
    named = recognition.family_of(service.body)
    family = literal(unit.family)
    return named is not None and family is not None and named == family
