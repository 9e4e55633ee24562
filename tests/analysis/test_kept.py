"""What hosts are told of an unchanged tree is told again, and of a changed one it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis import kept, store
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.symbolic.faults import Fault
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.source import NOWHERE

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
