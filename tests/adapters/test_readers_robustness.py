"""Whatever stands in a body, the readers neither raise nor run away."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from declaring import HERE, INPUT, declared, stack

import ecs_preflight.adapters
from ecs_preflight.adapters import fields
from ecs_preflight.adapters.resource_types import CLOUDFORMATION, TERRAFORM
from ecs_preflight.adapters.units import Declared, Surroundings
from ecs_preflight.cloudformation import resources as cloudformation
from ecs_preflight.cloudformation.resources import attributes as cloudformation_attributes
from ecs_preflight.model import Role
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import (
    Entries,
    Items,
    JsonFault,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
)
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform import resources as terraform
from ecs_preflight.terraform.resources import attributes as terraform_attributes

#: Every property that a reader asks for, as the readers spell it.
NAMES = sorted(
    {
        name
        for file in [
            *Path(ecs_preflight.adapters.__file__).parent.glob("*.py"),
            Path(terraform.__file__).parent / "policy_documents.py",
        ]
        for path in re.findall(r'"([A-Za-z0-9_.]+)"', file.read_text())
        for name in path.split(".")
    }
)

SCALARS: list[Value] = [
    INPUT,
    Unknown("why"),
    Unknown("later", Name("s")),
    Reference("it", "arn"),
    Reference("it", ""),
    Reference("other", "name", Known("x")),
]
SCALARS += [
    Known(data, HERE)
    for data in (
        None,
        True,
        False,
        0,
        -1,
        0.5,
        "",
        "x",
        "*",
        "{",
        "[]",
        "{}",
        "true",
        "it",
        "=",
        "alias/x",
        "{% x %}",
        "arn:aws:iam::aws:policy/X",
        '{"Statement": [1]}',
        "ENABLED",
        '{"States": {"A": {"Resource": "arn:aws:states:::ecs:runTask", "Branches": [1]}}}',
    )
]


def anything(random: Random, depth: int) -> Value:
    """Any value; a map of it holds any of the names that a reader may ask for."""
    kind = random.randrange(8) if depth else 0
    remainder = random.choice((None, None, INPUT))
    if kind < 2:
        return random.choice(SCALARS)
    if kind == 2:
        parts = [random.choice(SCALARS) for _ in range(random.randint(1, 3))]
        holes = (Unknown, Reference)
        return Text(tuple(part if isinstance(part, holes) else "x" for part in parts))
    if kind == 3:
        fault = random.random() < 0.2
        return Known("?", encodes=JsonFault("no") if fault else anything(random, depth - 1))
    if kind < 6:
        return Items(
            tuple(anything(random, depth - 1) for _ in range(random.randrange(3))), remainder
        )
    pool = [anything(random, depth - 1) for _ in range(8)]
    names = [name for name in NAMES if random.random() < 0.5]
    return Entries(tuple((name, random.choice(pool)) for name in names), remainder)


def any_body(random: Random) -> Entries:
    while True:
        body = anything(random, 3)
        if isinstance(body, Entries):
            return body


@pytest.mark.parametrize(
    "language, table, attributes",
    [
        (terraform, TERRAFORM, terraform_attributes),
        (cloudformation, CLOUDFORMATION, cloudformation_attributes),
    ],
)
@pytest.mark.parametrize("seed", range(12))
def test_no_body_makes_a_reader_raise(language, table, attributes, seed) -> None:
    random = Random(seed)
    kinds = sorted({*table, *attributes.ATTRIBUTES})
    bodies = [any_body(random) for _ in range(5)]
    each = tuple(
        Declared(
            f"it{i}",
            kind.removeprefix("data."),
            random.choice(bodies),
            HERE,
            arns.ANY_TARGET,
            is_data=kind.startswith("data."),
        )
        for i, kind in enumerate(kinds)
    )
    passed = tuple((anything(random, 3), INPUT) for _ in range(3))
    found = language.read(each, Surroundings(passed, (INPUT,)), PathCondition())
    assert {resource.address for resource in found} <= {d.address for d in each}
    for each_declared, kind in zip(each, kinds, strict=True):
        for name in attributes.attributes_of(kind):
            value = language.attribute(each_declared, name)
            assert isinstance(value, (Known, Unknown, Reference, Text, Items, Entries))


@pytest.mark.parametrize("seed", range(10))
def test_what_is_not_known_of_a_roles_policies_makes_it_incomplete(seed: int) -> None:
    """A role of which a list of policies is unknown is never taken for complete."""
    body = any_body(Random(seed))
    unknown = Entries(
        (
            ("managed_policy_arns", INPUT),
            *((key, item) for key, item in body.entries if key.casefold() != "managedpolicyarns"),
        )
    )
    role = Declared("r", "aws_iam_role", unknown, HERE, arns.ANY_TARGET)
    (found,) = terraform.read((role,), Surroundings(), PathCondition())
    assert isinstance(found, Role) and not found.complete


def test_many_attachments_take_linear_work() -> None:
    """A thousand roles with an attachment each, by name: a table, not a search, finds them."""
    each = [
        d
        for i in range(1000)
        for d in (
            declared("aws_iam_role", {"name": f"r{i}"}, f"role{i}"),
            declared(
                "aws_iam_role_policy_attachment",
                {"role": f"r{i}", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
                f"att{i}",
            ),
        )
    ]
    assert [len(role.policies) for role in stack(*each).roles] == [1] * 1000


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        (Known("a" * fields.MAX_FIELD), True),
        (Known("a" * (fields.MAX_FIELD + 1)), False),
        (Known("[" + "1," * fields.MAX_FIELD + "1]"), True),
        (Known("[" + "1," * fields.MAX_DOCUMENT + "1]"), False),
        (Text(("a", INPUT) * (fields.MAX_PARTS // 2)), True),
        (Text(("a", INPUT) * fields.MAX_PARTS), False),
        (Text(("[", INPUT) * fields.MAX_PARTS), True),
    ],
)
def test_no_field_is_longer_than_aws_takes_it(value: Value, is_kept: bool) -> None:
    """What no task definition can hold is not carried through all that is said of it."""
    found = fields.field(Entries((("name", value),)), "name")
    assert (found == value) is is_kept
    assert is_kept or (isinstance(found, Unknown) and found.why is Why.LIMIT)
