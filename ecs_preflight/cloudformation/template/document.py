"""Telling a template from any other YAML or JSON."""

from __future__ import annotations

from ...symbolic.documents.nodes import MappingNode, Node, mapping, plain
from ...symbolic.patterns import regex

_RESOURCES = regex(rb"""Resources["']?\s*:""")
_RESOURCE_TYPE = regex(r"\w+::[\w:@-]+$")
_VERSION_OR_TYPE = regex(rb"""AWSTemplateFormatVersion|Type["']?[ \t]*:[ \t]*["']?AWS::\w""")


def may_be_template(data: bytes) -> bool:
    """A cheap look at a file's bytes: no template fails it."""
    return b"AWSTemplateFormatVersion" in data or (
        _RESOURCES.search(data) is not None and b"::" in data
    )


def looks_like_template(data: bytes) -> bool:
    """Is what could not be parsed meant as a template?"""
    return may_be_template(data) and _VERSION_OR_TYPE.search(data) is not None


def is_template(root: Node) -> bool:
    """Does the document have resources as CloudFormation has them?

    Kubernetes, Compose, plan and package files have none: a template's ``Resources`` is a map whose
    members have a ``Type`` such as ``AWS::ECS::Service`` or ``Custom::Thing``.
    """
    resources = mapping(root).get("Resources")
    if not isinstance(resources, MappingNode):
        return False
    return mapping(root).get("AWSTemplateFormatVersion") is not None or any(
        entry.key.startswith("Fn::ForEach::")
        or _RESOURCE_TYPE.match(plain(mapping(entry.value).get("Type")) or "")
        for entry in resources.entries
    )
