"""AWS's messages, each with the rules that find its cause in code, or what code cannot tell.

The table in ``data/aws_messages.tsv`` is gathered from AWS's troubleshooting pages (stopped tasks,
CannotPullContainer, resource initialization, Exec, EBS, EFS, service events) and from what people
report.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..symbolic.records import dataclass


@dataclass(frozen=True)
class AwsMessage:
    """``text`` as AWS writes it (``...`` for what differs), ``rules`` by their ids, and a ``note``
    on what of it cannot be known from code, or ""."""

    text: str
    rules: tuple[str, ...]
    note: str = ""


def search(query: str) -> tuple[AwsMessage, ...]:
    """The messages that hold the words of the query, the nearest first: those with the very
    phrase, then those with every word, then those with most of them (half at least). A whole
    message may be pasted: of a long query the message's own words count."""
    wanted = _words(query)
    if not wanted:
        return ()
    ranked = []
    for index, message in enumerate(MESSAGES):
        have = set(_words(message.text))
        phrase = " ".join(wanted) in " ".join(_words(message.text))
        hits = sum(word in have for word in wanted)
        share = max(hits / len(wanted), hits / len(have) if len(wanted) > len(have) else 0.0)
        if phrase or share >= 0.5:
            ranked.append((not phrase, -share, index, message))
    ranked.sort(key=lambda entry: entry[:3])
    best = max((-share for _, share, _, _ in ranked), default=0.0)
    return tuple(m for exact, share, _, m in ranked if not exact or -share >= best - 0.2)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9:]+", text.lower()) if len(word) > 1]


def _table() -> tuple[AwsMessage, ...]:
    written = (Path(__file__).with_name("data") / "aws_messages.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in written.splitlines()[1:])
    return tuple(AwsMessage(text, tuple(rules.split()), note) for text, rules, note in rows)


MESSAGES: tuple[AwsMessage, ...] = _table()
