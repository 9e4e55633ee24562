"""Both parsers give one tree, spans included, wherever both accept a text."""

from __future__ import annotations

import pytest
from hcl_corpus import corpus_files
from hcl_shapes import parser
from hcl_texts import BODIES
from hypothesis import HealthCheck, given, settings

from ecs_preflight.terraform.syntax.nodes import SourceFile, SyntaxFault
from ecs_preflight.terraform.syntax.parse import parse

#: Valid HCL that one of the two grammars does not know.
ONLY_TREE_SITTER = [
    "a = !!b",
    "a = - -b",
    "a = {f(x) = 1}",
    "a = 1\nif = 2",
    "a in {\n}",
    "a = b::c(1)",
    "a = 1.b",
]
ONLY_FORK = ["a = true(1)"]


def read(text: str, name: str) -> SourceFile | None:
    try:
        return parse(text, "x.tf", parser(name))
    except SyntaxFault:
        return None


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(BODIES)
def test_generated_texts_have_one_tree(text: str) -> None:
    assert parse(text, "x.tf", parser("lark")) == parse(text, "x.tf", parser("treesitter"))


@pytest.mark.parametrize("text", ONLY_TREE_SITTER)
def test_what_only_tree_sitter_accepts_is_listed(text: str) -> None:
    assert read(text, "treesitter")
    assert read(text, "lark") is None


@pytest.mark.parametrize("text", ONLY_FORK)
def test_what_only_the_fork_accepts_is_listed(text: str) -> None:
    assert read(text, "lark")
    assert read(text, "treesitter") is None


def test_real_files_have_one_tree() -> None:
    count, alone = 0, []
    for path, text in corpus_files():
        trees = {name: read(text, name) for name in ("treesitter", "lark")}
        accepting = [name for name, tree in trees.items() if tree]
        if len(accepting) == 2:
            count += 1
            assert trees["treesitter"] == trees["lark"], path
        elif accepting:
            alone.append(f"only {accepting[0]} accepts {path}")
    print(f"{count} files have one tree", *alone, sep="\n")
    assert count
