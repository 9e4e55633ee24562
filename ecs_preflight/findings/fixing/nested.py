"""Names across nested stacks: the parameter that is given a resource's ARN, and the output that is
one."""

from __future__ import annotations

import re

from ...model import Protected, Role, StoredSecret
from ..wording import home_of
from .expressions import Inserted
from .places import Place

_HEAD = re.compile(r"""^\s*["']?(\w+)["']?\s*:\s*\{?[ \t]*$""", re.M)


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
    if call is None or home_of(place.stack, call.address) != home:
        return None
    block = place.sources.of(call.span.file).slice(call.span)
    given = re.search(rf"""^\s*["']?(\w+)["']?\s*:\s*{_reference(own, name)}""", block, re.M)
    return Inserted(given[1]) if given else None


def _reference(own: Protected | Role, name: str) -> str:
    """What reads as the resource's ARN, to be searched for."""
    if isinstance(own, StoredSecret):
        found = rf"""!Ref {name}|\{{\s*"Ref"\s*:\s*"{name}"\s*\}}"""
    else:
        listed = rf"""\[\s*"{name}"\s*,\s*"Arn"\s*\]"""
        found = rf"""!GetAtt {name}\.Arn|\{{\s*"Fn::GetAtt"\s*:\s*{listed}\s*\}}"""
    return rf"(?:{found})\s*,?\s*$"


def _output(text: str, own: Protected | Role, name: str) -> str | None:
    """The output of the template whose value is the resource's ARN."""
    section = re.search(r"""^[ \t]*["']?Outputs["']?[ \t]*:""", text, re.M)
    value = re.compile(rf"""^\s*["']?Value["']?\s*:\s*{_reference(own, name)}""", re.M)
    found = value.search(text, section.end()) if section else None
    if section is None or found is None:
        return None
    heads = _HEAD.findall(text[section.end() : found.start()])
    return str(heads[-1]) if heads else None
