"""A capacity provider goes where the cluster has its others, else it is the cluster's first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from sampling import ROOT

from ecs_preflight.analysis.mending import Mended, mend
from ecs_preflight.analysis.scan import Options

TERRAFORM = (
    ROOT / "terraform/ECS815-launch-refused/bad-cluster-without-providers/main.tf"
).read_text()
TEMPLATE = (
    ROOT / "cloudformation/ECS815-launch-refused/bad-cluster-without-providers.yaml"
).read_text()
OWN = """
resource "aws_ecs_capacity_provider" "gpu" {
  name = "gpu"

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.gpu.arn
  }
}
"""
ASSOCIATED = """
resource "aws_ecs_cluster_capacity_providers" "media" {
  cluster_name       = aws_ecs_cluster.media.name
  capacity_providers = %s
}
"""


def _mended(file: Path, text: str) -> Mended:
    file.write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.active} == {"ECS815"}
    assert made.after.active == ()
    return made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["FARGATE"]', '["FARGATE", "FARGATE_SPOT"]'),
        ('[\n    "FARGATE",\n  ]', '[\n    "FARGATE_SPOT",\n    "FARGATE",\n  ]'),
    ],
)
def test_beside_those_of_the_cluster(before: str, after: str, folder: Path) -> None:
    made = _mended(folder / "main.tf", TERRAFORM + ASSOCIATED % before)
    assert made.changes[0].after == TERRAFORM + ASSOCIATED % after


def test_all_of_a_strategy_at_once(folder: Path) -> None:
    made = _mended(folder / "main.tf", TERRAFORM)
    assert ASSOCIATED % '["FARGATE", "FARGATE_SPOT"]' in made.changes[0].after


def test_its_own_by_reference(folder: Path) -> None:
    text = TERRAFORM.replace('"FARGATE" #', "aws_ecs_capacity_provider.gpu.name #")
    text = (
        text.replace('["FARGATE"]', '["EC2"]')
        .replace("awsvpc", "bridge")
        .replace(
            'capacity_provider = "FARGATE_SPOT" # expect: ECS815 warning\n    weight            = 3',
            "capacity_provider = aws_ecs_capacity_provider.gpu.name\n    weight            = 3",
        )
    )
    without_network = text.replace(
        "\n  network_configuration {\n    subnets = var.subnet_ids\n  }\n", ""
    )
    made = _mended(folder / "main.tf", without_network + OWN)
    assert ASSOCIATED % "[aws_ecs_capacity_provider.gpu.name]" in made.changes[0].after


def test_of_a_json_template(folder: Path) -> None:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!Ref", lambda loader, node: {"Ref": loader.construct_scalar(node)})
    loaded = yaml.load(TEMPLATE, Loader=Loader)  # a SafeLoader
    made = _mended(folder / "stack.json", json.dumps(loaded, indent=2))
    cluster = json.loads(made.changes[0].after)["Resources"]["Cluster"]
    assert cluster["Properties"] == {
        "ClusterName": "media",
        "CapacityProviders": ["FARGATE", "FARGATE_SPOT"],
    }


MODULE = """
module "cluster" {
  source = "./cluster"
  name   = "media"%s
}
"""
CLUSTER = """\
variable "name" {}

variable "providers" {
  default = []
}

resource "aws_ecs_cluster" "this" {
  name = var.name
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = %s
}

output "id" {
  value = aws_ecs_cluster.this.id
}
"""


def _of_module(folder: Path, listed: str, given: str = "") -> Mended:
    (folder / "cluster").mkdir()
    (folder / "cluster" / "main.tf").write_text(CLUSTER % listed)
    own = re.compile(r'resource "aws_ecs_cluster" "media" \{.*?\n\}\n', re.S)
    text = own.sub("", TERRAFORM).replace("aws_ecs_cluster.media.id", "module.cluster.id")
    (folder / "main.tf").write_text(text + MODULE % given)
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.active} == {"ECS815"}
    return made


@pytest.mark.parametrize("given", ["", "\n  providers = []"])
def test_by_the_input_that_the_association_takes(given: str, folder: Path) -> None:
    made = _of_module(folder, "var.providers", given)
    assert made.after.active == ()
    (change,) = made.changes
    assert change.file == "main.tf"
    assert 'providers = ["FARGATE", "FARGATE_SPOT"]' in change.after


def test_in_the_association_of_the_module_that_is_empty(folder: Path) -> None:
    made = _of_module(folder, "[]")
    assert made.after.active == ()
    (change,) = made.changes
    assert change.file == "cluster/main.tf"
    assert change.after == CLUSTER % '["FARGATE", "FARGATE_SPOT"]'


def test_a_cluster_gets_no_second_association(folder: Path) -> None:
    assert _of_module(folder, "concat(var.providers, [])").changes == ()


@pytest.mark.parametrize("association", ["", ASSOCIATED % "[]"])
def test_all_services_of_the_cluster_wait_for_it(association: str, folder: Path) -> None:
    start = TERRAFORM.index('resource "aws_ecs_service"')
    service = TERRAFORM[start:]
    label = service.split('"')[3]
    other = service.replace(f'"{label}"', '"other"').replace('"FARGATE_SPOT"', '"FARGATE"')
    made = _mended(folder / "main.tf", TERRAFORM + "\n" + other + association)
    causes = {finding.cause for finding in made.before.active}
    assert causes == {"cluster 'aws_ecs_cluster.media' lacks capacity providers"}
    after = made.changes[0].after
    assert after.count("depends_on = [aws_ecs_cluster_capacity_providers.media]") == 2
    assert len(re.findall(r"^ +capacity_providers +=", after, re.M)) == 1
