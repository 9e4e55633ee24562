"""Files that a command writes beside its report."""

from __future__ import annotations

import os
from pathlib import Path

from ..symbolic import writing
from .exits import Misuse, say


def write(file: Path, text: str) -> None:
    """Write the file, whole or not at all. Raises Misuse when it cannot be written."""
    try:
        writing.write(file, text)
    except writing.Unwritable as error:
        raise Misuse(f"cannot write to '{file}': {error}") from error


def summarise(text: str) -> None:
    """Append to the job's summary, where GitHub Actions names one. That it cannot be written is
    told, and changes no verdict."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if not summary:
        return
    try:
        with open(summary, "a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        say(f"warning: cannot write the job summary '{summary}': {reason}")
