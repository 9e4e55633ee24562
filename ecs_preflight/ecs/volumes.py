"""How the containers of a task mount its volumes."""

from __future__ import annotations

from .. import iam
from ..model import EfsVolume, FileSystem, Stack, TaskDefinition, Volume
from ..symbolic.answers import Answer, No, Yes, is_absent, truth
from ..symbolic.values import ABSENT, Known, Unknown, Value, literal


def mounted_read_only(task: TaskDefinition, volume: Volume) -> bool:
    """Is the volume mounted, and everywhere surely read-only?"""
    mounts = [
        mount
        for container in task.containers
        for mount in container.mount_points
        if mount.volume == volume.name
    ]
    return bool(mounts) and all(isinstance(truth(mount.read_only), Yes) for mount in mounts)


def anonymous_access(stack: Stack, volume: EfsVolume, found: FileSystem) -> dict[str, Answer]:
    """Does the file system's policy let a client without an identity mount it, and write?

    Unknown for each where the volume may be mounted with the task role after all."""
    iam_off = literal(volume.iam) == "DISABLED" or isinstance(is_absent(volume.iam), Yes)
    context: dict[str, Value] = {
        "elasticfilesystem:AccessedViaMountTarget": Known("true"),
        "aws:SecureTransport": _over_tls(volume),
    }
    if isinstance(is_absent(volume.access_point), Yes):
        context["elasticfilesystem:AccessPointArn"] = ABSENT
    answers: dict[str, Answer] = {}
    for action in ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"):
        answer = iam.resource_allows(stack, found, iam.AnonymousCaller(), action, context)
        unsure = isinstance(answer, No) and not iam_off
        answers[action] = (
            Unknown("whether IAM authorization is on is not known", span=volume.iam.span)
            if unsure
            else answer
        )
    return answers


def _over_tls(volume: EfsVolume) -> Value:
    written = volume.transit_encryption
    if literal(written) in ("ENABLED", "DISABLED"):
        return Known("true" if literal(written) == "ENABLED" else "false")
    return Known("false") if isinstance(is_absent(written), Yes) else Unknown("it is not known")
