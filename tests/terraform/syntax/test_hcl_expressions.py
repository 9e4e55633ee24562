"""Every construct of HCL's expressions: the tree it gives, and what the tree's spans cover."""

from __future__ import annotations

import pytest
from hcl_shapes import PARSERS, parser, shape, slices

from ecs_preflight.symbolic.source import Span
from ecs_preflight.terraform.syntax.nodes import Literal
from ecs_preflight.terraform.syntax.parse import parse, parse_expression, parse_template

#: Source, shape.
SHAPES = [
    # literals and names
    ("1", "1"),
    ("1.5", "1.5"),
    ("1e3", "1000"),
    ("2.5E-1", "0.25"),
    ("true", "true"),
    ("null", "null"),
    ('"a"', '"a"'),
    ('""', '""'),
    ("a", "a"),
    ("a-b", "a-b"),
    ("größe", "größe"),
    ("for_each", "for_each"),
    ("trueish", "trueish"),
    # precedence
    ("a || b && c", "(|| a (&& b c))"),
    ("a && b || c", "(|| (&& a b) c)"),
    ("a && b == c", "(&& a (== b c))"),
    ("a == b < c", "(== a (< b c))"),
    ("a != b >= c", "(!= a (>= b c))"),
    ("a > b + c", "(> a (+ b c))"),
    ("a <= b - c", "(<= a (- b c))"),
    ("a + b * c", "(+ a (* b c))"),
    ("a / b - c % d", "(- (/ a b) (% c d))"),
    ("a - b - c", "(- (- a b) c)"),
    ("a / b * c", "(* (/ a b) c)"),
    ("(a + b) * c", "(* (+ a b) c)"),
    ("-a * b", "(* (- a) b)"),
    ("!a == b", "(== (! a) b)"),
    ("-a.b[0]", "(- (@ (. a b) 0))"),
    ("a - -b", "(- a (- b))"),
    ("a-b - c", "(- a-b c)"),
    ("1-b", "(- 1 b)"),
    ("a ? b : c", "(? a b c)"),
    ("a ? b : c ? d : e", "(? a b (? c d e))"),
    ("a ? b ? c : d : e", "(? a (? b c d) e)"),
    ("(a ? b : c) ? d : e", "(? (? a b c) d e)"),
    ("a ? b : c ? d : e ? f : g", "(? a b (? c d (? e f g)))"),
    ("a == b ? c + d : e || f", "(? (== a b) (+ c d) (|| e f))"),
    ("a + (b ? c : d) + e", "(+ (+ a (? b c d)) e)"),
    ("-1 ? !b : -c", "(? (- 1) (! b) (- c))"),
    # traversals
    ("a.b.c", "(. (. a b) c)"),
    ('a["b"]', '(@ a "b")'),
    ("a[b.c][0]", "(@ (@ a (. b c)) 0)"),
    ("a.0", "(@ a 0)"),
    ("a.0.b", "(. (@ a 0) b)"),
    ("a.b.1.c", "(. (@ (. a b) 1) c)"),
    ("a.for.in.if.true", "(. (. (. (. a for) in) if) true)"),
    ("(a).b", "(. a b)"),
    ("f(a).b", "(. (f a) b)"),
    ("[a][0]", "(@ [a] 0)"),
    ("{a = b}.a", '(. {"a":b} a)'),
    ("a[*]", "([*] a _)"),
    ("a[*].b.c", "([*] a (. (. _ b) c))"),
    ("a[*].b[0]", "([*] a (@ (. _ b) 0))"),
    ("a[*].b[*].c", "([*] a ([*] (. _ b) (. _ c)))"),
    ("a.*.b.c", "(.* a (. (. _ b) c))"),
    ("a.*.b[0].c", "(. (@ (.* a (. _ b)) 0) c)"),
    ("a.*.0.b", "(.* a (. (@ _ 0) b))"),
    ("a.*", "(.* a _)"),
    ("a.*.b[*].c", "([*] (.* a (. _ b)) (. _ c))"),
    ("(a\n.b)", "(. a b)"),
    # calls
    ("f()", "(f)"),
    ("f(a, b)", "(f a b)"),
    ("f(a, b,)", "(f a b)"),
    ("f(a...)", "(f a ...)"),
    ("f(a, b...)", "(f a b ...)"),
    ("f(\n  a,\n  # c\n  b,\n)", "(f a b)"),
    ("provider::aws::f(a)", "(provider::aws::f a)"),
    ("f(g(a), [b])", "(f (g a) [b])"),
    # collections
    ("[]", "[]"),
    ("[a, b]", "[a b]"),
    ("[\n a,\n b,\n]", "[a b]"),
    ("[[], {}]", "[[] {}]"),
    ("{}", "{}"),
    ("{\n}", "{}"),
    ("{a = 1}", '{"a":1}'),
    ("{a : 1, b = 2}", '{"a":1 "b":2}'),
    ('{"a" = 1\n b = 2\n}', '{"a":1 "b":2}'),
    ("{(a) = 1}", "{a:1}"),
    ("{a = b\n (c) = d}", '{"a":b c:d}'),
    ('{"${a}" = 1}', "{(t a):1}"),
    ('{"x${a}": 1}', '{(t "x" a):1}'),
    ("{1 = a}", "{1:a}"),
    ("{true = 1, null = 2}", '{"true":1 "null":2}'),
    ("{a.b = 1}", "{(. a b):1}"),
    ("{a = 1,\n b = 2,\n}", '{"a":1 "b":2}'),
    ("{a = {\n b = 1\n }\n c = [\n]\n}", '{"a":{"b":1} "c":[]}'),
    ("{for_a = 1, in = 2, if = 3}", '{"for_a":1 "in":2 "if":3}'),
    ("{a = <<E\nx\nE\n b = 1}", '{"a":"x\\n" "b":1}'),
    # for-expressions
    ("[for v in a : v]", "(for - v a : v)"),
    ("[for k, v in a : v if k]", "(for k v a : v if k)"),
    ("[for v in [b] : {c = v}]", '(for - v [b] : {"c":v})'),
    ("[\n for v in a :\n v\n if b\n]", "(for - v a : v if b)"),
    ("{for v in a : v => b}", "(for - v a : v => b)"),
    ("{for k, v in a : k => v... if b}", "(for k v a : k => v ... if b)"),
    ("{\n # c\n for v in {a = 1} :\n v => b\n}", '(for - v {"a":1} : v => b)'),
    ("{for k, v in a : k => {for x in v : x => 1}}", "(for k v a : k => (for - x v : x => 1))"),
    # strings and templates
    (r'"\ud800\U00110000"', '"\\ufffd\\ufffd"'),
    (r'"\n\r\t\"\\\u00e9\U0001F600"', '"\\n\\r\\t\\"\\\\\\u00e9\\ud83d\\ude00"'),
    ('"$${a} %%{b} $ % $$ $a"', '"${a} %{b} $ % $$ $a"'),
    ('"${a}"', "(t a)"),
    ('"x${a}"', '(t "x" a)'),
    ('"${a}${b}"', "(t a b)"),
    ('"${"${a}"}"', "(t (t a))"),
    ('"a ${~ b ~} c"', '(t "a" b "c")'),
    ('" ${~ b}"', '(t "" b)'),
    ('"${f("}")}"', '(t (f "}"))'),
    ('"%{ if a }b%{ else }c%{ endif }"', '(t (if a (t "b") (t "c")))'),
    ('"%{if a}%{endif}"', "(t (if a (t )))"),
    ('"%{ for v in a }${v},%{ endfor }"', '(t (for - v a (t v ",")))'),
    ('"%{for k, v in a}%{if k}x%{endif}%{endfor}"', '(t (for k v a (t (if k (t "x")))))'),
    ('"x %{~ if a ~} y %{~ endif ~} z"', '(t "x" (if a (t "y")) "z")'),
    # heredocs
    ("<<E\na\n  b\nE", '"a\\n  b\\n"'),
    ("<<-E\n    a\n      b\n  E", '"a\\n  b\\n"'),
    ("<<E\nE", '""'),
    ("<<-E\n  a\n\n \n  b\nE", '"a\\n\\n \\nb\\n"'),
    ('<<E\n\\n "${a}" # $${b}\nE', '(t "\\\\n \\"" a "\\" # ${b}\\n")'),
    ("<<-E\n    ${a}\n      b\n    E", '(t "" a "\\n  b\\n")'),
    ("<<-E\n    %{ if a ~}\n    b\n    %{ endif ~}\n    E", '(t "" (if a (t "    b\\n")) "")'),
    ("f(<<A\na\nA\n, <<B\nb\nB\n)", '(f "a\\n" "b\\n")'),
    ("<<END-IT_1\nEND\nEND-IT_1x\n END-IT_1", '"END\\nEND-IT_1x\\n"'),
    # comments
    ("a /* b */ + c", "(+ a c)"),
    ("[a, # b\n c, // d\n /* e\n */ f]", "[a c f]"),
    ("a # b", "a"),
    ("{\n # a\n b = 1 # c\n /* d */ e = 2\n}", '{"b":1 "e":2}'),
]

#: Source, what its spans cover: the whole first, then each part.
SPANS = [
    ("a + b * -c", ["a + b * -c", "a", "b * -c", "b", "-c", "c"]),
    ("(a + b) * (c)", ["(a + b) * (c)", "(a + b)", "a", "b", "(c)"]),
    ("a ? (b) : c", ["a ? (b) : c", "a", "(b)", "c"]),
    ("a.b[ 0 ].1", ["a.b[ 0 ].1", "a.b[ 0 ]", "a.b", "a", "0", "1"]),
    ("a[*].b", ["a[*].b", "a", "[*].b", "[*]"]),
    ("a.*.b[0]", ["a.*.b[0]", "a.*.b", "a", ".*.b", ".*", "0"]),
    ("f( a, b... )", ["f( a, b... )", "a", "b"]),
    ("provider::a::f(1)", ["provider::a::f(1)", "1"]),
    ("{ a = 1\n  (b) : [ c ] }", ["{ a = 1\n  (b) : [ c ] }", "a", "1", "(b)", "[ c ]", "c"]),
    ("[for k, v in a : v if b]", ["[for k, v in a : v if b]", "a", "v", "b"]),
    ("{for v in a : v => b...}", ["{for v in a : v => b...}", "a", "v", "b"]),
    ('"é ${ a } 😀 ${b}"', ['"é ${ a } 😀 ${b}"', "a", "b"]),
    (
        '"%{ if a }b%{ else }c%{ endif }"',
        ['"%{ if a }b%{ else }c%{ endif }"', "%{ if a }b%{ else }c%{ endif }", "a", "b", "c"],
    ),
    (
        '"x%{for v in a}${v} %{endfor}"',
        ['"x%{for v in a}${v} %{endfor}"', "%{for v in a}${v} %{endfor}", "a", "${v} ", "v"],
    ),
    ("<<-E\n    x ${a}\n    E", ["<<-E\n    x ${a}\n    E", "a"]),
    ("[<<E\n${a}\nE\n, b]", ["[<<E\n${a}\nE\n, b]", "<<E\n${a}\nE", "a", "b"]),
    ("[ # é\n  größe, /* x */ b ]", ["[ # é\n  größe, /* x */ b ]", "größe", "b"]),
    ('["${f("${a}")}"]', ['["${f("${a}")}"]', '"${f("${a}")}"', 'f("${a}")', '"${a}"', "a"]),
]


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize(("source", "expected"), SHAPES)
def test_an_expression_has_its_shape(name: str, source: str, expected: str) -> None:
    file = parse(f"x = {source}\ny = 1\n", "x.tf", parser(name))
    assert [attribute.name for attribute in file.body.attributes] == ["x", "y"]
    assert shape(file.body.attributes[0].value) == expected


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize(("source", "expected"), SPANS)
def test_spans_cover_what_they_are_of(name: str, source: str, expected: list[str]) -> None:
    text = f"# é\nx = {source}\n"
    value = parse(text, "x.tf", parser(name)).body.attributes[0].value
    assert slices(text, value) == expected


def test_operators_that_only_one_parser_nests() -> None:
    """checkov's grammar takes no operator after ``!`` and ``-``, nor a call as an object's key."""
    not_not, negated = parse("x = !!a\ny = - -1", "x.tf", parser("treesitter")).body.attributes
    assert (shape(not_not.value), shape(negated.value)) == ("(! (! a))", "(- (- 1))")


def test_an_expression_by_itself_stands_where_it_is_said_to() -> None:
    value = parse_expression("[\n  var.a\n]", "terraform.tfvars", 7, 5)
    assert shape(value) == "[(. var a)]"
    assert value.span == Span("terraform.tfvars", 7, 5, 9, 2)
    assert (value.items[0].span.line, value.items[0].span.column) == (8, 3)


def test_a_template_by_itself_has_no_quotes_and_no_escapes() -> None:
    value = parse_template('a "b" \\n\n%{ if c ~}\n  d\n%{ endif ~}\n', "x.tftpl")
    assert shape(value) == r'(t "a \"b\" \\n\n" (if c (t "  d\n")) "")'
    assert parse_template("plain", "x.tftpl") == Literal("plain", Span("x.tftpl", 1, 1, 1, 6))
