"""``policy --diff``: what a role has against what its task needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight import cli

TRUST = (
    '{ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", '
    'Principal = { Service = "ecs-tasks.amazonaws.com" } }] }'
)
STACK = f"""\
variable "outside" {{}}

resource "aws_secretsmanager_secret" "db" {{
  name = "db"
}}

resource "aws_iam_role" "exec" {{
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_iam_role_policy" "exec" {{
  role = aws_iam_role.exec.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{ Effect = "Allow", Action = ["ssm:GetParameters", "s3:PutObject"], Resource = "*" }},
      {{ Effect = "Allow", Action = "kms:Decrypt", Resource = var.outside }},
    ]
  }})
}}

resource "aws_ecs_task_definition" "app" {{
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{{
    name   = "app"
    image  = "nginx"
    memory = 128
    secrets = [
      {{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }},
      {{ name = "KEY", valueFrom = "/app/key" }},
    ]
  }}])
}}
"""


def _told(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    (folder / "main.tf").write_text(text)
    named = ["--task", "app", "--role", "execution"]
    assert cli.main(["policy", str(folder), *named, "--diff"]) == 0
    return capsys.readouterr().out.splitlines()


def test_what_is_missing_had_and_not_needed_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, had, *others = _told(tmp_path, STACK, capsys)
    assert missing.startswith("+ secretsmanager:GetSecretValue on arn:aws:secretsmanager:")
    assert had == "= ssm:GetParameters on arn:aws:ssm:*:*:parameter/app/key"
    assert [line[:2] for line in others] == ["? ", "? "]
    for line, action in zip(others, ("s3:PutObject", "kms:Decrypt"), strict=True):
        assert action in line
        assert line.endswith(": not needed by what the code shows")
        assert "main.tf:" in line
    assert not any("remove" in line for line in (missing, had, *others))


def test_what_cannot_be_told_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_ended = STACK.replace('"s3:PutObject"], Resource = "*"', '"s3:*"], Resource = var.outside')
    told = _told(tmp_path, open_ended, capsys)
    (line,) = [line for line in told if "ssm:GetParameters on" in line and line[0] != "?"]
    assert line.startswith("~ ssm:GetParameters")
    assert line.endswith(")")


@pytest.mark.parametrize("mode", [[], ["--diff"]])
def test_text_of_the_code_begins_no_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: list[str]
) -> None:
    evil = STACK.replace('name = "DB"', 'name = "DB\\n}\\nresource \\"evil\\" \\u001b[31m"')
    (tmp_path / "main.tf").write_text(evil)
    named = ["--task", "app", "--role", "execution"]
    assert cli.main(["policy", str(tmp_path), *named, *mode]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert not any(line.startswith("resource") for line in out.splitlines())


OTHER = """
resource "aws_ecs_task_definition" "other" {
  family             = "other"
  execution_role_arn = aws_iam_role.exec.arn
  task_role_arn      = aws_iam_role.exec.arn
  container_definitions = jsonencode([{
    name    = "other"
    image   = "nginx"
    memory  = 128
    secrets = [{ name = "OWN", valueFrom = "/other/key" }]
  }])
}
"""


def test_who_else_needs_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = STACK.replace('["ssm:GetParameters", "s3:PutObject"], Resource = "*"', "OWN").replace(
        "OWN",
        '"ssm:GetParameters", Resource = "arn:aws:ssm:*:*:parameter/other/key"',
    )
    line = next(line for line in _told(tmp_path, own + OTHER, capsys) if "/other/key" in line)
    assert line.startswith("? ssm:GetParameters on arn:aws:ssm:*:*:parameter/other/key at ")
    assert line.endswith(": needed by 'aws_ecs_task_definition.other' as its execution role")


@pytest.mark.parametrize(
    ("resources", "shown"),
    [("Resource = []", "no resource"), ('NotResource = "arn:aws:s3:::keep/*"', "*")],
)
def test_a_grant_on_nothing_or_on_all_but_something_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], resources: str, shown: str
) -> None:
    text = STACK.replace('"kms:Decrypt", Resource = var.outside', f'"s3:GetObject", {resources}')
    assert text != STACK
    (line,) = [line for line in _told(tmp_path, text, capsys) if "s3:GetObject" in line]
    assert line.startswith(f"? s3:GetObject on {shown} at ")


LOGGED = """
resource "aws_cloudwatch_log_group" "app" {
  name = "/app"
}

resource "aws_ecs_task_definition" "logged" {
  family             = "logged"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{
    name   = "logged"
    image  = "nginx"
    memory = 128
    logConfiguration = {
      logDriver = "awslogs"
      options   = OPTIONS
    }
  }])
}

resource "aws_ecs_service" "logged" {
  name            = "logged"
  task_definition = aws_ecs_task_definition.logged.arn

  service_connect_configuration {
    enabled   = true
    namespace = "shop"

    log_configuration {
      log_driver = "awslogs"
      options    = OPTIONS
    }
  }
}
""".replace(
    "OPTIONS",
    """{
        awslogs-group         = aws_cloudwatch_log_group.app.name
        awslogs-region        = "eu-west-1"
        awslogs-stream-prefix = "app"
      }""",
)


def test_what_is_written_alike_is_written_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(STACK + LOGGED)
    assert cli.main(["policy", str(tmp_path), "--task", "logged", "--role", "execution"]) == 0
    out = capsys.readouterr().out
    assert out.count("aws_cloudwatch_log_group.app.arn") == 1
    assert "# to write the logs of container 'logged'\n" in out
    assert "# to write the logs of the Service Connect proxy of 'aws_ecs_service.logged'\n" in out


def test_a_task_of_several_stacks_is_called_by_its_stack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(STACK)
    named = ["policy", str(tmp_path), "--role", "execution", "--task"]
    assert cli.main([*named, "aws_ecs_task_definition.app"]) == 2
    told = capsys.readouterr().err.strip()
    one, two = told.partition("': ")[2].split(", ")
    assert one.endswith("one:aws_ecs_task_definition.app")
    assert two.endswith("two:aws_ecs_task_definition.app")
    assert cli.main([*named, two]) == 0
    assert cli.main([*named, two, "--diff"]) == 0


def test_a_task_without_the_role_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(STACK)
    named = ["policy", str(tmp_path), "--task", "app", "--role", "task", "--diff"]
    assert cli.main(named) == 2
    assert "'aws_ecs_task_definition.app' has no task role" in capsys.readouterr().err
