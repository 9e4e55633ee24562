"""Evaluates expressions as the tests write them, in a scope of names, and asks Terraform for the
same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ecs_preflight.symbolic.source import Boundary, Span
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Entries, Items, Known, Reference, Text, Unknown, Value
from ecs_preflight.symbolic.worlds import Choice, PathCondition
from ecs_preflight.terraform.language.evaluate import evaluate
from ecs_preflight.terraform.syntax.parse import parse_expression

TERRAFORM = shutil.which("terraform")
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="terraform is not installed")

#: What stands for an expression that Terraform refuses when it evaluates it.
REFUSED = "<refused>"


class ToyScope:
    """Names with values. ``module.x`` style wholes are References to the entries in ``resolve``."""

    def __init__(
        self,
        roots: Mapping[str, Value] | None = None,
        folder: Path = Path("/nowhere"),
        *,
        path_condition: PathCondition | None = None,
        resolve: Mapping[str, Entries] | None = None,
        boundary: Path | None = None,
    ) -> None:
        self.roots, self.resolve = dict(roots or {}), dict(resolve or {})
        self.path_condition = path_condition or PathCondition()
        self.boundary = Boundary((boundary or folder).resolve())
        self.module_folder = self.root_folder = folder
        self.is_possible = False

    def root(self, name: str, span: Span) -> Value:
        return self.roots.get(name, Unknown(f"there is no '{name}'", span=span))

    def attribute(self, whole: Reference, name: str, span: Span) -> Value:
        return self.resolve[whole.address].get(name)

    def element(self, collection: Reference, key: Value, span: Span) -> Value:
        return Reference(collection.address, "", span=span)

    def whole(self, whole: Reference, span: Span) -> Value:
        return self.resolve[whole.address]

    def call(self, name: str, arguments: Sequence[Value], span: Span) -> Value | None:
        return None


def value_of(text: str, scope: ToyScope | None = None, **roots: Value) -> Value:
    """The value of an expression, in ``scope`` or in one that has these names."""
    return evaluate(parse_expression(text, "main.tf"), scope or ToyScope(roots))


def in_world(text: str, symbol: str, value: object, **roots: Value) -> Value:
    """The value where the world says that the unknown ``symbol`` is ``value``."""
    asked = PathCondition()
    value_of(text, ToyScope(roots, path_condition=asked))
    term = next((t for t in asked.decision_points if str(t) == symbol), Name(symbol))
    path_condition = PathCondition({term: Choice(term, value)})  # type: ignore[arg-type]
    return value_of(text, ToyScope(roots, path_condition=path_condition))


def var(**members: Value) -> Entries:
    return Entries(tuple(members.items()))


def unknown(symbol: str) -> Unknown:
    return Unknown(f"'{symbol}' has no value", Name(symbol))


def plain(value: Value) -> object:
    """A value in Python's types; ``<symbol>`` for what is not known, and ``...`` for a rest."""
    if isinstance(value, Known):
        return value.value
    if isinstance(value, (Unknown, Reference)):
        return f"<{value.symbol or ''}>"
    if isinstance(value, Text):
        return "".join(
            part if isinstance(part, str) else f"<{part.symbol or ''}>" for part in value.parts
        )
    if isinstance(value, Items):
        return [*map(plain, value.items), *([...] if value.remainder is not None else [])]
    return {
        **{key: plain(item) for key, item in value.entries},
        **({"...": ...} if value.remainder is not None else {}),
    }


def encoded(text: str, scope: ToyScope | None = None) -> object:
    """What our evaluator makes of ``jsonencode(text)``: its text, REFUSED, or an Unknown."""
    value = value_of(f'try(jsonencode({text}), "{REFUSED}")', scope)
    return value.value if isinstance(value, Known) else value


def terraform_encoded(expressions: Sequence[str], folder: Path, constants: str = "") -> list[str]:
    """What Terraform makes of ``jsonencode`` of each expression, all at once. REFUSED for an
    error, and for what is not even looked at (a syntax error, a value known only later)."""
    members = "".join(
        f'  e{n} = try(jsonencode({text}), "{REFUSED}")\n' for n, text in enumerate(expressions)
    )
    (folder / "main.tf").write_text(f"locals {{\n{constants}{members}}}\n", encoding="utf-8")
    (folder / "terraformrc").write_text("")
    listed = ", ".join(f"local.e{n}" for n in range(len(expressions)))
    ran = subprocess.run(
        [str(TERRAFORM), "console"],
        cwd=folder,
        input=f"jsonencode([{listed}])\n",
        text=True,
        capture_output=True,
        check=False,
        env={**os.environ, "TF_CLI_CONFIG_FILE": str(folder / "terraformrc"), "NO_COLOR": "1"},
    )
    try:
        found: list[str] = json.loads(json.loads(ran.stdout))
    except ValueError:
        if len(expressions) == 1:
            return [REFUSED]
        middle = len(expressions) // 2
        return [
            *terraform_encoded(expressions[:middle], folder, constants),
            *terraform_encoded(expressions[middle:], folder, constants),
        ]
    return found
