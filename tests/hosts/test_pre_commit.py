"""The hook, run by pre-commit itself, from this repository as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples" / "terraform" / "ECS605-secret-not-readable"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "code"), [("bad", 1), ("good", 0)])
def test_the_hook_fails_a_commit_that_cannot_start(tmp_path: Path, kind: str, code: int) -> None:
    hooks = os.environ.get("ECS_PREFLIGHT_PRE_COMMIT")
    if hooks is None:
        pytest.skip("make test-all sets pre-commit up")
    shutil.copytree(SAMPLES / kind, tmp_path / "infra")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"]
    for words in (["init", "--quiet"], ["add", "infra"], [*who, "commit", "--quiet", "-m", "x"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    ran = subprocess.run(
        [hooks, "try-repo", str(ROOT), "ecs-preflight", "--all-files"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert ("infra/main.tf:46:23  error  ECS605" in ran.stdout) is (kind == "bad")
