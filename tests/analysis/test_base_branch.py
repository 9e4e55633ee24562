"""What a commit already says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ecs_preflight.analysis.base_branch import BaseBranch

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


CODE = """\
# ignore: above
resource "a" "one" {
  # ignore: known
  x = 1
  y = 2 # ignore: beside
}

resource "a" "two" {
  x = 1
}
"""
TEMPLATE = """\
Metadata:
  tool:
    ignore: all
Resources:
  One:
    Metadata:
      tool:
        ignore: one
    Type: A
  Two:
    Type: A
"""
JSON = """\
{
  "Resources": {
    "One": {
      "Metadata": {"ignore": "one"},
      "Type": "A"
    }
  }
}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.tf").write_text(CODE)
    (tmp_path / "a.yaml").write_text(TEMPLATE)
    (tmp_path / "a.json").write_text(JSON)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init", "-q"), ("add", "."), (*author, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def known(folder: Path, file: str, now: str, ignore: str) -> bool:
    """Does the commit have the line ``ignore`` where it stands now?"""
    lines = now.split("\n")
    (at,) = (index for index, line in enumerate(lines, 1) if ignore in line)
    return BaseBranch(folder, "HEAD").has(file, lines, at, at)


@pytest.mark.parametrize("ignore", ["above", "known", "beside"])
def test_a_commit_knows_its_own_lines_where_they_stand(repository: Path, ignore: str) -> None:
    assert known(repository, "main.tf", CODE, f"ignore: {ignore}")
    assert known(repository, "main.tf", f'resource "a" "new" {{\n}}\n{CODE}', f"ignore: {ignore}")
    assert not known(repository, "other.tf", CODE, f"ignore: {ignore}")


@pytest.mark.parametrize(
    ("old", "new", "ignore"),
    [
        ('"a" "one"', '"a" "new"', "above"),  # of another resource
        ('"a" "one"', '"a" "new"', "known"),
        ('"a" "one"', '"a" "new"', "beside"),
        ("x = 1\n  y", "x = 3\n  y", "known"),  # of another line
        ("ignore: known", "ignore: more", "more"),
        ("  # ignore: known\n", "  }\n  resource {\n  # ignore: known\n", "known"),
        ("  y = 2 #", "  y = 3 #", "beside"),
    ],
)
def test_what_was_moved_or_changed_is_not_known(
    repository: Path, old: str, new: str, ignore: str
) -> None:
    assert old in CODE
    assert not known(repository, "main.tf", CODE.replace(old, new, 1), f"ignore: {ignore}")


def test_a_resource_that_a_text_of_another_holds_is_none(repository: Path) -> None:
    base, now = BaseBranch(repository, "HEAD"), f'resource "a" "new" {{\n  x = <<E\n{CODE}E\n}}\n'
    assert base.has("main.tf", now.split("\n"), 5, 5, (4,))
    assert not base.has("main.tf", now.split("\n"), 5, 5, (1,))


def test_a_resource_of_a_template_and_the_template_are_two_things(repository: Path) -> None:
    for ignore in ("ignore: one", "ignore: all"):
        assert known(repository, "a.yaml", TEMPLATE, ignore)
    base = BaseBranch(repository, "HEAD")
    assert base.has("a.json", JSON.split("\n"), 4, 4, (2, 3))
    assert not base.has("a.json", JSON.replace('"One"', '"New"').split("\n"), 4, 4, (2, 3))
    more = TEMPLATE.replace("Resources:\n", "Resources:\n  New:\n    Type: A\n")
    assert known(repository, "a.yaml", more, "ignore: one")
    moved = TEMPLATE.replace("ignore: all", "ignore: some").replace("  One:\n", "  New:\n")
    assert not known(repository, "a.yaml", moved, "ignore: one")
    raised = "Metadata:\n  x:\n    Metadata:\n      tool:\n        ignore: one\nResources: {}\n"
    assert not known(repository, "a.yaml", raised, "ignore: one")


@pytest.mark.parametrize("commit", ["nowhere", "--help", "", "HEAD\0"])
def test_what_is_no_commit_knows_nothing(repository: Path, commit: str) -> None:
    base = BaseBranch(repository, commit)
    assert not base.is_known()
    assert not base.has("main.tf", CODE.split("\n"), 1, 1)


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
