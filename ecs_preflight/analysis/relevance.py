"""May anything in a tree concern ECS? A look at bytes, so that a tree of which nothing does is
neither parsed nor judged, and what does that is not loaded.

It is a sound look: whatever the rules speak of is a task definition, what launches one, a cluster,
a role or a user, or stands in a module or template that is read besides; each is of a type, or says
a word, that has one of these marks in it. Escaped letters may hide one, so they are one themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..adapters.units import DOCUMENT_ENDINGS, TASK_FOLDERS, WORKFLOWS, Tree
from ..findings.sources import HCL_ENDINGS, MODULE_ENDINGS
from ..symbolic.source import Boundary, Unreadable, entries, letters, shown

TERRAGRUNT = "terragrunt.hcl"
#: In small letters. ``ecs`` and ``iam`` are in nearly all names of types that matter; the others
#: are those that do not say so themselves, and what leads to other files.
_TYPES = (b"ecs", b"iam", b"batch", b"codepipeline", b"\\u")
_IN_CONFIGURATION = (*_TYPES, b"state_machine", b"module")
_IN_TEMPLATE = (*_TYPES, b"statemachine", b"cloudformation::", b"serverless", b"transform")
#: What tells plans, and task definitions with their services, from other documents.
_OF_PLAN = (b"planned_values", b"resource_changes")
_OF_TASK_FILE = (
    b"containerdefinitions",
    b"desiredcount",
    b"deploymentconfiguration",
    b"enableexecutecommand",
    b"schedulingstrategy",
    b"platformversion",
    b"task_definition",
    b"service_definition",
    # What deploys one that stands in a folder nobody lists: its step names it, or the call.
    b"task-definition",
    b"aws ecs",
    b"\\u",
)


def without_ecs(trees: Sequence[Tree]) -> frozenset[str] | None:
    """The configurations and templates of trees in which nothing concerns ECS; None of others.

    Every file is looked at that a front end might read. Of concern is also what cannot be read, and
    a file that the user names himself, unless it is a configuration without an error: those who
    read it tell what is wrong with it.
    """
    files: list[str] = []
    for tree in trees:
        for path in sorted({*tree.files, *_beside(tree), *_hidden(tree)}):
            name = path.name.lower()
            if name == TERRAGRUNT:
                return None
            is_configuration = name.endswith(MODULE_ENDINGS)
            if not is_configuration and not name.endswith(DOCUMENT_ENDINGS):
                continue
            try:
                data = letters(tree.boundary.read_bytes(path)).lower()
            except Unreadable:
                return None
            is_template = not is_configuration and (
                b"awstemplateformatversion" in data or (b"resources" in data and b"::" in data)
            )
            if is_configuration or is_template:
                files.append(shown(path))
            if (
                _has(data, _IN_CONFIGURATION)
                if is_configuration
                else _has(data, _OF_TASK_FILE)
                or (is_template and _has(data, _IN_TEMPLATE))
                or _has(data, _OF_PLAN)
            ):
                return None
    # last, since it is no look at bytes
    for tree in trees:
        if any(tree.boundary.is_file(p) and not _is_sound(p, tree.boundary) for p in tree.given):
            return None
    return frozenset(files)


def _beside(tree: Tree) -> Iterator[Path]:
    """The configurations that are one module with a file that the user names."""
    for folder in {path.parent for path in tree.given if tree.boundary.is_file(path)}:
        yield from (p for e in entries(folder) if (p := Path(e.path)).name.endswith(MODULE_ENDINGS))


def _is_sound(path: Path, boundary: Boundary) -> bool:
    """Is it a configuration, and can it be parsed?"""
    if not path.name.endswith(HCL_ENDINGS):
        return False
    from ..terraform.syntax.nodes import SyntaxFault  # where it is used: no other tree is parsed
    from ..terraform.syntax.parse import parse

    try:
        parse(boundary.read_text(path), shown(path))
    except (SyntaxFault, Unreadable, ImportError):
        return False
    return True


def _has(data: bytes, marks: tuple[bytes, ...]) -> bool:
    return any(mark in data for mark in marks)


def _hidden(tree: Tree) -> Iterator[Path]:
    for folder in tree.folders:
        for name in (*TASK_FOLDERS, WORKFLOWS):
            if tree.boundary.is_folder(folder / name):
                yield from (Path(each.path) for each in entries(folder / name))
