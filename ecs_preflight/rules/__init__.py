"""The rules, gathered explicitly, in the order of their ids.

Each stands in a module of its own, named after the rule's name. The module's docstring is the rule's
page, ``check`` its one function, ``RULE`` the value.
"""

from __future__ import annotations

from ..finding import Rule
from . import (
    agent_permission_on_task_role,
    container_logs_not_writable,
    exec_channel_denied,
    exec_on_read_only_root,
    exec_permission_on_execution_role,
    exec_platform_too_old,
    exec_without_task_role,
    execution_role_missing,
    execution_role_not_assumable,
    file_not_readable,
    image_not_pullable,
    log_group_not_creatable,
    malformed_service_principal,
    one_role_for_both,
    parameter_not_readable,
    rule_failed,
    secret_not_readable,
    task_role_not_assumable,
)

RULES: tuple[Rule, ...] = tuple(sorted((
    agent_permission_on_task_role.RULE,
    container_logs_not_writable.RULE,
    exec_channel_denied.RULE,
    exec_on_read_only_root.RULE,
    exec_permission_on_execution_role.RULE,
    exec_platform_too_old.RULE,
    exec_without_task_role.RULE,
    execution_role_missing.RULE,
    execution_role_not_assumable.RULE,
    file_not_readable.RULE,
    image_not_pullable.RULE,
    log_group_not_creatable.RULE,
    malformed_service_principal.RULE,
    one_role_for_both.RULE,
    parameter_not_readable.RULE,
    rule_failed.RULE,
    secret_not_readable.RULE,
    task_role_not_assumable.RULE,
), key=lambda rule: rule.id))
