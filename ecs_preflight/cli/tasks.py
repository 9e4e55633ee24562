"""``ecs-preflight explain`` and ``policy``: what tasks need of their roles."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..analysis.examine import Evaluated, examine
from ..analysis.lines import Lines
from ..analysis.options import Options
from ..analysis.root_names import RootNames
from ..analysis.scan import report_of
from ..findings.finding import is_need
from ..findings.sensitive import hidden
from ..findings.sources import Sources
from ..model import External, Role
from ..report import explain, markdown, policy, terminal
from ..report.coverage import coverage
from ..rules import RULES
from .exits import MISUSE, say, show, troubles
from .options import reading
from .writing import width, write


def explain_needs(arguments: argparse.Namespace) -> int:
    """``explain``: what each task needs, and whether it has it. Gives the exit code."""
    options = reading(arguments)
    examined = examine(arguments.paths or ["."], options, RULES)
    found = _explained(arguments, examined, options)
    if arguments.output:
        write(Path(arguments.output), found)
    else:
        show(found)
    if not any(is_need(outcome) for each in examined.judged for outcome in each.outcomes):
        say("no task with a need that could be explained")
    return troubles(examined.missing, examined.faults, examined.unreadable)


def _explained(arguments: argparse.Namespace, examined: Evaluated, options: Options) -> str:
    """The explanation in the form that is asked for."""
    kind, rules = arguments.format, options.chosen(RULES)
    closing = coverage(report_of(examined, options, RULES))
    names = RootNames.within(examined.boundaries, examined.named)
    if kind != "text":
        told = explain.explained(examined.judged, rules, closing, names.span)
        if kind == "markdown":
            return explain.markdown.render(told, markdown.source(os.environ))
        if kind == "html":
            return explain.page.render(told)
        return explain.as_json.render(told)
    on_terminal = sys.stdout.isatty() and not arguments.output
    rows = list(explain.rows(examined.judged, rules))
    lines = explain.lines.render(rows, width(on_terminal))
    lines += [(), (("", closing),)] if rows else []
    colour = terminal.wants_colour(arguments.color, os.environ, on_terminal)
    return (terminal.coloured if colour else terminal.plain)(lines)


def write_policy(arguments: argparse.Namespace) -> int:
    """``policy``: the policy that a task's role should have. Gives the exit code."""
    examined = examine([arguments.path], reading(arguments), RULES)
    tasks = policy.tasks_named(examined.judged, arguments.task)
    if not tasks:
        known = sorted({t.address for j in examined.judged for t in j.stack.own_tasks})
        code = troubles(examined.missing, examined.faults, examined.unreadable)
        say(f"error: no task definition '{arguments.task}'; there is {', '.join(known) or 'none'}")
        return code or MISUSE
    found_in = {policy.name_within(result.stack, task): task.address for result, task in tasks}
    if len(found_in) > 1:
        addresses = set(found_in.values())
        several = ", ".join(sorted(addresses if len(addresses) == len(found_in) else found_in))
        say(f"error: several task definitions are called '{arguments.task}': {several}")
        return MISUSE
    result, task = tasks[0]
    stack = result.stack
    principal = policy.ROLES[arguments.role]
    found = policy.statements(stack, task, principal, RULES)
    form = arguments.format or policy.OWN_FORMAT[stack.language]
    role = policy.role_of(stack, task, principal)
    if arguments.diff and isinstance(role, Role):
        told = policy.compared(stack, role, principal, found, RULES)
        show(hidden(told, result.secrets))
    elif arguments.diff:
        kind = f"{arguments.role} role"
        say(
            f"error: the {kind} of '{task.address}' is not in the scanned code"
            if isinstance(role, External)
            else f"error: '{task.address}' has no {kind}"
        )
        return MISUSE
    elif found:
        sources = Sources(Lines(examined.boundaries).text)
        written = policy.render(stack, task, principal, found, form, sources)
        show(hidden(written, result.secrets))
    else:
        say(f"'{task.address}' needs nothing of its {arguments.role} role")
    for further in policy.elsewhere_needed(result, task, principal, RULES):
        say(hidden(f"some deployments also need {further}", result.secrets))
    return troubles(examined.missing, examined.faults, examined.unreadable)
