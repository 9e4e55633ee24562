"""How a command ends when its reader, its disk or its patience does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ecs_preflight import cli

STACK = Path(cli.__file__).parents[1] / "hosts" / "faulty_stack" / "main.tf"


def test_a_reader_that_is_gone_changes_no_verdict(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "ecs_preflight", "scan", str(STACK)],
        stdout=writing,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_a_report_that_cannot_be_written_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ecs_preflight.symbolic import writing

    whole = writing.write

    def full(path: Path, text: str) -> None:
        if path.name == "a.json":
            raise writing.Unwritable("no space left on device")
        whole(path, text)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(writing, "write", full)
    outputs = ["--output", "json=a.json", "--output", "sarif=b.sarif"]
    assert cli.main(["scan", *outputs, str(STACK)]) == 2
    captured = capsys.readouterr()
    assert "no space left" in captured.err
    assert "ECS502" in captured.out
    assert os.listdir(tmp_path) == ["b.sarif"]


@pytest.mark.parametrize("name", ["fifo", "folder", "nowhere/x"])
def test_what_is_no_file_is_refused_before_the_scan(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    assert cli.main(["scan", "--output", f"json={tmp_path / name}", str(STACK)]) == 2
