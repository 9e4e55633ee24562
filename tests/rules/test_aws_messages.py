"""AWS's messages lead to the rules that find their causes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sampling import RULE_OF

from ecs_preflight import cli
from ecs_preflight.rules._aws_messages import MESSAGES, search


def test_every_message_leads_to_rules_or_says_what_code_cannot_tell() -> None:
    for message in MESSAGES:
        assert message.rules or message.note, message.text
        assert set(message.rules) <= set(RULE_OF), message.text
    assert len({message.text for message in MESSAGES}) == len(MESSAGES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.text[:40])
def test_a_message_finds_itself_first(message: object) -> None:
    assert search(message.text)[0] is message  # type: ignore[attr-defined]


def _published() -> list[tuple[str, ...]]:
    """What AWS's troubleshooting pages quote, page by page, and people report; ``-`` where code
    does not tell the cause."""
    written = (Path(__file__).parents[1] / "data/aws_pages.tsv").read_text(encoding="utf-8")
    return [tuple(line.split("\t"))[1:] for line in written.splitlines()[1:]]


@pytest.mark.parametrize(("text", "rules"), _published())
def test_what_aws_publishes_leads_to_its_rules_or_to_why_code_cannot_tell(
    text: str, rules: str
) -> None:
    nearest = search(text)[:3]
    assert nearest
    if rules == "-":
        assert nearest[0].note and not nearest[0].rules, nearest[0]
    else:
        assert set(rules.split()) <= {rule for found in nearest for rule in found.rules}, nearest


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("unable to pull secrets", "ECS605"),
        ("unable to assume the role provided for this task", "ECS501"),
        ("TargetNotConnectedException", "ECS702"),
        ("log group does not exist", "ECS614"),
        ("is not authorized to perform: iam:PassRole", "ECS823"),
        (
            "(service web) failed to launch a task with (error ECS was unable to assume the role "
            "'arn:aws:iam::111122223333:role/web' that was provided for this task. Please verify "
            "that the role being passed has the proper trust relationship and permissions and that "
            "your IAM user has permissions to pass this role.)",
            "ECS502",
        ),
    ],
)
def test_words_or_a_whole_message_find_the_rule(query: str, rule: str) -> None:
    assert any(rule in message.rules for message in search(query)[:3])


def test_the_command_prints_rules_and_refuses_what_it_does_not_know(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["rules", "--message", "unable to pull secrets"]) == 0
    assert "ECS605  secret-not-readable" in capsys.readouterr().out
    assert cli.main(["rules", "--message", "zebra crossing"]) == 2
