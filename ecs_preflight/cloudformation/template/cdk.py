"""What a CDK cloud assembly (a ``cdk.out`` folder) says of its templates."""

from __future__ import annotations

from pathlib import Path

from ...model import Target
from ...symbolic import arns
from ...symbolic.documents.nodes import MappingNode, mapping, plain
from ...symbolic.source import Boundary, Unreadable, entries
from ...symbolic.values import Known, Value
from ..language.parameters import written
from .deployment import Deployment, read_root


def assembly(folder: Path, boundary: Boundary) -> dict[str, Deployment]:
    """The stacks in the manifest of a folder by their template's file name; none without one."""
    found = {}
    for entry in mapping(_document(folder / "manifest.json", boundary).get("artifacts")).entries:
        body = mapping(entry.value)
        properties = mapping(body.get("properties"))
        template = plain(properties.get("templateFile"))
        if plain(body.get("type")) == "aws:cloudformation:stack" and template:
            given = (
                (each.key, written(each.value))
                for each in mapping(properties.get("parameters")).entries
            )
            found[template] = Deployment(
                _place(plain(body.get("environment")) or ""),
                plain(properties.get("stackName")) or entry.key,
                {key: Known(value) for key, value in given if value is not None},
            )
    return found


def _place(environment: str) -> Target:
    """``aws://ACCOUNT/REGION``; what is not known reads ``unknown-account``, ``unknown-region``."""
    account, _, region = environment.removeprefix("aws://").partition("/")
    return Target(
        _partition(region),
        Known(region) if region and region != "unknown-region" else arns.REGION,
        Known(account) if account.isdecimal() else arns.ACCOUNT,
    )


def _partition(region: str) -> Value:
    if not region or region == "unknown-region":
        return arns.PARTITION
    if region.startswith("cn-"):
        return Known("aws-cn")
    return (
        Known("aws-us-gov")
        if region.startswith("us-gov-")
        else (arns.PARTITION if "iso" in region else Known("aws"))
    )


def _manifests(folder: Path) -> list[Path]:
    try:
        return [Path(e.path) for e in entries(folder) if e.name.endswith(".assets.json")]
    except OSError:
        return []


def assets(folder: Path, boundary: Boundary) -> dict[str, str]:
    """Which file of a folder is uploaded under which key, by the folder's ``*.assets.json``."""
    found = {}
    for file in _manifests(folder):
        for entry in mapping(_document(file, boundary).get("files")).entries:
            source = plain(mapping(mapping(entry.value).get("source")).get("path"))
            for destination in mapping(mapping(entry.value).get("destinations")).entries:
                key = plain(mapping(destination.value).get("objectKey"))
                if key and source:
                    found[key] = source
    return found


def _document(file: Path, boundary: Boundary) -> MappingNode:
    """The file's mapping; an empty one when there is none to read."""
    try:
        return mapping(read_root(file, boundary) if boundary.is_file(file) else None)
    except Unreadable:
        return mapping(None)
