"""The templates of a scan, and those that nested stacks refer to, by their paths."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from ...symbolic.arns import ACCOUNT
from ...symbolic.documents import reading
from ...symbolic.documents.nodes import DocumentFault
from ...symbolic.looks import digest
from ...symbolic.records import replace
from ...symbolic.source import Boundary, Unreadable, real, shown
from ...symbolic.values import Known
from .cdk import assembly, assets
from .deployment import Deployment
from .parameter_files import ParameterValues
from .template import Template, refused, templates


class Catalogue:
    """``scanned`` are the templates found; ``given`` is what parameter files say, ``account`` where
    what names none is deployed."""

    def __init__(
        self,
        boundary: Boundary | None,
        scanned: tuple[Template, ...] = (),
        given: tuple[ParameterValues, ...] = (),
        account: str | None = None,
    ) -> None:
        self._boundary, self.scanned, self._given = boundary, scanned, given
        self._account = account
        self._assemblies: dict[Path, dict[str, Deployment]] = {}
        self._assets: dict[Path, dict[str, str]] = {}
        self._by_path: dict[Path, Template] = {}
        for template in scanned:
            self._by_path.setdefault(template.path, template)

    def at(self, path: Path) -> Template | None:
        """The template in a file, if it is one, inside the boundary."""
        path = real(path)
        if path not in self._by_path:
            found = self._read(path)
            if found is None:
                return None
            self._by_path[path] = found
        return self._by_path[path]

    @cached_property
    def digest(self) -> str:
        """Tells what all of the scanned templates hold."""
        return digest(b"\0".join(self.data(template) for template in self.scanned))

    def data(self, template: Template) -> bytes:
        """The bytes of the template's file; none where they cannot be had."""
        try:
            return self._boundary.read_bytes(template.path) if self._boundary else b""
        except Unreadable:
            return b""

    def _read(self, path: Path) -> Template | None:
        if self._boundary is None or not self._boundary.is_file(path):
            return None
        try:
            found = read(path, shown(path), self._boundary.read_text(path))
        except (Unreadable, OSError):
            return None
        return found[0] if found else None

    def asset(self, folder: Path, key: str) -> Path | None:
        """The file of a CDK assembly's folder that is uploaded under the key."""
        if folder not in self._assets:
            self._assets[folder] = assets(folder, self._boundary) if self._boundary else {}
        name = self._assets[folder].get(key)
        return None if name is None else folder / name

    def deployment(self, template: Template) -> Deployment:
        """How a root is deployed."""
        folder = template.path.parent
        if folder not in self._assemblies:
            self._assemblies[folder] = assembly(folder, self._boundary) if self._boundary else {}
        known = self._assemblies[folder].get(template.path.name, Deployment())
        given = dict(known.parameters)
        for each in self._given:
            if each.template in (None, template.path):
                given.update((name, Known(value)) for name, value in each.parameters.items())
        target = known.target
        if self._account is not None and target.account == ACCOUNT:
            target = replace(target, account=Known(self._account))
        return Deployment(target, known.name, given)


def read(path: Path, file: str, text: str) -> tuple[Template, ...]:
    """The templates in a file's text. Raises Unreadable."""
    try:
        return templates(path, file, reading.documents(text, file))
    except DocumentFault as fault:
        raise refused(file, fault) from None
