"""What a world assumes holds for every value in it: no finding needs a world that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.findings.finding import Met, Undecided

TRUST = """
provider "aws" { region = "eu-west-1" }
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "task" {
  name               = "task"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role_policy" "task" {
  role   = aws_iam_role.task.id
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = "${local.arn}/*" }
  ] })
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([{ name = "a", image = "nginx" }])
}
"""
BUCKET = 'resource "aws_s3_bucket" "b" { bucket = "data" }\n'


def scanned(folder: Path, text: str, name: str = "main.tf") -> Report:
    (folder / name).write_text(text)
    return scan([folder], Options(root=folder))


def rules(report: Report) -> list[str]:
    return sorted(finding.rule for finding in report.findings)


SILENT = {
    "one of the map's own": """
        locals {
          all = { dev = { setup = true, size = 1 }, prod = { setup = true } }
          arn = local.all[terraform.workspace].setup ? aws_s3_bucket.b.arn : ""
        }""",
    "one of the map's own, looked up": """
        variable "stage" {}
        locals {
          all = { dev = { setup = true, size = 1 }, prod = { setup = true } }
          arn = lookup(local.all, var.stage).setup ? aws_s3_bucket.b.arn : ""
        }""",
    "a key that is a text": """
        variable "stage" {}
        locals {
          all = { "app-dev" = { on = true }, "app-prod" = { on = true, x = 1 }, "other" = { on = false } }
          arn = local.all["app-${var.stage}"].on ? aws_s3_bucket.b.arn : ""
        }""",
    "each key decides": """
        locals {
          all = {
            dev  = { on = false, arn = "arn:aws:s3:::dev" }
            prod = { on = true, arn = "arn:aws:s3:::prod" }
          }
          one = local.all[terraform.workspace]
          arn = local.one.on ? local.one.arn : aws_s3_bucket.b.arn
        }""",
    "what both conditions say": """
        variable "name" { type = string }
        locals {
          has = var.name != "" && var.name != null
          arn = local.has ? (var.name == "" ? "" : "arn:aws:s3:::${var.name}") : aws_s3_bucket.b.arn
        }""",
    "the other side of or": """
        variable "a" { type = string }
        variable "b" { type = string }
        locals {
          arn = (var.a == "" || var.b == "") ? aws_s3_bucket.b.arn : (
            var.a == "" ? "" : "arn:aws:s3:::${var.a}")
        }""",
    "contains": """
        variable "env" { type = string }
        locals {
          arn = contains(["dev", "test"], var.env) ? (
            var.env == "prod" ? "" : aws_s3_bucket.b.arn) : "arn:aws:s3:::x"
        }""",
    "a negated length": """
        variable "names" { type = list(string) }
        locals {
          none = !(length(var.names) > 0)
          arn  = local.none ? aws_s3_bucket.b.arn : (
            length(var.names) == 0 ? "" : "arn:aws:s3:::x")
        }""",
    "an empty input breaks the text": """
        variable "name" { default = "" }
        locals { arn = "arn:aws:s3:::${var.name}" }""",
    "an input that may be empty": """
        variable "name" { type = string }
        resource "aws_s3_bucket" "c" { bucket = var.name == "" ? "x" : var.name }
        locals { arn = "arn:aws:s3:::${var.name}" }""",
    "an empty input is the text": """
        variable "arn" { default = "" }
        locals { arn = var.arn }""",
}


@pytest.mark.parametrize("name", SILENT)
def test_a_world_that_cannot_be_has_no_finding(tmp_path: Path, name: str) -> None:
    report = scanned(tmp_path, TRUST + BUCKET + SILENT[name])
    assert not {"ECS508", "ECS629"} & set(rules(report)), [f.message for f in report.findings]


def test_a_world_that_can_be_keeps_its_finding(tmp_path: Path) -> None:
    text = """
        locals {
          all = { dev = { on = true }, prod = { on = false } }
          arn = local.all[terraform.workspace].on ? aws_s3_bucket.b.arn : ""
        }"""
    report = scanned(tmp_path, TRUST + BUCKET + text)
    assert "ECS508" in rules(report)
    assert {finding.when for finding in report.findings} == {"terraform.workspace is prod"}


LISTED = """
variable "files" { type = %s }
resource "aws_s3_bucket" "env" {
  count  = length(var.files) > 0 ? 1 : 0
  bucket = "env"
}
locals {
  base = length(var.files) > 0 ? aws_s3_bucket.env[0].arn : ""
  arns = [for f in var.files : "${local.base}/${f}"]
}
data "aws_iam_policy_document" "env" {
  count = %s ? 1 : 0
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${local.base}/*"]
  }
}
resource "aws_iam_role_policy" "env" {
  count  = %s ? 1 : 0
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.env[0].json
}
locals { arn = "arn:aws:s3:::x" }
"""


@pytest.mark.parametrize("kind", ["list(string)", "set(string)", "map(string)", "any"])
@pytest.mark.parametrize("condition", ["length(local.arns) > 0", "length(var.files) != 0"])
def test_an_empty_collection_is_empty_in_every_loop(
    tmp_path: Path, kind: str, condition: str
) -> None:
    report = scanned(tmp_path, TRUST + LISTED % (kind, condition, condition))
    assert rules(report) == []


TEMPLATE = """
Parameters:
  Name: {Type: String, Default: ''}
  Other: {Type: String, Default: ''}
Conditions:
  Has: !Not [!Equals [!Ref Name, '']]
  Both: %s
Resources:
  Exec:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: %s}
  TD:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: !GetAtt Exec.Arn
      ContainerDefinitions: [{Name: a, Image: nginx, Secrets: [%s]}]
"""
BOTH = "!And [!Condition Has, !Not [!Equals [!Ref Other, '']]]"


@pytest.mark.parametrize(
    ("resource", "secret"),
    [
        ("!Ref Name", "{Name: K, ValueFrom: !Sub '${Name}:k::'}"),
        (
            "!Sub 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:${Name}'",
            "{Name: K, ValueFrom: !Ref Name}",
        ),
        (
            "!Join ['', ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:', !Ref Name, '-*']]",
            "{Name: K, ValueFrom: !Join ['', [!Ref Name, ':k::']]}",
        ),
    ],
)
def test_an_empty_parameter_is_not_given(tmp_path: Path, resource: str, secret: str) -> None:
    report = scanned(tmp_path, TEMPLATE % (BOTH, resource, secret), "t.yaml")
    assert not {"ECS612", "ECS629", "ECS508"} & set(rules(report))
    counted = {each.rule for each in report.outcomes if isinstance(each, (Met, Undecided))}
    assert counted & {"ECS605", "ECS606"}


@pytest.mark.parametrize(
    "condition",
    [
        BOTH,
        "!Not [!Or [!Equals [!Ref Name, ''], !Equals [!Ref Other, '']]]",
        "!And [!Condition Has, !Condition Has, !Not [!Equals ['', !Ref Other]]]",
    ],
)
def test_a_need_of_a_world_that_two_inputs_make_is_counted(tmp_path: Path, condition: str) -> None:
    secret = "!If [Both, {Name: K, ValueFrom: {'Fn::ImportValue': !Sub '${Other}-Arn'}}, !Ref AWS::NoValue]"
    report = scanned(tmp_path, TEMPLATE % (condition, "'*'", secret), "t.yaml")
    assert report.stats.needs >= 2 and len(report.undecided) == 1


ENVIRONMENTS = """
provider "aws" {
  region = "eu-west-1"
}
variable "env" {
  %s
  validation {
    condition     = contains(["dev", "prod"], var.env)
    error_message = "dev or prod"
  }
}
resource "aws_iam_role" "exec" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Action = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{
    name    = "app", image = "nginx", memory = 128
    secrets = [for name in %s : { name = name, valueFrom = "/${var.env}/${name}" }]
  }])
}
"""


@pytest.mark.parametrize("given", ['default = "dev"', "type = string"])
@pytest.mark.parametrize(
    ("names", "found"),
    [('["a"]', 1), ('["a", "b"]', 2), ('var.env == "prod" ? ["a", "b"] : ["a"]', None)],
)
def test_a_need_with_the_values_of_another_world_is_told_once(
    tmp_path: Path, given: str, names: str, found: int | None
) -> None:
    """Where the other world has more of them, each of its own is told."""
    (tmp_path / "main.tf").write_text(ENVIRONMENTS % (given, names))
    rules = [f.rule for f in scan([tmp_path], Options()).findings]
    assert set(rules) == {"ECS606"}
    assert len(rules) == found if found else len(rules) > 1
