"""Writes ``docs/coverage.md`` from the rules and from AWS's messages that they know.

``python tools/coverage_page.py`` rewrites it; a test compares it with what this would write.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ecs_preflight.findings.rule import Rule  # noqa: E402
from ecs_preflight.rules import RULES  # noqa: E402
from ecs_preflight.rules._aws_messages import MESSAGES  # noqa: E402

PAGE = ROOT / "docs" / "coverage.md"
DATA = ROOT / "tools" / "coverage"
FAMILIES = {
    "5": "Who may assume a role",
    "60": "What the agent needs of the execution role",
    "61": "What the agent needs of the execution role",
    "62": "Permissions on the wrong role, or with the wrong scope",
    "63": "Permissions on the wrong role, or with the wrong scope",
    "7": "ECS Exec",
    "80": "What the task definition, its volumes and its keys need",
    "81": "What the task definition, its volumes and its keys need",
    "82": "What starts tasks and deploys them, and the network they start in",
}
LEFT_OUT = (
    (
        "A scalable target's role",
        "ECS's own service-linked role scales services, whatever role the target names.",
    ),
    (
        "Calls of CloudWatch Logs on a group's key in the caller's name",
        "That AWS enforces them is not established.",
    ),
    (
        "Account settings and organizations",
        "Service control policies, resource control policies and "
        "account settings are not in the code; what they take away is not seen.",
    ),
    (
        "What an application calls",
        "Only what the code says of it is judged: permissions on the "
        "wrong role, actions that do not exist, resources that can never match.",
    ),
    (
        "Addresses and network ACLs",
        "Whether a rule's addresses are those of the other side is known to the deployment alone; "
        "of security groups the ports count (443 to AWS, 2049 to a file system).",
    ),
    (
        "Existence of what the code does not make",
        "Images, secrets, parameters, log groups, keys and "
        "certificates that stand elsewhere are taken to be there.",
    ),
    ("App Mesh, Elastic Inference", "Both have ended (ECS810 says so of App Mesh)."),
    ("Private CA tags, dead letter queues, pipe sources", "They stand beside ECS."),
)


def page() -> str:
    """The whole page."""
    parts = [
        "# What is covered",
        "Made from the rules and from the tables in `tools/coverage` by `tools/coverage_page.py`: "
        "what each feature of ECS takes, and which rule asks for it.",
    ]
    parts += ["## Features", *_features(), "## The rules"]
    titles = list(dict.fromkeys(FAMILIES.values()))
    for title in titles:
        rows = [_row(rule) for rule in RULES if _family(rule) == title]
        parts += [f"### {title}", "\n".join(["| rule | what is asked |", "| --- | --- |", *rows])]
    parts += [
        "## AWS's messages",
        "`ecs-preflight rules --message TEXT` searches them.",
        "\n".join(
            ["| message | rules | what code cannot tell |", "| --- | --- | --- |", *_messages()]
        ),
        "## What ECS refuses",
        "Refusals that people have seen ECS, or Fargate, give to a task definition, a service, a "
        "cluster or a capacity provider: the rule that finds each before, or why none does. What "
        "is left out as names, ranges, counts and placement is refused at once, and speaks of no "
        "role, permission, key, file or path to AWS.",
        "\n".join(["| refused | rules | left out |", "| --- | --- | --- |", *_refusals()]),
        "## What is left out, and why",
        "\n".join(f"- **{what}.** {why}" for what, why in LEFT_OUT),
    ]
    return "\n\n".join(parts) + "\n"


def _features() -> list[str]:
    """A table of each area."""
    rows = _read("features.tsv")
    head = ["| feature | what is needed | rules | AWS's answer | source |", "|" + " --- |" * 5]
    tables = []
    for area in dict.fromkeys(row[0] for row in rows):
        lines = [
            f"| {feature} | {needed} | {_links(rules)} | {answer} | {source} |"
            for where, feature, needed, rules, answer, source in rows
            if where == area
        ]
        tables += [f"### {area}", "\n".join([*head, *lines])]
    return tables


def _refusals() -> list[str]:
    return [f"| {what} | {_links(rules)} | {why} |" for what, rules, why in _read("refusals.tsv")]


def _read(name: str) -> list[list[str]]:
    """The rows of a table, without its heading."""
    written = (DATA / name).read_text(encoding="utf-8").splitlines()[1:]
    return [row.replace("|", "\\|").split("\t") for row in written]


def _links(rules: str) -> str:
    return " ".join(map(_link, rules.split()))


def _family(rule: Rule) -> str:
    number = rule.id.removeprefix("ECS")
    return next((title for start, title in FAMILIES.items() if number.startswith(start)), "")


def _row(rule: Rule) -> str:
    found = rule.page.split("What it finds", 1)[1].split("\n\n", 1)[0]
    text = " ".join(found.split()).replace("``", "`").replace("|", "\\|")
    return f"| {_link(rule.id)} {rule.name} | {text} |"


def _messages() -> list[str]:
    return [
        f"| {message.text.replace('|', chr(92) + '|')} | {' '.join(map(_link, message.rules))} "
        f"| {message.note} |"
        for message in MESSAGES
    ]


def _link(rule: str) -> str:
    return f"[{rule}](rules/{rule}.md)"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
