"""The values of a module's variables: what the user or the caller gives, else the default.

Source: the Terraform documentation, "Variable definition precedence": environment variables, then
``terraform.tfvars``, ``terraform.tfvars.json``, ``*.auto.tfvars`` and ``*.auto.tfvars.json`` in
lexical order, then ``--var-file`` in the order given; the later wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from ...adapters.units import Inputs
from ...symbolic import terms
from ...symbolic.decision_points import Kind
from ...symbolic.empty import is_filled
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import Boundary, Span, Unreadable, entries, shown
from ...symbolic.values import Entries, Items, Known, Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from ..language.conversions import convert
from ..language.evaluate import evaluate
from ..language.scope import ExpressionScope
from ..syntax.nodes import (
    Attribute,
    Block,
    Expression,
    FunctionCall,
    GetAttr,
    Identifier,
    Literal,
    SyntaxFault,
    Tuple,
)
from ..syntax.parse import parse_expression
from .module import Library


class Arguments(Protocol):
    """Where the values of a module instance's variables come from."""

    def value(self, variable: Block, scope: ExpressionScope) -> Value:
        """The value of the variable that the block declares; ``scope`` is the module instance's."""


@dataclass(frozen=True)
class Constants:
    """A scope without names, as variable files and defaults have it."""

    path_condition: PathCondition
    boundary: Boundary
    module_folder: Path
    root_folder: Path
    is_possible: bool = False

    def root(self, name: str, span: Span) -> Value:
        """See ExpressionScope: nothing may be referred to here."""
        return Unknown(f"'{name}' cannot be used here", why=Why.FUNCTION, span=span)

    def attribute(self, whole: Value, name: str, span: Span) -> Value:
        """See ExpressionScope."""
        return self.root(name, span)

    def element(self, collection: Value, key: Value, span: Span) -> Value:
        """See ExpressionScope."""
        return self.root("index", span)

    def whole(self, whole: Value, span: Span) -> Value:
        """See ExpressionScope."""
        return self.root("value", span)

    def call(self, name: str, arguments: Sequence[Value], span: Span) -> Value | None:
        """See ExpressionScope."""
        return None


@dataclass(frozen=True)
class InputValues:
    """What the user gives a root module: values of variable files, and ``TF_VAR_`` texts.

    ``remainder`` says why other variables may be set too, by somebody out of sight. ``files`` are
    the files read, ``broken`` those that could not be."""

    values: Mapping[str, Value] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    remainder: Unknown | None = None
    files: tuple[str, ...] = ()
    broken: tuple[Unreadable, ...] = ()


def given(library: Library, folder: Path, inputs: Inputs) -> InputValues:
    """The values for the root module in ``folder``."""
    values: dict[str, Value] = {}
    broken: list[Unreadable] = []
    files = [
        *((path, library.boundary) for path in variable_files(folder)),
        *((path, Boundary.of_named(path)) for path in inputs.var_files),
    ]
    for path, boundary in files:
        try:
            values.update(read_variables(library, path, boundary))
        except Unreadable as error:
            broken.append(error)
    environment = {
        name.removeprefix("TF_VAR_"): text
        for name, text in inputs.environment.items()
        if name.startswith("TF_VAR_")
    }
    return InputValues(
        values, environment, None, tuple(shown(path) for path, _ in files), tuple(broken)
    )


def variable_files(folder: Path) -> tuple[Path, ...]:
    """The variable files that Terraform loads by itself, the weakest first."""
    try:
        names = [entry.name for entry in entries(folder)]
    except OSError:
        return ()
    ordered: list[str] = [
        name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names
    ]
    ordered += [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return tuple(folder / name for name in ordered)


def read_variables(library: Library, path: Path, boundary: Boundary) -> dict[str, Value]:
    """A variable file's values. Raises Unreadable."""
    file = library.file(path, boundary)
    if isinstance(file, Unreadable):
        raise file
    scope = Constants(PathCondition(), boundary, path.parent, path.parent)
    return {a.name: evaluate(a.value, scope) for a in file.body.attributes}


#: What the types of variables say of an empty one; others are lists.
_KINDS = {"string": Kind.TEXT, "map": Kind.MAP, "object": Kind.MAP}


@dataclass(frozen=True)
class RootArguments:
    """The variables of a root module, or of one judged alone (``reusable``), whose defaults decide
    nothing since a caller may pass anything."""

    given: InputValues
    reusable: bool = False

    def value(self, variable: Block, scope: ExpressionScope) -> Value:
        """What the variable of a root module is: given, its default, or Unknown."""
        name, path_condition = variable.labels[0], scope.path_condition
        passed = self._passed(name, variable, scope)
        if passed is not None:
            return _given(
                terms.Name(f"var.{name}"), _typed(variable, passed, scope), path_condition
            )
        options, symbol = _options(variable), terms.Name(f"var.{name}")
        default = variable.body.attribute("default")
        remainder = self.given.remainder
        if default is None or self.reusable or remainder is not None:
            reason = (
                f"the caller decides variable '{name}'"
                if self.reusable
                else f"variable '{name}' has no value"
                if remainder is None
                else remainder.reason
            )
            unknown = Unknown(reason, symbol, Why.INPUT, span=variable.header)
            path_condition.places[symbol] = {variable.header}
            if options:
                path_condition.options(unknown, options)
            elif default is None:
                path_condition.required.add(symbol)
            kind = _KINDS.get(_type_name(variable) or "")
            if kind is not None:
                path_condition.kinds[symbol] = kind
            return path_condition.value(unknown)
        value = _default(variable, default, scope)
        if isinstance(value, (Items, Entries)):
            return value if is_filled(value) else replace(value, origin=symbol)
        if not isinstance(value, Known):
            return value
        value = replace(value, origin=symbol)
        if isinstance(value.value, bool):
            options = (True, False)
        if not options:
            others = Unknown(
                f"variable '{name}' is not its default", symbol, Why.INPUT, span=variable.header
            )
            return path_condition.defaulted(value, others)
        if not any(Known(option) == value for option in options):
            options = (value.value, *options)
        return path_condition.input(symbol, value, options)

    def _passed(self, name: str, variable: Block, scope: ExpressionScope) -> Value | None:
        if name in self.given.values:
            return self.given.values[name]
        text = self.given.environment.get(name)
        if text is None:
            return None
        source = f"TF_VAR_{name}"
        if _type_name(variable) in ("string", "number", "bool", None):
            return Known(text, Span(source, 1, 1, 1, 1))
        try:
            expression = parse_expression(text, source)
        except SyntaxFault:
            return Unknown(f"the environment's {source} cannot be read", why=Why.UNREADABLE)
        constants = Constants(
            scope.path_condition, scope.boundary, scope.module_folder, scope.root_folder
        )
        return evaluate(expression, constants)


def _given(symbol: terms.Term, value: Value, path_condition: PathCondition) -> Value:
    """A value that is given; an empty one stands for "not given", wherever it is written."""
    if isinstance(value, Known) and value.value in (None, ""):
        return path_condition.input(symbol, value, (value.value,))
    if isinstance(value, (Items, Entries)) and not is_filled(value):
        return replace(value, origin=symbol)
    return value


@dataclass(frozen=True)
class CallArguments:
    """The variables of a called module: what its block passes, evaluated where that stands."""

    call: Block
    scope: ExpressionScope
    address: str

    def value(self, variable: Block, scope: ExpressionScope) -> Value:
        """What the call passes for the variable, else its default."""
        name = variable.labels[0]
        argument = self.call.body.attribute(name)
        if argument is not None:
            return _typed(variable, evaluate(argument.value, self.scope), scope)
        default = variable.body.attribute("default")
        if default is not None:
            return _default(variable, default, scope)
        return Unknown(
            f"'{self.address}' passes no '{name}'",
            terms.Name(f"{self.address}.var.{name}"),
            Why.INPUT,
            span=self.call.header,
        )


def _typed(variable: Block, value: Value, scope: ExpressionScope) -> Value:
    """A given value as the variable's type makes it; null is the default if it is refused."""
    nullable = variable.body.attribute("nullable")
    default = variable.body.attribute("default")
    refuses_null = nullable is not None and getattr(nullable.value, "value", True) is False
    if value == Known(None) and refuses_null and default is not None:
        return _default(variable, default, scope)
    type_ = variable.body.attribute("type")
    return convert(value, type_.value, scope) if type_ else value


def _default(variable: Block, default: Attribute, scope: ExpressionScope) -> Value:
    constants = Constants(
        scope.path_condition, scope.boundary, scope.module_folder, scope.root_folder
    )
    type_ = variable.body.attribute("type")
    value = evaluate(default.value, constants)
    return convert(value, type_.value, constants) if type_ else value


def _type_name(variable: Block) -> str | None:
    """``string``, ``list`` ..., also as Terraform 0.11 quoted it; None without a type."""
    type_ = variable.body.attribute("type")
    if type_ is None:
        return None
    named = type_.value
    if isinstance(named, Identifier):
        return named.name
    if isinstance(named, Literal) and isinstance(named.value, str):
        return named.value
    return named.function if isinstance(named, FunctionCall) else ""


def _options(variable: Block) -> tuple[terms.Scalar, ...]:
    """All values a variable can have, where its type or a validation by ``contains`` lists them."""
    if _type_name(variable) == "bool":
        return (True, False)
    for validation in variable.body.of("validation"):
        condition = validation.body.attribute("condition")
        listed = _listed(condition.value, variable.labels[0]) if condition else ()
        if listed:
            return listed
    return ()


def _listed(condition: Expression, name: str) -> tuple[terms.Scalar, ...]:
    """The literals of ``contains([...], var.name)``."""
    if not (
        isinstance(condition, FunctionCall)
        and condition.function == "contains"
        and len(condition.arguments) == 2
        and isinstance(condition.arguments[0], Tuple)
    ):
        return ()
    subject, items = condition.arguments[1], condition.arguments[0].items
    is_subject = (
        isinstance(subject, GetAttr)
        and subject.name == name
        and isinstance(subject.object, Identifier)
        and subject.object.name == "var"
    )
    return _literals(items) if is_subject else ()


def _literals(items: Iterable[Expression]) -> tuple[terms.Scalar, ...]:
    values = tuple(item.value for item in items if isinstance(item, Literal))
    return values if len(values) == len(tuple(items)) else ()
