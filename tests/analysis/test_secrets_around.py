"""A secret or parameter that another stack of the repository makes brings its key with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis import shelf
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.symbolic.budget import UNIT_STEPS

KEYED = """
data "aws_caller_identity" "me" {}
provider "aws" {
  region = "eu-west-1"
}
resource "aws_kms_key" "k" {
%s
}
resource "aws_secretsmanager_secret" "s" {
  name       = "prod/app"
  kms_key_id = %s
}
resource "aws_ssm_parameter" "p" {
  name   = "/prod/token"
  type   = "SecureString"
  value  = "x"
  key_id = %s
}
"""
OWN = KEYED % ("", "aws_kms_key.k.arn", "aws_kms_key.k.id")
ROLE = """resource "aws_iam_role" "exec" {
  name = "exec"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }
  }] })
}"""
READER = """
provider "aws" {
  region = "%(region)s"
}
data "aws_secretsmanager_secret" "s" {
  name = "prod/app"
}
%(role)s
resource "aws_iam_role_policy" "exec" {
  role   = aws_iam_role.exec.id
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Resource = "*", Action = ["secretsmanager:Get*", "ssm:Get*"]
  }, %(more)s] })
}
resource "aws_ecs_task_definition" "t" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.exec.arn
  container_definitions = jsonencode([{ name = "app", image = "nginx", secrets = [
    { name = "S", valueFrom = %(secret)s },
    { name = "P", valueFrom = "%(parameter)s" },
  ] }])
}
%(also)s
"""


def reader(
    more: str = "",
    secret: str = "data.aws_secretsmanager_secret.s.arn",
    parameter: str = "/prod/token",
    region: str = "eu-west-1",
    also: str = "",
) -> str:
    return READER % {
        "role": ROLE,
        "more": more,
        "secret": secret,
        "parameter": parameter,
        "region": region,
        "also": also,
    }


def found(folder: Path, files: dict[str, str], *given: str) -> tuple[list[str], int]:
    """The errors, each as its rule and the place, and how many needs are undecided."""
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    report = scan([folder / name for name in given] or [folder], Options())
    assert not report.faults
    assert report.stats is not None
    errors = [f for f in report.findings if f.severity.value == "error"]
    places = [f"{e.rule} {Path(e.span.file).relative_to(folder)}:{e.span.line}" for e in errors]
    return sorted(places), report.stats.undecided


BOTH = ["ECS607 b/main.tf:28", "ECS607 b/main.tf:29"]
ALLOWED = '{ Effect = "Allow", Action = "kms:Decrypt", Resource = %s }'


@pytest.mark.parametrize(
    ("owner", "user", "expected"),
    [
        pytest.param(OWN, reader(), (BOTH, 0), id="by-name"),
        pytest.param(
            OWN,
            reader(
                secret='"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/app-AbCdEf"',
                parameter="arn:aws:ssm:eu-west-1:111122223333:parameter/prod/token",
            ),
            (BOTH, 0),
            id="by-arn",
        ),
        pytest.param(OWN, reader(ALLOWED % '"*"'), ([], 0), id="allowed"),
        pytest.param(
            OWN,
            reader(
                ALLOWED % "data.aws_kms_alias.k.target_key_arn",
                also='data "aws_kms_alias" "k" {\n  name = "alias/app"\n}',
            ),
            ([], 1),
            id="a-key-that-may-be-it",
        ),
        pytest.param(OWN, reader(region="eu-west-3"), ([], 0), id="another-region"),
        pytest.param(
            KEYED % ("", '"alias/aws/secretsmanager"', "null"), reader(), ([], 0), id="a-key-of-aws"
        ),
        pytest.param(
            KEYED % ("", '"alias/shared"', '"alias/shared"'),
            reader(),
            ([], 2),
            id="a-key-elsewhere",
        ),
        pytest.param(
            OWN
            + """
resource "aws_kms_grant" "g" {
  key_id            = aws_kms_key.k.id
  grantee_principal = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/exec"
  operations        = ["Decrypt"]
}
""",
            reader(),
            ([], 0),
            id="granted-there",
        ),
        pytest.param(
            KEYED
            % (
                """  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "kms:*", Resource = "*",
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" } },
    { Effect = "Allow", Action = "kms:Decrypt", Resource = "*",
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/exec" } },
  ] })""",
                "aws_kms_key.k.arn",
                "aws_kms_key.k.arn",
            ),
            reader(),
            ([], 0),
            id="allowed-by-its-policy",
        ),
    ],
)
def test_the_key_is_asked_for(
    tmp_path: Path, owner: str, user: str, expected: tuple[list[str], int]
) -> None:
    assert found(tmp_path, {"a/main.tf": owner, "b/main.tf": user}) == expected


def test_of_two_of_that_name_none_is_it(tmp_path: Path) -> None:
    files = {"a/main.tf": OWN, "b/main.tf": reader(), "c/main.tf": OWN}
    assert found(tmp_path, files) == ([], 0)


def test_they_are_sought_around_what_is_given(tmp_path: Path) -> None:
    assert found(tmp_path, {"a/main.tf": OWN, "b/main.tf": reader()}, "b") == (BOTH, 0)


STATE = """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "a"
    region = "eu-west-1"
  }
}
output "key" {
  value = aws_kms_key.k.arn
}
output "secrets" {
  value = { app = aws_secretsmanager_secret.s.arn }
}
"""
READS = """
data "terraform_remote_state" "a" {
  backend = "s3"
  config = {
    bucket = "states"
    key    = "a"
    region = "eu-west-1"
  }
}
"""
OUTPUTS = "data.terraform_remote_state.a.outputs"


@pytest.mark.parametrize(
    ("secret", "allowed", "expected"),
    [
        pytest.param(f'{OUTPUTS}.secrets["app"]', "", BOTH, id="an-output"),
        pytest.param(f"values({OUTPUTS}.secrets)[0]", "", BOTH, id="one-of-several"),
        pytest.param(f"{OUTPUTS}.secrets.app", ALLOWED % f"{OUTPUTS}.key", [], id="its-key-too"),
    ],
)
def test_what_comes_with_a_state_is_named_in_both_ways(
    tmp_path: Path, secret: str, allowed: str, expected: list[str]
) -> None:
    """By an output, and by its name; and a finding stands where the output is used."""
    files = {"a/main.tf": STATE + OWN, "b/main.tf": reader(allowed, secret, also=READS)}
    assert found(tmp_path, files) == (expected, 0)


TEMPLATE = """
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            Action: kms:*
            Resource: "*"
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: prod/app
      KmsKeyId: !Ref Key
"""
TASK = """
Resources:
  Exec:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: exec
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "%s", Resource: "*"}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: "256"
      Memory: "512"
      ExecutionRoleArn: !GetAtt Exec.Arn
      ContainerDefinitions:
        - Name: app
          Image: nginx
          Secrets:
            - Name: S
              ValueFrom: !Sub "arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:prod/app"
"""


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [("secretsmanager:GetSecretValue", ["ECS607 app.yaml:27"]), ("*", [])],
)
def test_of_templates_too(tmp_path: Path, allowed: str, expected: list[str]) -> None:
    files = {"security.yaml": TEMPLATE, "app.yaml": TASK % allowed}
    assert found(tmp_path, files) == (expected, 0)


def test_a_task_definition_file_reads_them(tmp_path: Path) -> None:
    exec_role = """
provider "aws" {
  region = "eu-west-1"
}
%s
resource "aws_iam_role_policy" "exec" {
  role   = aws_iam_role.exec.id
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Resource = "*", Action = "secretsmanager:GetSecretValue"
  }] })
}
"""
    secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/app-AbCdEf"
    container = {
        "name": "app",
        "image": "public.ecr.aws/x/y",
        "memory": 256,
        "secrets": [{"name": "S", "valueFrom": secret}],
    }
    task = {
        "family": "app",
        "requiresCompatibilities": ["EC2"],
        "executionRoleArn": "arn:aws:iam::111122223333:role/exec",
        "containerDefinitions": [container],
    }
    files = {"task.json": json.dumps(task), "roles/main.tf": exec_role % ROLE, "a/main.tf": OWN}
    assert found(tmp_path, files) == (["ECS607 task.json:1"], 0)


@pytest.mark.parametrize("steps", [0, UNIT_STEPS])
def test_no_unit_pays_for_those_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """What lies around is looked up with a budget of its own, and that it was cut off is told."""
    monkeypatch.setattr(shelf, "UNIT_STEPS", steps)
    monkeypatch.setattr(shelf, "steps_for", lambda unit: 0)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/main.tf").write_text(OWN)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/main.tf").write_text(reader())
    report = scan([tmp_path], Options(jobs=1))
    rules = {finding.rule for finding in report.findings}
    told = {each.reason for each in report.gaps}
    assert (report.stats.met, report.stats.undecided) == (3, 0)
    assert ("ECS607" in rules) is bool(steps)
    assert any("number of steps" in reason for reason in told) is not bool(steps)
