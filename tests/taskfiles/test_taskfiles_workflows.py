"""What deploys a task definition file, as workflows say it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from ecs_preflight.model import Launcher
from ecs_preflight.symbolic.documents.nodes import Node
from ecs_preflight.symbolic.source import NOWHERE, Span
from ecs_preflight.symbolic.values import ABSENT, Known, Unknown, Value, literal, shown_value
from ecs_preflight.taskfiles import expressions
from ecs_preflight.taskfiles.reading import roots
from ecs_preflight.taskfiles.workflows import DeployStep, Local, deployments

HEAD = """\
env:
  CLUSTER: prod
jobs:
  deploy:
    env:
      SERVICE: ${{ env.CLUSTER }}-api
    steps:
"""


def read(steps: str) -> list[DeployStep]:
    indented = "".join(f"      {line}\n" for line in steps.strip("\n").split("\n"))
    (root,) = roots(Path("deploy.yml"), HEAD + indented)
    return list(deployments(root, "deploy.yml"))


def test_the_deploy_action_takes_what_the_render_actions_gave() -> None:
    (found,) = read("""
- uses: aws-actions/configure-aws-credentials@v4
  with: {role-to-assume: "arn:aws:iam::111122223333:role/ci", aws-region: eu-west-1}
- id: first
  uses: aws-actions/amazon-ecs-render-task-definition@v1
  with: {task-definition: infra/task.json, container-name: a, image: b}
- id: second
  uses: aws-actions/amazon-ecs-render-task-definition@v1
  with: {task-definition: "${{ steps.first.outputs.task-definition }}", container-name: c, image: d}
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with:
    task-definition: ${{ steps.second.outputs.task-definition }}
    service: ${{ env.SERVICE }}
    cluster: ${{ vars.CLUSTER }}
""")
    assert literal(found.file) == "infra/task.json"
    assert literal(found.service) == "prod-api"
    assert isinstance(found.cluster, Unknown)
    assert literal(found.deployer) == "arn:aws:iam::111122223333:role/ci"
    assert literal(found.region) == "eu-west-1"
    assert found.launcher is Launcher.SERVICE
    assert isinstance(found.exec_enabled, Unknown)
    assert found.span.line == 16


def test_a_task_that_the_action_runs_is_on_fargate_unless_it_says_otherwise() -> None:
    (found,) = read("""
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with: {task-definition: task.json, run-task: true, cluster: prod}
""")
    assert found.launcher is Launcher.RUN_TASK
    assert literal(found.launch_type) == "FARGATE"


def test_calls_in_a_script() -> None:
    registered, updated, run = read("""
- run: |
    set -e
    aws ecs register-task-definition --region eu-west-1 \\
      --cli-input-json file://task.json --execution-role-arn "$ROLE" > /dev/null
    aws --profile ci ecs update-service --cluster $CLUSTER --service=${SERVICE} --enable-execute-command
    aws ecs run-task --cluster prod --task-definition api:3 --launch-type FARGATE | jq .
  working-directory: ./infra
""")
    assert literal(registered.file) == "./infra/task.json"
    assert isinstance(registered.execution_role, Unknown)
    assert registered.task_role == ABSENT
    assert registered.launcher is None
    assert (literal(updated.cluster), literal(updated.service)) == ("prod", "prod-api")
    assert updated.exec_enabled == Known(True)
    assert (updated.span.line, updated.span.column) == (12, 11)
    assert run.names("elsewhere.json", Known("api"))
    assert run.launcher is Launcher.RUN_TASK


@pytest.mark.parametrize(
    ("named", "path", "same"),
    [
        ("task.json", "task.json", True),
        ("./task.json", "task.json", True),
        ("infra/task.json", "task.json", False),
        ("tasks/${{ matrix.service }}.json", "tasks/api.json", True),
        ("tasks/${{ matrix.service }}.json", "tasks/deep/api.json", False),
        ("${{ inputs.file }}", "task.json", False),
    ],
)
def test_which_file_a_step_means(named: str, path: str, same: bool) -> None:
    (found,) = read(f"""
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with:
    task-definition: {named}
    service: api
""")
    assert found.names(path, ABSENT) is same


@pytest.mark.parametrize(
    "steps",
    ["- run: aws ecs update-service --service 'open", "- run: echo aws ecs", "- just text", "- 3"],
)
def test_what_is_no_call_is_none(steps: str) -> None:
    assert read(steps) == []


# -- what a workflow calls -------------------------------------------------------------------------

CREDENTIALS = """
    - uses: aws-actions/configure-aws-credentials@v4
      with: {role-to-assume: "${{ inputs.role }}", aws-region: eu-west-1}
"""
DEPLOY = """
    - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
      with: {task-definition: "${{ inputs.file }}", service: "${{ inputs.service }}", cluster: "${{ env.CLUSTER }}"}
"""


def local(**files: str) -> Local:
    def found(path: str) -> tuple[Node, str] | None:
        text = files.get(Path(path).stem)
        return None if text is None else (roots(Path("called.yml"), text)[0], f"{path}.yml")

    return found


def through(workflow: str, **files: str) -> list[DeployStep]:
    (root,) = roots(Path("deploy.yml"), workflow)
    return list(deployments(root, "deploy.yml", local(**files)))


def test_a_composite_action_works_in_the_job_that_uses_it() -> None:
    action = (
        "inputs:\n  role: {}\n  file: {default: task.json}\n  service: {}\n"
        f"runs:\n  using: composite\n  steps:\n{CREDENTIALS}{DEPLOY}"
    )
    first, second = through(
        """
env: {CLUSTER: prod, NAME: api}
jobs:
  ship:
    steps:
    - id: own
      uses: ./.github/actions/deploy
      with: {role: "arn:aws:iam::111122223333:role/ci", service: "${{ env.NAME }}-blue"}
    - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
      with: {task-definition: other.json, service: "${{ inputs.service }}"}
""",
        deploy=action,
    )
    assert [literal(v) for v in (first.file, first.service, first.cluster)] == [
        "task.json",
        "api-blue",
        "prod",
    ]
    assert (first.step, first.span.file) == ("ship.own.steps[1]", "./.github/actions/deploy.yml")
    # what the action has logged in as stays; its inputs do not
    assert literal(second.deployer) == "arn:aws:iam::111122223333:role/ci"
    assert isinstance(second.service, Unknown)


def test_a_workflow_that_is_called_sees_its_inputs_alone() -> None:
    reused = (
        "on:\n  workflow_call:\n    inputs:\n      file: {}\n      service: {default: api}\n"
        f"jobs:\n  run:\n    steps:\n{DEPLOY}"
    )
    (found,) = through(
        """
env: {CLUSTER: prod}
jobs:
  ship:
    uses: ./.github/workflows/reused.yml
    with: {file: "infra/${{ inputs.file }}"}
""",
        reused=reused,
    )
    assert literal(found.service) == "api"
    assert isinstance(found.cluster, Unknown)
    assert literal(found.file) is None  # the caller's own input, which is not the one of that name
    assert found.names("infra/task.json", ABSENT)
    assert found.step == "ship.run.steps[0]"


def test_what_calls_itself_is_followed_once() -> None:
    reused = (
        f"jobs:\n  run:\n    steps:\n{DEPLOY}  again: {{uses: ./.github/workflows/reused.yml}}\n"
    )
    job = "jobs: {ship: {uses: ./.github/workflows/reused.yml}, lost: {uses: ./gone.yml}}"
    assert len(through(job, reused=reused)) == 1


def test_variables_that_name_each_other_grow_no_further_than_a_bound() -> None:
    variables = {f"A{i}": f"${{{{ env.A{i + 1} }}}}" * 30 for i in range(12)} | {"A12": "x" * 99}
    asked, text = [0], expressions.text

    def counted(parts: Iterable[Value | str], span: Span) -> Value:
        asked[0] += 1
        return text(parts, span)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expressions, "text", counted)
        whole = expressions.expression("${{ env.A0 }}", variables, NOWHERE)
    assert asked[0] < 30
    assert len(shown_value(whole)) <= 31 * expressions.MAX_GIVEN
    given = {"inputs.a": "x" * expressions.MAX_GIVEN}
    assert len(expressions._of_caller("${{ inputs.a }}${{ inputs.a }}", given)) < 100
