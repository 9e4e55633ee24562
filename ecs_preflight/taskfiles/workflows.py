"""GitHub workflows that deploy task definition files: which file, as which service, by which role.

Read are ``aws-actions/amazon-ecs-render-task-definition``, ``-deploy-task-definition`` and
``configure-aws-credentials``, and the calls of ``aws ecs`` in a step's script. The repository's own
reusable workflows and composite actions are followed.
"""

from __future__ import annotations

import posixpath
import re
import shlex
import string
from collections.abc import Callable, Iterator
from functools import partial

from ..adapters.documents import json_value
from ..model import Launcher
from ..symbolic.documents.nodes import Leaf, MappingNode, Node, SequenceNode, mapping, plain
from ..symbolic.patterns import regex
from ..symbolic.records import dataclass, replace
from ..symbolic.source import Span
from ..symbolic.strings import Blank, may_match, of_parts, parts_of
from ..symbolic.values import ABSENT, Entries, Known, Unknown, Value, Why, literal
from .expressions import Environment, environment, expression, in_shell, inputs, inputs_of

_DEPLOY = "aws-actions/amazon-ecs-deploy-task-definition@"
_RENDER = "aws-actions/amazon-ecs-render-task-definition@"
_CREDENTIALS = "aws-actions/configure-aws-credentials@"
#: The document at a path of the repository (``./.github/actions/deploy``), and its file's name;
#: None where there is none that can be read.
Local = Callable[[str], "tuple[Node, str] | None"]
#: Workflows and actions that one workflow may lead to.
MAX_CALLS = 100
#: What a matrix or an input fills in: part of a name.
_NAME = Blank(letters=frozenset(string.printable) - {"/"})
_OUTPUT = regex(r"\$\{\{\s*steps\.([\w-]+)\.outputs\.task-definition\s*\}\}")
_CALL = regex(
    r"\baws\s+(?:--?[\w-]+(?:[ =][^\s-]\S*)?\s+){0,20}ecs\s+"
    r"(register-task-definition|update-service|create-service|run-task)\b([^|;&\n]*)"
)


@dataclass(frozen=True)
class DeployStep:
    """What one step does. ``file`` is the task definition's path as the workflow names it, and
    ``family`` its family; Known(None) where the step names none."""

    step: str
    span: Span
    launcher: Launcher | None
    file: Value = ABSENT
    family: Value = ABSENT
    service: Value = ABSENT
    cluster: Value = ABSENT
    exec_enabled: Value = ABSENT
    launch_type: Value = ABSENT
    deployer: Value = ABSENT
    region: Value = ABSENT
    #: The role that the step itself gives to the task definition, in place of the file's.
    task_role: Value = ABSENT
    execution_role: Value = ABSENT
    #: What a call of run-task sets in place of the file's own.
    overrides: Value = ABSENT

    def names(self, path: str, family: Value) -> bool:
        """Does the step deploy the file at that path, or what is registered of it?"""
        if self.file != ABSENT:
            return _may_be(self.file, path)
        wanted = literal(self.family)
        own = literal(family)
        return wanted is not None and own is not None and wanted.split(":")[0] == own


def _may_be(file: Value, path: str) -> bool:
    """May the text, whose holes a matrix or an input fills, be that path?"""
    first, *others = parts_of(file) or ("",)
    parts = (first.removeprefix("./") if isinstance(first, str) else first, *others)
    if not any(isinstance(part, str) and part.strip("./") for part in parts):
        return False
    written = of_parts(parts, of_hole=lambda hole: _NAME)
    return may_match(written, (path.removeprefix("./"),))


def deployments(root: Node, file: str, local: Local = lambda path: None) -> Iterator[DeployStep]:
    """What the workflow in a document deploys, in its order, with what it calls."""
    yield from _of_workflow(root, file, {}, _Calls(local), "")


def called(root: Node) -> Iterator[str]:
    """The workflows of the repository that a workflow's jobs call."""
    for job in mapping(mapping(root).get("jobs")).entries:
        uses = plain(mapping(job.value).get("uses")) or ""
        if uses.startswith("./"):
            yield uses


def is_only_called(root: Node) -> bool:
    """Does nothing but a call start the workflow?"""
    on = mapping(root).get("on")
    return plain(on) == "workflow_call" or [e.key for e in mapping(on).entries] == ["workflow_call"]


class _Calls:
    """What is opened on the way from one workflow, none within itself."""

    def __init__(self, local: Local) -> None:
        self._local, self._left, self._open = local, MAX_CALLS, list[str]()

    def follow(
        self, path: str, read: Callable[[Node, str], Iterator[DeployStep]]
    ) -> Iterator[DeployStep]:
        if path in self._open or self._left == 0:
            return
        self._left -= 1
        found = self._local(path)
        if found is not None:
            self._open.append(path)
            yield from read(*found)
            self._open.pop()


def _of_workflow(
    root: Node, file: str, given: Environment, calls: _Calls, prefix: str
) -> Iterator[DeployStep]:
    env = environment(mapping(root).get("env"), given)
    for job in mapping(mapping(root).get("jobs")).entries:
        body = mapping(job.value)
        own = environment(body.get("env"), env)
        name = f"{prefix}{job.key}"
        uses = plain(body.get("uses")) or ""
        if uses.startswith("./"):
            yield from calls.follow(uses, partial(_reused, body, own, calls, name))
        else:
            yield from _Job(file, name, own, body, calls).deployments()


def _reused(
    job: MappingNode, env: Environment, calls: _Calls, name: str, root: Node, file: str
) -> Iterator[DeployStep]:
    """What a job does that calls a workflow: that sees the inputs, and none of the variables."""
    declared = mapping(mapping(mapping(root).get("on")).get("workflow_call")).get("inputs")
    given = inputs(declared, inputs_of(job), env)
    return _of_workflow(root, file, given, calls, f"{name}.")


class _Job:
    """A job, or the steps of a composite action within it."""

    def __init__(
        self, file: str, name: str, env: Environment, body: MappingNode, calls: _Calls
    ) -> None:
        self._file, self._name, self._env, self._calls = file, name, env, calls
        steps = body.get("steps")
        self._steps = (
            [mapping(step) for step in steps.items] if isinstance(steps, SequenceNode) else []
        )
        self._deployer: Value = ABSENT
        self._region: Value = ABSENT
        self._rendered: dict[str, Value] = {}

    def deployments(self) -> Iterator[DeployStep]:
        for number, step in enumerate(self._steps):
            uses = plain(step.get("uses")) or ""
            env = environment(step.get("env"), self._env)
            given = inputs_of(step)
            if uses.startswith(_CREDENTIALS):
                self._deployer = self._input(given, "role-to-assume", env)
                self._region = self._input(given, "aws-region", env)
            elif uses.startswith(_RENDER):
                self._rendered[plain(step.get("id")) or ""] = self._task(given, env)
            elif uses.startswith(_DEPLOY):
                yield from self._deployed(step, given, env, number)
            elif uses.startswith("./"):
                name = self._step_name(step, number)
                yield from self._calls.follow(uses, partial(self._composed, step, env, name))
            elif isinstance(script := step.get("run"), Leaf):
                yield from self._called(step, script, env, number)

    def _composed(
        self, step: MappingNode, env: Environment, name: str, root: Node, file: str
    ) -> Iterator[DeployStep]:
        """What the steps of an action do in the place of one of ours."""
        given = inputs(mapping(root).get("inputs"), inputs_of(step), env)
        inner = _Job(file, name, {**env, **given}, mapping(mapping(root).get("runs")), self._calls)
        inner._deployer, inner._region = self._deployer, self._region
        yield from inner.deployments()
        self._deployer, self._region = inner._deployer, inner._region
        if inner._rendered:
            self._rendered[plain(step.get("id")) or ""] = [*inner._rendered.values()][-1]

    def _input(self, given: MappingNode, name: str, env: Environment) -> Value:
        node = given.get(name)
        written = plain(node)
        if node is None or not written:
            return ABSENT
        return expression(written, env, Span(self._file, *node.extent))

    def _task(self, given: MappingNode, env: Environment) -> Value:
        """The file that a step takes, or that the step rendered whose output it takes."""
        written = plain(given.get("task-definition")) or ""
        output = _OUTPUT.fullmatch(written.strip())
        if output is not None:
            return self._rendered.get(output[1], ABSENT)
        return self._input(given, "task-definition", env)

    def _deployed(
        self, step: MappingNode, given: MappingNode, env: Environment, number: int
    ) -> Iterator[DeployStep]:
        span = Span(self._file, *step.extent)
        common = DeployStep(
            self._step_name(step, number),
            span,
            None,
            file=self._task(given, env),
            cluster=self._input(given, "cluster", env),
            deployer=self._deployer,
            region=self._region,
        )
        service = self._input(given, "service", env)
        runs = plain(given.get("run-task")) == "true"
        if service != ABSENT:
            yield replace(
                common, launcher=Launcher.SERVICE, service=service, exec_enabled=_unsaid(span)
            )
        if runs:
            launch_type = self._input(given, "run-task-launch-type", env)
            listed = self._input(given, "run-task-container-overrides", env)
            yield replace(
                common,
                launcher=Launcher.RUN_TASK,
                launch_type=Known("FARGATE", span) if launch_type == ABSENT else launch_type,
                overrides=Entries((("containerOverrides", json_value(listed)),), span=span),
            )
        if service == ABSENT and not runs:
            yield common

    def _called(
        self, step: MappingNode, script: Leaf, env: Environment, number: int
    ) -> Iterator[DeployStep]:
        written = plain(script) or ""
        if "ecs" not in written:
            return
        folder = plain(step.get("working-directory")) or ""
        joined = re.sub(r"\\\r?\n", "  ", written)
        for match in _CALL.finditer(joined):
            line = written.count("\n", 0, match.start())
            begin = script.extent[0] + (1 + line if script.block else 0)
            span = Span(self._file, begin, script.block or script.extent[1], begin, 0)
            span = replace(span, end_line=begin, end_column=span.column + len(match[0].rstrip()))
            options = _options(match[2])
            if options is not None:
                yield self._call(match[1], options, env, span, folder, number, step)

    def _call(
        self,
        call: str,
        options: dict[str, str],
        env: Environment,
        span: Span,
        folder: str,
        number: int,
        step: MappingNode,
    ) -> DeployStep:
        def option(*names: str) -> Value:
            found = next((options[name] for name in names if name in options), None)
            return ABSENT if not found else in_shell(found, env, span)

        file = options.get("cli-input-json") or options.get("cli-input-yaml") or ""
        path = posixpath.join(folder, file.removeprefix("file://"))
        registers = call == "register-task-definition"
        turns_on = "enable-execute-command" in options
        turns_off = "disable-execute-command" in options
        unsaid = _unsaid(span) if call == "update-service" else ABSENT
        return DeployStep(
            self._step_name(step, number),
            span,
            None if registers else Launcher.RUN_TASK if call == "run-task" else Launcher.SERVICE,
            file=in_shell(path, env, span) if registers and file.startswith("file://") else ABSENT,
            family=ABSENT if registers else option("task-definition"),
            service=ABSENT if call == "run-task" else option("service", "service-name"),
            cluster=option("cluster"),
            exec_enabled=Known(turns_on, span) if turns_on or turns_off else unsaid,
            launch_type=option("launch-type"),
            deployer=self._deployer,
            region=self._region,
            task_role=option("task-role-arn") if registers else ABSENT,
            execution_role=option("execution-role-arn") if registers else ABSENT,
            overrides=json_value(option("overrides")) if call == "run-task" else ABSENT,
        )

    def _step_name(self, step: MappingNode, number: int) -> str:
        return f"{self._name}.{plain(step.get('id')) or f'steps[{number}]'}"


def _options(written: str) -> dict[str, str] | None:
    """``--name value`` pairs; a flag's value is empty. None for what is no command line."""
    try:
        words = shlex.split(written)
    except ValueError:
        return None
    found: dict[str, str] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            found[name] = value
        elif name and not found[name]:
            found[name] = word
    return found


def _unsaid(span: Span) -> Unknown:
    return Unknown(
        "the service stands elsewhere, and the deployment does not say it",
        why=Why.OUTSIDE,
        span=span,
    )
