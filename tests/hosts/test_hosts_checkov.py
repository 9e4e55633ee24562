"""The rules inside checkov: what its reports hold is what the command line finds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hostile_texts import harmless, written
from planning import planned
from sampling import NOT_SHOWN
from sampling import ROOT as SAMPLES
from sarif_schema import SCHEMA

from ecs_preflight import terraform
from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.diagnostics import OWN
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.findings.finding import Finding
from ecs_preflight.hosts import paths
from ecs_preflight.rules import RULES
from ecs_preflight.terraform.configuration.unit import RootModule

pytest.importorskip("checkov")

from checkov.cloudformation.runner import Runner as CloudFormationRunner
from checkov.common.output.report import Report as CheckovReport
from checkov.common.output.sarif import Sarif
from checkov.runner_filter import RunnerFilter
from checkov.terraform.plan_runner import Runner as PlanRunner
from checkov.terraform.runner import Runner as TerraformRunner

from ecs_preflight.hosts import checkov as adapter

ROOT = SAMPLES.parent
RUNNERS = {
    "terraform": TerraformRunner,
    "cloudformation": CloudFormationRunner,
    "terraform_plan": PlanRunner,
}
#: (rule, the owner's file or "" in a plan, the owner's address without indices).
Reported = set[tuple[str, str, str]]


def checked(folder: Path, framework: str, **options: Any) -> CheckovReport:
    """What checkov reports with our checks, and those alone, on a folder."""
    # by their ids: a wildcard leaves notes out
    ids = [adapter.check_id(rule.id) for rule in RULES]
    chosen = RunnerFilter(framework=[framework], checks=ids, **options)
    return RUNNERS[framework]().run(str(folder), [str(paths.of("checkov"))], None, chosen)


def failed(report: CheckovReport) -> Reported:
    plan, template = report.check_type == "terraform_plan", report.check_type == "cloudformation"
    return {
        (
            f"ECS{record.check_id[8:]}",
            "" if plan else str(Path(record.file_abs_path).resolve()),
            record.resource.split(".", 1)[1] if template else adapter._bare(record.resource),
        )
        for record in report.failed_checks
    }


def found(folder: Path, framework: str) -> Reported:
    """What the command line finds there, notes included."""
    suffix = ".tf" if framework == "terraform" else ".json" if framework == "terraform_plan" else ""
    return {
        (
            o.rule,
            "" if framework == "terraform_plan" else str(Path(o.owner.span.file).resolve()),
            o.owner.address.rsplit(".", 1)[-1] if not suffix else adapter._bare(o.owner.address),
        )
        for o in scan([folder], Options(notes=True)).outcomes
        if isinstance(o, Finding)
        and o.suppressed is None
        and o.rule not in OWN
        and (suffix == ".json" or o.owner.span.file.endswith(".tf") == (suffix == ".tf"))
    }


GROUPS = [
    "everything-wrong",
    "conditions",
    "inputs",
    "ECS605-secret-not-readable",
    "ECS703-exec-on-read-only-root",
]


@pytest.mark.parametrize(
    ("framework", "group"),
    [
        *((framework, group) for framework in ("terraform", "cloudformation") for group in GROUPS),
        ("terraform", "modules"),
    ],
)
def test_checkov_reports_what_the_command_line_finds(
    framework: str, group: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # apart from the repository, all of which would be read around it
    folder = shutil.copytree(SAMPLES / framework / group, tmp_path / group)
    report, expected = checked(folder, framework), found(folder, framework)
    assert failed(report) == expected
    assert expected
    assert "ecs-preflight:" not in capfd.readouterr().err


@pytest.mark.parametrize("framework", ["terraform", "cloudformation"])
def test_a_record_has_the_lines_of_what_it_is_about(framework: str, tmp_path: Path) -> None:
    folder = shutil.copytree(SAMPLES / framework / "everything-wrong", tmp_path / "samples")
    lines = {
        (f.rule, f.owner.address): (f.owner.span.line, f.owner.span.end_line)
        for f in scan([folder], Options(notes=True)).findings
        if f.rule not in OWN
    }
    seen = 0
    for record in checked(folder, framework).failed_checks:
        address = (
            record.resource.split(".", 1)[1] if framework == "cloudformation" else record.resource
        )
        first, last = lines[f"ECS{record.check_id[8:]}", address]
        assert abs(record.file_line_range[0] - first) <= 1
        assert abs(record.file_line_range[1] - last) <= 1
        seen += 1
    assert seen > 5


def _is_made_by_sam(file: str, name: str) -> bool:
    return name not in Path(file).read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("framework", ["terraform", "cloudformation"])
def test_checkov_reports_on_all_samples_what_the_command_line_finds(
    framework: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is found of a role that AWS SAM makes has no resource there: it is told beside."""
    folder = SAMPLES / framework
    expected = found(folder, framework)
    made = {each for each in expected if framework != "terraform" and _is_made_by_sam(*each[1:])}
    assert failed(checked(folder, framework)) == expected - made
    told = capfd.readouterr().err
    assert all(f"CKV_ECS_{rule[3:]}: " in told for rule, *_ in made)
    assert {rule for rule, _, _ in expected} == {
        rule.id for rule in RULES if (rule.id, framework) not in NOT_SHOWN
    } - OWN


# -- what a record holds ---------------------------------------------------------------------------

BLOCKS = """\
resource "aws_iam_role" "execution" {{
  name               = "execution"
  assume_role_policy = jsonencode({{
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "{service}.amazonaws.com" }}
    }}]
  }})
}}

resource "aws_ecs_task_definition" "app" {{
  {comment}
  {repeat}
  family                = "app"
  execution_role_arn    = aws_iam_role.execution.arn
  container_definitions = jsonencode([{{
    name = "app", image = "public.ecr.aws/nginx/nginx:1", memory = 128, user = "1000"
    secrets = [{{ name = "A", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/a" }},
               {{ name = "B", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/b" }}]
  }}])
}}
"""


def tree(folder: Path, comment: str = "", repeat: str = "", service: str = "ecs-tasks") -> Path:
    (folder / "main.tf").write_text(BLOCKS.format(comment=comment, repeat=repeat, service=service))
    return folder


def records(report: CheckovReport, rule: str = "CKV_ECS_606") -> dict[str, list[Any]]:
    return {
        kind: [r for r in getattr(report, f"{kind}_checks") if r.check_id == rule]
        for kind in ("failed", "passed", "skipped")
    }


def test_what_checkov_counts_to_none_is_judged_all_the_same(tmp_path: Path) -> None:
    repeat = "count = var.task_role != null ? 0 : 1"
    tree(tmp_path, repeat=repeat)
    (tmp_path / "variables.tf").write_text('variable "task_role" {\n  default = null\n}\n')
    assert len(records(checked(tmp_path, "terraform"))["failed"]) == 1


def test_plans(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (found_tree,) = discover([tree(tmp_path / "code", service="ec2")]).trees
    (unit,) = terraform.find(found_tree, Inputs()).units
    assert isinstance(unit, RootModule)
    (tmp_path / "plan").mkdir()
    plan = {"terraform_version": "1.11.4", **planned(unit)}  # with the keys that checkov relies on
    for change in plan["resource_changes"]:
        change["change"] |= {"before": None, "after": None}
    for resource in plan["configuration"]["root_module"]["resources"]:
        resource["type"], resource["name"] = resource["address"].split(".")
    (tmp_path / "plan" / "plan.json").write_text(json.dumps(plan))
    report = checked(tmp_path / "plan", "terraform_plan")
    assert failed(report) == found(tmp_path / "plan", "terraform_plan")
    assert {rule for rule, _, _ in failed(report)} >= {"ECS502", "ECS606"}


def test_the_reader_learns_which_permission_is_missing_on_which_role(tmp_path: Path) -> None:
    report = checked(tree(tmp_path), "terraform")
    (record,) = records(report)["failed"]
    printed = record.to_string(compact=True)
    assert "'ssm:GetParameters'" in printed
    assert "'aws_iam_role.execution'" in printed
    assert "parameter/a" in printed
    assert "parameter/b" in printed
    assert "rules/ECS606/" in printed
    assert record.severity.name == "HIGH"


def test_a_need_that_is_met_passes_and_no_need_gives_no_record(tmp_path: Path) -> None:
    report = checked(tree(tmp_path), "terraform")
    assert [r.resource for r in records(report, "CKV_ECS_502")["passed"]] == [
        "aws_iam_role.execution"
    ]
    assert not any(records(report, "CKV_ECS_702").values())


@pytest.mark.parametrize("framework", ["terraform", "cloudformation"])
def test_a_check_that_has_nothing_to_say_of_a_resource_is_not_run(
    framework: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent: list[tuple[str, object]] = []
    run = adapter._Adapter.run

    def noting(self: adapter._Adapter, **named: Any) -> Any:
        conf = named["entity_configuration"]
        if not adapter._analysis(*adapter._calling_run()).of(self.rule.id, conf):
            silent.append((self.rule.id, conf))
        return run(self, **named)

    monkeypatch.setattr(adapter._Adapter, "run", noting)
    report = checked(SAMPLES / framework / "everything-wrong", framework)
    assert report.failed_checks and not silent


def test_sarif_is_valid_and_carries_the_message(tmp_path: Path) -> None:
    report = checked(tree(tmp_path, service="ec2"), "terraform")
    document = Sarif([report], "checkov").json
    jsonschema.validate(document, SCHEMA, format_checker=jsonschema.FormatChecker())
    messages = [result["message"]["text"] for result in document["runs"][0]["results"]]
    assert any("'ssm:GetParameters'" in message for message in messages)
    assert any("'ec2.amazonaws.com'" in message for message in messages)


def test_checkovs_skip_comments(tmp_path: Path) -> None:
    kinds = records(
        checked(tree(tmp_path, "#checkov:skip=CKV_ECS_606:managed elsewhere"), "terraform")
    )
    assert not kinds["failed"]
    assert [r.check_result["suppress_comment"] for r in kinds["skipped"]] == ["managed elsewhere"]


def test_no_text_of_a_strangers_speaks(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In what is ours: the name of a check, which each of checkov's outputs carries, and the lines
    on standard error."""
    written(tmp_path)
    monkeypatch.chdir(tmp_path)
    report = checked(tmp_path / "code", "terraform")
    told = [record.check_name for record in report.failed_checks]
    assert len(told) > 5
    for name in told:
        harmless(name, "text")
        assert len(name.splitlines()) == 1
    ours = [row for row in capfd.readouterr().err.split("\n") if row.startswith("ecs-preflight")]
    harmless("\n".join(ours), "stderr")


def test_our_own_comments(tmp_path: Path) -> None:
    kinds = records(
        checked(tree(tmp_path, "# ecs-preflight:ignore ECS606 managed elsewhere"), "terraform")
    )
    assert not kinds["failed"]
    assert [r.check_result["suppress_comment"] for r in kinds["skipped"]] == ["managed elsewhere"]
    assert "managed elsewhere" in kinds["skipped"][0].to_string(compact=True)


@pytest.mark.parametrize(
    ("repeat", "addresses"),
    [
        ("for_each = var.unknown", {"aws_ecs_task_definition.app"}),
        (
            'for_each = toset(["x", "y"])',
            {'aws_ecs_task_definition.app["x"]', 'aws_ecs_task_definition.app["y"]'},
        ),
        ("count = 2", {"aws_ecs_task_definition.app[0]", "aws_ecs_task_definition.app[1]"}),
    ],
)
def test_instances_are_met_by_address(tmp_path: Path, repeat: str, addresses: set[str]) -> None:
    tree(tmp_path, repeat=repeat)
    with (tmp_path / "main.tf").open("a") as file:
        file.write('variable "unknown" {}\n')
    assert {r.resource for r in records(checked(tmp_path, "terraform"))["failed"]} == addresses


def test_two_roots_with_the_same_addresses_are_kept_apart(tmp_path: Path) -> None:
    for name, service in (("good", "ecs-tasks"), ("bad", "ec2")):
        (tmp_path / name).mkdir()
        tree(tmp_path / name, service=service)
    report = records(checked(tmp_path, "terraform"), "CKV_ECS_502")
    assert [Path(r.file_abs_path).parent.name for r in report["failed"]] == ["bad"]
    assert [Path(r.file_abs_path).parent.name for r in report["passed"]] == ["good"]


def test_notes_only_where_they_are_selected(tmp_path: Path) -> None:
    tree(tmp_path)
    (tmp_path / "main.tf").write_text(
        (tmp_path / "main.tf").read_text().replace(', user = "1000"', "")
    )

    def notes(**options: Any) -> list[Any]:
        chosen = RunnerFilter(framework=["terraform"], **options)
        report = TerraformRunner().run(str(tmp_path), [str(paths.of("checkov"))], None, chosen)
        return records(report, "CKV_ECS_808")["failed"]

    assert notes() == []
    assert notes(checks=["CKV_ECS_*"]) == []  # as a failed record, a note would fail the build
    assert len(notes(checks=["CKV_ECS_808"])) == 1


def test_what_checkov_has_no_resources_for_is_named_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tree(tmp_path)
    task = {"family": "a", "containerDefinitions": [{"name": "a", "image": "nginx"}]}
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.json").write_text(json.dumps(task))
    checked(tmp_path, "terraform")
    told = [line for line in capfd.readouterr().err.splitlines() if "ecs-preflight" in line]
    assert len(told) == 1
    assert "a.json" in told[0] and "and 1 more; 'ecs-preflight scan' judges them" in told[0]


def test_a_limit_that_was_reached_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "many.tf").write_text('resource "aws_sns_topic" "many" {\n  count = 2000\n}\n')
    tree(tmp_path, repeat="count = length(aws_sns_topic.many)")
    checked(tmp_path, "terraform")
    told = [line for line in capfd.readouterr().err.splitlines() if "ecs-preflight" in line]
    assert any("the number of instances is beyond the scan's limits" in line for line in told)


# -- what goes wrong -------------------------------------------------------------------------------


def test_a_failing_scan_is_one_line_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: Any) -> Any:
        raise KeyError("deep inside")

    monkeypatch.setattr(adapter, "scanned", broken)
    report = checked(tree(tmp_path), "terraform")
    assert {record.check_id for record in report.failed_checks} == {"CKV_ECS_002"}
    assert {record.resource for record in report.failed_checks} >= {"aws_ecs_task_definition.app"}
    assert not [r for r in report.passed_checks if r.check_id.startswith("CKV_ECS")]
    describe = [
        line for line in capfd.readouterr().err.splitlines() if line.startswith("ecs-preflight:")
    ]
    assert len(describe) == 1
    assert "no CKV_ECS check was applied: KeyError" in describe[0]


@pytest.mark.parametrize(
    ("checks", "skipped", "failing"),
    [
        (["CKV_ECS_606"], [], {"CKV_ECS_606"}),
        (["CKV_ECS_606", "CKV_ECS_002"], [], {"CKV_ECS_002"}),
        (["HIGH"], [], {"CKV_ECS_002"}),
        ([], ["CKV_ECS_002"], set()),
    ],
)
def test_what_is_not_judged_fails_whatever_is_selected(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    checks: list[str],
    skipped: list[str],
    failing: set[str],
) -> None:
    def broken(*arguments: Any) -> Any:
        raise KeyError("deep inside")

    monkeypatch.setattr(adapter, "scanned", broken)
    chosen = RunnerFilter(framework=["terraform"], checks=checks, skip_checks=skipped)
    shims = [str(paths.of("checkov"))]
    report = RUNNERS["terraform"]().run(str(tree(tmp_path)), shims, None, chosen)
    ours = {r.check_id for r in report.failed_checks if r.check_id.startswith("CKV_ECS")}
    assert ours == failing


def test_a_rule_that_raises_fails_its_own_check_where_it_alone_is_selected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(rule: Any, stack: Any) -> Any:
        raise ValueError("on purpose")

    broken = next(rule for rule in RULES if rule.id == "ECS502")
    monkeypatch.setitem(broken.__dict__, "check", raising)
    for selected, failing in (("CKV_ECS_502", {"CKV_ECS_502"}), ("CKV_ECS_504", set())):
        chosen = RunnerFilter(framework=["terraform"], checks=[selected])
        shims = [str(paths.of("checkov"))]
        report = RUNNERS["terraform"]().run(str(tree(tmp_path)), shims, None, chosen)
        assert {r.check_id for r in report.failed_checks} == failing


def test_a_rule_that_raises_is_told_and_the_others_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def raising(rule: Any, stack: Any) -> Any:
        raise ValueError("on purpose")

    broken = next(rule for rule in RULES if rule.id == "ECS502")
    monkeypatch.setitem(broken.__dict__, "check", raising)
    report = checked(tree(tmp_path), "terraform")
    assert records(report)["failed"]
    assert {r.check_id for r in report.failed_checks} >= {"CKV_ECS_002", "CKV_ECS_606"}
    assert "CKV_ECS_502" not in {r.check_id for r in report.passed_checks}
    assert "ECS502 failed: ValueError" in capfd.readouterr().err


def test_what_checkov_has_no_resource_for_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    finding = next(o for o in scan([tree(tmp_path)]).outcomes if isinstance(o, Finding))
    analysis = adapter._Analysis([finding], [])
    assert analysis.homeless == [finding]
    assert len(list(adapter._asides(scan([tmp_path / "none"]), analysis, RunnerFilter()))) == 2


def test_files_that_only_we_can_or_cannot_read_crash_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tree(tmp_path)
    (tmp_path / "broken.tf").write_text('resource "x" {')
    checked(tmp_path, "terraform")
    assert "broken.tf" in capfd.readouterr().err


# -- environments ----------------------------------------------------------------------------------

ALONE = ROOT / ".venv-checkov" / "bin" / "checkov"


def run(
    program: Path, folder: Path, checks: Path, framework: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(program),
            "-d",
            str(folder),
            "--framework",
            framework,
            "--external-checks-dir",
            str(checks),
            "--check",
            ",".join(adapter.check_id(rule.id) for rule in RULES),
            "--skip-download",
            "--output",
            "json",
        ],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        cwd=folder,
    )


@pytest.mark.skipif(
    not ALONE.exists(), reason="'make test' sets up an environment with checkov alone"
)
@pytest.mark.parametrize(
    ("framework", "group"),
    [
        ("terraform", "everything-wrong"),
        ("terraform", "modules"),
        ("cloudformation", "everything-wrong"),
    ],
)
def test_with_checkov_alone_and_the_repository_checked_out(framework: str, group: str) -> None:
    folder = SAMPLES / framework / group
    done = run(ALONE, folder, ROOT / "checks", framework)
    assert done.returncode == 1, done.stderr
    assert "ecs-preflight:" not in done.stderr
    results = json.loads(done.stdout)["results"]["failed_checks"]
    here = {
        (
            f"ECS{r['check_id'][8:]}",
            str(Path(r["file_abs_path"]).resolve()),
            r["resource"].split(".", 1)[1]
            if framework == "cloudformation"
            else adapter._bare(r["resource"]),
        )
        for r in results
    }
    assert here == found(folder, framework)


@pytest.mark.skipif(
    not ALONE.exists(), reason="'make test' sets up an environment with checkov alone"
)
def test_a_shim_that_finds_no_engine_says_so_and_fails_each_task(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "checks", tmp_path / "checks")
    (tmp_path / "tree").mkdir()
    done = run(ALONE, tree(tmp_path / "tree"), tmp_path / "checks", "terraform")
    assert done.returncode == 1, "it must not look like health"
    describe = [line for line in done.stderr.splitlines() if line.startswith("ecs-preflight:")]
    assert len(describe) == 1
    assert "no CKV_ECS check is loaded: ModuleNotFoundError" in describe[0]
    (failed,) = json.loads(done.stdout)["results"]["failed_checks"]
    assert failed["check_id"] == "CKV_ECS_002" and "ModuleNotFoundError" in failed["check_name"]


def test_the_command_runs_from_anywhere(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "checkov"
    if not program.exists():
        pytest.skip("checkov's command is not beside this interpreter")
    done = run(program, tree(tmp_path, service="ec2"), paths.of("checkov"), "terraform")
    assert done.returncode == 1
    assert re.search(r"ECS tasks cannot assume 'aws_iam_role.execution'", done.stdout)


def test_modules_that_checkov_follows_outside_are_not_read(tmp_path: Path) -> None:
    """What checkov lists of them fails for not being judged."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "repo").mkdir()
    tree(tmp_path / "secret", service="ec2")
    (tmp_path / "repo" / "main.tf").write_text('module "m" {\n  source = "../secret"\n}\n')
    report = checked(tmp_path / "repo", "terraform")
    assert {record.check_id for record in report.failed_checks} == {"CKV_ECS_002"}
    assert all("lies outside the root" in record.check_name for record in report.failed_checks)
