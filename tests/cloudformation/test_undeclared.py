"""A reference to what a template does not declare is a fault of a whole template alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import scan

TEMPLATE = """\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Ref Stage
      ContainerDefinitions:
        - {Name: app, Image: public.ecr.aws/docker/library/busybox:1.37, Memory: 128}
"""


@pytest.mark.parametrize(
    ("text", "beside", "found"),
    [
        (TEMPLATE, "readme.yml", ["ECS816"]),
        (TEMPLATE, "serverless.yml", []),
        (TEMPLATE.partition("\n")[2], "readme.yml", []),
        (TEMPLATE + "Transform: AWS::Serverless-2016-10-31\n", "readme.yml", []),
        (TEMPLATE + "  Fn::Transform: {Name: AWS::Include}\n", "readme.yml", []),
    ],
)
def test_where_it_is_told(
    text: str, beside: str, found: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("resources").mkdir()
    Path("resources/ecs.yml").write_text(text)
    Path(beside).write_text("service: app\nprovider: {name: aws}\n")
    assert [finding.rule for finding in scan(["."]).findings] == found
