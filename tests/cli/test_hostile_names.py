"""File names are a stranger's too: every report of a badly named file says what a well named one's
says, and none of it is a command."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.cli.choices import FORMATS

STACK = Path(cli.__file__).parents[1] / "hosts" / "faulty_stack" / "main.tf"
NAMES = [
    b"\xff\xfe.tf",
    b"\xed\xa0\x80.tf",
    b"a\n::error::x.tf",
    b"a##[error]x.tf",
    b"\x1b[31m\xe2\x80\xae.tf",
    b"<img src=x onerror=alert(1)>.tf",
    b"a%0A,line=1::x.tf",
    b"-rf.tf",
]
#: What a runner, a terminal or a reader of the log would take for more than text.
COMMAND = re.compile(
    "^\\s*::(?!(?:error|warning|notice) (?:title|file)=)|##\\[|[\0-\x08\x0b-\x1f\x7f-\x9f]"
    "|[\u202a-\u202e\u2066-\u2069\ud800-\udfff]",
    re.MULTILINE,
)


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_no_name_speaks_or_costs_the_report(
    tmp_path: Path, name: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "code", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    (folder / os.fsdecode(name)).write_bytes(STACK.read_bytes())
    monkeypatch.chdir(folder)
    outputs = [part for form in FORMATS for part in ("--output", f"{form}={out / form}")]
    assert cli.main(["scan", "--format", "github", "--root", ".", *outputs, "."]) == 1
    captured = capsys.readouterr()
    written = {form: (out / form).read_bytes().decode() for form in FORMATS}
    for form, text in {**written, "stdout": captured.out, "stderr": captured.err}.items():
        assert not COMMAND.search(text), form
    assert [finding["rule"] for finding in json.loads(written["json"])["findings"]] == ["ECS502"]
