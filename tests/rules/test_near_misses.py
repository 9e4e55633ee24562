"""What comes near to a missing permission is named, wherever it stands in the stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import scan

STACK = """
data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "execution" {
  name               = "execution"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}
resource "aws_iam_role" "task" {
  name               = "task"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["ssm:GetParameters"]
    resources = ["*"]
  }
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["EC2"]
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions = jsonencode([{
    name    = "app"
    image   = "nginx"
    secrets = [{ name = "KEY", valueFrom = "/app/key" }]
  }])
}
"""
UNATTACHED = """
resource "aws_iam_policy" "read" {
  name   = "read-parameters"
  policy = data.aws_iam_policy_document.read.json
}
"""
UNUSED = """
resource "aws_iam_role" "forgotten" {
  name               = "forgotten"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}
resource "aws_iam_role_policy" "read" {
  role   = aws_iam_role.forgotten.id
  policy = data.aws_iam_policy_document.read.json
}
"""
CONFUSED = """
resource "aws_iam_role_policy" "read" {
  role = aws_iam_role.task.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "ssm:GetParameter", Resource = "*" }]
  })
}
"""


@pytest.mark.parametrize(
    ("more", "message", "address"),
    [
        (
            UNATTACHED,
            "Policy 'aws_iam_policy.read' would allow it, and is attached to no role of the stack.",
            "aws_iam_policy.read",
        ),
        (
            UNUSED,
            "Role 'aws_iam_role.forgotten' allows it, and no task definition uses it.",
            "aws_iam_role.forgotten",
        ),
        (
            CONFUSED,
            "allows 'ssm:GetParameter', but what is called is 'ssm:GetParameters'.",
            "aws_iam_role_policy.read",
        ),
    ],
    ids=["unattached", "unused", "confused"],
)
def test_a_near_miss_across_the_stack(
    tmp_path: Path, more: str, message: str, address: str
) -> None:
    (tmp_path / "main.tf").write_text(STACK + more, encoding="utf-8")
    [finding] = [f for f in scan([tmp_path]).findings if f.rule == "ECS606"]
    assert message in finding.message
    assert address in {evidence.address for evidence in finding.related}


def test_a_policy_that_allows_everything_was_not_meant_for_it(tmp_path: Path) -> None:
    everything = UNATTACHED.replace(
        "data.aws_iam_policy_document.read.json",
        """jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })""",
    )
    (tmp_path / "main.tf").write_text(STACK + everything, encoding="utf-8")
    [finding] = [f for f in scan([tmp_path]).findings if f.rule == "ECS606"]
    assert finding.message.endswith("needed to read parameter 'KEY' of container 'app'.")
