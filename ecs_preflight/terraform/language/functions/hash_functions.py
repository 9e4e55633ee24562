"""Hash and crypto functions, and identifiers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from ....symbolic.values import Known, Value
from ..faults import EvaluationFault
from ..value_types import STRING
from .base import CallContext, Function, plain, symbolic
from .file_functions import read_bytes


def _hex(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def _base64(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: base64.b64encode(hashlib.new(algorithm, data).digest()).decode()


def _of_text(digest: Callable[[bytes], str]) -> Function:
    return plain(lambda text: digest(text.encode()), STRING)


def _of_file(digest: Callable[[bytes], str]) -> Function:
    def hashed(context: CallContext, path: Value) -> Value:
        if not isinstance(path, Known):
            return context.unknown(path)
        return Known(digest(read_bytes(context, str(path.value))), context.span)

    return symbolic(hashed, STRING)


def _uuidv5(namespace: str, name: str) -> str:
    import uuid  # where it is used: it asks what machine this is

    known = {
        "dns": uuid.NAMESPACE_DNS,
        "url": uuid.NAMESPACE_URL,
        "oid": uuid.NAMESPACE_OID,
        "x500": uuid.NAMESPACE_X500,
    }
    try:
        return str(uuid.uuid5(known.get(namespace) or uuid.UUID(namespace), name))
    except ValueError:
        raise EvaluationFault("the namespace is no UUID") from None


FUNCTIONS = {
    "base64sha256": _of_text(_base64("sha256")),
    "base64sha512": _of_text(_base64("sha512")),
    "filebase64sha256": _of_file(_base64("sha256")),
    "filebase64sha512": _of_file(_base64("sha512")),
    "filemd5": _of_file(_hex("md5")),
    "filesha1": _of_file(_hex("sha1")),
    "filesha256": _of_file(_hex("sha256")),
    "filesha512": _of_file(_hex("sha512")),
    "md5": _of_text(_hex("md5")),
    "sha1": _of_text(_hex("sha1")),
    "sha256": _of_text(_hex("sha256")),
    "sha512": _of_text(_hex("sha512")),
    "uuidv5": plain(_uuidv5, STRING, STRING),
}
