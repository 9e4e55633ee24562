"""The needs of all rules about permissions, by who must meet them."""

from __future__ import annotations

from ..findings.needs import Need
from ..model import Stack
from . import (
    agent_file_not_readable,
    container_logs_not_writable,
    environment_file_not_readable,
    exec_channel_denied,
    exec_session_key_denied,
    exec_session_log_denied,
    file_system_not_mountable,
    image_not_pullable,
    key_not_usable,
    log_group_not_creatable,
    log_router_not_allowed,
    parameter_not_readable,
    registry_credentials_not_readable,
    secret_not_readable,
    sidecar_not_permitted,
)

_AGENT = (
    image_not_pullable,
    container_logs_not_writable,
    log_group_not_creatable,
    secret_not_readable,
    parameter_not_readable,
    key_not_usable,
    registry_credentials_not_readable,
    environment_file_not_readable,
    agent_file_not_readable,
)
_EXEC = (exec_channel_denied, exec_session_log_denied, exec_session_key_denied)
_TASK = (*_EXEC, file_system_not_mountable, log_router_not_allowed, sidecar_not_permitted)


def agent_needs(stack: Stack) -> tuple[Need, ...]:
    """What the ECS agent needs of execution roles."""
    return stack.derived(_agent)


def exec_needs(stack: Stack) -> tuple[Need, ...]:
    """What ECS Exec needs of task roles."""
    return stack.derived(_exec)


def task_needs(stack: Stack) -> tuple[Need, ...]:
    """What the tool knows that task roles need, Exec among it."""
    return stack.derived(_task)


def _agent(stack: Stack) -> tuple[Need, ...]:
    return tuple(need for module in _AGENT for need in module.needs(stack))


def _exec(stack: Stack) -> tuple[Need, ...]:
    return tuple(need for module in _EXEC for need in module.needs(stack))


def _task(stack: Stack) -> tuple[Need, ...]:
    return tuple(need for module in _TASK for need in module.needs(stack))
