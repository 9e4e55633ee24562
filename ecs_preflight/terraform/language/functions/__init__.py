"""The functions of Terraform's language, each in the group that its documentation puts it in.

Source: the Terraform documentation, "Built-in Functions" (1.11); the names and signatures are
compared with ``terraform metadata functions`` in the tests, the results with ``terraform
console``.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....symbolic.faults import contained
from ....symbolic.values import Unknown, Value, Why
from ..faults import EvaluationFault, NotComputable
from . import (
    choosing_functions,
    conversion_functions,
    encoding_functions,
    file_functions,
    hash_functions,
    list_functions,
    map_functions,
    network_functions,
    number_functions,
    provider_functions,
    set_functions,
    text_functions,
    uncomputed_functions,
)
from .base import CallContext, Function, invoke

__all__ = ["FUNCTIONS", "CallContext", "call"]

FUNCTIONS: dict[str, Function] = {
    **text_functions.FUNCTIONS,
    **choosing_functions.FUNCTIONS,
    **list_functions.FUNCTIONS,
    **map_functions.FUNCTIONS,
    **set_functions.FUNCTIONS,
    **encoding_functions.FUNCTIONS,
    **file_functions.FUNCTIONS,
    **conversion_functions.FUNCTIONS,
    **number_functions.FUNCTIONS,
    **hash_functions.FUNCTIONS,
    **uncomputed_functions.FUNCTIONS,
    **network_functions.FUNCTIONS,
    **provider_functions.FUNCTIONS,
}


def call(context: CallContext, arguments: Sequence[Value]) -> Value:
    """The value of a function call. Raises Fault and Undecided."""
    function = FUNCTIONS.get(context.name)
    if function is None:
        found = context.scope.call(context.name, arguments, context.span)
        if found is not None:
            return found
        raise NotComputable(
            Unknown(f"the function '{context.name}' is not known", why=Why.FUNCTION)
        )
    return contained(
        lambda: invoke(function, context, arguments),
        _not_computable,
        f"{context.name}()",
        context.span,
        passing=(EvaluationFault, NotComputable, RecursionError),
    )


def _not_computable(why: Unknown) -> Value:
    raise NotComputable(why)
