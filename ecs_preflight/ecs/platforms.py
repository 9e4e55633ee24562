"""Fargate's platform versions."""

from __future__ import annotations

import re

from ..symbolic.answers import Answer, No
from ..symbolic.values import Value, literal

#: The first of Linux and of Windows with what tasks do today (facts A9, C3, E4).
LINUX, WINDOWS = (1, 4, 0), (1, 0, 0)


def numbered(version: Value) -> tuple[int, ...] | None:
    """A literal version's numbers; None for LATEST, and for what is not known."""
    written = literal(version)
    if written is None or not re.fullmatch(r"\d+\.\d+\.\d+", written):
        return None
    return tuple(map(int, written.split(".")))


def is_below(version: Value, windows: Answer) -> bool:
    """Is it surely older than the first version of that system with what tasks do today?"""
    number = numbered(version)
    if number is None:
        return False
    return number < WINDOWS if not isinstance(windows, No) else number < LINUX
