"""Whatever is asked of it, the evaluator ends, and soon; what it gives up is unknown, with the
reason."""

from __future__ import annotations

import pytest
from evaluating import ToyScope, plain, value_of, var
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.symbolic.jsontext import parse_json
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Entries, Items, Known, Unknown, Value, Why, why_not
from ecs_preflight.terraform.language.evaluate import evaluate
from ecs_preflight.terraform.syntax.nodes import SyntaxFault
from ecs_preflight.terraform.syntax.parse import parse_expression


def doubled(times: int, form: str, start: Value) -> Value:
    """``form`` applied to its own result again and again, as locals that use each other do."""
    value = start
    for _ in range(times):
        value = value_of(form, x=value)
    return value


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ('"${x}${x}"', Known("ab")),
        ("[x, x]", Known(1)),
        ("{ a = x, b = x }", Known(1)),
        ("concat(x, x)", Items((Known(1),))),
        ("[for i in [1, 2] : x]", Known(1)),
        ('join("", [x, x])', Known("ab")),
        ('format("%s%s", x, x)', Known("ab")),
        ("setproduct(x, x)", Items((Known(1), Known(2)))),
        ("x * x + 2", Known(7)),
        ('replace(x, "a", "aa")', Known("aaa")),
        ('"${x}${x}"', Unknown("?", Name("u"))),
        ("jsonencode(x)", Known('"')),
        ("merge(x, { (jsonencode(x)) = x })", Entries(())),
        ("flatten([x, x])", Items((Known(1),))),
        ('"%{ for a in [1, 2] }${x}%{ endfor }"', Known("ab")),
        ('indent(1000, "${x}\\n${x}")', Known("\n")),
    ],
)
def test_growth_ends(form: str, start: Value) -> None:
    found = doubled(40, form, start)
    assert isinstance(found, Unknown) or why_not(found) is not None


LETTERS = "a" * 60_000
LAUGHS = "\\n".join(["a0: &a0 [1]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30))])


@pytest.mark.parametrize(
    "text",
    [
        "range(2000)",
        "range(1e12)",
        "setproduct(range(1000), range(1000))",
        "[for a in range(1000) : range(1000)]",
        "[for a in range(1000) : [for b in range(1000) : b]]",
        "pow(10, 1e9)",
        "1e3999 * 1e3999",
        f'replace("{LETTERS}", "", "{LETTERS}")',
        f'join("{LETTERS}", range(1000))',
        'format("%999999999d", 1)',
        'format("%.999999999f", 1)',
        'indent(1e9, "a\\nb")',
        f'regex("(a*)*b", "{LETTERS}")',
        f'split("", "{LETTERS}{LETTERS}é")',
        'regexall("((a{0,100}){0,100}){0,100}", "a")',
        f'yamldecode("{LAUGHS}")',
        'yamldecode("&a [*a]")',
        'jsondecode("' + "[" * 5000 + '")',
        'parseint("' + "9" * 5000 + '", 10)',
    ],
    ids=lambda text: text[:40],
)
def test_what_is_too_much_is_unknown(text: str) -> None:
    assert isinstance(value_of(text), Unknown)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("setproduct(range(1000), range(1000))", Why.LIMIT),
        ("1 + []", Why.FUNCTION),
        ("timestamp()", Why.FUNCTION),
        ("[for a in range(1000) : [for b in range(1000) : b]]", Why.LIMIT),
        (f'regex("(a*)*b", "{LETTERS}")', Why.LIMIT),
        (f'yamldecode("0x{"f" * 5000}")', Why.LIMIT),
    ],
)
def test_the_reason_tells_a_limit_from_a_fault(text: str, why: Why) -> None:
    found = value_of(text)
    assert isinstance(found, Unknown)
    assert found.why is why


def test_what_stands_beside_what_is_too_much_is_kept() -> None:
    found = value_of("{ a = 1, b = setproduct(range(1000), range(1000)) }")
    assert isinstance(found, Entries)
    assert found.get("a") == Known(1)


def test_real_patterns_on_real_texts_are_within_the_limits() -> None:
    text = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf:password::" * 20
    found = value_of(f'regexall("([a-z]+):([a-z0-9-]*):([0-9]{{12}})", "{text}")')
    assert isinstance(found, Items)
    assert len(found.items) == 20


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="()[]{}.*+?|^$\\abdwsQEpLzAx0129-,:=!iPU<>&~ ", max_size=12),
    st.text(alphabet="ab1 \n-é", max_size=8),
)
def test_no_pattern_makes_it_raise(pattern: str, subject: str) -> None:
    scope = ToyScope({"p": Known(pattern), "s": Known(subject)})
    for text in ("regex(p, s)", "regexall(p, s)", 'replace(s, "/${p}/", "$1")'):
        assert value_of(text, scope) is not None


ANYTHING = st.recursive(
    st.sampled_from(
        [
            Known(None),
            Known(True),
            Known(1),
            Known(""),
            Known("a"),
            Known(1.5),
            Known("{"),
            Known("%s %d"),
            Unknown("?", Name("u")),
            Unknown("?"),
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: Items(tuple(items)))
        | st.lists(inner, max_size=3).map(lambda items: Items(tuple(items), Unknown("more")))
        | st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(
            lambda found: Entries(tuple(found.items()))
        )
        | st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(
            lambda found: Entries(tuple(found.items()), Unknown("more"))
        )
    ),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_no_argument_makes_a_function_raise(data: st.DataObject) -> None:
    from ecs_preflight.terraform.language.functions import FUNCTIONS

    name = data.draw(st.sampled_from(sorted(FUNCTIONS)))
    arguments = data.draw(st.lists(ANYTHING, max_size=4))
    dots = data.draw(st.sampled_from(["", "..."])) if arguments else ""
    names = [f"a{i}" for i in range(len(arguments))]
    scope = ToyScope(dict(zip(names, arguments, strict=True)))
    assert value_of(f"{name}({', '.join(names)}{dots})", scope) is not None


@settings(max_examples=150, deadline=None)
@given(
    ANYTHING,
    ANYTHING,
    st.sampled_from(
        [
            "a + b",
            "a == b",
            "a && b",
            "!a",
            "-a",
            "a[b]",
            "a.x",
            "a[*].x",
            "a.*.x",
            "a ? b : a",
            "[for x in a : x if b]",
            "{ for k, v in a : k => v }",
            "{ for k, v in a : v => k... }",
            '"${a}-${b}"',
            "{ (a) = b }",
            "a < b",
            "a % b",
            '"%{ if a }x%{ endif }"',
            '"%{ for x in a }${x}%{ endfor }"',
            "try(a.b, b)",
            "can(a[b])",
            "toset(a) == b",
        ]
    ),
)
def test_no_operand_makes_an_expression_raise(a: Value, b: Value, text: str) -> None:
    assert value_of(text, a=a, b=b) is not None


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='abx01.,:()[]{}"$%!=<>&|+-*/? \n~', max_size=30))
def test_no_text_makes_it_raise(text: str) -> None:
    try:
        expression = parse_expression(text, "main.tf")
    except SyntaxFault:
        return
    assert evaluate(expression, ToyScope({"a": Known(1)})) is not None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["{", "}", "[", "]", '"', ",", ":", "a", "1", " ", "\\", "\n"])
        | st.just(Unknown("?", Name("u"))),
        max_size=12,
    )
)
def test_no_text_with_holes_makes_the_json_reader_raise(parts: list[str | Unknown]) -> None:
    from ecs_preflight.symbolic.values import text as joined

    value = joined([Known(part) if isinstance(part, str) else part for part in parts])
    assert parse_json(value) is not None


def test_deep_nesting_ends() -> None:
    value: Value = Known(1)
    for _ in range(200):
        value = Items((value,))
    for text in (
        "jsonencode(x)",
        "flatten(x)",
        "x == x",
        "toset([x])",
        "length(x)",
        "tolist(x)",
    ):
        assert value_of(text, x=value) is not None
    assert plain(value_of("x[0]" + "[0]" * 50, x=value)) is not None


def test_a_name_that_is_not_there_is_unknown() -> None:
    assert isinstance(value_of("nothing.at.all[0]", ToyScope({"var": var()})), Unknown)
    assert isinstance(value_of("var.none", ToyScope({"var": var()})), Unknown)
