"""Each form of a report names what it does not speak of."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.analysis.left_out import Exclusion
from ecs_preflight.cli.choices import FORMATS
from ecs_preflight.report import as_json
from ecs_preflight.symbolic.values import Why

SCHEMA = json.loads((Path(as_json.__file__).parent / "data" / "report.schema.json").read_text())
STACK = Path(cli.__file__).parents[1] / "hosts" / "faulty_stack" / "main.tf"
CONFIGURATION = """
ignore = ["ECS7"]
[severity]
ECS603 = "note"
[per-path-ignores]
"old/**" = ["ECS605"]
[[roles]]
name = "*"
allows = ["*"]
"""
SAID = [
    "2 hidden folders (.a, .b)",
    "1 folder of installed packages (node_modules)",
    "1 path that --exclude names (legacy)",
    "1 path that .gitignore names (gen)",
    "module 'far' (acme/far/aws) is not downloaded (main.tf:1:1)",
    "The configuration 'ecs-preflight.toml' ignores ECS7; makes ECS603 notes; "
    "ignores ECS605 in 'old/**'; asserts 1 role, 1 by wildcard: '*'.",
    "The command line ignores ECS62.",
    "Suppressed: 1 by comment ('we know').",
    "the number of instances of 'aws_sns_topic.many' is beyond the scan's limits",
    "the number of instances is beyond the scan's limits (.:1:1)",
]
#: One block has too many instances, and a role's trust policy hangs on one of them.
MANY = """
resource "aws_sns_topic" "many" {
  count = 2000
}
resource "aws_iam_role" "hangs" {
  name               = "hangs"
  assume_role_policy = aws_sns_topic.many[3].policy
}
resource "aws_ecs_task_definition" "hangs" {
  family             = "hangs"
  execution_role_arn = aws_iam_role.hangs.arn
  container_definitions = jsonencode([{ name = "a", image = "nginx", memory = 512 }])
}
"""


@pytest.mark.parametrize("form", FORMATS)
def test_each_form_names_what_is_out_of_sight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (".a", ".b", ".git", "node_modules", "legacy", "gen"):
        (tmp_path / folder).mkdir()
    (tmp_path / ".gitignore").write_text("gen/\n")
    (tmp_path / "ecs-preflight.toml").write_text(CONFIGURATION)
    far = 'module "far" {\n  source = "acme/far/aws"\n}\n'
    code = re.sub(
        r"^(resource .aws_iam_role.)",
        r"# ecs-preflight:ignore ECS502 we know\n\1",
        STACK.read_text(),
        flags=re.MULTILINE,
    )
    (tmp_path / "main.tf").write_text(far + code + MANY)
    cli.main(
        ["scan", "--exclude", "legacy", "--ignore", "ECS62", "--output", f"{form}=../out", "."]
    )
    written = (tmp_path.parent / "out").read_text()
    if form == "json":
        document = json.loads(written)
        assert {(left["reason"], left["path"]) for left in document["left_out"]} == {
            *(("hidden", ".a"), ("hidden", ".b"), ("vendored", "node_modules")),
            *(("excluded", "legacy"), ("ignored", "gen")),
        }
        assert [setting["file"] for setting in document["settings"]] == ["ecs-preflight.toml", None]
        assert [f["suppressed"]["reason"] for f in document["findings"]] == ["we know"]
        return
    if form == "markdown":
        written = re.sub(r"\\(.)", r"\1", written)
    for said in SAID:
        assert said in html.unescape(written), said


def test_the_schema_knows_why_something_may_be_left_out() -> None:
    reasons = SCHEMA["properties"]["left_out"]["items"]["properties"]["reason"]["enum"]
    assert sorted(reasons) == sorted(each.name.lower() for each in Exclusion)


def test_the_schema_knows_why_something_may_be_unread() -> None:
    kinds = SCHEMA["properties"]["unread"]["items"]["properties"]["kind"]["enum"]
    assert set(kinds) == {why.name.lower() for why in Why}
