"""Mutants of a healthy stack: one thing removed, moved, narrowed or spoilt at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import mutants_cloudformation
import mutants_terraform

from ecs_preflight.symbolic.records import dataclass
from ecs_preflight.symbolic.source import Span

EDITS = {".tf": mutants_terraform.edits, ".yaml": mutants_cloudformation.edits}


@dataclass(frozen=True)
class Mutant:
    """``title`` says what was done; ``text`` is the file's new content."""

    title: str
    file: str
    text: str


def mutants(folder: Path) -> Iterator[Mutant]:
    """Every mutant of the stack, in the order of its files."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in EDITS:
            text = path.read_text(encoding="utf-8")
            name = path.relative_to(folder).as_posix()
            for title, span, replacement in EDITS[path.suffix](text, name):
                yield Mutant(f"{name}: {title}", name, _cut(text, span, replacement))


def _cut(text: str, span: Span, replacement: str) -> str:
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: span.line - 1]) + span.column - 1
    end = sum(len(line) + 1 for line in lines[: span.end_line - 1]) + span.end_column - 1
    return text[:start] + replacement + text[end:]
