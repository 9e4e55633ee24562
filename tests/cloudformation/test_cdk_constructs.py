"""AWS's own constructs: healthy as they are written, and not once a permission is taken away.

The stacks of ``tests/cdk/app.py`` are synthesized by the interpreter that ECS_PREFLIGHT_CDK_PYTHON
names, which has aws-cdk-lib; ``make test-all`` sets it.
"""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.findings.finding import Finding
from ecs_preflight.findings.identity import key
from ecs_preflight.symbolic.records import dataclass

APP = Path(__file__).parents[1] / "cdk" / "app.py"
PYTHON = os.environ.get("ECS_PREFLIGHT_CDK_PYTHON", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON, reason="ECS_PREFLIGHT_CDK_PYTHON names no interpreter with aws-cdk-lib"
    ),
]

#: (stack, action, or action of policy): what CDK grants and the stack does without, and why.
NOT_NEEDED = {
    ("*", "ecr:BatchCheckLayerAvailability"): "it is for pushing",
    ("*", "secretsmanager:DescribeSecret"): "the agent reads the value alone",
    ("*", "ssm:DescribeParameters"): "the agent calls GetParameters alone",
    ("*", "ssm:GetParameter"): "the agent calls GetParameters alone",
    ("*", "ssm:GetParameterHistory"): "the agent calls GetParameters alone",
    ("Registry", "s3:List*"): "the agent gets the object by its key",
    ("Secrets", "kms:Decrypt"): "the key's own policy allows it to the execution role",
    ("Shell", "kms:GenerateDataKey"): "whoever opens the session needs it",
    ("Files", "elasticfilesystem:ClientWrite"): "the file system's own policy allows it",
    ("Files", "elasticfilesystem:ClientRootAccess"): "the file system's own policy allows it",
    ("Nightly", "ecs:TagResource"): "no tags are propagated",
    ("Worker", "logs:*"): "Exec works without a log of its sessions",
    ("Worker", "sqs:*"): "what the application calls is not known",
    ("Instances", "ecs:DeregisterContainerInstance"): "it is for the instance's end",
    ("Instances", "ecs:StartTelemetrySession"): "it is for metrics",
    ("Instances", "ecr:*"): "either role may pull on EC2",
    ("Instances", "logs:* of GroupInstanceRole*"): "the execution role writes the logs",
    ("Router", "ecr:*"): "whether the router's image is in ECR is only known at deployment",
    ("Imported", "* of ExecutionRolePolicy*"): "the role's other policies are not known",
    ("Deployed", "* of ProjectRole*"): "it is about the build",
    ("Deployed", "* of PipelineRole*"): "each action has a role of its own",
    ("Deployed", "* of Pipeline[SBE]*"): "it is about the pipeline's other actions",
    ("Deployed", "s3:* of *DeployCodePipeline*"): "it is about the pipeline's artifacts",
    ("Deployed", "kms:* of *DeployCodePipeline*"): "it is about the pipeline's artifacts",
    ("Deployed", "ecs:*Tasks"): "it is for showing the deployment's progress",
    ("Deployed", "ecs:TagResource"): "no tags are propagated",
    ("Launched", "sqs:*"): "it is about the pipe's source",
    ("Launched", "ecs:StopTask"): "no state waits for its task's end",
    ("Launched", "ecs:DescribeTasks"): "no state waits for its task's end",
    ("Launched", "ecs:RunTask of Function*"): "what the function calls is not known",
    ("OnInstances", "ecs:DeregisterContainerInstance"): "it is for the instance's end",
    ("OnInstances", "ecs:StartTelemetrySession"): "it is for metrics",
    ("OnInstances", "ecr:*"): "the images are public",
    ("OnInstances", "logs:* of GroupInstanceRole*"): "the execution role writes the logs",
    ("OnInstances", "ecs:TagResource"): "no tags are propagated",
    ("Connected", "ecr:*"): "whether the router's image is in ECR is only known at deployment",
    ("Isolated", "logs:* of TaskTaskRole*"): "Exec works without a log of its sessions",
    ("Outer", "s3:*"): "the boundary is for more than tasks",
}


#: What is scanned instead of a template alone: with the stack it imports from, or as its parent's
#: child.
SEEN_WITH = {
    "User": ("User.template.json", "Owner.template.json"),
    "OuterInner590FD8F7": ("Outer.template.json",),
}


@dataclass(frozen=True)
class Removal:
    """One action of one statement, taken out of a stack's template."""

    stack: str
    policy: str
    action: str
    template: dict[str, Any]

    @property
    def not_needed(self) -> bool:
        return any(
            stack in ("*", self.stack)
            and fnmatchcase(
                f"{self.action} of {self.policy}", action if " of " in action else f"{action} of *"
            )
            for stack, action in NOT_NEEDED
        )


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that CDK writes: manifest, templates, assets."""
    directory = tmp_path_factory.mktemp("cdk") / "cdk.out"
    subprocess.run([PYTHON, str(APP), str(directory)], check=True, capture_output=True, timeout=600)
    return directory


def policies(template: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every permission policy of the template: its resource, and its statements."""
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Policy":
            yield name, properties["PolicyDocument"]["Statement"]
        elif resource["Type"] == "AWS::IAM::Role":
            for inline in properties.get("Policies", []):
                yield name, inline["PolicyDocument"]["Statement"]


def removals(stack: str, template: dict[str, Any]) -> Iterator[Removal]:
    for name, statements in policies(template):
        for index, statement in enumerate(statements):
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                changed = copy.deepcopy(template)
                left = (
                    [other for other in actions if other != action]
                    if isinstance(actions, list)
                    else []
                )
                own = dict(policies(changed))[name]
                own[index : index + 1] = [{**statement, "Action": left}] if left else []
                yield Removal(stack, name, action, changed)


def faults(report: Report) -> set[tuple[str, str, str]]:
    return {key(finding) for finding in report.findings}


def test_healthy_stacks_are_reported_as_healthy(synthesized: Path) -> None:
    report = scan([synthesized])
    assert [f"{f.rule} {f.message}" for f in report.findings] == []
    assert report.stats.stacks == 24 and report.stats.met >= 165


def test_what_stays_undecided_is_out_of_sight(synthesized: Path) -> None:
    undecided = {
        (re.sub(r"\..*", "", Path(o.span.file).name), o.rule) for o in scan([synthesized]).undecided
    }
    assert undecided == {
        ("Imported", "ECS603"),
        ("Imported", "ECS605"),
        ("Imported", "ECS606"),  # a role by name
        ("Connected", "ECS602"),  # an image from the Parameter Store
        ("Instances", "ECS602"),  # which role pulls on EC2
        ("OnInstances", "ECS821"),  # whether a task role is passed on EC2
        ("Nightly", "ECS505"),  # the schedule group that a schedule is in
        ("Router", "ECS602"),  # an image from the Parameter Store
    }


def test_the_secret_of_another_stack_is_found_through_the_manifest(synthesized: Path) -> None:
    met = {
        o.rule
        for o in scan([synthesized]).outcomes
        if Path(o.span.file).name == "User.template.json" and not isinstance(o, Finding)
    }
    assert {"ECS602", "ECS605"} <= met


def test_each_permission_taken_away_is_missed(synthesized: Path, tmp_path: Path) -> None:
    """One by one, in a copy that holds the templates without the assembly's other files, but for
    the list that says which is nested in which."""
    for template in (*synthesized.glob("*.template.json"), synthesized / "Outer.assets.json"):
        shutil.copy(template, tmp_path)
    silent, tried = [], 0
    for path in sorted(tmp_path.glob("*.template.json")):
        stack, text = path.name.partition(".")[0], path.read_text()
        scanned = [tmp_path / name for name in SEEN_WITH.get(stack, (path.name,))]
        before = faults(scan(scanned))
        for removal in removals(stack, json.loads(text)):
            path.write_text(json.dumps(removal.template, indent=1))
            tried += 1
            if not removal.not_needed and not faults(scan(scanned)) - before:
                silent.append(f"{removal.stack}: {removal.action} of {removal.policy}")
        path.write_text(text)
    assert silent == []
    assert tried > 100
