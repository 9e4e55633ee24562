"""What a scan remembers of the last one: the same said again, and nothing that is not so any more."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.analysis import fund, judge, memory, store, workers
from ecs_preflight.cli import remembered, scanning

SAMPLES = Path(__file__).parents[2] / "samples"
Scan = Callable[..., tuple[int, str, str]]


@pytest.fixture
def scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Scan:
    """Scans ``tree`` with a cache beside it."""
    for name in ("bad", "good", "bad-one-of-two"):
        sample = SAMPLES / "terraform" / "ECS605-secret-not-readable" / name
        shutil.copytree(sample, tmp_path / "tree" / "terraform" / name)
    (tmp_path / "tree" / "cloudformation").mkdir()
    for name in ("bad.yaml", "good.yaml", "bad-exported-role.yaml"):
        sample = SAMPLES / "cloudformation" / "ECS605-secret-not-readable" / name
        shutil.copy(sample, tmp_path / "tree" / "cloudformation" / name)
    (tmp_path / "tree" / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "tree")
    monkeypatch.setattr(store, "engine", lambda: "this one")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["scan", ".", "--cache-dir", str(tmp_path / "cache"), *arguments])
        return (code, *capfd.readouterr())

    return call


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Counts the scans that are not remembered."""
    counted: list[object] = []
    real = scanning.run
    monkeypatch.setattr(scanning, "run", lambda a: counted.append(a) or real(a))
    return counted


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts the units that are judged and kept, which is done in this process then."""
    monkeypatch.setattr(workers, "available", lambda: False)
    counted: list[str] = []
    real = memory.Memory.keep

    def keep(self: memory.Memory, key: str, judged: judge.Judged, looks: dict) -> None:
        counted.append(judged.inventory.name)
        real(self, key, judged, looks)

    monkeypatch.setattr(memory.Memory, "keep", keep)
    return counted


@pytest.mark.parametrize("kind", ["text", "json", "sarif"])
def test_an_unchanged_tree_is_answered_from_memory(
    scan: Scan, scans: list[object], kind: str
) -> None:
    first = scan("--format", kind)
    assert scan("--format", kind) == first and first[0] == 1
    assert len(scans) == 1
    assert scan("--format", kind, "--no-cache") == first


def test_what_others_have_left_too_little_for_is_not_kept(
    scan: Scan, kept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fund, "COMMON", -1_000_000)
    scan()
    assert not kept


def test_as_many_jobs_as_one_likes_say_the_same(scan: Scan, tmp_path: Path) -> None:
    first = scan("--format", "json", "--jobs", "1", "--no-cache")
    for jobs in ("4", "1"):
        assert scan("--format", "json", "--jobs", jobs, "--no-cache") == first
        assert scan("--format", "json", "--jobs", jobs) == first
        shutil.rmtree(tmp_path / "cache")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
def test_all_samples_say_the_same_with_many_jobs_and_from_memory(
    language: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str) -> tuple[int, str]:
        code = cli.main(["scan", str(SAMPLES / language), "--format", "json", *arguments])
        return code, capfd.readouterr().out

    cache = ("--cache-dir", str(tmp_path / "cache"))
    first = said("--jobs", "1", "--no-cache")
    assert said("--jobs", "4", "--no-cache") == first
    assert said("--jobs", "4", *cache) == first  # which writes what the next reads
    assert said("--jobs", "1", *cache, "--show-undecided") == first


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: (tree / "new.tf").write_text('variable "a" {}\n'),
        lambda tree: next(tree.rglob("*.tf")).unlink(),
        lambda tree: next(tree.rglob("*.yaml")).write_text("a: 1\n"),
        lambda tree: (tree / ".gitignore").write_text("cloudformation/\n"),
        lambda tree: (tree / "ecs-preflight.toml").write_text('ignore = ["ECS605"]\n'),
        lambda tree: (tree / "terraform").rename(tree / "other"),
    ],
)
def test_whatever_changes_is_scanned_again(
    scan: Scan, scans: list[object], change: Callable[[Path], object]
) -> None:
    scan()
    change(Path.cwd())
    changed = scan()
    assert len(scans) == 2
    assert scan("--no-cache") == changed


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_what_git_tracks_from_now_on_is_scanned(scan: Scan, scans: list[object]) -> None:
    shutil.rmtree(".git")
    subprocess.run(["git", "init", "-q"], check=True)
    Path(".gitignore").write_text("cloudformation/\n")
    subprocess.run(["git", "add", "terraform"], check=True)
    before = scan()
    assert scan() == before and len(scans) == 1
    subprocess.run(["git", "add", "-f", "cloudformation"], check=True)
    after = scan()
    assert len(scans) == 2 and after[1].count("ECS605") > before[1].count("ECS605")
    assert scan() == after and len(scans) == 2


def test_a_change_re_judges_its_stack_alone(scan: Scan, kept: list[str]) -> None:
    scan()
    all_of_them = set(kept)
    assert len(all_of_them) == 6
    file = next(Path.cwd().rglob("*.tf"))
    file.write_text(f"# a comment more\n{file.read_text()}")
    del kept[:]
    changed = scan()
    assert kept == [file.parent.relative_to(Path.cwd()).as_posix()]
    assert scan("--no-cache") == changed


def test_a_new_file_of_inputs_and_a_change_in_it_count(scan: Scan) -> None:
    shutil.copytree(SAMPLES / "terraform" / "inputs" / "bad-one-environment", "shop")
    kept = Path("shop/envs/dev.tfvars")
    text = kept.read_text()
    kept.unlink()
    quiet = scan("--format", "concise")[1]
    assert "dev.tfvars" not in quiet
    kept.write_text(text)
    assert "With shop/envs/dev.tfvars." in scan("--format", "concise")[1]
    kept.write_text(text.replace("shop/dev", "shop/prod"))
    assert "dev.tfvars" not in scan("--format", "concise")[1]


def test_what_a_stack_reads_while_it_is_judged_counts(scan: Scan, kept: list[str]) -> None:
    folder = Path.cwd() / "reading"
    folder.mkdir()
    (folder / "main.tf").write_text('locals {\n  a = file("a.txt")\n}\n')
    (folder / "out.tf").write_text('resource "aws_iam_role" "r" {\n  name = local.a\n}\n')
    (folder / "a.txt").write_text("one")
    scan()
    (folder / "a.txt").write_text("two")
    del kept[:]
    scan()
    assert "reading" in kept


ROLE = """\
provider "aws" {
  region = "eu-west-1"
}
resource "aws_iam_role" "exec" {
  name = "%s"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}
resource "aws_iam_role_policy" "exec" {
  role = aws_iam_role.exec.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:%s", Resource = "*" }]
  })
}
"""
TASK = """\
provider "aws" {
  region = "eu-west-1"
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = "arn:aws:iam::111122223333:role/exec"
  container_definitions = jsonencode([{
    name    = "app", image = "nginx"
    secrets = [{ name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf" }]
  }])
}
"""


@pytest.mark.parametrize("given", [".", "tasks"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("exec", "GetSecretValue"), ("exec", "DescribeSecret")),
        (("exec", "DescribeSecret"), ("exec", "GetSecretValue")),
        (("other", "DescribeSecret"), ("exec", "DescribeSecret")),
    ],
)
def test_a_stack_hangs_on_the_stacks_whose_roles_it_names(
    scan: Scan,
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    before: tuple[str, str],
    after: tuple[str, str],
) -> None:
    for name in ("roles", "tasks/one", "tasks/two"):
        Path(name).mkdir(parents=True)
    roles = Path("roles/main.tf").absolute()
    roles.write_text(ROLE % before)
    for name in ("one", "two"):
        Path(f"tasks/{name}/main.tf").write_text(TASK)
    monkeypatch.chdir(given)
    first = scan()
    roles.write_text(ROLE % after)
    changed = scan()
    assert changed != first
    assert scan("--no-cache") == changed


@pytest.mark.parametrize("cut", [0, 10, 40, -1])
def test_a_broken_entry_is_none(scan: Scan, tmp_path: Path, cut: int) -> None:
    first = scan()
    for entry in (tmp_path / "cache").rglob("*"):
        if entry.is_file():
            entry.write_bytes(entry.read_bytes()[:cut])
    assert scan() == first


def test_another_engine_knows_nothing(
    scan: Scan, scans: list[object], kept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan()
    monkeypatch.setattr(store, "engine", lambda: "another one")
    del kept[:]
    scan()
    assert len(scans) == 2 and kept


def test_the_engine_is_told_by_its_files(tmp_path: Path) -> None:
    assert store.engine() == store.engine()


def test_nothing_is_believed_that_the_scanned_tree_holds(
    scan: Scan, scans: list[object], monkeypatch: pytest.MonkeyPatch, capfd
) -> None:
    assert cli.main(["scan", ".", "--cache-dir", "cache"]) == 2
    assert "lies in what is scanned" in capfd.readouterr().err
    monkeypatch.setenv("XDG_CACHE_HOME", str(Path.cwd()))
    assert cli.main(["scan", "."]) == cli.main(["scan", "."]) == 1
    assert len(scans) == 2
    assert not (Path.cwd() / "ecs-preflight").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners of files here")
def test_a_folder_that_others_write_to_is_not_used(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    assert scan()[0] == 2


def test_suppressions_of_untrusted_code_are_not_those_of_trusted(scan: Scan) -> None:
    file = next(p for p in Path.cwd().rglob("*.tf") if "secrets" in p.read_text())
    text = file.read_text().replace("\n", " # ecs-preflight:ignore ECS605 known\n")
    file.write_text(text)
    trusted, untrusted = scan(), scan("--untrusted")
    assert trusted != untrusted
    assert (scan(), scan("--untrusted")) == (trusted, untrusted)


def test_it_is_bounded(tmp_path: Path) -> None:
    small = store.Cache(tmp_path, most=1_000)
    for number in range(10):
        small.put(f"{number:032}", b"x" * 300)
        os.utime(tmp_path / "00" / f"{number:030}", (number, number))
    small.prune()
    assert [small.get(f"{number:032}") is not None for number in range(10)] == [False] * 7 + [
        True
    ] * 3


def test_many_at_once_disturb_nobody(tmp_path: Path) -> None:
    shared = store.Cache(tmp_path)

    def work(number: int) -> bool:
        shared.put("ab" * 16, b"x" * 100_000)
        shared.prune()
        return shared.get("ab" * 16) in (None, b"x" * 100_000)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(100)))
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["ab" * 15]


def test_what_acts_is_done_again(scan: Scan, scans: list[object]) -> None:
    for _ in range(2):
        scan("--output", "json=../report.json")
    assert len(scans) == 2


def test_the_default_folder_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    monkeypatch.setattr("sys.platform", "linux")
    assert store.default_folder() == Path("/somewhere/ecs-preflight")
    assert remembered.store is store


def test_what_is_scanned_is_looked_at_through_one_door() -> None:
    """What is not noted there would not be seen to have changed."""
    package = Path(store.__file__).parents[1]
    other_ways = re.compile(r"os\.(walk|scandir|listdir)\(|\.(iterdir|r?glob|l?exists)\(")
    doors = {"symbolic/source.py", "symbolic/writing.py", "analysis/store.py"}
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if other_ways.search(path.read_text())
    }
    of_the_command = {name for name in found if name.startswith(("cli/", "hosts/", "lsp/"))}
    assert found - of_the_command <= doors


def test_notes_have_their_fixes_where_they_are_asked_for(scan: Scan, tmp_path: Path) -> None:
    note = SAMPLES / "terraform" / "ECS506-trust-without-source-condition" / "bad"
    shutil.copytree(note, tmp_path / "tree" / "note")
    _, plain, _ = scan("--format", "json", "--fail-on", "never")
    _, asked, _ = scan("--format", "json", "--fail-on", "note")
    found = [f for f in json.loads(asked)["findings"] if f["severity"] == "note"]
    assert '"severity": "note"' not in plain
    assert any(finding["fix"]["edits"] for finding in found)
