"""What a tree holds that only another tool can turn into what is read here: seen, and named once,
with what to run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ..adapters.units import Tree
from ..symbolic.patterns import regex
from ..symbolic.source import Span, Unreadable, shown
from ..symbolic.values import Unknown, Why

#: Programs that name ECS, in the languages of CDK and Pulumi.
_PROGRAMS = (".ts", ".js", ".mjs", ".py", ".go", ".java", ".cs", ".kt")
_JSONNET = (".jsonnet", ".libsonnet")
_ECS = regex(rb"aws[-_./]ecs|aws\.ecs|awsecs|amazon\.awscdk\.services\.ecs|awsx\.ecs|Aws\.Ecs")
#: A Serverless file's resources that stand in other files, or that a plugin for ECS makes.
_SERVERLESS = regex(
    rb"^resources:(?:(?!^\w).)*\$\{file\(|serverless[\w-]{0,60}-(?:fargate|ecs)\b|^fargate:",
    re.M | re.S,
)
_COMPOSE = regex(r"(?:docker-)?compose[\w.-]*\.ya?ml")
#: The most programs of one project that are looked into.
MAX_PROGRAMS = 200


def remarks(tree: Tree) -> tuple[Unknown, ...]:
    """One remark for each project or file of another tool."""
    return tuple(
        Unknown(f"{shown(path)}: {advice}", why=Why.SOURCE, span=Span(shown(path), 1, 1, 1, 1))
        for path, advice in _seen(tree)
    )


def _seen(tree: Tree) -> Iterator[tuple[Path, str]]:
    programs: dict[Path, list[Path]] = defaultdict(list)
    projects: list[tuple[Path, str]] = []
    for path in tree.files:
        if path.suffix in _PROGRAMS:
            for folder in path.parents:
                programs[folder].append(path)
        elif path.name == "manifest.yml" and path.parent.parent.name == "copilot":
            yield path, "run 'copilot svc package' and scan its output"
        elif _COMPOSE.fullmatch(path.name) and b"x-aws-" in _read(tree, path):
            yield path, "run 'docker compose convert' and scan its output"
        elif path.stem == "serverless" and _SERVERLESS.search(_read(tree, path)):
            yield path, "run 'serverless package' and scan its .serverless folder"
        elif path.name == "cdk.json":
            projects.append((path, "run 'cdk synth' and scan cdk.out"))
        elif path.name in ("Pulumi.yaml", "Pulumi.yml"):
            projects.append((path, "its program is not read"))
        elif path.suffix in _JSONNET and b"containerDefinitions" in _read(tree, path):
            yield path, "run 'jsonnet' and scan its output"
    for path, advice in projects:
        folder = path.parent
        made = any(file.is_relative_to(folder / "cdk.out") for file in tree.files)
        if not made and _speaks_of_ecs(tree, [*programs[folder], path]):
            yield path, advice


def _speaks_of_ecs(tree: Tree, files: list[Path]) -> bool:
    return any(_ECS.search(_read(tree, file)) for file in files[:MAX_PROGRAMS])


def _read(tree: Tree, path: Path) -> bytes:
    try:
        return tree.boundary.read_bytes(path)
    except Unreadable:
        return b""
