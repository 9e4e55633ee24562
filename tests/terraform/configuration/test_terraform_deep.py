"""However deep a container definition or a policy nests, every rule ends, and none of them
fails."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import scan

SETTINGS = (
    "image",
    "secrets",
    "environment",
    "logConfiguration",
    "dependsOn",
    "mountPoints",
    "healthCheck",
    "command",
    "repositoryCredentials",
    "linuxParameters",
    "firelensConfiguration",
    "credentialSpecs",
    "environmentFiles",
    "dockerLabels",
)
ELEMENTS = ("Action", "Resource", "Effect", "Condition", "Principal")
STATEMENT = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
}


@pytest.mark.parametrize("depth", [90, 180, 5_000])
def test_deep_values_leave_every_rule_standing(tmp_path: Path, depth: int) -> None:
    shapes = '{"a":' * depth + "1" + "}" * depth, "[" * depth + '"x"' + "]" * depth
    code = ['provider "aws" {}']
    for index, (element, deep) in enumerate(product(ELEMENTS, shapes)):
        statement = json.dumps({**STATEMENT, element: "DEEP"}).replace('"DEEP"', deep)
        (tmp_path / f"role{index}.json").write_text(
            f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'
        )
        code.append(f"""
            resource "aws_iam_role" "r{index}" {{
              name               = "r{index}"
              assume_role_policy = file("role{index}.json")
            }}
            resource "aws_iam_role_policy" "p{index}" {{
              role   = aws_iam_role.r{index}.id
              policy = file("role{index}.json")
            }}""")
    for index, (setting, deep) in enumerate(product(SETTINGS, shapes)):
        (tmp_path / f"task{index}.json").write_text(
            f'[{{"name": "a", "image": "b", "{setting}": {deep}}}]'
        )
        code.append(f"""
            resource "aws_ecs_task_definition" "t{index}" {{
              family                   = "f{index}"
              requires_compatibilities = ["FARGATE"]
              execution_role_arn       = aws_iam_role.r{index % 10}.arn
              task_role_arn            = aws_iam_role.r{index % 10}.arn
              container_definitions    = file("task{index}.json")
            }}""")
    (tmp_path / "main.tf").write_text("\n".join(code))
    report = scan([str(tmp_path)])
    assert not report.faults and report.findings
    assert not [finding for finding in report.findings if finding.rule == "ECS002"]
    if depth == 5_000:
        assert not [finding for finding in report.findings if finding.rule == "ECS508"]
