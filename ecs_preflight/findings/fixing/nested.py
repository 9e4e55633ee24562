"""Names across nested stacks: the parameter that is given a resource's ARN, and the output that is
one."""

from __future__ import annotations

import re

from ...model import Protected, Role
from ...symbolic.patterns import regex
from ..sources import LOOKED_BACK
from ..wording import arn_attribute, home_of
from .expressions import Inserted
from .places import Place

#: Where an entry of a mapping begins: on a line, or in a flow mapping.
_ENTRY = r"(?:^|[{,])[ \t]*"
_HEAD = regex(r"""^[ \t]*["']?(\w+)["']?[ \t]*:[ \t]*(?:\{[ \t]*)?$""", re.M)


def handed_by_stacks(place: Place, own: Protected | Role) -> Inserted | None:
    """The resource's ARN by a parameter of the place's nested stack, or by an output of one that is
    nested there; None where there is none."""
    home = home_of(place.stack, own.address)
    name = own.address.removeprefix(home)
    if not re.fullmatch(r"\w+", name):
        return None
    if home.startswith(place.home) and home.count(".") == place.home.count(".") + 1:
        output = _output(place.sources.of(own.span.file).text, own, name)
        return Inserted(f"{home.removeprefix(place.home)}Outputs.{output}") if output else None
    call = place.stack.calls.get(place.home.removesuffix("."))
    if call is None:
        return None
    around = Place.beside(place.stack, place.sources, call.span.file, call.address)
    if home == around.home:
        reference = _arn_of(own, name)
    else:
        above = handed_by_stacks(around, own)
        if above is None:
            return None
        reference = _reference(above.text)
    block = place.sources.of(call.span.file).slice(call.span)
    given = re.search(rf"""{_ENTRY}["']?(\w+)["']?\s*:\s*{reference}""", block, re.M)
    return Inserted(given[1]) if given else None


def _arn_of(own: Protected | Role, name: str) -> str:
    """What reads as the ARN of a resource of the template, to be searched for."""
    return _reference(name + arn_attribute(own))


def _reference(written: str) -> str:
    """A reference to a name, or to an attribute of one, in YAML or JSON, to be searched for."""
    name, _, attribute = written.partition(".")
    if attribute:
        listed = rf"""\[\s*"{name}"\s*,\s*"{re.escape(attribute)}"\s*\]"""
        found = rf"""!GetAtt {re.escape(written)}|\{{\s*"Fn::GetAtt"\s*:\s*{listed}\s*\}}"""
    else:
        found = rf"""!Ref {name}|\{{\s*"Ref"\s*:\s*"{name}"\s*\}}"""
    return rf"(?:{found})\s*(?=[,}}]|$)"


def _output(text: str, own: Protected | Role, name: str) -> str | None:
    """The output of the template whose value is the resource's ARN."""
    section = re.search(r"""^[ \t]*["']?Outputs["']?[ \t]*:""", text, re.M)
    value = re.compile(rf"""({_ENTRY})["']?Value["']?\s*:\s*{_arn_of(own, name)}""", re.M)
    found = value.search(text, section.end()) if section else None
    if section is None or found is None:
        return None
    before = text[section.end() : found.start()]
    if found[1].strip():  # a flow mapping
        head = re.search(r"""["']?(\w+)["']?\s*:\s*(?:\{[^{}]*)?$""", before[-LOOKED_BACK:])
        return head and head[1]
    heads = _HEAD.findall(before)
    return str(heads[-1]) if heads else None
