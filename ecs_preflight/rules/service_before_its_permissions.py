"""A service may be created before what its tasks need at once.

What it finds
    A service that does not wait for the separate resources which attach policies to the execution
    role of its task definition (a note). In CloudFormation also one that does not wait for the
    listener which joins its target group to a load balancer (a warning).

Why it matters
    Where nothing says that one needs the other, both are created at once: the first tasks may start
    before the policy is attached, and fail; and ECS refuses a service whose target group has no
    load balancer yet. (Terraform tries again.)

Fix
    Add ``depends_on`` or ``DependsOn`` to the service.

When it stays silent
    The policies are part of the role itself; the task definition waits for them; no listener of the
    stack is seen to lead to the target group; a template's service refers to a listener or a rule,
    or to what does so in turn, or its ``DependsOn`` is not known.

References
    aws_ecs_service, aws-attribute-dependson
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..findings.finding import AnyOutcome, Finding, Fix, Phase, Severity
from ..findings.fixing.references import awaiting
from ..findings.rule import Rule
from ..findings.wording import home_of, quoted
from ..model import Language, Launch, Launcher, Listener, Role, Stack, TargetGroup

NO_BALANCER = (
    "InvalidParameterException: The target group with targetGroupArn ... does not have an "
    "associated load balancer."
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for launch in stack.launches:
        if launch.launcher is Launcher.SERVICE and launch.depends_on is not None:
            yield from _before_policies(rule, stack, launch, launch.depends_on)
            if stack.language is Language.CLOUDFORMATION:
                yield from _before_listener(rule, stack, launch, launch.depends_on)


def _before_policies(
    rule: Rule, stack: Stack, launch: Launch, awaited: tuple[str, ...]
) -> Iterator[Finding]:
    task = stack.task_of(launch)
    role = stack.role_of(task.execution_role) if task else None
    if task is None or not isinstance(role, Role):
        return
    missing = [
        policy.attachment
        for policy in role.policies
        if policy.attachment != role.address
        and not any(
            policy.attachment.split("[")[0] == name.split("[")[0] or name.startswith("module.")
            for name in (*awaited, *task.depends_on)
        )
    ]
    if missing:
        yield _finding(rule, stack, launch, sorted(set(missing)), Severity.NOTE)


def _before_listener(
    rule: Rule, stack: Stack, launch: Launch, awaited: tuple[str, ...]
) -> Iterator[Finding]:
    for target in launch.balancers:
        group = stack.find(TargetGroup, target.target_group)
        leading = [
            listener.address
            for listener in stack.of(Listener)
            if group is not None
            and _is_made_with(stack, listener, launch)
            and any(stack.find(TargetGroup, value) is group for value in listener.target_groups)
        ]
        others = {listener.address for listener in stack.of(Listener)}
        if leading and not others.intersection(awaited):
            yield _finding(rule, stack, launch, leading[:1], Severity.WARNING)


def _is_made_with(stack: Stack, listener: Listener, launch: Launch) -> bool:
    """Is it of the service's own template? Another one is there before what is handed over from
    it."""
    own = launch.address.rpartition(".")[0] == listener.address.rpartition(".")[0]
    return own and stack.owns(listener)


def _finding(
    rule: Rule, stack: Stack, launch: Launch, missing: list[str], severity: Severity
) -> Finding:
    listener = severity is Severity.WARNING
    home = home_of(stack, launch.address)
    own = [name.removeprefix(home) for name in missing]
    return rule.finding(
        launch,
        f"Service '{launch.address}' does not wait for {quoted(missing)}.",
        span=launch.span,
        phase=Phase.DEPLOY if listener else Phase.START,
        subject="listener" if listener else "depends_on",
        severity=severity,
        fails_with=NO_BALANCER if listener else "",
        fix=Fix.of(
            stack,
            "Let the service wait.",
            f"depends_on = [{', '.join(own)}]",
            "DependsOn:\n" + "\n".join(f"  - {name}" for name in own),
            draft=awaiting(stack, launch, missing),
        ),
    )


RULE = Rule(
    "ECS826",
    "service-before-its-permissions",
    (Severity.WARNING, Severity.NOTE),
    __doc__,
    check,
)
