"""``init``: what it writes is what the tool reads; ``completion``."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ecs_preflight import __version__, cli
from ecs_preflight.analysis import config

FILES = ["ecs-preflight.toml", ".github/workflows/ecs-preflight.yml", ".pre-commit-config.yaml"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")
    return tmp_path


def test_each_file_is_written_where_the_repository_stands(repository: Path) -> None:
    assert cli.main(["init"]) == 0
    for name in FILES:
        assert (repository / name).is_file()
    assert config.load(repository / FILES[0]) == config.Config(folder=repository)
    workflow = yaml.safe_load((repository / FILES[1]).read_text())
    uses = [step.get("uses", "") for step in workflow["jobs"]["ecs-preflight"]["steps"]]
    assert f"ecs-preflight/ecs-preflight@v{__version__}" in uses
    (entry,) = yaml.safe_load((repository / FILES[2]).read_text())["repos"]
    hooks = yaml.safe_load(
        (Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml").read_text()
    )
    assert entry["rev"] == f"v{__version__}"
    assert {hook["id"] for hook in entry["hooks"]} <= {hook["id"] for hook in hooks}


def test_the_commented_configuration_is_one_when_it_is_uncommented(repository: Path) -> None:
    cli.main(["init"])
    file = repository / FILES[0]
    lines = file.read_text().splitlines()
    settings = [
        line.removeprefix("# ")
        for line in lines
        if line.startswith("# ") and ("=" in line or "[" in line[:4])
    ]
    file.write_text("\n".join(settings) + "\n")
    read = config.load(file)
    assert read.ignore == ("ECS624",)
    assert read.paths == (("legacy/**", ("ECS605",)),)
    assert [role.pattern for role in read.roles] == ["platform-execution"]
    assert set(read.severity) == {"ECS603"}


def test_nothing_is_overwritten(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / FILES[2]).write_text("repos: []\n")
    (repository / FILES[0]).write_text('ignore = ["ECS624"]\n')
    assert cli.main(["init", str(repository)]) == 0
    out, err = capsys.readouterr()
    assert (repository / FILES[2]).read_text() == "repos: []\n"
    assert (repository / FILES[0]).read_text() == 'ignore = ["ECS624"]\n'
    assert "'.pre-commit-config.yaml' is there already; add to it:" in err
    assert out.startswith("repos:\n  - repo: ")


def test_a_repository_of_gitlab_gets_no_github_workflow(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".gitlab-ci.yml").write_text("")
    assert cli.main(["init", "--dry-run"]) == 0
    assert "# .github/" not in capsys.readouterr().out
    assert not (repository / FILES[0]).exists()


def test_completion_knows_commands_and_options(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("shtab", reason="shtab is not installed")
    assert cli.main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    assert "--show-undecided" in script
    assert all(command in script for command in cli.COMMANDS)


@pytest.mark.parametrize("kind", ["link", "nowhere", "file"])
def test_no_folder_is_made_through_what_is_none_of_the_repository(
    repository: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    outside = repository.parent / f"{repository.name}-outside"
    outside.mkdir()
    if kind == "file":
        (repository / ".github").touch()
    else:
        (repository / ".github").symlink_to(outside if kind == "link" else outside / "nowhere")
    assert cli.main(["init"]) == 2
    assert "it is no directory of the repository" in capsys.readouterr().err
    assert not list(outside.iterdir())


def test_nothing_is_written_for_a_path_that_is_not_there(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["init", str(repository / "nowhere")]) == 3
    assert "nowhere" in capsys.readouterr().err
    assert not any((repository / name).exists() for name in FILES)
