"""A task definition file finds its roles in the rest of the repository, if they are but one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis import workers
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.model import Stack
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform.configuration.unit import RootModule

ROOT = """
terraform {
  backend "s3" {}
}
provider "aws" {
  region = "eu-west-1"
}
"""
TRUST = """
data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
"""
ROLE = """
resource "aws_iam_role" "this" {
  name               = "%s"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}
"""
READS = """
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "%s"
  }] })
}
"""


def arn(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"


def task(execution: str, task: str | None = None) -> str:
    return json.dumps(
        {
            "family": "app",
            "requiresCompatibilities": ["EC2"],
            "executionRoleArn": execution,
            **({"taskRoleArn": task} if task else {}),
            "containerDefinitions": [
                {
                    "name": "app",
                    "image": "public.ecr.aws/x/y",
                    "memory": 256,
                    "secrets": [
                        {
                            "name": "DB",
                            "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:"
                            "secret:db-AbCdEf",
                        }
                    ],
                }
            ],
        }
    )


def scanned(folder: Path, files: dict[str, str], *given: str) -> Report:
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    report = scan([folder / name for name in given] or [folder], Options())
    assert not report.faults
    return report


def found(report: Report) -> list[str]:
    return [f"{f.rule} {f.owner.address}" for f in report.findings if f.severity.value == "error"]


def test_a_role_of_the_repository_decides(tmp_path: Path) -> None:
    report = scanned(
        tmp_path,
        {"task.json": task(arn("exec")), "infra/main.tf": ROOT + TRUST + ROLE % "exec"},
    )
    assert found(report) == ["ECS605 app"]
    (finding,) = report.findings
    assert finding.need is not None
    assert finding.need.role == "aws_iam_role.this"


@pytest.mark.parametrize("resource", ["${aws_secretsmanager_secret.db.arn}", "*"])
def test_what_the_file_says_holds_for_the_code(tmp_path: Path, resource: str) -> None:
    """The account, and what Secrets Manager has appended to the secret's name."""
    secret = 'resource "aws_secretsmanager_secret" "db" {\n  name = "db"\n}\n'
    code = ROOT + TRUST + ROLE % "exec" + READS % resource + secret
    report = scanned(tmp_path, {"task.json": task(arn("exec")), "infra/main.tf": code})
    assert (found(report), report.stats.undecided) == ([], 0)


def test_the_repository_around_what_is_given_is_read_too(tmp_path: Path) -> None:
    report = scanned(
        tmp_path,
        {"app/task.json": task(arn("exec")), "infra/main.tf": ROOT + TRUST + ROLE % "exec"},
        "app",
    )
    assert found(report) == ["ECS605 app"]
    assert report.stats.stacks == 1


@pytest.mark.parametrize(
    "files",
    [
        {"a/main.tf": ROOT + TRUST + ROLE % "exec", "b/main.tf": ROOT + TRUST + ROLE % "exec"},
        {"a/main.tf": ROOT + TRUST + ROLE % "other"},
        {"a/main.tf": ROOT.replace("{\n  region", '{\n  allowed_account_ids = ["444455556666"]\n  region')
         + TRUST + ROLE % "exec"},
        {"a/main.tf": TRUST + ROLE % "${var.name}" + 'variable "name" {\n  default = "exec"\n}'},
    ],
    ids=["twice", "other name", "other account", "a module"],
)  # fmt: skip
def test_what_is_not_surely_the_role_leaves_it_open(tmp_path: Path, files: dict[str, str]) -> None:
    report = scanned(tmp_path, {"task.json": task(arn("exec")), **files})
    assert found(report) == []
    assert {outcome.rule for outcome in report.undecided} >= {"ECS605"}


def test_two_roots_have_nothing_in_common(tmp_path: Path) -> None:
    """Both call their role by one address; the one reads the secret, the other does not."""
    report = scanned(
        tmp_path,
        {
            "task.json": task(arn("exec"), arn("task")),
            "a/main.tf": ROOT + TRUST + ROLE % "exec" + READS % "*",
            "b/main.tf": ROOT + TRUST + ROLE % "task",
        },
    )
    assert (found(report), report.stats.undecided) == ([], 0)
    assert report.stats.met > 0


#: A task whose execution role stands in another root, by a literal ARN or looked up by its name.
SERVICE = (
    ROOT
    + """
data "aws_iam_role" "exec" {
  name = "exec"
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = %s
  container_definitions = jsonencode([{
    name    = "app"
    image   = "public.ecr.aws/docker/library/nginx:1.27"
    secrets = [{ name = "DB", valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf" }]
  }])
}
"""
)
NAMED = ('"arn:aws:iam::111122223333:role/exec"', "data.aws_iam_role.exec.arn")


@pytest.mark.parametrize("name", NAMED)
def test_a_role_of_another_root_decides(tmp_path: Path, name: str) -> None:
    report = scanned(
        tmp_path,
        {"app/main.tf": SERVICE % name, "roles/main.tf": ROOT + TRUST + ROLE % "exec"},
    )
    assert found(report) == ["ECS605 aws_ecs_task_definition.app"]


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("there", [True, False])
def test_both_roots_may_give_to_the_role(tmp_path: Path, name: str, there: bool) -> None:
    here = READS.replace("aws_iam_role.this.id", "data.aws_iam_role.exec.name") % "*"
    report = scanned(
        tmp_path,
        {
            "app/main.tf": SERVICE % name + ("" if there else here),
            "roles/main.tf": ROOT + TRUST + ROLE % "exec" + (READS % "*" if there else ""),
        },
    )
    assert (found(report), report.stats.undecided) == ([], 0)


def test_the_trust_of_a_role_is_judged_where_it_is_used(tmp_path: Path) -> None:
    trust = TRUST.replace("ecs-tasks.", "ecs.")
    report = scanned(
        tmp_path,
        {
            "app/main.tf": SERVICE % NAMED[0],
            "roles/main.tf": ROOT + trust + ROLE % "exec" + READS % "*",
        },
    )
    assert [f.rule for f in report.findings if f.severity.value == "error"] == ["ECS502"]


def test_a_role_of_another_template_decides(tmp_path: Path) -> None:
    roles = json.dumps(
        {
            "Resources": {
                "Exec": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "RoleName": "exec",
                        "AssumeRolePolicyDocument": {
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Action": "sts:AssumeRole",
                                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                                }
                            ]
                        },
                    },
                }
            }
        }
    )
    app = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "Family": "app",
            "RequiresCompatibilities": ["FARGATE"],
            "NetworkMode": "awsvpc",
            "Cpu": "256",
            "Memory": "512",
            "ExecutionRoleArn": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/exec"},
            "ContainerDefinitions": [
                {
                    "Name": "app",
                    "Image": "public.ecr.aws/docker/library/nginx:1.27",
                    "Secrets": [{"Name": "DB", "ValueFrom": "/db"}],
                }
            ],
        },
    }
    policy = {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "db",
            "Roles": ["exec"],
            "PolicyDocument": {
                "Statement": [{"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": "*"}]
            },
        },
    }
    files = {"app.json": json.dumps({"Resources": {"App": app}}), "roles.json": roles}
    assert found(scanned(tmp_path, files)) == ["ECS606 App"]
    (tmp_path / "app.json").write_text(json.dumps({"Resources": {"App": app, "Policy": policy}}))
    report = scan([tmp_path], Options())
    assert (found(report), report.stats.undecided) == ([], 0)


# -- outputs, which ecspresso reads of a state -----------------------------------------------------

OUTPUT = 'output "role" {\n  value = %s\n}\n'
#: The whole of a role, by a key, and its ARN.
FORMS = {
    "{{ tfstate `output.role` }}": "aws_iam_role.this.arn",
    "{{ tfstate `output.role.execution` }}": "{ execution = aws_iam_role.this.arn }",
    "{{ prod_tfstate `output.role['a'][0]` }}": "{ a = [aws_iam_role.this.arn] }",
    "arn:aws:iam::111122223333:role/{{ tfstate `output.role` }}": "aws_iam_role.this.name",
}


@pytest.mark.parametrize(("written", "value"), FORMS.items())
def test_an_output_is_that_of_the_one_root_that_has_it(
    tmp_path: Path, written: str, value: str
) -> None:
    code = ROOT + TRUST + ROLE % "exec"
    report = scanned(
        tmp_path,
        {
            "task.json": task(written),
            "infra/main.tf": code + OUTPUT % value,
            # the address is there once more: the output tells which of the two is meant
            "other/main.tf": code.replace("exec", "else"),
        },
    )
    assert found(report) == ["ECS605 app"]
    (finding,) = (f for f in report.findings if f.rule == "ECS605")
    assert finding.need is not None
    assert finding.need.role == "aws_iam_role.this"


@pytest.mark.parametrize(
    "files",
    [
        {"infra/main.tf": ROOT},
        {"infra/main.tf": ROOT + OUTPUT % "[]"},
        {f"{name}/main.tf": ROOT + TRUST + ROLE % "exec" + OUTPUT % "aws_iam_role.this.arn"
         for name in ("a", "b")},
    ],
    ids=["nowhere", "no text", "twice"],
)  # fmt: skip
def test_an_output_that_is_not_surely_one_leaves_it_open(
    tmp_path: Path, files: dict[str, str]
) -> None:
    report = scanned(tmp_path, {"task.json": task("{{ tfstate `output.role` }}"), **files})
    assert found(report) == []
    (reason,) = {o.reason.reason for o in report.undecided if o.rule == "ECS605"}
    assert reason == "'output.role' is of a state whose code is not in the repository"


def test_the_outputs_of_a_state_are_known(tmp_path: Path) -> None:
    role = {"address": "aws_iam_role.a", "mode": "managed", "type": "aws_iam_role", "name": "a",
            "values": {"arn": arn("exec"), "name": "exec", "assume_role_policy": "{}"}}  # fmt: skip
    state = {
        "format_version": "1.0",
        "terraform_version": "1.9.0",
        "values": {
            "outputs": {"role": {"sensitive": False, "value": arn("exec")}},
            "root_module": {"resources": [role]},
        },
    }
    report = scanned(
        tmp_path,
        {"task.json": task("{{ tfstate `output.role` }}"), "state.json": json.dumps(state)},
    )
    assert "ECS605 app" in found(report)


AGENT_POLICY = """
resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}
resource "aws_ecs_task_definition" "this" {
  family                = "own"
  task_role_arn         = aws_iam_role.this.arn
  container_definitions = jsonencode([{ name = "a", image = "nginx", memory = 128 }])
}
"""
OTHER_TASK = """
provider "aws" {
  region = "eu-west-1"
}
data "aws_iam_role" "shared" {
  name = "shared"
}
resource "aws_ecs_task_definition" "this" {
  family                = "other"
  %s = %s
  container_definitions = jsonencode([{ name = "a", image = "nginx", memory = 128 }])
}
"""


@pytest.mark.parametrize(
    ("files", "fires"),
    [
        ({}, True),
        ({"ecs/task-definition.json": task(arn("shared"))}, False),
        ({"b/main.tf": OTHER_TASK % ("execution_role_arn", f'"{arn("shared")}"')}, False),
        ({"b/main.tf": OTHER_TASK % ("execution_role_arn", "data.aws_iam_role.shared.arn")}, False),
        ({"b/main.tf": OTHER_TASK % ("task_role_arn", f'"{arn("shared")}"')}, True),
        ({"b/main.tf": OTHER_TASK % ("execution_role_arn", f'"{arn("else")}"')}, True),
    ],
)
@pytest.mark.parametrize("given", [(), ("a",)])
def test_what_other_stacks_use_a_role_for_counts(
    tmp_path: Path, files: dict[str, str], fires: bool, given: tuple[str, ...]
) -> None:
    """The agent's policy is at its place on a task role that is an execution role elsewhere in the
    repository, be that scanned or not."""
    files = {"a/main.tf": ROOT + TRUST + ROLE % "shared" + AGENT_POLICY, **files}
    rules = {finding.rule for finding in scanned(tmp_path, files, *given).findings}
    assert ("ECS625" in rules) is fires


def test_who_uses_a_role_is_told_without_a_root_that_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the other roots those alone are evaluated for it that may hold a task, be it by a module
    that they call."""
    built: list[str] = []
    build = RootModule.stack

    def noted(root: RootModule, path_condition: PathCondition) -> Stack:
        built.append(root.module.folder.name)
        return build(root, path_condition)

    monkeypatch.setattr(RootModule, "stack", noted)
    monkeypatch.setattr(workers, "available", lambda: False)
    provider, task = (OTHER_TASK % ("execution_role_arn", f'"{arn("shared")}"')).split("data", 1)
    report = scanned(
        tmp_path,
        {
            "a/main.tf": ROOT + TRUST + ROLE % "shared" + AGENT_POLICY,
            "b/main.tf": provider + 'module "task" {\n  source = "../modules/task"\n}\n',
            "c/main.tf": ROOT + TRUST + ROLE % "idle",
            "modules/task/main.tf": f"data{task}",
        },
        "a",
    )
    assert "ECS625" not in {finding.rule for finding in report.findings}
    assert "b" in built
    assert "c" not in built
