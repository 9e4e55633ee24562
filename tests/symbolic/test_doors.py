"""The doors: no path leads out, waits or raises; a file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.hosts.doctor import STACK
from ecs_preflight.symbolic import writing
from ecs_preflight.symbolic.source import MAX_FILE_BYTES, Boundary, Unreadable, real


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of a stranger's, beside a secret that is none of its business."""
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "config").write_text("extraheader = secret\n")
    (tmp_path / "secret.toml").write_text("[secret]\nsecret = 1\n")
    (root / "infra").symlink_to("..")
    (root / "records").symlink_to(".git")
    (root / "secret.tf").symlink_to("../secret.toml")
    (root / "header.tf").symlink_to(".git/config")
    (root / "self").symlink_to("self")
    os.mkfifo(root / "fifo")
    return root


@pytest.mark.parametrize(
    "name",
    [
        "infra/secret.toml",
        "secret.tf",
        "header.tf",
        ".git/config",
        ".GIT/config",
        "records/config",
        "infra/repository/.git/config",
        "self",
        "self/x",
        "fifo",
        "a\0b",
        "x" * 5000,
        "x/" * 3000,
        ".",
        "/dev/zero",
        "/dev/stdin",
        "/etc/passwd",
        "\udcff",
        "",
    ],
)
def test_the_door_refuses_and_neither_raises_nor_waits(repository: Path, name: str) -> None:
    boundary = Boundary.around(repository)
    with pytest.raises(Unreadable) as refused:
        boundary.read_text(os.path.join(repository, name))
    assert "secret" not in refused.value.reason
    assert not boundary.is_file(os.path.join(repository, name))
    real(os.path.join(repository, name))


def test_a_link_does_not_move_the_boundary(repository: Path) -> None:
    assert Boundary.around(repository / "infra").root == repository
    (repository.parent / ".git").mkdir()  # the repository is another's submodule
    assert Boundary.around(repository / "infra").root == repository
    assert Boundary.around(repository).root == repository
    (repository.parent / "secret.toml").unlink()
    assert cli.main(["scan", str(repository / "self")]) == 3


def test_a_configuration_from_outside_is_refused_without_a_word_of_it(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository)
    (repository / "ecs-preflight.toml").symlink_to("../secret.toml")
    for arguments in (["."], [".", "--config", "ecs-preflight.toml"]):
        assert cli.main(["scan", *arguments]) == 2
        told = capsys.readouterr().err
        assert "lies outside" in told
        assert "secret" not in told
    (repository / "ecs-preflight.toml").unlink()
    for option in ("--baseline", "--var-file", "--parameters", "--config"):
        for file in ("secret.tf", "header.tf", "fifo", "self"):
            assert cli.main(["scan", ".", option, file]) == 2
            assert "[secret]" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["fifo", "self", "folder", "zero", "large", "nowhere", "a\0b"])
@pytest.mark.parametrize(
    "option",
    ["--config", "--baseline", "--var-file", "--parameters", "--known-roles", "--cache-dir"],
)
def test_what_an_option_names_is_refused_in_a_line(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    name: str,
) -> None:
    """What is no file is never waited for, and no exception."""
    (repository / "folder").mkdir()
    (repository / "zero").symlink_to("/dev/zero")
    (repository / "large").touch()
    os.truncate(repository / "large", MAX_FILE_BYTES + 1)
    monkeypatch.chdir(repository)
    (repository / "honest").mkdir()
    for file in ("main.tf", "template.yaml"):
        (repository / "honest" / file).write_text((STACK / file).read_text())
    code = cli.main(["scan", "honest", option, name])
    captured = capsys.readouterr()
    if code == 1:  # a file that the scan has read, as far as it may
        assert name == "large"
        assert "larger than 64 MiB" in captured.out
        assert "ECS502" in captured.out
    else:
        assert code == 2
    assert "Traceback" not in captured.err
    assert len(captured.err.splitlines()) < 5


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "select = [" + "[" * 50_000,
        "a." * 50_000 + "a = 1",
        "[" + "a." * 50_000 + "a]",
        "x = {" * 20_000,
        '"' * 100_000,
        "\u202e = 1",
        "::error::x = ]",
    ],
)
@pytest.mark.parametrize("name", ["ecs-preflight.toml", "setup.cfg"])
def test_no_configuration_takes_long_or_speaks(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str,
) -> None:
    head = "" if name.endswith("toml") else "[tool:ecs-preflight]\n"
    (tmp_path / name).write_text(f"{head}{text}\n")
    monkeypatch.chdir(tmp_path)
    cli.main(["scan", "--config", name, "."])
    told = capsys.readouterr().err
    assert len(told) < 5_000
    assert "\u202e" not in told
    assert all(line.startswith("ecs-preflight: ") for line in told.splitlines())


def test_a_file_is_replaced_whole_and_a_link_not_followed(repository: Path) -> None:
    target = repository / "report.json"
    target.write_text("old")
    target.chmod(0o640)
    writing.write(target, "new")
    assert (target.read_text(), target.stat().st_mode & 0o777) == ("new", 0o640)
    link = repository / "link.json"
    link.symlink_to("report.json")
    writing.write(link, "other")
    assert (target.read_text(), link.read_text(), link.is_symlink()) == ("new", "other", False)
    assert not [name for name in os.listdir(repository) if name.startswith(".report")]


@pytest.mark.parametrize("name", ["fifo", "infra/report", "nowhere/x", ".", "a\0b"])
def test_no_report_is_written_where_it_must_not_be(repository: Path, name: str) -> None:
    with pytest.raises(writing.Unwritable):
        writing.write(repository / name, "x")


@pytest.mark.parametrize("name", [".git/hooks/x", ".GIT/x", "records/hooks/x", ".git/none/x"])
def test_what_is_among_gits_own_files_is_refused_with_that_reason(
    repository: Path, name: str
) -> None:
    (repository / ".git" / "hooks").mkdir()
    with pytest.raises(writing.Unwritable, match="git's own"):
        writing.check(repository / name)
    assert not os.listdir(repository / ".git" / "hooks")


def test_what_cannot_be_written_leaves_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "report").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(writing.Unwritable, match="no space left"):
        writing.write(tmp_path / "report", "new" * 1000)
    assert (tmp_path / "report").read_text() == "old"
    assert os.listdir(tmp_path) == ["report"]
