"""``--untrusted``: a stranger's code neither configures nor silences."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ecs_preflight import cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One fault, silenced by a comment and by a configuration."""
    stack = (ROOT / "ecs_preflight" / "hosts" / "faulty_stack" / "main.tf").read_text()
    head = 'resource "aws_iam_role"'
    assert stack.count(head) == 1
    (tmp_path / "main.tf").write_text(
        stack.replace(head, f"# ecs-preflight:ignore ECS502 hush\n{head}")
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_what_the_code_silences_is_listed_and_not_silenced(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["scan", "."]) == 0
    capsys.readouterr()
    assert cli.main(["scan", "--untrusted", "."]) == 1
    out = capsys.readouterr().out
    assert "ECS502" in out
    assert "does not silence" in out
    assert "hush" in out


def test_the_checkouts_configuration_counts_only_when_it_is_named(checkout: Path) -> None:
    (checkout / "ecs-preflight.toml").write_text('ignore = ["ECS502"]\n')
    assert cli.main(["scan", "--untrusted", "."]) == 1
    assert cli.main(["scan", "--untrusted", "--config", "ecs-preflight.toml", "."]) == 0


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_what_the_base_branch_has_silences(checkout: Path) -> None:
    git(checkout, "init", "-q")
    git(checkout, "add", "main.tf")
    git(checkout, "commit", "-q", "-m", "base")
    assert cli.main(["scan", "--untrusted", "--base", "HEAD", "."]) == 0
    text = (checkout / "main.tf").read_text()
    (checkout / "main.tf").write_text(text.replace("hush", "hush now"))
    assert cli.main(["scan", "--untrusted", "--base", "HEAD", "."]) == 1
    assert cli.main(["scan", "--untrusted", "--base", "nowhere", "."]) == 2
    assert cli.main(["scan", "--untrusted", "--base", "--help", "."]) == 2


def test_what_is_silenced_can_be_shown(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", "--show-suppressed", "."]) == 0
    out = capsys.readouterr().out
    assert "suppressed by comment: hush" in out
    assert "ECS502" in out
