"""A diff names its files so that one line stays one line, and Git finds them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import Change
from ecs_preflight.report import diff

HOSTILE = ("a\n::error::b", "a\x1b[31m", "\u202eft", 'quo"te\\d', "tab\there", os.fsdecode(b"\xff"))


@pytest.mark.parametrize("name", [*HOSTILE, "plain.tf", "with space.tf", "größe.tf"])
def test_git_applies_a_diff_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("before\n")
    made = diff.render([Change(name, "before\n", "after\n")])
    assert all(line.isprintable() for line in made.splitlines())
    assert made.count("\n") == 5
    # Outside of a repository: Git takes the files as they are.
    subprocess.run(
        ["git", "apply"],
        cwd=tmp_path,
        input=os.fsencode(made),
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)},
        check=True,
    )
    assert (tmp_path / name).read_text() == "after\n"
