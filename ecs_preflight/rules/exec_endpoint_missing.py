"""ECS Exec is on in a VPC without a way to Systems Manager.

What it finds
    A service with Exec in a subnet of the stack without a way out, or whose security groups let
    port 443 out to other groups or private addresses alone, whose VPC has endpoints, but no
    ``ssmmessages`` one; or none for ``kms`` or ``logs`` where the cluster's Exec configuration has
    a key or a log group of its own.

Why it matters
    The session agent cannot open its channels; the task itself runs.

Fix
    Add an interface endpoint for ``com.amazonaws.REGION.ssmmessages``.

When it stays silent
    No endpoint is in sight; a gateway or a module that could not be read may lead out; the subnets
    are not part of the stack.

References
    ecs-exec, vpc-endpoints
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.execs import exec_uses
from ..ecs.network import Barrier, Shut, way_out, way_to
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Launch, Stack
from ..symbolic.answers import No, is_absent
from ..symbolic.titles import shown_title
from ..symbolic.values import literal
from ._endpoint_fixes import giving_endpoints
from ._messages import EXEC_FAILED


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_uses(stack):
        shut = way_out(stack, use.launch)
        if use.doubt is not None or not isinstance(shut, Shut) or not shut.has_endpoints:
            continue
        used = _used(stack, use.launch)
        found = {s: way_to(stack, use.launch, use.task, s) for s in used}
        missing = {s: answer for s, answer in found.items() if isinstance(answer, No)}
        if missing:
            vpc = shown_title(shut.subnet.vpc) if shut.subnet else ""
            why = " and no way out"
            if shut.barrier is Barrier.EGRESS:
                why = f", and {shut.evidence.message.removesuffix('.')}"
            yield rule.finding(
                use.launch,
                f"'{use.launch.address}' enables ECS Exec, but VPC '{vpc}' has no endpoint for "
                f"{quoted(missing)}{why}.",
                span=use.launch.exec_enabled.span,
                phase=Phase.EXEC,
                subject="ssmmessages endpoint",
                fails_with=EXEC_FAILED if "ssmmessages" in missing else "",
                fix=Fix(
                    "Add interface endpoints for "
                    + ", ".join(f"com.amazonaws.REGION.{name}" for name in missing)
                    + ".",
                    draft=giving_endpoints(stack, use.launch, shut, missing),
                ),
            )


def _used(stack: Stack, launch: Launch) -> Iterator[str]:
    """What a session calls: its channel, the cluster's key, the log group it is written to."""
    yield "ssmmessages"
    cluster = stack.cluster_of(launch)
    config = cluster.exec if cluster else None
    if config is not None and isinstance(is_absent(config.kms_key), No):
        yield "kms"
    if (
        config is not None
        and literal(config.logging) == "OVERRIDE"
        and isinstance(is_absent(config.log_group), No)
    ):
        yield "logs"


RULE = Rule("ECS705", "exec-endpoint-missing", (Severity.WARNING,), __doc__, check)
