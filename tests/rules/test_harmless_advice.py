"""What a fix says does no harm: nothing is moved to where nobody uses it, nothing gains access."""

from __future__ import annotations

from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight import iam
from ecs_preflight.analysis.scan import scan
from ecs_preflight.ecs.agent_actions import only_ecs_uses

READING = ("s3:GetObjct", "ssm:GetParamters", "logs:DescribeLogGroup", "dynamodb:GetItems")


def fixes(sample: str, rule: str) -> list[str]:
    report = scan([ROOT / sample])
    return [f.fix.summary for f in report.findings if f.rule == rule and f.fix is not None]


def test_what_ecs_itself_does_is_not_moved_to_the_task_role() -> None:
    group = "terraform/ECS623-application-permission-on-execution-role"
    assert any("Move" in said for said in fixes(f"{group}/bad", "ECS623"))
    (said,) = fixes(f"{group}/bad-of-ecs-itself", "ECS623")
    assert "Move" not in said
    assert "off the role" in said


@pytest.mark.parametrize("action", ["ec2:AttachNetworkInterface", "iam:PassRole"])
def test_what_no_container_calls_is_known(action: str) -> None:
    assert only_ecs_uses(action)
    assert not only_ecs_uses("sqs:SendMessage")


@pytest.mark.parametrize("action", READING)
def test_a_misspelt_reading_action_is_corrected_to_one_that_reads(action: str) -> None:
    found = iam.actions.unknown_action(action)
    assert found is not None
    service, _, name = (found.nearest or f"{action.split(':', maxsplit=1)[0]}:Get").partition(":")
    assert service == action.split(":", maxsplit=1)[0]
    assert name.startswith(("Get", "List", "Describe", "BatchGet", "Query", "Scan", "Filter"))


def test_a_socket_is_not_mended_by_mounting_it_read_only(tmp_path: Path) -> None:
    said = fixes("terraform/ECS801-docker-socket-mounted/bad", "ECS801")
    assert said
    assert not any("read-only" in each.lower() for each in said)
