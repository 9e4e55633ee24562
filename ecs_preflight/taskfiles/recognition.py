"""Telling a task definition, and a service, from any other JSON or YAML: by what they hold.

A task definition is what ``aws ecs register-task-definition --cli-input-json`` takes, or what
``aws ecs describe-task-definition`` gives: that wraps it, and adds fields that nobody asks about.
"""

from __future__ import annotations

from ..symbolic.documents.nodes import MappingNode, Node, SequenceNode, mapping, plain
from ..symbolic.patterns import regex

#: What the API's input has beside ``containerDefinitions``: one of these tells it from a list of
#: containers that a program or a Terraform module reads.
_BESIDE = (
    "family",
    "taskRoleArn",
    "executionRoleArn",
    "requiresCompatibilities",
    "networkMode",
)
#: What tells a service's input (``aws ecs create-service --cli-input-json``) from others.
_SERVICE = (
    "desiredCount",
    "deploymentConfiguration",
    "enableExecuteCommand",
    "schedulingStrategy",
    "platformVersion",
)
#: Statements of a template engine: what holds them is the source of a file, not yet one.
_ENGINE = regex(rb"\{%|\{\{")
#: Outermost keys of a task definition in JSON: what is embedded in some other file is none.
_KEYS = regex(rb"^\s*\{\s*\"(?:taskDefinition|family|[a-zA-Z]+RoleArn|containerDefinitions)\"")


def may_be_task_definition(data: bytes) -> bool:
    """A cheap look at a file's bytes: no task definition fails it."""
    return b"containerDefinitions" in data and (
        b"family" in data or b"RoleArn" in data or b"requiresCompatibilities" in data
    )


def may_be_service(data: bytes) -> bool:
    """Does the text hold a word that only services' files have? A cheap look before reading."""
    return any(word.encode() in data for word in _SERVICE)


def may_be_ours(data: bytes) -> bool:
    """May the bytes be a task definition, a service, or what says that they belong together?"""
    return (
        may_be_task_definition(data)
        or may_be_service(data)
        or b"task_definition" in data
        or b"service_definition" in data
    )


def is_source(data: bytes) -> bool:
    """Is it what a template engine makes a task definition of?"""
    return may_be_task_definition(data) and _ENGINE.search(data) is not None


def task_definition(root: Node) -> MappingNode | None:
    """The task definition in a document, unwrapped; None when it holds none."""
    for node in (root, mapping(root).get("taskDefinition")):
        body = mapping(node)
        if isinstance(body.get("containerDefinitions"), SequenceNode) and any(
            body.get(name) is not None for name in _BESIDE
        ):
            return body
    return None


def service(root: Node) -> MappingNode | None:
    """The service definition in a document, unwrapped; None when it holds none."""
    body = mapping(root)
    wrapped = body.get("services") if body.get("serviceName") is None else None
    if isinstance(wrapped, SequenceNode) and len(wrapped.items) == 1:
        body = mapping(wrapped.items[0])
    if body.get("containerDefinitions") is not None or body.get("apiVersion") is not None:
        return None
    return body if sum(body.get(name) is not None for name in _SERVICE) >= 1 else None


def family_of(service: MappingNode) -> str | None:
    """The family that a service names; None where it names none, or one to be filled in."""
    written = plain(service.get("taskDefinition"))
    return written and written.rsplit("task-definition/", 1)[-1].partition(":")[0]


def means_task_definition(data: bytes) -> bool:
    """Is what cannot be parsed meant as a task definition, and not as the source of one?"""
    return (
        may_be_task_definition(data)
        and _ENGINE.search(data) is None
        and _KEYS.search(data) is not None
    )
