"""The files by which the project is built, checked and released."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ecs_preflight import __version__
from ecs_preflight.analysis.discovery import READ
from ecs_preflight.taskfiles.reading import EXTENSIONS

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_workflows_pass_zizmor() -> None:
    zizmor = shutil.which("zizmor") or shutil.which("zizmor", path=Path(sys.executable).parent)
    if zizmor is None:
        pytest.skip("zizmor is not installed")
    ran = subprocess.run(
        [
            zizmor,
            "--offline",
            "--no-progress",
            "--quiet",
            str(ROOT / ".github"),
            str(ROOT / "action.yml"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_workflows_take_nothing_that_may_change_and_no_rights_they_do_not_name(
    workflow: Path,
) -> None:
    read = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert read["permissions"] == {}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for job in read["jobs"].values():
        assert set(job["permissions"]) <= {"contents", "id-token", "packages"}
        for step in job.get("steps", ()):
            uses = step.get("uses", "./")
            assert uses == "./" or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", uses), uses
            for target in re.findall(r"^make ([\w-]+)$", step.get("run", ""), re.MULTILINE):
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_image_is_slim_pinned_and_not_run_as_root() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases
    assert all(
        re.fullmatch(r"python:3\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base) for base in bases
    )
    assert re.search(r"^USER (?!root|0\b)", DOCKERFILE, re.MULTILINE)
    assert 'ENTRYPOINT ["/opt/ecs-preflight/bin/ecs-preflight"]' in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for name in copied.split():
            assert (ROOT / name).exists(), name
            assert f"!{name}\n" in (ROOT / ".dockerignore").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_image_is_built_and_scans() -> None:
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run([docker, "info"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no docker daemon runs here")
    subprocess.run(
        [docker, "build", "--quiet", "--tag", "ecs-preflight-test", str(ROOT)], check=True
    )
    ran = subprocess.run(
        [docker, "run", "--rm", "--network", "none", "ecs-preflight-test", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == f"ecs-preflight {__version__}"


def test_the_version_comes_from_one_place() -> None:
    holders = [
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "ecs_preflight").rglob("*.py")
        if f'"{__version__}"' in file.read_text(encoding="utf-8")
    ]
    assert holders == ["ecs_preflight/__init__.py"]
    assert "attr: ecs_preflight.__version__" in (ROOT / "setup.cfg").read_text(encoding="utf-8")
    assert f"{__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=lambda f: f.stem
)
def test_issue_forms_ask_for_something(form: Path) -> None:
    read = yaml.safe_load(form.read_text(encoding="utf-8"))
    if form.stem != "config":
        assert read["name"] and read["description"]
        ids = [field["id"] for field in read["body"] if "id" in field]
        assert "code" in ids
        assert len(set(ids)) == len(ids)


def test_no_package_registry_is_named() -> None:
    """Who builds it brings his own."""
    for file in (*WORKFLOWS, ROOT / "Dockerfile", ROOT / "Makefile", ROOT / "setup.cfg"):
        assert not re.search(
            r"pypi\.org|ghcr\.io|docker\.io|npmjs", file.read_text(encoding="utf-8")
        ), file


def test_the_hook_runs_for_every_name_that_a_scan_reads() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    pattern = re.compile(hook["files"])
    for ending in {*READ, *EXTENSIONS, ".tf.json", ".tofu.json", ".tfvars.json", ".tftpl"}:
        assert pattern.search(f"infra/any{ending}"), ending
    for name in (
        "task-definition.json",
        ".aws/task-definition.json",
        "taskdef.json",
        "ecs-task-def.json",
        "ecs-service-def.jsonnet",
        "ecspresso.yml",
        "serverless.yml",
        ".github/workflows/deploy.yml",
        "copilot/web/manifest.yml",
        "docker-compose.yaml",
        "plan.json",
        "state.json",
        "account.json",
        "ecs-preflight.toml",
    ):
        assert pattern.search(name), name
    assert not pattern.search("src/app.py")
    assert not pattern.search("README.md")
