"""Policies that a user hands over as files: service control policies, permissions boundaries."""

from __future__ import annotations

from pathlib import Path

from ..model import Policy, PolicyKind
from ..symbolic.documents import reading, valued
from ..symbolic.documents.nodes import DocumentFault, MappingNode, mapping, plain
from ..symbolic.source import Boundary, Span, Unreadable, shown
from ..symbolic.values import Known


def policy(path: Path, kind: PolicyKind) -> Policy:
    """The policy in a file: a document, or what ``aws organizations describe-policy`` or ``aws iam
    get-policy-version`` print of one. Raises Unreadable."""
    file, text = shown(path), Boundary.of_named(path).read_text(path)
    try:
        found = reading.documents(text, path.name)
        root = found[0].root if found else MappingNode((), (1, 1, 1, 1))
        content = plain(mapping(mapping(root).get("Policy")).get("Content"))
        if content is not None:
            root = reading.documents(content, path.name)[0].root
        version = mapping(mapping(root).get("PolicyVersion")).get("Document")
    except DocumentFault as fault:
        raise Unreadable(file, fault.reason, Span(file, *fault.extent)) from None
    document = mapping(root if version is None else version)
    if document.get("Statement") is None:
        raise Unreadable(file, "is not a policy: it has no 'Statement'")
    span = Span(file, 1, 1, 1, 1)
    return Policy(
        kind, Known(path.stem, span), valued.value_of(document, file), span, span, path.stem
    )
