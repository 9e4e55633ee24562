"""Types: what values have, what several become, and what variables declare."""

from __future__ import annotations

import pytest
from evaluating import ToyScope, plain, unknown, value_of

from ecs_preflight.symbolic.values import Entries, Items, Known, Reference, Text, Unknown, Value
from ecs_preflight.terraform.language.conversions import convert, type_named
from ecs_preflight.terraform.language.value_types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    Type,
    convertible,
    list_of,
    map_of,
    object_of,
    set_of,
    type_of,
    unify,
)
from ecs_preflight.terraform.syntax.parse import parse_expression


def declared(value: str, constraint: str, **roots: Value) -> Value:
    scope = ToyScope(roots)
    return convert(value_of(value, scope), parse_expression(constraint, "variables.tf"), scope)


@pytest.mark.parametrize(
    ("value", "constraint", "converted"),
    [
        ("1", "string", "1"),
        ('"1"', "number", 1),
        ('"true"', "bool", True),
        ("true", "string", "true"),
        ("[1, 2]", "list(string)", ["1", "2"]),
        ('["b", "a", "b"]', "set(string)", ["a", "b"]),
        ("{ a = 1 }", "map(string)", {"a": "1"}),
        ("null", "string", None),
        ("[1]", "any", [1]),
        ('["a"]', "list", ["a"]),
        ("{ a = 1 }", "map", {"a": 1}),
        ('"x"', '"string"', "x"),
        ('[1, "a"]', "list(any)", ["1", "a"]),
        ('["1", 2]', "tuple([number, string])", [1, "2"]),
        ("{ a = 1, z = 2 }", "object({ a = string })", {"a": "1"}),
        ("{}", "object({ a = optional(string) })", {"a": None}),
        ("{}", "object({ a = optional(string, 5) })", {"a": "5"}),
        ("{ a = null }", 'object({ a = optional(string, "d") })', {"a": "d"}),
        (
            "{}",
            "object({ a = optional(object({ b = optional(number, 1) }), {}) })",
            {"a": {"b": 1}},
        ),
        (
            "[{}, { a = true }]",
            "list(object({ a = optional(bool, false) }))",
            [{"a": False}, {"a": True}],
        ),
        ("{ x = {} }", "map(object({ a = optional(list(string), []) }))", {"x": {"a": []}}),
        ("toset([2, 1])", "list(number)", [1, 2]),
        ("1", "nonsense", 1),
        ("1", "object(1)", 1),
    ],
)
def test_a_value_becomes_what_its_variable_declares(
    value: str, constraint: str, converted: object
) -> None:
    assert plain(declared(value, constraint)) == converted


@pytest.mark.parametrize(
    ("value", "constraint"),
    [
        ('"x"', "number"),
        ("[1]", "string"),
        ("1", "list(string)"),
        ("{}", "object({ a = string })"),
        ("[1]", "tuple([number, number])"),
        ('["x"]', "list(number)"),
        ("[1, true]", "list(any)"),
        ("[]", "map(string)"),
    ],
)
def test_what_does_not_fit_is_unknown_with_the_reason(value: str, constraint: str) -> None:
    found = declared(value, constraint)
    assert isinstance(found, Unknown)
    assert "does not fit" in found.reason


def test_what_is_not_known_stays_what_it_is() -> None:
    assert plain(declared("[x, 1]", "list(string)", x=unknown("x"))) == ["<x>", "1"]
    assert plain(declared("x", "object({ a = string })", x=unknown("x"))) == "<x>"
    role = Reference("aws_iam_role.r", "")
    assert declared("x", "object({ arn = string })", x=role) == role
    partial = Entries((("a", Known(1)),), Unknown("more"))
    assert plain(declared("x", "object({ a = string, b = string })", x=partial)) == {
        "a": "1",
        "b": "<>",
    }


def test_a_set_with_unknown_elements_has_no_order() -> None:
    found = declared('[x, "a"]', "set(string)", x=unknown("x"))
    assert isinstance(found, Items) and found.is_set
    assert isinstance(value_of("tolist(s)[0]", s=found), Unknown)
    assert isinstance(value_of("length(s)", s=found), Unknown)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"a"', STRING),
        ("1", NUMBER),
        ("true", BOOL),
        ("null", ANY),
        ("[]", Type("tuple")),
        ('[1, "a"]', Type("tuple", (NUMBER, STRING))),
        ("tolist([1])", list_of(NUMBER)),
        ('toset(["a"])', set_of(STRING)),
        ("tomap({ a = 1 })", map_of(NUMBER)),
        ("{ a = 1 }", object_of({"a": NUMBER})),
        ("tolist([])", list_of(ANY)),
    ],
)
def test_values_have_types(text: str, kind: Type) -> None:
    assert type_of(value_of(text)) == kind


def test_what_is_partly_known_has_as_much_of_a_type() -> None:
    assert type_of(Unknown("?")) == ANY
    assert type_of(Text((Unknown("?"),))) == STRING
    assert type_of(Items((), Unknown("more"))) == ANY
    assert type_of(Reference("a.b", "arn")) == ANY
    assert type_of(Reference("a.b", "arn", Known("x"))) == STRING


@pytest.mark.parametrize(
    ("kinds", "unified"),
    [
        ([], ANY),
        ([STRING], STRING),
        ([STRING, NUMBER], STRING),
        ([NUMBER, BOOL], None),
        ([ANY, NUMBER], NUMBER),
        ([Type("tuple", (NUMBER,)), Type("tuple", (STRING, STRING))], list_of(STRING)),
        ([Type("tuple", (NUMBER,)), Type("tuple", (STRING,))], Type("tuple", (STRING,))),
        ([object_of({"a": NUMBER}), object_of({"b": STRING})], map_of(STRING)),
        ([object_of({"a": NUMBER}), object_of({"a": STRING})], object_of({"a": STRING})),
        ([map_of(NUMBER), object_of({"a": STRING})], map_of(STRING)),
        ([list_of(NUMBER), set_of(NUMBER)], list_of(NUMBER)),
        ([Type("tuple"), list_of(STRING)], list_of(STRING)),
        ([STRING, list_of(STRING)], None),
        ([map_of(STRING), list_of(STRING)], None),
        ([object_of({"a": NUMBER}), object_of({"a": BOOL})], None),
        ([map_of(NUMBER), ANY], ANY),
    ],
)
def test_types_unify(kinds: list[Type], unified: Type | None) -> None:
    assert unify(kinds) == unified
    assert unify(kinds[::-1]) == unified


def test_conversions_exist_or_not() -> None:
    assert convertible(list_of(NUMBER), set_of(STRING)) and convertible(
        Type("tuple", (NUMBER,)), list_of(STRING)
    )
    assert convertible(map_of(STRING), object_of({"a": STRING}))
    assert not convertible(BOOL, NUMBER) and not convertible(STRING, list_of(STRING))
    assert not convertible(object_of({}), object_of({"a": STRING}))


def test_an_unreadable_constraint_is_any_type() -> None:
    scope = ToyScope()
    for text in (
        "object({ (x) = string })",
        "map(string, string)",
        "[string]",
        "object({ a = optional() })",
    ):
        assert type_named(parse_expression(text, "variables.tf"), scope) is not None
