"""What RegisterTaskDefinition, or Terraform's provider before it, refuses for its form.

That is words which an enumeration does not have, and JSON values of another type (API
RegisterTaskDefinition; the provider decodes ``container_definitions`` into the API's own types).

What is not known has no form of which anything could be said.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.fields import field
from ..findings.finding import Severity
from ..findings.fixing import settings
from ..model import Container, Language, Stack, TaskDefinition
from ..symbolic.alike import nearest
from ..symbolic.answers import Yes, is_absent
from ..symbolic.patterns import regex
from ..symbolic.values import Entries, Items, Known, Value, literal, shown_value
from .settings import SettingFault, is_given, title

#: "default" and "nat" are Windows's.
MODES = ("awsvpc", "bridge", "host", "none", "default", "nat")
#: What people call a setting, and the words that it takes, by its name in the API.
WORDS = {
    "networkMode": ("network mode", MODES),
    "pidMode": ("process namespace", ("host", "task")),
    "ipcMode": ("IPC namespace", ("host", "task", "none")),
    "runtimePlatform.cpuArchitecture": ("CPU architecture", ("X86_64", "ARM64")),
    "runtimePlatform.operatingSystemFamily": ("operating system", ("LINUX",)),
}
_WINDOWS = regex(r"WINDOWS_SERVER_\d{4}_(FULL|CORE)")
OBJECTS = (
    "healthCheck",
    "linuxParameters",
    "logConfiguration",
    "repositoryCredentials",
    "firelensConfiguration",
    "restartPolicy",
)
LISTS = (
    "command",
    "entryPoint",
    "environment",
    "environmentFiles",
    "secrets",
    "mountPoints",
    "volumesFrom",
    "portMappings",
    "dependsOn",
    "links",
    "dnsServers",
    "extraHosts",
    "dockerSecurityOptions",
    "ulimits",
    "systemControls",
    "resourceRequirements",
)
NUMBERS = ("cpu", "memory", "memoryReservation", "startTimeout", "stopTimeout")
FLAGS = ("essential", "privileged", "readonlyRootFilesystem", "interactive", "pseudoTerminal")
#: Of which settings what is expected, and the form that is refused in its place.
FORMS = (
    (OBJECTS, "an object", "array"),
    (LISTS, "a list", "object"),
    (NUMBERS, "a number", "string"),
    (FLAGS, "true or false", "string"),
)
#: The forms as JSON's decoder calls them, and as people do.
_FOUND = {"array": "a list", "object": "an object", "string": "a text"}
#: What refuses the form: the provider, the AWS command line.
_MESSAGES = {
    Language.TERRAFORM: "ECS Task Definition container_definitions is invalid: Error decoding "
    "JSON: json: cannot unmarshal {found} into Go struct field ContainerDefinition.{Name}",
    Language.TASK_FILE: "Parameter validation failed: Invalid type for parameter "
    "containerDefinitions[...].{name}",
}


def of_forms(stack: Stack, task: TaskDefinition) -> Iterator[SettingFault]:
    """Everything that is no word of its enumeration, or no JSON value of its type."""
    for path, (called, words) in WORDS.items():
        value = field(task.raw, path)
        word = literal(value)
        if word and word not in words and not _WINDOWS.fullmatch(word):
            close = nearest(word.lower(), [each.lower() for each in words], 0.6)
            meant = [each for each in words if each.lower() == close]
            yield SettingFault(
                value.span,
                f"'{word}' is no {called} of task definition '{task.address}'",
                "",
                f"Write '{meant[0]}'." if meant else f"It is one of {', '.join(words)}.",
                draft=settings.replacing(value, meant[0]) if meant else None,
            )
    for container in task.containers:
        yield from _of_container(stack, container)


def _of_container(stack: Stack, container: Container) -> Iterator[SettingFault]:
    if not isinstance(container.raw, Entries):
        return
    yield from _secret_in_environment(stack, container, container.raw)
    for names, expected, refused in FORMS:
        if refused == "string" and stack.language is not Language.TASK_FILE:
            continue  # CloudFormation takes a text for a number; of Terraform reports disagree
        for name in names:
            value = container.raw.get_folded(name)
            if _form(value) == refused:
                yield SettingFault(
                    value.span,
                    f"{title(container)} gives {name} as {_FOUND[refused]}, where {expected} is "
                    "expected",
                    _MESSAGES.get(stack.language, "").format(
                        found=refused, name=name, Name=name[0].upper() + name[1:]
                    ),
                    f"Write {expected}.",
                )


def _form(value: Value) -> str:
    """What JSON calls the form of the value, as far as it is one that may be refused."""
    if isinstance(value, Items):
        return "array"
    if isinstance(value, Entries):
        return "object"
    return "string" if isinstance(value, Known) and isinstance(value.value, str) else ""


def _secret_in_environment(
    stack: Stack, container: Container, written: Entries
) -> Iterator[SettingFault]:
    """``valueFrom`` among the variables in plain text: Terraform's provider drops it, others refuse
    it."""
    listed = written.get_folded("environment")
    for item in listed if isinstance(listed, Items) else ():
        source = field(item, "valueFrom")
        if is_given(source) and isinstance(is_absent(field(item, "value")), Yes):
            in_terraform = stack.language is Language.TERRAFORM
            yield SettingFault(
                source.span,
                f"{title(container)} names a secret for '{shown_value(field(item, 'name'))}' among "
                "its environment, where it is " + ("dropped" if in_terraform else "refused"),
                "" if in_terraform else "Unknown parameter in environment: valueFrom",
                "Move it to the container's secrets.",
                severity=Severity.WARNING if in_terraform else Severity.ERROR,
            )
