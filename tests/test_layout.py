"""The house: which part may know which, and what each may take from outside."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from ecs_preflight.rules import RULES

PACKAGE = Path(__file__).resolve().parents[1] / "ecs_preflight"
FILES = sorted(PACKAGE.rglob("*.py"))

#: From the ground up: a room may import what lies on lower floors, and nothing beside or above it.
FLOORS = (
    {"__version__", "symbolic"},
    {"model"},
    {"iam", "adapters"},
    {"findings", "terraform", "cloudformation", "taskfiles"},
    {"ecs"},
    {"rules"},
    {"analysis"},
    {"report", "hosts"},
    {"lsp"},
    {"cli"},
    {"__main__"},
)
#: The same inside the two front ends.
FRONT_ENDS = {
    "terraform": (
        {"syntax", "resources"},
        {"language"},
        {"configuration"},
        {"plan"},
        {"front_end"},
        {"__init__"},
    ),
    "taskfiles": (
        {"recognition", "placeholders", "expressions", "templating"},
        {"reading", "workflows"},
        {"ecspresso"},
        {"unit"},
        {"discovery"},
        {"__init__"},
    ),
    "cloudformation": ({"resources"}, {"language"}, {"template"}, {"__init__"}),
}

#: What is imported from outside, and by whom alone.
OUTSIDE = {
    "yaml": {"symbolic", "analysis", "terraform"},
    "tree_sitter": {"terraform"},
    "tree_sitter_hcl": {"terraform"},
    "hcl2": {"terraform"},
    "lark": {"terraform"},
    "tomli": {"analysis"},
    "shtab": {"cli"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "checkov": {"hosts"},
    "cfnlint": {"hosts"},
    "ecs_preflight": {"hosts"},  # the shims, which run outside the package
}
#: More rooms than a person sees at a glance are no house.
MOST_ROOMS = 15


def module_of(file: Path) -> tuple[str, ...]:
    """``("terraform", "plan", "plan_unit")``; of a package its own name, of the top ``()``."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


MODULES = {module_of(file): file for file in FILES}


def room_of(module: tuple[str, ...]) -> str:
    return module[0] if module else "__version__"


def imports(file: Path) -> Iterator[tuple[str, ...]]:
    """The modules of the package that a file imports, be it for types alone."""
    module = module_of(file)
    package = module if file.name == "__init__.py" else module[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            base += tuple((node.module or "").split(".")) if node.module else ()
            for alias in node.names:
                yield (*base, alias.name) if (*base, alias.name) in MODULES else base


def outside(file: Path) -> Iterator[str]:
    """The top-level names that a file imports from outside the package."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).split(".")[0]


ARROWS = {module: frozenset(imports(file)) for module, file in MODULES.items()}


def upward(floors: Sequence[set[str]], arrows: Iterable[tuple[str, str]]) -> list[str]:
    """The arrows between two rooms that do not point to a lower floor."""
    floor = {room: number for number, rooms in enumerate(floors) for room in rooms}
    unplaced = [f"{room} has no floor yet" for a in set(arrows) for room in a if room not in floor]
    return unplaced or [
        f"{a} may not know {b}" for a, b in arrows if a != b and floor[b] >= floor[a]
    ]


def test_arrows_point_downwards() -> None:
    arrows = {(room_of(a), room_of(b)) for a, found in ARROWS.items() for b in found}
    assert upward(FLOORS, sorted(arrows)) == []


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_arrows_inside_a_front_end_point_downwards(front_end: str) -> None:
    arrows = {
        (a[1] if a[1:] else "__init__", b[1] if b[1:] else "__init__")
        for a, found in ARROWS.items()
        for b in found
        if a[:1] == b[:1] == (front_end,)
    }
    assert upward(FRONT_ENDS[front_end], sorted(arrows)) == []


def test_the_top_level_holds_packages_alone() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}
    rooms = {room_of(module) for module in MODULES} - {"__version__", "__main__"}
    assert len(rooms) <= MOST_ROOMS


def test_no_two_modules_know_each_other() -> None:
    """No circle of imports, those for types alone included."""
    left = {module: set(found) & set(MODULES) - {module} for module, found in ARROWS.items()}
    while free := {module for module, found in left.items() if not found & set(left)}:
        left = {module: found for module, found in left.items() if module not in free}
    # What only leads into a circle is no part of it.
    while loose := set(left) - {module for found in left.values() for module in found}:
        left = {module: found for module, found in left.items() if module not in loose}
    assert sorted(".".join(module) for module in left) == []


def test_what_comes_from_outside() -> None:
    wrong = [
        f"{file}: {room_of(module)} may not import {name}"
        for module, file in MODULES.items()
        for name in outside(file)
        if name not in sys.stdlib_module_names
        and name != "__future__"
        and room_of(module) not in OUTSIDE.get(name, ())
    ]
    assert wrong == []


def test_dataclasses_are_those_that_are_cheap_to_define() -> None:
    """``symbolic.records`` has them; the library's cost a small scan half of its time."""
    using = [str(file) for file in FILES if "dataclasses" in set(outside(file))]
    assert [file for file in using if not file.endswith("symbolic/records.py")] == []


def test_front_ends_are_known_to_the_analysis_and_to_cfn_lint_alone() -> None:
    knowing = {
        ".".join(module)
        for module, found in ARROWS.items()
        for other in found
        if room_of(other) in FRONT_ENDS and room_of(other) != room_of(module)
    }
    assert knowing == {"analysis.evaluation", "analysis.relevance", "hosts.cfn_lint"}


def test_rules_know_neither_files_nor_languages() -> None:
    known = {
        room_of(other)
        for module, found in ARROWS.items()
        for other in found
        if room_of(module) == "rules"
    }
    assert known <= {"symbolic", "model", "iam", "findings", "ecs", "rules"}


def test_no_module_is_long() -> None:
    long = {file: lines for file in FILES if (lines := len(file.read_text().splitlines())) > 400}
    assert long == {}


def test_no_module_bears_the_name_of_one_of_the_standard_librarys() -> None:
    assert [file for file in FILES if file.stem in sys.stdlib_module_names - {"__main__"}] == []


def test_what_is_public_says_what_it_is() -> None:
    """A rule's check and needs are told by its page."""
    silent = [
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in FILES
        for name, node in public(ast.parse(file.read_text()))
        if not ast.get_docstring(node)
        and not (file.parent.name == "rules" and name in ("check", "needs"))
    ]
    assert silent == []


def public(module: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """The functions, classes and methods whose names do not begin with an underscore."""
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.name, node
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


def test_no_class_name_stands_for_two_things() -> None:
    homes: dict[str, list[Path]] = {}
    for file in FILES:
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(file)
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


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
