"""An EFS volume's settings exclude each other.

What it finds
    IAM authorization, an access point or a transit port without encryption in transit; an access
    point together with a root directory.

Why it matters
    ECS refuses to register the task definition.

Fix
    Enable transit encryption; leave the root directory to the access point.

When it stays silent
    A setting is not known; the root directory is ``/``.

References
    efs-volumes, API_EFSVolumeConfiguration
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..findings.finding import AnyOutcome, Draft, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import EfsVolume, Language, Stack
from ..symbolic.answers import No, is_absent
from ..symbolic.values import Known, Value, join, literal, shown_value

TERRAFORM = 'transit_encryption = "ENABLED"'
CLOUDFORMATION = "TransitEncryption: ENABLED"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        for volume in task.volumes:
            for value, what, fails_with, fix in _faults(stack, volume.efs) if volume.efs else ():
                name = shown_value(volume.name)
                yield rule.finding(
                    task,
                    f"EFS volume '{name}' {what}.",
                    span=value.span,
                    phase=Phase.DEPLOY,
                    subject=join(volume.name, f" {what}"),
                    fails_with=fails_with,
                    fix=fix,
                )


def _encrypting(stack: Stack, efs: EfsVolume) -> Draft:
    if literal(efs.transit_encryption) is not None:
        return settings.setting(efs.transit_encryption.span, "ENABLED")
    key = "transit_encryption" if stack.language is Language.TERRAFORM else "TransitEncryption"
    return settings.beside(efs.span, key, "ENABLED")


def _faults(stack: Stack, efs: EfsVolume) -> Iterator[tuple[Value, str, str, Fix]]:
    encrypt = Fix.of(
        stack,
        "Enable encryption in transit.",
        TERRAFORM,
        CLOUDFORMATION,
        draft=_encrypting(stack, efs),
    )
    unencrypted = (
        efs.transit_encryption == Known(None) or literal(efs.transit_encryption) == "DISABLED"
    )
    has_access_point = isinstance(is_absent(efs.access_point), No)
    if unencrypted and literal(efs.iam) == "ENABLED":
        yield (
            efs.iam,
            "uses IAM authorization without encryption in transit",
            "ClientException: EFS IAM authorization requires TransitEncryption to be enabled",
            encrypt,
        )
    elif unencrypted and has_access_point:
        yield (
            efs.access_point,
            "uses an access point without encryption in transit",
            "ClientException: EFS access points require TransitEncryption to be enabled",
            encrypt,
        )
    if unencrypted and isinstance(is_absent(efs.transit_port), No):
        yield (
            efs.transit_port,
            "names a port for encryption in transit, which is off",
            "ClientException: TransitEncryptionPort requires that TransitEncryption is enabled.",
            encrypt,
        )
    if has_access_point and literal(efs.root_directory) not in (None, "", "/"):
        yield (
            efs.root_directory,
            "names a root directory beside an access point",
            "ClientException: When using an EFS access point, the root directory must either be "
            'set to "/" or be omitted',
            Fix(
                "Set the root directory to '/'.", draft=settings.replacing(efs.root_directory, "/")
            ),
        )


RULE = Rule("ECS804", "efs-authorization-inconsistent", (Severity.ERROR,), __doc__, check)
