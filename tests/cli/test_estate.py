"""Many repositories, many machines: shards, their reports as one, and a scan that watches."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.cli import watching

SAMPLES = Path(__file__).parents[2] / "samples" / "terraform"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Runs commands beside ``one`` and ``two``, two repositories with a few roots each."""
    for repository, sample in (
        ("one", "ECS605-secret-not-readable"),
        ("two", "ECS602-image-not-pullable"),
    ):
        for name in ("bad", "good", "bad-one-of-two", "bad-scoped-login"):
            if (SAMPLES / sample / name).is_dir():
                shutil.copytree(SAMPLES / sample / name, tmp_path / repository / name)
        (tmp_path / repository / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        return (code, *capfd.readouterr())

    return call


def _json(command: Command, *arguments: str) -> dict:
    return json.loads(command("scan", "--format", "json", *arguments)[1])


@pytest.mark.parametrize("paths", [("one",), ("one", "two"), ("one/bad", "one/good", "two")])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shards_are_the_whole(command: Command, paths: tuple[str, ...], count: int) -> None:
    whole = _json(command, *paths)
    for number in range(1, count + 1):
        report = _json(command, *paths, "--shard", f"{number}/{count}")
        Path(f"{number}.json").write_text(json.dumps(report))
    files = [f"{number}.json" for number in range(1, count + 1)]
    code, text, _ = command("merge", "--format", "json", *files)
    merged = json.loads(text)
    assert code == 1
    prints = {each["fingerprint"] for each in whole["findings"]}
    assert {each["fingerprint"] for each in merged["findings"]} == prints
    assert merged["stats"] == whole["stats"]


def test_a_repository_is_named_and_its_findings_are_its_own(command: Command) -> None:
    Path("a.json").write_text(json.dumps(_json(command, "one")))
    once = json.loads(command("merge", "--format", "json", "a.json")[1])
    twice = json.loads(command("merge", "--format", "json", "a.json", "a.json")[1])
    named = json.loads(command("merge", "--format", "json", "x=a.json", "y=a.json")[1])
    assert once["findings"] == twice["findings"]
    assert len(named["findings"]) == 2 * len(once["findings"])
    assert {each["repository"] for each in named["findings"]} == {"x", "y"}
    assert named["stats"]["unmet"] == 2 * once["stats"]["unmet"]
    lines = command("merge", "x=a.json")[1].splitlines()
    assert re.match(r"x/\S+\.tf:\d+:\d+: error ECS605 ", lines[0])
    assert lines[-1] == once["coverage"]


def test_the_verdict_is_that_of_a_scan(command: Command) -> None:
    Path("bad.json").write_text(json.dumps(_json(command, "one/bad")))
    Path("good.json").write_text(json.dumps(_json(command, "one/good")))
    missing = _json(command, "one/good", "nowhere")
    Path("missing.json").write_text(json.dumps(missing))
    assert command("merge", "bad.json", "good.json")[0] == 1
    assert command("merge", "bad.json", "--fail-on", "never")[0] == 0
    assert command("merge", "good.json")[0] == 0
    assert command("merge", "missing.json", "bad.json")[0] == 3
    assert command("merge", "good.json", "--output", "all.txt") == (0, "", "")
    assert Path("all.txt").read_text().startswith("No findings")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2, "findings": []}', "[" * 100_000])
def test_what_is_no_report_is_named(command: Command, text: str) -> None:
    Path("bad.json").write_text(text)
    code, _, errors = command("merge", "bad.json")
    assert code == 2 and "'bad.json'" in errors
    assert command("merge", "nowhere.json")[0] == 2


def test_a_report_that_lacks_what_is_read_of_it_is_named(command: Command) -> None:
    command("scan", "one", "--output", "json=whole.json", "--fail-on", "never")
    whole = json.loads(Path("whole.json").read_text())
    (finding, *_), stats = whole["findings"], whole["stats"]
    forms = [
        {key: whole[key] for key in whole if key != "stats"},
        {**whole, "stats": {key: stats[key] for key in stats if key != "needs"}},
        {**whole, "stats": {**stats, "met": "many"}},
        {**whole, "undecided": {}},
        {**whole, "faults": [{}]},
        {**whole, "remarks": ["none"]},
        *(
            {**whole, "findings": [{each: finding[each] for each in finding if each != key}]}
            for key in ("fingerprint", "severity", "need", "suppressed", "line", "message")
        ),
        {**whole, "findings": [{**finding, "severity": "fatal"}]},
        {**whole, "findings": [{**finding, "line": "1"}]},
    ]
    for form in forms:
        Path("part.json").write_text(json.dumps(form))
        code, said, errors = command("merge", "whole.json", "part.json")
        assert (code, said) == (2, "") and "'part.json' is no report" in errors


def test_a_report_of_an_earlier_version_may_lack_lists(command: Command) -> None:
    command("scan", "one", "--output", "json=whole.json", "--fail-on", "never")
    whole = json.loads(Path("whole.json").read_text())
    kept = ("version", "findings", "undecided", "stats")
    Path("early.json").write_text(json.dumps({key: whole[key] for key in kept}))
    assert command("merge", "early.json")[0] == 1


@pytest.mark.parametrize("written", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/"])
def test_a_shard_that_cannot_be(command: Command, written: str) -> None:
    assert command("scan", "one", f"--shard={written}")[0] == 2


def test_watching_shows_what_is_new_and_gone(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wait is one change, until the user has enough."""
    main = Path("one/good/main.tf")
    good, bad = main.read_text(), Path("one/bad/main.tf").read_text()
    changes = [lambda: main.write_text(bad), lambda: main.write_text(good)]

    def wait(paths: frozenset[str]) -> None:
        assert str(main.resolve()) in paths
        if not changes:
            raise KeyboardInterrupt
        before = watching._states(paths)
        changes.pop(0)()
        assert watching._states(paths) != before

    monkeypatch.setattr(watching, "wait", wait)
    code, text, _ = command("scan", "--watch", "one/good")
    assert code == 130
    news = [line for line in text.splitlines() if line[:2] in ("+ ", "- ")]
    assert news and {line[:2] for line in news} == {"+ ", "- "}
    assert [line[2:] for line in news if line[0] == "+"] == [
        line[2:] for line in news if line[0] == "-"
    ]


def test_watching_neither_fixes_nor_writes(command: Command) -> None:
    for more in (["--fix"], ["--output", "json=a.json"], ["--format", "json"]):
        assert command("scan", "one", "--watch", *more)[0] == 2
