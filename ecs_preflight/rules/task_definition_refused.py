"""The task definition names what it does not have.

What it finds
    A mount point of a volume that is not declared; a dependency on a container that is not there,
    on the health of one without a health check, or on the end of an essential one; volumes taken
    from a container that is not there; ``awsfirelens`` without a log router, or the reverse; no
    essential container; two containers of one name; a volume to be configured at launch that nobody
    mounts; an environment file that is no ARN of an S3 object, or whose name does not end in
    ``.env``, or more than ten of them; a FireLens configuration in S3 that is no such ARN;
    containers with more memory or CPU than their task, with a reservation above their limit, or on
    EC2 without memory; no container at all; ephemeral storage on EC2; Elastic Inference; port
    ranges and names that ECS does not take; a network mode, a process or IPC namespace, an
    architecture or an operating system that there is not; a list where an object is expected, or
    the reverse; a whole task definition in place of its containers; a container without a name or
    an image, a variable without a name; a secret of the same name as another one or as a variable;
    a volume of more than one kind; a container's name with other characters than letters, digits,
    hyphens and underscores; a ulimit that there is not; a health check whose numbers ECS does not
    take; a placement constraint of type ``distinctInstance``; in CloudFormation, a property that
    begins with a small letter, or a name that is not declared. What Terraform's provider drops
    without a word (a warning): ``valueFrom`` or a key that is neither name nor value among the
    environment, and keys with underscores, as ``port_mappings``. A role whose account is a
    placeholder (a warning).

Why it matters
    ECS refuses to register the task definition.

Fix
    Name what is there, or add it.

When it stays silent
    A name is not known, or there may be more containers or volumes than could be read.

References
    task_definition_parameters, use-environment-file, using_firelens
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.definition_entries import of_entries
from ..ecs.definition_faults import of_containers, of_definition
from ..ecs.definition_forms import of_forms
from ..ecs.definition_keys import of_keys
from ..ecs.definition_values import of_values
from ..ecs.property_names import of_names
from ..ecs.settings import reported
from ..ecs.task_sizes import of_sizes
from ..ecs.undeclared import of_references
from ..findings.finding import AnyOutcome, Severity
from ..findings.rule import Rule
from ..model import Stack


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        faults = (
            *of_containers(stack, task),
            *of_definition(task),
            *of_sizes(task),
            *of_forms(stack, task),
            *of_keys(stack, task),
            *of_names(stack, task, task.raw),
            *of_references(stack, task, task.raw),
            *of_entries(stack, task),
            *of_values(task),
        )
        yield from reported(rule, task, faults)


RULE = Rule("ECS816", "task-definition-refused", (Severity.ERROR, Severity.WARNING), __doc__, check)
