"""What the functions of a template stand for in ecspresso's files: ``{{ tfstate `…` }}`` is an
attribute of a Terraform resource or the output of a root, ``{{ env `…` `…` }}`` and
``{{ must_env `…` }}`` a variable.

Source: the documentation of ecspresso, "Template syntax" and "Plugins".
"""

from __future__ import annotations

import re

from ..symbolic.patterns import regex
from ..symbolic.source import Span
from ..symbolic.terms import Name
from ..symbolic.values import Reference, Unknown, Value, Why

_CALL = regex(r"^-?\s*(?P<function>\w+)\s+(?P<quote>[`\"'])(?P<argument>.+?)(?P=quote)")
#: An output, and the keys by which a part of it is read.
_OUTPUT = regex(r"(?P<output>output\.[\w-]+)(?P<keys>(?:\.\w+|\[['\"]?[^\]'\"]+['\"]?\])*)")
_ADDRESS = regex(r"(?P<address>(?:module\.[^.]+\.)*(?:data\.)?\w+\.[^.]+)\.(?P<attribute>\w+)")


def stands_for(written: str, span: Span) -> Value | None:
    """The value of a call, or None for what is none of these."""
    call = _CALL.match(written.replace('\\"', '"').strip())
    if call is None:
        return None
    function, argument = call["function"], call["argument"]
    if function in ("env", "must_env"):
        return Unknown(f"variable '{argument}' is not known", Name(argument), Why.INPUT, span=span)
    if function.endswith("tfstate"):
        output = _OUTPUT.fullmatch(argument)
        if output is not None:
            keys = re.findall(r"[\w-]+", output["keys"])
            return Reference(output["output"], ".".join(keys), span=span)
        found = _ADDRESS.fullmatch(argument)
        if found is not None:
            return Reference(found["address"].replace("'", '"'), found["attribute"], span=span)
    return None
