"""A world that Terraform or CloudFormation itself refuses has no finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import Report, scan

STACK = """
provider "aws" { region = "eu-west-1" }
variable "mode" {
  type = string
%s}
resource "aws_iam_role" "exec" {
  name = "exec"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }
  }] })
}
resource "aws_iam_role_policy" "exec" {
  role   = aws_iam_role.exec.id
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "secretsmanager:GetSecretValue"
    Resource = var.mode == "odd" ? local.other : aws_secretsmanager_secret.db.arn
  }] })
}
locals {
  other = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:other-AbCdEf"
}
resource "aws_secretsmanager_secret" "db" { name = "db" }
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{
    name = "app", image = "public.ecr.aws/x/y", memory = 256
    secrets = [{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }]
  }])
}
"""
VALIDATION = """  validation {
    condition     = %s
    error_message = "Wrong."
  }
"""
CHECKED = """
resource "terraform_data" "checked" {
  lifecycle {
    precondition {
      condition     = var.mode != "odd"
      error_message = "Wrong."
    }
  }
}
"""
BY_MODE = """
locals {
  sizes = { small = 1, large = 2 }
  size  = %s
}
resource "aws_cloudwatch_log_group" "app" {
  name              = "app"
  retention_in_days = local.size
}
"""


def scanned(folder: Path, text: str) -> Report:
    (folder / "main.tf").write_text(text)
    return scan([folder], Options(root=folder))


def rules(report: Report) -> list[str]:
    return sorted(f"{finding.rule} {finding.when}" for finding in report.findings)


SILENT = {
    "a validation": STACK % (VALIDATION % 'var.mode != "odd"'),
    "a validation by length": STACK % (VALIDATION % "length(var.mode) > 3"),
    "a validation by pattern": STACK % (VALIDATION % 'can(regex("^[a-n]+$", var.mode))'),
    "a precondition": STACK % "" + CHECKED,
    "an output's precondition": STACK % ""
    + CHECKED.replace(
        'resource "terraform_data" "checked" {\n  lifecycle {', 'output "o" {\n  value = 1\n'
    ).replace("    }\n  }\n}", "    }\n}"),
    "a map that lacks the key": STACK % "" + BY_MODE % "local.sizes[var.mode]",
    "a list that is too short": STACK % "" + BY_MODE % '[1, 2][var.mode == "odd" ? 5 : 0]',
}
FOUND = {
    "nothing refuses it": STACK % "",
    "a validation that holds": STACK % (VALIDATION % "length(var.mode) > 2"),
    "a validation of what is not known": STACK % (VALIDATION % "length(var.mode) > local.least")
    + 'variable "least" {}\nlocals {\n  least = var.least\n}\n',
    "what try catches": STACK % "" + BY_MODE % "try(local.sizes[var.mode], 0)",
    "the side that is not taken": STACK % ""
    + BY_MODE % 'var.mode == "odd" ? 0 : local.sizes[var.mode]',
    "a block that may not be there": STACK % ""
    + CHECKED.replace("lifecycle", 'count = var.mode == "odd" ? 0 : 1\n  lifecycle', 1),
    "a fault of every world": STACK % "" + BY_MODE % "[1, 2][5]",
}


@pytest.mark.parametrize("name", SILENT)
def test_a_refused_world_has_no_finding(tmp_path: Path, name: str) -> None:
    assert not rules(scanned(tmp_path, SILENT[name]))


@pytest.mark.parametrize("name", FOUND)
def test_any_other_world_keeps_its_finding(tmp_path: Path, name: str) -> None:
    assert [each.split()[0] for each in rules(scanned(tmp_path, FOUND[name]))] == ["ECS605"]


def test_null_where_it_is_refused(tmp_path: Path) -> None:
    text = (STACK % "%s").replace('var.mode == "odd"', "var.mode == null")
    assert rules(scanned(tmp_path, text % ""))
    assert not rules(scanned(tmp_path, text % "  nullable = false\n"))


REGIONS = """
locals {
  region = lookup({ dev = "eu-west-1", prod = "eu-central-1" }, terraform.workspace, "")
}
provider "aws" {
  region = local.region
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode = "awsvpc"
  cpu = 256
  memory = 512
  execution_role_arn = "arn:aws:iam::111122223333:role/exec"
  container_definitions = jsonencode([{
    name = "app", image = "nginx"
    logConfiguration = {
      logDriver = "awslogs"
      options = { awslogs-group = "app", awslogs-region = %s, awslogs-stream-prefix = "app" }
    }
  }])
}
"""


@pytest.mark.parametrize(
    ("region", "found"),
    [("local.region", []), ('terraform.workspace == "dev" ? "" : "x"', ["ECS807"])],
)
def test_a_world_in_which_a_provider_has_no_region_is_none(
    tmp_path: Path, region: str, found: list[str]
) -> None:
    (tmp_path / "main.tf").write_text(REGIONS % region)
    rules = [f.rule for f in scan([tmp_path], Options()).findings]
    assert [rule for rule in rules if rule == "ECS807"] == found


MAYBE = """
provider "aws" {
  region = "eu-west-1"
}
data "aws_iam_role" "there" {
  name = "exec"
}
resource "aws_iam_role" "exec" {
  count = length(data.aws_iam_role.there) == 0 ? 1 : 0
  name  = "exec"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy_attachment" "exec" {
  count      = length(aws_iam_role.exec) > 0 ? 1 : 0
  role       = aws_iam_role.exec[0].name
  policy_arn = "%s"
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = length(aws_iam_role.exec) > 0 ? aws_iam_role.exec[0].arn : data.aws_iam_role.there.arn
  container_definitions = jsonencode([{
    name = "app", image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1"
  }])
}
"""  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy", []),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", ["ECS602"]),
    ],
)
def test_where_there_is_none_of_a_resource_none_is_found_by_its_name(
    tmp_path: Path, policy: str, found: list[str]
) -> None:
    """The role that a data source looks up is not the one which that world does without."""
    (tmp_path / "main.tf").write_text(MAYBE % policy)
    report = scan([tmp_path], Options())
    assert [f.rule for f in report.findings if f.severity.value == "error"] == found
    assert bool(report.undecided) is not bool(found)
