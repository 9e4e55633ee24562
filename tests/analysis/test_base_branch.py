"""What a commit already says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ecs_preflight.analysis.base_branch import BaseBranch

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


CODE = """\
resource "a" "one" {
  # ignore: known
  x = 1
}

resource "a" "two" {
  x = 1
}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(CODE)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init", "-q"), ("add", "."), (*author, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "anchor", "known"),
    [
        ("# ignore: known", 'resource "a" "one" {', True),
        ("    # ignore: known", 'resource "a" "one" {', True),
        ("# ignore: known", "  x = 1", True),  # right above it
        ("# ignore: known", 'resource "a" "two" {', False),
        ("# ignore: known", "  # ignore: known", True),
        ("# ignore: more", 'resource "a" "one" {', False),
    ],
)
def test_a_commit_knows_its_own_lines_where_they_stand(
    repository: Path, monkeypatch: pytest.MonkeyPatch, line: str, anchor: str, known: bool
) -> None:
    monkeypatch.chdir(repository)
    base = BaseBranch(repository, "HEAD")
    assert base.is_known()
    assert base.has("infra/main.tf", [line], anchor, CODE.splitlines()) == known
    assert not base.has("infra/other.tf", [line], anchor, [line])


def test_a_line_that_stands_more_often_now_is_not_known(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    base, line = BaseBranch(repository, "HEAD"), "  # ignore: known"
    now = [*CODE.splitlines(), line]
    assert not base.has("infra/main.tf", [line], 'resource "a" "one" {', now)


@pytest.mark.parametrize("commit", ["nowhere", "--help", "", "HEAD\0"])
def test_what_is_no_commit_knows_nothing(repository: Path, commit: str) -> None:
    base = BaseBranch(repository, commit)
    assert not base.is_known()
    assert not base.has("infra/main.tf", ["  x = 1"], "  x = 1", ["  x = 1"])


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
