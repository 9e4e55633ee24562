"""The functions of the AWS provider; those of other providers are not known.

Source: the AWS provider's documentation, "arn_build", "arn_parse" and "trim_iam_role_path".
"""

from __future__ import annotations

from ....symbolic.records import replace
from ....symbolic.values import Entries, Items, Known, Value, join
from ..faults import EvaluationFault
from ..value_types import STRING
from .base import CallContext, symbolic
from .text_functions import split

_PARTS = ("partition", "service", "region", "account_id", "resource")


def _arn_build(context: CallContext, *parts: Value) -> Value:
    return replace(
        join("arn", *(piece for part in parts for piece in (":", part))), span=context.span
    )


def _arn_parse(context: CallContext, arn: Value) -> Value:
    pieces = split(context, Known(":"), arn)
    if not isinstance(pieces, Items):
        return context.unknown(arn)
    if len(pieces.items) < 6 or pieces.items[0] != Known("arn"):
        raise EvaluationFault("the text is no ARN")
    resource = join(*[part for item in pieces.items[5:] for part in (":", item)][1:])
    resource = replace(resource, span=context.span)
    return Entries(
        tuple(zip(_PARTS, (*pieces.items[1:5], resource), strict=True)), span=context.span
    )


def _trim_iam_role_path(context: CallContext, arn: Value) -> Value:
    pieces = split(context, Known("/"), arn)
    if not isinstance(pieces, Items):
        return context.unknown(arn)
    return replace(join(pieces.items[0], "/", pieces.items[-1]), span=context.span)


FUNCTIONS = {
    "provider::aws::arn_build": symbolic(_arn_build, *[STRING] * 5),
    "provider::aws::arn_parse": symbolic(_arn_parse, STRING),
    "provider::aws::trim_iam_role_path": symbolic(_trim_iam_role_path, STRING),
}
