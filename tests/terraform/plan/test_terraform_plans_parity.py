"""A plan made of a sample and the sample's own source give the same findings."""

from __future__ import annotations

import json
from pathlib import Path

import planning
import pytest
from sampling import Sample, samples

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.analysis.scan import Report, scan_unit
from ecs_preflight.symbolic.depth import deeply
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.source import Boundary
from ecs_preflight.terraform import find
from ecs_preflight.terraform.configuration.unit import RootModule
from ecs_preflight.terraform.plan.plan import Plan, read
from ecs_preflight.terraform.plan.plan_unit import PlanUnit

#: What an empty default stands for, "not given", a plan knows as what is deployed.
NOT_GIVEN = {
    "terraform/silent/statements-of-empty-inputs",
    "terraform/ECS629-statement-grants-nothing/good-secrets-not-given",
    "terraform/ECS807-fargate-refuses-setting/good-log-options-not-given",
}
SAMPLES = [s for s in samples() if s.language == "terraform" and str(s) not in NOT_GIVEN]


def roots(sample: Sample) -> list[RootModule]:
    """The sample's stacks, with their defaults, as somebody would plan them."""
    trees = discover([sample.path], root=sample.path).trees
    units = [unit for tree in trees for unit in find(tree, Inputs()).units]
    return [
        replace(unit, reusable=False)
        for unit in units
        if isinstance(unit, RootModule) and not unit.module.broken
    ]


def plan_of(unit: RootModule, folder: Path) -> Plan | None:
    """The unit's plan; None when Terraform would ask for a value, or for a module."""
    try:
        content = deeply(lambda: planning.planned(unit))
    except planning.NotPlannable:
        return None
    (folder / "plan.json").write_text(json.dumps(content))
    plan = read(folder / "plan.json", Boundary(folder))
    assert plan is not None
    return plan


def told(report: Report) -> set[tuple[str, str, str, int]]:
    """The findings of the default world."""
    assert not report.faults
    return {
        (finding.rule, finding.owner.address, finding.span.file, finding.span.line)
        for finding in report.findings
        if finding.when is None
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_plan_beside_its_source_tells_the_same(sample: Sample, tmp_path: Path) -> None:
    plans = [(unit, plan) for unit in roots(sample) if (plan := plan_of(unit, tmp_path))]
    if not plans:
        pytest.skip("nothing in it can be planned")
    for unit, plan in plans:
        source = told(scan_unit(unit))
        assert told(scan_unit(PlanUnit(plan, unit))) == source
        alone = {rule for rule, *_ in told(scan_unit(PlanUnit(plan)))}
        assert alone <= {rule for rule, *_ in source}, "a plan alone may know less, never more"
