"""What a commit already says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ecs_preflight.analysis.base_branch import BaseBranch

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text("  one\ntwo\n")
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init", "-q"), ("add", "."), (*author, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "infra" / "main.tf").write_text("one\nthree\n")
    return tmp_path


def test_a_commit_knows_its_own_lines(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    base = BaseBranch(repository, "HEAD")
    assert base.is_known()
    assert base.has("infra/main.tf", "one") and base.has("infra/main.tf", "\ttwo ")
    assert not base.has("infra/main.tf", "three")
    assert not base.has("infra/other.tf", "one")


@pytest.mark.parametrize("commit", ["nowhere", "--help", "", "HEAD\0"])
def test_what_is_no_commit_knows_nothing(repository: Path, commit: str) -> None:
    base = BaseBranch(repository, commit)
    assert not base.is_known()
    assert not base.has("infra/main.tf", "one")
