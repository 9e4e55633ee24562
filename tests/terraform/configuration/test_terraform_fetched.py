"""Modules that somebody has fetched: checkov, Terragrunt, or the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.scan import Options, Report, scan

MODULE = """
variable "name" {}
resource "aws_ecs_task_definition" "this" {
  family                = var.name
  container_definitions = jsonencode([{
    name       = "a"
    image      = "public.ecr.aws/x/y"
    memory     = 128
    secrets    = [{ name = "S", valueFrom = "/parameter" }]
  }])
}
"""


def call(source: str, version: str = "") -> str:
    pinned = f'\n  version = "{version}"' if version else ""
    return f"""
terraform {{
  backend "s3" {{}}
}}
module "app" {{
  source  = "{source}"{pinned}
  name    = "app"
}}
"""


def scanned(folder: Path, files: dict[str, str], modules: dict[str, Path] | None = None) -> Report:
    (folder / "repository" / ".git").mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    report = scan([folder / "repository"], Options(Inputs(modules=modules or {})))
    assert not report.faults
    return report


REGISTRY = "repository/.external_modules/registry.terraform.io/acme/app/aws"
GITHUB = "repository/.external_modules/github.com/acme/app"


@pytest.mark.parametrize(
    ("source", "version", "kept"),
    [
        ("acme/app/aws", "1.2.0", (f"{REGISTRY}/1.2.0",)),
        ("acme/app/aws", "~> 1.0", (f"{REGISTRY}/1.2.0",)),
        ("acme/app/aws//modules/task", "", (f"{REGISTRY}/1.2.0/modules/task",)),
        ("acme/app/aws", "1.2.0", (f"{REGISTRY}/1.2.0", f"{REGISTRY}/1.3.0")),
        ("github.com/acme/app?ref=v1", "", (f"{GITHUB}/v1",)),
        ("git::https://github.com/acme/app.git?ref=v1", "", (f"{GITHUB}/v1",)),
        ("git::https://github.com/acme/app.git//task?ref=v1", "", (f"{GITHUB}/v1/task",)),
    ],
)
def test_what_checkov_has_downloaded(
    tmp_path: Path, source: str, version: str, kept: tuple[str, ...]
) -> None:
    files = {f"{folder}/main.tf": MODULE for folder in kept}
    report = scanned(tmp_path, {"repository/infra/main.tf": call(source, version), **files})
    assert [finding.rule for finding in report.findings] == ["ECS601"]
    assert report.findings[0].callers[0].address == "module.app"


@pytest.mark.parametrize(
    ("source", "version", "kept"),
    [
        ("acme/app/aws", "~> 1.0", (f"{REGISTRY}/1.2.0", f"{REGISTRY}/1.3.0")),
        ("acme/other/aws", "1.2.0", (f"{REGISTRY}/1.2.0",)),
        ("github.com/acme/app?ref=v2", "", (f"{GITHUB}/v1",)),
    ],
)
def test_what_may_be_another_version_is_not_taken(
    tmp_path: Path, source: str, version: str, kept: tuple[str, ...]
) -> None:
    files = {f"{folder}/main.tf": MODULE for folder in kept}
    report = scanned(tmp_path, {"repository/infra/main.tf": call(source, version), **files})
    assert report.findings == ()
    assert [gap.why.name for gap in report.gaps] == ["MODULE"]


@pytest.mark.parametrize(
    ("source", "given", "folder"),
    [
        ("acme/app/aws", "acme/app/aws", "vendor"),
        ("acme/app/aws//modules/task", "acme/app/aws", "vendor/modules/task"),
        ("acme/app/aws//modules/task", "acme/app/aws//modules/task", "vendor"),
        ("git::https://x.org/a.git//t?ref=v1", "git::https://x.org/a.git?ref=v1", "vendor/t"),
    ],
)
def test_what_the_user_names_may_lie_outside(
    tmp_path: Path, source: str, given: str, folder: str
) -> None:
    files = {"repository/main.tf": call(source), f"{folder}/main.tf": MODULE}
    report = scanned(tmp_path, files, {given: (tmp_path / "vendor").resolve()})
    assert [finding.rule for finding in report.findings] == ["ECS601"]


def test_what_terragrunt_has_downloaded(tmp_path: Path) -> None:
    terragrunt = """
terraform {
  source = "git::https://x.org/modules.git//app?ref=v1"
}
inputs = {
  name = "app"
}
"""
    cached = "repository/live/.terragrunt-cache/abc/def/app/main.tf"
    report = scanned(tmp_path, {"repository/live/terragrunt.hcl": terragrunt, cached: MODULE})
    assert [finding.rule for finding in report.findings] == ["ECS601"]
