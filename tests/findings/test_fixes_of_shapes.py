"""Whatever form the code has, its fixes mend it, and leave every line as it is that they do not
change: its white space, its comment and its line end."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from mended_texts import unnamed_lines
from mending import FAULTY, copied
from reshaping import SHAPES, reshaped
from sampling import Sample

from ecs_preflight.analysis.mending import Change, mend
from ecs_preflight.analysis.scan import Options, Report

#: What a fix takes out of an object is indented as what it stands in then.
MOVED = ("bad-action-in-principal",)

#: Of the samples that are fast each has every shape, of the others one each.
SHAPED = [
    pytest.param(sample, shape, id=f"{sample} {shape}", marks=marks)
    for number, (sample, marks) in enumerate((p.values[0], p.marks) for p in FAULTY)
    for index, shape in enumerate(SHAPES)
    if sample.rule != "ECS001"  # what cannot be read has no other form
    if sample.rule in ("ECS605", "ECS702") or index == number % len(SHAPES)
]


@pytest.mark.parametrize(("sample", "shape"), SHAPED)
def test_fixes_keep_the_form_of_the_place(sample: Sample, shape: str, tmp_path: Path) -> None:
    (tmp_path / "as-it-is").mkdir()
    with copied(sample, tmp_path / "as-it-is") as path:
        expected = mend([path], Options(), unsafe=True)
    (tmp_path / shape).mkdir()
    with copied(sample, tmp_path / shape) as path:
        if not reshaped(Path(), shape):
            return
        made = mend([path], Options(), unsafe=True)
        assert _found(made.before) == _found(expected.before)
        assert _found(made.after) == _found(expected.after)
        assert unnamed_lines(made.changes, made.before.active) == []
        for change in made.changes:
            assert _otherwise_written(change) == [] or sample.name in MOVED
            assert shape != "crlf" or "\n" not in change.after.replace("\r\n", "")
            Path(change.file).write_bytes(change.after.encode())
        assert mend([path], Options(), unsafe=True).changes == ()


def _found(report: Report) -> list[tuple[str, str]]:
    return sorted((finding.rule, finding.owner.address) for finding in report.active)


def _otherwise_written(change: Change) -> list[str]:
    """The lines that say what they said, but say it otherwise. Where assignments are aligned they
    stay so, however long the names are beside them."""
    before, after = change.before.split("\n"), change.after.split("\n")
    codes = [list(map(_code, lines)) for lines in (before, after)]
    matcher = difflib.SequenceMatcher(None, *codes, autojunk=False)
    return [
        f"{change.file}:{first + number + 1}: {old!r} -> {new!r}"
        for first, second, size in matcher.get_matching_blocks()
        for number, (old, new) in enumerate(
            zip(before[first : first + size], after[second : second + size], strict=True)
        )
        if old != new and not (_is_aligned(before) and _loose(old) == _loose(new))
        if re.search(r"\w", _code(old)) and old.rstrip(", \r") != new.rstrip(", \r")
        if after.count(old) < before.count(old)
    ]


def _code(line: str) -> str:
    """What the line says: without white space, the comma behind it, and its comment."""
    said = re.sub(r"(?<=\S)\s+# c\d+\.\s*$", "", line)
    return "".join(said.split()).rstrip(",")


def _loose(line: str) -> str:
    """The line with one blank before its equals sign, and one before its comment."""
    return re.sub(r"\s+(=|#)", r" \1", line)


def _is_aligned(lines: list[str]) -> bool:
    """Do equals signs of neighbours stand under each other, where their names are not alike?"""
    columns = [re.match(r'\s*"?[\w-]+"?(\s+)=(?![=>])', line) for line in lines]
    return any(found and len(found[1]) > 1 for found in columns)
