"""Runs of the command line on trees in which a toy front end finds things."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from toys import TOY, Thing, ToyUnit, front_end, unit, write

from ecs_preflight import cli
from ecs_preflight.analysis import evaluation, examine, scan
from ecs_preflight.cli import scanning

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command on a tree in which the toy front end finds things of the given verdicts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    write(tmp_path, main="x\n" * 20)

    def call(
        *arguments: str,
        things: tuple[Thing, ...] = (),
        units: tuple[ToyUnit, ...] = (),
        **fields: object,
    ) -> tuple[int, str, str]:
        built = (*((unit(*things),) if things else ()), *units)
        monkeypatch.setattr(examine, "without_ecs", lambda trees: None)
        monkeypatch.setattr(evaluation, "_front_ends", lambda: (front_end(*built, **fields),))
        monkeypatch.setattr(scanning, "scan", lambda *a, **k: scan.scan(*a, **k, rules=[TOY]))
        code = cli.main(arguments)
        return (code, *capsys.readouterr())

    return call
