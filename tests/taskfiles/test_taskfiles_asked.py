"""What is asked of task definition files: where things stand, what they need, what is cut off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from ecs_preflight import cli
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.hosts import checkov

TEXT = """\
{
  "family": "app",
  "taskRoleArn": "<TASK_ROLE>",
  "executionRoleArn": "arn:aws:iam::111122223333:role/app-execution",
  "requiresCompatibilities": ["FARGATE"],
  "networkMode": "awsvpc",
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    {
      "name": "app",
      "image": "IMAGE",
      "privileged": true,
      "secrets": [
        { "name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf" }
      ],
      "logConfiguration": {
        "logDriver": "awslogs",
        "options": {
          "awslogs-group": "/ecs/app",
          "awslogs-region": "eu-west-1",
          "awslogs-stream-prefix": "app"
        }
      }
    }
  ]
}
"""
READ = "secretsmanager:GetSecretValue"


def written(folder: Path, text: str, name: str = "task-definition.json") -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    "image", ["<IMAGE1_NAME>", "$IMAGE", "${IMAGE}:${TAG}", "{{ must_env `IMAGE` }}", "%IMAGE%"]
)
def test_a_key_is_found_at_its_line_and_column_beside_any_placeholder(
    tmp_path: Path, image: str
) -> None:
    report = scan([written(tmp_path, TEXT.replace("IMAGE", image))], Options())
    found = {finding.rule: finding.span for finding in report.findings}
    assert set(found) == {"ECS807"}
    assert (found["ECS807"].line, found["ECS807"].column) == (13, 21)
    places = {
        (outcome.rule, outcome.span.line, outcome.span.column) for outcome in report.undecided
    }
    assert {("ECS602", 12, 16), ("ECS605", 15, 37), ("ECS603", 20, 28)} <= places


@pytest.mark.parametrize("share", [0.45, 0.7, 0.95])
def test_what_is_cut_off_is_told_with_its_line_and_the_rest_is_judged(
    tmp_path: Path, share: float
) -> None:
    whole = TEXT.replace("IMAGE", "public.ecr.aws/x/y")
    cut = whole[: int(len(whole) * share)]
    written(tmp_path, cut, "cut.json")
    written(tmp_path, whole)
    found = {(Path(f.span.file).name, f.rule, f.span.line) for f in scan([tmp_path]).findings}
    assert ("task-definition.json", "ECS807", 13) in found
    assert [line for name, rule, line in found if (name, rule) == ("cut.json", "ECS001")] == [
        cut.count("\n") + 1
    ]


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_needs_of_a_role_that_stands_nowhere_are_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    path = written(tmp_path, TEXT.replace("IMAGE", "public.ecr.aws/x/y"))
    assert cli.main(["explain", str(path), "--format", form]) == 0
    said = capsys.readouterr().out
    assert READ in said
    assert "role/app-execution" in said


@pytest.mark.parametrize("form", ["json", "hcl", "jsonencode", "tf-json", "yaml"])
def test_the_policy_of_a_role_that_stands_nowhere_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    path = written(tmp_path, TEXT.replace("IMAGE", "<ACCOUNT>.dkr.ecr.eu-west-1.amazonaws.com/a:1"))
    asked = ["policy", str(path), "--task", "app", "--role", "execution", "--format", form]
    assert cli.main(asked) == 0
    said = capsys.readouterr().out
    for need in (
        READ,
        "logs:PutLogEvents",
        "arn:aws:ecr:eu-west-1:*:repository/a",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf",
    ):
        assert need in said
    if form == "json":
        assert json.loads(said)["Version"] == "2012-10-17"
    if form == "yaml":
        assert yaml.safe_load(said)["Version"] == "2012-10-17"
    if form == "tf-json":
        assert "aws_iam_policy_document" in json.loads(said)["data"]


def test_checkov_says_which_files_it_has_no_resources_for(tmp_path: Path) -> None:
    written(tmp_path, TEXT.replace("IMAGE", "public.ecr.aws/x/y"))
    main = written(tmp_path, 'resource "aws_sns_topic" "a" {}\n', "main.tf")
    (said,) = checkov._unheard([str(main)], tmp_path)
    assert "task-definition.json" in said
    assert "'ecs-preflight scan' judges them" in said
