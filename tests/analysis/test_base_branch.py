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


def test_a_repository_that_a_checkout_holds_is_not_gits(tmp_path: Path) -> None:
    """What it lacks it would have a program fetch, which its configuration names."""
    (tmp_path / "fetch").write_text(f"#!/bin/sh\necho fetched > {tmp_path}/ran\n")
    (tmp_path / "fetch").chmod(0o755)
    subprocess.run(["git", "init", "-q", "--bare", "."], cwd=tmp_path, check=True)
    for name, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", f"ext::{tmp_path}/fetch"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ):
        subprocess.run(["git", "config", name, value], cwd=tmp_path, check=True)
    assert not BaseBranch(tmp_path, "1" * 40).is_known()
    assert not (tmp_path / "ran").exists()
