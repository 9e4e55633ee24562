"""What is taken out leaves nothing behind: no comma, no blank line, no brackets over two lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import Mended, mend
from ecs_preflight.analysis.scan import Options, scan

TRUST = """jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })"""


def _mended(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Mended, str]:
    monkeypatch.chdir(folder)
    Path("main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    (change,) = made.changes
    return made, change.after


TASK = f"""\
resource "aws_iam_role" "task" {{
  assume_role_policy = {TRUST}
ROLE}}

resource "aws_ecs_task_definition" "app" {{
  family                = "app"
  task_role_arn         = aws_iam_role.task.arn
  container_definitions = jsonencode([{{ name = "app", image = "nginx", memory = 128 }}])
}}
"""
POLICY = """
resource "aws_iam_role_policy" "task" {
  role   = aws_iam_role.task.id
  policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
ACTIONS
      ],
      "Resource": "*"
    }
  ]
}
EOF
}
"""


def test_the_last_items_of_a_list_go_with_the_comma_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = ("BatchCheckLayerAvailability", "GetDownloadUrlForLayer", "BatchGetImage")
    names = ("sqs:SendMessage", "ecr:GetAuthorizationToken", *(f"ecr:{each}" for each in pull))
    listed = ",\n".join(f'        "{name}"' for name in names)
    text = TASK.replace("ROLE", "") + POLICY.replace("ACTIONS", listed)
    made, after = _mended(tmp_path, text, monkeypatch)
    assert {finding.rule for finding in made.before.active} == {"ECS625"}
    assert '      "Action": [\n        "sqs:SendMessage"\n      ],\n' in after
    assert made.after.active == ()


def test_an_action_that_is_listed_already_is_not_listed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = '        "s3:ListBucket",\n        "s3:HeadBucket"'
    text = TASK.replace("ROLE", "") + POLICY.replace("ACTIONS", listed)
    made, after = _mended(tmp_path, text, monkeypatch)
    assert {finding.rule for finding in made.before.active} == {"ECS632"}
    assert '      "Action": [\n        "s3:ListBucket"\n      ],\n' in after


def test_nothing_is_left_between_the_brackets_of_an_empty_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = '"arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"'
    text = TASK.replace("ROLE", f"\n  managed_policy_arns = [\n    {arn}\n  ]\n")
    made, after = _mended(tmp_path, text, monkeypatch)
    assert {finding.rule for finding in made.before.active} == {"ECS625"}
    assert "\n  managed_policy_arns = []\n" in after


REGION = """\
variable "region" {
  default = "eu-west-1"
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_cloudwatch_log_group" "app" {
  name = "/app"
}

resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name   = "app"
    image  = "nginx"
    memory = 128
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.app.name
        awslogs-region        = "var.region"
        awslogs-stream-prefix = "app"
      }
    }
  }])
}
"""


@pytest.mark.parametrize(
    ("declared", "written"), [("region", "var.region"), ("other", '"eu-west-1"')]
)
def test_a_name_in_quotes_is_the_name_where_there_is_such(
    declared: str, written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = REGION.replace('variable "region"', f'variable "{declared}"')
    _, after = _mended(tmp_path, text, monkeypatch)
    assert f"awslogs-region        = {written}\n" in after
    Path("main.tf").write_text(after)
    assert [f for f in scan(["."], Options()).active if f.rule == "ECS615"] == []


def test_an_output_keeps_its_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task's two roles are one output of a module: there it is not left out."""
    role = tmp_path / "role"
    role.mkdir()
    (role / "main.tf").write_text(
        f"""\
resource "aws_iam_role" "this" {{
  assume_role_policy = {TRUST}
}}

resource "aws_iam_role_policy_attachment" "this" {{
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}}

output "arn" {{
  value       = aws_iam_role.this.arn
  description = "The role"
}}
"""
    )
    (tmp_path / "main.tf").write_text(
        """\
module "role" {
  source = "./role"
}

locals {
  role = module.role.arn
}

resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = ROLE
  task_role_arn         = ROLE
  container_definitions = jsonencode([{ name = "app", image = "nginx", memory = 128 }])
}
"""
    )
    monkeypatch.chdir(tmp_path)
    text = Path("main.tf").read_text()
    for name in ("module.role.arn", "local.role"):
        Path("main.tf").write_text(text.replace("ROLE", name))
        made = mend(["."], Options(select=("ECS624",)), unsafe=True)
        assert [finding.rule for finding in made.before.active] == ["ECS624"]
        after = {change.file: change.after for change in made.changes}
        assert "role/main.tf" not in after
        assert "  role = module.role.arn\n" in after.get("main.tf", "  role = module.role.arn\n")
