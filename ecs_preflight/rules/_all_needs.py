"""The rules that put needs to IAM, and their needs by who must meet them.

The needs of a stack are derived once, and shared by these rules, by those that compare them, by
explain and by policy.
"""

from __future__ import annotations

from ..findings.finding import Phase
from ..findings.needs import Need
from ..findings.rule import Rule
from ..model import Principal, Role, Stack
from . import (
    agent_file_not_readable,
    container_logs_not_writable,
    environment_file_not_readable,
    exec_channel_denied,
    exec_session_key_denied,
    exec_session_log_denied,
    file_system_not_mountable,
    helper_role_lacks_policy,
    image_not_pullable,
    instance_role_lacks_policy,
    key_not_usable,
    launcher_cannot_run_task,
    log_group_not_creatable,
    log_router_not_allowed,
    parameter_not_readable,
    pull_through_cache_not_importable,
    registry_credentials_not_readable,
    secret_not_readable,
    sidecar_not_permitted,
    volume_key_not_usable,
)

NEED_RULES: tuple[Rule, ...] = (
    agent_file_not_readable.RULE,
    container_logs_not_writable.RULE,
    environment_file_not_readable.RULE,
    exec_channel_denied.RULE,
    exec_session_key_denied.RULE,
    exec_session_log_denied.RULE,
    file_system_not_mountable.RULE,
    helper_role_lacks_policy.RULE,
    image_not_pullable.RULE,
    instance_role_lacks_policy.RULE,
    key_not_usable.RULE,
    launcher_cannot_run_task.RULE,
    log_group_not_creatable.RULE,
    log_router_not_allowed.RULE,
    parameter_not_readable.RULE,
    pull_through_cache_not_importable.RULE,
    registry_credentials_not_readable.RULE,
    secret_not_readable.RULE,
    sidecar_not_permitted.RULE,
    volume_key_not_usable.RULE,
)


def needs_of(stack: Stack, principal: Principal, phase: Phase | None = None) -> tuple[Need, ...]:
    """What ``principal`` must be allowed, in ``phase`` alone where one is given."""
    found = stack.derived(_by_principal)
    if (principal, phase) not in found:
        found[principal, phase] = tuple(
            need
            for rule in NEED_RULES
            for need in rule.needs_of(stack)
            if need.principal is principal and phase in (None, need.phase)
        )
    return found[principal, phase]


def _by_principal(_: Stack) -> dict[tuple[Principal, Phase | None], tuple[Need, ...]]:
    return {}


def needs_of_role(stack: Stack, role: Role) -> tuple[Need, ...]:
    """What the role must be allowed, whoever uses it."""
    return tuple(stack.derived(_by_role).get(role.address, ()))


def _by_role(stack: Stack) -> dict[str, list[Need]]:
    found: dict[str, list[Need]] = {}
    for rule in NEED_RULES:
        for need in rule.needs_of(stack):
            role = stack.role_of(need.role)
            if isinstance(role, Role):
                found.setdefault(role.address, []).append(need)
    return found
