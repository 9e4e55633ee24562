"""What finds and reads files costs no more than the file at which it does not come back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ecs_preflight import terraform
from ecs_preflight.adapters.units import Found, Inputs, Tree
from ecs_preflight.analysis import evaluation, workers
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.symbolic.budget import Limit
from ecs_preflight.symbolic.source import Boundary, Unreadable

pytestmark = pytest.mark.skipif(not workers.available(), reason="needs fork")

FAULTY = """
provider "aws" {}
resource "aws_iam_role" "task" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.task.arn
  container_definitions = jsonencode([{ name = "app", image = "nginx" }])
}
"""


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def overdue() -> None:
    time.sleep(60)


def scanned(folder: Path, *front_ends: Callable[[Tree, Inputs], Found]) -> Report:
    (folder / "good").mkdir()
    (folder / "good" / "main.tf").write_text(FAULTY)
    return scan([folder], Options(supervised=True, root=folder), front_ends=front_ends)


def found(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings if finding.rule == "ECS501"]


@pytest.mark.parametrize("end", [killed, overdue])
def test_a_reader_that_does_not_come_back_costs_the_file_it_had_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: Callable[[], None]
) -> None:
    monkeypatch.setattr(workers, "SECONDS", 0.3)
    (tmp_path / "bad.yaml").write_text("a: 1\n")

    def read(tree: Tree, inputs: Inputs) -> Found:
        for path in tree.files:
            if path.suffix == ".yaml":
                tree.boundary.read_bytes(path)
                end()
        return terraform.find(tree, inputs)

    def unreadable_is_passed_over(tree: Tree, inputs: Inputs) -> Found:
        try:
            return read(tree, inputs)
        except Unreadable:
            return terraform.find(tree, inputs)

    report = scanned(tmp_path, unreadable_is_passed_over)
    (fault,) = report.faults
    assert fault.subject.endswith("bad.yaml")
    reason = Limit.SECONDS.exceeded if end is overdue else "ended by signal 9"
    assert reason in fault.message
    assert found(report) == ["ECS501"]
    (told,) = (finding for finding in report.findings if finding.rule == "ECS002")
    assert told.span.file.endswith("bad.yaml")


def test_where_no_file_can_be_blamed_it_costs_the_reader(tmp_path: Path) -> None:
    def read(tree: Tree, inputs: Inputs) -> Found:
        killed()
        return Found()

    report = scanned(tmp_path, read, terraform.find)
    (fault,) = report.faults
    assert "nothing was read for it" in fault.message
    assert found(report) == ["ECS501"]


def test_a_reader_that_costs_one_file_after_the_other_is_left_out(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.yaml").write_text(f"a: {number}\n")

    def read(tree: Tree, inputs: Inputs) -> Found:
        for path in tree.files:
            try:
                tree.boundary.read_bytes(path)
            except Unreadable:
                continue
            killed()
        return Found()

    report = scanned(tmp_path, read, terraform.find)
    assert len(report.faults) == 4
    assert found(report) == ["ECS501"]


def test_reading_again_and_again_is_overdue_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "SECONDS", 0.3)

    def read(tree: Tree, inputs: Inputs) -> Found:
        while True:
            for path in tree.files:
                tree.boundary.read_bytes(path)

    def once(tree: Tree, inputs: Inputs) -> Found:
        try:
            return read(tree, inputs)
        except Unreadable:
            return Found()

    report = scanned(tmp_path, once)
    assert [Limit.SECONDS.exceeded in fault.message for fault in report.faults] == [True]


def test_what_cannot_be_read_travels(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "main.tf").write_text('resource "aws_ecs_cluster" "c" {')
    report = scanned(tmp_path, terraform.find)
    assert not report.faults
    assert "ECS001" in {finding.rule for finding in report.findings}


@pytest.mark.parametrize("end", [killed, overdue])
def test_a_single_unit_that_does_not_come_back_costs_itself_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: Callable[[], None]
) -> None:
    def judged(unit: object, *arguments: object) -> None:
        (tmp_path / "processes").open("a").write(f"{os.getpid()} ")
        Boundary(tmp_path).read_bytes(tmp_path / "good" / "main.tf")
        end()

    monkeypatch.setattr(workers, "SECONDS", 0.3)
    monkeypatch.setattr(evaluation, "judge", judged)
    report = scanned(tmp_path, terraform.find)
    (fault,) = report.faults
    assert fault.message.endswith("it was not judged")
    reason = Limit.SECONDS.exceeded if end is overdue else "ended by signal 9"
    assert reason in fault.message
    assert "main.tf" in fault.files[0]
    assert len((tmp_path / "processes").read_text().split()) == 1  # nor is it tried again
