"""From paths to a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from toys import TOY, ToyUnit, front_end, stack, thing, unit, write

from ecs_preflight.adapters.units import Found, Inputs, Tree
from ecs_preflight.analysis.scan import Options, Report, Stats, scan
from ecs_preflight.findings.finding import Severity
from ecs_preflight.model import ModuleCall, Stack
from ecs_preflight.report.as_json import document
from ecs_preflight.report.coverage import coverage, total
from ecs_preflight.report.terminal import plain
from ecs_preflight.report.text import render
from ecs_preflight.symbolic.source import Span, Unreadable
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Unknown, Why
from ecs_preflight.symbolic.worlds import PathCondition


@pytest.fixture(autouse=True)
def _in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, main="x\n" * 20)


def scanned(*units: ToyUnit, options: Options = Options(), **fields: object) -> Report:
    return scan(["."], options, rules=[TOY], front_ends=[front_end(*units, **fields)])


def test_findings_come_in_the_order_of_the_code() -> None:
    report = scanned(unit(thing("b", line=9)), unit(thing("a", line=3), thing("c", line=3)))
    assert [f.owner.address for f in report.findings] == ["a", "c", "b"]


def test_environments_that_share_a_module_give_one_finding_with_its_callers() -> None:
    def environment(name: str, verdict: str) -> ToyUnit:
        call = ModuleCall("module.app", Span(f"{name}/main.tf", 2, 1, 4, 2))
        item = thing("module.app.aws_thing.a", verdict, subject="module.app.aws_secret.s")
        return ToyUnit(lambda path_condition: stack(item, calls=(call,), name=name), name=name)

    def two_calls(path_condition: PathCondition) -> Stack:
        calls = tuple(ModuleCall(f'module.app["{key}"]', Span("both/main.tf", 2)) for key in "xy")
        return stack(
            *(
                thing(f"{call.address}.aws_thing.a", subject=f"{call.address}.aws_secret.s")
                for call in calls
            ),
            calls=calls,
        )

    report = scanned(
        environment("dev", "warning"),
        environment("prod", "found"),
        environment("ok", "met"),
        ToyUnit(two_calls),
    )
    (finding,) = report.findings
    assert finding.severity is Severity.ERROR
    assert [call.span.file for call in finding.callers] == [
        "prod/main.tf",
        "both/main.tf",
        "both/main.tf",
    ]  # in dev it is a warning
    assert len([o for o in report.outcomes if o.rule == "ECS605"]) == 5


def test_instances_and_neighbours_are_not_the_same_fault() -> None:
    report = scanned(
        unit(thing('aws_thing.a["x"]'), thing('aws_thing.a["y"]'), thing("a", subject="other"))
    )
    assert len(report.findings) == 3


def test_an_error_of_ours_in_one_unit_leaves_the_others(tmp_path: Path) -> None:
    def explode(path_condition: PathCondition) -> Stack:
        raise ZeroDivisionError("deep inside")

    def broken_front_end(tree: Tree, inputs: Inputs) -> Found:
        raise RecursionError("too deep")

    report = scan(
        ["."],
        rules=[TOY],
        front_ends=[broken_front_end, front_end(ToyUnit(explode, name="bad"), unit(thing()))],
    )
    assert [finding.rule for finding in report.findings].count("ECS605") == 1
    assert [str(fault).split(" at ")[0] for fault in report.faults] == [
        f"{tmp_path}: RecursionError",
        "bad: ZeroDivisionError",
    ]


def test_files_that_cannot_be_read_are_findings() -> None:
    errors = (
        Unreadable("main.tf", "expected '}'", Span("main.tf", 7, 2, 7, 3)),
        Unreadable("b.tf", "is a binary file"),
    )
    Path("b.tf").write_bytes(b"\0")
    named = front_end(unreadable=errors)
    report = scan(["main.tf", "b.tf"], rules=[TOY], front_ends=[named])
    assert [(f.rule, str(f.span), f.message) for f in report.findings] == [
        ("ECS001", "b.tf:1:1", "'b.tf' is a binary file."),
        ("ECS001", "main.tf:7:2", "'main.tf' cannot be read: expected '}'."),
    ]
    assert report.stats.unmet == 0


def test_notes_are_off_unless_asked_for() -> None:
    note = unit(thing(verdict="note"))
    assert scanned(note).findings == ()
    assert len(scanned(note, options=Options(notes=True)).findings) == 1
    assert len(scanned(note, options=Options(select=("ECS6",))).findings) == 1
    assert scanned(note, options=Options(select=("ECS7",))).findings == ()
    assert scanned(unit(thing()), options=Options(ignore=("ECS605",))).findings == ()


@pytest.mark.parametrize("options", [Options(ignore=("ECS001",)), Options(select=("ECS605",))])
def test_unreadable_files_can_be_ignored_and_are_counted_and_named(options: Options) -> None:
    error = Unreadable("main.tf", "is a binary file")
    front = [front_end(unreadable=(error,))]
    report = scan(["main.tf"], options, rules=[TOY], front_ends=front)
    assert report.findings == ()
    assert report.is_blind
    assert document(report)["unread"][0]["file"] == "main.tf"
    assert coverage(report).endswith("; not read: 1 file that cannot be read")


def test_unreadable_files_that_nothing_needs_are_counted_and_named() -> None:
    report = scanned(unit(thing()), unreadable=(Unreadable("b.yaml", "is a binary file"),))
    assert [finding.rule for finding in report.findings] == ["ECS605"]
    assert [gap.reason for gap in report.gaps] == ["'b.yaml' is not read at all: is a binary file"]
    assert coverage(report).endswith("; not read: 1 file that cannot be read")
    assert "b.yaml" in plain(render(report, show_undecided=True))
    assert document(report)["unread"][0]["file"] == "b.yaml"


@pytest.mark.parametrize(
    ("text", "found"),
    [('resource "aws_ecs_service" "x" {', True), ('resource "aws_vpc" "x" {', False)],
)
def test_an_unreadable_file_that_speaks_of_ecs_is_a_finding(text: str, found: bool) -> None:
    Path("b.tf").write_text(text)
    report = scanned(unreadable=(Unreadable("b.tf", "expected '}'"),))
    assert [finding.rule for finding in report.findings] == (["ECS001"] if found else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% if with_api %}\n", []),
        ('resource "aws_ecs_service" "api" {\n  desired_count = {{ count }}\n}\n', []),
        ("<% if api %>\n", []),
        ('resource "aws_ecs_service" "api" {\n  desired_count = ${COUNT}\n}\n', []),
        ('data "aws_ecs_service" "${SERVICE}-api" {\n}\n', []),
        ('resource "aws_ecs_service" "api" {\n  name = "${var.name}" = 1\n}\n', ["ECS001"]),
        ('resource "aws_ecs_service" "{{ name }}" {\n  count = = 1\n}\n', ["ECS001"]),
    ],
)
def test_what_a_template_engine_fills_in_is_no_configuration_yet(
    tmp_path: Path, text: str, found: list[str]
) -> None:
    engine, cluster = tmp_path / "api.tf", tmp_path / "main.tf"
    engine.write_text(f'{text}resource "aws_ecs_service" "x" {{}}\n')
    cluster.write_text('provider "aws" {}\nresource "aws_ecs_cluster" "x" { name = "x" }\n')
    report = scan([tmp_path])
    assert [finding.rule for finding in report.findings] == found
    assert ["api.tf" in gap.reason for gap in report.gaps] == [True]
    assert [finding.rule for finding in scan([engine]).findings] == ["ECS001"]


def test_a_shells_mark_is_no_fault_of_yaml(tmp_path: Path) -> None:
    broken = "      ValueFrom: !Sub ${Secret}:password::\n      - x: {\n"
    template = tmp_path / "stack.yaml"
    template.write_text(f"Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n{broken}")
    assert [finding.rule for finding in scan([tmp_path]).findings] == ["ECS001"]


def test_the_source_of_a_template_is_counted_and_named_wherever_the_mark_stands(
    tmp_path: Path,
) -> None:
    engine = tmp_path / "stack.yaml"
    engine.write_text(
        "Resources:\n  A:\n    Type: AWS::ECS::Service\n{{- range .Things}}\n  {{.}}: {{{ [\n"
    )
    report = scan([tmp_path])
    assert report.findings == ()
    assert any("stack.yaml' is not read" in gap.reason for gap in report.gaps)
    assert report.is_blind
    assert [finding.rule for finding in scan([engine]).findings] == ["ECS001"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.tf", b'resource "aws_ecs_cluster" "x" { name = ' + b"[" * 101 + b"]" * 101 + b" }"),
        (
            "main.tf",
            b'resource "aws_ecs_cluster" "x" { name = ' + b'"${' * 101 + b'}"' * 101 + b"}",
        ),
        ("main.tf", b'resource "aws_ecs_cluster" "x" { count = ' + b"9" * 5000 + b" }"),
        ("main.tf", b'resource "aws_ecs_cluster" "x" { name = a' + b".a" * 101 + b" }"),
        ("main.tf", b'resource "aws_ecs_cluster" "x" { name = 1' + b"+1" * 101 + b" }"),
        ("a.yaml", b"Resources:\n A: {Type: AWS::ECS::Cluster}\n B: " + b"[" * 101 + b"]" * 101),
        ("a.json", b'{"Resources": {"A": {"Type": "AWS::ECS::Cluster"}, "B": ' + b"[" * 101),
    ],
)
def test_no_mark_of_a_template_hides_what_only_our_limits_refuse(
    tmp_path: Path, name: str, text: bytes
) -> None:
    comment = b"" if name.endswith(".json") else b" # {{ x }}\n"
    (tmp_path / name).write_bytes(text + comment)
    (told,) = scan([tmp_path]).findings
    assert told.rule == "ECS001"
    assert "beyond the scan's limits" in told.message


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-32"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.tf", 'resource "aws_ecs_cluster" "x" {\n  name = "x"\n}\n# {{ café }}\n'),
        ("a.json", '{"Resources": {"A": {"Type": "AWS::ECS::Cluster"}, "B": "café"}}'),
    ],
)
def test_what_speaks_of_ecs_in_another_encoding_is_a_finding(
    tmp_path: Path, name: str, text: str, encoding: str
) -> None:
    (tmp_path / name).write_bytes(text.encode(encoding))
    assert [finding.rule for finding in scan([tmp_path]).findings] == ["ECS001"]


def test_missing_paths_are_told() -> None:
    report = scan(["nowhere", "main.tf"], rules=[TOY], front_ends=[front_end(unit(thing()))])
    assert [error.path for error in report.missing] == ["nowhere"]
    assert len(report.findings) == 1


def test_counts() -> None:
    report = scanned(
        unit(thing("a"), thing("b", "warning"), thing("c", "met"), thing("d", "undecided"))
    )
    assert report.stats == Stats(files=1, stacks=1, needs=3, met=1, unmet=1, undecided=1)
    assert total(report) == "1 error and 1 warning in 1 file (1 stack, 0 task definitions)"


def test_the_coverage_says_why_something_is_undecided() -> None:
    module = Unknown("module 'x' is not downloaded", Name("module.x"), Why.MODULE)
    gaps = (module, Unknown("module 'y' is not downloaded", Name("module.y"), Why.MODULE))

    def build(path_condition: PathCondition) -> Stack:
        return stack(thing("a", "undecided"), thing("b", "met"), unread=gaps)

    line = coverage(scanned(ToyUnit(build)))
    assert line == (
        "2 needs: 1 met, 0 unmet, 1 undecided (1 value known only after deployment); "
        "not read: 2 modules not downloaded: run terraform get"
    )


def test_no_things_no_words() -> None:
    report = scanned()
    assert coverage(report) == "0 needs: 0 met, 0 unmet, 0 undecided"
    assert total(report) == "No findings in 1 file (0 stacks, 0 task definitions)"


def test_progress_is_told_each_unit() -> None:
    told: list[str] = []
    scan(["."], rules=[TOY], front_ends=[front_end(unit(thing()))], progress=told.append)
    assert told == ["infra", ""]


def test_processes_find_the_same_and_survive_the_same(tmp_path: Path) -> None:
    def explode(path_condition: PathCondition) -> Stack:
        raise ZeroDivisionError("deep inside")

    units = [ToyUnit(explode, name="bad"), *(unit(thing(f"a{i}", line=i)) for i in range(1, 12))]
    alone, together = scanned(*units), scanned(*units, options=Options(jobs=3))
    assert together.findings == alone.findings
    assert together.stats == alone.stats
    assert together.faults == alone.faults
    assert len(together.faults) == 1


def test_a_need_whose_name_a_world_completes_is_one_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(
        """
variable "env" {}
resource "aws_iam_role" "execution" {
  name               = "execution"
  assume_role_policy = "{}"
}
resource "aws_secretsmanager_secret" "db" {
  name = "${var.env}/db"
}
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.execution.arn
  cpu                = var.env == "prod" ? 1024 : 256
  container_definitions = jsonencode([{
    name    = "app", image = "nginx"
    secrets = [{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }]
  }])
}
"""
    )
    report = scan(["."], Options(select=("ECS605",)))
    assert [finding.when for finding in report.findings] == [None]
    assert report.stats.needs == 1
