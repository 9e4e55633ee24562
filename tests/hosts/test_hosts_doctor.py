"""The doctor: healthy only what reports the fault of the bundled stack."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.hosts import doctor, paths

Host = Callable[..., None]


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """Puts a program of a host's name on the path that prints what it is told to."""
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + "/bin" + os.pathsep + "/usr/bin")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    def install(name: str, out: str = "", err: str = "") -> None:
        (tmp_path / "out").write_text(out)
        (tmp_path / "err").write_text(err)
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} 9.9" && exit\n'
            f"cat '{tmp_path}/out'; cat '{tmp_path}/err' >&2\n"
        )
        program.chmod(0o755)

    return install


def of(name: str) -> doctor.Check:
    (check,) = doctor._host(name, {"checkov": doctor._checkov, "cfn-lint": doctor._cfn_lint}[name])
    return check


def test_the_bundled_stack_fails_in_both_languages_by_one_fault_each() -> None:
    for file in (doctor.TERRAFORM, doctor.TEMPLATE):
        assert [finding.rule for finding in scan([file]).active] == [doctor.RULE]


def test_a_host_that_is_absent_is_no_failure(host: Host) -> None:
    assert of("checkov").well is None
    assert of("cfn-lint").well is None
    assert of("checkov").advice == "pip install 'ecs-preflight[checkov]'"


def test_a_host_that_reports_the_fault_is_well(host: Host) -> None:
    host("checkov", out=json.dumps({"summary": {"failed": 1}}))
    assert of("checkov") == doctor.Check(of("checkov").message, True)
    host("cfn-lint", out=json.dumps([{"Rule": {"Id": "E9502"}}]))
    assert of("cfn-lint").well is True
    assert of("cfn-lint").message.startswith("cfn-lint 9.9 (")


@pytest.mark.parametrize(
    "out", ["", "no JSON", "[]", json.dumps({"summary": {"failed": 0}}), json.dumps({"passed": 0})]
)
def test_a_host_that_is_silent_is_not_well(host: Host, out: str) -> None:
    for name in ("checkov", "cfn-lint"):
        host(name, out=out, err="the last words")
        check = of(name)
        assert check.well is False
        assert "does not report ECS502" in check.message


def test_an_overwritten_parser_is_recognised(host: Host) -> None:
    host("checkov", err="ImportError: cannot import name 'START_LINE' from 'hcl2'")
    assert of("checkov").advice == doctor.REPAIR


def test_an_engine_that_finds_nothing_is_not_well(
    host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "scan", lambda paths: Report(faults=("deep inside",)))
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "FAIL  ecs-preflight" in out
    assert "deep inside" in out


def test_the_command_tells_where_the_shims_are(capsys: pytest.CaptureFixture[str]) -> None:
    for name in paths.PLACES:
        assert cli.main(["paths", name]) == 0
        place = Path(capsys.readouterr().out.strip())
        assert place.is_file() or list(place.glob("ecs_preflight_*.py"))


@pytest.mark.slow
def test_the_hosts_of_this_environment_are_well() -> None:
    pytest.importorskip("checkov")
    pytest.importorskip("cfnlint")
    assert [check.message for check in doctor.examine() if check.well is not True] == []
