"""A role that deploys to ECS may not pass the tasks' roles.

What it finds
    A role or IAM user of the stack that may register or run task definitions (a user by its groups
    too), but has no ``iam:PassRole`` on the roles of any of the stack's task definitions; or on
    those of one that its statements name (``ecs:RunTask`` on its ARN), a task's own role that
    launches others included. The role by which a workflow deploys a task definition file may not
    pass that file's roles: this one is an error.

Why it matters
    Registering a task definition passes its roles. Without the permission the deployment is
    refused.

Fix
    Allow ``iam:PassRole`` on the task role and the execution role.

When it stays silent
    The role may only update services; the user is in a group that the stack does not hold, or the
    group's users are other stacks'; it can pass the roles of at least one task definition; it
    launches tasks by schedule or event (ECS821), or deploys by CodeDeploy or CodePipeline (ECS824);
    nothing but functions works under it, whose code stands in the template and has no word of ECS;
    it is a task's own role, if only of a task that nobody sees, or a service's (ECS or its tasks
    alone may assume it), or a container instance's, which older policies of the agent let start
    tasks; the task definitions' roles are not known.

References
    id_roles_use_passrole
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..ecs.deployers import has_other_work, is_of_ecs, passing_calls, runs_by_name
from ..ecs.launchers import pass_role_demands
from ..ecs.role_uses import role_uses
from ..findings.decide import grant
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Demand
from ..findings.rule import Rule
from ..findings.wording import named, quoted
from ..model import DeploymentGroup, InstanceProfile, Launch, Principal, Resource, Role, Stack
from ..symbolic.answers import Evidence, No
from ..symbolic.source import Span
from ..symbolic.values import Unknown

_REFUSAL = (
    "User is not authorized to perform: iam:PassRole on resource because no identity-based policy "
    "allows the iam:PassRole action"
)
REGISTERING_FAILS_WITH = f"Failed to register task definition in ECS: {_REFUSAL}"
RUNNING_FAILS_WITH = (
    f"An error occurred (AccessDeniedException) when calling the RunTask operation: {_REFUSAL}"
)
#: What registers nothing and creates no service: it runs tasks as somebody else deployed them.
_RUNNING = frozenset({"ecs:RunTask", "ecs:StartTask"})


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    users = [
        *(launch.launcher_role for launch in stack.launches),
        *(profile.role for profile in stack.of(InstanceProfile)),
    ]
    others = {role.address for value in users if isinstance(role := stack.role_of(value), Role)}
    others |= {use.role.address for use in role_uses(stack)}
    others |= {role.address for role in stack.roles if is_of_ecs(stack, role)}
    # What deploys a service that is known, ECS824 judges.
    others |= {
        role.address
        for group in stack.of(DeploymentGroup)
        for use in group.service_roles
        if isinstance(role := stack.role_of(use.role), Role)
        and any(stack.find(Launch, service) for service in group.services)
    }
    known, launching = _deployers(stack), _launching(stack)
    wanted = [d for task in stack.task_definitions if (d := pass_role_demands(stack, task))]
    for role in stack.principals:
        # Which task definitions a role launches is certain where its statements name them.
        reached = () if role.address in launching else runs_by_name(stack, role)
        named_ones = [d for task in reached if (d := pass_role_demands(stack, task))]
        deployed = known.get(role.address) or named_ones or None
        calls = passing_calls(role)
        if deployed is None and (not wanted or role.address in others or not calls):
            continue
        if role.address not in known and has_other_work(stack, role):
            continue
        runs = calls <= _RUNNING and role.address not in known
        owner, span = _place(stack, role)
        answers = [_missing(stack, role, demanded) for demanded in deployed or wanted]
        missing = [found for found, _, _ in answers]
        unsure = [reason for found, _, reason in answers if not found and reason is not None]
        if any(missing) if deployed else all(missing):
            lacking, near = next((found, why) for found, why, _ in answers if found)
            origin = f" ({role.origin})" if role.origin else ""
            yield rule.finding(
                owner,
                f"{role.noun} '{role.address}'{origin} "
                f"{_does(runs, role.address in known)} pass "
                f"{quoted([named(stack, d.resource) for d in lacking])}."
                + "".join(f" {evidence.message}" for evidence in near[:1]),
                span=span,
                phase=Phase.DEPLOY,
                subject="pass role",
                severity=Severity.ERROR if known.get(role.address) else None,
                fails_with=RUNNING_FAILS_WITH if runs else REGISTERING_FAILS_WITH,
                fix=grant(stack, role, lacking, near=near),
            )
        elif unsure and (
            deployed or all(found or reason is not None for found, _, reason in answers)
        ):
            yield rule.undecided(owner, unsure[0], span=span, subject="pass role")
        elif not any(missing):
            yield rule.met(owner, span=span, subject="pass role")


def _does(runs: bool, surely: bool) -> str:
    """What the role does, or what its policies let it do, as far as ``pass``."""
    if surely:
        return "deploys to ECS and may not"
    return f"may {'run ECS tasks' if runs else 'deploy to ECS'}, but not"


def _place(stack: Stack, role: Role) -> tuple[Resource, Span]:
    """The role; what deploys by it, where no code makes the role."""
    for launch in stack.launches if role.origin else ():
        deployer = stack.role_of(launch.deployer)
        if isinstance(deployer, Role) and deployer.address == role.address:
            return launch, launch.deployer.span
    return role, role.span


def _deployers(stack: Stack) -> dict[str, list[tuple[Demand, ...]]]:
    """What each role must pass by which something surely deploys, by the role's address."""
    found: dict[str, list[tuple[Demand, ...]]] = {}
    for launch in stack.launches:
        role, task = stack.role_of(launch.deployer), stack.task_of(launch)
        if isinstance(role, Role) and task is not None:
            passed = pass_role_demands(stack, task)
            if passed:
                found.setdefault(role.address, []).append(passed)
    return found


def _launching(stack: Stack) -> frozenset[str]:
    """The addresses of the roles of rules, schedules and the like, which ECS821 judges."""
    named = (stack.role_of(launch.launcher_role) for launch in stack.launches)
    return frozenset(role.address for role in named if isinstance(role, Role))


def _missing(
    stack: Stack, role: Role, demanded: tuple[Demand, ...]
) -> tuple[tuple[Demand, ...], tuple[Evidence, ...], Unknown | None]:
    """Which of the demands the role may not, what comes near to it, and why that is not known of
    others."""
    answers = [
        (d, iam.authorize(stack, role, d.action, d.resource, Principal.DEPLOYER)) for d in demanded
    ]
    refused = [(d, answer) for d, answer in answers if isinstance(answer, No)]
    near = dict.fromkeys(evidence for _, answer in refused for evidence in answer.evidence)
    unknown = (answer for _, answer in answers if isinstance(answer, Unknown))
    return tuple(d for d, _ in refused), tuple(near), next(unknown, None)


RULE = Rule(
    "ECS823", "deployer-cannot-pass-role", (Severity.WARNING, Severity.ERROR), __doc__, check
)
