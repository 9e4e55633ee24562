"""A second opinion: python-hcl2, upstream of checkov's fork, reads the same blocks and literals.

It must never be installed beside checkov, so it runs in an environment of its own:

    ECS_PREFLIGHT_HCL2_PYTHON    that environment's Python, with python-hcl2 8 installed
    ECS_PREFLIGHT_CORPUS         directories of Terraform code
"""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from hcl_corpus import corpus_files
from hcl_shapes import covered

from ecs_preflight.terraform.syntax.nodes import (
    Body,
    Expression,
    Literal,
    Object,
    SyntaxFault,
    TemplateExpression,
    Tuple,
    Unary,
)
from ecs_preflight.terraform.syntax.parse import parse

PYTHON = os.environ.get("ECS_PREFLIGHT_HCL2_PYTHON")
#: It is about 60 times as slow as tree-sitter, so only so many files, and no large ones.
FILES, SIZE = 400, 12_000
SCRIPT = """
import hcl2, json, sys
for text in json.load(sys.stdin):
    try:
        tree = hcl2.loads(text)
    except Exception as error:
        tree = None
    print(json.dumps(tree), flush=True)
"""
EXPRESSION = "an expression"


@pytest.mark.slow
def test_python_hcl2_reads_the_same_blocks_and_literals() -> None:
    if not PYTHON:
        pytest.skip("ECS_PREFLIGHT_HCL2_PYTHON names no Python with python-hcl2")
    texts = {str(path): text for path, text in corpus_files() if len(text) <= SIZE}
    texts = dict(list(texts.items())[:: max(1, len(texts) // FILES)])
    run = subprocess.run(
        [PYTHON, "-c", SCRIPT],
        input=json.dumps(list(texts.values())),
        capture_output=True,
        text=True,
        check=True,
    )
    compared, alone = 0, list[str]()
    for (path, text), line in zip(texts.items(), run.stdout.splitlines(), strict=True):
        theirs = json.loads(line)
        try:
            ours = body(text, parse(text, path).body)
        except SyntaxFault as fault:
            ours = None
            alone += [f"only python-hcl2 accepts {fault}"] if theirs is not None else []
        if ours is not None and theirs is None:
            alone.append(f"only ecs-preflight accepts {path}")
        if ours is not None and theirs is not None:
            compared += 1
            assert ours == known(theirs), path
    print(f"{compared} of {len(texts)} files compared", *alone, sep="\n")
    assert compared > len(texts) // 2


def body(text: str, of: Body) -> dict[str, object]:
    """A body as python-hcl2 gives it."""
    result: dict[str, object] = {a.name: value(text, a.value) for a in of.attributes}
    for block in of.blocks:
        inner: object = body(text, block.body)
        for label in reversed(block.labels):
            inner = {label: inner}
        result.setdefault(block.type, []).append(inner)
    return result


def value(text: str, of: Expression) -> object:
    written = covered(text, of.span)
    if written.startswith("("):
        return EXPRESSION
    if isinstance(of, TemplateExpression) or (
        isinstance(of, Literal) and isinstance(of.value, str)
    ):
        return "a template" if "${" in written or "%{" in written else written.strip('"')
    if isinstance(of, Literal):
        return of.value
    if isinstance(of, Unary) and isinstance(of.operand, Literal):
        return -of.operand.value if of.operator == "-" else EXPRESSION
    if isinstance(of, Tuple):
        return [value(text, item) for item in of.items]
    if isinstance(of, Object):
        return {str(value(text, item.key)): value(text, item.value) for item in of.items}
    return EXPRESSION


def known(tree: object) -> object:
    """What of python-hcl2's tree is compared: raw strings, and of an expression that it is one."""
    if isinstance(tree, dict):
        return {
            key if key[0] not in '"$' else str(known(key)): known(item)
            for key, item in tree.items()
            if not key.startswith("__")
        }
    if isinstance(tree, list):
        return [known(item) for item in tree]
    if not isinstance(tree, str):
        return tree
    if tree.startswith('"'):
        return "a template" if "${" in tree or "%{" in tree else tree.strip('"')
    return EXPRESSION
