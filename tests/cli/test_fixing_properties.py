"""What ``--diff`` prints and what is written are the same, however a file's lines end."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight import cli

SAMPLES = {
    "lacking.tf": ROOT / "terraform/ECS605-secret-not-readable/bad/main.tf",
    "moved.yaml": ROOT / "cloudformation/ECS623-application-permission-on-execution-role/bad.yaml",
}
#: How the bytes of a file may be written otherwise.
SHAPES: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda text: text.replace(b"\n", b"\r\n"),
    "mark and CRLF": lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"),
    "no last line end": lambda text: text.rstrip(b"\n"),
    "tabs": lambda text: re.sub(rb"(?m)^( {2})+", lambda m: b"\t" * (len(m[0]) // 2), text),
}


@pytest.fixture
def written(name: str, shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample in a repository of its own, which is the working directory."""
    folder = tmp_path / "repository"
    (folder / "stack").mkdir(parents=True)
    path = folder / "stack" / name
    path.write_bytes(SHAPES[shape](SAMPLES[name].read_bytes()))
    monkeypatch.chdir(folder)
    subprocess.run(["git", "init", "-q", "."], check=True)
    return path


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        (name, shape)
        for name in SAMPLES
        for shape in SHAPES
        if not (shape == "tabs" and name.endswith(".yaml"))  # YAML forbids them
    ],
)
def test_git_makes_of_the_diff_what_is_written(
    written: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = written.read_bytes()
    cli.main(["scan", "--diff", "."])
    diff = capfdbinary.readouterr().out
    assert written.read_bytes() == before
    cli.main(["scan", "--unsafe-fixes", "."])
    after = written.read_bytes()
    assert after != before
    written.write_bytes(before)
    subprocess.run(["git", "apply", "-"], input=diff, check=True)
    assert written.read_bytes() == after
    assert cli.main(["scan", "--unsafe-fixes", "."]) == 0
    assert written.read_bytes() == after
