"""An attachment that claims a policy for one role becomes one that does not; a list that claims a
role names what is attached beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

SAMPLES = ROOT / "terraform/ECS634-exclusive-attachment"
ALONE = (SAMPLES / "bad/main.tf").read_text()
LISTED = (SAMPLES / "bad-beside-list/main.tf").read_text()


def _after(folder: Path, text: str, **others: str) -> dict[str, str]:
    (folder / "main.tf").write_text(text)
    for name, more in others.items():
        (folder / f"{name}.tf").write_text(more)
    made = mend(["."], Options(), unsafe=True)
    return {change.file: change.after for change in made.changes}


def test_what_waits_for_it_goes_on_waiting(folder: Path) -> None:
    waiting = (
        'resource "aws_sqs_queue" "jobs" {\n'
        "  depends_on = [aws_iam_policy_attachment.execution, aws_iam_policy_attachment.other]\n}\n"
    )
    after = _after(folder, ALONE, queue=waiting)
    assert '"aws_iam_policy_attachment"' not in after["main.tf"]
    assert "  role       = aws_iam_role.execution.name\n  policy_arn = " in after["main.tf"]
    assert after["queue.tf"] == waiting.replace(
        "aws_iam_policy_attachment.execution", "aws_iam_role_policy_attachment.execution"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[aws_iam_role.execution.name]", '[aws_iam_role.execution.name, "other"]'),
        ("  roles ", '  users = ["deployer"]\n  roles '),
        (
            'resource "aws_cloudwatch_log_group"',
            'resource "aws_iam_role_policy_attachment" "execution" {\n'
            '  role       = "other"\n  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n}\n\n'
            'resource "aws_cloudwatch_log_group"',
        ),
    ],
)
def test_what_is_for_others_too_is_left_to_a_person(folder: Path, old: str, new: str) -> None:
    assert old in ALONE
    assert _after(folder, ALONE.replace(old, new, 1)) == {}


def test_a_policy_is_listed_by_the_name_that_its_attachment_has(folder: Path) -> None:
    own = 'resource "aws_iam_policy" "own" {\n  policy = "{}"\n}\n'
    written = '"arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"'
    assert written in LISTED
    after = _after(folder, LISTED.replace(written, "aws_iam_policy.own.arn"), own=own)
    assert 'TaskExecutionRolePolicy", aws_iam_policy.own.arn]' in after["main.tf"]
