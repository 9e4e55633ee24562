"""What a user gets who installs the package."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from ecs_preflight import __version__
from ecs_preflight.hosts import paths

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from a copy of what it is made of."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    shutil.copytree(
        ROOT / "ecs_preflight", copy / "ecs_preflight", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, copy)
    for name in ("checks", "plugins", "samples", "tests"):
        (copy / name).mkdir()
        (copy / name / "__init__.py").touch()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(out),
            str(copy),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    (built,) = out.glob("*.whl")
    return zipfile.ZipFile(built)


def test_nothing_but_the_package_is_installed(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"ecs_preflight", f"ecs_preflight-{__version__}.dist-info"}


def test_data_and_shims_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    held = set(wheel.namelist())
    needed = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "ecs_preflight").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert needed - held == set()


def test_metadata(wheel: zipfile.ZipFile) -> None:
    metadata = wheel.read(f"ecs_preflight-{__version__}.dist-info/METADATA").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.10" in metadata
    scripts = wheel.read(f"ecs_preflight-{__version__}.dist-info/entry_points.txt").decode()
    assert "ecs-preflight = ecs_preflight.cli:main" in scripts


def test_nothing_asks_for_the_parser_that_breaks_checkov() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    wanted = config["options"]["install_requires"] + "".join(
        config["options.extras_require"].values()
    )
    assert "hcl2" not in wanted


@pytest.mark.parametrize(("host", "folder"), [("checkov", "checks"), ("cfn-lint", "plugins")])
def test_the_shims_in_the_package_are_those_of_the_repository(host: str, folder: str) -> None:
    inside = {file.name: file.read_text() for file in paths.of(host).glob("*.py")}
    assert inside == {file.name: file.read_text() for file in (ROOT / folder).glob("*.py")}
    assert len([name for name in inside if name != "__init__.py"]) == 1


@pytest.mark.parametrize("folder", ["checks", "plugins"])
def test_shims_hold_no_logic(folder: str) -> None:
    """cfn-lint runs every file it finds, checkov those in folders with an ``__init__.py``."""
    for file in (ROOT / folder).rglob("*.py"):
        tree = ast.parse(file.read_text())
        assert not any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))
        # checkov's also fails a check where the engine cannot be loaded
        assert len(file.read_text().splitlines()) < 50


def test_only_the_checkov_shim_lies_where_checkov_runs_what_it_finds() -> None:
    """``--external-checks-git`` runs each package of a clone: tests must not be one."""
    assert not list((ROOT / "tests").rglob("__init__.py"))
    assert (ROOT / "checks" / "__init__.py").read_text() == ""


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert text.lstrip().startswith(
        "Apache License\n                           Version 2.0, January 2004"
    )
    assert "END OF TERMS AND CONDITIONS" in text


LOCKS = {
    "runtime.txt": (),
    "scan.txt": ("checkov", "cfn-lint"),
    "dev.txt": ("checkov", "cfn-lint", "lsp", "completion", "docs", "dev"),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_files_hold_what_setup_cfg_asks_for(lock: str) -> None:
    """``tools/lock.sh`` renews them."""
    requirements = pytest.importorskip("packaging.requirements")
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    wanted = setup["options"]["install_requires"]
    wanted += "".join(setup["options.extras_require"][extra] for extra in LOCKS[lock])
    text = (ROOT / "requirements" / lock).read_text()
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))
    assert len(re.findall("--hash=sha256:", text)) >= len(pinned)
    for line in wanted.splitlines():
        if line and not line.startswith("#"):
            asked = requirements.Requirement(line)
            assert asked.name.lower() in pinned, f"run tools/lock.sh: {asked.name}"
            assert asked.specifier.contains(pinned[asked.name.lower()])


def test_the_action_passes_inputs_by_environment_only() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_the_documentation_has_one_address() -> None:
    from ecs_preflight.findings.finding import DOCUMENTATION

    base = DOCUMENTATION.split("/en/", 1)[0]
    holders = [
        file.name for file in (ROOT / "ecs_preflight").rglob("*.py") if base in file.read_text()
    ]
    assert holders == ["finding.py"]
