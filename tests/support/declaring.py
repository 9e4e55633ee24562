"""Declared resources out of plain Python data, for tests of the readers."""

from __future__ import annotations

from typing import Any

from ecs_preflight.adapters.units import Declared, Surroundings
from ecs_preflight.cloudformation import resources as cloudformation
from ecs_preflight.model import Language, Resource, Stack, Target
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Entries, Items, Known, Unknown, Value, Why
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform import resources as terraform

INPUT = Unknown("variable 'x' has no value", Name("var.x"), Why.INPUT)
LATER = Unknown("it is known only after deployment", Name("later"), Why.APPLY)
HERE = Span("main", 3, 1, 9, 2)


def value(data: Any) -> Value:
    """Plain data as a value; values in it stay as they are."""
    if isinstance(data, dict):
        return Entries(tuple((key, value(item)) for key, item in data.items()), span=HERE)
    if isinstance(data, list):
        return Items(tuple(value(item) for item in data), span=HERE)
    return Known(data, HERE) if data is None or isinstance(data, (bool, int, float, str)) else data


def declared(
    type_: str,
    body: dict[str, Any],
    address: str = "it",
    target: Target = arns.ANY_TARGET,
    **more: Any,
) -> Declared:
    """A resource or, with a type that begins with ``data.``, a data source."""
    written = value(body)
    assert isinstance(written, Entries)
    return Declared(
        address,
        type_.removeprefix("data."),
        written,
        HERE,
        target,
        is_data=type_.startswith("data."),
        **more,
    )


def read(*each: Declared, surroundings: Surroundings = Surroundings()) -> tuple[Resource, ...]:
    """The model's resources, by the reader of the language that the types belong to."""
    language = cloudformation if each and "::" in each[0].type else terraform
    return language.read(each, surroundings, PathCondition())


def stack(*each: Declared, surroundings: Surroundings = Surroundings()) -> Stack:
    return Stack(
        "test", Language.TERRAFORM, arns.ANY_TARGET, read(*each, surroundings=surroundings)
    )
