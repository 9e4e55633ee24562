"""The house: which part may know which, and what each may take from outside."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ecs_preflight.rules import RULES

PACKAGE = Path(__file__).resolve().parents[1] / "ecs_preflight"
FILES = sorted(PACKAGE.rglob("*.py"))

#: From the ground up: a part may import what lies on lower floors, and nothing beside or above it.
FLOORS = (
    {"source", "gitignore", "__version__"},
    {"values", "lines"},
    {"model", "worlds", "jsontext"},
    {"arns", "finding", "units"},
    {"iam", "wording", "reading", "discovery"},
    {"needs"},
    {"ecs", "terraform", "cloudformation"},
    {"rules"},
    {"trouble", "suppressions", "config", "baseline"},
    {"settling", "elsewhere", "echoes"},
    {"judge", "options"},
    {"examine"},
    {"scan"},
    {"report", "hosts", "explain", "policy"},
    {"cli"},
    {"__main__"},
)
FLOOR = {part: number for number, parts in enumerate(FLOORS) for part in parts}

#: What is imported from outside, and by whom alone.
OUTSIDE = {
    "yaml": {"cloudformation", "suppressions", "terraform"},
    "tree_sitter": {"terraform"},
    "tree_sitter_hcl": {"terraform"},
    "hcl2": {"terraform"},
    "lark": {"terraform"},
    "rich": {"report"},
    "tomli": {"config"},
    "checkov": {"hosts"},
    "cfnlint": {"hosts"},
    "ecs_preflight": {"hosts"},  # the shims, which run outside the package
}


def part_of(file: Path) -> str:
    return file.relative_to(PACKAGE).with_suffix("").parts[0].replace("__init__", "__version__")


def imports(file: Path) -> Iterator[tuple[bool, str, int]]:
    """(inside the package, part or top-level module, line) of all imports but those for types
    alone."""
    tree = ast.parse(file.read_text())
    for_types = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    place = file.relative_to(PACKAGE).with_suffix("").parts
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from ((False, alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield False, str(node.module).split(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom):
            folder = (*place[: len(place) - node.level], *(node.module or "").split("."))
            names = [alias.name for alias in node.names]
            yield from (
                (True, name, node.lineno) for name in ([p for p in folder if p][:1] or names)
            )


def test_arrows_point_downwards() -> None:
    assert {part_of(file) for file in FILES} - set(FLOOR) == set(), "has no floor in the house yet"
    wrong = [
        f"{file}:{line}: {part_of(file)} may not know {name}"
        for file in FILES
        for inside, name, line in imports(file)
        if inside and name != part_of(file) and FLOOR[name] >= FLOOR[part_of(file)]
    ]
    assert wrong == []


def test_what_comes_from_outside() -> None:
    wrong = [
        f"{file}:{line}: {part_of(file)} may not import {name}"
        for file in FILES
        for inside, name, line in imports(file)
        if not inside
        and name not in sys.stdlib_module_names
        and part_of(file) not in OUTSIDE.get(name, ())
    ]
    assert wrong == []


def test_front_ends_are_known_to_the_scan_and_to_cfn_lint_alone() -> None:
    knowing = {
        file.relative_to(PACKAGE).as_posix()
        for file in FILES
        for inside, name, _ in imports(file)
        if inside and name in ("terraform", "cloudformation") and part_of(file) != name
    }
    assert knowing == {"examine.py", "hosts/cfn_lint.py"}


def test_rules_know_neither_files_nor_languages() -> None:
    known = {
        name
        for file in (PACKAGE / "rules").glob("*.py")
        for inside, name, _ in imports(file)
        if inside
    }
    assert known - {"rules"} <= {
        "arns",
        "ecs",
        "finding",
        "iam",
        "model",
        "needs",
        "source",
        "values",
        "wording",
    } | {path.stem for path in (PACKAGE / "rules").glob("*.py")}


def test_no_module_bears_the_name_of_one_of_the_standard_librarys() -> None:
    assert [file for file in FILES if file.stem in sys.stdlib_module_names - {"__main__"}] == []


def test_ids_and_names_of_rules_are_unique() -> None:
    for key in ("id", "name"):
        counts = Counter(getattr(rule, key) for rule in RULES)
        assert [value for value, count in counts.items() if count > 1] == []
    assert all(
        rule.id.startswith("ECS") and rule.id[3:].isdigit() and len(rule.id) == 6 for rule in RULES
    )
    assert [rule.id for rule in RULES] == sorted(rule.id for rule in RULES)


def test_each_rule_stands_in_a_file_of_its_name() -> None:
    files = {
        file.stem for file in (PACKAGE / "rules").glob("*.py") if not file.stem.startswith("_")
    }
    assert files == {rule.name.replace("-", "_") for rule in RULES}
