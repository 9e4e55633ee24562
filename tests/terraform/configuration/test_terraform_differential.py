"""What modules make of their values is what Terraform makes of them: the same outputs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from terraform_trees import found

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.symbolic.depth import deeply
from ecs_preflight.symbolic.source import NOWHERE
from ecs_preflight.symbolic.values import Entries, Items, Known, Value, why_not
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform.configuration.evaluation import Evaluation
from ecs_preflight.terraform.configuration.inputs import RootArguments
from ecs_preflight.terraform.configuration.instance import ModuleInstance
from ecs_preflight.terraform.configuration.unit import RootModule, opened

TERRAFORM = shutil.which("terraform")

FILES = {
    "main.tf": """
        terraform {
          backend "local" {}
        }
        locals {
          late  = "${local.early}-late"
          early = "early"
          all   = merge(local.shared, { own = terraform.workspace })
        }
        module "one" {
          source = "./child"
          name   = "one"
        }
        module "counted" {
          source = "./child"
          count  = 2
          name   = "c${count.index}"
          settings = { port = count.index }
        }
        module "none" {
          source = "./child"
          count  = var.create ? 1 : 0
          name   = "none"
        }
        module "keyed" {
          source   = "./child"
          for_each = { for key in ["b", "a"] : key => upper(key) }
          name     = each.value
          settings = { host = each.key, port = "80" }
          tags     = null
        }
        output "locals" { value = [local.late, local.all] }
        output "variables" {
          value = [var.plain, var.file, var.auto, var.flag, var.env, var.numbers, var.create,
                   var.deep, var.nothing, var.refuses, var.any, var.envlist]
        }
        output "one" { value = module.one }
        output "counted" { value = module.counted[*].out }
        output "second" { value = module.counted[1].out.name }
        output "none" {
          value = [module.none, try(module.none[0].out, "fallback"), one(module.none[*].out),
                   length(module.none), join(",", module.none[*].id)]
        }
        output "keyed" { value = { for key, child in module.keyed : key => child.out } }
        output "picked" { value = module.keyed["a"].id }
        output "values" { value = values(module.keyed)[*].id }
        output "through" { value = module.one.nested[0].id }
        output "paths" { value = [path.module, path.root, module.one.path] }
        output "overridden" { value = local.overridden }
        output "json" { value = local.from_json }
        output "file" { value = [module.one.text, templatefile("hello.tpl", { who = "root" })] }
        """,
    "locals_override.tf": 'locals { overridden = "by override" }',
    "locals.tf": 'locals {\n overridden = "original"\n shared = { a = 1, own = "x" }\n}',
    "variables.tf": """
        variable "plain" { default = "default" }
        variable "file" { default = "default" }
        variable "auto" { default = "default" }
        variable "flag" { default = "default" }
        variable "env" { type = string }
        variable "envlist" { type = list(string) }
        variable "numbers" {
          type    = list(number)
          default = ["1", 2]
        }
        variable "create" {
          type    = bool
          default = "false"
        }
        variable "deep" {
          type = map(object({
            name  = string
            port  = optional(number, 80)
            inner = optional(object({ on = optional(bool, true), off = optional(bool) }), {})
          }))
        }
        variable "nothing" { default = null }
        variable "refuses" {
          default  = "not null"
          nullable = false
        }
        variable "any" {
          type    = any
          default = { a = [1, "x"] }
        }
        """,
    "variables_override.tf": 'variable "plain" { default = "overridden" }',
    "terraform.tfvars": 'file = "tfvars"\nauto = "tfvars"\nflag = "tfvars"\nrefuses = null\n'
    'deep = { x = { name = "n" }, y = { name = 1, port = "81", inner = { on = "false" } } }',
    "a.auto.tfvars.json": '{"auto": "a ${not} a template"}',
    "z.auto.tfvars": 'flag = "z"',
    "flags.tfvars": 'flag = "flag"',
    "more.tf.json": '{"locals": {"from_json": ["${local.late}", "plain", {"k": "${1 + 1}"}]}}',
    "hello.tpl": "hello ${who}\n",
    "child/main.tf": """
        variable "name" { type = string }
        variable "settings" {
          type    = object({ port = optional(number, 8080), host = optional(string, "localhost") })
          default = {}
        }
        variable "tags" {
          type     = map(string)
          default  = { owner = "child" }
          nullable = false
        }
        locals { id = "${var.name}:${var.settings.port}" }
        module "nested" {
          source = "./nested"
          count  = 1
          name   = local.id
        }
        output "out" { value = { name = var.name, settings = var.settings, tags = var.tags } }
        output "id" { value = local.id }
        output "nested" { value = module.nested }
        output "path" { value = path.module }
        output "text" { value = templatefile("${path.module}/hello.tpl", { who = var.name }) }
        """,
    "child/hello.tpl": '%{ if who == "one" }uno%{ else }${who}%{ endif }',
    "child/nested/main.tf": 'variable "name" {}\noutput "id" { value = "nested-${var.name}" }',
}
ENVIRONMENT = {"TF_VAR_env": "from [env]", "TF_VAR_envlist": '["x", "y"]', "TF_VAR_file": "weaker"}


def plain(value: Value) -> object:
    """A fully known value as JSON has it."""
    assert why_not(value) is None, value
    if isinstance(value, Known):
        return value.value
    if isinstance(value, Items):
        return [plain(item) for item in value]
    assert isinstance(value, Entries)
    return {key: plain(item) for key, item in value.entries}


def terraform(folder: Path, *arguments: str) -> str:
    assert TERRAFORM is not None
    run = subprocess.run(
        [TERRAFORM, *arguments],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT, "TF_IN_AUTOMATION": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def outputs(unit: RootModule) -> dict[str, object]:
    """The root's outputs as this engine computes them."""
    evaluation = Evaluation(
        unit.library,
        PathCondition(),
        unit.module.folder,
        unit.downloads,
        unit.inputs.workspace,
        unit.foreknown,
        unit.inputs.account,
    )
    root = ModuleInstance(evaluation, unit.module, RootArguments(unit.given, unit.reusable))
    return {
        name: plain(opened(root.output(name, NOWHERE), evaluation)) for name in unit.module.outputs
    }


def test_outputs_are_those_that_terraform_computes(tmp_path: Path) -> None:
    if TERRAFORM is None:
        pytest.skip("terraform is not on the PATH: nothing to compare with")
    inputs = Inputs((tmp_path / "flags.tfvars",), "default", environment=ENVIRONMENT)
    unit = next(u for u in found(tmp_path, FILES, inputs).units if isinstance(u, RootModule))
    ours = deeply(lambda: outputs(unit))

    terraform(tmp_path, "init", "-input=false")
    terraform(tmp_path, "apply", "-auto-approve", "-input=false", "-var-file=flags.tfvars")
    theirs = json.loads(terraform(tmp_path, "output", "-json"))
    assert ours == {name: output["value"] for name, output in theirs.items()}
