"""How messages and fixes write resources."""

from __future__ import annotations

from ecs_preflight.findings.wording import in_code, named, pattern
from ecs_preflight.model import Language, LogGroup, ModuleCall, Stack
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.arns import ANY_TARGET
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Known, Reference, Text, Unknown, Value, join

SPAN = Span("main.tf", 1, 1, 2, 2)
TYPES = {
    Language.TERRAFORM: "aws_cloudwatch_log_group",
    Language.CLOUDFORMATION: "AWS::Logs::LogGroup",
}


def stack(language: Language, address: str) -> tuple[Stack, Value]:
    """A stack with one log group, and the ARN of its streams."""
    arn = arns.log_group(ANY_TARGET, Known("/ecs/app"))
    assert isinstance(arn, Text)
    group = LogGroup(
        address=address,
        type=TYPES[language],
        span=SPAN,
        name=Known("/ecs/app"),
        arn=arn,
        policy=Known(None),
    )
    calls = {"module.logs": ModuleCall("module.logs", SPAN)}
    made = Stack("s", language, ANY_TARGET, (group,), ("main.tf",), calls)
    return made, join(Reference(address, "arn", arn), ":*")


def test_a_log_groups_streams_are_written_behind_its_arn_in_terraform() -> None:
    made, streams = stack(Language.TERRAFORM, "aws_cloudwatch_log_group.app")
    written = in_code(made, streams, "aws_iam_role.task")
    assert written == '"${aws_cloudwatch_log_group.app.arn}:*"'


def test_a_log_groups_arn_holds_its_streams_in_cloudformation() -> None:
    made, streams = stack(Language.CLOUDFORMATION, "Group")
    assert in_code(made, streams, "Role") == "!GetAtt Group.Arn"


def test_what_another_module_holds_is_written_as_a_pattern() -> None:
    made, streams = stack(Language.TERRAFORM, "module.logs.aws_cloudwatch_log_group.app")
    written = in_code(made, streams, "aws_iam_role.task")
    assert written == '"arn:aws:logs:*:*:log-group:/ecs/app:*"'
    inside = in_code(made, streams, "module.logs.aws_iam_role.task")
    assert inside == '"${aws_cloudwatch_log_group.app.arn}:*"'


def test_holes_keep_their_names_and_what_deployment_decides_is_a_star() -> None:
    family = Unknown("no value", Name("var.family"))
    value = arns.log_group(ANY_TARGET, join("/ecs/", family))
    assert pattern(value) == "arn:aws:logs:*:*:log-group:/ecs/${var.family}"
    chosen = arns.key(ANY_TARGET, arns.hole("aws_kms_key.a", "key_id", unique=True))
    made, _ = stack(Language.TERRAFORM, "aws_cloudwatch_log_group.app")
    assert named(made, chosen) == pattern(chosen)
