"""The most used modules of the registry, whole: their own examples have no fault, and those of a
caller are found at the caller's lines.

They are not part of the repository: ``ECS_PREFLIGHT_MODULES`` names a folder that holds clones of
them under the sources below, as ``terraform-aws-modules/ecs/aws``. Without it these tests skip.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from ecs_preflight import cli

MODULES = Path(os.environ.get("ECS_PREFLIGHT_MODULES", "/nowhere"))
SOURCES = (
    "cloudposse/ecs-alb-service-task/aws",
    "cloudposse/ecs-container-definition/aws",
    "cloudposse/label/null",
    "terraform-aws-modules/ecs/aws",
    "terraform-aws-modules/iam/aws",
    "umotif-public/ecs-fargate/aws",
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all((MODULES / source).is_dir() for source in SOURCES),
        reason="ECS_PREFLIGHT_MODULES names no folder with the modules",
    ),
]

ROOT = """
terraform {
  backend "s3" {}
}
provider "aws" {
  region = "eu-west-1"
}
"""
CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
#: What a team writes around a module, the faults marked where they must be found.
CALLERS = {
    "umotif-public/ecs-fargate": """
module "api" {
  source                  = "umotif-public/ecs-fargate/aws"
  name_prefix             = "api"
  vpc_id                  = "vpc-1"
  private_subnet_ids      = ["subnet-1"]
  cluster_id              = "%(CLUSTER)s"
  platform_version        = "1.3.0" # ECS704
  enable_execute_command  = true
  task_container_image    = "%(IMAGE)s"
  task_container_port     = 80
  task_container_secrets  = [{ name = "DB", valueFrom = "%(SECRET)s" }] # ECS605
  load_balanced           = false
}
""",
    "cloudposse/ecs-alb-service-task": """
module "container" {
  source          = "cloudposse/ecs-container-definition/aws"
  container_name  = "api"
  container_image = "%(IMAGE)s"
  secrets = [
    { name = "DB", valueFrom = "%(SECRET)s" }, # ECS605
  ]
}
module "service" {
  source                    = "cloudposse/ecs-alb-service-task/aws"
  name                      = "api"
  vpc_id                    = "vpc-1"
  ecs_cluster_arn           = "%(CLUSTER)s"
  container_definition_json = module.container.json_map_encoded_list
  subnet_ids                = ["subnet-1"]
  exec_enabled              = true
  platform_version          = "1.3.0" # ECS704
}
""",
    "terraform-aws-modules/ecs": """
module "service" {
  source                 = "terraform-aws-modules/ecs/aws//modules/service"
  name                   = "api"
  cluster_arn            = "%(CLUSTER)s"
  enable_execute_command = true
  platform_version       = "1.3.0" # ECS704
  subnet_ids             = ["subnet-1"]
  task_exec_secret_arns  = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:other-AbCdEf"]
  container_definitions = {
    api = {
      image   = "%(IMAGE)s"
      secrets = [{ name = "DB", valueFrom = "%(SECRET)s" }] # ECS605
    }
  }
}
""",
    "terraform-aws-modules/iam": """
module "execution" {
  source = "terraform-aws-modules/iam/aws//modules/iam-role"
  name   = "api-execution"
  trust_policy_permissions = {
    ECS = {
      actions = ["sts:AssumeRole"]
      principals = [{
        type        = "Service"
        identifiers = ["ec2.amazonaws.com"] # ECS502
      }]
    }
  }
  policies = {
    own = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
  }
}
resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = module.execution.arn
  container_definitions = jsonencode([{
    name    = "api"
    image   = "%(IMAGE)s"
    secrets = [{ name = "DB", valueFrom = "%(SECRET)s" }] # ECS605
  }])
}
""",
}
VALUES = {"CLUSTER": CLUSTER, "IMAGE": IMAGE, "SECRET": SECRET}


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    for source in SOURCES:
        shutil.copytree(MODULES / source, folder / source, ignore=lambda *names: [".git"])
    return folder


def errors(folder: Path, vendor: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int]]:
    """(rule, line) of each error in the folder's own files."""
    modules = [word for s in SOURCES for word in ("--module", f"{s}={vendor / s}")]
    options = ["--root", str(vendor), "--format", "json", "--fail-on", "never"]
    assert cli.main(["scan", str(folder), *modules, *options]) == 0
    report = json.loads(capsys.readouterr().out)
    own = folder.relative_to(vendor).as_posix()
    return [
        (each["rule"], each["line"])
        for each in report["findings"]
        if each["severity"] == "error" and each["file"].startswith(f"{own}/")
    ]


#: What AWS does refuse in their examples: containers without memory in a task that has none either,
#: and an input without a default by which the only container need not be essential.
TRUE = {
    "cloudposse/ecs-container-definition/aws": {"ECS816"},
    "cloudposse/ecs-alb-service-task/aws": {"ECS816"},
}


@pytest.mark.parametrize("source", SOURCES)
def test_the_modules_own_examples_have_no_false_error(
    source: str, vendor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {rule for rule, _ in errors(vendor / source, vendor, capsys)}
    assert found <= TRUE.get(source, set())


@pytest.mark.parametrize("name", CALLERS)
def test_the_faults_of_a_caller_are_found_at_its_lines(
    name: str, vendor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = vendor / "callers" / name
    folder.mkdir(parents=True)
    text = ROOT + CALLERS[name] % VALUES
    (folder / "main.tf").write_text(text)
    planted = [
        (rule, number)
        for number, line in enumerate(text.splitlines(), 1)
        for rule in re.findall(r"# (ECS\d+)", line)
    ]
    assert sorted(errors(folder, vendor, capsys)) == sorted(planted)
