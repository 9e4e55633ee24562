"""Where Terraform and OpenTofu read different files, what either would deploy is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.hosts import doctor

FAULTY = doctor.TERRAFORM.read_text()


def found(root: Path) -> list[tuple[str, str]]:
    report = scan([root], Options(root=root))
    assert not report.faults
    return [(finding.rule, Path(finding.span.file).name) for finding in report.active]


@pytest.mark.parametrize("hiding", ["", "# nothing here\n", "locals {}\n"])
def test_an_empty_file_of_one_engine_does_not_hide_the_others(tmp_path: Path, hiding: str) -> None:
    (tmp_path / "main.tf").write_text(FAULTY)
    (tmp_path / "main.tofu").write_text(hiding)
    assert found(tmp_path) == [("ECS502", "main.tf")]


def test_a_fault_of_either_is_found_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(FAULTY)
    (tmp_path / "main.tofu").write_text(FAULTY)
    assert found(tmp_path) == [("ECS502", "main.tf"), ("ECS502", "main.tofu")]


def test_a_called_module_is_judged_in_both_ways_too(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('provider "aws" {}\nmodule "m" {\n  source = "./m"\n}\n')
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(FAULTY)
    (tmp_path / "m" / "main.tofu").write_text("")
    assert found(tmp_path) == [("ECS502", "main.tf")]


@pytest.mark.parametrize("name", ["override.tofu", "roles_override.tofu"])
def test_an_override_of_one_engine_mends_nothing_for_the_other(tmp_path: Path, name: str) -> None:
    (tmp_path / "main.tf").write_text(FAULTY)
    (tmp_path / name).write_text(FAULTY.replace("ec2.amazonaws.com", "ecs-tasks.amazonaws.com"))
    assert found(tmp_path) == [("ECS502", "main.tf")]


def test_files_of_opentofu_that_hide_nothing_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text(FAULTY)
    (tmp_path / "b.tofu").write_text("locals {}\n")
    assert scan([tmp_path], Options(root=tmp_path)).stats.stacks == 1
