"""Each file is an island: beside a file of each kind that is broken in any way, an honest stack's
faults are told in both languages, the broken files are named, and the exit code is that of the
findings."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.hosts.doctor import RULE, STACK
from ecs_preflight.symbolic.source import MAX_FILE_BYTES

CLUSTER = 'resource "aws_ecs_cluster" "c" {\n  name = "c"\n}\n'
TEMPLATE = 'Resources: {C: {Type: "AWS::ECS::Cluster"}}\n'
PLANNED = {"address": "aws_ecs_cluster.c", "mode": "managed", "type": "aws_ecs_cluster"}
#: A sound file of each kind that a scan takes for something. It is broken before it is read.
KINDS = {
    "tf/main.tf": CLUSTER,
    "tofu/main.tofu": CLUSTER,
    "tf-json/main.tf.json": '{"resource": {"aws_ecs_cluster": {"c": {"name": "c"}}}}',
    "variables/terraform.tfvars": 'x = "aws_ecs_cluster"\n',
    "variables-json/terraform.tfvars.json": '{"x": "aws_ecs_cluster"}',
    "module/child/main.tf": CLUSTER,
    "terragrunt/terragrunt.hcl": 'inputs = { x = "aws_ecs_cluster" }\n',
    "yaml/template.yaml": TEMPLATE,
    "json/template.json": '{"Resources": {"C": {"Type": "AWS::ECS::Cluster"}}}',
    "nested/child.yaml": TEMPLATE,
    "cdk/cdk.out/S.template.json": '{"Resources": {"C": {"Type": "AWS::ECS::Cluster"}}}',
    "plan/plan.json": json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": [{**PLANNED, "name": "c"}]}},
        }
    ),
    "task/task-definition.json": '{"family": "t", "containerDefinitions": []}',
}
#: What is only looked up where it is there; whoever needs it says what he lacks.
LOOKED_UP = {
    "policy/policy.json": '{"Statement": []}',
    "sam/samconfig.toml": "version = 0.1\n",
    "cdk/cdk.out/manifest.json": '{"version": "36.0.0", "artifacts": {}}',
    "manifest/.terraform/modules/modules.json": '{"Modules": [{"Key": "m", "Dir": "m"}]}',
    "workflow/.github/workflows/deploy.yml": "on: push\njobs: {}\n",
    "ignore/.gitignore": "a\n",
    ".git/index": "DIRC",
}
BESIDE = {
    "variables/main.tf": f'variable "x" {{}}\n{CLUSTER}',
    "variables-json/main.tf": f'variable "x" {{}}\n{CLUSTER}',
    "module/main.tf": 'module "m" {\n  source = "./child"\n}\n',
    "manifest/main.tf": f'module "m" {{\n  source = "x/y/z"\n}}\n{CLUSTER}',
    "policy/main.tf": f'{CLUSTER}resource "aws_iam_role" "r" {{\n'
    '  assume_role_policy = file("policy.json")\n}\n',
    "nested/parent.yaml": "Resources: {N: {Type: 'AWS::CloudFormation::Stack', "
    "Properties: {TemplateURL: child.yaml}}}\n",
    "sam/template.yaml": f"Transform: AWS::Serverless-2016-10-31\n{TEMPLATE}",
    "ignore/main.tf": CLUSTER,
}


#: What is not broken in that way: PowerShell writes what a command prints in UTF-16.
SOUND = {"UTF-16": ["plan/plan.json"]}


def too_large(path: Path, text: str) -> None:
    path.write_text(text)
    os.truncate(path, MAX_FILE_BYTES + 1)


#: Each way, and whether what is broken so can be told from a sound file of some other kind.
WAYS: dict[str, tuple[Callable[[Path, str], object], bool]] = {
    "cut off": (lambda path, text: path.write_text(text.rstrip()[:-1]), False),
    "zero": (lambda path, text: path.write_text("\0" + text), True),
    "no UTF-8": (lambda path, text: path.write_bytes(text.encode() + b"\n\xff\xfe\xe4"), True),
    "UTF-16": (lambda path, text: path.write_bytes(text.encode("utf-16")), True),
    "half a character": (
        lambda path, text: path.write_bytes(text.encode() + b"\xed\xa0\x80"),
        True,
    ),
    "deep": (lambda path, text: path.write_text(text + "[" * 30_000), True),
    "too large": (too_large, True),
    "a link to itself": (lambda path, text: path.symlink_to(path.name), True),
    "a link to nothing": (lambda path, text: path.symlink_to("nowhere"), True),
    "a link out": (lambda path, text: path.symlink_to("/etc/hostname"), True),
    "a pipe": (lambda path, text: os.mkfifo(path), True),
    "a folder": (lambda path, text: path.mkdir(), False),
    "empty": (lambda path, text: path.write_text(""), False),
    "a number": (lambda path, text: path.write_text("7"), False),
    "a list": (lambda path, text: path.write_text("[[], null, {}, 7]\n"), False),
    "bytes": (lambda path, text: path.write_bytes(bytes(range(256)) * 8), False),
}


def laid_out(folder: Path, break_: Callable[[Path, str], object]) -> None:
    for name, text in BESIDE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for name, text in {**KINDS, **LOOKED_UP}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        break_(folder / name, text)
    (folder / "honest").mkdir()
    for name in ("main.tf", "template.yaml"):
        shutil.copy(STACK / name, folder / "honest" / name)


@pytest.mark.parametrize("way", sorted(WAYS))
def test_broken_neighbours_cost_themselves_and_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    break_, is_told = WAYS[way]
    laid_out(tmp_path, break_)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["scan", "--no-cache", "--show-undecided", "--format", "json", "."]) == 1
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    honest = [found["file"] for found in report["findings"] if found["rule"] == RULE]
    assert honest == ["honest/main.tf", "honest/template.yaml"]
    assert "ECS002" not in {found["rule"] for found in report["findings"]}
    assert "Traceback" not in captured.err
    if is_told:
        assert [name for name in KINDS if name not in captured.out] == SOUND.get(way, [])
