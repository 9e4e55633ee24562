"""The names that CloudFormation makes, and what can and cannot be one."""

from __future__ import annotations

import pytest

from ecs_preflight.adapters import identities
from ecs_preflight.adapters.identities import Identity
from ecs_preflight.adapters.units import Declared
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.source import NOWHERE
from ecs_preflight.symbolic.strings import may_match, must_cover, tokens, with_wildcards
from ecs_preflight.symbolic.strings.tokens import joined
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Entries, Known, Shape, Unknown, Value, Why, expanded

STACK = Unknown("given", Name("AWS::StackName"), Why.APPLY, Shape.SEGMENT)
LONG = "ServiceTaskDefExecutionRoleB4775C97"


def made(identity: Identity, logical_id: str, stack: Value = STACK) -> Value:
    declared = Declared(logical_id, "", Entries(()), NOWHERE, arns.ANY_TARGET, stack=stack)
    return identity.name_of(declared)


@pytest.mark.parametrize(
    ("identity", "logical_id", "stack", "pattern", "covered", "possible"),
    [
        (identities.ROLE, "TaskRole", STACK, "*-TaskRole-*", True, True),
        (identities.ROLE, "TaskRole", STACK, "app-*", False, True),
        (identities.ROLE, "TaskRole", STACK, "app-TaskRole-1ABCDEFGHIJKL", False, True),
        (identities.ROLE, "TaskRole", STACK, "app-task-role", False, False),
        (identities.ROLE, "TaskRole", STACK, "*-ExecutionRole-????????????", False, False),
        (identities.ROLE, "Nested.TaskRole", STACK, "*-TaskRole-*", True, True),
        (identities.ROLE, "TaskRole", Known("shop"), "shop-TaskRole-*", True, True),
        (identities.ROLE, "TaskRole", Known("shop"), "stop-*", False, False),
        (identities.ROLE, LONG, STACK, f"*-{LONG}-*", False, True),
        (identities.ROLE, LONG, STACK, "*-ServiceTaskDef*", True, True),
        (identities.ROLE, LONG, Known("shop"), f"shop-{LONG}-*", True, True),
        (identities.ROLE, LONG, Known("a" * 40), f"{'a' * 40}-*", False, True),
        (identities.LOG_GROUP, "Logs", STACK, "/ecs/*", False, False),
        (identities.SECRET, "Secret", STACK, "Secret-*", True, True),
        (identities.SECRET, "Secret", STACK, "prod/*", False, False),
        (identities.BUCKET, "EnvFiles", STACK, "*-envfiles-*", True, True),
        (identities.BUCKET, "EnvFiles", STACK, "*-EnvFiles-????????????", False, False),
    ],
)
def test_what_a_made_name_can_be(
    identity: Identity,
    logical_id: str,
    stack: Value,
    pattern: str,
    covered: bool,
    possible: bool,
) -> None:
    name = made(identity, logical_id, stack)
    assert must_cover(pattern, name) is covered
    written = tokens(expanded(name))
    assert written is not None
    assert may_match(joined(with_wildcards(pattern)), written) is possible


def test_two_made_names_are_never_one() -> None:
    one, other = made(identities.ROLE, "TaskRole"), made(identities.ROLE, "ExecutionRole")
    assert one != other and one == made(identities.ROLE, "TaskRole")
