"""What a fix says does no harm: nothing is moved to where nobody uses it, nothing gains access."""

from __future__ import annotations

from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight import iam
from ecs_preflight.analysis.scan import scan
from ecs_preflight.iam.agent_actions import only_ecs_uses

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


@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
def test_a_condition_goes_into_a_statement_that_has_nothing_else(language: str) -> None:
    ending = "" if language == "terraform" else ".yaml"
    group = f"{language}/ECS822-pass-role-unbounded"
    for said in fixes(f"{group}/bad-with-others{ending}", "ECS822"):
        assert "statement of its own" in said


@pytest.mark.parametrize(
    ("said", "also"),
    [
        ("Give the tasks a role of their own, and allow it AmazonECSTaskExecutionRolePolicy.", ""),
        (
            "Give the tasks a role of their own, and allow it AmazonECSTaskExecutionRolePolicy.",
            "AmazonECSTaskExecutionRolePolicy",
        ),
    ],
)
def test_what_the_hosts_need_is_not_taken_off_their_role(
    said: str, also: str, tmp_path: Path
) -> None:
    group = "terraform/ECS626-broad-policy-on-task-roles"
    text = (ROOT / group / "bad-of-hosts-too/main.tf").read_text()
    wide = text.replace('"ec2.amazonaws.com",', '"ec2.amazonaws.com", "lambda.amazonaws.com",')
    more = f"""
resource "aws_iam_role_policy_attachment" "agent" {{
  role       = aws_iam_role.mailer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/{also}"
}}
"""
    (tmp_path / "main.tf").write_text(wide + (more if also else ""))
    assert fixes(str(tmp_path), "ECS626") == [said]
    assert fixes(str(tmp_path), "ECS509") == [
        "Leave only 'ecs-tasks.amazonaws.com' and 'ec2.amazonaws.com', or give the tasks a role of "
        "their own."
    ]


def test_what_a_role_needs_as_the_other_one_elsewhere_is_not_moved_off_it(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(SHARED, encoding="utf-8")
    found = [f for f in scan([tmp_path]).findings if f.rule in ("ECS621", "ECS622", "ECS702")]
    assert found
    for finding in found:
        assert finding.fix is not None
        assert not finding.fix.summary.startswith("Move"), finding.fix.summary


#: The execution role of one task is the task role of another, which Exec needs the permission of.
SHARED = """
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "shared" {
  name               = "shared"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role" "task" {
  name               = "task"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "exec" {
  role = aws_iam_role.shared.id
  policy = jsonencode({
    Statement = [{
      Effect = "Allow"
      Action = [
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
      ]
      Resource = "*"
    }]
  })
}

resource "aws_ecs_task_definition" "both" {
  for_each                 = { web = aws_iam_role.task.arn, jobs = aws_iam_role.shared.arn }
  family                   = each.key
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = each.value
  execution_role_arn       = each.key == "web" ? aws_iam_role.shared.arn : aws_iam_role.task.arn
  container_definitions    = jsonencode([{ name = "app", image = "public.ecr.aws/x/y" }])
}

resource "aws_ecs_service" "both" {
  for_each               = aws_ecs_task_definition.both
  name                   = each.key
  task_definition        = each.value.arn
  launch_type            = "FARGATE"
  enable_execute_command = true
  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
}
"""
