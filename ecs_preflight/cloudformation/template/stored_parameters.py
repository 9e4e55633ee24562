"""What a template reads from the Parameter Store, and what one writes there.

Source: CloudFormation User Guide, "Get a plaintext value from Systems Manager Parameter Store" and
"Specify existing resources at runtime with CloudFormation-supplied parameter types".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...symbolic.leaves import holes_in
from ...symbolic.patterns import regex
from ...symbolic.terms import Name, Term
from ...symbolic.values import Known, Unknown, Value, join, literal
from .handles import Handle, named
from .instance import TemplateInstance

_TYPE = "AWS::SSM::Parameter"
#: What no export is called: a stored parameter's handle begins with it.
_READ = "{{resolve:ssm:"
_NAME = regex(re.escape(_READ) + r"([^:}$]+)(?::\d+)?}}")


def written(instance: TemplateInstance) -> dict[Handle, Value]:
    """The values of the parameters that the template stores, by what others read them by."""
    found: dict[Handle, Value] = {}
    for name in instance.entries:
        declared = instance.resource(name) if instance.type_of(name) == _TYPE else None
        handle = None if declared is None else _handle(declared.body.get("Name"))
        if declared is not None and handle is not None:
            found[handle] = declared.body.get("Value")
    return found


def is_stored(handle: Handle) -> bool:
    """Is it a stored parameter's?"""
    return len(handle) == 1 and isinstance(handle[0][0], str) and handle[0][0].startswith(_READ)


def read(instance: TemplateInstance) -> Iterator[tuple[Term, Handle]]:
    """The parameters that the template's resources and inputs read, each by the term that stands
    for its value."""
    for symbol in dict.fromkeys(
        symbol for declared in instance.declared for symbol in _symbols(declared.body)
    ):
        match = _NAME.fullmatch(symbol.path)
        handle = None if match is None else _handle(Known(match[1]))
        if handle is not None:
            yield symbol, handle
    given = instance.deployment.parameters if instance.arguments is None else instance.arguments
    for name, parameter in instance.template.parameters.items():
        handle = _handle(given.get(name, Known(parameter.default))) if parameter.is_stored else None
        if handle is not None:
            yield Name(instance.prefix + name), handle


def _handle(name: Value) -> Handle | None:
    whole = None if named(name) is None or literal(name) == "" else named(join(_READ, name))
    return None if whole is None else (whole,)


def _symbols(value: Value) -> Iterator[Name]:
    for hole in holes_in(value):
        if isinstance(hole, Unknown) and isinstance(hole.symbol, Name):
            yield hole.symbol
