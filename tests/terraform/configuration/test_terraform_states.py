"""Roots that read each other's states know each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.findings.finding import Met

S3 = 'terraform {\n  backend "s3" {\n    bucket = "states"\n    key    = "iam.tfstate"\n  }\n}\n'
TRUST = """
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["%s"]
    }
  }
}
"""
IAM = """
provider "aws" {
  region = "eu-west-1"
}
resource "aws_iam_role" "exec" {
  name_prefix        = "exec"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_secretsmanager_secret" "db" {
  name = "db"
}
output "role_arn" {
  value = aws_iam_role.exec.arn
}
output "role" {
  value = aws_iam_role.exec
}
output "roles" {
  value = { exec = { arn = aws_iam_role.exec.arn, name = aws_iam_role.exec.name } }
}
output "secret" {
  value = aws_secretsmanager_secret.db.arn
}
output "policy" {
  value = jsonencode({ Statement = [{
    Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*"
  }] })
}
"""
GRANT = """
resource "aws_iam_role_policy" "exec" {
  role   = aws_iam_role.exec.id
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "%s"
  }] })
}
"""
READ = """
provider "aws" {
  region = "eu-west-1"
}
data "terraform_remote_state" "iam" {
  backend = "s3"
  config = {
    bucket = "states"
    key    = "iam.tfstate"
    region = "eu-west-1"
  }
}
"""
TASK = """
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = %s
  container_definitions = jsonencode([{
    name    = "app"
    image   = "public.ecr.aws/x/y"
    memory  = 256
    secrets = [{ name = "DB", valueFrom = data.terraform_remote_state.iam.outputs.secret }]
  }])
}
"""
OUTPUTS = "data.terraform_remote_state.iam.outputs"
TASKS = TRUST % "ecs-tasks.amazonaws.com"
OTHER = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:other-AbCdEf"
OWN = "${aws_secretsmanager_secret.db.arn}"


def scanned(folder: Path, files: dict[str, str], *given: str) -> Report:
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return scan([folder / name for name in given or (".",)], Options(root=folder))


def rules(report: Report) -> list[str]:
    return sorted(finding.rule for finding in report.findings)


def open_rules(report: Report) -> set[str]:
    return {outcome.rule for outcome in report.undecided}


def met(report: Report) -> list[str]:
    """Whose secrets can be read."""
    found = (o for o in report.outcomes if isinstance(o, Met) and o.rule == "ECS605")
    return sorted(outcome.owner.address for outcome in found)


FORMS = [
    "role_arn",
    "role.arn",
    "roles.exec.arn",
    'roles["exec"].arn',
]


@pytest.mark.parametrize("role", FORMS)
def test_a_role_of_another_root_decides(tmp_path: Path, role: str) -> None:
    task = READ + TASK % f"{OUTPUTS}.{role}"
    report = scanned(tmp_path, {"iam/a.tf": S3 + IAM + TASKS + GRANT % OWN, "app/a.tf": task})
    assert not rules(report) and "ECS605" not in open_rules(report)
    assert met(report) == ["aws_ecs_task_definition.app"]


@pytest.mark.parametrize("given", [(), ("app",)])
def test_a_role_that_lacks_it_is_reported(tmp_path: Path, given: tuple[str, ...]) -> None:
    task = READ + TASK % f"{OUTPUTS}.role_arn"
    files = {"iam/a.tf": S3 + IAM + TASKS + GRANT % OTHER, "app/a.tf": task}
    report = scanned(tmp_path, files, *given)
    assert rules(report) == ["ECS605"]
    assert report.findings[0].owner.span.file.endswith("app/a.tf")


def test_what_the_reader_gives_counts_for_both(tmp_path: Path) -> None:
    more = """
resource "aws_iam_role_policy" "more" {
  role   = data.terraform_remote_state.iam.outputs.role.name
  policy = data.terraform_remote_state.iam.outputs.policy
}
"""
    own = TASK.replace('"app" {', '"own" {') % "aws_iam_role.exec.arn"
    own = own.replace(f"{OUTPUTS}.secret", "aws_secretsmanager_secret.db.arn")
    task = READ + TASK % f"{OUTPUTS}.role_arn"
    report = scanned(tmp_path, {"iam/a.tf": S3 + IAM + TASKS + own, "app/a.tf": task + more})
    assert "ECS605" not in {*rules(report), *open_rules(report)}
    assert met(report) == ["aws_ecs_task_definition.app", "aws_ecs_task_definition.own"]


def test_who_reads_and_gives_nothing_changes_nothing(tmp_path: Path) -> None:
    own = TASK.replace('"app" {', '"own" {') % "aws_iam_role.exec.arn"
    own = own.replace(f"{OUTPUTS}.secret", "aws_secretsmanager_secret.db.arn")
    report = scanned(
        tmp_path,
        {
            "iam/a.tf": S3 + IAM + TASKS + own,
            "app/a.tf": READ + f'output "x" {{\n  value = {OUTPUTS}.role_arn\n}}\n',
        },
    )
    assert rules(report) == ["ECS605"] and "ECS605" not in open_rules(report)


@pytest.mark.parametrize("given", [(), ("app",)])
def test_the_trust_is_judged_once(tmp_path: Path, given: tuple[str, ...]) -> None:
    """Where its own root is scanned it is judged there, knowing who uses it; else by its user."""
    iam = S3 + IAM + TRUST % "ec2.amazonaws.com" + GRANT % OWN
    files = {"iam/a.tf": iam, "app/a.tf": READ + TASK % f"{OUTPUTS}.role_arn"}
    report = scanned(tmp_path, files, *given)
    assert rules(report) == ["ECS502"]
    assert report.findings[0].span.file.endswith("iam/a.tf")


@pytest.mark.parametrize(
    "backend",
    [
        'terraform {\n  backend "s3" {}\n}\n',
        S3.replace("iam.tfstate", "other.tfstate"),
        S3.replace("states", "elsewhere"),
        S3.replace('"s3"', '"gcs"'),
        S3.replace('"iam.tfstate"', "var.key") + 'variable "key" {}\n',
    ],
)
def test_what_is_not_surely_that_state_leaves_it_open(tmp_path: Path, backend: str) -> None:
    task = READ + TASK % f"{OUTPUTS}.role_arn"
    report = scanned(
        tmp_path, {"iam/a.tf": backend + IAM + TASKS + GRANT % OTHER, "app/a.tf": task}
    )
    assert not rules(report) and "ECS605" in open_rules(report)


def test_a_state_that_two_roots_claim_is_of_neither(tmp_path: Path) -> None:
    iam = S3 + IAM + TASKS + GRANT % OTHER
    task = READ + TASK % f"{OUTPUTS}.role_arn"
    report = scanned(tmp_path, {"a/a.tf": iam, "b/a.tf": iam, "app/a.tf": task})
    assert not rules(report) and "ECS605" in open_rules(report)


REMOTE = 'workspaces {\n      name = "iam"\n    }'


@pytest.mark.parametrize(
    ("settings", "data"),
    [
        (
            "",
            'backend = "local"\n  config = { path = "${path.module}/../iam/terraform.tfstate" }',
        ),
        (
            'terraform {\n  backend "local" {\n    path = "x.tfstate"\n  }\n}\n',
            'backend = "local"\n  config = { path = "../iam/x.tfstate" }',
        ),
        (
            'terraform {\n  backend "gcs" {\n    bucket = "b"\n  }\n}\n',
            'backend = "gcs"\n  config = { bucket = "b" }',
        ),
        (
            f'terraform {{\n  cloud {{\n    organization = "o"\n    {REMOTE}\n  }}\n}}\n',
            'backend = "remote"\n  config = {\n    organization = "o"\n    '
            'workspaces = { name = "iam" }\n  }',
        ),
        (
            'terraform {\n  backend "azurerm" {\n    storage_account_name = "s"\n'
            '    container_name = "c"\n    key = "k"\n  }\n}\n',
            'backend = "azurerm"\n  config = {\n    storage_account_name = "s"\n'
            '    container_name = "c"\n    key = "k"\n    resource_group_name = "r"\n  }',
        ),
    ],
)
def test_each_backend_tells_its_states_apart(tmp_path: Path, settings: str, data: str) -> None:
    read = f'provider "aws" {{}}\ndata "terraform_remote_state" "iam" {{\n  {data}\n}}\n'
    task = read + TASK % f"{OUTPUTS}.role_arn"
    report = scanned(
        tmp_path, {"iam/a.tf": settings + IAM + TASKS + GRANT % OTHER, "app/a.tf": task}
    )
    assert rules(report) == ["ECS605"]


def test_roots_that_read_each_other_end(tmp_path: Path) -> None:
    back = READ.replace("iam", "app").replace('provider "aws" {\n  region = "eu-west-1"\n}\n', "")
    other = S3.replace("iam.tfstate", "app.tfstate")
    task = other + READ + TASK % f"{OUTPUTS}.role_arn"
    task += f'output "again" {{\n  value = {OUTPUTS}.echo\n}}\n'
    echo = 'output "echo" {\n  value = data.terraform_remote_state.app.outputs.again\n}\n'
    iam = S3 + IAM + TASKS + back + echo + GRANT % OTHER
    assert rules(scanned(tmp_path, {"iam/a.tf": iam, "app/a.tf": task})) == ["ECS605"]


def test_a_state_read_through_another(tmp_path: Path) -> None:
    middle = S3.replace("iam.tfstate", "mid.tfstate") + READ
    middle += f'output "role_arn" {{\n  value = {OUTPUTS}.role_arn\n}}\n'
    middle += f'output "secret" {{\n  value = {OUTPUTS}.secret\n}}\n'
    task = READ.replace("iam.tfstate", "mid.tfstate") + TASK % f"{OUTPUTS}.role_arn"
    iam = S3 + IAM + TASKS + GRANT % OTHER
    report = scanned(tmp_path, {"iam/a.tf": iam, "mid/a.tf": middle, "app/a.tf": task})
    assert rules(report) == ["ECS605"]


@pytest.mark.parametrize("first", ["a", "z"])
def test_a_root_knows_its_reader_whoever_asks_first(tmp_path: Path, first: str) -> None:
    """What a reader sees of a root that is just looked at for another one is not all."""
    passed = f'output "again" {{\n  value = {OUTPUTS}.role_arn\n}}\n'
    task = f"""
resource "aws_ecs_task_definition" "app" {{
  family                = "app"
  task_role_arn         = {OUTPUTS}.role_arn
  container_definitions = jsonencode([{{ name = "app", image = "nginx", memory = 256 }}])
}}
"""
    role = """
resource "aws_iam_role" "exec" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role_policy_attachment" "exec" {
  role       = aws_iam_role.exec.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}
output "role_arn" {
  value = aws_iam_role.exec.arn
}
"""
    roots = {"iam/a.tf": S3 + TASKS + role, "m/a.tf": READ + task, f"{first}/a.tf": READ + passed}
    assert rules(scanned(tmp_path, roots)) == ["ECS626"]


def test_a_missing_output_has_its_default(tmp_path: Path) -> None:
    read = READ.replace("  config", '  defaults = { more = "nginx" }\n  config')
    task = read + TASK.replace('"public.ecr.aws/x/y"', f"{OUTPUTS}.more") % f"{OUTPUTS}.role_arn"
    report = scanned(tmp_path, {"iam/a.tf": S3 + IAM + TASKS + GRANT % OWN, "app/a.tf": task})
    assert not rules(report)


PARTIAL = 'terraform {\n  backend "s3" {\n    key = "iam.tfstate"\n  }\n}\n'
EMPTY = 'terraform {\n  backend "s3" {}\n}\n'
BUCKET, KEY = 'bucket = "states"\n', 'key = "iam.tfstate"\n'


@pytest.mark.parametrize(
    ("backend", "files", "known"),
    [
        (PARTIAL, {"iam/backend.hcl": BUCKET}, True),
        (PARTIAL, {"backend.conf": BUCKET}, True),
        (EMPTY, {"iam/env/prod/backend.hcl": BUCKET + KEY}, True),
        (EMPTY, {"iam/prod.s3.tfbackend": BUCKET + KEY}, True),
        (EMPTY, {"iam/backend-dev.hcl": 'bucket = "dev"\n' + KEY, "iam/backend-prod.hcl": BUCKET + KEY}, True),
        (EMPTY, {"iam/backend.hcl": BUCKET}, False),
        (EMPTY, {"iam/backend.hcl": 'bucket = "other"\n' + KEY}, False),
        (EMPTY, {"iam/settings.hcl": BUCKET + KEY}, False),
        (S3.replace("states", "other"), {"iam/backend.hcl": BUCKET + KEY}, False),
        (EMPTY, {}, False),
    ],
)  # fmt: skip
def test_what_a_backend_leaves_to_the_command_line_stands_in_a_file(
    tmp_path: Path, backend: str, files: dict[str, str], known: bool
) -> None:
    code = {
        "iam/main.tf": backend + IAM + TASKS + GRANT % OWN,
        "app/main.tf": READ + TASK % f"{OUTPUTS}.role_arn",
    }
    report = scanned(tmp_path, {**code, **files})
    assert (met(report) == ["aws_ecs_task_definition.app"]) is known
    assert ("ECS605" in open_rules(report)) is not known
