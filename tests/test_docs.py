"""What README and documentation show is real: output is compared, commands are read by the command
line's own parser, links lead somewhere, and the site is built strictly."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ecs_preflight import cli
from ecs_preflight.cli import COMMANDS, scanning
from ecs_preflight.cli.arguments import parser
from ecs_preflight.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    ROOT / "README.md",
    *(
        page
        for page in sorted((ROOT / "docs").rglob("*.md"))
        if page.parent.name not in ("rules", "decisions")
    ),
]
BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: Where a command of ours begins in a line of a recipe.
COMMAND = re.compile(
    r"(?:^|[\s'\"(])(ecs-preflight (?![:\-\w]*/)[^|\n`'\"]*(?:\"[^\"\n]*\"[^|\n`'\"]*)*)"
)


#: What ``terraform show -json`` says of an empty plan.
PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.9.0",
    "planned_values": {"root_module": {}},
    "resource_changes": [],
    "configuration": {"root_module": {}},
}


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    yield from BLOCK.findall(page.read_text(encoding="utf-8"))


def console() -> Iterator[tuple[str, str, str]]:
    """(page, command, output) of every shown session."""
    for page in PAGES:
        for language, text in blocks(page):
            if language == "console":
                for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                    command, _, output = part.partition("\n")
                    yield page.name, command, output


def commands() -> Iterator[tuple[str, str]]:
    """(page, command) of every command of ours, in blocks and in sentences."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        shown = [t for language, t in blocks(page) if language in ("sh", "yaml", "groovy", "hcl")]
        shown += re.findall(r"`(ecs-preflight [^`\n]+)`", BLOCK.sub("", text))
        for block in shown:
            for line in block.splitlines():
                for found in COMMAND.findall(line.split(" #")[0]):
                    closed = found.count(")") > found.count("(")
                    command = found.rstrip(") ") if closed else found.strip()
                    if len(command.split()) > 2 or command.split()[1] not in COMMANDS:
                        yield page.name, command


@pytest.mark.parametrize(("page", "command", "output"), list(console()))
def test_shown_output_is_real(
    page: str,
    command: str,
    output: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    """``...`` at the end of what is shown stands for more. ``--update-golden`` writes it anew."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(scanning, "width", lambda on_terminal: 100)
    program, *arguments = shlex.split(command)
    assert program == "ecs-preflight"
    cli.main(arguments)
    said = capsys.readouterr().out
    if request.config.getoption("--update-golden") and not output.endswith("...\n"):
        file = next(each for each in PAGES if each.name == page)
        shown = file.read_text(encoding="utf-8")
        file.write_text(shown.replace(f"$ {command}\n{output}", f"$ {command}\n{said}"))
        output = said
    if output.endswith("...\n"):
        assert said.startswith(output.removesuffix("...\n"))
    else:
        assert said == output


@pytest.mark.parametrize(("page", "command"), sorted(set(commands())))
def test_every_command_is_one(page: str, command: str) -> None:
    words = shlex.split(command.replace("$(Build.StagingDirectory)", "out"))[1:]
    words = [word for word in words if word not in ("...",)]
    if not words or words[0] not in COMMANDS:
        words.insert(0, "scan")
    parser().parse_args(words)


#: What the pages leave to the reader, and what stands for it in a reader's repository.
BLANKS = {
    "your/infra": "infra",
    "$SHOWFILE": "plan.json",
    "TEXT": "assume",
    "NAME": "aws_ecs_task_definition.orders",
    "$SHARD/$SIZE": "1/2",
    "$SHARD/8": "1/8",
    "$(Build.StagingDirectory)": "out",
    "$(ls reports": "reports/one.json",
    "repositories/{}": "infra",
    "clones/$name": "infra",
    "/repositories/*": "infra",
    "/reports/*.json": "reports/one.json",
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository of a reader who follows the pages."""
    samples = ROOT / "samples"
    shutil.copytree(
        samples / "terraform" / "ECS605-secret-not-readable" / "bad", tmp_path / "infra"
    )
    (tmp_path / "infra" / "prod.tfvars").write_text("")
    shutil.copy(
        samples / "cloudformation" / "ECS605-secret-not-readable" / "bad.yaml",
        tmp_path / "template.yaml",
    )
    (tmp_path / "prod.json").write_text("[]")
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    shutil.copy(samples / "taskfiles" / "account" / "bad" / "account.json", tmp_path)
    for folder in ("reports", "out"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    cli.main(["infra", "--write-baseline", "known.json"])
    cli.main(["infra", "--output", "json=reports/one.json"])
    shutil.copy("reports/one.json", "estate.json")
    return tmp_path


@pytest.mark.parametrize(("page", "command"), sorted(set(commands())))
def test_every_command_does_what_it_is_shown_for(
    page: str, command: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It runs in a repository with a fault, and ends as on one: neither wrong use nor a fault of
    ours, and with something said."""
    for blank, text in BLANKS.items():
        command = command.replace(blank, text)
    lexer = shlex.shlex(command.partition(" |")[0], posix=True, punctuation_chars="<>")
    lexer.whitespace_split = True
    words = list(lexer)[1:]
    redirected = next((at for at, word in enumerate(words) if word in "<>"), len(words))
    words, given = words[:redirected], words[redirected : redirected + 1] == ["<"]
    if given:
        words.append("reports/one.json")
    assert cli.main(words) in (0, 1)
    said = capsys.readouterr()
    assert said.out or "wrote" in said.err or "--output" in words


def test_every_target_of_make_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for page in PAGES:
        for language, text in blocks(page):
            if language == "sh":
                for target in re.findall(r"^make ([\w-]+)", text, re.MULTILINE):
                    assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page.name, target)


def test_every_module_that_a_page_names_is_there() -> None:
    files = [path.as_posix() for path in ROOT.rglob("*.py") if ".venv" not in path.as_posix()]
    for page in (*PAGES, *(ROOT / "docs" / "decisions").glob("*.md"), ROOT / "CONTRIBUTING.md"):
        for named in re.findall(r"`([\w/]+\.py)`", page.read_text(encoding="utf-8")):
            assert any(file.endswith(f"/{named}") for file in files), (page.name, named)


def test_recipes_in_yaml_are_yaml() -> None:
    for page in PAGES:
        for language, text in blocks(page):
            if language == "yaml":
                yaml.safe_load(text)


def test_every_format_command_and_file_is_named_in_the_readme() -> None:
    readme = PAGES[0].read_text(encoding="utf-8")
    assert f"--format {'|'.join(scanning.FORMATS)}`" in readme
    for command in set(COMMANDS) - {"scan"}:
        assert re.search(rf"^ecs-preflight {command}\b", readme, re.MULTILINE), command
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / target).exists(), target


def test_the_picture_of_the_output_is_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """``python tools/pictures.py`` draws it anew."""
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import pictures

    assert (ROOT / "docs" / "images" / "finding.svg").read_text() == pictures.finding()
    assert (ROOT / "docs" / "images" / "explain.png").stat().st_size > 10_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed")
    pytest.importorskip("material", reason="mkdocs-material is not installed")
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.mark.slow
def test_every_help_link_leads_to_a_page_of_the_site(site: Path) -> None:
    base = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["site_url"]
    for rule in RULES:
        assert rule.help.startswith(base)
        page = site / rule.help.removeprefix(base) / "index.html"
        assert f"{rule.id} {rule.name}" in page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    loaded = re.findall(
        r"<(?:script|img)[^>]* src=\"?([^\s\">]+)|<link[^>]*rel=\"?stylesheet\"?[^>]* href=\"?([^\s\">]+)",
        page,
    )
    assert [a or b for a, b in loaded if (a or b).startswith(("http", "//"))] == []
