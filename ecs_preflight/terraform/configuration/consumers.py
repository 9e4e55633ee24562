"""Who else in the scan may add to what a root module makes: whoever reads its outputs, as remote
state or as Terragrunt's dependency, or gives policies to a role of that very name.

Source: the Terraform documentation, "The terraform_remote_state Data Source"; the Terragrunt
documentation, "Passing outputs between units".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from ...symbolic import looks
from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, field
from ...symbolic.source import Boundary, Span, Unreadable
from ..syntax.nodes import Block, Expression, Literal, Tuple
from .module import Module
from .states import State

#: An output that is read, by its name; all of them, where a module reads them as a whole.
_READ = regex(r"\boutputs(?:\.|\[\s*\")([\w-]+)")
_ALL = "*"
#: What names a role to give it policies, and in which argument.
_GRANTING = {
    "aws_iam_role_policy": "role",
    "aws_iam_role_policy_attachment": "role",
    "aws_iam_policy_attachment": "roles",
    "data.aws_iam_role": "name",
}


@dataclass(frozen=True)
class StateReader:
    """A root, or a Terragrunt file, by its ``name``, which reads ``outputs`` of others: of those
    whose states ``asked`` gives, None standing for one that is not known."""

    name: str
    outputs: frozenset[str]
    asked: Callable[[], frozenset[State | None]] = field(compare=False, repr=False)

    def states(self) -> frozenset[State | None]:
        """Whose outputs it reads, asked once for all roots."""
        found, seen = self._found
        looks.add(seen)
        return found

    @cached_property
    def _found(self) -> tuple[frozenset[State | None], dict[looks.Look, str]]:
        with looks.noted() as seen:
            return self.asked(), seen


@dataclass(frozen=True)
class Consumers:
    """``readers`` are the others that read outputs of some root, ``roles`` the names of roles that
    others give policies to, with where."""

    readers: tuple[StateReader, ...] = ()
    roles: Mapping[str, Span] = field(default_factory=dict)

    @classmethod
    def of(cls, all_of: Iterable[Consumers]) -> Consumers:
        """Several together."""
        found = tuple(all_of)
        readers = dict.fromkeys(reader for each in found for reader in each.readers)
        named = {name: span for each in found for name, span in each.roles.items()}
        return cls(tuple(readers), named)

    def read(self, output: str, is_own: Callable[[str, State | None], bool]) -> bool:
        """Does another root read the output, where ``is_own`` says whether a state that a reader of
        that name reads may be the root's?"""
        return any(
            (output in reader.outputs or _ALL in reader.outputs)
            and any(is_own(reader.name, state) for state in reader.states())
            for reader in self.readers
        )


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
