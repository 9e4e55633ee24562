"""A task mounts the Docker socket or a path of the host.

What it finds
    A volume with a host path in a Fargate task (an error), and ``/var/run/docker.sock`` on EC2 (a
    warning; a note where the mount is read-only).

Why it matters
    Fargate has no host: it refuses the task definition. On EC2 whoever reaches the socket is root
    on the instance, with every other task's credentials.

Fix
    Use an EFS volume or the task's own storage. For what talks to Docker, use the ECS API.

When it stays silent
    An empty host path, which asks for no path of the host. The launch type is not known and the
    path is another.

References
    fargate-tasks-services, bind-mounts
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.volumes import mounted_read_only
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Stack, runs_on_fargate
from ..symbolic.answers import Yes
from ..symbolic.values import literal, shown_value

SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")
FAILS_WITH = "ClientException: Fargate compatible task definitions do not support sourcePath"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        fargate = isinstance(runs_on_fargate(stack, task), Yes)
        for volume in task.volumes:
            path, name = literal(volume.host_path), shown_value(volume.name)
            if fargate and path:
                yield rule.finding(
                    task,
                    f"Volume '{name}' mounts '{path}' of the host, which a Fargate task does not "
                    "have.",
                    span=volume.host_path.span,
                    phase=Phase.DEPLOY,
                    subject=volume.name,
                    fails_with=FAILS_WITH,
                    fix=Fix(
                        "Leave the volume and its mount points out.",
                        draft=settings.removing_whole(
                            volume.span,
                            *(
                                mount.span
                                for container in task.containers
                                for mount in container.mount_points
                                if literal(mount.volume) == literal(volume.name)
                            ),
                        ),
                    ),
                )
            elif path in SOCKETS:
                yield rule.finding(
                    task,
                    f"Volume '{name}' hands the Docker socket, and with it the instance, to the "
                    "task.",
                    span=volume.host_path.span,
                    phase=Phase.RUN,
                    subject=volume.name,
                    severity=Severity.NOTE if mounted_read_only(task, volume) else Severity.WARNING,
                    fix=Fix(
                        "Do without the socket: a read-only mount does not limit what may be asked "
                        "of Docker through it."
                    ),
                )


RULE = Rule(
    "ECS801",
    "docker-socket-mounted",
    (Severity.ERROR, Severity.WARNING, Severity.NOTE),
    __doc__,
    check,
    security="8.0",
)
