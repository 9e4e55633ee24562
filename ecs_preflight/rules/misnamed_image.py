"""An image has a name that is none, or names a repository without its registry.

What it finds
    An image that is an ARN, has a scheme or a blank in its name, or capital letters before its tag;
    a variable of a shell (``$TAG``) in Terraform's code, or ``${AWS::AccountId}`` without
    ``Fn::Sub``;
    the name of an ECR repository of the stack where its registry belongs before it (a note where
    the name is a literal text, which an image of Docker Hub may have too).

Why it matters
    The image cannot be pulled, and the task does not start: a name without a registry is looked for
    in Docker Hub.

Fix
    Write the repository's URL and a tag: ``ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG``.

When it stays silent
    The beginning of the name is not known.

References
    API_ContainerDefinition, task_cannot_pull_image
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from ..ecs.images import CAPITALS, UNFILLED, hub_name_of_own, misnamed
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.expressions import Expression, Inserted
from ..findings.fixing.references import reworded
from ..findings.rule import Rule
from ..findings.wording import home_of
from ..model import Repository, Stack, TaskDefinition, addresses
from ..symbolic.patterns import regex
from ..symbolic.values import Value, literal, shown_value

INVALID = "CannotPullContainerError: invalid reference format"
CHARACTERS = "ClientException: Container.image contains invalid characters."
NO_ACCESS = (
    "CannotPullContainerError: pull access denied, repository does not exist or may require "
    "authorization"
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        for container in task.containers:
            image, name = container.image, shown_value(container.name)
            wrong, own = misnamed(image), hub_name_of_own(stack, image)
            if wrong is None and own is None:
                continue
            where = f"Image '{shown_value(image)}' of container '{name}'"
            named = own is not None and own.address in addresses(image)
            yield rule.finding(
                task,
                f"{where} {wrong}."
                if wrong or own is None
                else f"{where} is looked for in Docker Hub: it names repository '{own.address}' "
                "without its registry.",
                span=image.span,
                phase=Phase.DEPLOY if wrong == UNFILLED else Phase.START,
                subject=name,
                severity=Severity.ERROR if wrong or named else Severity.NOTE,
                fails_with=CHARACTERS if wrong == UNFILLED else INVALID if wrong else NO_ACCESS,
                fix=_fix(stack, task, image, wrong, own),
            )


def _fix(
    stack: Stack, task: TaskDefinition, image: Value, wrong: str | None, own: Repository | None
) -> Fix:
    if wrong == UNFILLED:
        return Fix.of(
            stack,
            "Take it from a variable.",
            'image = "${var.repository_url}:${var.image_tag}"',
            "Image: !Sub ${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/NAME:TAG",
        )
    draft = reworded(image.span, partial(_mended, stack, _beside(stack, task, own)))
    if wrong == CAPITALS:
        return Fix(
            "Write the image's name in small letters: registries take no others.", draft=draft
        )
    return Fix.of(
        stack,
        "Write the repository's URL and a tag.",
        'image = "${aws_ecr_repository.app.repository_url}:TAG"',
        "Image: !Sub ${Repository.RepositoryUri}:TAG",
        draft=draft,
    )


def _beside(stack: Stack, task: TaskDefinition, own: Repository | None) -> Repository | None:
    """The repository, where the task's module can name it."""
    home = home_of(stack, task.address)
    is_there = own is not None and home_of(stack, own.address) == home
    return own if is_there and own and "[" not in own.address.removeprefix(home) else None


def _mended(stack: Stack, own: Repository | None, image: Expression) -> Expression | None:
    """The image's name with the URL of the repository that it refers to, without a scheme or
    blanks, in small letters before its tag."""
    name, first = literal(own.name) if own else None, image[0]
    if own and name and isinstance(first, str) and re.match(rf"{re.escape(name)}(?=[:@]|$)", first):
        local = own.address.removeprefix(home_of(stack, own.address))
        attribute = "repository_url" if local.startswith("aws_") else "RepositoryUri"
        return (Inserted(f"{local}.{attribute}"), first[len(name) :], *image[1:])
    parts: list[str | Inserted] = []
    named = True
    for part in image:
        if isinstance(part, Inserted):
            parts.append((None if parts else _url(stack, part.text)) or part)
            continue
        text = re.sub(r"^https?://|\s", "", part) if not parts else part.replace(" ", "")
        end = re.search(r":(?!\d+/)|@", text) if named else None
        at = (end.start() if end else len(text)) if named else 0
        parts.append(_HOLE.sub(_lowered, text[:at]) + text[at:])
        named = named and end is None
    return tuple(parts)


#: What a template file is to fill in, and what stands between.
_HOLE = regex(r"\$\{[^{}]*\}|[^$]+|\$")


def _lowered(found: re.Match[str]) -> str:
    text = found.group()
    return text if text.startswith("${") else text.lower()


def _url(stack: Stack, code: str) -> Inserted | None:
    """The code for the URL of a repository, for code that is another attribute of it."""
    resource, _, attribute = code.rpartition(".")
    if re.match(r"aws_ecr_repository\.", resource) and attribute in ("name", "arn", "id"):
        return Inserted(f"{resource}.repository_url")
    logical = code.removesuffix(".Arn")
    if any(each.address.rpartition(".")[2] == logical for each in stack.of(Repository)):
        return Inserted(f"{logical}.RepositoryUri")
    return None


RULE = Rule("ECS617", "misnamed-image", (Severity.ERROR, Severity.NOTE), __doc__, check)
