"""Finding task definition files, their services and the workflows that deploy them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..adapters.units import Found, Inputs, Tree
from ..symbolic.documents import reading as documents
from ..symbolic.source import Unreadable, shown
from ..symbolic.values import literal
from . import recognition
from .reading import EXTENSIONS, roots
from .unit import ServiceFile, TaskFileUnit
from .workflows import Deployment, deployments

WORKFLOWS = Path(".github", "workflows")


def find(tree: Tree, inputs: Inputs) -> Found:
    """The task definition files of a tree. Nothing they say raises."""
    seen = _Seen(tree)
    for path in tree.files:
        seen.look_at(path)
    units = tuple(seen.placed(unit) for unit in seen.units)
    files = dict.fromkeys(file for unit in units for file in (unit.name, *unit.files))
    return Found(units, tuple(files), tuple(seen.broken), tuple(seen.comments))


@dataclass
class _Seen:
    tree: Tree
    units: list[TaskFileUnit] = field(default_factory=list)
    services: list[ServiceFile] = field(default_factory=list)
    broken: list[Unreadable] = field(default_factory=list)
    comments: list[tuple[str, int, str]] = field(default_factory=list)
    _workflows: dict[Path, tuple[Deployment, ...]] = field(default_factory=dict)

    def look_at(self, path: Path) -> None:
        """Takes what the file holds, if it is a task definition or a service."""
        if not path.name.lower().endswith(EXTENSIONS):
            return
        try:
            data = self.tree.boundary.read_bytes(path)
        except Unreadable:
            return  # whoever takes the file for something reports it
        if not (
            recognition.may_be_task_definition(data) or recognition.may_be_service(data)
        ) or _is_another_units(data):
            return
        try:
            text = self.tree.boundary.read_text(path)
            found = roots(path, text)
        except Unreadable as fault:
            if recognition.means_task_definition(data):
                self.broken.append(fault)
            return
        bodies = [body for root in found if (body := recognition.task_definition(root))]
        self.units += (TaskFileUnit(path, body) for body in bodies)
        self.services += (
            ServiceFile(path, body) for root in found if (body := recognition.service(root))
        )
        if bodies and path.suffix != ".json":
            self.comments += (
                (shown(path), line, text) for line, text in documents.comments(text, found)
            )

    def placed(self, unit: TaskFileUnit) -> TaskFileUnit:
        """The unit with what deploys it."""
        services = tuple(each for each in self.services if _is_of(each, unit))
        deployed = tuple(self._deployments(unit))
        files = (unit.name, *(shown(each.path) for each in services))
        files += tuple(each.span.file for each in deployed)
        return replace(
            unit, services=services, deployments=deployed, files=tuple(dict.fromkeys(files))
        )

    def _deployments(self, unit: TaskFileUnit) -> Iterator[Deployment]:
        """What the workflows of the nearest folder that has some do with the file."""
        for folder in unit.path.parents:
            if not self.tree.boundary.allows(folder):
                return
            if (folder / WORKFLOWS).is_dir():
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

    def _read(self, folder: Path) -> tuple[Deployment, ...]:
        if folder not in self._workflows:
            found: list[Deployment] = []
            for path in sorted(folder.iterdir()):
                if path.name.endswith((".yml", ".yaml")):
                    try:
                        found_roots = roots(path, self.tree.boundary.read_text(path))
                    except Unreadable:
                        continue  # no workflow that GitHub would run
                    for root in found_roots:
                        found += deployments(root, shown(path))
            self._workflows[folder] = tuple(found)
        return self._workflows[folder]


def _is_another_units(data: bytes) -> bool:
    """Is it a template or a plan, which hold task definitions in their own way?"""
    return b"AWSTemplateFormatVersion" in data or b'"planned_values"' in data


def _is_of(service: ServiceFile, unit: TaskFileUnit) -> bool:
    """Does the service run the file's family?"""
    named = recognition.family_of(service.body)
    family = literal(unit.family)
    return named is not None and family is not None and named == family
