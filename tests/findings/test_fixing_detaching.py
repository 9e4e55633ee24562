"""A policy that is taken off a role: its attachment goes, with what would name it in vain."""

from __future__ import annotations

from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

GOOD = (ROOT / "terraform/ECS623-application-permission-on-execution-role/good/main.tf").read_text()
POLICY = """
resource "aws_iam_policy" "poll" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["ecs:Poll"], Resource = "*" }]
  })
}
"""
ATTACHMENT = """
resource "aws_iam_role_policy_attachment" "poll" {
  role       = aws_iam_role.execution.name
  policy_arn = aws_iam_policy.poll.arn
}
"""
NAME = "aws_iam_role_policy_attachment.poll"


def _after(folder: Path, *texts: str) -> dict[str, str]:
    for number, text in enumerate(texts):
        (folder / f"{number}.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.active] == ["ECS623"]
    return {change.file: change.after for change in made.changes}


def test_one_that_is_made_under_a_condition_goes_too(folder: Path) -> None:
    counted = ATTACHMENT.replace("{\n", "{\n  count      = var.polls ? 1 : 0\n", 1)
    switch = '\nvariable "polls" {\n  default = true\n}\n'
    assert _after(folder, GOOD, POLICY + counted, switch) == {"1.tf": POLICY}


@pytest.mark.parametrize(
    "head",
    [
        "  for_each   = toset([aws_iam_role.execution.name])\n  role       = each.value\n",
        "  count      = 1\n  role       = [aws_iam_role.execution.name][count.index]\n",
    ],
)
def test_one_whose_instances_differ_stays(folder: Path, head: str) -> None:
    repeated = ATTACHMENT.replace("  role       = aws_iam_role.execution.name\n", head)
    assert _after(folder, GOOD, POLICY + repeated) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"  depends_on = [{NAME}]\n", ""),
        (
            f"  depends_on = [{NAME}[0], aws_iam_policy.poll]\n",
            "  depends_on = [aws_iam_policy.poll]\n",
        ),
        (
            f"  depends_on = [\n    aws_iam_policy.poll,\n    {NAME}, # polls\n  ]\n",
            "  depends_on = [\n    aws_iam_policy.poll,\n  ]\n",
        ),
        (f"  # {NAME} comes first\n", f"  # {NAME} comes first\n"),
    ],
)
def test_what_waits_for_it_waits_no_more(folder: Path, before: str, after: str) -> None:
    queue = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\nMORE}\n'
    made = _after(folder, GOOD, POLICY + ATTACHMENT, queue.replace("MORE", before))
    assert made["1.tf"] == POLICY
    assert made.get("2.tf", queue.replace("MORE", before)) == queue.replace("MORE", after)


@pytest.mark.parametrize(
    "use",
    [
        f'output "id" {{\n  value = {NAME}.id\n}}\n',
        f"moved {{\n  from = aws_iam_role_policy_attachment.old\n  to   = {NAME}\n}}\n",
    ],
)
def test_one_that_is_named_elsewhere_stays(folder: Path, use: str) -> None:
    assert _after(folder, GOOD, POLICY + ATTACHMENT, use) == {}


SHARED = (
    ROOT / "cloudformation/ECS623-application-permission-on-execution-role/bad-shared.yaml"
).read_text()
ROLES = "      Roles:\n        - !Ref ExecutionRole\n        - !Ref TaskRole\n"
ALONE = "      Roles:\n        - !Ref ExecutionRole\n"
POLICY_OF_TEMPLATE = SHARED[SHARED.index("  SendEvents:") : SHARED.index("  EventsQueue:")]


def _mended(folder: Path, text: str) -> str:
    (folder / "template.yaml").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert "ECS623" in {finding.rule for finding in made.before.active}
    return made.changes[0].after if made.changes else text


@pytest.mark.parametrize(
    "roles",
    [
        "      Roles: [!Ref ExecutionRole, !Ref TaskRole]\n",
        "      Roles:\n        - Ref: ExecutionRole\n        - Ref: TaskRole\n",
    ],
)
def test_of_a_policy_of_several_roles_one_role_goes(folder: Path, roles: str) -> None:
    after = _mended(folder, SHARED.replace(ROLES, roles))
    assert "Action: sqs:SendMessage" in after
    assert after.count("ExecutionRole") == SHARED.count("ExecutionRole") - 1
    assert after.count("TaskRole") == SHARED.count("TaskRole")


def test_a_role_that_a_condition_chooses_stays(folder: Path) -> None:
    chosen = "      Roles: [!If [Live, !Ref ExecutionRole, !Ref TaskRole], !Ref TaskRole]\n"
    text = SHARED.replace("Resources:\n", "Conditions:\n  Live: !Equals [a, a]\nResources:\n", 1)
    text = text.replace(ROLES, chosen)
    assert _mended(folder, text) == text


def test_a_policy_that_nobody_else_has_goes_as_a_whole(folder: Path) -> None:
    own = POLICY_OF_TEMPLATE.replace("SendEvents", "SendToo").replace("send-events", "send-too")
    own = own.replace(ROLES, "      Roles: [!Ref TaskRole]\n")  # the task role has it already
    wrong = POLICY_OF_TEMPLATE.replace(ROLES, ALONE)
    text = SHARED.replace(POLICY_OF_TEMPLATE, wrong + own)
    assert _mended(folder, text) == SHARED.replace(POLICY_OF_TEMPLATE, own)
