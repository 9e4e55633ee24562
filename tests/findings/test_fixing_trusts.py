"""A service that a role need not trust is taken out of its trust policy, and nothing empty is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

REST = """
resource "aws_ecs_task_definition" "web" {
  family                = "web"
  task_role_arn         = aws_iam_role.web.arn
  container_definitions = jsonencode([{ name = "web", image = "public.ecr.aws/nginx/nginx:1", memory = 128 }])
}
"""
ROLE = """\
resource "aws_iam_role" "web" {
  assume_role_policy = %s
}
"""
STATEMENT = """
  statement {
    actions = ["sts:AssumeRole"]
%s
  }
"""
BLOCK = """
    principals {
      type        = "Service"
      identifiers = [%s]
    }"""
EC2, LAMBDA, TASKS = (f'"{name}.amazonaws.com"' for name in ("ec2", "lambda", "ecs-tasks"))
ALL = '"arn:aws:iam::123456789012:root"'


def _document(*statements: str) -> str:
    body = "".join(STATEMENT % each for each in statements)
    return f'\ndata "aws_iam_policy_document" "trust" {{{body}}}\n'


def _object(*principals: str) -> str:
    listed = "\n".join(
        f'      {{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ {each} }} }},'
        for each in principals
    )
    return f'jsonencode({{\n    Version = "2012-10-17"\n    Statement = [\n{listed}\n    ]\n  }})'


def _mended(folder: Path, text: str) -> str:
    (folder / "main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.active} == {"ECS509"}
    assert made.after.active == ()
    (change,) = made.changes
    return change.after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((BLOCK % EC2 + "\n" + BLOCK % TASKS,), (BLOCK % TASKS,)),
        ((BLOCK % f"{EC2}, {TASKS}",), (BLOCK % TASKS,)),
        ((BLOCK % f"{EC2}, {LAMBDA}", BLOCK % TASKS), (BLOCK % TASKS,)),
        ((BLOCK % f"{EC2}, {LAMBDA}" + "\n" + BLOCK % TASKS,), (BLOCK % TASKS,)),
    ],
    ids=["block", "item", "statement", "block-of-two"],
)
def test_the_block_goes_that_would_name_nobody(
    before: tuple[str, ...], after: tuple[str, ...], folder: Path
) -> None:
    head = ROLE % "data.aws_iam_policy_document.trust.json" + REST
    assert _mended(folder, head + _document(*before)) == head + _document(*after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((f"Service = [{EC2}]", f"Service = {TASKS}"), (f"Service = {TASKS}",)),
        ((f"Service = [{EC2}, {TASKS}]",), (f"Service = [{TASKS}]",)),
        (
            (f"Service = [{EC2}], AWS = {ALL}", f"Service = {TASKS}"),
            (f"AWS = {ALL}", f"Service = {TASKS}"),
        ),
    ],
    ids=["statement", "item", "key"],
)
def test_the_key_goes_that_would_name_nobody(
    before: tuple[str, ...], after: tuple[str, ...], folder: Path
) -> None:
    assert _mended(folder, ROLE % _object(*before) + REST) == ROLE % _object(*after) + REST


def _elsewhere(listed: str, named: str) -> str:
    return (
        ROLE % "data.aws_iam_policy_document.trust.json"
        + REST
        + _document(BLOCK.replace("[%s]", named) + BLOCK % TASKS)
        + f"\nlocals {{\n  others = {listed}\n}}\n"
    )


@pytest.mark.parametrize(
    ("listed", "named"), [(f"[{EC2}]", "local.others"), (EC2, "[local.others]")]
)
def test_a_list_that_others_may_use_is_not_emptied(listed: str, named: str, folder: Path) -> None:
    (folder / "main.tf").write_text(_elsewhere(listed, named))
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.active] == ["ECS509"]
    assert made.changes == ()


def test_a_list_elsewhere_keeps_its_others(folder: Path) -> None:
    text = _elsewhere(f"[{TASKS}, {EC2}]", "local.others")
    assert _mended(folder, text) == _elsewhere(f"[{TASKS}]", "local.others")


@pytest.mark.parametrize(("key", "apart"), [("aws:SourceArn", True), ("aws:SourceAccount", False)])
def test_what_limits_another_service_keeps_no_task_out(
    key: str, apart: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    value = "arn:aws:events:eu-west-1:123456789012:rule/nightly" if apart else "123456789012"
    trust = f"""jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = {{ Service = "events.amazonaws.com" }}
        Condition = {{ StringEquals = {{ "{key}" = "{value}" }} }}
      }},
    ]
  }})"""
    target = """
resource "aws_cloudwatch_event_target" "web" {
  rule     = "nightly"
  arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
  role_arn = aws_iam_role.web.arn
  ecs_target {
    task_definition_arn = aws_ecs_task_definition.web.arn
  }
}
"""
    (tmp_path / "main.tf").write_text(ROLE % trust + REST + target)
    made = mend(["."], Options(select=("ECS501",)), unsafe=True)
    assert [finding.rule for finding in made.before.active] == ["ECS501"]
    assert made.after.active == () and made.unsound == ()
    text = made.changes[0].after
    assert text.count('Action    = "sts:AssumeRole"') == 1 + apart
    assert ('["events.amazonaws.com", "ecs-tasks.amazonaws.com"]' in text) is not apart
