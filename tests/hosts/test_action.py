"""The action in a checkout of a stranger's: nothing of it is executed, and its findings are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
#: What Python imports by itself, or with ``-m venv``, ``-m pip``, the engine or a host.
IMPORTED = (
    "venv.py",
    "ensurepip.py",
    "pip/__init__.py",
    "pip/__main__.py",
    "logging/__init__.py",
    "sitecustomize.py",
    "usercustomize.py",
    "argparse.py",
    "yaml.py",
    "setuptools.py",
    "ecs_preflight/__init__.py",
    "ecs_preflight/__main__.py",
    "checkov.py",
    "external/__init__.py",
    "external/check.py",
    "conftest.py",
    "tomllib.py",
    "checks/__init__.py",
    "checks/ecs_preflight_checks.py",
    "plugins/ecs_preflight_rules.py",
)
PROGRAMS = ("checkov", "cfn-lint", "git")
#: A repository of git within the checkout: what it lacks it has a program fetch.
BARE = """[core]
  repositoryformatversion = 1
  bare = true
[extensions]
  partialClone = origin
[remote "origin"]
  url = ext::{program}
  promisor = true
[protocol "ext"]
  allow = always
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose every trap leaves its name in ``ran``, around one faulty stack."""
    folder = tmp_path / "checkout"
    ran = tmp_path / "ran"
    for name in IMPORTED:
        trap = folder / name
        trap.parent.mkdir(parents=True, exist_ok=True)
        trap.write_text(f"open({str(ran)!r}, 'a').write({name!r} + '\\n')\n")
    for name in PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\necho {name} >> '{ran}'\n")
        (folder / name).chmod(0o755)
    for name in ("objects", "refs"):
        (folder / name).mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text(BARE.format(program=folder / "git"))
    (folder / ".checkov.yaml").write_text(f"external-checks-dir:\n  - {folder / 'external'}\n")
    (folder / "pip.conf").write_text("[global]\nindex-url = file:///nowhere\n")
    (folder / "setup.cfg").write_text("[install]\nprefix = /nowhere\n")
    stack = ROOT / "ecs_preflight" / "hosts" / "faulty_stack" / "main.tf"
    (folder / "main.tf").write_text(stack.read_text())
    return folder


def step(name: str, checkout: Path, **more: str) -> subprocess.CompletedProcess[str]:
    (run,) = [step["run"] for step in ACTION["runs"]["steps"] if step["name"] == name]
    temporary = checkout.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    environment = {
        "PATH": f".{os.pathsep}{os.environ['PATH']}",
        "HOME": str(checkout.parent),
        "PYTHONPATH": str(checkout),
        "RUNNER_TEMP": str(temporary),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_WORKSPACE": str(checkout),
        **more,
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run],
        cwd=checkout,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def ran(name: str, checkout: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The step behind the one that says whose code it is."""
    output = checkout.parent / "output"
    output.write_text("")
    assert step("Trust", checkout, GITHUB_OUTPUT=str(output), **more).returncode == 0
    untrusted = output.read_text().removeprefix("untrusted=").strip()
    return step(name, checkout, **{**more, "UNTRUSTED": untrusted})


def installed(checkout: Path) -> Path:
    """Its Python. Stands in for the installation, which another test makes from the lock file."""
    venv = checkout.parent / "temporary" / "ecs-preflight"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", venv], check=True)
    (library,) = (venv / "lib").glob("python*/site-packages")
    here = [str(ROOT), *(entry for entry in sys.path if entry.endswith("site-packages"))]
    (library / "here.pth").write_text("\n".join(here) + "\n")
    return venv / "bin" / "python"


#: A pull request from a fork.
FORK = {
    "PATHS": ".",
    "FAIL_ON": "error",
    "ARGUMENTS": "",
    "SARIF_FILE": "",
    "UNTRUSTED": "auto",
    "PROPOSAL": "https://api.example.com/pulls/1",
    "HEAD": "a/b",
    "BASE": "",
    "GITHUB_REPOSITORY": "c/d",
}


def test_no_step_executes_what_the_checkout_holds(checkout: Path) -> None:
    installed(checkout)
    assert step("Self-test", checkout).returncode == 0
    scanned = ran("Scan", checkout, **{**FORK, "BASE": "1" * 40})
    assert scanned.returncode == 1, scanned.stderr
    assert "::error file=main.tf,line=" in scanned.stdout
    assert not (checkout.parent / "ran").exists(), (checkout.parent / "ran").read_text()


def the_hook(python: Path) -> list[str]:
    """What pre-commit runs, in the environment that it has made."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    program, *arguments = hook["entry"].split()
    assert program == "python"
    return [str(python), *arguments, "."]


def the_container(python: Path) -> list[str]:
    """What the container runs: the script as an installation writes it."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    (entry,) = (json.loads(x.split(" ", 1)[1]) for x in lines if x.startswith("ENTRYPOINT "))
    (words,) = (json.loads(x.split(" ", 1)[1]) for x in lines if x.startswith("CMD "))
    script = python.parent / Path(entry[0]).name
    script.write_text(
        f"#!{python}\nimport sys\nfrom ecs_preflight.cli import main\nsys.exit(main())\n"
    )
    script.chmod(0o755)
    return [str(script), *entry[1:], *words]


def the_doctor(python: Path) -> list[str]:
    return [str(python), "-I", "-m", "ecs_preflight", "doctor"]


@pytest.mark.parametrize(
    ("door", "code", "said"),
    [
        (the_hook, 1, "ECS502"),
        (the_container, 1, "ECS502"),
        (the_doctor, 0, "checkov is not installed"),
    ],
)
def test_no_door_executes_what_the_checkout_holds(
    checkout: Path, door: Callable[[Path], list[str]], code: int, said: str
) -> None:
    """Not even where it comes first among the places of programs."""
    command = door(installed(checkout))
    done = subprocess.run(
        command,
        cwd=checkout,
        env={"PATH": ".", "HOME": str(checkout.parent)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, said in done.stdout) == (code, True), done.stdout + done.stderr
    assert not (checkout.parent / "ran").exists(), (checkout.parent / "ran").read_text()


def test_a_fork_silences_only_what_the_base_branch_already_does(checkout: Path) -> None:
    installed(checkout)
    for name in PROGRAMS:
        (checkout / name).unlink()
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]

    def commit() -> str:
        for arguments in (["init", "-q"], ["add", "main.tf"], [*identity, "commit", "-qm", "x"]):
            subprocess.run(["git", *arguments], cwd=checkout, check=True, capture_output=True)
        named = ["git", "rev-parse", "HEAD"]
        done = subprocess.run(named, cwd=checkout, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    stack = checkout / "main.tf"
    before = commit()
    role = 'resource "aws_iam_role"'
    stack.write_text(stack.read_text().replace(role, f"# ecs-preflight:ignore ECS502 hush\n{role}"))
    silenced = commit()
    assert ran("Scan", checkout, **{**FORK, "BASE": before}).returncode == 1
    assert ran("Scan", checkout, **{**FORK, "BASE": silenced}).returncode == 0
    assert ran("Scan", checkout, **{**FORK, "BASE": "0" * 40}).returncode == 1
    assert ran("Scan", checkout, **{**FORK, "HEAD": "c/d"}).returncode == 0
    assert not (checkout.parent / "ran").exists(), (checkout.parent / "ran").read_text()


@pytest.mark.parametrize(
    ("how", "fetched"),
    [
        ({}, False),
        ({"HEAD": "c/d"}, True),
        # a push; and a pull request whose fork is deleted, or that a comment speaks of
        ({"PROPOSAL": "", "HEAD": ""}, True),
        ({"HEAD": ""}, False),
        ({"PROPOSAL": "", "HEAD": "", "UNTRUSTED": "true"}, False),
        ({"UNTRUSTED": "false"}, True),
        ({"PROPOSAL": "", "HEAD": "", "ARGUMENTS": "--notes\n--untrusted"}, False),
    ],
)
def test_a_strangers_modules_are_not_fetched(
    checkout: Path, how: dict[str, str], fetched: bool
) -> None:
    tools = checkout.parent / "tools"
    tools.mkdir()
    (tools / "terraform").write_text('#!/bin/sh\necho "fetching $*"\n')
    (tools / "terraform").chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = ran("Fetch modules", checkout, **{**FORK, "DIRECTORIES": "infra", "PATH": path, **how})
    assert done.returncode == 0
    assert ("fetching -chdir=infra get" in done.stdout) is fetched
    assert ("not fetched for an untrusted" in done.stdout) is not fetched


@pytest.mark.slow
def test_the_action_installs_from_its_lock_file_and_works(checkout: Path) -> None:
    made = step("Install ecs-preflight", checkout, PYTHON=sys.executable, PYTHONPATH="")
    assert made.returncode == 0, made.stderr
    tested = step("Self-test", checkout)
    assert tested.returncode == 0, tested.stdout
    assert tested.stdout.count("ok  ") == 2
    assert ran("Scan", checkout, **{**FORK, "PROPOSAL": ""}).returncode == 1
    assert not (checkout.parent / "ran").exists(), (checkout.parent / "ran").read_text()


def test_making_a_scan_of_a_directory_executes_nothing_of_it(checkout: Path) -> None:
    pytest.importorskip("checkov")
    for stage, finding in (("command", "ECS502"), ("hosts", "CKV_ECS_502")):
        done = subprocess.run(
            [sys.executable, "-I", ROOT / "tools" / "scan_everywhere.py", stage, checkout],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finding in done.stdout, done.stderr
    assert not (checkout.parent / "ran").exists(), (checkout.parent / "ran").read_text()
