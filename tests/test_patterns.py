"""No pattern of ``re`` in the package takes more than linear time on what scanned code can write.

Each is found in the source, evaluated as its module would, and shown to be linear; or it stands
below, with the reason why no hostile text reaches it.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.symbolic.records import dataclass
from tests.support.backtracking import superlinear

PACKAGE = Path(__file__).resolve().parents[1] / "ecs_preflight"
METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
OUR_OWN = "a page of our own"
SHORT = "looks back at a few hundred characters"
#: Those that are not shown to be linear: the module, how the pattern begins, and why it is all the
#: same.
BOUNDED: dict[tuple[str, str], str] = {
    ("analysis.other_tools", "^resources:"): "a word at a line's beginning ends it, as does a name",
    (
        "terraform.configuration.calls",
        "(?:git::)?(?:https://|ssh://)?(?:git@)?[",
    ): "asked of short ones",
    ("cli.about", "<details"): OUR_OWN,
    ("cli.about", r"\[([^\]\n]+)\]"): OUR_OWN,
    ("ecs.images", "[<>{}$%]|(?:^|/)"): "begins behind a slash, and the rest reads none",
    ("findings.fixing.denials", "([\"']?)"): SHORT,
    ("findings.fixing.removals", '(?:"[\\w.:/-]+"'): SHORT,
    ("findings.fixing.statements", r"\bfor\b"): SHORT,
    ("findings.fixing.variables", r"(?:^|[\n{])"): SHORT,
    ("findings.fixing.trusts", r"\bAWS\b"): SHORT,
    ("findings.fixing.handovers", r"(?:^|\s)([\w-]+)"): "begins before a word, and reads that once",
    ("findings.fixing.handovers", "^output"): "what begins ends, at the latest with the last line",
    ("findings.fixing.loops", r"(?<![\w.])(aws_"): "begins before a word, and reads that once",
    ("findings.fixing.nested", "(?:^|[{,])"): "begins at a line or a mark, and reads blanks once",
    ("findings.fixing.nested", "((?:^|[{,])"): "begins at a line or a mark, and reads blanks once",
    ("findings.fixing.nested", "[\"']?("): SHORT,
    ("findings.fixing.roles", "^( +)"): SHORT,
    ("findings.fixing.repairs", "(!Sub )?"): "what it refers to is one letter",
    ("findings.sources", "(?P<comment>"): "what begins ends, at the latest with the text",
    ("report.explain.drawing", r"\bmodule"): "begins before a word, and reads that once",
    ("rules.credentials_in_environment", "(true|false"): "looks at a thousand characters",
    ("taskfiles.expressions", r"\$\{\{"): "is sought before the last end alone",
    (
        "taskfiles.placeholders",
        '"(?:[^"',
    ): "a string ends with its line, and the rest begins at a mark",
    ("taskfiles.placeholders", "[a-z]{2}"): "is asked of the whole text",
    ("taskfiles.workflows", r"\baws\s+"): "reads to the line's end where it has matched already",
    (
        "terraform.language.functions.network_functions",
        "(?<![0-9a-fA-F:])0+",
    ): "begins once in a row",
    ("terraform.syntax.lexical", r"\d(?<![\w.]\d)"): "begins once in a row of digits",
    (
        "terraform.syntax.strings",
        r"[$%]{2}\{|[$%]|(?:\\.|",
    ): "fails at the text's last letter alone",
}


@dataclass(frozen=True)
class Use:
    """A pattern, its flags, how it is asked, and where."""

    module: str
    line: int
    pattern: str | bytes
    flags: int
    method: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.method}"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
        yield name.removesuffix(".__init__"), ast.parse(file.read_text(encoding="utf-8"))


def methods_of(trees: list[tuple[str, ast.Module]]) -> dict[tuple[str, str], set[str]]:
    """Which methods are called on something of a name: of a private one in its module."""
    found: dict[tuple[str, str], set[str]] = {}
    for module, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                owner = node.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                found.setdefault(_known_as(module, name), set()).add(node.attr)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "ending":
                name = getattr(node.args[0], "id", "")
                found.setdefault(_known_as(module, name), set()).add("search")
    return found


def _known_as(module: str, name: str) -> tuple[str, str]:
    return (module if name.startswith("_") else "", name)


def uses() -> Iterator[Use]:
    trees = list(modules())
    asked = methods_of(trees)
    for module, tree in trees:
        named = {
            id(value): target.id
            for node in ast.walk(tree)
            if isinstance(node, (ast.Assign, ast.AnnAssign))
            for target, value in _assigned(node)
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            called = _called(node)
            if called is None:
                continue
            assert isinstance(node, ast.Call)
            pattern, flags = _evaluated(module, node, called)
            ways = {called}
            if called == "compile":
                ways = asked.get(_known_as(module, named.get(id(node), "")), set()) or {"search"}
            for method in sorted(ways):
                yield Use(module, node.lineno, pattern, flags, method)


def _called(node: ast.AST) -> str | None:
    """The function of ``re`` that it calls; ``regex`` is another name of one."""
    call = node.func if isinstance(node, ast.Call) else None
    if isinstance(call, ast.Name):
        return "compile" if call.id == "regex" else None
    if not isinstance(call, ast.Attribute) or not isinstance(call.value, ast.Name):
        return None
    is_one = call.value.id == "re" and call.attr in (*METHODS, "compile")
    return call.attr if is_one else None


def _assigned(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[ast.expr, ast.expr]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        elif node.value is not None:
            yield target, node.value


def _evaluated(module: str, call: ast.Call, method: str) -> tuple[Any, int]:
    """The pattern and the flags of a call. A hole that only a function knows reads as a letter; a
    pattern that only a function knows is given as its source."""
    namespace = vars(importlib.import_module(module))
    at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(method, 2)
    given = [k.value for k in call.keywords if k.arg == "flags"] + call.args[at:]
    flags = int(_value(given[0], namespace)) if given else 0
    try:
        return _value(call.args[0], namespace), flags
    except NameError:
        return f"<{ast.unparse(call.args[0])}>", flags


def _value(node: ast.expr, namespace: dict[str, Any]) -> Any:
    if isinstance(node, ast.JoinedStr):
        parts = [_piece(part, namespace) for part in node.values]
        return "".join(parts)
    return eval(compile(ast.Expression(node), "", "eval"), namespace)


def _piece(part: ast.expr, namespace: dict[str, Any]) -> str:
    try:
        return str(
            _value(
                getattr(part, "value", part) if isinstance(part, ast.FormattedValue) else part,
                namespace,
            )
        )
    except NameError:
        return "x"


ALL = list(uses())


def reason(use: Use) -> tuple[str, str] | None:
    pattern = use.pattern if isinstance(use.pattern, str) else use.pattern.decode("latin-1")
    own = (key for key in BOUNDED if key[0] == use.module.removeprefix("ecs_preflight."))
    return next((key for key in own if pattern.startswith(key[1])), None)


def test_no_pattern_takes_more_than_linear_time() -> None:
    slow, needed = {}, set()
    for use in ALL:
        if letter := superlinear(use.pattern, use.flags, use.method):
            needed.add(reason(use))
            slow[str(use)] = (use.pattern, letter, reason(use))
    unexplained = [f"{at}: {what}" for at, what in slow.items() if what[2] is None]
    assert not unexplained, "\n".join(unexplained)
    assert set(BOUNDED) <= needed, "what is explained though it is linear"
    assert len(ALL) > 250


def test_no_other_matcher_is_used_on_what_is_scanned() -> None:
    """fnmatch and pathlib turn a pattern into one of ``re``, which tries one way after another."""
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                imported = {alias.name for alias in node.names}
                names = {node.module} if isinstance(node, ast.ImportFrom) else imported
                assert not names & {"fnmatch", "glob", "regex"}, module
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("glob", "rglob", "full_match"), f"{module}:{node.lineno}"


@pytest.mark.parametrize(
    ("pattern", "method", "is_slow"),
    [
        ("(a+)+$", "match", True),
        ("(a*)*b", "match", True),
        ("(aa|a)*c", "match", True),
        ("a*a*b", "match", True),
        ("(?:x|x+)+y", "match", True),
        ("[ \\t]+x", "search", True),
        ("[ \\t]+x", "match", False),
        ("(a|b)*c", "match", False),
        (r"#(.*)", "search", False),
        (r"#(.*)$", "search", True),
        (r"\$\{[^{}]*\}", "search", False),
        (r"\$\{[^}]*\}", "search", True),
        (r"(\w)\1*x", "search", True),
        (r"\{\{(?!\s*resolve:)", "search", False),
    ],
)
def test_what_is_slow_is_seen(pattern: str, method: str, is_slow: bool) -> None:
    assert bool(superlinear(pattern, 0, method)) is is_slow


def test_where_a_line_begins_matters() -> None:
    assert superlinear(r"^\s*x", re.MULTILINE)
    assert not superlinear(r"^[ \t]*x", re.MULTILINE)
    assert not superlinear(r"^\s*x")
