"""A credential stands in plain text in a container's environment.

What it finds
    An AWS access key, a registry login (``DOCKER_AUTH_CONFIG``, ``ECS_ENGINE_AUTH_DATA``) or a
    literal under a name like ``DB_PASSWORD``, in ``environment``. A weak one, such as the default
    of a public image (``postgres``), is a credential like others.

Why it matters
    Everyone who may describe the task definition, and everyone who reads the code, can read it.

Fix
    Put it into Secrets Manager or Parameter Store and name it in ``secrets``.

When it stays silent
    References, placeholders (``something``, and one character or syllable over and over), empty
    values, booleans, numbers, ARNs, paths and URLs without a password; names that end in _ARN,
    _NAME, _FILE, _PATH, _URL, _ID or _TTL, or say that what they hold is public.

References
    secrets-envvar-secrets-manager, API_ContainerDefinition
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.patterns import regex
from ..symbolic.placeholders import is_placeholder
from ..symbolic.values import Known, literal, shown_value

NAMES = regex(r"(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)$", re.I)
HARMLESS_NAMES = regex(r"(_ARN|_NAME|_FILE|_PATH|_URL|_ID|_TTL)$|(?<![A-Z])PUBLI(C|SHABLE)", re.I)
LOGINS = ("DOCKER_AUTH_CONFIG", "ECS_ENGINE_AUTH_DATA")
AWS_KEY = regex(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")
HARMLESS = regex(
    r"(true|false|yes|no|none|null|-?\d+(\.\d+)?|arn:.*|[./~].*|[a-z+]+://[^@]*|"
    r"[<\[{$%].*|\*+|x+|.*\byour?[-_ ]?.*|.*(example|replace|insert).*|"
    r"(?P<one>.)(?P=one)+|(?P<unit>.{2,8})(?P=unit){2,}|(?P<half>.{8,})(?P=half)|"
    r"0?1234567890?(abcdef)?|__.*__|@.*@|#\{.*|test(ing)?|"
    r"(some|any)[-_ ]?(thing|value|string)|whatever|tb[ad]|unset|undefined|n/?a|foo|bar|"
    r"not[-_ ]?(set|used|real)|set[-_ ]?me)?",
    re.I | re.S,
)
#: How much of a value is looked at for what makes it harmless.
LOOKED_AT = 1_000


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        for container in task.containers:
            for variable in container.environment:
                name, value = literal(variable.name) or "", variable.value
                if isinstance(value, Known) and _secret(name, str(value.value)):
                    yield rule.finding(
                        task,
                        f"Environment variable '{name}' of container "
                        f"'{shown_value(container.name)}' holds a credential in plain text.",
                        span=value.span,
                        phase=Phase.RUN,
                        subject=name,
                        fix=Fix.of(
                            stack,
                            "Store it in Secrets Manager and name it in 'secrets'.",
                            f'secrets = [{{ name = "{name}", valueFrom = '
                            "aws_secretsmanager_secret.this.arn }]",
                            f"Secrets:\n  - Name: {name}\n    ValueFrom: !Ref Secret",
                        ),
                    )


def _secret(name: str, value: str) -> bool:
    looked_at = value[:LOOKED_AT]
    if is_placeholder(looked_at) or HARMLESS.fullmatch(looked_at):
        return False
    if AWS_KEY.search(value) or name in LOGINS:
        return True
    return bool(NAMES.search(name)) and not HARMLESS_NAMES.search(name)


RULE = Rule(
    "ECS802", "credentials-in-environment", (Severity.WARNING,), __doc__, check, security="7.0"
)
