"""Terraform code to try the parsers on: the samples, or the directories that ECS_PREFLIGHT_CORPUS
names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "terraform"
SUFFIXES = (".tf", ".tofu", ".tfvars", ".hcl")


def corpus_files() -> Iterator[tuple[Path, str]]:
    """The files of the corpus with their texts."""
    for folder in os.environ.get("ECS_PREFLIGHT_CORPUS", str(SAMPLES)).split(os.pathsep):
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                try:
                    yield path, path.read_bytes().decode()
                except UnicodeDecodeError:
                    continue
