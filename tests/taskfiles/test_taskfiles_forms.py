"""Forms of task definition files, and what belongs to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.report.coverage import coverage
from ecs_preflight.symbolic.source import NOWHERE
from ecs_preflight.symbolic.values import Reference, Unknown
from ecs_preflight.taskfiles.templating import stands_for

TASK = {
    "family": "app",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [{"name": "app", "image": "public.ecr.aws/x/y", "privileged": True}],
}


def scanned(folder: Path, files: dict[str, str], *given: str) -> Report:
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    report = scan([folder / name for name in given] or [folder], Options())
    assert not report.faults
    return report


def errors(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings if finding.severity.value == "error"]


@pytest.mark.parametrize(
    "name",
    ["task.json", "a/b/task.yaml", ".aws/task-definition.json", "app/.ecs/task.json"],
)
def test_a_task_definition_is_found_by_what_it_holds(tmp_path: Path, name: str) -> None:
    assert errors(scanned(tmp_path, {name: json.dumps(TASK), "app/x": ""})) == ["ECS807"]


def test_other_hidden_folders_are_read_when_a_workflow_names_the_file(tmp_path: Path) -> None:
    workflow = """
jobs:
  deploy:
    steps:
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: {task-definition: .deploy/task.json, service: app}
"""
    files = {".deploy/task.json": json.dumps(TASK), ".deploy/other.json": json.dumps(TASK)}
    report = scanned(tmp_path, {**files, ".github/workflows/d.yml": workflow})
    assert errors(report) == ["ECS807"]
    assert [Path(finding.span.file).name for finding in report.findings] == ["task.json"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([TASK]),
        json.dumps({"expected": TASK}),
        json.dumps({"containerDefinitions": TASK["containerDefinitions"]}),
        json.dumps({**TASK, "containerDefinitions": {}}),
        json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "data": {"family": "x"}}),
        "",
        "[" * 5000,
        "\0",
    ],
    ids=range(8),
)
def test_what_is_none(tmp_path: Path, text: str) -> None:
    report = scanned(tmp_path, {"task.json": text})
    assert (report.findings, report.stats.stacks) == ((), 0)


@pytest.mark.parametrize("name", ["app", "web", "${{ vars.CONTAINER }}"])
@pytest.mark.parametrize(
    "step",
    [
        """run: |
          aws ecs run-task --task-definition app --overrides \\
            '{"containerOverrides": [{"name": "NAME", "command": ["migrate"]}]}'""",
        """run: >-
          aws ecs run-task --task-definition app --overrides
          '{"containerOverrides": [{"name": "NAME", "command": ["migrate"]}]}'""",
        """uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with:
          task-definition: task.json
          run-task: true
          run-task-container-overrides: '[{"name": "NAME", "command": ["migrate"]}]'""",
    ],
    ids=["script", "folded", "action"],
)
def test_what_a_workflow_overrides_is_there(tmp_path: Path, step: str, name: str) -> None:
    workflow = f"jobs:\n  migrate:\n    steps:\n      - {step.replace('NAME', name)}\n"
    task = {**TASK, "containerDefinitions": [{"name": "app", "image": "public.ecr.aws/x/y"}]}
    files = {"task.json": json.dumps(task), ".github/workflows/d.yml": workflow}
    assert errors(scanned(tmp_path, files)) == (["ECS815"] if name == "web" else [])


def test_a_broken_one_is_told_with_its_line(tmp_path: Path) -> None:
    text = json.dumps(TASK, indent=1).replace('"privileged"', "privileged")
    (finding,) = scanned(tmp_path, {"task.json": text}).findings
    assert (finding.rule, finding.span.line) == ("ECS001", 13)


def test_a_key_in_other_case_is_read_as_the_api_does(tmp_path: Path) -> None:
    text = json.dumps(TASK).replace('"privileged"', '"Privileged"')
    assert errors(scanned(tmp_path, {"task.json": text})) == ["ECS807"]


def test_a_service_file_runs_the_family_it_names(tmp_path: Path) -> None:
    task = {**TASK, "containerDefinitions": [{"name": "a", "image": "b"}]}
    service = {"serviceName": "s", "taskDefinition": "app:3", "desiredCount": 1}
    service.update(enableExecuteCommand=True, platformVersion="1.3.0", launchType="FARGATE")
    files = {"task.json": json.dumps(task), "service.json": json.dumps(service)}
    report = scanned(tmp_path, files)
    assert set(errors(report)) >= {"ECS701", "ECS704"}
    assert {finding.owner.address for finding in report.findings} >= {"s"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"copilot/api/manifest.yml": "name: api"}, "copilot/api/manifest.yml: run 'copilot svc"),
        ({"compose.yaml": "x-aws-cluster: a"}, "compose.yaml: run 'docker compose convert'"),
        (
            {"cdk.json": "{}", "lib/app.ts": "import 'aws-cdk-lib/aws-ecs'"},
            "cdk.json: run 'cdk synth' and scan cdk.out",
        ),
        ({"Pulumi.yaml": "name: a", "m.py": "aws.ecs.Service()"}, "Pulumi.yaml: its program"),
        ({"task.jsonnet": "{containerDefinitions: []}"}, "task.jsonnet: run 'jsonnet'"),
        (
            {"task.json": '{"family": "a", {% if x %} "containerDefinitions": []}'},
            "task.json: render it",
        ),
        (
            {"ecspresso.yml": "region: a\ncluster: c\ntask_definition: task.jsonnet"},
            "task.jsonnet: run 'ecspresso render'",
        ),
    ],
)
def test_what_another_tool_must_render_is_named(
    tmp_path: Path, files: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"1 source for another tool: {said}" in coverage(scanned(tmp_path, files))


@pytest.mark.parametrize(
    "files",
    [
        {"cdk.json": "{}", "lib/app.ts": "import 'aws-cdk-lib/aws-s3'"},
        {"cdk.json": "{}", "lib/app.ts": "aws-ecs", "cdk.out/x.template.json": "{}"},
        {"compose.yaml": "services: {}"},
        {"task.jsonnet": "{}"},
        {"manifest.yml": "name: a"},
    ],
)
def test_what_has_nothing_to_do_with_ecs_is_not_named(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert "another tool" not in coverage(scanned(tmp_path, files))


@pytest.mark.parametrize(
    ("written", "address", "attribute"),
    [
        ("tfstate `aws_iam_role.a.arn`", "aws_iam_role.a", "arn"),
        ('tfstate "aws_iam_role.a[0].arn"', "aws_iam_role.a[0]", "arn"),
        ("- prod_tfstate `module.x.aws_iam_role.a['k'].name` -", 'module.x.aws_iam_role.a["k"]', "name"),
        ("tfstate `data.aws_iam_role.a.arn`", "data.aws_iam_role.a", "arn"),
        ("tfstate `output.role_arn`", "output.role_arn", ""),
        ("tfstate `output.roles['a'].arn`", "output.roles", "a.arn"),
    ],
)  # fmt: skip
def test_an_attribute_of_the_state_is_a_reference(
    written: str, address: str, attribute: str
) -> None:
    assert stands_for(written, NOWHERE) == Reference(address, attribute)


def test_a_variable_is_one_whether_it_must_be_there_or_not() -> None:
    one, other = stands_for("env `A` `x`", NOWHERE), stands_for("must_env `A`", NOWHERE)
    assert isinstance(one, Unknown)
    assert one == other
    assert stands_for("anything else", NOWHERE) is None
