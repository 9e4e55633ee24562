"""The steps that all units of a scan have together."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecs_preflight.analysis import fund
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.hosts import doctor
from ecs_preflight.symbolic import budget
from ecs_preflight.symbolic.values import Why

#: What takes more steps than a unit has, in 200 characters.
HEAVY = """
provider "aws" {}
locals {
  l = [for a in range(0, 1000) : "k${a}"]
  x = [for a in range(0, 1000) : matchkeys(local.l, local.l, local.l)]
}
resource "aws_ecs_cluster" "c" {
  count = 40
  name  = "${count.index}${jsonencode([for i in range(0, 9) : local.x[i]])}"
}
"""


class Steps:
    """A fund of one budget."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def draw(self, steps: int) -> int:
        drawn = min(steps, self.left)
        self.left -= drawn
        return drawn


def test_a_budget_draws_what_it_is_charged_for() -> None:
    steps = Steps(1_000_000)
    drawing = budget.Budget(500_000, fund=steps)
    assert steps.left == 1_000_000
    drawing.charge(1)
    assert steps.left == 1_000_000 - budget.DRAWN
    drawing.charge(100_000)
    assert 1_000_000 - 100_001 - budget.DRAWN <= steps.left <= 1_000_000 - 100_001
    drawing.grant(10)
    with pytest.raises(budget.OverBudget):
        drawing.charge(400_010)
    assert drawing.is_spent and steps.left >= 500_000 - 10


def test_a_fund_that_is_empty_ends_the_whole_budget_even_in_a_share() -> None:
    drawing = budget.Budget(500_000, fund=Steps(10_000))
    with drawing.share(100_000):
        drawing.charge(9_000)
        for _ in range(2):
            with pytest.raises(budget.OverBudget):
                drawing.charge(5_000)
    assert drawing.is_spent
    with pytest.raises(budget.OverBudget):
        drawing.charge()


def test_a_share_ends_before_the_fund_does() -> None:
    drawing = budget.Budget(500_000, fund=Steps(400_000))
    with drawing.share(10_000), pytest.raises(budget.OverBudget):
        drawing.charge(20_000)
    drawing.charge(300_000)
    assert not drawing.is_spent


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """What the units of a scan take, of a fund that is soon empty."""
    taken: list[int] = []
    monkeypatch.setattr(fund, "COMMON", 300_000)
    monkeypatch.setattr(fund, "OWN", 50_000)

    def noted(self: fund.ScanFund, steps: int) -> int:
        taken.append(draw(self, steps))
        return taken[-1]

    draw = fund.ScanFund.draw
    monkeypatch.setattr(fund.ScanFund, "draw", noted)
    yield taken


def test_many_units_take_no_more_than_the_fund_has(tmp_path: Path, spent: list[int]) -> None:
    """The one that comes last has still its own."""
    for number in range(12):
        (tmp_path / f"a{number}").mkdir()
        (tmp_path / f"a{number}" / "main.tf").write_text(HEAVY)
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "main.tf").write_text(doctor.TERRAFORM.read_text())
    report = scan([tmp_path], Options(root=tmp_path, jobs=1))
    assert not report.faults
    size = 12 * len(HEAVY) + doctor.TERRAFORM.stat().st_size
    own = fund.OWN + fund.OWN_PER_CHARACTER * size
    assert sum(spent) <= fund.COMMON + fund.PER_CHARACTER * size + own
    assert [finding.rule for finding in report.active] == [doctor.RULE]
    assert budget.Limit.STEPS.exceeded in {why.reason for why in report.beyond_limits}


def test_processes_draw_on_one_fund(tmp_path: Path) -> None:
    """What another process has drawn is gone here."""
    (tmp_path / "main.tf").write_text(HEAVY)

    class Unit:
        name, files = "main.tf", (str(tmp_path / "main.tf"),)

    shared = fund.ScanFund([Unit(), Unit()])  # type: ignore[list-item]
    child = os.fork()
    if not child:
        with shared.of(0):
            shared.draw(1 << 40)
        os._exit(0)
    os.waitpid(child, 0)
    assert shared.is_spent
    with shared.of(1):
        own = fund.OWN // 2 + fund.OWN_PER_CHARACTER * len(HEAVY) // 2
        assert 0 < shared.draw(1 << 40) <= own


STATE = 'bucket = "b"\n    key    = "k"\n    region = "eu-west-1"\n'
KEEPS = f'terraform {{\n  backend "s3" {{\n    {STATE}  }}\n}}\n'
READS = f"""
data "terraform_remote_state" "other" {{
  backend = "s3"
  config = {{
    {STATE}  }}
}}
"""
GIVES = 'output "name" {\n  value = %s\n}\n'
TAKES = """
resource "aws_ecs_cluster" "taken" {
  name = data.terraform_remote_state.other.outputs.name
}
"""
#: Of many values that are read, each costs less than an expression may.
MANY = f"""
locals {{
  x = join("", [{", ".join(f"local.m{i}" for i in range(300))}])
{"".join(f'  m{i} = join("", [for a in range(0, 1000) : "k${{a}}"])' + chr(10) for i in range(300))}
}}
"""


IMPORTS = doctor.TEMPLATE.read_text().replace("Family: app", "Family: !ImportValue Name")
EXPORTS = """
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
    Properties: {ClusterName: !ImportValue Other}
Outputs:
  O:
    Value: %s
    Export: {Name: %s}
  P:
    Value: !GetAtt Cluster.Arn
    Export: {Name: Unread}
"""
JOINED = f"!Join ['', [{', '.join(['!Join [&quot;&quot;, !Cidr [10.0.0.0/8, 256, 8]]'] * 400)}]]".replace(
    "&quot;", "'"
)


def drawn_by_the_first(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> int:
    """What the first unit of the files draws, of which the doctor's patient is one."""
    drawn: Counter[int] = Counter()
    draw = fund.ScanFund.draw

    def noted(self: fund.ScanFund, steps: int) -> int:
        drawn[self._at] += steps
        return draw(self, steps)

    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    with monkeypatch.context() as patched:
        patched.setattr(fund.ScanFund, "draw", noted)
        report = scan([folder], Options(root=folder, jobs=1))
    assert not report.faults and doctor.RULE in {f.rule for f in report.active}
    return drawn[0]


@pytest.mark.parametrize(
    ("honest", "hostile"),
    [
        (
            KEEPS + GIVES % '"app"',
            READS + MANY + TAKES.replace("data.", "local.x == 1 ? 1 : data."),
        ),
        (READS + TAKES, KEEPS + MANY + GIVES % "local.x"),
    ],
    ids=["who is read", "who reads"],
)
def test_what_others_read_takes_the_steps_of_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, honest: str, hostile: str
) -> None:
    """The honest root draws no more for a hostile one that reads it, or that it reads."""

    def beside(other: str, name: str) -> int:
        files = {"a/main.tf": honest + doctor.TERRAFORM.read_text(), "b/main.tf": other}
        return drawn_by_the_first(tmp_path / name, monkeypatch, files)

    light = hostile.replace(MANY, "locals {\n  x = 1\n}\n")
    assert beside(hostile, "hostile") <= beside(light, "light")


@pytest.mark.parametrize(
    ("value", "name"), [(JOINED, "Name"), ("x", JOINED)], ids=["a value", "a name"]
)
def test_what_a_template_exports_takes_the_steps_of_no_importer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, name: str
) -> None:
    def beside(other: str, name: str) -> int:
        return drawn_by_the_first(
            tmp_path / name, monkeypatch, {"a/t.yaml": IMPORTS, "b/t.yaml": other}
        )

    assert beside(EXPORTS % (value, name), "hostile") <= beside(EXPORTS % ("x", "Name"), "light")


def test_what_a_reader_adds_that_is_cut_off_is_not_known(tmp_path: Path) -> None:
    """It may be what a role lacks that it is told of."""
    lacking = (
        doctor.TERRAFORM.read_text()
        .replace("ec2.amazonaws.com", "ecs-tasks.amazonaws.com")
        .replace("memory = 128", 'memory = 128, secrets = [{ name = "S", valueFrom = "/s" }]')
    )
    honest = KEEPS + lacking + GIVES % "aws_iam_role.execution.name"
    for reader, found in ((MANY, []), ("locals {\n  x = 1\n}\n", ["ECS606"])):
        folder = tmp_path / str(len(reader))
        for name, text in (("a", honest), ("b", READS + reader + TAKES + GIVES % "local.x")):
            (folder / name).mkdir(parents=True)
            (folder / name / "main.tf").write_text(text)
        report = scan([folder], Options(root=folder, jobs=1))
        assert [finding.rule for finding in report.active] == found


#: What a file of Terragrunt may say, of fifty others that say the same.
WEBS = {
    "each other": """
      locals {{
        x = read_terragrunt_config("../u{0}/terragrunt.hcl")
        y = [local.x, read_terragrunt_config("../u{1}/terragrunt.hcl"), local.x]
      }}
      inputs = {{ x = jsonencode(local.y) }}""",
    "includes": """
      include "a" {{ path = "../u{0}/terragrunt.hcl" }}
      include "b" {{ path = "../u{1}/terragrunt.hcl" }}
      inputs = {{ x = "{2}" }}""",
    "loops": """
      locals {{
        l = [for a in range(0, 1000) : "k${{a}}"]
        x = [for a in range(0, 1000) : matchkeys(local.l, local.l, local.l)]
      }}
      inputs = {{ x = jsonencode(flatten([local.x, local.x, local.x, "{2}"])) }}""",
    "generated": """
      generate "a" {{
        path     = "a.tf"
        contents = join("\\n", [for a in range(0, 1000) : "locals {{ a${{a}} = \\"{2} and more\\" }}"])
      }}""",
}


@pytest.mark.parametrize("kind", WEBS)
def test_what_is_computed_to_find_units_is_bounded_for_all_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    source = 'terraform {\n  source = "../%s"\n}\n'
    cluster = 'resource "aws_ecs_cluster" "c" { name = var.x }\n'
    for module, text in {"m": cluster, "w": doctor.TERRAFORM.read_text()}.items():
        (tmp_path / module).mkdir()
        (tmp_path / module / "main.tf").write_text(f'variable "x" {{}}\n{text}')
    units = {
        f"u{i}": source % "m" + WEBS[kind].format((i + 9) % 50, (i * 2) % 50, i) for i in range(50)
    }
    units["well"] = source % "w" + 'inputs = { x = "w" }'
    for name, text in units.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "terragrunt.hcl").write_text(text)
    drawn: Counter[str] = Counter()
    draw = fund.FindingFund.draw_for_reading

    def counted(self: fund.FindingFund, unit: str, steps: int) -> int:
        found = draw(self, unit, steps)
        drawn[unit] += found
        return found

    monkeypatch.setattr(fund.FindingFund, "draw_for_reading", counted)
    report = scan([tmp_path], Options(root=tmp_path, jobs=1, supervised=False))
    size = sum(map(len, units.values()))
    assert 0 < sum(drawn.values()) <= fund.COMMON + fund.OWN + fund.PER_CHARACTER * size
    told = {gap.span.file for gap in report.gaps if gap.why is Why.LIMIT}
    assert told and not any("well" in file for file in told)
    assert [finding.rule for finding in report.active] == [doctor.RULE]
    assert not report.faults
