"""What running a task takes of whoever does it (facts H5, H6)."""

from __future__ import annotations

from .. import arns
from ..model import Absent, Cluster, Launch, Role, Stack, TaskDefinition
from ..needs import Demand, demands
from ..values import Known, Unknown, Value, Yes, is_absent

#: The rule by which Step Functions learns that a task has ended (Step Functions guide, ecs-iam).
MANAGED_RULE = "StepFunctionsGetEventsForECSTaskRule"


def run_task_demand(stack: Stack, task: TaskDefinition, launch: Launch | None = None) -> Demand:
    """``ecs:RunTask`` on the revision that will be current, in the cluster of ``launch``."""
    revision = Unknown("ECS counts the revisions", f"{task.address}.revision")
    cluster = stack.find(Cluster, launch.cluster) if launch else None
    return Demand("ecs:RunTask", arns.task_definition(stack.place, task.family, revision),
                  (("ecs:cluster", cluster.arn),) if cluster else ())


def pass_role_demands(stack: Stack, task: TaskDefinition, launch: Launch | None = None
                      ) -> tuple[Demand, ...]:
    """``iam:PassRole`` on the task role and the execution role, as far as there are any."""
    values = (_effective(launch.task_role_override if launch else None, task.task_role),
              _effective(launch.execution_role_override if launch else None, task.execution_role))
    found = [stack.role_of(value) for value in values]
    resources = dict.fromkeys(role.arn if isinstance(role, Role) else value
                              for role, value in zip(found, values, strict=True) if not isinstance(role, Absent))
    return tuple(Demand("iam:PassRole", resource) for resource in resources)


def managed_rule_demands(stack: Stack) -> tuple[Demand, ...]:
    """What a state machine's role needs for ``.sync``: Step Functions makes a rule with it when the state
    machine is created (Step Functions guide, ecs-iam)."""
    return demands(("events:PutTargets", "events:PutRule", "events:DescribeRule"),
                   arns.event_rule(stack.place, MANAGED_RULE))


def task_control_demands() -> tuple[Demand, ...]:
    """What it needs to stop the task of a stopped execution, and to ask for the end of one whose event is
    lost (Step Functions guide, ecs-iam, connect-to-resource)."""
    return demands(("ecs:StopTask", "ecs:DescribeTasks"), Known("*"))


def _effective(override: Value | None, own: Value) -> Value:
    return own if override is None or isinstance(is_absent(override), Yes) else override
