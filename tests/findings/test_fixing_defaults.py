"""Values that an input brings are mended where they are written: its default, or a variable file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import Mended, mend
from ecs_preflight.analysis.scan import Options
from ecs_preflight.findings.finding import Applicability

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
WRITTEN = '"awslogs-region"        = "us-east-1" # expect: ECS615'


def _mended(path: Path) -> Mended:
    made = mend([str(path)], Options(), unsafe=True)
    safely = mend([str(path)], Options(), unsafe=False)
    assert safely.changes == ()
    return made


def _terraform(folder: Path, variable: str) -> Path:
    """The sample with the Region in a variable."""
    copy = folder / "stack"
    shutil.copytree(SAMPLES / "terraform" / "ECS615-log-region-differs" / "bad", copy)
    main = (copy / "main.tf").read_text()
    (copy / "main.tf").write_text(main.replace(WRITTEN, '"awslogs-region" = var.log_region'))
    (copy / "region.tf").write_text(variable)
    return copy


def test_the_default_of_a_variable_is_mended(tmp_path: Path) -> None:
    variable = 'variable "log_region" {\n  default = "us-east-1"\n}\n'
    made = _mended(_terraform(tmp_path, variable))
    assert [finding.rule for finding in made.fixed] == ["ECS615"]
    (change,) = made.changes
    assert change.after == variable.replace("us-east-1", "eu-west-1")
    (finding,) = made.fixed
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE


def test_the_line_of_a_variable_file_is_mended(tmp_path: Path) -> None:
    copy = _terraform(tmp_path, 'variable "log_region" {\n  default = "eu-west-1"\n}\n')
    (copy / "terraform.tfvars").write_text('log_region = "us-east-1"\n')
    (change,) = mend([str(copy)], Options(), unsafe=True).changes
    assert change.after == 'log_region = "eu-west-1"\n'


def test_an_input_that_takes_certain_values_stays(tmp_path: Path) -> None:
    limit = '  validation {\n    condition = var.log_region == "us-east-1"\n    error_message = "."\n  }\n'
    variable = f'variable "log_region" {{\n  default = "us-east-1"\n{limit}}}\n'
    assert _mended(_terraform(tmp_path, variable)).changes == ()


@pytest.mark.parametrize("limit", ["", "    AllowedPattern: ec2.*\n"])
def test_the_default_of_a_parameter_is_mended(tmp_path: Path, limit: str) -> None:
    text = (SAMPLES / "cloudformation/ECS502-execution-role-not-assumable/bad.yaml").read_text()
    parameter = f"  Trusted:\n    Type: String\n{limit}    Default: ec2.amazonaws.com\n"
    text = text.replace("Resources:\n", f"Parameters:\n{parameter}\nResources:\n", 1)
    text = text.replace("ec2.amazonaws.com # expect: ECS502", "!Ref Trusted")
    path = tmp_path / "checkout.yaml"
    path.write_text(text)
    made = _mended(path)
    old = "!Ref Trusted" if limit else "ec2.amazonaws.com"
    (change,) = made.changes
    assert change.after == text.replace(old, "ecs-tasks.amazonaws.com")
