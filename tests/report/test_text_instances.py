"""What instances of one block have in common is said once."""

from __future__ import annotations

from pathlib import Path

from ecs_preflight.analysis.scan import scan
from ecs_preflight.report import terminal, text

CODE = """
provider "aws" {
  region = "eu-west-1"
}
resource "aws_ecs_task_definition" "app" {
  for_each                 = %s
  family                   = each.key
  requires_compatibilities = ["FARGATE"]
  network_mode             = "bridge"
  cpu                      = 256
  memory                   = 512
  container_definitions    = jsonencode([{ name = each.value, image = "nginx", privileged = true }])
}
"""


def shown(folder: Path, each: str) -> str:
    (folder / "main.tf").write_text(CODE % each)
    return terminal.plain(text.render(scan([folder])))


def test_instances_stand_beside_the_first(tmp_path: Path) -> None:
    said = shown(tmp_path, '{ a = "x", b = "x", c = "x", d = "x", e = "x" }')
    assert said.count("is privileged") == 1
    assert '  likewise in aws_ecs_task_definition.app["b"]\n' in said
    assert "… and 1 more resource" in said


def test_what_differs_is_said_of_each(tmp_path: Path) -> None:
    said = shown(tmp_path, '{ a = "x", b = "y" }')
    assert "Container 'x' is privileged" in said
    assert "Container 'y' is privileged" in said
