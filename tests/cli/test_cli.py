"""The command line: what it prints where, and with which code it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Run
from toys import ToyUnit, front_end, thing, write

from ecs_preflight import __version__, cli
from ecs_preflight.analysis import evaluation, workers
from ecs_preflight.cli import choices, rule_index
from ecs_preflight.model import Stack
from ecs_preflight.rules import RULES
from ecs_preflight.symbolic.source import Unreadable
from ecs_preflight.symbolic.worlds import PathCondition


@pytest.mark.parametrize(
    ("verdict", "codes"),
    [
        # (error, warning, note, undecided, never)
        ("error", (1, 1, 1, 1, 0)),
        ("warning", (0, 1, 1, 0, 0)),
        ("note", (0, 0, 1, 0, 0)),
        ("undecided", (0, 0, 0, 1, 0)),
        ("met", (0, 0, 0, 0, 0)),
    ],
)
def test_fail_on(run: Run, verdict: str, codes: tuple[int, ...]) -> None:
    for fail_on, expected in zip(
        ("error", "warning", "note", "undecided", "never"), codes, strict=True
    ):
        assert run("--fail-on", fail_on, things=(thing(verdict=verdict),))[0] == expected


@pytest.mark.parametrize("name", ["broken.tf", "broken.yaml"])
def test_what_was_not_seen_fails_who_wants_all_decided(tmp_path: Path, name: str) -> None:
    broken, report = tmp_path / name, tmp_path / "report.json"
    broken.write_text("Resources: {A: {Type: AWS::EC2::VPC}, B: {{ [\n")
    for fail_on, expected in (("error", 0), ("undecided", 1)):
        asked = ["--fail-on", fail_on]
        output = ["--output", f"json={report}"]
        assert cli.main(["scan", *asked, *output, str(tmp_path)]) == expected
        assert cli.main(["merge", *asked, str(report)]) == expected


def test_a_suppressed_error_fails_nothing(run: Run, tmp_path: Path) -> None:
    write(tmp_path, main="\n# ecs-preflight:ignore ECS605 known\n{\n}\n")
    code, out, _ = run(things=(thing(),))
    assert code == 0
    assert out.startswith("No findings, 1 suppressed in 1 file")


def test_the_first_argument_that_is_no_command_is_a_path(run: Run, tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    for arguments in (("infra",), ("scan", "infra"), ("--format", "text", "infra"), ()):
        assert run(*arguments, things=(thing(),))[0] == 1


def test_nothing_to_scan_is_said_and_no_failure(run: Run) -> None:
    Path("empty").mkdir()
    code, out, err = run("empty")
    assert code == 0
    assert "nothing to scan" in err
    assert "0 needs" in out


def test_what_cannot_be_read_is_not_nothing_to_scan(run: Run) -> None:
    broken = (Unreadable("main.tf", "expected '}'"),)
    code, out, err = run("--ignore", "ECS001", "main.tf", unreadable=broken)
    assert code == 0
    assert "not read: 1 file that cannot be read" in out
    assert "nothing to scan" not in err
    assert run("--ignore", "ECS001", "--fail-on", "undecided", "main.tf", unreadable=broken)[0] == 1


def test_a_missing_path_outranks_findings_and_the_rest_is_scanned(run: Run) -> None:
    code, out, err = run("nowhere", "main.tf", things=(thing(),))
    assert code == 3
    assert "ECS605" in out
    assert err == "ecs-preflight: nowhere: no such file or directory\n"


def test_a_fault_of_ours_outranks_all_and_the_rest_is_scanned(run: Run) -> None:
    def explode(path_condition: PathCondition) -> Stack:
        raise ZeroDivisionError("deep inside")

    code, out, err = run("nowhere", ".", things=(thing(),), units=(ToyUnit(explode, name="bad"),))
    assert code == 4
    assert "ECS605" in out
    assert "a fault of its own, please report it: bad: ZeroDivisionError at test_cli.py" in err
    assert "Traceback" not in err


def test_a_file_that_cannot_be_read_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_ecs_cluster" "this" {\n')
    code, out, _ = run(unreadable=(Unreadable("main.tf", "is a binary file"),))
    assert code == 1
    assert "main.tf:1:1  error  ECS001 file-not-readable" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--select", "ECS999"),
        ("--ignore", "E605"),
        ("--var-file", "none.tfvars"),
        ("--parameters", "none.json"),
        ("--root", "none"),
        ("--output", "text"),
        ("--output", "pdf=x"),
        ("--output", "json=no/such/dir/x"),
        ("--output", "json=."),
        ("rules", "ECS999"),
    ],
)
def test_wrong_use_is_told_before_any_scan(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments, things=(thing(),))
    assert (code, out) == (2, "")
    assert err.startswith("ecs-preflight: error: ")


@pytest.mark.parametrize(
    "arguments",
    [("--format", "pdf"), ("--fail-on", "x"), ("--nope",), ("paths",), ("paths", "tflint")],
)
def test_wrong_arguments(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("ecs-preflight: error: ")
    assert "--help')" in err


def test_a_mistyped_command_is_named_and_not_taken_for_a_path(run: Run, tmp_path: Path) -> None:
    for typed, meant in (("scann", "scan"), ("explian", "explain"), ("rule", "rules")):
        code, out, err = run(typed, things=(thing(),))
        assert (code, out) == (2, "")
        assert f"there is no command and no path '{typed}'; is '{meant}' meant?" in err
    (tmp_path / "scann").mkdir()
    (tmp_path / "scann" / "main.tf").write_text("x\n")
    assert run("scann", things=(thing(),))[0] == 1
    assert run("infra", things=(thing(),))[0] == 3


def test_in_github_wrong_use_is_told_where_it_is_looked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    code, out, _ = run("scan", "--format", "github", "--var-file", "no.tfvars")
    assert code == 2
    assert out == "::error title=ecs-preflight::no such file: no.tfvars\n"
    assert "no such file: no.tfvars" in (tmp_path / "summary.md").read_text().replace("\\", "")


def test_a_summary_that_cannot_be_written_is_a_warning(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "summary.md"))
    code, out, err = run("--format", "github", things=(thing(),))
    assert code == 1
    assert "ECS605" in out
    assert "warning: cannot write the job summary" in err


def test_machines_are_told_names_from_the_root_wherever_it_runs(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text("x\n" * 20)
    found = {}
    for folder, file in ((".", "infra/main.tf"), ("infra", "main.tf")):
        monkeypatch.chdir(tmp_path / folder)
        things = (thing(file=file),)
        _, out, _ = run("--format", "json", things=things)
        [found[folder]] = json.loads(out)["findings"]
        found[folder].pop("related")
        assert run("--write-baseline", str(tmp_path / f"{file[:2]}.json"), things=things)[0] == 0
        assert f"{file}:4:3" in run(things=things)[1]
        assert "::infra/main.tf:4:3" in run("--format", "github", things=things)[1]
    assert found["."] == found["infra"]
    assert found["."]["file"] == "infra/main.tf"
    assert (tmp_path / "in.json").read_text() == (tmp_path / "ma.json").read_text()
    # A baseline written in one place holds in the other.
    assert run("--baseline", "../in.json", things=(thing(file="main.tf"),))[0] == 0


def test_each_format_and_output_file(run: Run, tmp_path: Path) -> None:
    for kind in choices.FORMATS:
        code, out, _ = run(
            "--format",
            kind,
            "--output",
            f"{kind}=report.{kind}",
            things=(thing(), thing("b", "undecided")),
        )
        assert code == 1
        assert "ECS605" in out
        assert (tmp_path / f"report.{kind}").read_text() == out


def test_json_is_json_alone(run: Run) -> None:
    _, out, _ = run("--format", "json", things=(thing(),))
    assert [f["rule"] for f in json.loads(out)["findings"]] == ["ECS605"]


def test_undecided_needs_are_listed_on_request(run: Run) -> None:
    assert "nobody knows" not in run(things=(thing(verdict="undecided"),))[1]
    assert (
        "because     nobody knows"
        in run("--show-undecided", things=(thing(verdict="undecided"),))[1]
    )


def test_colour_only_when_wanted(run: Run) -> None:
    assert "\x1b[" in run("--color", "always", things=(thing(),))[1]
    assert "\x1b[" not in run(things=(thing(),))[1]
    assert "\x1b[" not in run("--color", "always", "--format", "json", things=(thing(),))[1]


def test_github_writes_the_whole_list_into_the_summary(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "summary.md").write_text("before\n")
    things = tuple(thing(f"aws_thing.a{i}") for i in range(12))
    run("--format", "github", things=things)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    _, out, _ = run("--format", "github", things=things)
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("before\n### ECS preflight: 12 errors")
    assert all(f"aws_thing.a{i}`" in summary for i in range(12))
    assert out.count("::error ") == 10


def test_rules_lists_all_and_reads_one(run: Run) -> None:
    _, out, _ = run("rules")
    assert [line.split()[0] for line in out.splitlines()] == [rule.id for rule in RULES]
    code, page, _ = run("rules", "ecs605")
    assert code == 0
    assert page.startswith("# ECS605 secret-not-readable\n\nThe execution role may not read")


def test_inputs_reach_the_front_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TF_VAR_env", "prod")
    write(tmp_path, main="x", prod_tfvars="x", p_json="{}", skipped_tf="x")
    seen: list[object] = []

    def spy(tree: object, inputs: object) -> object:
        seen.extend((tree, inputs))
        return front_end()(tree, inputs)  # type: ignore[arg-type]

    monkeypatch.setattr(workers, "available", lambda: False)  # in this process, where it is seen
    monkeypatch.setattr(evaluation, "_front_ends", lambda: (spy,))
    assert (
        cli.main(
            [
                "--env-variables",
                "--var-file",
                "prod.tfvars",
                "--workspace",
                "w",
                "--parameters",
                "p.json",
                "--exclude",
                "skipped*",
                "--root",
                ".",
            ]
        )
        == 0
    )
    tree, inputs = seen
    assert {file.name for file in tree.files} == {"main.tf", "prod.tfvars", "p.json"}  # type: ignore[attr-defined]
    assert tree.boundary.root == tmp_path  # type: ignore[attr-defined]
    assert inputs.var_files == (tmp_path / "prod.tfvars",)  # type: ignore[attr-defined]
    assert inputs.parameters == (tmp_path / "p.json",)  # type: ignore[attr-defined]
    assert (inputs.workspace, inputs.environment["TF_VAR_env"]) == ("w", "prod")  # type: ignore[attr-defined]


def test_as_a_module_and_in_a_closed_pipe(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])}
    command = [sys.executable, "-m", "ecs_preflight"]
    version = subprocess.run(
        [*command, "--version"], capture_output=True, text=True, env=environment, check=True
    )
    assert version.stdout == f"ecs-preflight {__version__}\n"
    piped = subprocess.run(
        f"'{sys.executable}' -m ecs_preflight rules | head -1; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert piped.returncode in (0, 1)
    assert "Traceback" not in piped.stderr


def test_help_teaches_with_examples(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in (
        (("--help",), "ecs-preflight plan.json"),
        (("scan", "--help"), "exit codes:"),
    ):
        with pytest.raises(SystemExit):
            run(*arguments)
        assert words in capsys.readouterr().out


def test_the_list_of_rules_is_that_of_the_rules() -> None:
    assert [(row.id, row.name, row.title, row.severities) for row in rule_index.rows()] == [
        (rule.id, rule.name, rule.title, tuple(s.value for s in rule.severities)) for rule in RULES
    ]
