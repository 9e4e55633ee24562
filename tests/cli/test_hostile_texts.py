"""Whatever text scanned code, a configuration or a file of the user's can hold: no writer of any
command lets it speak."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_texts import NASTY, harmless, settings, written

from ecs_preflight import cli
from ecs_preflight.cli.choices import FORMATS, POLICY_FORMATS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile") / "folder"
    made.mkdir()
    written(made)
    return made


@pytest.fixture
def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """A command's standard output, in the hostile folder; what it says besides is harmless."""
    monkeypatch.chdir(folder)

    def command(*arguments: str) -> str:
        assert cli.main(list(arguments)) in (0, 1, 2, 3)
        captured = capsys.readouterr()
        harmless(captured.err, "stderr")
        return captured.out

    return command


def reports(run: Callable[..., str], folder: Path, *arguments: str) -> dict[str, str]:
    """Every report of one scan, each of them harmless."""
    outputs = [part for form in FORMATS for part in ("--output", f"{form}={folder / form}")]
    harmless(run("scan", "--root", ".", "--show-undecided", *outputs, *arguments), "text")
    written = {form: (folder / form) for form in FORMATS}
    found = {form: file.read_bytes().decode() for form, file in written.items() if file.exists()}
    for form, text in found.items():
        harmless(text, form)
    return found


def test_a_diff_is_written_of_what_can_be_written(run: Callable[..., str]) -> None:
    """It is to be applied, so it holds the lines as the code has them, and no half characters."""
    assert "+++ b/code/main.tf" in run("scan", "--diff", "--root", ".", ".")


@pytest.mark.parametrize("trust", [(), ("--untrusted",)])
def test_no_report_speaks(run: Callable[..., str], tmp_path: Path, trust: tuple[str, ...]) -> None:
    found = reports(run, tmp_path, "--show-suppressed", "--select", "ECS", *trust, ".")
    assert found.keys() == {*FORMATS}
    rules = [each["rule"] for each in json.loads(found["json"])["findings"]]
    assert len(rules) > 40 and "ECS605" in rules


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_no_explanation_speaks(run: Callable[..., str], form: str) -> None:
    text = run("explain", "--format", form, "--root", ".", ".")
    assert "plain-AbCdEf" in text
    harmless(text, form)


@pytest.mark.parametrize("form", POLICY_FORMATS)
@pytest.mark.parametrize(
    ("path", "task"), [("code", "t"), ("template.json", NASTY), ("task.json", NASTY)]
)
def test_no_policy_speaks(run: Callable[..., str], path: str, task: str, form: str) -> None:
    asked = ("policy", path, "--task", task, "--role", "execution", "--root", ".")
    harmless(run(*asked, "--format", form), "policy")
    if form == "json":
        harmless(run(*asked, "--diff"), "policy")


def test_no_merged_report_speaks(run: Callable[..., str], tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for file in (one, two):
        run("scan", "--root", ".", "--output", f"json={file}", "code")
    for form in ("text", "json"):
        harmless(run("merge", f"a={one}", str(two), "--format", form), form)
    two.write_bytes(NASTY.encode("utf-8", "surrogatepass"))
    run("merge", str(one), str(two))


@pytest.mark.parametrize(
    "text", [settings(), f"[{NASTY}", f"x = '{NASTY}'", f'"{NASTY}'], ids=range(4)
)
def test_no_configuration_speaks(run: Callable[..., str], tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    reports(run, tmp_path, "--config", str(file), "code")


@pytest.mark.parametrize("option", ["--baseline", "--known-roles", "--var-file", "--parameters"])
@pytest.mark.parametrize("text", [NASTY, json.dumps([{NASTY: NASTY}])], ids=("text", "json"))
def test_no_file_of_the_users_speaks(
    run: Callable[..., str], tmp_path: Path, option: str, text: str
) -> None:
    file = tmp_path / "given.json"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    reports(run, tmp_path, option, str(file), "code")


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", NASTY.replace("\0", "")),
        ("explain", NASTY.replace("\0", "")),
        ("policy", "code", "--role", "task", "--task", NASTY),
        ("init", NASTY.replace("\0", "")),
        ("init", "--dry-run", NASTY.replace("\0", "")),
        ("rules", NASTY),
        ("rules", "--message", NASTY),
        ("scan", "--select", NASTY),
        ("scan", "--exclude", NASTY, "code"),
        ("scan", "--config", NASTY.replace("\0", ""), "code"),
        ("scan", "--account", NASTY, "code"),
    ],
    ids=lambda arguments: " ".join(arguments)[:20].encode("unicode_escape").decode(),
)
def test_no_argument_speaks(
    run: Callable[..., str], arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        harmless(run(*arguments), "text")
    except SystemExit:
        harmless(capsys.readouterr().err, "stderr")
