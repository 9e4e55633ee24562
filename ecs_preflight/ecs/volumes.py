"""How the containers of a task mount its volumes."""

from __future__ import annotations

from ..model import TaskDefinition, Volume
from ..symbolic.answers import Yes, truth


def mounted_read_only(task: TaskDefinition, volume: Volume) -> bool:
    """Is the volume mounted, and everywhere surely read-only?"""
    mounts = [
        mount
        for container in task.containers
        for mount in container.mount_points
        if mount.volume == volume.name
    ]
    return bool(mounts) and all(isinstance(truth(mount.read_only), Yes) for mount in mounts)
