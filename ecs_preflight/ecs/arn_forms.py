"""References that can be none: an ARN with a wildcard, or within another; a file by its URL.

A policy names many things, a task one of each kind (facts C14). What is not known is silent.
"""

from __future__ import annotations

from ..adapters.fields import is_null
from ..symbolic.patterns import regex
from ..symbolic.strings import pieces
from ..symbolic.values import Value, literal, without_holes

_PLACES = {pieces.REGION: "Region", pieces.ACCOUNT: "account"}
_NESTED = regex(r"(secret:|parameter/?)?arn:[^:]*:(secretsmanager|ssm|s3):")
_WILDCARD = regex(r"[*?]")
#: Characters that no secret's name has; what something else fills in before is left alone.
_NO_NAME, _FILLED_IN = regex(r"[\s:]"), regex(r"[{}<>$%]")


def misshapen(value: Value) -> str | None:
    """What is wrong with the ARN of a secret, parameter or file, as it follows what has it; None
    where nothing surely is, or it is none."""
    written = without_holes(value)
    if written.count("arn:") < 2 and _WILDCARD.search(written) is None:
        return None  # as nearly all are
    return _misshapen(value)


def _misshapen(value: Value) -> str | None:
    fields = pieces.arn_parts(value)
    if fields is None or literal(fields[0]) != "arn":
        return None
    resource = pieces.parts(fields[pieces.RESOURCE])
    if _NESTED.match("".join(literal(part) or "*" for part in resource)) is not None:
        return "holds an ARN within an ARN"
    for index, name in _PLACES.items():
        if _WILDCARD.search(literal(fields[index]) or "") is not None:
            return f"has '{literal(fields[index])}' as its {name}, which only policies may have"
    named = _name(literal(fields[pieces.SERVICE]) or "", fields[pieces.RESOURCE])
    if any(_WILDCARD.search(literal(part) or "") is not None for part in pieces.parts(named)):
        return "has a wildcard in its name, which only policies may have"
    return None


def _name(service: str, resource: Value) -> Value:
    """What is named, without a JSON key, which may be anything, and a bucket's object."""
    if service == "secretsmanager":
        return pieces.split(resource, ":", 3)[:2][-1]
    return pieces.split(resource, "/", 2)[0] if service == "s3" else resource


def file_fault(value: Value) -> str | None:
    """The same of a file's ARN, which the file's URL or name is none."""
    return "is no ARN of an S3 object" if is_no_arn(value) else misshapen(value)


def is_no_arn(value: Value) -> bool:
    """Does it surely begin otherwise than an ARN?"""
    start = "" if is_null(value) else pieces.beginning(value)
    return bool(start) and not start.startswith("arn:")


def credentials_fault(value: Value) -> str | None:
    """The same of a container's ``repositoryCredentials``, which a secret's name may be, too."""
    written = literal(value) or ""
    may_be_one = written.startswith("arn:") or _FILLED_IN.search(written) is not None
    if not may_be_one and _NO_NAME.search(written) is not None:
        return f"is neither an ARN nor a secret's name: '{written}'"
    return misshapen(value)
