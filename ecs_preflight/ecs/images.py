"""Container images: which registry an image comes from, as far as its name tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Repository, Stack, Target
from ..symbolic import arns
from ..symbolic.values import (
    Hole,
    Known,
    Text,
    Unknown,
    Value,
    expanded,
    join,
    shown_value,
    text_term,
)

#: Private ECR hosts (facts A8): the classic form in the domains of all partitions, FIPS and the
#: dual-stack one. Holes stand as one private-use character each.
_HOLE = "\ue000"
_ECR = re.compile(
    rf"(?P<account>\d{{12}}|{_HOLE})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+|{_HOLE})\."
    rf"(amazonaws\.com(\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn|amazonaws\.eu|c2s\.ic\.gov|"
    rf"sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov|{_HOLE})/(?P<path>.+)",
    re.S,
)


@dataclass(frozen=True)
class EcrImage:
    """An image in a private ECR repository. ``account`` and ``region`` are those of the registry,
    ``repository`` is its ARN."""

    account: Value
    region: Value
    name: Value
    repository: Value


@dataclass(frozen=True)
class OtherImage:
    """An image from anywhere else: no ECR permission is needed (facts A7)."""


def registry_of(stack: Stack, image: Value) -> EcrImage | OtherImage | Unknown:
    """Where the image is pulled from; Unknown when its name does not tell."""
    found = stack.find(Repository, image)
    if found is not None:
        return EcrImage(stack.target.account, stack.target.region, found.name, found.arn)
    wanted = expanded(image)
    if not isinstance(wanted, (Known, Text)) or not shown_value(wanted):
        return wanted if isinstance(wanted, Unknown) else Unknown("the image is not known")
    parts = wanted.parts if isinstance(wanted, Text) else (shown_value(wanted),)
    holes = [part for part in parts if not isinstance(part, str)]
    plain = "".join(part if isinstance(part, str) else _HOLE for part in parts)
    match = _ECR.match(plain)
    if match is None:
        # A hole before the first "/" may hold a registry's host, or all of the name.
        head = plain.split("/", 1)[0] if "/" in plain else plain.split(":", 1)[0]
        return (
            Unknown("the image's registry is not known", text_term(wanted), span=wanted.span)
            if _HOLE in head
            else OtherImage()
        )

    def back(start: int, end: int) -> Value:
        return _with_holes(plain[start:end], holes[plain[:start].count(_HOLE) :])

    path_start = match.start("path")
    name_end = min(
        (i for i in (plain.find("@", path_start), plain.find(":", path_start)) if i > 0),
        default=len(plain),
    )
    account, region = back(*match.span("account")), back(*match.span("region"))
    name = back(path_start, name_end)
    target = Target(stack.target.partition, region, account)
    return EcrImage(account, region, name, arns.repository(target, name))


def _with_holes(plain: str, holes: list[Hole]) -> Value:
    remaining = iter(holes)
    return join(
        *(
            next(remaining) if piece == _HOLE else piece
            for piece in re.split(f"({_HOLE})", plain)
            if piece
        )
    )
