"""What running a task takes of whoever does it (facts H5, H6)."""

from __future__ import annotations

from .. import arns
from ..model import Absent, Cluster, Launch, Role, Stack, TaskDefinition
from ..needs import Demand
from ..values import Unknown, Value, Yes, is_absent


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


def _effective(override: Value | None, own: Value) -> Value:
    return own if override is None or isinstance(is_absent(override), Yes) else override
