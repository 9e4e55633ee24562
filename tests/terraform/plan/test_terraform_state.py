"""What ``terraform show -json`` prints of a state is read as a plan is, without what was planned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.report import as_json

TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        }
    ]
}
ROLE = "arn:aws:iam::111122223333:role/exec"


def resource(kind: str, name: str, /, **values: Any) -> dict[str, Any]:
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "values": values,
    }


def state(action: str) -> str:
    policy = {"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    containers = [
        {"name": "a", "image": "x", "memory": 128, "secrets": [{"name": "S", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"}]}
    ]  # fmt: skip
    resources = [
        resource(
            "aws_iam_role",
            "exec",
            name="exec",
            arn=ROLE,
            id="exec",
            assume_role_policy=json.dumps(TRUST),
            inline_policy=[{"name": "p", "policy": json.dumps(policy)}],
            managed_policy_arns=[],
        ),
        resource("aws_iam_role_policy", "p", name="p", role="exec", policy=json.dumps(policy)),
        resource(
            "aws_ecs_task_definition",
            "app",
            family="app",
            arn="arn:aws:ecs:eu-west-1:111122223333:task-definition/app:3",
            execution_role_arn=ROLE,
            container_definitions=json.dumps(containers),
        ),
    ]
    content = {
        "format_version": "1.0",
        "terraform_version": "1.9.0",
        "values": {"root_module": {"resources": resources}},
    }
    return json.dumps(content)


def found(folder: Path, action: str) -> list[str]:
    (folder / "state.json").write_text(state(action))
    report = scan([folder], Options())
    assert not report.faults
    assert report.stats.task_definitions == 1
    return [f.rule for f in report.findings if f.severity.value == "error"]


def test_a_state_is_judged(tmp_path: Path) -> None:
    assert found(tmp_path, "s3:GetObject") == ["ECS605"]


def test_what_a_state_lists_twice_claims_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, "secretsmanager:GetSecretValue") == []


def test_what_a_state_marks_as_sensitive_is_not_shown(tmp_path: Path) -> None:
    content = json.loads(state("s3:GetObject"))
    module = content["values"].pop("root_module")
    for each in module["resources"]:
        each["sensitive_values"] = {"execution_role_arn": True}
    content["values"]["root_module"] = {"child_modules": [{"resources": module["resources"]}]}
    (tmp_path / "state.json").write_text(json.dumps(content))
    report = scan([tmp_path], Options())
    assert [f.rule for f in report.findings if f.severity.value == "error"] == ["ECS605"]
    written = as_json.render(report)
    assert "(sensitive)" in written
    assert ROLE not in written
