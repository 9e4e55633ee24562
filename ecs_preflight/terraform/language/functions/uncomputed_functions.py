"""Functions whose results no reader has, or none of what is judged hangs on.

Times, random values and private keys are known to those who deploy. Dates and ``yamlencode`` could
be computed; in 6,190 public files nothing that decides whether a task starts came out of them.
"""

from __future__ import annotations

from ....symbolic.values import Unknown, Value, Why
from ..faults import NotComputable
from ..value_types import ANY, NUMBER, STRING, Type
from .base import CallContext, Function, symbolic


def _left_open(context: CallContext, *arguments: Value) -> Value:
    raise NotComputable(Unknown(f"'{context.name}()' is not computed", why=Why.FUNCTION))


def _open(*parameters: Type, variadic: Type | None = None, most: int | None = None) -> Function:
    return symbolic(_left_open, *parameters, variadic=variadic, most=most, takes_null=True)


FUNCTIONS = {
    "bcrypt": _open(STRING, variadic=NUMBER, most=2),
    "formatdate": _open(STRING, STRING),
    "plantimestamp": _open(),
    "rsadecrypt": _open(STRING, STRING),
    "timeadd": _open(STRING, STRING),
    "timecmp": _open(STRING, STRING),
    "timestamp": _open(),
    "uuid": _open(),
    "yamlencode": _open(ANY),
}
