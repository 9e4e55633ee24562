"""Where something is to be written, and what can be named there of the deployment itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Hashable
from typing import TypeVar

from ...model import Language, Stack
from ...symbolic import arns
from ...symbolic.records import dataclass
from ...symbolic.values import literal
from ..sources import HCL_ENDINGS, Sources
from ..wording import home_of
from .expressions import Inserted

Found = TypeVar("Found")

_DATA = {str(arns.REGION.symbol): "aws_region", str(arns.ACCOUNT.symbol): "aws_caller_identity"}
_ATTRIBUTE = {
    "aws_region": "name",
    "aws_caller_identity": "account_id",
    "aws_partition": "partition",
}


@dataclass(frozen=True)
class Place:
    """Where something is to be written: in a file, as part of the module or nested stack
    ``home`` (the beginning of its resources' addresses)."""

    stack: Stack
    sources: Sources
    file: str
    home: str

    @classmethod
    def beside(cls, stack: Stack, sources: Sources, file: str, address: str) -> Place:
        """The place in ``file`` beside the resource at ``address``, in its module."""
        return cls(stack, sources, file, home_of(stack, address))

    def name_of(self, address: str) -> str | None:
        """What the resource at ``address`` is called at the place; None where it stands in another
        module or nested stack."""
        is_here = home_of(self.stack, address) == self.home
        return address.removeprefix(self.home) if is_here else None

    def shares(self, file: str) -> bool:
        """Is the file one of the module, or the template, where the names mean the same?"""
        return posixpath.dirname(file) == self.folder if self.is_terraform else file == self.file

    @property
    def folder(self) -> str:
        """The folder of the file."""
        return posixpath.dirname(self.file)

    @property
    def is_terraform(self) -> bool:
        """Is the stack's language Terraform?"""
        return self.stack.language is Language.TERRAFORM


def sought_once(place: Place, what: Hashable, seek: Callable[[], Found]) -> Found:
    """What ``seek`` finds in the code that the place is part of, sought once for all that is
    written there; one ``what`` is always of one type."""
    part = place.folder if place.is_terraform else place.file
    return place.sources.once((place.stack.name, part, what), seek)


def is_written(place: Place, name: str) -> bool:
    """Does the module or template itself write that? Not every part of an ARN is an attribute."""
    return any(re.search(name, text) for text in texts(place))


def texts(place: Place) -> list[str]:
    """The template, or the files of the place's module."""
    if not place.is_terraform:
        return [place.sources.of(place.file).text]
    return sought_once(place, "texts", lambda: _of_module(place))


def _of_module(place: Place) -> list[str]:
    files = module_files(place.stack, place.folder)
    if files:
        return [place.sources.of(file).text for file in files]
    # of another root, which the stack is judged beside
    around = place.sources.beside(place.file)
    return [each.text for each in around if each.file.endswith(HCL_ENDINGS)]


def module_files(stack: Stack, folder: str) -> list[str]:
    """The files of the module in the folder that are in Terraform's own syntax."""
    return stack.derived(_by_folder).get(folder, [])


def _by_folder(stack: Stack) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in stack.files:
        if file.endswith(HCL_ENDINGS):
            found.setdefault(posixpath.dirname(file), []).append(file)
    return found


def deployment(place: Place, symbol: str) -> str | Inserted:
    """The deployment's Region or account, as the place's Terraform reads it; as a provider block of
    its root says it in so many words; else ``*``."""
    target, base = place.stack.target, place.stack.base or place.stack.target
    is_region = symbol == str(arns.REGION.symbol)
    value, usual = (target.region, base.region) if is_region else (target.account, base.account)
    found = _data(place, _DATA[symbol]) if value == usual else "*"  # that of the default provider
    source = place.sources.at(value.span)
    if found != "*" or place.home or source is None:
        return found
    known = literal(value)
    return known if known and source.slice(value.span) == f'"{known}"' else found


def _data(place: Place, kind: str) -> str | Inserted:
    return sought_once(place, ("data", kind), lambda: _named(texts(place), kind))


def _named(own: list[str], kind: str) -> str | Inserted:
    for text in own:
        head = rf'^data[ \t]+"{kind}"[ \t]+"([\w-]+)"[ \t]*'
        declared = re.search(rf"{head}\{{([^{{}}]*)\}}", text, re.M)
        if declared and not declared[2].strip():
            name = f"data.{kind}.{declared[1]}"
            read = next((m for t in own if (m := re.search(rf"{re.escape(name)}\.(\w+)", t))), None)
            return Inserted(f"{name}.{read[1] if read else _ATTRIBUTE[kind]}")
    return "*"


def of_partition(place: Place) -> str | Inserted:
    """The partition in Terraform, as the place's module reads it; else by its name."""
    known = literal(place.stack.target.partition)
    if known is not None:
        return known
    found = _data(place, "aws_partition")
    return "aws" if found == "*" else found


def partition(place: Place) -> str:
    """The partition, as it stands within a template at the place."""
    found = of_partition(place)
    return f"${{{found.text}}}" if isinstance(found, Inserted) else found
