"""The role of a registry's module gets its permissions by the module's own inputs, at the call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

SOURCE = "terraform-aws-modules/ecs/aws//modules/service"
#: In the manner of the registry's module, of which it has the inputs' names.
MODULE = """\
variable "containers" { type = any }
variable "task_exec_secret_arns" { default = [] }
variable "task_exec_ssm_param_arns" { default = [] }
variable "task_exec_iam_statements" { default = [] }

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task_exec" {
  count              = 1
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "task_exec" {
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
  dynamic "statement" {
    for_each = length(var.task_exec_secret_arns) > 0 ? [1] : []
    content {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = var.task_exec_secret_arns
    }
  }
  dynamic "statement" {
    for_each = length(var.task_exec_ssm_param_arns) > 0 ? [1] : []
    content {
      actions   = ["ssm:GetParameters"]
      resources = var.task_exec_ssm_param_arns
    }
  }
  dynamic "statement" {
    for_each = var.task_exec_iam_statements
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role_policy" "task_exec" {
  count  = 1
  role   = aws_iam_role.task_exec[0].name
  policy = data.aws_iam_policy_document.task_exec.json
}

resource "aws_ecs_task_definition" "this" {
  family                = "api"
  execution_role_arn    = aws_iam_role.task_exec[0].arn
  container_definitions = jsonencode(var.containers)
}
"""
ROOT = f"""\
resource "aws_secretsmanager_secret" "db" {{
  name = "db"
}}

resource "aws_kms_key" "db" {{}}

resource "aws_ssm_parameter" "key" {{
  name   = "/api/key"
  type   = "SecureString"
  key_id = aws_kms_key.db.arn
}}

module "api" {{
  source  = "{SOURCE}"
  version = "6.6.0"
GIVEN  containers = [{{
    name   = "api"
    image  = "nginx"
    memory = 128
    secrets = [
      {{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }},
      {{ name = "KEY", valueFrom = aws_ssm_parameter.key.arn }},
    ]
  }}]
}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    module = tmp_path / ".terraform" / "modules" / "api"
    module.mkdir(parents=True)
    (module / "main.tf").write_text(MODULE)
    listed = {"Key": "api", "Source": f"registry.terraform.io/{SOURCE}", "Version": "6.6.0"}
    manifest = {"Modules": [{**listed, "Dir": ".terraform/modules/api"}]}
    (module.parent / "modules.json").write_text(json.dumps(manifest))
    return tmp_path


def _mended(folder: Path, text: str) -> str:
    (folder / "main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.findings} >= {"ECS606"}
    assert made.after.findings == ()
    (change,) = made.changes
    assert change.file == "main.tf"
    return change.after


def test_secrets_parameters_and_statements_have_inputs_of_their_own(folder: Path) -> None:
    after = _mended(folder, ROOT.replace("GIVEN", ""))
    assert "  task_exec_secret_arns = [aws_secretsmanager_secret.db.arn]\n" in after
    assert "  task_exec_ssm_param_arns = [aws_ssm_parameter.key.arn]\n" in after
    assert (
        '  task_exec_iam_statements = [\n    {\n      actions   = ["kms:Decrypt"]\n'
        "      resources = [aws_kms_key.db.arn]\n    },\n  ]\n"
    ) in after


def test_lists_that_are_given_get_more_items(folder: Path) -> None:
    given = (
        '  task_exec_secret_arns = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:a"]\n'
        "  task_exec_ssm_param_arns = [\n    aws_ssm_parameter.key.arn,\n  ]\n"
        "  task_exec_iam_statements = []\n"
    )
    text = ROOT.replace("GIVEN", given).replace('"/api/key"', '"/api/key"')
    other = text.replace(
        "aws_ssm_parameter.key.arn,", '"arn:aws:ssm:eu-west-1:123456789012:parameter/x",'
    )
    after = _mended(folder, other)
    assert 'secret:a", aws_secretsmanager_secret.db.arn]' in after
    assert 'parameter/x", aws_ssm_parameter.key.arn,' in after
    assert "task_exec_iam_statements = [{" in after


def test_another_modules_inputs_are_not_known(folder: Path) -> None:
    (folder / "main.tf").write_text(ROOT.replace("GIVEN", "").replace(SOURCE, "acme/ecs/aws"))
    made = mend(["."], Options(), unsafe=True)
    assert made.changes == ()
    assert made.before.findings != ()
    for finding in made.before.findings:
        assert finding.fix is not None
        assert "by an input of 'module.api'" in finding.fix.summary
