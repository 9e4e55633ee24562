"""A part that somebody fills in later adds no error to any sample, and nothing makes us fail."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sampling import Sample, samples, scanned

READABLE = [
    (sample, path)
    for sample in samples()
    if sample.language == "taskfiles"
    for path in sample.files
    if path.name in ("task-definition.json", "taskdef.json") and "{{" not in path.read_text("utf-8")
]
WEIRD: tuple[Any, ...] = (None, 3, True, "", [], {}, "arn:::::", [[]], {"a": {}}, "${", "$A{{")


def parts(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    children: list[tuple[Any, Any]] = []
    if isinstance(node, (dict, list)):
        children = list(node.items() if isinstance(node, dict) else enumerate(node))
    for key, child in children:
        yield from parts(child, (*path, key))


def changed(sample: Sample, path: Path, part: tuple[Any, ...], value: Any, folder: Path) -> Path:
    """A copy of the sample with another value in one place of one file."""
    shutil.copytree(sample.path, folder)
    content = json.loads(path.read_text("utf-8"))
    node = content
    for key in part[:-1]:
        node = node[key]
    node[part[-1]] = value
    (folder / path.relative_to(sample.path)).write_text(json.dumps(content), encoding="utf-8")
    return folder


def errors(folder: Path) -> Counter[str]:
    report = scanned(folder)
    assert not report.faults
    return Counter(f.rule for f in report.findings if f.severity.value == "error")


@pytest.mark.parametrize(
    ("sample", "path"), READABLE, ids=[f"{sample}-{path.name}" for sample, path in READABLE]
)
def test_a_placeholder_adds_no_error(sample: Sample, path: Path, tmp_path: Path) -> None:
    known = list(parts(json.loads(path.read_text("utf-8"))))
    some = random.Random(str(sample)).sample(known, 3)
    base = errors(sample.path)
    for number, part in enumerate(some):
        folder = changed(sample, path, part, "{{ later }}", tmp_path / f"later{number}")
        assert errors(folder) <= base, part
        weird = random.Random(number).choice(WEIRD)
        errors(changed(sample, path, part, weird, tmp_path / f"weird{number}"))
