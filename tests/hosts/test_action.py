"""The action in a checkout of a stranger's: nothing of it is executed, and its findings are told."""

from __future__ import annotations

import os
import subprocess
import sys
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
)
PROGRAMS = ("checkov", "cfn-lint", "git")


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


def test_no_step_executes_what_the_checkout_holds(checkout: Path) -> None:
    venv = checkout.parent / "temporary" / "ecs-preflight"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", venv], check=True)
    (library,) = (venv / "lib").glob("python*/site-packages")
    # stands in for the installation, which another test makes from the lock file
    here = [str(ROOT), *(entry for entry in sys.path if entry.endswith("site-packages"))]
    (library / "here.pth").write_text("\n".join(here) + "\n")
    assert step("Self-test", checkout).returncode == 0
    inputs = {
        "PATHS": ".",
        "FAIL_ON": "error",
        "ARGUMENTS": "",
        "SARIF_FILE": "",
        "UNTRUSTED": "auto",
        "HEAD": "a/b",
        "GITHUB_REPOSITORY": "c/d",
    }
    scanned = step("Scan", checkout, **inputs)
    assert scanned.returncode == 1, scanned.stderr
    assert "::error file=main.tf,line=" in scanned.stdout
    assert not (checkout.parent / "ran").exists(), (checkout.parent / "ran").read_text()


@pytest.mark.slow
def test_the_action_installs_from_its_lock_file_and_works(checkout: Path) -> None:
    installed = step("Install ecs-preflight", checkout, PYTHON=sys.executable, PYTHONPATH="")
    assert installed.returncode == 0, installed.stderr
    tested = step("Self-test", checkout)
    assert tested.returncode == 0, tested.stdout
    assert tested.stdout.count("ok  ") == 2
    inputs = {
        "PATHS": ".",
        "FAIL_ON": "error",
        "ARGUMENTS": "",
        "SARIF_FILE": "",
        "UNTRUSTED": "auto",
        "HEAD": "",
    }
    assert step("Scan", checkout, **inputs).returncode == 1
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
