"""The account of a stack, where its own ARNs say it.

Source: the IAM documentation, "Grant a user permissions to pass a role to an AWS service" (a role
is passed within its account), "AttachRolePolicy", and the ECS API, "CreateService" and "RunTask"
(their cluster is one of the caller's own). A secret, key, bucket or repository may well be another
account's, and so may a backend's bucket and role.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Launch, PolicyKind, Resource, Role, Stack, TaskDefinition
from ..model.rewriting import rewritten
from ..symbolic.arns import ACCOUNT
from ..symbolic.patterns import regex
from ..symbolic.records import replace
from ..symbolic.values import Known, Value, expanded, shown_value

_OWN = regex(r"arn:[^:]*:(?:iam::|ecs:[^:]*:)(\d{12}):(?:role|policy|cluster)/")


def with_account(stack: Stack) -> Stack:
    """The stack in the account that all its ARNs name which can be of no other. Where nothing says
    it, or not all agree, the account stays open."""
    if stack.reusable or stack.target.account != ACCOUNT:
        return stack
    found = {
        match[1]
        for resource in stack.resources
        for value in _own_arns(resource)
        if (match := _OWN.match(shown_value(expanded(value)))) and _is_there(resource, stack)
    }
    if len(found) != 1:
        return stack
    account = Known(found.pop())
    assert ACCOUNT.symbol is not None
    return replace(
        stack,
        target=replace(stack.target, account=account),
        resources=rewritten(stack.resources, {ACCOUNT.symbol: account}),
    )


def _is_there(resource: Resource, stack: Stack) -> bool:
    """Is the resource the stack's own, and in the stack's own account?"""
    place = resource.target or stack.target
    return stack.owns(resource) and place.account == ACCOUNT


def _own_arns(resource: Resource) -> Iterator[Value]:
    """What can name nothing but something of the resource's own account."""
    if isinstance(resource, TaskDefinition):
        yield from (resource.task_role, resource.execution_role)
    elif isinstance(resource, Launch):
        yield from (resource.cluster, resource.launcher_role)
        yield from (resource.task_role_override, resource.execution_role_override)
    elif isinstance(resource, Role):
        yield from (
            policy.arn for policy in resource.policies if policy.kind is PolicyKind.CUSTOMER
        )
