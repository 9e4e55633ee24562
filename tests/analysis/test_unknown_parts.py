"""What is not known is counted, and a hole hides no fault that it cannot mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import Report, scan

STACK = """
provider "aws" {{ region = "eu-west-1" }}
variable "x" {{}}
variable "name" {{ type = string }}
resource "aws_iam_role" "exec" {{
  name               = "exec"
  assume_role_policy = jsonencode({{ Statement = [{{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "ecs-tasks.amazonaws.com" }}
  }}] }})
}}
resource "aws_cloudwatch_log_group" "app" {{ name = "/ecs/${{var.name}}" }}
resource "aws_iam_role_policy" "exec" {{
  role   = aws_iam_role.exec.id
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", {grant} }}] }})
}}
resource "aws_ecs_task_definition" "app" {{
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.exec.arn
  container_definitions    = {containers}
}}
"""
GRANT = 'Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*"'
NGINX = 'jsonencode([{ name = "a", image = "nginx" }])'


def scanned(folder: Path, grant: str = GRANT, containers: str = NGINX) -> Report:
    (folder / "main.tf").write_text(STACK.format(grant=grant, containers=containers))
    return scan([folder], Options(root=folder))


@pytest.mark.parametrize(
    ("containers", "rules"),
    [
        ("var.x", {"ECS602", "ECS603", "ECS605", "ECS606"}),
        ("jsonencode(var.x)", {"ECS602", "ECS603", "ECS605", "ECS606"}),
        ('jsonencode(concat([{ name = "a", image = "nginx" }], var.x))', {"ECS602", "ECS603"}),
        ('jsonencode([{ name = "a", image = "nginx", secrets = var.x }])', {"ECS605", "ECS606"}),
        ('jsonencode([{ name = "a", image = "nginx", logConfiguration = var.x }])', {"ECS603"}),
        ('jsonencode([{ name = "a", image = var.x }])', {"ECS602"}),
    ],
)
def test_what_is_not_known_of_a_task_is_counted(
    tmp_path: Path, containers: str, rules: set[str]
) -> None:
    undecided = {outcome.rule for outcome in scanned(tmp_path, containers=containers).undecided}
    assert rules <= undecided


@pytest.mark.parametrize(
    ("grant", "rule"),
    [
        (
            'Action = "secretsmanager:GetSecretValue", '
            'Resource = "arn:aws:secretsmanager:${var.x}:${var.name}:secret:*"',
            "ECS626",
        ),
        (
            'Action = "logs:PutLogEvents", '
            'Resource = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/${var.name}"',
            "ECS629",
        ),
        ('Action = "logs:PutLogEvents", Resource = aws_cloudwatch_log_group.app.arn', "ECS629"),
    ],
)
def test_a_hole_that_changes_nothing_hides_nothing(tmp_path: Path, grant: str, rule: str) -> None:
    assert rule in {finding.rule for finding in scanned(tmp_path, grant).findings}


@pytest.mark.parametrize("end", ["${var.x}", "${var.name}:*", "/ecs/${var.name}*"])
def test_a_hole_that_may_mend_it_stays_silent(tmp_path: Path, end: str) -> None:
    grant = (
        'Action = "logs:PutLogEvents", '
        f'Resource = "arn:aws:logs:eu-west-1:111122223333:log-group:{end}"'
    )
    if end == "${var.x}":
        grant = 'Action = "logs:PutLogEvents", Resource = "${var.x}"'
    assert "ECS629" not in {finding.rule for finding in scanned(tmp_path, grant).findings}
