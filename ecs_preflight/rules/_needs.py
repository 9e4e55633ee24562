"""The checks that rules about permissions share: put each need to IAM, and each that there may
be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.instances import ContainerInstance, hosts
from ..ecs.unknown_parts import UnknownPart
from ..findings.decide import outcome
from ..findings.finding import AnyOutcome, Met, Phase
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import Principal, Stack, runs_on_fargate
from ..symbolic.answers import No
from ..symbolic.records import replace
from ..symbolic.values import Unknown, first


def check_needs(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    """One outcome for each need of the rule."""
    for need in own_needs(rule, stack):
        yield outcome(rule, stack, need)


def check_agent_needs(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    """The same for what the agent does with the role of the instances where a task on EC2 has no
    execution role: undecided where those are not known, or whether it runs there. Of instances of
    the stack ECS825 asks their role."""
    for need in own_needs(rule, stack):
        said, task = outcome(rule, stack, need), need.task
        if said is None and task is not None:
            on_fargate = runs_on_fargate(stack, task)
            open_ = hosts(stack, task) if isinstance(on_fargate, No) else on_fargate
            if isinstance(open_, Unknown):
                said = rule.undecided(need.owner, open_, span=need.because, subject=need.subject)
            elif isinstance(open_, tuple):
                theirs = (_of_instance(need, host) for host in open_ if _is_foreign(stack, host))
                said = next((outcome(rule, stack, each) for each in theirs), None)
        yield said


def own_needs(rule: Rule, stack: Stack) -> Iterator[Need]:
    """The rule's needs, but for those of resources that others judge: what is said of them is
    theirs, and a stack can see many of them."""
    return (need for need in rule.needs_of(stack) if stack.judges(need.owner))


def _of_instance(need: Need, host: ContainerInstance) -> Need:
    return replace(
        need,
        role=host.role,
        principal=Principal.INSTANCE,
        doubt=first(need.doubt, host.doubt),
    )


def _is_foreign(stack: Stack, host: ContainerInstance) -> bool:
    return not stack.owns(host.template)


def check_possible(
    rule: Rule,
    stack: Stack,
    parts: Iterable[UnknownPart],
    actions: Iterable[str],
    principal: Principal = Principal.EXECUTION,
) -> Iterator[AnyOutcome]:
    """What the parts may need: met where the role may do it on whatever that is."""
    wanted = tuple(actions)
    for part in (part for part in parts if stack.judges(part.owner)):
        anything = Unknown(part.reason.reason, why=part.reason.why, span=part.reason.span)
        need = Need(
            owner=part.owner,
            principal=principal,
            role=part.role,
            demands=demands(wanted, anything),
            because=part.reason.span,
            purpose="",
            subject=part.title,
            phase=Phase.START,
            doubt=part.reason,
        )
        said = outcome(rule, stack, need)
        yield said if isinstance(said, Met) else next(rule.open([part[:3]]))
