"""docs/estate.md is run as it is written: GNU parallel's lines, and the scripts of the matrix with a
``gh`` that knows a few repositories."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "estate.md").read_text()
SAMPLES = ROOT / "samples" / "terraform" / "ECS605-secret-not-readable"
NAMES = ("bad", "bad-denied", "good")
GH = """#!/bin/sh
case "$2" in
  list) printf '%s\\n' bad bad-denied good ;;
  clone) mkdir -p "$4" && cp -r "$HOME/repositories/${3#*/}/." "$4" ;;
esac
"""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    for name in NAMES:
        shutil.copytree(SAMPLES / name, tmp_path / "repositories" / name)
        (tmp_path / "repositories" / name / ".git").mkdir()
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "gh").write_text(GH)
    (tools / "ecs-preflight").write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m ecs_preflight "$@"\n'
    )
    for tool in tools.iterdir():
        tool.chmod(0o755)
    return tmp_path


def _run(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(folder), **variables}
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.skipif(not shutil.which("parallel"), reason="GNU parallel is not here")
def test_gnu_parallel(estate: Path) -> None:
    script = re.search(r"## One machine.*?```sh\n(.*?)```", PAGE, re.DOTALL)
    assert script is not None
    done = _run(script[1], estate)
    assert done.returncode == 1, done.stderr
    assert "bad/main.tf:" in done.stdout and "bad-denied/" in done.stdout
    assert "(3 stacks, 3 task definitions)" in done.stdout
    assert len((estate / "scans.log").read_text().splitlines()) == 1 + len(NAMES)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here")
def test_a_matrix(estate: Path) -> None:
    found = re.search(r"## Many runners.*?```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    jobs = yaml.safe_load(found[1])["jobs"]
    scan, merge = (
        next(step["run"] for step in jobs[job]["steps"] if step.get("name") == name)
        for job, name in (("scan", "Scan"), ("report", "Merge"))
    )
    shards = jobs["scan"]["strategy"]["matrix"]["shard"]
    for shard in shards:
        done = _run(scan, estate, SHARD=str(shard), GITHUB_REPOSITORY_OWNER="us")
        assert done.returncode == 0, done.stderr
    assert {path.stem for path in (estate / "reports").iterdir()} == set(NAMES)
    done = _run(merge, estate)
    assert done.returncode == 1, done.stderr
    report = json.loads((estate / "estate.json").read_text())
    assert {each["repository"] for each in report["findings"]} == {"bad", "bad-denied"}
    assert report["stats"]["stacks"] == 3
