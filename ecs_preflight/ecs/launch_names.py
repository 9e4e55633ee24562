"""What a launch names and there is not: revisions, platform versions, capacity providers."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.fixing import settings
from ..model import Cluster, Language, Launch, Launcher, ScalingGroup, Several, Stack
from ..symbolic.patterns import regex
from ..symbolic.values import Reference, Value, literal
from .settings import PARAMETER, SettingFault

_BY_FAMILY = (Launcher.SERVICE, Launcher.TASK_SET, Launcher.RUN_TASK, Launcher.STATE_MACHINE)
#: ``family:word``, by itself or at the end of an ARN.
_WORD = regex(r"(?:arn:[^/]*/)?[A-Za-z0-9_-]+:([A-Za-z]\w*)")
_VERSION = regex(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
#: Of Fargate for Linux; that of Windows is 1.0.0.
PLATFORMS = ("1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0")
_GROUP = regex(r"arn:[\w-]+:autoscaling:.*")


def of_names(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    """Everything that the launch names, and that cannot be."""
    if stack.language is not Language.TASK_FILE and launch.launcher in _BY_FAMILY:
        yield from _revision(launch)
    if stack.language is not Language.TASK_FILE or _is_number(launch.platform_version):
        yield from _platform(launch)
    yield from _groups(stack, launch.capacity_providers, f"'{launch.address}'")


def of_cluster(stack: Stack, cluster: Cluster) -> Iterator[SettingFault]:
    """The same of what a cluster is associated with."""
    yield from _groups(stack, cluster.capacity_providers, f"Cluster '{cluster.address}'")


def _groups(stack: Stack, providers: Several[Value], whose: str) -> Iterator[SettingFault]:
    """Auto Scaling groups in the place of capacity providers."""
    for provider in providers:
        referred = isinstance(provider, Reference) and provider.attribute == "arn"
        is_group = referred and stack.find(ScalingGroup, provider) is not None
        if is_group or _GROUP.fullmatch(literal(provider) or ""):
            yield SettingFault(
                provider.span,
                f"{whose} takes an Auto Scaling group for a capacity provider",
                f"{PARAMETER}The specified capacity provider was not found. Specify a valid "
                "capacity provider and try again.",
                "Make a capacity provider with the group, and give the name of that.",
            )


def _revision(launch: Launch) -> Iterator[SettingFault]:
    written = launch.task_definition
    name = (literal(written) or "").strip()
    word = _WORD.fullmatch(name)
    if not word and not name.startswith(("{", "[")):
        return
    yield SettingFault(
        written.span,
        f"'{launch.address}' names "
        + (f"revision '{word[1]}'" if word else "the text of a task definition")
        + ", where a task definition's family, family:revision or ARN is expected",
        f"{PARAMETER}Invalid revision number.",
        "Leave it out: a family without a revision is its latest one."
        if word
        else "Make a task definition of it, and name that.",
        draft=settings.rewording(written, f":{word[1]}", "", safe=False)
        if word and word[1] == "latest"
        else None,
    )


def _is_number(version: Value) -> bool:
    """Is it no word that a pipeline fills in?"""
    return not (literal(version) or "").strip("0123456789.")


def _platform(launch: Launch) -> Iterator[SettingFault]:
    version = literal(launch.platform_version) or ""
    form = _VERSION.fullmatch(version)
    newer = form and tuple(map(int, form.groups())) > (1, 4, 0)
    if not version or newer or version in PLATFORMS or version.upper() == "LATEST":
        return
    meant = next((each for each in PLATFORMS if each == f"{version}.0"), None)
    yield SettingFault(
        launch.platform_version.span,
        f"'{launch.address}' names platform version '{version}', which there is not",
        "PlatformUnknownException: The specified platform does not exist.",
        f"Write '{meant}'." if meant else "Write 'LATEST', or leave it out.",
        draft=settings.replacing(launch.platform_version, meant or "LATEST"),
    )
