"""S3 objects by ARN."""

from __future__ import annotations

from ..symbolic.values import Known, Text, Unknown, Value, expanded, join


def bucket_of(value: Value) -> Value:
    """The bucket's ARN out of an object's: what stands before the first ``/``."""
    wanted = expanded(value)
    if isinstance(wanted, Known):
        return Known(str(wanted.value).split("/", 1)[0], wanted.span)
    if isinstance(wanted, Text):
        for index, part in enumerate(wanted.parts):
            if isinstance(part, str) and "/" in part:
                return join(*wanted.parts[:index], part.split("/", 1)[0])
    return Unknown("the object's bucket is not known", span=value.span)
