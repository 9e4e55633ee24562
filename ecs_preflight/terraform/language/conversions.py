"""The declared types of variables, with ``optional()``, and the conversion of values to them.

Source: the Terraform documentation, "Type Constraints" and "Optional Object Type Attributes".
"""

from __future__ import annotations

from ...symbolic.records import replace
from ...symbolic.values import ABSENT, Known, Unknown, Value, Why
from ..syntax.nodes import Expression, FunctionCall, Identifier, Literal, Object, Tuple
from .coerce import coerce
from .evaluate import evaluate
from .faults import EvaluationFault, NotComputable
from .scope import ExpressionScope
from .value_types import ANY, BOOL, NUMBER, STRING, Type, list_of, map_of, object_of, set_of

_NAMED = {
    "string": STRING,
    "number": NUMBER,
    "bool": BOOL,
    "any": ANY,
    "list": list_of(ANY),
    "set": set_of(ANY),
    "map": map_of(ANY),
}
_COLLECTIONS = {"list": list_of, "set": set_of, "map": map_of}


def convert(value: Value, declared: Expression, scope: ExpressionScope) -> Value:
    """``value`` as the type that the expression ``declared`` names; Unknown when it is of no such
    type."""
    try:
        return coerce(value, type_named(declared, scope))
    except EvaluationFault as fault:
        return Unknown(
            f"the value does not fit its variable's type: {fault.reason}",
            why=Why.FUNCTION,
            span=value.span,
        )
    except NotComputable as undecided:
        return replace(undecided.unknown, span=value.span)
    except RecursionError:
        return Unknown("its type is nested too deeply", why=Why.LIMIT, span=value.span)


def type_named(declared: Expression, scope: ExpressionScope) -> Type:
    """A type constraint, also as Terraform 0.11 quoted it; ``any`` for what is none."""
    if isinstance(declared, Identifier):
        return _NAMED.get(declared.name, ANY)
    if isinstance(declared, Literal):
        return _NAMED.get(str(declared.value), ANY)
    if not isinstance(declared, FunctionCall) or len(declared.arguments) != 1:
        return ANY
    argument = declared.arguments[0]
    if declared.function in _COLLECTIONS:
        return _COLLECTIONS[declared.function](type_named(argument, scope))
    if declared.function == "tuple" and isinstance(argument, Tuple):
        return Type("tuple", tuple(type_named(item, scope) for item in argument.items))
    if declared.function == "object" and isinstance(argument, Object):
        return _object_named(argument, scope)
    return ANY


def _object_named(declared: Object, scope: ExpressionScope) -> Type:
    members: dict[str, Type] = {}
    optional: dict[str, Value] = {}
    for item in declared.items:
        key, constraint = evaluate(item.key, scope), item.value
        if not isinstance(key, Known) or not isinstance(key.value, str):
            return ANY
        if isinstance(constraint, FunctionCall) and constraint.function == "optional":
            constraint, *default = constraint.arguments or (constraint,)
            optional[key.value] = evaluate(default[0], scope) if default else ABSENT
        members[key.value] = type_named(constraint, scope)
    return object_of(members, optional)
