"""``scan --diff``, ``--fix`` and ``--unsafe-fixes``."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight import cli

#: A role that nearly grants (a safe fix), and one that lacks a permission (an unsafe one).
NEARLY = ROOT / "terraform" / "ECS606-parameter-not-readable" / "bad"
LACKING = ROOT / "terraform" / "ECS605-secret-not-readable" / "bad"


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two roots side by side in the working directory: ``nearly`` and ``lacking``."""
    shutil.copytree(NEARLY, tmp_path / "nearly")
    shutil.copytree(LACKING, tmp_path / "lacking")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.tf"))}


def test_diff_writes_nothing_and_git_takes_it(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(stack)
    assert cli.main(["scan", "--diff", "."]) == 1
    out, err = capsys.readouterr()
    assert texts(stack) == before
    assert "would fix 2 findings in 2 files" in err
    subprocess.run(["git", "init", "-q", "."], check=True)
    subprocess.run(["git", "apply", "-"], input=out, text=True, check=True)
    assert cli.main(["scan", "."]) == 0


def test_fix_makes_the_safe_fixes_and_tells_of_the_others(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(stack)
    assert cli.main(["scan", "--fix", "."]) == 1
    out, err = capsys.readouterr()
    changed = [path for path, text in texts(stack).items() if text != before[path]]
    assert changed == [stack / "nearly" / "main.tf"]
    assert "fixed 1 finding in 1 file" in err
    assert "left 1 finding whose fix --unsafe-fixes makes" in err
    assert "ECS605" in out and "ECS606" not in out


def test_unsafe_fixes_makes_all_and_a_second_time_nothing(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["scan", "--unsafe-fixes", "."]) == 0
    after = texts(stack)
    assert cli.main(["scan", "--unsafe-fixes", "."]) == 0
    assert texts(stack) == after
    assert "fixed 0 findings in 0 files" in capsys.readouterr().err


def test_line_ends_mark_and_mode_are_kept(stack: Path) -> None:
    file = stack / "nearly" / "main.tf"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    file.chmod(0o640)
    lines = file.read_bytes().count(b"\r\n")
    assert cli.main(["scan", "--fix", "nearly"]) == 0
    text = file.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and b"ssm:GetParameters" in text
    assert text.count(b"\r\n") == text.count(b"\n") == lines
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_is_suppressed_is_not_fixed(stack: Path) -> None:
    file = stack / "nearly" / "main.tf"
    text = file.read_text().replace("# expect: ECS606", "# ecs-preflight:ignore ECS606 known")
    file.write_text(text)
    assert cli.main(["scan", "--unsafe-fixes", "nearly"]) == 0
    assert file.read_text() == text


def test_what_is_read_only_is_left_with_a_word(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (stack / "nearly" / "main.tf").chmod(0o444)
    assert cli.main(["scan", "--fix", "nearly"]) == 1
    assert "left 'nearly/main.tf' as it is: it is read-only" in capsys.readouterr().err


def test_a_link_is_left_with_a_word(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = stack / "nearly" / "main.tf"
    file.rename(stack / "elsewhere.txt")
    file.symlink_to(stack / "elsewhere.txt")
    assert cli.main(["scan", "--fix", "nearly"]) == 1
    assert "left 'nearly/main.tf' as it is: it is a link" in capsys.readouterr().err


def test_what_is_outside_the_boundary_is_not_edited(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = stack / "inside"
    inside.mkdir()
    (inside / "main.tf").write_text('module "api" {\n  source = "../lacking"\n}\n')
    before = texts(stack)
    assert cli.main(["scan", "--unsafe-fixes", "--root", "inside", "inside"]) == 0
    assert texts(stack) == before
    assert "outside" in "".join(capsys.readouterr())
    assert cli.main(["scan", "--unsafe-fixes", "inside"]) == 0
    changed = [path for path, text in texts(stack).items() if text != before[path]]
    assert changed == [stack / "lacking" / "main.tf"]


def test_a_generated_file_is_not_edited(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (stack / "cdk.out").mkdir()
    template = ROOT / "cloudformation" / "ECS606-parameter-not-readable" / "bad.yaml"
    copy = stack / "cdk.out" / "app.template.yaml"
    shutil.copy(template, copy)
    before = copy.read_bytes()
    assert cli.main(["scan", "--unsafe-fixes", "cdk.out/app.template.yaml"]) == 1
    assert copy.read_bytes() == before
    assert "left 1 finding to be fixed by hand" in capsys.readouterr().err


def test_only_one_way_at_a_time(stack: Path) -> None:
    assert cli.main(["scan", "--diff", "--fix", "."]) == 2
