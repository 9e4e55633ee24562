"""A container logs to a log group that nobody is seen to make.

What it finds
    ``awslogs`` without ``awslogs-create-group`` names, by a literal text, a log group that the
    stack does not make, while it makes others: one with a similar name, which the finding names, or
    one that nothing logs to. A note where it makes no such group. An error where the stack makes
    the group of that name in another account.

Why it matters
    The log driver does not create the group by itself, and the task does not start.

Fix
    Name the stack's own group by reference, or create the one that is named.

When it stays silent
    The name has parts that are not known; a module or nested stack could not be read. A group whose
    name AWS chooses is not held against it: others may log there.

References
    using_awslogs, resource-initialization-error
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.log_sources import LogSource, awslogs_sources, groups_in_use
from ..findings.finding import AnyOutcome, Finding, Fix, Phase, Severity
from ..findings.fixing.references import referring
from ..findings.rule import Rule
from ..model import Language, LogGroup, Stack
from ..symbolic.alike import nearest
from ..symbolic.answers import Evidence, No, truth
from ..symbolic.strings import may_equal
from ..symbolic.values import join, literal
from ._messages import NO_LOG_GROUP


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    sources = tuple(awslogs_sources(stack))
    used = groups_in_use(stack)
    for source in sources:
        name = literal(source.group)
        if not name or not isinstance(truth(source.log.option("awslogs-create-group")), No):
            continue
        found = stack.find(LogGroup, source.group)
        if found is None and not stack.unread and not _may_be_made(stack, source):
            yield _absent(rule, stack, source, name, used)
        elif found is not None and _elsewhere(stack, source, found):
            yield _finding(
                rule,
                stack,
                source,
                f"which the stack makes in another account: '{found.address}'",
                Severity.ERROR,
                found,
            )


def _may_be_made(stack: Stack, source: LogSource) -> bool:
    """Is there a group of whose name too little is known?"""
    return any(may_equal(group.name, source.group) for group in stack.of(LogGroup))


def _elsewhere(stack: Stack, source: LogSource, found: LogGroup) -> bool:
    """Is the group surely in another account than the task?"""
    ours = literal((source.task.target or stack.target).account)
    theirs = literal((found.target or stack.target).account)
    return ours is not None and theirs is not None and ours != theirs


def _absent(
    rule: Rule, stack: Stack, source: LogSource, name: str, used: frozenset[str]
) -> Finding:
    groups = {literal(group.name) or "": group for group in stack.of(LogGroup)}
    near = nearest(name, [known for known in groups if known], 0.75)
    idle = [group for known, group in groups.items() if known and group.address not in used]
    if near is not None:
        group = groups[near]
        what = f"which the stack does not make; it makes '{near}' ('{group.address}')"
        return _finding(rule, stack, source, what, Severity.WARNING, group)
    if idle:
        what = f"which the stack does not make, while nothing logs to '{idle[0].address}'"
        return _finding(rule, stack, source, what, Severity.WARNING, idle[0])
    # A task definition file makes none, and what does may not be the code it is joined with.
    what = (
        "which must be there: the log driver does not create it"
        if stack.language is Language.TASK_FILE
        else "which the stack does not make"
    )
    return _finding(rule, stack, source, what, Severity.NOTE, None)


def _finding(
    rule: Rule,
    stack: Stack,
    source: LogSource,
    what: str,
    severity: Severity,
    near: LogGroup | None,
) -> Finding:
    return rule.finding(
        source.owner,
        f"{source.title[:1].upper()}{source.title[1:]} logs to group '{literal(source.group)}', "
        f"{what}.",
        span=source.group.span,
        phase=Phase.START,
        subject=join(source.named, " ", source.group),
        severity=severity,
        fails_with=NO_LOG_GROUP,
        related=[Evidence(f"log group '{near.address}'", near.address, near.span)] if near else (),
        fix=Fix(
            "Name a log group of the stack by reference, or make the one that is named.",
            draft=referring(stack, source.owner, source.group, near, "name") if near else None,
        ),
    )


RULE = Rule(
    "ECS614",
    "log-group-not-there",
    (Severity.ERROR, Severity.WARNING, Severity.NOTE),
    __doc__,
    check,
)
