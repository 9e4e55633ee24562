"""A role of a task may do far more than the task needs.

What it finds
    AdministratorAccess or another FullAccess policy on a task or execution role; on an execution
    role also PowerUser, SecretsManagerReadWrite, the container instance's policy, and those that
    read all of a service (AmazonSSMReadOnlyAccess). ``*`` on
    ``*``, and every secret, parameter or key (``secretsmanager:GetSecretValue``,
    ``ssm:GetParameters``, ``kms:Decrypt`` on ``*``).

Why it matters
    Whoever gets into the container, or can change what it runs, has all of it.

Fix
    Name the actions and resources that the task uses. For the agent that is
    AmazonECSTaskExecutionRolePolicy and the task's own secrets. Where instances or other services
    work under the role too, give the tasks one of their own.

When it stays silent
    ``*`` as resource of actions that know no other.

References
    security-iam-bestpractices, task_execution_IAM_role
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Union

from ..ecs.policies import (
    action_span,
    actions_span,
    allows,
    is_everything,
    managed_policies,
    written_statements,
)
from ..ecs.role_uses import RoleUse, role_uses
from ..ecs.service_roles import services_of_roles
from ..ecs.unknown_parts import roles_of_unknown_parts
from ..findings.finding import AnyOutcome, Draft, Fix, Phase, Severity
from ..findings.fixing.narrowing import detached, narrowed
from ..findings.needs import Need
from ..findings.rule import Rule
from ..iam import managed
from ..iam.document import Statement
from ..model import Policy, Principal, Stack
from ..symbolic.patterns import regex
from ..symbolic.source import Span
from ..symbolic.strings import pieces
from ..symbolic.values import Value, literal
from ._all_needs import needs_of_role

BROAD = regex(r"AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess|\w+_FullAccess")
BROAD_FOR_AGENT = (
    "AmazonEC2ContainerRegistryPowerUser",
    "SecretsManagerReadWrite",
    "AmazonEC2ContainerServiceforEC2Role",
)
#: FSx's is part of what its tutorial attaches (facts D4).
READ_ONLY = regex(r"(?!AmazonFSx)\w*ReadOnlyAccess")
INSTEAD = {
    "CloudWatchLogsFullAccess": "logs:CreateLogStream and logs:PutLogEvents on the log group",
    "AmazonEC2ContainerRegistryFullAccess": "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryPowerUser": "AmazonEC2ContainerRegistryPullOnly",
    "SecretsManagerReadWrite": "secretsmanager:GetSecretValue on the task's secrets",
    "AmazonSSMFullAccess": "ssm:GetParameters on the task's parameters",
    "AmazonSSMReadOnlyAccess": "ssm:GetParameters on the task's parameters",
    "AmazonS3ReadOnlyAccess": "s3:GetObject on the task's files",
    "AmazonEC2ContainerServiceforEC2Role": "AmazonECSTaskExecutionRolePolicy",
}
EVERY = {
    "secretsmanager:getsecretvalue": "secret",
    "secretsmanager:*": "secret",
    "ssm:getparameters": "parameter",
    "ssm:getparameter": "parameter",
    "ssm:*": "parameter",
    "kms:decrypt": "key",
    "kms:*": "key",
    "ecr:*": "repository",
}


#: Where it is and is listed, what the role has, what is to be done, and the edit.
_Broad = tuple[Span, Span, str, str, Union[Draft, None]]


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in role_uses(stack):
        title = " and ".join(principal.value for principal in use.principals)
        needs = _needs(stack, use)
        found = (*_managed(stack, use, needs), *_written(stack, use, needs))
        for span, listed, what, words, draft in found:
            yield rule.finding(
                use.role,
                f"{title.capitalize()} '{use.role.address}' {what}.",
                span=span,
                listed=listed,
                phase=Phase.RUN,
                subject=what,
                fix=Fix(words, draft=draft),
            )


def _needs(stack: Stack, use: RoleUse) -> tuple[Need, ...] | None:
    """What the role needs, where all of that is known: the agent's needs are, those of an
    application or another service are not."""
    if use.principals != (Principal.EXECUTION,) or services_of_roles(stack).get(use.role.address):
        return None
    if use.role.address in stack.derived(roles_of_unknown_parts):
        return None
    needs = needs_of_role(stack, use.role)
    return None if any(need.doubt is not None for need in needs) else needs


def _managed(stack: Stack, use: RoleUse, needs: tuple[Need, ...] | None) -> Iterator[_Broad]:
    for policy in managed_policies(use.role):
        name = _title(policy)
        agent = Principal.EXECUTION in use.principals and (
            name in BROAD_FOR_AGENT or READ_ONLY.fullmatch(name) is not None
        )
        if (agent or BROAD.fullmatch(name)) and managed.find(policy.arn) is not None:
            draft = None if needs is None else detached(stack, use.role, policy, needs, _NEEDLESS)
            words = _words(stack, use, INSTEAD.get(name, "what the task calls"))
            yield policy.attached, policy.attached, f"has '{name}'", words, draft


#: What is said where the agent needs nothing of a policy.
_NEEDLESS = "Leave it out: the role has what the agent needs without it."


def _title(policy: Policy) -> str:
    """The name of AWS's policy; empty where that is not known."""
    named = managed.parts(policy.arn)
    return named[1].rpartition("/")[2] if named else ""


def _words(stack: Stack, use: RoleUse, instead: str) -> str:
    """What is to be allowed instead: another role where something else needs what this one has."""
    if services_of_roles(stack).get(use.role.address):
        return f"Give the tasks a role of their own, and allow it {instead}."
    has_it = instead in map(_title, managed_policies(use.role))
    if has_it and use.principals == (Principal.EXECUTION,):
        return f"Leave it out: the role has {instead} too."
    return f"Allow {instead} instead."


def _written(stack: Stack, use: RoleUse, needs: tuple[Need, ...] | None) -> Iterator[_Broad]:
    for _, statement in written_statements(use.role):
        everywhere = is_everything(statement.resources.items) if statement.resources else False
        if not allows(statement) or not statement.is_unconditional or not statement.actions:
            continue
        listed = actions_span(statement)
        if everywhere and is_everything(statement.actions.items):
            words = _words(stack, use, "what the task calls")
            star = [action for action in statement.actions if is_everything((action,))]
            yield action_span(statement, star), listed, "may do everything", words, None
        else:
            kinds: dict[str, list[Value]] = {}
            for action in statement.actions:
                name = (literal(action) or "").lower()
                if name in EVERY and (everywhere or _is_for_all(statement, name)):
                    kinds.setdefault(EVERY[name], []).append(action)
            for kind, named in kinds.items():
                yield (
                    action_span(statement, named),
                    listed,
                    f"has access to every {kind} of the account",
                    _words(stack, use, f"the {_PLURALS.get(kind, f'{kind}s')} that the task uses"),
                    None if needs is None else narrowed(stack, use.role, statement, needs),
                )


#: How the ARN ends that stands for all of a service's parameters, secrets or keys.
_ALL = {"ssm": ":parameter/*", "secretsmanager": ":secret:*", "kms": ":key/*"}
_PLURALS = {"repository": "repositories"}


def _is_for_all(statement: Statement, action: str) -> bool:
    """Does a resource stand for all that the action's service has of them?"""
    end = _ALL.get(action.partition(":")[0])
    resources = statement.resources.items if statement.resources else ()
    return end is not None and any(pieces.ending(value).endswith(end) for value in resources)


RULE = Rule(
    "ECS626", "broad-policy-on-task-roles", (Severity.WARNING,), __doc__, check, security="6.0"
)
