"""The look at bytes is sound: where it sees nothing of ECS, the rules have nothing to say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecs_preflight.analysis import evaluation, examine, relevance
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import scan
from ecs_preflight.symbolic.source import shown

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
#: A block of Terraform, and a member of a template's sections.
_BLOCK = re.compile(r"^\w.*?^\}\n|^\w[^\n]*\}\n", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(r"^  \w+:[^\n]*\n(?:    [^\n]*\n|\s*\n)*", re.MULTILINE)


def aside(folder: Path) -> frozenset[str] | None:
    return relevance.without_ecs(discover([folder]).trees)


def concerns(text: str, marks: tuple[bytes, ...]) -> bool:
    return any(mark in text.lower().encode() for mark in marks)


def without_marks(source: Path) -> str:
    """The file without each part in which a mark stands."""
    text = source.read_text()
    if source.suffix == ".tf":
        parts, marks = _BLOCK, relevance._IN_CONFIGURATION
    else:
        parts, marks = _MEMBER, relevance._IN_TEMPLATE
    return parts.sub(lambda part: "" if concerns(part[0], marks) else part[0], text)


def test_what_is_left_of_samples_without_their_marks_says_nothing(tmp_path: Path) -> None:
    seen = 0
    for number, folder in enumerate(sorted(SAMPLES.glob("*/*/"))):
        copy = tmp_path / str(number)
        copy.mkdir()
        for source in folder.glob("*.*"):
            if source.suffix in (".tf", ".yaml"):
                (copy / source.name).write_text(without_marks(source))
        if aside(copy) is None:
            continue
        seen += 1
        judged = examine.examine([copy], Options(), front_ends=evaluation._front_ends()).judged
        assert [outcome for result in judged for outcome in result.outcomes] == [], folder
    assert seen > 150


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.tf", 'resource "aws_ecs_cluster" "main" {}'),
        ("main.tf", 'resource "aws_iam_role" "main" {}'),
        ("main.tf", 'module "main" {\n  source = "../elsewhere"\n}'),
        ("main.tf.json", r'{"resource": {"aws_\u0065cs_cluster": {"main": {}}}}'),
        ("main.tf", 'resource "aws_sfn_state_machine" "main" {\n  definition = file("a.txt")\n}'),
        ("terragrunt.hcl", 'terraform {\n  source = "../elsewhere"\n}'),
        ("a.yaml", "Resources:\n  A:\n    Type: AWS::ECS::Cluster\n"),
        ("a.yaml", "Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n"),
        ("a.json", '{"family": "a", "containerDefinitions": []}'),
        ("a.json", '{"planned_values": {}}'),
        (".aws/a.json", '{"family": "a", "containerDefinitions": []}'),
    ],
)
def test_whatever_may_concern_ecs_is_read(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    assert aside(tmp_path) is None


def test_a_file_that_the_user_names_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "b" {')
    assert scan([tmp_path]).findings == ()
    assert [f.rule for f in scan([tmp_path / "main.tf"]).findings] == ["ECS001"]


def test_what_is_set_aside_is_counted_and_nothing_is_loaded_for_it(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "b" {}\n')
    (tmp_path / "a.yaml").write_text("Resources:\n  A:\n    Type: AWS::S3::Bucket\n")
    (tmp_path / "specs.yaml").write_text("specs: {}\n")
    report = scan([tmp_path])
    assert (report.stats.files, report.stats.stacks) == (2, 0)
    assert report.outcomes == () == report.gaps


@pytest.mark.parametrize("beside", ["main.tf", "more.tf.json"])
def test_a_file_that_the_user_names_stands_for_its_module(tmp_path: Path, beside: str) -> None:
    named = tmp_path / "bucket.tf"
    named.write_text('resource "aws_s3_bucket" "b" {}')
    assert relevance.without_ecs(discover([named]).trees) == {shown(named)}
    (tmp_path / beside).write_text('{"resource": {"aws_ecs_cluster": {"main": {}}}}')
    assert relevance.without_ecs(discover([named]).trees) is None


def test_what_is_wrong_with_a_file_that_the_user_names_is_told(tmp_path: Path) -> None:
    named = tmp_path / "main.tf"
    named.write_text("a: {")
    assert [finding.rule for finding in scan([named]).findings] == ["ECS001"]
