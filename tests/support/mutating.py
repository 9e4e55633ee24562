"""Samples with one part made unknown: an input without a value, or what an absent module gives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import planning
import yaml
from sampling import Sample

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.symbolic.depth import deeply
from ecs_preflight.symbolic.records import dataclass, fields, is_dataclass
from ecs_preflight.terraform import find
from ecs_preflight.terraform.configuration.unit import RootModule
from ecs_preflight.terraform.syntax import nodes as syntax
from ecs_preflight.terraform.syntax.parse import parse


@dataclass(frozen=True)
class Unknowing:
    """What a part is replaced by in Terraform, and the declaration that goes with it."""

    expression: str
    declaration: str


UNKNOWN_TERRAFORM = (
    Unknowing("(var.unknown_input)", 'variable "unknown_input" {}\n'),
    Unknowing(
        "(module.absent.value)",
        'module "absent" {\n  source = "git::https://git.example.com/absent.git"\n}\n',
    ),
)
UNKNOWN_CLOUDFORMATION = {"Ref": "UnknownInput"}

#: Blocks whose values are no part of the stack (what an output hands out of sight says only that
#: somebody may add to it), and arguments that take no expression.
_NO_PARTS = (
    "terraform",
    "provider",
    "variable",
    "output",
    "lifecycle",
    "moved",
    "import",
    "removed",
)
_NO_VALUES = ("depends_on", "source", "version", "providers", "provider")


@dataclass(frozen=True)
class TerraformPart:
    """An expression: its file, and the offsets between which it stands."""

    file: Path
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.file}[{self.start}:{self.end}]"


def terraform_parts(sample: Sample) -> Iterator[TerraformPart]:
    """Every expression of the sample's resources, data sources, locals, modules and outputs."""
    for file in sample.files:
        if file.suffix == ".tf":
            text = file.read_text("utf-8")
            lines = [0]
            for line in text.splitlines(keepends=True):
                lines.append(lines[-1] + len(line))
            seen = set()
            for span in _spans(parse(text, str(file)).body):
                start = lines[span.line - 1] + span.column - 1
                end = lines[span.end_line - 1] + span.end_column - 1
                if start < end and (start, end) not in seen:
                    seen.add((start, end))
                    yield TerraformPart(file.relative_to(sample.path), start, end)


def _spans(node: object) -> Iterator[syntax.Span]:
    if isinstance(node, tuple):
        for item in node:
            yield from _spans(item)
    elif isinstance(node, syntax.Block) and (node.type in _NO_PARTS or _is_absent_module(node)):
        return
    elif isinstance(node, syntax.Attribute):
        if node.name not in _NO_VALUES:
            yield from _spans(node.value)
    elif isinstance(node, syntax.Splat):
        yield node.span
        yield from _spans(node.object)
    elif is_dataclass(node):
        if isinstance(node, syntax.Expression) and not isinstance(node, syntax.SplatItem):  # type: ignore[arg-type]
            yield node.span
        for field in fields(node):
            if field.name != "span":
                yield from _spans(getattr(node, field.name))


def _is_absent_module(block: syntax.Block) -> bool:
    """What is handed to a module out of sight is handed out of sight, as by an output."""
    source = block.body.attribute("source") if block.type == "module" else None
    return (
        source is not None
        and isinstance(source.value, syntax.Literal)
        and not str(source.value.value).startswith(".")
    )


def without_terraform_part(
    sample: Sample, part: TerraformPart, unknown: Unknowing, target: Path
) -> Path:
    """A copy of the sample below ``target``, with that part unknown."""
    shutil.copytree(sample.path, target)
    file = target / part.file
    text = file.read_text("utf-8")
    file.write_text(text[: part.start] + unknown.expression + text[part.end :], "utf-8")
    (file.parent / "unknown.tf").write_text(unknown.declaration, "utf-8")
    return target


# -- CloudFormation --------------------------------------------------------------------------------

TemplatePath = tuple[Any, ...]
#: Intrinsics some of whose arguments may be any value: which of them.
_OPEN = {"Fn::If": slice(1, None), "Fn::Join": slice(1, None)}


def template(sample: Sample) -> dict[str, Any]:
    """The sample's template, intrinsic functions in their long form."""
    loaded = yaml.load(sample.path.read_text("utf-8"), Loader=_Loader)
    assert isinstance(loaded, dict)
    return loaded


class _Loader(yaml.SafeLoader):
    """Reads short intrinsics as long ones."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        argument: Any = node.value
    elif isinstance(node, yaml.SequenceNode):
        argument = loader.construct_sequence(node, deep=True)
    else:
        argument = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(argument, str):
        argument = argument.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": argument}


_Loader.add_multi_constructor("!", _intrinsic)


def template_parts(whole: dict[str, Any]) -> Iterator[TemplatePath]:
    """The path of every value in the properties of the template's resources."""
    for name, resource in whole["Resources"].items():
        for key, value in resource.get("Properties", {}).items():
            yield from _paths(value, ("Resources", name, "Properties", key))


def _paths(value: object, path: TemplatePath) -> Iterator[TemplatePath]:
    yield path
    if isinstance(value, dict):
        intrinsic = next((key for key in value if key == "Ref" or key.startswith("Fn::")), None)
        if intrinsic is None:
            for key, item in value.items():
                yield from _paths(item, (*path, key))
        elif intrinsic in _OPEN:
            for index in range(len(value[intrinsic]))[_OPEN[intrinsic]]:
                yield from _paths(value[intrinsic][index], (*path, intrinsic, index))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))


def without_template_part(whole: dict[str, Any], path: TemplatePath, destination: Path) -> Path:
    """The template as JSON at ``destination``, with that part unknown."""
    changed = deepcopy(whole)
    target: Any = changed
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = UNKNOWN_CLOUDFORMATION
    changed.setdefault("Parameters", {})["UnknownInput"] = {"Type": "String"}
    return written(changed, destination)


def in_a_world(whole: dict[str, Any], path: TemplatePath, destination: Path) -> Path:
    """The template as JSON at ``destination``, with that part left out where an input says so."""
    changed = deepcopy(whole)
    target: Any = changed
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = {"Fn::If": ["UnknownSwitch", target[path[-1]], {"Ref": "AWS::NoValue"}]}
    changed.setdefault("Parameters", {})["UnknownInput"] = {"Type": "String"}
    switch = {"Fn::Equals": [UNKNOWN_CLOUDFORMATION, "on"]}
    changed.setdefault("Conditions", {})["UnknownSwitch"] = switch
    return written(changed, destination)


def written(whole: dict[str, Any], target: Path) -> Path:
    """The template as JSON at ``target``."""
    target.write_text(json.dumps(whole, indent=2), "utf-8")
    return target


# -- plans -----------------------------------------------------------------------------------------


def planned_sample(sample: Sample, target: Path) -> dict[str, Any] | None:
    """The plan of a sample that is one root, copied to ``target``; None where Terraform would ask
    for a value, or where it is several."""
    shutil.copytree(sample.path, target)
    (tree,) = discover([target], root=target).trees
    roots = [unit for unit in find(tree, Inputs()).units if isinstance(unit, RootModule)]
    try:
        plan = deeply(lambda: planning.planned(roots[0])) if len(roots) == 1 else None
    except planning.NotPlannable:
        plan = None
    shutil.rmtree(target)
    return plan


def plan_parts(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every attribute of a managed resource, by the resource's address."""
    for resource in _resources(plan["planned_values"]["root_module"]):
        if resource["mode"] == "managed":
            yield from ((resource["address"], name) for name in resource["values"])


def _resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def without_plan_part(plan: dict[str, Any], part: tuple[str, str], destination: Path) -> Path:
    """The plan at ``destination``, with that attribute known only after it is applied."""
    changed, (address, name) = deepcopy(plan), part
    for resource in _resources(changed["planned_values"]["root_module"]):
        if resource["address"] == address:
            del resource["values"][name]
    for change in changed["resource_changes"]:
        if change["address"] == address:
            change["change"]["after_unknown"][name] = True
    return written(changed, destination)
