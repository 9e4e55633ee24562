"""How a scan scales: each line doubles the services of one stack; the ratio to the line before
shows the growth.

A ratio of 2 is linear, of 4 quadratic. Run ``PYTHONPATH=. python benchmarks/scan.py``.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ecs_preflight.analysis.scan import scan

SIZES = (10, 20, 40, 80)

TERRAFORM = """\
resource "aws_secretsmanager_secret" "s{n}" {{
  name = "shop/s{n}"
}}

resource "aws_iam_role" "s{n}" {{
  name               = "s{n}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}

resource "aws_iam_role_policy" "s{n}" {{
  role   = aws_iam_role.s{n}.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = aws_secretsmanager_secret.s{n}.arn
    }}]
  }})
}}

resource "aws_ecs_task_definition" "s{n}" {{
  family                   = "s{n}"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = aws_iam_role.s{n}.arn
  container_definitions = jsonencode([{{
    name    = "app"
    image   = "public.ecr.aws/nginx/nginx:${{var.tag}}"
    secrets = [{{ name = "TOKEN", valueFrom = aws_secretsmanager_secret.s{n}.arn }}]
  }}])
}}
"""
SHARED = """\
variable "tag" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
"""
#: A bool that decides part of the stack, so that it is judged in one world more.
SWITCH = """\
variable "with_{n}" {{
  default = true
}}

resource "aws_ecs_cluster" "c{n}" {{
  count = var.with_{n} ? 1 : 0
  name  = "c{n}"
}}
"""


def main() -> None:
    grow(
        "so many services",
        lambda count: SHARED + "".join(TERRAFORM.format(n=n) for n in range(count)),
    )
    grow(
        "twenty services, and so many switches",
        lambda count: (
            SHARED
            + "".join(TERRAFORM.format(n=n) for n in range(20))
            + "".join(SWITCH.format(n=n) for n in range(count))
        ),
    )


def grow(title: str, code: Callable[[int], str]) -> None:
    print(title)
    before = 0.0
    for size in SIZES:
        taken = measured(code(size))
        print(f"  {size:>4}  {taken:6.2f} s" + (f"  x{taken / before:.1f}" if before else ""))
        before = taken


def measured(code: str) -> float:
    """The processor time of one scan, in seconds. Every need must be met."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.tf").write_text(code, encoding="utf-8")
        start = time.process_time()
        report = scan([folder])
        taken = time.process_time() - start
    assert report.stats.needs == report.stats.met > 0, report
    return taken


if __name__ == "__main__":
    main()
