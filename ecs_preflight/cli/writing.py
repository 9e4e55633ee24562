"""How wide a report is written, and files that a command writes beside it."""

from __future__ import annotations

import os
from pathlib import Path

from ..report import terminal
from ..symbolic import writing
from .exits import Misuse, say


def width(on_terminal: bool) -> int | None:
    """The width of the terminal (or COLUMNS), within what reads well; None for a pipe, where
    nothing is wrapped."""
    if not on_terminal:
        return None
    import shutil

    return min(max(shutil.get_terminal_size().columns, terminal.NARROWEST), terminal.WIDEST)


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
