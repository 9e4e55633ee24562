"""What is not HCL is refused, at its place, in bounded time, whatever it is."""

from __future__ import annotations

import random

import pytest
from hcl_shapes import PARSERS, parser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecs_preflight.terraform.syntax import parse as module
from ecs_preflight.terraform.syntax.nodes import SyntaxFault
from ecs_preflight.terraform.syntax.parse import (
    ParserMissing,
    parse,
    parse_expression,
    parse_template,
)
from ecs_preflight.terraform.syntax.text import MAX_DEPTH

#: Text, line and column of the fault, reason.
SCANNED = [
    ('a = "b\nc = 1\n', 1, 5, "the string is not closed on its line"),
    ('a = "b', 1, 5, "the string is not closed on its line"),
    ('a = "b\\', 1, 5, "the string is not closed on its line"),
    ("a = 1\nb = <<EOT\nx\n", 2, 5, "the heredoc 'EOT' is never closed"),
    ("a {\n  b = 1\n", 1, 3, "'{' is never closed"),
    ("a = [1, 2\nb = 3\n", 1, 5, "'[' is never closed"),
    ("a = f(1\n", 1, 6, "'(' is never closed"),
    ('a = "${b"\n', 1, 9, "the string is not closed on its line"),
    ('a = "${b\n', 1, 6, "'${' is never closed"),
    ("a {\n}}\n", 2, 2, "'}' closes nothing"),
    ("a = [1}\n", 1, 7, "unexpected '}', ']' is missing"),
    ('a = "${(b}"\n', 1, 10, "unexpected '}', ')' is missing"),
    ("a = 1 /* b\n", 1, 7, "the comment is never closed"),
    ("a = “b”\n", 1, 5, r"unexpected character '\u201c'"),
    ("a = b\u00a0+ c\n", 1, 6, r"unexpected character '\xa0'"),
    ("a = b\0\n", 1, 6, r"unexpected character '\x00'"),
    ('a = "\\q"\n', 1, 6, r"'\q' is not a valid escape sequence"),
    ('a = "\\{b"\n', 1, 6, r"'\{' is not a valid escape sequence"),
    ('a = "é\\u12"\n', 1, 7, r"'\u' is not a valid escape sequence"),
    ('a = "%{ fi b }"\n', 1, 6, "a template directive begins with if, else, endif, for or endfor"),
    ('a = "%{ if b }c"\n', 1, 6, "the 'if' directive is never closed"),
    ('a = "b%{ endif }"\n', 1, 7, "unexpected 'endif' directive"),
    ('a = "%{for b in c}%{else}%{endfor}"\n', 1, 19, "unexpected 'else' directive"),
    ('a = "%{ for b of c }%{ endfor }"\n', 1, 6, "'for' needs names, 'in' and a collection"),
    ('a = "%{if b}%{else c}%{endif}"\n', 1, 13, "unexpected text after 'else'"),
    ("a = {} {}\n", 1, 8, "unexpected '{'"),
    ('{"a": 1}\n', 1, 1, "unexpected '{'"),
    ("a\n{\n}\n", 2, 1, "unexpected '{'"),
]
BUILT = [
    ("a = 1 b = 2\n", 1, 7, "a new line is missing before this"),
    ("a = {b = 1 c = 2}\n", 1, 12, "a comma or new line is missing before this"),
    ("a {\n  b = c\n    + d\n}\n", 2, 8, "the line ends too early"),
    ('a "b${c}" {\n}\n', 1, 3, "a block's label must be a plain string"),
    ("a = 1e9999999\n", 1, 5, "is beyond the scan's limits: the number is too large"),
    ("a = b.*.c.*.d\n", 1, 10, "'.*' cannot follow another '.*'"),
]
#: What tree-sitter would repair. Its fault's line is the one that is at fault.
REPAIRED = [
    ("a = \n", 1),
    ("a = b +\n", 1),
    ("a b\n", 1),
    ("a = 1\nb c d\ne = 1\n", 2),
    ("a {\n  b == 1\n}\n", 2),
    ("a {\n  b = 1,\n  c = 2\n}\n", 2),
    ("a {\n  b = [1 2]\n}\n", 2),
    ("a {\n  b: 1\n}\n", 2),
    ('a {\n  "b" = 1\n}\n', 2),
    ("a {\n  b = 1\n  c = d e\n  f = 2\n}\n", 3),
    ("a {\n  b = f(1 2)\n}\n", 2),
    ("a {\n  b = 1;\n}\n", 2),
    ("a = [for b c : d]\n", 1),
    ("a = 1\n\nb {\n  c {\n    d = &e\n  }\n}\n\nf = \n", 5),
    ('x = 1\na = "b ${c d}"\n', 2),
    ("a = b ? c\n", 1),
    ("a = {\n  b = c +\n}\n", 2),
    ("- a: yaml\n  b: c\n", 1),
    ("a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> x\n", 2),
]


def fault(text: str, name: str) -> SyntaxFault:
    with pytest.raises(SyntaxFault) as caught:
        parse(text, "x.tf", parser(name))
    return caught.value


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize(("text", "line", "column", "reason"), SCANNED + BUILT)
def test_a_fault_has_a_place_and_a_reason(
    name: str, text: str, line: int, column: int, reason: str
) -> None:
    found = fault(text, name)
    assert (found.reason, found.span.line, found.span.column) == (reason, line, column)
    assert found.span.file == "x.tf"


@pytest.mark.parametrize(("text", "line"), REPAIRED)
def test_what_tree_sitter_repairs_is_a_fault_on_its_line(text: str, line: int) -> None:
    assert fault(text, "treesitter").span.line == line
    fault(text, "lark")


@pytest.mark.parametrize("name", PARSERS)
def test_a_fault_is_found_among_much_that_is_sound(name: str) -> None:
    sound = 'resource "a" "b" {\n  c = [1, 2]\n  d {\n    e = "${f}"\n  }\n}\n' * 200
    found = fault(sound + "resource {\n  a = 1\n  b = = 2\n}\n" + sound, name)
    assert found.span.line == 1203


LONG = 1_000
DEEP = {
    "parentheses": "a = " + "(" * LONG + "1" + ")" * LONG,
    "open parentheses": "a = " + "(" * LONG,
    "tuples": "a = " + "[" * LONG + "]" * LONG,
    "objects": "a = " + "{a = " * LONG + "1" + "}" * LONG,
    "blocks": "a {\n" * LONG + "}\n" * LONG,
    "interpolations": "a = " + '"${' * LONG + "1" + '}"' * LONG,
    "directives": 'a = "' + "%{if b}" * LONG + "%{endif}" * LONG + '"',
    "operators": "a = " + "b + " * LONG + "b",
    "negations": "a = " + "!" * LONG + "b",
    "conditionals": "a = " + "b ? c : " * LONG + "d",
    "nested conditionals": "a = " + "b ? " * LONG + "c" + " : d" * LONG,
    "attributes": "a = b" + ".c" * LONG,
    "indices": "a = b" + "[0]" * LONG,
    "splats": "a = b" + "[*]" * LONG,
    "calls": "a = " + "f(" * LONG + ")" * LONG,
}


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_nests_too_deeply_is_refused(name: str, text: str) -> None:
    assert f"{MAX_DEPTH}" in fault(text, name).reason or name == "lark"


@pytest.mark.parametrize("name", PARSERS)
def test_what_nests_as_deeply_as_allowed_is_read(name: str) -> None:
    depth = MAX_DEPTH - 10
    for opened, closed in (("(", ")"), ("[", "]"), ("f(", ")"), ("{a = ", "}"), ('"${', '}"')):
        text = "a = " + opened * depth + "1" + closed * depth
        assert len(parse(text, "x.tf", parser(name)).body.attributes) == 1


WIDE = {
    "an unterminated string": 'a = "' + "x" * 500_000,
    "unterminated strings": 'a = "b\n' * 20_000,
    "backslashes": 'a = "' + "\\" * 200_001,
    "comment openings": "/* " * 100_000,
    "heredocs": "a = <<E\n" * 20_000,
    "objects in a row": "a = {}" + " {}" * 20_000,
    "tuples in a row": "a = []" + " []" * 5_000 + " ,",
    "words": "a " * 20_000,
    "braces": "{}" * 20_000,
    "sums of objects": "a = {}" + " + {}" * 5_000,
    "equals signs": "=" * 50_000,
    "dollars": "a = " + "$" * 50_000,
    "quotes": '"' * 5_000 + "\n",
    "digits": "a = " + "9" * 20_000,
}


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_what_is_long_and_wrong_is_refused(name: str, text: str) -> None:
    fault(text, name)


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_long_and_right_is_read(name: str) -> None:
    text = (
        'a = "' + "x" * 500_000 + '"\nb = "' + r"\n\"$$ %%{" * 5_000 + '"\n'
        "c = <<-E\n"
        + "  x ${d}\n" * 500
        + "  E\n"
        + "".join(f"r{n} {{\n  s = [{n}, v.w]\n}}\n" for n in range(300))
    )
    file = parse(text, "x.tf", parser(name))
    assert len(file.body.attributes[2].value.parts) == 1_001
    assert len(file.body.blocks) == 300


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet='ab1{}[]()="\n$%.,:?~<-*#/\\ \té', max_size=60), st.sampled_from(PARSERS))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    try:
        file = parse(text, "x.tf", parser(name))
    except SyntaxFault as found:
        lines = text.count("\n") + 1
        assert 1 <= found.span.line <= found.span.end_line <= lines
        assert (found.span.line, found.span.column) <= (found.span.end_line, found.span.end_column)
    else:
        assert file.body.span.line == 1


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    block = 'resource "a" "b" {\n  c = "x ${d.e[0]} y"\n  f = [for g in h : { i = g }]\n}\n'
    text = list(block * 2)
    for _ in range(chance.randint(1, 4)):
        text[chance.randrange(len(text))] = chance.choice('"{}[]()\n$%=,.:x ')
    trees = []
    for name in PARSERS:
        try:
            trees.append(parse("".join(text), "x.tf", parser(name)))
        except SyntaxFault:
            continue
    assert len(trees) < 2 or trees[0] == trees[1]


@pytest.mark.parametrize("text", ["", "a b", "a, b", "a = 1", "a\n}", '"', "(", "a +"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_expression(text, "x.tf")


@pytest.mark.parametrize("text", ["${", "${}", "%{ if a }", "${a b}"])
def test_what_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_template(text, "x.tftpl")


def test_without_a_parser_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, package: str | None = None) -> None:
        raise ImportError(name)

    monkeypatch.setattr(module, "import_module", refuse)
    module.installed.cache_clear()
    try:
        with pytest.raises(ParserMissing, match=r"pip install .*tree-sitter-hcl"):
            parse("a = 1", "x.tf")
    finally:
        module.installed.cache_clear()
