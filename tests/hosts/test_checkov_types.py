"""checkov asks a rule about no resource that it never speaks of. That it is asked about each that it
speaks of is shown by the samples, of which checkov must report what the command line finds."""

from __future__ import annotations

import pytest

from ecs_preflight.hosts.checkov_types import CLOUDFORMATION_TYPES, TERRAFORM_TYPES, types_of
from ecs_preflight.rules import RULES


def test_most_rules_keep_to_one_kind_of_resource() -> None:
    for types in (TERRAFORM_TYPES, CLOUDFORMATION_TYPES):
        asked = sum(len(types_of(rule.id, types)) for rule in RULES)
        assert asked < len(RULES) * len(types) / 2


def test_a_rule_that_is_not_known_to_keep_to_one_kind_is_asked_about_all() -> None:
    assert types_of("ECS699", TERRAFORM_TYPES) == TERRAFORM_TYPES


def test_rules_are_asked_about_their_kind() -> None:
    assert "aws_ecs_task_definition" in types_of("ECS605", TERRAFORM_TYPES)
    assert "aws_iam_role" not in types_of("ECS605", TERRAFORM_TYPES)
    assert "aws_iam_role" in types_of("ECS501", TERRAFORM_TYPES)
    assert "aws_cloudwatch_event_target" in types_of("ECS821", TERRAFORM_TYPES)


@pytest.mark.parametrize(
    "rule", ["ECS603", "ECS604", "ECS605", "ECS606", "ECS607", "ECS612", "ECS615", "ECS616"]
)
def test_what_is_said_of_logs_and_secrets_is_said_of_a_services_proxy_too(rule: str) -> None:
    """A Service Connect proxy's are written in the service, which is their owner."""
    assert "aws_ecs_service" in types_of(rule, TERRAFORM_TYPES)
    assert "AWS::ECS::Service" in types_of(rule, CLOUDFORMATION_TYPES)
    assert "aws_iam_role" not in types_of(rule, TERRAFORM_TYPES)
