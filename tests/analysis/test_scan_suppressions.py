"""What silences a finding, in all forms, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from toys import TOY, front_end, thing, toy_finding, unit

from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.analysis.suppressions import names
from ecs_preflight.findings.finding import Severity, Suppression
from ecs_preflight.model import ModuleCall
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.source import Span

Silencer = Callable[..., Suppression | None]


@pytest.fixture
def silencer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Silencer:
    """What silences the finding of a thing that stands in lines 3 to 6 of a file, on its line 5."""
    monkeypatch.chdir(tmp_path)

    def find(
        code: str, name: str = "main.tf", address: str = "aws_thing.a", target: Span | None = None
    ) -> Suppression | None:
        (tmp_path / name).write_text(code)
        item = thing(
            address, file=name, line=3, end_line=6, target=target or Span(name, 5, 3, 5, 8)
        )
        (finding,) = scan(["."], rules=[TOY], front_ends=[front_end(unit(item))]).findings
        return finding.suppressed

    return find


BLOCK = ["# 1", "# 2", 'resource "aws_thing" "a" {', "  name = 1", "  lid = 2", "}", "# 7"]


def with_comment(line: int, comment: str) -> str:
    lines = list(BLOCK)
    lines[line - 1] += f" {comment}"
    return "\n".join(lines)


@pytest.mark.parametrize("line", [2, 3, 4, 5, 6])
@pytest.mark.parametrize(
    "comment",
    [
        "# ecs-preflight:ignore ECS605 known",
        "// ecs-preflight:ignore ECS605: known",
        "/* ecs-preflight:ignore ECS605 known */",
        "# ecs-preflight:ignore ECS601, ECS605 known",
        "# TODO ecs-preflight:ignore CKV_ECS_605 known",
    ],
)
def test_a_comment_of_ours(silencer: Silencer, line: int, comment: str) -> None:
    found = silencer(with_comment(line, comment))
    assert found is not None
    assert (found.by, found.reason) == ("comment", "known")
    assert found.span is not None
    assert found.span.line == line


@pytest.mark.parametrize(
    "code",
    [
        with_comment(1, "# ecs-preflight:ignore ECS605"),
        with_comment(7, "# ecs-preflight:ignore ECS605"),
        with_comment(5, "# ecs-preflight:ignore ECS601"),
        with_comment(5, "# ecs-preflight:ignore ECS6051"),
        with_comment(5, "# ecs-preflight:ignore"),
        with_comment(5, "# ignore ECS605"),
        with_comment(5, '= "ecs-preflight:ignore ECS605"'),
    ],
)
def test_what_is_no_comment_on_the_finding(silencer: Silencer, code: str) -> None:
    assert silencer(code) is None


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("#checkov:skip=CKV_ECS_605:known", "known"),
        ("# bridgecrew:skip=CKV_ECS_605: known", "known"),
        ("#checkov:skip=CKV_AWS_1,CKV_ECS_605:known", "known"),
        ("#checkov:skip=CKV_ECS_605", ""),
        ("#checkov:skip", ""),
    ],
)
def test_a_skip_of_checkovs(silencer: Silencer, comment: str, reason: str) -> None:
    comment = comment if "=" in comment else comment + "="
    found = silencer(with_comment(4, comment))
    assert found is not None
    assert (found.by, found.reason) == ("checkov", reason)


def test_a_skip_of_checkovs_counts_inside_the_block_only(silencer: Silencer) -> None:
    assert silencer(with_comment(2, "#checkov:skip=CKV_ECS_605:known")) is None
    assert silencer(with_comment(4, "#checkov:skip=CKV_AWS_97:known")) is None


def test_a_comment_where_the_finding_stands_in_another_file(
    silencer: Silencer, tmp_path: Path
) -> None:
    (tmp_path / "roles.tf").write_text("a\n# ecs-preflight:ignore ECS605 shared\nb\nc\n")
    found = silencer("\n".join(BLOCK), target=Span("roles.tf", 3, 1, 3, 2))
    assert found is not None
    assert str(found.span) == "roles.tf:2:1"
    assert silencer("\n".join(BLOCK), target=Span("roles.tf", 4, 1, 4, 2)) is None


TEMPLATE = """\
Metadata: {top}
Resources:
  Thing:
    Type: AWS::Some::Thing
    Metadata: {own}
    Properties: {{Lid: !Ref Box}}
  Other:
    Type: AWS::Some::Thing
    Metadata: {other}
"""


def template(top: str = "{}", own: str = "{}", other: str = "{}") -> str:
    return TEMPLATE.format(top=top, own=own, other=other)


OURS = "{ecs-preflight: {ignore: [{id: ECS605, reason: known}]}}"
CHECKOVS = "{checkov: {skip: [{id: CKV_ECS_605, comment: known}]}}"
CFN_LINTS = "{cfn-lint: {config: {ignore_checks: [E1, E9605]}}}"


@pytest.mark.parametrize(
    ("metadata", "by", "reason"),
    [
        (OURS, "comment", "known"),
        (CHECKOVS, "checkov", "known"),
        (CFN_LINTS, "cfn-lint", ""),
        ("{ecs-preflight: {ignore: [ECS605]}}", "comment", ""),
    ],
)
def test_metadata_of_the_resource_or_the_template(
    silencer: Silencer, metadata: str, by: str, reason: str
) -> None:
    for code in (template(own=metadata), template(top=metadata)):
        found = silencer(code, "t.yaml", "Thing")
        assert found is not None
        assert (found.by, found.reason) == (by, reason)
    assert silencer(template(other=metadata), "t.yaml", "Thing") is None
    assert silencer(template(own=metadata), "t.yaml", "Nested.Thing") is not None


def test_cfn_lints_prefixes_count_for_the_whole_template_only(silencer: Silencer) -> None:
    prefix = "{cfn-lint: {config: {ignore_checks: [E96]}}}"
    assert silencer(template(top=prefix), "t.yaml", "Thing") is not None
    assert silencer(template(own=prefix), "t.yaml", "Thing") is None


def test_metadata_in_json(silencer: Silencer) -> None:
    code = '{"Metadata": {"cfn-lint": {"config": {"ignore_checks": ["W9605"]}}}, "Resources": {}}'
    assert silencer(code, "t.json", "Thing") is not None


@pytest.mark.parametrize(
    "code",
    [
        "Metadata: [checkov",
        "- Metadata: checkov",
        "Metadata: checkov",
        "Metadata: {checkov: {skip: CKV_ECS_605}}",
        "Metadata: {checkov: {skip: [[], 1, null]}}",
        "a: &a [*a, checkov, Metadata]",
        "Metadata: {checkov: " + "[" * 3000,
    ],
)
def test_metadata_of_any_shape_is_survived(silencer: Silencer, code: str) -> None:
    assert silencer(code, "t.yaml", "Thing") is None


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("ECS605", True),
        ("CKV_ECS_605", True),
        ("E9605", True),
        ("W9605", True),
        ("I9605", True),
        (" ECS605 ", True),
        ("ECS606", False),
        ("CKV_AWS_605", False),
        ("E0605", False),
        ("605", False),
        ("", False),
    ],
)
def test_ids_in_any_notation(written: str, named: bool) -> None:
    assert names(written, "ECS605") is named


@pytest.mark.parametrize(
    ("written", "rule", "named"),
    [
        ("CKV_AWS_249", "ECS624", True),
        ("CKV_AWS_97", "ECS804", True),
        ("CKV_AWS_274", "ECS626", True),
        ("CKV_AWS_249", "ECS804", False),
        ("CKV_AWS_2", "ECS624", False),
        ("CKV_AWS_336", "ECS703", False),
    ],
)
def test_checks_of_checkovs_own_that_mean_the_same(written: str, rule: str, named: bool) -> None:
    assert names(written, rule) is named


def test_silenced_for_one_caller_is_loud_for_the_other() -> None:
    calls = [ModuleCall(f"module.{name}", Span("main.tf", 1)) for name in "ab"]
    loud, silent = (
        replace(
            toy_finding(TOY, thing(f"{call.address}.x"), Span("m.tf", 4), Severity.ERROR),
            callers=(call,),
        )
        for call in calls
    )
    silent = replace(silent, suppressed=Suppression("comment", "known"))
    (finding,) = Report((silent, loud)).findings
    assert finding.suppressed is None
    assert finding.callers == (calls[0],)
    (finding,) = Report((silent, replace(loud, suppressed=silent.suppressed))).findings
    assert finding.suppressed is not None


SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SHELL = "ECS712-exec-caller-scope/bad-among-others"


@pytest.mark.parametrize(
    ("sample", "head"),
    [(f"terraform/{SHELL}/main.tf", "actions = ["), (f"cloudformation/{SHELL}.yaml", "Action:")],
)
def test_a_comment_at_the_list_speaks_of_what_is_listed(
    sample: str, head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = (SAMPLES / sample).read_text().splitlines()
    at = max(number for number, line in enumerate(code) if line.strip() == head)
    code[at] += " # ecs-preflight:ignore ECS712 the support team's own"
    Path(Path(sample).name).write_text("\n".join(code))
    silenced = {f.rule: f.suppressed and f.suppressed.reason for f in scan(["."]).findings}
    assert silenced == {"ECS712": "the support team's own", "ECS626": None}
