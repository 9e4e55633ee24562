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
    ("grants", "rules"),
    [
        ('["ecr:*", "logs:*"]', {"ECS605", "ECS606"}),
        ('["ecr:*", "logs:*", "secretsmanager:GetSecretValue", "ssm:*"]', set()),
        ('["ecr:BatchGetImage"]', {"ECS602", "ECS603", "ECS605", "ECS606"}),
    ],
)
def test_what_a_role_may_do_on_everything_is_met_whatever_the_task_is(
    tmp_path: Path, grants: str, rules: set[str]
) -> None:
    report = scanned(tmp_path, f'Action = {grants}, Resource = "*"', "var.x")
    assert {outcome.rule for outcome in report.undecided} == rules


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("volume { name = var.name }", ""),
        ('dynamic "volume" {\n for_each = var.x\n content { name = "v" }\n}', "ECS805"),
        ('volume {\n name = "v"\n dynamic "efs_volume_configuration" {\n for_each = var.x\n'
         ' content { file_system_id = "fs-1" }\n}\n}', "ECS805"),
        ('volume {\n name = "v"\n efs_volume_configuration {\n file_system_id = "fs-1"\n'
         ' authorization_config { iam = var.x }\n}\n}', "ECS805"),
    ],
)  # fmt: skip
def test_volumes_that_are_not_known_are_counted(tmp_path: Path, written: str, rule: str) -> None:
    code = STACK.format(grant=GRANT, containers=NGINX)
    end = code.rindex("}")
    (tmp_path / "main.tf").write_text(f"{code[:end]}{written}\n}}\n")
    report = scan([tmp_path], Options(root=tmp_path))
    assert {outcome.rule for outcome in report.undecided} == ({rule} if rule else set())


OPTIONAL = """
variable "{name}" {{
  type    = string
  default = null
}}
data "aws_secretsmanager_secret" "{name}" {{
  count = var.{name} != null ? 1 : 0
  arn   = var.{name}
}}
"""


def test_what_is_given_to_an_optional_input_is_what_the_policy_lists(tmp_path: Path) -> None:
    """``compact`` leaves out what is null, and nothing that is given."""
    secrets = ", ".join(
        f'var.{name} == null ? [] : [{{ name = "{name}", '
        f"valueFrom = data.aws_secretsmanager_secret.{name}[0].arn }}]"
        for name in ("one", "two")
    )
    containers = f'jsonencode([{{ name = "a", image = "nginx", secrets = concat({secrets}) }}])'
    grant = 'Action = "secretsmanager:GetSecretValue", Resource = compact([var.one{}])'
    declared = OPTIONAL.format(name="one") + OPTIONAL.format(name="two")
    for more, undecided in ((", var.two", []), ("", ["ECS605"])):
        code = STACK.format(grant=grant.format(more), containers=containers)
        (tmp_path / "main.tf").write_text(code + declared)
        report = scan([tmp_path], Options(root=tmp_path))
        assert not report.findings and report.stats.needs == 3
        assert [outcome.rule for outcome in report.undecided] == undecided


def test_environment_files_that_are_not_known_are_counted(tmp_path: Path) -> None:
    containers = 'jsonencode([{ name = "a", image = "nginx", environmentFiles = var.x }])'
    report = scanned(tmp_path, containers=containers)
    assert {outcome.rule for outcome in report.undecided} == {"ECS609"}


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


@pytest.mark.parametrize(
    ("condition", "undecided"),
    [
        ('var.name == "prod"', 0),
        ('var.name == "prod" || var.name == "test"', 0),
        ("var.x", 0),
        ("var.x.secrets", 0),
        ("length(var.x) > 0", 0),
    ],
)
def test_a_doubt_that_every_answer_dispels_is_none(
    tmp_path: Path, condition: str, undecided: int
) -> None:
    secret = '{ name = "S", valueFrom = "arn:aws:secretsmanager:eu-west-1:1:secret:s-AbCdEf" }'
    container = f'{{ name = "a", image = "nginx", secrets = {condition} ? [{secret}] : [] }}'
    report = scanned(tmp_path, containers=f"jsonencode([{container}])")
    assert [finding.rule for finding in report.findings] == ["ECS605"]
    assert report.stats.undecided == undecided


def test_a_doubt_that_one_answer_leaves_stays(tmp_path: Path) -> None:
    container = '{ name = "a", image = "nginx", secrets = var.name == "prod" ? var.x : [] }'
    report = scanned(tmp_path, containers=f"jsonencode([{container}])")
    assert {each.rule for each in report.undecided} == {"ECS605", "ECS606"}


@pytest.mark.parametrize(
    ("resource", "rules"),
    [
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:<name>", set()),
        ("Put your secret's ARN here", set()),
        ("your-secret", set()),
        ("shop", {"ECS508", "ECS605", "ECS629"}),
    ],
)
def test_what_is_to_be_filled_in_is_not_known(
    tmp_path: Path, resource: str, rules: set[str]
) -> None:
    secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"
    containers = (
        'jsonencode([{ name = "a", image = "nginx", '
        f'secrets = [{{ name = "A", valueFrom = "{secret}" }}] }}])'
    )
    grant = f'Action = "secretsmanager:GetSecretValue", Resource = "{resource}"'
    report = scanned(tmp_path, grant, containers)
    assert {finding.rule for finding in report.findings} == rules
    assert {outcome.rule for outcome in report.undecided} == ({"ECS605"} - rules)


@pytest.mark.parametrize(("group", "is_found"), [("/ecs/app", False), ("/app", True)])
def test_a_log_group_may_be_one_whose_name_is_not_known(
    tmp_path: Path, group: str, is_found: bool
) -> None:
    options = f'awslogs-group = "{group}", awslogs-create-group = "true"'
    log = f'{{ logDriver = "awslogs", options = {{ {options} }} }}'
    containers = f'jsonencode([{{ name = "a", image = "nginx", logConfiguration = {log} }}])'
    report = scanned(tmp_path, containers=containers)
    assert ("ECS604" in {finding.rule for finding in report.findings}) is is_found
    assert ("ECS604" in {outcome.rule for outcome in report.undecided}) is not is_found


@pytest.mark.parametrize(("name", "is_doubt"), [("absent", True), ("role_module", False)])
def test_a_module_called_roles_says_nothing_of_what_is_not_read_in_it(
    tmp_path: Path, name: str, is_doubt: bool
) -> None:
    (tmp_path / "roles").mkdir()
    code = STACK.format(grant=GRANT, containers=NGINX).replace(
        "execution_role_arn       = aws_iam_role.exec.arn",
        "execution_role_arn       = aws_iam_role.exec.arn\n  task_role_arn = module.roles.arn",
    )
    (tmp_path / "main.tf").write_text(
        code
        + """
module "roles" { source = "./roles" }
resource "aws_ecs_service" "app" {
  name                   = "app"
  task_definition        = aws_ecs_task_definition.app.arn
  launch_type            = "FARGATE"
  enable_execute_command = true
  network_configuration { subnets = ["subnet-0a1b2c3d4e5f60718"] }
}
"""
    )
    roles = """
resource "aws_iam_role" "task" {
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }
  }] })
}
module "absent" { source = "git::https://git.example.com/absent.git" }
resource "aws_iam_role_policy_attachment" "task" {
  role       = module.absent.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}
output "arn" { value = aws_iam_role.task.arn }
"""
    (tmp_path / "roles" / "main.tf").write_text(roles.replace("absent", name))
    report = scan([tmp_path], Options(root=tmp_path))
    assert ("ECS702" in {finding.rule for finding in report.findings}) is not is_doubt
    assert ("ECS702" in {outcome.rule for outcome in report.undecided}) is is_doubt
