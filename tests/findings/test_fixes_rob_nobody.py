"""A second task that uses the roles of a sample otherwise keeps what it may do, whatever is mended:
no fix has to be left out for its sake."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from mending import FAULTY, copied
from sampling import Sample

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

#: A task whose log router delivers to CloudWatch Logs, by its task role.
ROUTED = {
    "terraform": """
resource "aws_ecs_task_definition" "bystander" {
  family             = "bystander"
  execution_role_arn = %s
  task_role_arn      = %s
  container_definitions = jsonencode([
    {
      name                  = "router"
      image                 = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/router:1"
      memory                = 128
      firelensConfiguration = { type = "fluentbit" }
    },
    {
      name   = "bystander"
      image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/bystander:1"
      memory = 128
      logConfiguration = {
        logDriver = "awsfirelens"
        options = {
          Name              = "cloudwatch_logs"
          region            = "eu-west-1"
          log_group_name    = "/bystander"
          log_stream_prefix = "bystander-"
        }
      }
    },
  ])
}
""",
    "cloudformation": """\
  Bystander:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: bystander
      ExecutionRoleArn: %s
      TaskRoleArn: %s
      ContainerDefinitions:
        - Name: router
          Image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/router:1
          Memory: 128
          FirelensConfiguration: { Type: fluentbit }
        - Name: bystander
          Image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/bystander:1
          Memory: 128
          LogConfiguration:
            LogDriver: awsfirelens
            Options:
              Name: cloudwatch_logs
              region: eu-west-1
              log_group_name: /bystander
              log_stream_prefix: bystander-

""",
}
OTHER = '"arn:aws:iam::123456789012:role/other"'
_ROLE = {
    "terraform": re.compile(
        r'^resource "aws_iam_role" "([\w-]+)" \{\n(?!  (?:count|for_each))', re.M
    ),
    "cloudformation": re.compile(r"^  (\w+):\n    Type: AWS::IAM::Role$", re.M),
}
_TASK = {
    "terraform": re.compile(
        r'^resource "aws_ecs_task_definition" "([\w-]+)" \{\n.*?^\}\n', re.M | re.S
    ),
    "cloudformation": re.compile(
        r"^  (\w+):\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n(?:    .*\n|\n)*", re.M
    ),
}
_ROLES_OF_TASK = re.compile(
    r"^ +(?:execution_role_arn|task_role_arn|ExecutionRoleArn|TaskRoleArn)\s*[=:].*\n", re.M
)


def _text(path: Path) -> str:
    files = sorted(path.glob("*.tf")) if path.is_dir() else [path]
    return "\n".join(file.read_text("utf-8") for file in files)


def _copy(task: str, label: str, language: str, roles: tuple[str, str]) -> str:
    """The sample's own task definition once more, with other roles ("" for none)."""
    found = _TASK[language].search(task)
    if found is None:
        return ""
    text = _ROLES_OF_TASK.sub("", found[0]).replace(found[1], label, 1)
    if language == "terraform":
        names = ("execution_role_arn", "task_role_arn")
        lines = [f"  {n} = {role}\n" for n, role in zip(names, roles, strict=True) if role]
        return text[:-2] + "".join(lines) + "}\n"
    names = ("ExecutionRoleArn", "TaskRoleArn")
    lines = [f"      {n}: {role}\n" for n, role in zip(names, roles, strict=True) if role]
    head, mark, rest = text.partition("    Properties:\n")
    return head + mark + "".join(lines) + rest.rstrip("\n") + "\n\n"


def _bystanders(sample: Sample) -> Iterator[str]:
    """Other users of each of the sample's roles."""
    language, text = sample.language, _text(sample.path)
    if language not in ROUTED or sample.path.suffix not in ("", ".yaml"):
        return
    for label in _ROLE[language].findall(text):
        role = f"aws_iam_role.{label}.arn" if language == "terraform" else f"!GetAtt {label}.Arn"
        yield ROUTED[language] % (OTHER, role) + "\n".join(
            (
                _copy(text, "ByAgent", language, (role, "")),
                _copy(text, "ByTask", language, ("", role)),
            )
        )
        yield ROUTED[language] % (role, role) + _copy(text, "ByBoth", language, (role, role))


#: What a role of its own would be given hangs on inputs that have to be given: it is not split.
LEFT_OUT = ("policy-of-required-inputs",)


@pytest.mark.parametrize("sample", FAULTY)
def test_no_fix_takes_what_a_bystander_has(sample: Sample, tmp_path: Path) -> None:
    for number, more in enumerate(_bystanders(sample)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with copied(sample, folder) as path:
            if sample.language == "terraform":
                (Path(path) / "bystander.tf").write_text(more)
            else:
                head, mark, rest = Path(path).read_text("utf-8").partition("\nResources:\n")
                assert mark
                Path(path).write_text(head + mark + more + rest)
            left_out = mend([path], Options(), unsafe=True).unsound
            assert left_out == () or sample.name in LEFT_OUT, more
        shutil.rmtree(folder)
