"""What hosts are told of an unchanged tree is told again, and of a changed one it is not."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.adapters.units import Found, Inputs, Tree, Unit
from ecs_preflight.analysis import evaluation, kept, store, surrounding
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.symbolic.faults import Fault
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.source import NOWHERE

TEMPLATE = """
Resources:
  Logs{0}:
    Type: AWS::Logs::LogGroup
  Task{0}:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: app-{0}
      ExecutionRoleArn: arn:aws:iam::123456789012:role/shared
      ContainerDefinitions:
        - Name: app
          Image: nginx
          Memory: 512
          LogConfiguration:
            LogDriver: awslogs
            Options:
              awslogs-group: !Ref Logs{0}
              awslogs-region: !Ref AWS::Region
"""
ROLE = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shared
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: ecs-tasks.amazonaws.com}
            Action: sts:AssumeRole
"""
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
OPTIONS = Options(notes=True)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "code"
    folder.mkdir()
    for source in (SAMPLES / "terraform" / "everything-wrong" / "webshop").glob("*.tf"):
        (folder / source.name).write_text(source.read_text())
    return folder


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    made: list[Report] = []

    def counted(paths: list[str], options: Options) -> Report:
        made.append(scan(paths, options))
        return made[-1]

    monkeypatch.setattr(kept, "scan", counted)
    return made


def said(report: Report) -> object:
    return [repr(o) for o in report.outcomes], report.stats, report.from_root.findings


def test_an_unchanged_tree_is_not_scanned_again(tree: Path, scans: list[Report]) -> None:
    first, again = (kept.scanned([str(tree)], OPTIONS) for _ in range(2))
    assert len(scans) == 1
    assert first.findings
    assert said(again) == said(first) == said(scan([tree], OPTIONS))


@pytest.mark.parametrize("name", ["main.tf", "more.tf"])
def test_a_changed_tree_is(tree: Path, scans: list[Report], name: str) -> None:
    kept.scanned([str(tree)], OPTIONS)
    file = tree / name
    before = file.read_text() if file.exists() else ""
    file.write_text(before + '\nresource "aws_ecs_cluster" "more" {\n  name = "more"\n}\n')
    assert said(kept.scanned([str(tree)], OPTIONS)) == said(scan([tree], OPTIONS))
    assert len(scans) == 2


def test_other_options_or_inputs_are_asked_anew(
    tree: Path, scans: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.scanned([str(tree)], OPTIONS)
    kept.scanned([str(tree)], Options())
    monkeypatch.setenv("TF_VAR_name", "other")
    kept.scanned([str(tree)], Options())
    assert len(scans) == 3


def test_what_is_broken_is_not_believed(tree: Path, scans: list[Report], tmp_path: Path) -> None:
    kept.scanned([str(tree)], OPTIONS)
    for entry in (tmp_path / "cache").rglob("*"):
        if entry.is_file():
            entry.write_bytes(entry.read_bytes()[:-1])
    assert kept.scanned([str(tree)], OPTIONS).findings
    assert len(scans) == 2


def test_a_fault_of_our_own_is_not_kept(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(paths: list[str], options: Options) -> Report:
        return replace(scan(paths, options), faults=(Fault("x", "y", NOWHERE),))

    monkeypatch.setattr(kept, "scan", failing)
    assert kept.scanned([str(tree)], OPTIONS).faults
    monkeypatch.setattr(kept, "scan", scan)
    assert not kept.scanned([str(tree)], OPTIONS).faults


def test_no_store_is_taken_out_of_what_is_scanned(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tree))
    assert store.of_user([str(tree)]) is None
    assert kept.scanned([str(tree)], OPTIONS).findings
    assert not (tree / "ecs-preflight").exists()


@pytest.fixture(params=["with a store", "without one"])
def templates(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Three templates whose tasks run under a role that a fourth has."""
    folder = tmp_path / "templates"
    (folder / ".git").mkdir(parents=True)
    cache = tmp_path / "cache" if request.param == "with a store" else folder
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    (folder / "role.yaml").write_text(ROLE)
    for name in "abc":
        (folder / f"{name}.yaml").write_text(TEMPLATE.format(name))
    return [str(folder / f"{name}.yaml") for name in "abc"]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the whole of a repository is read."""
    made: list[str] = []
    read = surrounding.discover

    def counted(paths: list[Path], **how: object) -> object:
        made.append(str(paths[0]))
        return read(paths, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(surrounding, "discover", counted)
    monkeypatch.setattr(kept, "_here", store.Transient())
    monkeypatch.setattr(kept, "_apart", set())
    return made


def each(templates: list[str], options: Options = OPTIONS) -> list[Report]:
    return [
        kept.scanned([path], options, templates[number + 1 :])
        for number, path in enumerate(templates)
    ]


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def as_alone(templates: list[str]) -> list[object]:
    return [said(scan([path], OPTIONS)) for path in templates]


def test_what_lies_around_several_is_read_once(templates: list[str], readings: list[str]) -> None:
    found = each(templates)
    assert len(readings) == 1
    assert list(map(said, found)) == as_alone(templates)
    assert all("ECS603" in rules(report) for report in found)


def test_what_changes_meanwhile_is_read_anew(templates: list[str], readings: list[str]) -> None:
    a, b, c = templates
    kept.scanned([a], OPTIONS, [b, c])
    role = Path(a).with_name("role.yaml")
    policy = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    role.write_text(f"{ROLE}      ManagedPolicyArns: [{policy}]\n")
    found = each([b, c])
    assert list(map(said, found)) == as_alone([b, c])
    assert not any("ECS603" in rules(report) for report in found)


def test_a_template_that_cannot_be_read_costs_itself_alone(
    templates: list[str], readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its reader ends with, the others are judged as if each were alone."""
    bad = Path(templates[1])
    bad.write_text("Resources:\n  AWS::ECS::Bad: {Type: AWS::ECS::Cluster}\n")
    read = evaluation._cloudformation

    def ending(tree: Tree, inputs: Inputs) -> Found:
        if tree.given == (bad,):
            tree.boundary.read_bytes(bad)
            os.kill(os.getpid(), signal.SIGKILL)
        return read(tree, inputs)

    monkeypatch.setattr(evaluation, "_cloudformation", ending)
    reports = each(templates, replace(OPTIONS, supervised=True))
    assert [bool(report.faults) for report in reports] == [False, True, False]
    assert [bool(report.findings) for report in reports] == [True, True, True]


def test_a_unit_that_does_not_come_back_is_judged_once(
    templates: list[str], readings: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    judge, begun = evaluation.judge, tmp_path / "begun"

    def ending(unit: Unit, *arguments: Any) -> Any:
        with begun.open("a") as file:
            file.write(f"{unit.name}\n")
        if unit.name.endswith("b.yaml"):
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(unit, *arguments)

    monkeypatch.setattr(evaluation, "judge", ending)
    reports = each(templates, replace(OPTIONS, supervised=True))
    assert [bool(report.faults) for report in reports] == [False, True, False]
    assert len(begun.read_text().splitlines()) == len(templates)
