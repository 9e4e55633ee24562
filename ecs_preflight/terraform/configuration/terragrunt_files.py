"""Terragrunt files: the inputs and the source they give, with the files that they include and read.

What only a run of Terragrunt knows (outputs of dependencies, the environment, commands) is unknown.
Source: the Terragrunt documentation, "Include", "Locals" and "Functions".
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from ...symbolic.budget import OverBudget, charge
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import Span, Unreadable
from ...symbolic.terms import Name as Term
from ...symbolic.values import Entries, Items, Known, Reference, Unknown, Value, Why, first, literal
from ...symbolic.worlds import PathCondition
from ..language.evaluate import evaluate
from ..syntax.nodes import (
    Attribute,
    Block,
    Conditional,
    Expression,
    SourceFile,
    TemplateExpression,
)
from .calls import Downloads
from .evaluation import Evaluation
from .generated import file_of
from .module import Library
from .names import BlockScope, Namespace, nothing

FILE_NAME = "terragrunt.hcl"
#: The most files that one leads to; each is evaluated as seen from where it is included.
MAX_FOLLOWED = 300
#: What it costs to follow one.
FILE_STEPS = 150
#: What hands variables to Terraform beside ``inputs``.
_ARGUMENTS = "extra_arguments"


@dataclass(frozen=True)
class TerragruntFile:
    """The file at ``path`` as it is evaluated for ``folder``: its own directory, or that of the
    file which includes it. ``trail`` are the files that led to it."""

    path: Path
    file: SourceFile
    folder: Path
    library: Library
    trail: tuple[Path, ...] = field(default=())
    #: The outputs of the unit in a folder; None where they are not known.
    outputs_of: Callable[[Path], Value | None] = field(default=lambda folder: None, compare=False)

    @classmethod
    def read(
        cls,
        path: Path,
        library: Library,
        outputs_of: Callable[[Path], Value | None] = lambda folder: None,
    ) -> TerragruntFile:
        """Raises Unreadable."""
        file = library.file(path)
        if isinstance(file, Unreadable):
            raise file
        return cls(path, file, path.parent, library, outputs_of=outputs_of)

    @cached_property
    def inputs(self) -> tuple[dict[str, Value], Unknown | None]:
        """The values that the file and those it includes give, and why there may be others."""
        values: dict[str, Value] = {}
        remainder: Unknown | None = None
        for block, included in self._includes:
            if included is None:
                remainder = first(
                    remainder,
                    Unknown(
                        "an included Terragrunt file may set it", why=Why.INPUT, span=block.span
                    ),
                )
            else:
                given, more = included.inputs
                values, remainder = {**values, **given}, first(remainder, more)
        for block in self.file.body.of("terraform"):
            for arguments in block.body.of(_ARGUMENTS):
                remainder = first(
                    remainder,
                    Unknown(
                        "Terragrunt may pass it as an extra argument",
                        why=Why.INPUT,
                        span=arguments.header,
                    ),
                )
        written = self.file.body.attribute("inputs")
        own = self._value(written.value) if written else Entries(())
        if not isinstance(own, Entries):
            return values, first(remainder, own if isinstance(own, Unknown) else None)
        for name, value in own.entries:
            merged = name in values and any(_merges(block) for block, _ in self._includes)
            values[name] = (
                _of_both(value) if merged and isinstance(value, (Items, Entries)) else value
            )
        return values, first(remainder, own.remainder)

    @cached_property
    def source(self) -> tuple[Attribute, tuple[str, ...]] | None:
        """Where the module comes from: the attribute, and each text that it can become."""
        for block in self.file.body.of("terraform"):
            written = block.body.attribute("source")
            if written is not None:
                return written, tuple(self._texts(written.value))
        return next(
            (included.source for _, included in self._includes if included and included.source),
            None,
        )

    @cached_property
    def generated(self) -> Mapping[str, SourceFile | Unknown | None]:
        """What Terragrunt writes beside the module's own files, by the names of the blocks; a file
        replaces what it includes."""
        found: dict[str, SourceFile | Unknown | None] = {}
        for _, included in self._includes:
            found.update(included.generated if included else {})
        blocks = self.file.body.of("generate")
        source = self.library.boundary.read_text(self.path) if blocks else ""
        for block in blocks:
            contents = block.body.attribute("contents")
            text = self._value(contents.value) if contents else Known("")
            length = len(literal(text) or "")
            if not _can_pay(2 * length + len(source) // 8):
                text = OverBudget().unknown
            found[" ".join(block.labels)] = file_of(block, text, self.file.path, source)
        return found

    @cached_property
    def dependencies(self) -> Mapping[str, Path | None]:
        """The folders of the units whose outputs the file and those it includes read, by the names
        that it gives them; None for one not known."""
        found: dict[str, Path | None] = {}
        for _, included in self._includes:
            found.update(included.dependencies if included else {})
        for block in self.file.body.of("dependency"):
            path = block.body.attribute("config_path")
            name = literal(self._value(path.value)) if path else None
            if block.labels:
                found[block.labels[0]] = None if name is None else self._folder(name)
        return found

    def _dependency(self, span: Span) -> Value:
        """The outputs below ``dependency``. What is made up for a unit that is not deployed yet
        (``mock_outputs``) is none of them."""
        named = []
        for name, folder in self.dependencies.items():
            reason = f"the outputs of dependency '{name}' are not known"
            unknown = Unknown(reason, Term(f"dependency.{name}.outputs"), Why.OUTSIDE, span=span)
            outputs = self.outputs_of(folder) if folder else None
            if isinstance(outputs, Entries):
                outputs = replace(outputs, remainder=unknown)
            named.append((name, Entries((("outputs", outputs or unknown),))))
        return Entries(tuple(named))

    def _folder(self, name: str) -> Path:
        return Path(os.path.normpath(self.folder / name))

    def _texts(self, expression: Expression) -> Iterator[str]:
        if isinstance(expression, TemplateExpression) and len(expression.parts) == 1:
            part = expression.parts[0]
            if isinstance(part, Conditional):
                expression = part
        known = literal(self._value(expression))
        if known is not None:
            yield known
        elif isinstance(expression, Conditional):
            yield from self._texts(expression.then)
            yield from self._texts(expression.otherwise)

    # -- other files -----------------------------------------------------------------------------

    @cached_property
    def _includes(self) -> tuple[tuple[Block, TerragruntFile | None], ...]:
        found = []
        for block in self.file.body.of("include"):
            path = block.body.attribute("path")
            found.append(
                (block, self._other(self._value(path.value), self.folder) if path else None)
            )
        return tuple(found)

    def _other(self, path: Value, folder: Path | None = None) -> TerragruntFile | None:
        """The file that a path leads to, seen from ``folder`` or from its own directory."""
        name = literal(path)
        if name is None or "\0" in name or not self._may_follow():
            return None
        where = Path(os.path.normpath(self.folder / name))
        file = self.library.file(where) if where not in self.trail and where != self.path else None
        return (
            TerragruntFile(
                where,
                file,
                folder or where.parent,
                self.library,
                (*self.trail, self.path),
                self.outputs_of,
            )
            if isinstance(file, SourceFile)
            else None
        )

    def _may_follow(self) -> bool:
        """Is one more file within the limits?"""
        root = (*self.trail, self.path)[0]
        self.library.followed[root] += 1
        return self.library.followed[root] <= MAX_FOLLOWED and _can_pay(FILE_STEPS)

    def _shown(self) -> Entries:
        """What others see of the file: its locals and inputs."""
        values, remainder = self.inputs
        names = {a.name for block in self.file.body.of("locals") for a in block.body.attributes}
        span = self.file.body.span
        local = Entries(
            tuple(
                (name, self._scope.attribute(Reference("local", "", span=span), name, span))
                for name in sorted(names)
            )
        )
        return Entries((("locals", local), ("inputs", Entries(tuple(values.items()), remainder))))

    # -- values ----------------------------------------------------------------------------------

    def _value(self, expression: Expression) -> Value:
        return evaluate(expression, self._scope)

    def _call(self, name: str, arguments: Sequence[Value], span: Span) -> Value | None:
        """What one of Terragrunt's functions gives."""
        function = _FUNCTIONS.get(name)
        return function(self, arguments, span) if function else None

    @cached_property
    def _scope(self) -> BlockScope:
        evaluation = Evaluation(self.library, PathCondition(), self.folder, Downloads({}))
        written = {
            a.name: a.value for block in self.file.body.of("locals") for a in block.body.attributes
        }

        def outer(name: str, span: Span) -> Value:
            if name == "local":
                return Reference("local", "", span=span)
            if name == "dependency":
                return self._dependency(span)
            if name == "include":
                return Entries(
                    tuple(
                        (block.labels[0], included._shown())
                        for block, included in self._includes
                        if included and block.labels
                    ),
                    Unknown("a file is included that cannot be read", why=Why.INPUT, span=span),
                )
            return Unknown(f"Terragrunt computes '{name}'", Term(name), Why.INPUT, span=span)

        def local(name: str, span: Span) -> Value:
            if name not in written:
                return nothing(f"local.{name}", span)
            return evaluation.once(
                f"local.{name}", lambda: self._value(written[name]), lambda why: why
            )

        evaluation.nodes["local"] = Namespace(local, tuple(written), "local")
        return BlockScope(evaluation, self.folder, outer, {}, call=self._call)

    @property
    def _parent(self) -> Path | None:
        """The directory of the file that is included, as both files see it."""
        if self.path.parent != self.folder:
            return self.path.parent
        return next((included.path.parent for _, included in self._includes if included), None)


def _can_pay(steps: int) -> bool:
    """Charges for that many steps; false where the budget has not as many."""
    try:
        charge(steps)
    except OverBudget:
        return False
    return True


def _merges(include: Block) -> bool:
    return include.body.attribute("merge_strategy") is not None


def _of_both(value: Value) -> Unknown:
    return Unknown(
        "it is merged with what an included Terragrunt file gives", why=Why.INPUT, span=value.span
    )


# -- functions -------------------------------------------------------------------------------------


def _find_in_parent_folders(file: TerragruntFile, arguments: Sequence[Value], span: Span) -> Value:
    name = literal(arguments[0]) if arguments else FILE_NAME
    for parent in file.folder.parents:
        if name is None or not file.library.boundary.allows(parent):
            break
        if file.library.boundary.is_file(parent / name):
            return Known((parent / name).as_posix(), span)
    if name is not None and len(arguments) > 1:
        return arguments[1]
    return Unknown(f"no parent directory holds '{name}'", why=Why.INPUT, span=span)


def _directory(
    find: Callable[[TerragruntFile], Path | None],
) -> Callable[[TerragruntFile, Sequence[Value], Span], Value]:
    def function(file: TerragruntFile, _: Sequence[Value], span: Span) -> Value:
        folder = find(file)
        return (
            Known(folder.as_posix(), span)
            if folder
            else Unknown("the Terragrunt file includes none", why=Why.INPUT, span=span)
        )

    return function


def _relative(file: TerragruntFile) -> Path | None:
    return Path(os.path.relpath(file.folder, file._parent)) if file._parent else None


def _read_terragrunt_config(file: TerragruntFile, arguments: Sequence[Value], span: Span) -> Value:
    other = file._other(arguments[0]) if arguments else None
    return (
        Unknown("the Terragrunt file cannot be read", why=Why.INPUT, span=span)
        if other is None
        else other._shown()
    )


_FUNCTIONS: dict[str, Callable[[TerragruntFile, Sequence[Value], Span], Value]] = {
    "find_in_parent_folders": _find_in_parent_folders,
    "get_terragrunt_dir": _directory(lambda file: file.folder),
    "get_original_terragrunt_dir": _directory(
        lambda file: file.trail[0].parent if file.trail else file.folder
    ),
    "get_parent_terragrunt_dir": _directory(lambda file: file._parent),
    "get_repo_root": _directory(lambda file: file.library.boundary.root),
    "path_relative_to_include": _directory(_relative),
    "read_terragrunt_config": _read_terragrunt_config,
}
