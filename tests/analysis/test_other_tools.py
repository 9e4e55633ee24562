"""What only another tool can read is remarked, once, with what to run; what is read, or says nothing
of ECS, is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import scan
from ecs_preflight.report.coverage import coverage

SERVICE = "service: api\nprovider:\n  name: aws\n"
FUNCTIONS = "functions:\n  hello:\n    handler: a.b\n"
TEMPLATED = '{"family": "x", "containerDefinitions": [{"name": "a", "image": "{{ i }}", }]}'
CDK = 'import * as ecs from "aws-cdk-lib/aws-ecs";\n'


@pytest.mark.parametrize(
    ("files", "remarked"),
    [
        ({"serverless.yml": SERVICE + "resources: ${file(ecs.yml)}\n" + FUNCTIONS}, True),
        ({"serverless.yml": SERVICE + "resources:\n  - ${file(a.yml)}\n  - Outputs: {}\n"}, True),
        ({"serverless.yml": SERVICE + "plugins:\n  - serverless-fargate\nfargate: {}\n"}, True),
        ({"serverless.yml": SERVICE + FUNCTIONS}, False),
        ({"serverless.yml": SERVICE + "custom: ${file(c.yml)}\n" + FUNCTIONS}, False),
        ({"cdk.json": "{}", "bin/app.ts": CDK}, True),
        ({"cdk.json": "{}", "bin/app.ts": "import * as s3 from 'aws-cdk-lib/aws-s3';\n"}, False),
        ({"cdk.json": "{}", "bin/app.ts": CDK, "cdk.out/manifest.json": "{}"}, False),
        (
            {"cdk.json": "{}", "bin/app.ts": CDK, "cdk.out/a.json": "", ".gitignore": "cdk.out"},
            True,
        ),
        ({"copilot/api/manifest.yml": "name: api\n"}, True),
        ({"compose.yml": "x-aws-cluster: a\n"}, True),
        ({"compose.yml": "services: {}\n"}, False),
        ({"task-definition.json": TEMPLATED}, True),
        ({"tsconfig.json": "{}"}, False),
    ],
)
def test_it_is_remarked(tmp_path: Path, files: dict[str, str], remarked: bool) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    report = scan([tmp_path])
    assert ("another tool" in coverage(report)) is remarked
    assert len(report.gaps) == int(remarked)
