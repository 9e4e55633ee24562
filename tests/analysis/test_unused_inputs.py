"""Files of inputs with which nothing is judged are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.left_out import Exclusion
from ecs_preflight.analysis.scan import Options, scan

MAIN = 'provider "aws" {}\nvariable "env" {}\nresource "aws_ecs_cluster" "c" {}\n'
TEMPLATE = "Resources:\n  Cluster:\n    Type: AWS::ECS::Cluster\n"
LISTED = '[{"ParameterKey": "Env", "ParameterValue": "prod"}]'


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"main.tf": MAIN, "envs/prod.tfvars": 'env = "prod"\n'}, []),
        ({"main.tf": MAIN, "envs/prod.tfvars": 'other = "prod"\n'}, ["envs/prod.tfvars"]),
        ({"main.tf": MAIN, "docs/prod.tfvars": 'env = "prod"\n'}, ["docs/prod.tfvars"]),
        ({"main.tf": MAIN, "sample.tfvars.json": '{"env": "dev"}'}, ["sample.tfvars.json"]),
        ({"main.tf": MAIN, "terraform.tfvars": 'env = "prod"\n'}, []),
        ({"main.tf": MAIN, "a.auto.tfvars": 'env = "prod"\n'}, []),
        ({"t.yaml": TEMPLATE, "parameters/prod.json": LISTED}, ["parameters/prod.json"]),
        ({"t.yaml": TEMPLATE, "prod.json": LISTED}, ["prod.json"]),
        ({"t.yaml": TEMPLATE, "t-params.json": '{"Parameters": {"A": "b"}}'}, ["t-params.json"]),
        ({"t.yaml": TEMPLATE, "samconfig.toml": "version = 0.1\n"}, ["samconfig.toml"]),
        (
            {"t.yaml": TEMPLATE, "templates/t.yaml": TEMPLATE, ".taskcat.yml": "a: 1\n"},
            [".taskcat.yml"],
        ),
        ({"parameters.yaml": "Parameters:\n  A: {Type: String}\n" + TEMPLATE}, []),
        ({"t.yaml": TEMPLATE, "package.json": '{"name": "x"}'}, []),
        ({"envs/prod.tfvars": 'env = "prod"\n'}, []),
    ],
)
def test_they_are_told(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    report = scan([tmp_path], Options(root=tmp_path))
    found = [each.path for each in report.left_out if each.reason is Exclusion.INPUTS]
    assert [str(Path(path).resolve().relative_to(tmp_path.resolve())) for path in found] == told


def test_one_that_is_given_is_used(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(MAIN)
    (tmp_path / "prod.tfvars").write_text('env = "prod"\n')
    inputs = Inputs(var_files=(tmp_path / "prod.tfvars",))
    assert not scan([tmp_path], Options(root=tmp_path, inputs=inputs)).left_out
