"""Both parsers give one tree, spans included, wherever both accept a text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hcl_texts import BODIES
from hypothesis import HealthCheck, given, settings

from ecs_preflight.terraform.parse import parse
from ecs_preflight.terraform.syntax import SourceFile, SyntaxFault

fork = pytest.importorskip("ecs_preflight.terraform.fork", reason="checkov's hcl2 is not installed")
treesitter = pytest.importorskip("ecs_preflight.terraform.treesitter", reason="tree-sitter is not installed")

CORPUS = os.environ.get("ECS_PREFLIGHT_CORPUS")


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(BODIES)
def test_generated_texts_have_one_tree(text: str) -> None:
    assert parse(text, "x.tf", fork) == parse(text, "x.tf", treesitter)
