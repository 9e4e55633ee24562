"""``ecs-preflight explain`` and ``policy``: what tasks need of their roles."""

from __future__ import annotations

import argparse
import sys

from ..analysis.examine import examine
from ..findings.sensitive import hidden
from ..model import Language
from ..report import explain, policy
from ..rules import RULES
from .exits import MISUSE, say, troubles
from .options import reading


def explain_needs(arguments: argparse.Namespace) -> int:
    options = reading(arguments)
    examined = examine(arguments.paths or ["."], options, RULES)
    table = list(explain.rows(examined.judged, options.chosen(RULES)))
    secrets = frozenset(secret for result in examined.judged for secret in result.secrets)
    sys.stdout.write(hidden(explain.render(table), secrets))
    if not table and not examined.missing:
        say("no task with a need that could be explained")
    return troubles(examined.missing, examined.faults, examined.unreadable)


def write_policy(arguments: argparse.Namespace) -> int:
    examined = examine([arguments.path], reading(arguments), RULES)
    tasks = policy.tasks_named(examined.judged, arguments.task)
    if not tasks:
        known = sorted({t.address for j in examined.judged for t in j.stack.task_definitions})
        code = troubles(examined.missing, examined.faults, examined.unreadable)
        say(f"error: no task definition '{arguments.task}'; there is {', '.join(known) or 'none'}")
        return code or MISUSE
    if len({task.address for _, task in tasks}) > 1:
        several = ", ".join(sorted({task.address for _, task in tasks}))
        say(f"error: several task definitions are called '{arguments.task}': {several}")
        return MISUSE
    result, task = tasks[0]
    stack = result.stack
    principal = policy.ROLES[arguments.role]
    found = policy.statements(stack, task, principal, RULES)
    form = arguments.format or ("hcl" if stack.language is Language.TERRAFORM else "yaml")
    if found:
        written = policy.render(stack, task, principal, found, form)
        sys.stdout.write(hidden(written, result.secrets))
    else:
        say(f"'{task.address}' needs nothing of its {arguments.role} role")
    for further in policy.elsewhere_needed(result, task, principal, RULES):
        say(hidden(f"some deployments also need {further}", result.secrets))
    return troubles(examined.missing, examined.faults, examined.unreadable)
