"""Who else in the scan may add to what a root module makes: whoever reads its outputs, as remote
state or as Terragrunt's dependency, or gives policies to a role of that very name.

Source: the Terraform documentation, "The terraform_remote_state Data Source"; the Terragrunt
documentation, "Passing outputs between units".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...symbolic.source import Boundary, Span, Unreadable
from ..syntax.nodes import Block, Expression, Literal, Tuple
from .module import Module

#: An output that is read, by its name; all of them, where a module reads them as a whole.
_READ = re.compile(r"\boutputs(?:\.|\[\s*\")([\w-]+)")
_ALL = "*"
#: What names a role to give it policies, and in which argument.
_GRANTING = {
    "aws_iam_role_policy": "role",
    "aws_iam_role_policy_attachment": "role",
    "aws_iam_policy_attachment": "roles",
    "data.aws_iam_role": "name",
}


@dataclass(frozen=True)
class Consumers:
    """``outputs`` are the names that are read, ``roles`` those that others name, with where."""

    outputs: frozenset[str] = frozenset()
    roles: Mapping[str, Span] = field(default_factory=dict)

    def reads(self, output: str) -> bool:
        """Does another root read the output?"""
        return output in self.outputs or _ALL in self.outputs


def outputs_read(module: Module, boundary: Boundary) -> frozenset[str]:
    """The outputs of other roots that the module's files read."""
    if "data.terraform_remote_state" not in module.types("data."):
        return frozenset()
    return read_in(map(Path, module.files), boundary) or frozenset({_ALL})


def read_in(files: Iterable[Path], boundary: Boundary) -> frozenset[str]:
    """The outputs that the files read."""
    found: set[str] = set()
    for file in files:
        try:
            found.update(_READ.findall(boundary.read_text(file.absolute())))
        except Unreadable:
            continue
    return frozenset(found)


def roles_named(module: Module) -> Iterator[tuple[str, Span]]:
    """The roles that the module gives policies to, or looks up, by names as they are written."""
    for name, block in module.resources.items():
        argument = _GRANTING.get(name.rpartition(".")[0])
        for expression in _written(block, argument) if argument else ():
            if isinstance(expression, Literal) and isinstance(expression.value, str):
                yield expression.value.rpartition("/")[2], block.header


def _written(block: Block, argument: str) -> tuple[Expression, ...]:
    attribute = block.body.attribute(argument)
    if attribute is None:
        return ()
    return attribute.value.items if isinstance(attribute.value, Tuple) else (attribute.value,)
