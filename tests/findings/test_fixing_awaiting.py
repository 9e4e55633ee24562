"""What a resource waits for already stays, and what it has to wait for stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

RULE = "ECS826-service-before-its-permissions"
TEMPLATE = (ROOT / f"cloudformation/{RULE}/bad.yaml").read_text()
CODE = (ROOT / f"terraform/{RULE}/bad/main.tf").read_text()


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("", "    DependsOn: Listener\n"),
        ("    DependsOn: Task\n", "    DependsOn:\n      - Task\n      - Listener\n"),
        ("    DependsOn: [Task]\n", "    DependsOn: [Task, Listener]\n"),
        (
            "    DependsOn:\n      - Secret\n      - Task\n",
            "    DependsOn:\n      - Secret\n      - Task\n      - Listener\n",
        ),
    ],
)
def test_a_service_of_a_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, mended: str
) -> None:
    monkeypatch.chdir(tmp_path)
    head = "    Type: AWS::ECS::Service\n"
    Path("template.yaml").write_text(TEMPLATE.replace(head, head + written))
    assert head + mended in mend(["."], Options(), unsafe=True).changes[0].after


def test_a_service_of_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    head = 'resource "aws_ecs_service" "gallery" { # expect: ECS826 note\n'
    group = "aws_cloudwatch_log_group.gallery"
    Path("main.tf").write_text(CODE.replace(head, f"{head}  depends_on      = [{group}]\n"))
    made = mend(["."], Options(select=("ECS826",)), unsafe=True)
    assert f"[{group}, aws_iam_role_policy_attachment.execution]" in made.changes[0].after
