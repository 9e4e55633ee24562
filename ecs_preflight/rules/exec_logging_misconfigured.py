"""A cluster's logging of ECS Exec sessions is misconfigured.

What it finds
    Logging OVERRIDE without a log group or bucket; a log configuration without OVERRIDE; a demand
    for an encrypted log group while the stack's own group has no key (errors; the last a warning
    where nothing in the stack turns Exec on in the cluster). Logging NONE (a warning).

Why it matters
    ECS refuses the first two. With the third no session starts. With NONE nobody sees what was done
    in a session.

Fix
    Use OVERRIDE with a destination, or DEFAULT without one; give the log group a KMS key.

When it stays silent
    A setting is not known; the log group is not part of the stack.

References
    ecs-exec, API_ExecuteCommandConfiguration
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..findings.finding import AnyOutcome, Draft, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Cluster, ExecConfiguration, Language, LogGroup, Stack
from ..symbolic.answers import No, Yes, is_absent, truth
from ..symbolic.source import Span
from ..symbolic.values import literal, shown_value

NO_DESTINATION = (
    "InvalidParameterException: A CloudWatch log group name or S3 bucket name must be "
    "specified when overriding the default log configuration"
)
NOT_OVERRIDE = (
    "InvalidParameterException: You must set logging to 'OVERRIDE' when you supply a log "
    "configuration"
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for cluster in stack.clusters:
        if cluster.exec is not None:
            for span, what, severity, phase, fails_with, advice in _faults(
                stack, cluster, cluster.exec
            ):
                yield rule.finding(
                    cluster,
                    f"Cluster '{cluster.address}' {what}.",
                    span=span,
                    phase=phase,
                    subject=what,
                    severity=severity,
                    fails_with=fails_with,
                    fix=Fix(advice, draft=_draft(stack, cluster.exec, advice)),
                )


def _draft(stack: Stack, config: ExecConfiguration, advice: str) -> Draft | None:
    """Another logging in place of the one that is written."""
    logging = re.match(r"Set logging to ([A-Z]+)", advice)
    if logging is None:
        return None
    if literal(config.logging) is None:
        key = "logging" if stack.language is Language.TERRAFORM else "Logging"
        return settings.beside(config.span, key, logging[1])
    return settings.setting(config.logging.span, logging[1])


def _faults(
    stack: Stack, cluster: Cluster, config: ExecConfiguration
) -> Iterator[tuple[Span, str, Severity, Phase, str, str]]:
    logging, configured = literal(config.logging), is_absent(config.has_log_configuration)
    if (
        logging == "OVERRIDE"
        and isinstance(is_absent(config.log_group), Yes)
        and isinstance(is_absent(config.bucket), Yes)
    ):
        yield (
            config.logging.span,
            "overrides Exec's logging without a log group or bucket",
            Severity.ERROR,
            Phase.DEPLOY,
            NO_DESTINATION,
            "Set logging to DEFAULT, or name a log group or a bucket.",
        )
    if isinstance(configured, No) and (
        logging in ("NONE", "DEFAULT") or isinstance(is_absent(config.logging), Yes)
    ):
        yield (
            config.has_log_configuration.span,
            "configures a destination for Exec's logs without logging OVERRIDE",
            Severity.ERROR,
            Phase.DEPLOY,
            NOT_OVERRIDE,
            "Set logging to OVERRIDE.",
        )
    if logging == "NONE":
        yield (
            config.logging.span,
            "does not log what is done in Exec sessions",
            Severity.WARNING,
            Phase.EXEC,
            "",
            "Set logging to DEFAULT or OVERRIDE.",
        )
    group = stack.find(LogGroup, config.log_group)
    if (
        logging == "OVERRIDE"
        and group is not None
        and isinstance(truth(config.log_group_encrypted), Yes)
        and isinstance(is_absent(group.kms_key), Yes)
    ):
        yield (
            config.log_group_encrypted.span,
            f"demands an encrypted log group for Exec, and '{group.address}' "
            f"('{shown_value(group.name)}') has no key",
            Severity.ERROR if _has_exec(stack, cluster) else Severity.WARNING,
            Phase.EXEC,
            "We couldn't start the session because encryption is not set up on the selected "
            "CloudWatch Logs log group.",
            "Give the log group a KMS key.",
        )


def _has_exec(stack: Stack, cluster: Cluster) -> bool:
    """Does anything in the stack surely turn Exec on in the cluster?"""
    return any(
        isinstance(truth(launch.exec_enabled), Yes) and stack.cluster_of(launch) is cluster
        for launch in stack.launches
    )


RULE = Rule(
    "ECS709", "exec-logging-misconfigured", (Severity.ERROR, Severity.WARNING), __doc__, check
)
