"""How a command ends when its reader, its disk or its patience does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.analysis import workers

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


#: Judges nothing: it writes its process id, and waits. (A shell has what it starts in the background
#: ignore the signal of the keyboard.)
WAITING = """
import os, signal, sys, time
from ecs_preflight import cli
from ecs_preflight.analysis import evaluation

def judge(*arguments):
    with open({file!r}, "w") as file:
        file.write(str(os.getpid()))
    os.rename({file!r}, {file!r} + ".done")
    time.sleep(600)

evaluation.judge = judge
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv[1:] = ["scan", {stack!r}]
sys.exit(cli.main())
"""


@pytest.mark.skipif(not workers.available(), reason="needs fork")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_workers_too(tmp_path: Path, number: signal.Signals) -> None:
    written = tmp_path / "pid"
    program = WAITING.format(file=str(written), stack=str(STACK))
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    done = tmp_path / "pid.done"
    while not done.exists():
        assert parent.poll() is None, parent.communicate()
        time.sleep(0.05)
    worker = int(done.read_text())
    parent.send_signal(number)
    _, err = parent.communicate()
    assert parent.returncode == 130
    assert err == b"ecs-preflight: interrupted\n"
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def run(*arguments: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "ecs_preflight", *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        **more,
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "--format", "text", str(STACK)],
        ["scan", "--format", "json", str(STACK)],
        ["explain", str(STACK)],
        ["rules"],
        ["rules", "--message", "unable to assume the role"],
        ["doctor", "--engine"],
        ["init", "--dry-run", str(STACK)],
    ],
    ids=" ".join,
)
def test_a_full_disk_behind_standard_output_is_told(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = run(*arguments, stdout=full)
    assert done.returncode == 2
    assert done.stderr == (
        b"ecs-preflight: error: cannot write to standard output: no space left on device\n"
    )


def test_no_standard_output_at_all_changes_no_verdict() -> None:
    done = run("scan", str(STACK), preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_file_that_may_not_grow_is_not_left_by_half(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    (tmp_path / "a.json").write_text("before")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    output = f"json={tmp_path / 'a.json'}"
    done = run("scan", "--output", output, str(STACK), stdout=subprocess.PIPE, preexec_fn=limit)
    assert done.returncode == 2
    assert b"file too large" in done.stderr and b"ECS502" in done.stdout
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a.json": "before"}


def test_a_fifo_as_a_report_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.json")
    done = run("merge", str(tmp_path / "report.json"), stdout=subprocess.PIPE)
    assert done.returncode == 2
    assert b"is not a file" in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_what_a_terminal_cannot_encode_is_escaped(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "main.tf").write_text(STACK.read_text("utf-8").replace("ec2.", "日本."), "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = run("scan", str(tmp_path), stdout=subprocess.PIPE, env=environment)
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"\u65e5\u672c" in done.stdout


@pytest.mark.parametrize("command", ["scan", "explain"])
def test_a_fifo_as_an_argument_is_refused_without_waiting(tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "main.tf")
    done = run(command, str(tmp_path / "main.tf"), stdout=subprocess.PIPE)
    assert done.returncode == 3
    assert b"is neither a folder nor a file" in done.stderr
