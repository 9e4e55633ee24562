"""Plans as JSON: alone, with the configuration's references, and beside their source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from terraform_trees import found

from ecs_preflight.adapters.units import Found
from ecs_preflight.model import Role
from ecs_preflight.symbolic.values import Items, Known, Reference, Unknown, literal
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform.plan.plan_unit import PlanUnit

TRUST = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            }
        ]
    }
)

SOURCE = """
variable "env" {}
provider "aws" { region = "eu-west-1" }
data "aws_caller_identity" "current" {}
module "role" {
  source = "./role"
  name   = "exec-${var.env}"
}
resource "aws_ecs_task_definition" "app" {
  count                 = 1
  family                = "app"
  execution_role_arn    = module.role.arn
  container_definitions = jsonencode([{
    name    = "web"
    secrets = [{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }]
  }])
}
resource "aws_secretsmanager_secret" "db" { name = "db" }
output "role" { value = module.role.arn }
"""
ROLE = """
variable "name" {}
resource "aws_iam_role" "r" {
  name               = var.name
  assume_role_policy = "{}"
}
output "arn" { value = aws_iam_role.r.arn }
"""


def refers(*references: str) -> dict[str, Any]:
    return {"references": list(references)}


def resource(
    address: str, values: dict[str, Any], index: int | str | None = None, mode: str = "managed"
) -> dict[str, Any]:
    own = address.rsplit("[", 1)[0] if index is not None else address
    type_, name = own.split(".")[-2:]
    return {
        "address": address,
        "mode": mode,
        "type": type_,
        "name": name,
        "values": values,
        **({} if index is None else {"index": index}),
    }


def plan() -> dict[str, Any]:
    """The plan of SOURCE, as ``terraform show -json`` prints it."""
    task = {"family": "app", "skip_destroy": False, "volume": []}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {"env": {"value": "dev"}},
        "planned_values": {
            "root_module": {
                "resources": [
                    resource("aws_ecs_task_definition.app[0]", task, 0),
                    resource("aws_secretsmanager_secret.db", {"name": "db"}),
                ],
                "child_modules": [
                    {
                        "address": "module.role",
                        "resources": [
                            resource(
                                "module.role.aws_iam_role.r",
                                {"name": "exec-dev", "assume_role_policy": TRUST, "path": "/"},
                            )
                        ],
                    }
                ],
            }
        },
        "resource_changes": [
            {
                "address": "aws_ecs_task_definition.app[0]",
                "change": {
                    "after_unknown": {
                        "arn": True,
                        "execution_role_arn": True,
                        "container_definitions": True,
                        "volume": [],
                    }
                },
            },
            {"address": "aws_secretsmanager_secret.db", "change": {"after_unknown": {"arn": True}}},
            {
                "address": "module.role.aws_iam_role.r",
                "change": {
                    "after_unknown": {
                        "arn": True,
                        "managed_policy_arns": True,
                        "inline_policy": True,
                    }
                },
            },
        ],
        "prior_state": {
            "values": {
                "root_module": {
                    "resources": [
                        resource(
                            "data.aws_caller_identity.current",
                            {"account_id": "123456789012"},
                            mode="data",
                        )
                    ]
                }
            }
        },
        "configuration": {
            "provider_config": {
                "aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}
            },
            "root_module": {
                "outputs": {"role": {"expression": refers("module.role.arn", "module.role")}},
                "resources": [
                    {"address": "data.aws_caller_identity.current", "provider_config_key": "aws"},
                    {
                        "address": "aws_ecs_task_definition.app",
                        "provider_config_key": "aws",
                        "expressions": {
                            "family": {"constant_value": "app"},
                            "execution_role_arn": refers("module.role.arn", "module.role"),
                            "container_definitions": refers(
                                "aws_secretsmanager_secret.db.arn", "aws_secretsmanager_secret.db"
                            ),
                        },
                    },
                    {
                        "address": "aws_secretsmanager_secret.db",
                        "provider_config_key": "aws",
                        "expressions": {"name": {"constant_value": "db"}},
                    },
                ],
                "module_calls": {
                    "role": {
                        "source": "./role",
                        "expressions": {"name": refers("var.env")},
                        "module": {
                            "outputs": {
                                "arn": {
                                    "expression": refers("aws_iam_role.r.arn", "aws_iam_role.r")
                                }
                            },
                            "resources": [
                                {
                                    "address": "aws_iam_role.r",
                                    "provider_config_key": "aws",
                                    "expressions": {
                                        "name": refers("var.name"),
                                        "assume_role_policy": {"constant_value": TRUST},
                                    },
                                }
                            ],
                        },
                    }
                },
            },
        },
    }


def plan_unit(report: Found) -> PlanUnit:
    return next(unit for unit in report.units if isinstance(unit, PlanUnit))


@pytest.fixture
def alone(tmp_path: Path) -> PlanUnit:
    return plan_unit(found(tmp_path, {"plan.json": json.dumps(plan())}))


def test_a_plan_is_recognised_among_other_json(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            "plan.json": json.dumps(plan()),
            "other.json": "{}",
            "list.json": "[1]",
            "odd.json": '["format_version", "planned_values"]',
            "broken.json": '{"format_version": "1.2", "planned_values": {',
        },
    )
    assert [unit.name.rsplit("/", 1)[-1] for unit in report.units] == ["plan.json"]
    assert [fault.path.rsplit("/", 1)[-1] for fault in report.unreadable] == ["broken.json"]


def test_a_plan_is_read_as_powershell_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(json.dumps(plan()).encode("utf-16"))
    assert plan_unit(found(tmp_path, {})).name.endswith("plan.json")


def test_an_unknown_value_refers_to_what_the_configuration_names(alone: PlanUnit) -> None:
    body = alone.declared["aws_ecs_task_definition.app[0]"].body
    role = body.get("execution_role_arn")
    assert isinstance(role, Reference)
    assert (role.address, role.attribute) == ("module.role.aws_iam_role.r", "arn")
    assert literal(role) == "arn:aws:iam::123456789012:role/exec-dev"


def test_a_document_that_is_not_known_is_no_reference(alone: PlanUnit) -> None:
    body = alone.declared["aws_ecs_task_definition.app[0]"].body
    assert isinstance(body.get("container_definitions"), Unknown)


def test_what_the_provider_computes_is_no_argument(alone: PlanUnit) -> None:
    body = alone.declared["module.role.aws_iam_role.r"].body
    assert [name for name, _ in body.entries] == ["name", "assume_role_policy"]
    assert body.get("assume_role_policy") == Known(TRUST)


def test_a_plan_alone_gives_a_stack(alone: PlanUnit) -> None:
    stack = alone.stack(PathCondition())
    (task,) = stack.task_definitions
    role = stack.role_of(task.execution_role)
    assert isinstance(role, Role) and role.address == "module.role.aws_iam_role.r"
    assert role.complete, "an output of the plan's root adds nothing to it"
    assert stack.calls["module.role"].span.file.endswith("plan.json")
    assert stack.target.region == Known("eu-west-1")


def test_beside_its_source_a_plan_has_lines_and_structure(tmp_path: Path) -> None:
    stack = plan_unit(
        found(tmp_path, {"plan.json": json.dumps(plan()), "main.tf": SOURCE, "role/main.tf": ROLE})
    ).stack(PathCondition())
    (task,) = stack.task_definitions
    assert task.address == "aws_ecs_task_definition.app[0]"
    assert task.span.file.endswith("main.tf") and task.span.line == 9
    (container,) = task.containers
    (secret,) = container.secrets
    assert secret.span.line == 15
    assert isinstance(secret.value_from, Reference)
    assert secret.value_from.address == "aws_secretsmanager_secret.db"
    role = stack.role_of(task.execution_role)
    assert isinstance(role, Role) and literal(role.name) == "exec-dev"
    assert literal(role.arn) == "arn:aws:iam::123456789012:role/exec-dev"
    assert stack.calls["module.role"].span.line == 5


def test_a_source_that_is_not_the_plans_is_not_used(tmp_path: Path) -> None:
    report = found(
        tmp_path, {"plan.json": json.dumps(plan()), "main.tf": 'resource "aws_iam_role" "x" {}'}
    )
    assert plan_unit(report).source is None


def test_a_plan_decides_counts_that_the_source_leaves_open(tmp_path: Path) -> None:
    content = plan()
    content["planned_values"]["root_module"]["resources"] = [
        resource(f'aws_iam_role.r["{key}"]', {"name": key}, key) for key in ("a", "b")
    ]
    content["planned_values"]["root_module"]["child_modules"] = []
    content["configuration"]["root_module"] = {
        "resources": [{"address": "aws_iam_role.r", "expressions": {"name": refers("each.key")}}]
    }
    source = 'resource "aws_iam_role" "r" {\n  for_each = toset(aws_x.y.ids)\n  name = each.key\n}'
    stack = plan_unit(found(tmp_path, {"plan.json": json.dumps(content), "main.tf": source})).stack(
        PathCondition()
    )
    assert [(role.address, literal(role.name), role.span.line) for role in stack.roles] == [
        ('aws_iam_role.r["a"]', "a", 1),
        ('aws_iam_role.r["b"]', "b", 1),
    ]


def test_unknown_members_of_a_list_stay_unknown(tmp_path: Path) -> None:
    content = plan()
    content["planned_values"]["root_module"]["resources"][1]["values"]["replica"] = [
        {"region": None}
    ]
    content["resource_changes"][1]["change"]["after_unknown"]["replica"] = [{"region": True}]
    content["configuration"]["root_module"]["resources"][2]["expressions"]["replica"] = [
        {"region": refers("var.env")}
    ]
    unit = plan_unit(found(tmp_path, {"plan.json": json.dumps(content)}))
    replica = unit.declared["aws_secretsmanager_secret.db"].body.get("replica")
    assert isinstance(replica, Items)
    assert isinstance(replica.items[0].get("region"), Unknown)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "path",
    [
        ("planned_values", "root_module"),
        ("configuration",),
        ("configuration", "root_module"),
        ("resource_changes",),
        ("variables",),
        ("prior_state",),
        ("configuration", "provider_config"),
        ("configuration", "root_module", "module_calls"),
        ("configuration", "root_module", "resources"),
        ("planned_values", "root_module", "resources"),
    ],
)
@pytest.mark.parametrize("odd", [None, 1, "x", [1], {"x": 1}, [{"address": 1}]])
def test_a_malformed_plan_never_crashes(tmp_path: Path, path: tuple[str, ...], odd: object) -> None:
    content = plan()
    inner = content
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = odd
    report = found(
        tmp_path, {"plan.json": json.dumps(content), "main.tf": SOURCE, "role/main.tf": ROLE}
    )
    assert plan_unit(report).stack(PathCondition()).name.endswith("plan.json")
