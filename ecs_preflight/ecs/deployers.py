"""Roles that deploy to ECS: CI, functions, CodeDeploy."""

from __future__ import annotations

from .. import iam
from ..model import Role, RoleUser, Stack, TaskDefinition
from ..symbolic import arns
from ..symbolic.answers import Yes
from ..symbolic.patterns import regex
from ..symbolic.values import Shape, Value, join, literal
from .policies import allows, chosen_statements, covers_action
from .principals import SERVICES, TASKS
from .service_roles import services_of_roles

#: Calls that pass a task definition's roles along (facts H5).
PASSING = ("ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:CreateService", "ecs:StartTask")


def passing_calls(role: Role) -> frozenset[str]:
    """The calls that pass roles along which statements of the code let the role do: to
    register or start tasks. A bare star for all actions says nothing of ECS."""
    return frozenset(
        call
        for _, statement in chosen_statements(role)
        for action in statement.actions or ()
        if allows(statement) and literal(action) != "*"
        for call in PASSING
        if covers_action(action, call)
    )


def is_of_ecs(stack: Stack, role: Role) -> bool:
    """Is it a role of ECS or its tasks by its trust policy: for nobody else, or, where nothing in
    sight works under it otherwise, for its tasks among others?"""
    named = _trusted(role)
    if TASKS in named and not services_of_roles(stack).get(role.address):
        return True
    is_whole = iam.statements(role.trust).remainder is None
    return is_whole and bool(named) and {TASKS, SERVICES}.issuperset(named)


def _trusted(role: Role) -> list[str | None]:
    """The services that its trust policy names; None for whoever else it names."""
    return [
        literal(each.value) if each.kind == "Service" else None
        for statement in iam.statements(role.trust).statements
        if statement.principals
        for each in statement.principals.named
    ]


_LAMBDA = "lambda.amazonaws.com"
#: What code is about that runs tasks or deploys them, as any SDK or the CLI writes it, or that runs
#: what does not stand in it.
_OF_ECS = regex(r"(?i)ecs|run_?task|importlib|subprocess|\b(?:exec|eval)\b")


def has_other_work(stack: Stack, role: Role) -> bool:
    """Does nothing work under the role but functions of which the code is known, and has no word of
    ECS?"""
    if services_of_roles(stack).get(role.address) != {_LAMBDA}:
        return False
    users = stack.derived(_users).get(role.address, [])
    codes = [literal(user.code) for user in users]
    return all(code and not _OF_ECS.search(code) for code in codes)


def _users(stack: Stack) -> dict[str, list[RoleUser]]:
    """What works under each role, by its address."""
    found: dict[str, list[RoleUser]] = {}
    for user in stack.of(RoleUser):
        role = stack.role_of(user.role)
        if isinstance(role, Role):
            found.setdefault(role.address, []).append(user)
    return found


#: Calls that pass a role on, and to which service (IAM User Guide, "id_roles_use_passrole"; the
#: services' pages in the Service Authorization Reference).
_PASSED_BY = {
    "application-autoscaling:RegisterScalableTarget": "application-autoscaling.amazonaws.com",
    "cloudformation:CreateStack": "cloudformation.amazonaws.com",
    "codebuild:CreateProject": "codebuild.amazonaws.com",
    "codedeploy:CreateDeploymentGroup": "codedeploy.amazonaws.com",
    "codepipeline:CreatePipeline": "codepipeline.amazonaws.com",
    "ec2:RunInstances": "ec2.amazonaws.com",
    # the role of a service behind a load balancer, and what manages its volumes and target groups
    "ecs:CreateService": SERVICES,
    "events:PutTargets": "events.amazonaws.com",
    "lambda:CreateFunction": "lambda.amazonaws.com",
    "pipes:CreatePipe": "pipes.amazonaws.com",
    "scheduler:CreateSchedule": "scheduler.amazonaws.com",
    "states:CreateStateMachine": "states.amazonaws.com",
}
#: Services of which no call passes a role, or of which all that do are among these.
_KNOWN = {
    *(call.partition(":")[0] for call in _PASSED_BY),
    *("acm", "cloudfront", "cloudwatch", "dynamodb", "ecr", "ecs", "elasticfilesystem"),
    *("elasticloadbalancing", "iam", "kms", "logs", "route53", "s3", "secretsmanager"),
    *("servicediscovery", "sns", "sqs", "ssm", "ssmmessages", "sts", "tag", "xray"),
}


def passed_to(role: Role) -> tuple[str, ...] | None:
    """The services to which the role passes others, as far as statements in the code let it: ECS
    tasks first. None where it may do all of a service that may take roles too."""
    found = {TASKS: None}
    for _, statement in chosen_statements(role):
        for action in statement.actions or () if allows(statement) else ():
            service, _, name = (literal(action) or "*:*").lower().partition(":")
            if name == "*" and service not in _KNOWN:
                return None
            found |= {to: None for call, to in _PASSED_BY.items() if covers_action(action, call)}
    return tuple(found)


def runs_by_name(stack: Stack, role: Role) -> tuple[TaskDefinition, ...]:
    """The task definitions that statements of the role let it run by their name: not by a star for
    all of them, or for all whose names begin so."""
    patterns = [
        resource
        for _, statement in chosen_statements(role)
        if allows(statement)
        and any(covers_action(a, "ecs:RunTask") for a in statement.actions or ())
        for resource in statement.resources or ()
        if literal(resource) != "*"
    ]
    if not patterns:
        return ()
    return tuple(
        task
        for task in stack.task_definitions
        if any(_names(stack, pattern, task) for pattern in patterns)
    )


def _names(stack: Stack, pattern: Value, task: TaskDefinition) -> bool:
    """Does the pattern cover the task definition's next revision, and neither every family's nor
    that of a family whose name goes on?"""
    revision = arns.revision(task.address)
    another = arns.hole(task.address, "another family", Shape.SEGMENT)

    def covers(family: Value) -> bool:
        named = arns.task_definition(stack.target, family, revision)
        return isinstance(iam.match.covers(pattern, named), Yes)

    return covers(task.family) and not covers(another) and not covers(join(task.family, "-more"))
