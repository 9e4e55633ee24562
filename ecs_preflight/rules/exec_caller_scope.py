"""A policy lets somebody run ECS Exec in too few places, or too many.

What it finds
    ``ecs:ExecuteCommand`` allowed on tasks but not on the cluster, on clusters but not on their
    tasks, or without ``kms:GenerateDataKey`` on the key that the cluster's sessions are encrypted
    with; a task role that may call it. A note where it is allowed and ``ssm:StartSession`` on the
    tasks stays open beside it.

Why it matters
    The call is authorised on both the cluster and the task: with one of them it is refused. The
    caller makes the key that encrypts the session. A
    container that may call it can open shells in others. A direct session leaves no trace in Exec's
    log.

Fix
    Name both ``cluster/NAME`` and ``task/NAME/*``, in a policy of people's roles.

When it stays silent
    The resources are not fully known.

References
    ecs-exec
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import iam
from ..ecs.policies import (
    action_span,
    actions_span,
    allows,
    covers_action,
    written_statements,
)
from ..ecs.role_uses import role_uses
from ..findings.decide import grant
from ..findings.finding import AnyOutcome, Draft, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.corrections import on_cluster_too, on_tasks_too
from ..findings.fixing.editable import is_only_of
from ..findings.needs import Demand
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..iam.document import Statement
from ..model import Cluster, Key, Policy, Principal, Role, Stack, User
from ..symbolic import arns
from ..symbolic.answers import No, Yes
from ..symbolic.source import Span
from ..symbolic.strings import pieces
from ..symbolic.terms import Name
from ..symbolic.values import Unknown, Value, join, literal, shown_value

EXECUTE, GENERATE = "ecs:ExecuteCommand", "kms:GenerateDataKey"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    task_roles = [use.role for use in role_uses(stack) if Principal.TASK in use.principals]
    of_tasks = {role.address for role in task_roles}
    for role in stack.principals:
        found = list(_allowing(role))
        if not found:
            continue
        policy, statement = found[0]
        span, listed = _span(statement), actions_span(statement)
        if role.address in of_tasks:
            yield rule.finding(
                role,
                f"Task role '{role.address}' may open shells in other tasks with ECS Exec.",
                span=span,
                listed=listed,
                phase=Phase.RUN,
                subject="task role may execute",
                fix=_taken_off(policy, statement, is_only_of(stack, statement.span, task_roles)),
            )
        elif isinstance(
            iam.authorize(stack, role, "ssm:StartSession", _tasks(stack), Principal.DEPLOYER), Yes
        ):
            yield rule.finding(
                role,
                f"{role.noun} '{role.address}' may run ECS Exec, and open sessions that Exec does "
                "not log.",
                span=span,
                listed=listed,
                phase=Phase.EXEC,
                subject="sessions left open",
                severity=Severity.NOTE,
                fix=Fix("Deny 'ssm:StartSession' on 'arn:aws:ecs:*:*:task/*'."),
            )
        yield from _without_key(rule, stack, role, [each for _, each in found])
        yield from _without_tasks(rule, stack, role, [each for _, each in found])
        resources = [shown_value(value) for _, each in found for value in each.resources or ()]
        if resources and all(":task/" in resource for resource in resources):
            yield rule.finding(
                role,
                f"{role.noun} '{role.address}' may run ECS Exec on tasks, but not on their "
                "cluster.",
                span=(statement.resources or statement).span,
                phase=Phase.EXEC,
                subject="cluster left out",
                fails_with="AccessDeniedException: not authorized to "
                "perform: ecs:ExecuteCommand on resource: cluster",
                fix=Fix(
                    "Add the cluster's ARN to the statement's resources.",
                    draft=on_cluster_too(statement),
                ),
            )


def _without_tasks(
    rule: Rule, stack: Stack, role: Role, given: list[Statement]
) -> Iterator[AnyOutcome]:
    """Clusters alone, where nothing else that the role has may let it run Exec on a task."""
    listed = [value for statement in given for value in statement.resources or ()]
    named = (literal(action) or "" for each in given for action in each.actions or ())
    if not any(name.lower().startswith("ecs:exec") for name in named):
        return  # a star for all of the cluster's actions is meant for others
    if not listed or not all(_is_cluster(value) for value in listed):
        return
    if isinstance(iam.authorize(stack, role, EXECUTE, _tasks(stack), Principal.DEPLOYER), No):
        yield rule.finding(
            role,
            f"{role.noun} '{role.address}' may run ECS Exec on a cluster, but not on its tasks.",
            span=(given[0].resources or given[0]).span,
            phase=Phase.EXEC,
            subject="tasks left out",
            fails_with="AccessDeniedException: not authorized to perform: ecs:ExecuteCommand on "
            "resource: task",
            fix=Fix(
                "Add the ARN of the cluster's tasks, task/NAME/*, to the statement's resources.",
                draft=settings.first_of(
                    on_tasks_too(given[0]), *_as_launched(stack, role, listed[0])
                ),
            ),
        )


def _as_launched(stack: Stack, role: Role, named: Value) -> Iterator[Draft]:
    """What adds the tasks of a cluster of the stack, with its name as what launches them writes
    it."""
    cluster = stack.find(Cluster, named)
    launch = next((each for each in stack.launches if stack.cluster_of(each) is cluster), None)
    if cluster is not None and launch is not None:
        tasks = arns.arn(stack.target, "ecs", join("task/", cluster.name, "/*"))
        draft = grant(stack, role, (Demand(EXECUTE, tasks),), launch.cluster).draft
        if draft is not None:
            yield draft


def _is_cluster(resource: Value) -> bool:
    fields = pieces.arn_parts(resource)
    return fields is not None and shown_value(fields[pieces.RESOURCE]).startswith("cluster/")


def _without_key(
    rule: Rule, stack: Stack, role: Role, given: list[Statement]
) -> Iterator[AnyOutcome]:
    """Clusters of the stack where the role may run Exec and may not use the key of sessions."""
    for cluster in stack.clusters:
        key = stack.find(Key, cluster.exec.kms_key) if cluster.exec else None
        covered = any(
            isinstance(iam.match.covers(resource, cluster.arn), Yes)
            for statement in given
            for resource in statement.resources or ()
        )
        if key is None or not covered:
            continue
        answer = iam.authorize(stack, role, GENERATE, key.arn, Principal.DEPLOYER)
        if isinstance(answer, No):
            yield rule.finding(
                role,
                f"{role.noun} '{role.address}' may run ECS Exec in '{cluster.address}', but not "
                f"call '{GENERATE}' on '{key.address}', which encrypts its sessions.",
                span=_span(given[0]),
                listed=actions_span(given[0]),
                phase=Phase.EXEC,
                subject=f"key of {cluster.address}",
                fails_with="AccessDeniedException when calling the ExecuteCommand operation: not "
                f"authorized to perform: {GENERATE}",
                fix=Fix(f"Allow '{GENERATE}' on the key in a policy of the user.")
                if isinstance(role, User)
                else grant(stack, role, (Demand(GENERATE, key.arn),)),
            )


def _taken_off(policy: Policy, statement: Statement, is_own: bool) -> Fix:
    """Without the call; in words where a pattern stands for others, too, or the statement is not
    the tasks' own."""
    listed = statement.actions.items if statement.actions else ()
    covering = [literal(item) or "" for item in _executing(statement)]
    only = [name for name in covering if iam.actions.matching(name) == (EXECUTE,)]
    if only != covering:
        wide = quoted([name for name in covering if name not in only])
        return Fix(f"Name in place of {wide} what the task calls, without '{EXECUTE}'.")
    return Fix(
        f"Take '{EXECUTE}' off the task role.",
        draft=settings.removing_actions(listed, statement.span, only, policy) if is_own else None,
    )


def _tasks(stack: Stack) -> Value:
    task = Unknown("any task of the account", Name("task"))
    return arns.arn(stack.target, "ecs", join("task/", task))


def _executing(statement: Statement) -> list[Value]:
    """The actions by which it allows the call."""
    return [action for action in statement.actions or () if covers_action(action, EXECUTE)]


def _span(statement: Statement) -> Span:
    return action_span(statement, _executing(statement))


def _allowing(role: Role) -> Iterator[tuple[Policy, Statement]]:
    for policy, statement in written_statements(role):
        if allows(statement) and statement.unread is None and _executing(statement):
            yield policy, statement


RULE = Rule(
    "ECS712", "exec-caller-scope", (Severity.WARNING, Severity.NOTE), __doc__, check, security="6.0"
)
