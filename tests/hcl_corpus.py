"""Real Terraform code to try the parsers on: the directories that ECS_PREFLIGHT_CORPUS names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

SUFFIXES = (".tf", ".tofu", ".tfvars", ".hcl")


def corpus_files() -> Iterator[tuple[Path, str]]:
    """The files of the corpus with their texts. Skips the test when there is no corpus."""
    named = os.environ.get("ECS_PREFLIGHT_CORPUS")
    if not named:
        pytest.skip("ECS_PREFLIGHT_CORPUS names no directories of Terraform code")
    for folder in named.split(os.pathsep):
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                try:
                    yield path, path.read_bytes().decode()
                except UnicodeDecodeError:
                    continue
