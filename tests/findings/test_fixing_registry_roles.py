"""Modules of the registry that take a role's permissions as policies, or as statements by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

TRUST = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
"""
ROLE = """\
resource "aws_iam_role" "%s" {
  count              = 1
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""
TASK = """\
variable "containers" { default = "[]" }
resource "aws_ecs_task_definition" "this" {
  family                = "api"
  execution_role_arn    = aws_iam_role.%s[0].arn
  container_definitions = var.containers
}
"""
#: In the manner of the registry's modules, of which these have the inputs' names.
TASK_MODULE = (
    """\
variable "task_exec_policy_arns" { default = [] }
locals {
  arns = { for i, a in var.task_exec_policy_arns : format("_#%v_", i) => a }
}
resource "aws_iam_role_policy_attachment" "ecs_exec" {
  for_each   = local.arns
  policy_arn = each.value
  role       = aws_iam_role.ecs_exec[0].id
}
"""
    + TRUST
    + ROLE % "ecs_exec"
    + TASK % "ecs_exec"
)
BY_ARN = (
    """\
variable "custom_role_policy_arns" { default = [] }
resource "aws_iam_role_policy_attachment" "custom" {
  count      = length(var.custom_role_policy_arns)
  role       = aws_iam_role.this[0].name
  policy_arn = element(var.custom_role_policy_arns, count.index)
}
output "iam_role_arn" {
  value = aws_iam_role.this[0].arn
}
"""
    + TRUST
    + ROLE % "this"
)
BY_NAME = (
    """\
variable "create_inline_policy" { default = false }
variable "inline_policy_permissions" { default = null }
data "aws_iam_policy_document" "inline" {
  count = var.create_inline_policy ? 1 : 0
  dynamic "statement" {
    for_each = var.inline_policy_permissions != null ? var.inline_policy_permissions : {}
    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}
resource "aws_iam_role_policy" "inline" {
  count  = var.create_inline_policy ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.inline[0].json
}
output "iam_role_arn" {
  value = aws_iam_role.this[0].arn
}
"""
    + TRUST
    + ROLE % "this"
)
OUTER = """\
variable "task_exec_iam_statements" { default = null }
variable "task_exec_secret_arns" { default = [] }
module "cluster" {
  source                   = "./modules/cluster"
  task_exec_secret_arns    = var.task_exec_secret_arns
  task_exec_iam_statements = var.task_exec_iam_statements
}
output "iam_role_arn" {
  value = module.cluster.iam_role_arn
}
"""
CLUSTER = BY_NAME.replace('"this"', '"task_exec"').replace(".this[", ".task_exec[")
CLUSTER = CLUSTER.replace("inline_policy_permissions", "task_exec_iam_statements").replace(
    "var.create_inline_policy ?", "var.task_exec_iam_statements != null ?"
)
SECRET = """
resource "aws_secretsmanager_secret" "db" {
  name = "db"
}
"""
CONTAINERS = """jsonencode([{
    name    = "api"
    image   = "nginx"
    memory  = 128
    secrets = [{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }]
  }])"""
OWN_TASK = f"""
resource "aws_ecs_task_definition" "api" {{
  family                = "api"
  execution_role_arn    = module.api.iam_role_arn
  container_definitions = {CONTAINERS}
}}
"""
POLICY = """
resource "aws_iam_policy" "api" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = aws_secretsmanager_secret.db.arn
      },
    ]
  })
}
"""
AGENT = '"arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"'
STATEMENT = """{
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [aws_secretsmanager_secret.db.arn]
    }
"""


def _mended(
    folder: Path, source: str, module: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> str:
    monkeypatch.chdir(folder)
    place = folder / ".terraform" / "modules" / "api"
    place.mkdir(parents=True, exist_ok=True)
    (place / "main.tf").write_text(module)
    listed = {"Key": "api", "Source": f"registry.terraform.io/{source}", "Version": "1.0.0"}
    manifest = {"Modules": [{**listed, "Dir": ".terraform/modules/api"}]}
    (place.parent / "modules.json").write_text(json.dumps(manifest))
    (folder / "main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.active} == {"ECS605"}
    assert made.after.active == ()
    (change,) = made.changes
    return change.after


@pytest.mark.parametrize(
    ("given", "then"),
    [("", "[aws_iam_policy.api.arn]"), (f"[{AGENT}]", f"[{AGENT}, aws_iam_policy.api.arn]")],
)
def test_policies_by_their_arns(
    given: str, then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "cloudposse/ecs-alb-service-task/aws"
    line = f"  task_exec_policy_arns = {given}\n" if given else ""
    text = f'module "api" {{\n  source = "{source}"\n{line}  containers = {CONTAINERS}\n}}\n'
    after = _mended(tmp_path, source, TASK_MODULE, text + SECRET, monkeypatch)
    assert f"task_exec_policy_arns = {then}\n" in after
    assert POLICY in after


def test_policies_of_a_role_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
    text = f'module "api" {{\n  source = "{source}"\n}}\n{SECRET}{OWN_TASK}'
    after = _mended(tmp_path, source, BY_ARN, text, monkeypatch)
    assert "custom_role_policy_arns = [aws_iam_policy.api.arn]\n" in after
    assert POLICY in after


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("", "secretsmanagerGetSecretValue"),
        (
            "  create_inline_policy = true\n  inline_policy_permissions = {\n"
            "    secretsmanagerGetSecretValue = {\n"
            '      actions   = ["secretsmanager:GetSecretValue"]\n'
            '      resources = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf"]\n'
            "    }\n  }\n",
            "secretsmanagerGetSecretValue2",
        ),
    ],
)
def test_statements_by_their_names(
    given: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "terraform-aws-modules/iam/aws//modules/iam-role"
    text = f'module "api" {{\n  source = "{source}"\n{given}}}\n{SECRET}{OWN_TASK}'
    after = _mended(tmp_path, source, BY_NAME, text, monkeypatch)
    assert f"    {name} = {STATEMENT}" in after
    assert after.count("create_inline_policy") == 1


def test_a_part_that_the_module_calls_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The input of the whole is given, which goes through to the part that makes the role."""
    source = "terraform-aws-modules/ecs/aws"
    part = tmp_path / ".terraform" / "modules" / "api" / "modules" / "cluster"
    part.mkdir(parents=True)
    own = 'variable "task_exec_secret_arns" { default = [] }\n'
    listing = CLUSTER.replace(
        '  dynamic "statement"',
        """  dynamic "statement" {
    for_each = length(var.task_exec_secret_arns) > 0 ? [1] : []
    content {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = var.task_exec_secret_arns
    }
  }
  dynamic "statement\"""",
    ).replace("!= null ? 1 : 0", "!= null || length(var.task_exec_secret_arns) > 0 ? 1 : 0")
    (part / "main.tf").write_text(own + listing)
    text = f'module "api" {{\n  source = "{source}"\n}}\n{SECRET}{OWN_TASK}'
    after = _mended(tmp_path, source, OUTER, text, monkeypatch)
    assert "task_exec_secret_arns = [aws_secretsmanager_secret.db.arn]\n" in after
