"""What is not known stays symbolic: canonical names, conditions, worlds and what survives."""

from __future__ import annotations

import pytest
from evaluating import ToyScope, in_world, plain, unknown, value_of, var

from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
)
from ecs_preflight.symbolic.worlds import PathCondition, explore

VAR = var(
    x=unknown("var.x"),
    y=unknown("var.y"),
    on=unknown("var.on"),
    list=unknown("var.list"),
    env=unknown("var.env"),
    map=unknown("var.map"),
)


def of(text: str) -> Value:
    return value_of(text, var=VAR)


def symbol(text: str) -> str:
    value = of(text)
    assert isinstance(value, Unknown), f"{text} is {value}"
    return str(value.symbol)


# -- canonical names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("var.x", "var.x"),
        ("var.map.a[0]", "var.map.a[0]"),
        ('var.map["a"]', 'var.map["a"]'),
        ("var.map[var.x]", "var.map[var.x]"),
        ("!var.on", "!var.on"),
        ("length(var.list)", "length(var.list)"),
        ('var.env == "prod"', '(var.env == "prod")'),
        ("var.x < 3", "(var.x < 3)"),
        ("var.x + 1", "(var.x + 1)"),
        ("-var.x", "-var.x"),
        ("var.x && var.y", "(var.x && var.y)"),
        ("upper(var.x)", "upper(var.x)"),
        ('format("%03d", var.x)', 'format("%03d", var.x)'),
        ('join(",", var.list)', 'join(",", var.list)'),
        ("can(var.x.y)", "can(var.x.y)"),
        ("one(var.list)", "one(var.list)"),
        ('lookup(var.map, "a", 1)', 'lookup(var.map, "a", 1)'),
        ("max(var.list...)", "max(var.list...)"),
        ("jsondecode(var.x)", "jsondecode(var.x)"),
        ("var.on ? 1 : 2", "(var.on ? 1 : 2)"),
    ],
)
def test_an_unknown_result_is_named_after_its_operands(text: str, name: str) -> None:
    found = of(text)
    if isinstance(found, Text):
        assert plain(found) == f"<{name}>"
    else:
        assert symbol(text) == name


@pytest.mark.parametrize(
    "same",
    [
        (
            "var.on",
            "!!var.on",
            "var.on == true",
            "true == var.on",
            "var.on != false",
            "!(var.on == false)",
            "var.on && true",
            "var.on || false",
            "var.on && var.on",
            "try(var.on, false)",
        ),
        ("!var.on", "var.on == false", "var.on != true", "!(var.on == true)", "!!!var.on"),
        (
            'var.env == "prod"',
            '"prod" == var.env',
            '!(var.env != "prod")',
            '(var.env == "prod") == true',
        ),
        ('var.env != "prod"', '!(var.env == "prod")', '"prod" != var.env'),
        (
            "length(var.list) > 0",
            "length(var.list) != 0",
            "length(var.list) >= 1",
            "0 < length(var.list)",
            "!(length(var.list) == 0)",
            "!(length(var.list) < 1)",
        ),
        (
            "length(var.list) == 0",
            "length(var.list) < 1",
            "length(var.list) <= 0",
            "0 == length(var.list)",
        ),
        ("var.x < var.y", "var.y > var.x", "!(var.x >= var.y)", "!(var.y <= var.x)"),
        ("var.x > 5", "5 < var.x", "!(var.x <= 5)", "!(5 >= var.x)"),
        ("var.x + var.y", "var.y + var.x"),
        ("var.x == var.y", "var.y == var.x", "!(var.x != var.y)"),
        ("var.x && var.y", "var.y && var.x"),
        ("var.x == null", "null == var.x", "!(var.x != null)"),
    ],
)
def test_the_same_condition_has_the_same_name(same: tuple[str, ...]) -> None:
    assert {symbol(text) for text in same} == {symbol(same[0])}


@pytest.mark.parametrize(
    "texts",
    [
        ("keys(var.map)", "values(var.map)"),
        ('join(",", concat(var.list, ["a"]))', 'join(",", concat(["a"], var.list))'),
        ('join(",", concat(var.list, var.x))', 'join(",", concat(var.list))'),
        ('join(",", [for v in var.list : v.a])', 'join(",", [for v in var.list : v.b])'),
        ('join(",", var.list[*].a)', 'join(",", var.list[*].b)'),
        ('join(",", reverse(var.list))', 'join(",", var.list)'),
        ('join(",", toset([var.x, "a"]))', 'join(",", [var.x, "a"])'),
        ("var.x - var.y", "var.y - var.x"),
        ("tobool(var.x)", "tostring(var.x)"),
    ],
)
def test_different_values_never_share_a_name(texts: tuple[str, str]) -> None:
    first, second = (getattr(of(text), "symbol", None) for text in texts)
    assert first != second or first is None


def test_a_long_name_is_cut_and_stays_itself() -> None:
    long = "upper(" * 90 + "var.x" + ")" * 90
    once, again, longer = (
        getattr(of(text), "symbol", None) for text in (long, long, f"upper({long})")
    )
    assert once == again != longer
    assert len(str(once)) < 400 and str(once) == "upper(" * 9 + "..." + ")" * 9


# -- logic -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("var.on && false", False),
        ("false && var.on", False),
        ("var.on || true", True),
        ("true || var.on", True),
        ("var.on && !var.on", False),
        ("var.on || !var.on", True),
        ("var.x == var.x", True),
        ("var.x != var.x", False),
        ("[var.x] == [var.x]", True),
        ("[var.x] == []", False),
        ('["a", var.x] == ["b", var.x]', False),
        ("{ a = var.x } == {}", False),
        ('"a-${var.x}" == "b-1"', False),
        ('"${var.x}-a" != "b"', True),
        ('"a${var.x}" == null', False),
        ("var.on ? 1 : 1", 1),
        ('var.on ? "a" : "a"', "a"),
        ("alltrue([var.on, false])", False),
        ("anytrue([var.on, true])", True),
        ('contains([var.x, "a"], "a")', True),
        ('startswith("a-${var.x}", "a-")', True),
        ('startswith("a-${var.x}", "b")', False),
        ('endswith("${var.x}.json", ".json")', True),
        ('strcontains("a-${var.x}", "a-")', True),
        ('contains(keys({ a = var.x }), "a")', True),
        ("length([var.x, var.y])", 2),
        ("length({ a = var.x })", 1),
        ('substr("abc-${var.x}", 0, 3)', "abc"),
        ('element(["a", var.x], 2)', "a"),
        ('lookup({ a = 1, b = var.x }, "a", 2)', 1),
        ('merge(var.map, { a = 1 })["a"]', 1),
        ('split("/", "a/b/${true ? 1 : 2}")[1]', "b"),
        ('trimsuffix("a:${var.x}", ":${var.x}")', "a"),
        ('trimprefix("a-${var.x}-b", "a-${var.x}")', "-b"),
        ('trimsuffix(var.x, "${var.x}")', ""),
    ],
)
def test_what_no_unknown_can_change_is_known(text: str, value: object) -> None:
    assert of(text) == Known(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        'merge({ a = 1 }, var.map)["a"]',
        '{ a = 1, (var.x) = 2 }["a"]',
        'concat(["a"], var.list)[1]',
        "length(toset([var.x, var.y]))",
        'tolist(toset([var.x, "a"]))[0]',
        "toset([var.x])[0]",
        'sort([var.x, "a"])[0]',
        'contains(["a"], var.x)',
        '"${var.x}" == "a"',
        "length(concat(var.list))",
        'startswith("${var.x}-a", "a")',
        'coalesce(var.x, "a")',
        "var.on ? 1 : 2",
        "var.x == null",
        'split("/", "a/${var.x}")[1]',
        'replace("a-${var.x}", "-", "")',
        'trimsuffix("a${var.x}", "b")',
        'trimsuffix("a:${var.x}", ":${var.y}")',
        'trimsuffix("a", "b${var.x}")',
        'trim("a-${var.x}", "-${var.x}")',
    ],
)
def test_what_an_unknown_can_change_is_not(text: str) -> None:
    assert not isinstance(of(text), Known)


# -- partial structures ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[var.x, 1]", ["<var.x>", 1]),
        ('concat(["a"], var.list)', ["a", ...]),
        ('concat(var.list, ["a"])', ["a", ...]),
        ("flatten([[1], [var.list], var.x])", [1, ...]),
        ("merge({ a = 1 }, var.map, { b = 2 })", {"a": "<>", "b": 2, "...": ...}),
        ("[for v in var.list : v]", [...]),
        ('[for v in ["a", var.x] : upper(v)]', ["A", "<upper(var.x)>"]),
        ("[for v in [1, 2] : v if var.on]", [...]),
        ("{ for k, v in { a = var.x } : k => v }", {"a": "<var.x>"}),
        ('{ for v in ["a", var.x] : v => 1 }', {"a": 1, "...": ...}),
        ("var.list[*].name", [...]),
        ("keys({ a = var.x })", ["a"]),
        ("values({ a = var.x, b = 1 })", ["<var.x>", 1]),
        ('zipmap(["a"], [var.x])', {"a": "<var.x>"}),
        ('compact(["a", "", "b${var.x}"])', ["a", "b<var.x>"]),
        ('compact(["a", var.x])', ["a", ...]),
        ('distinct(["a", "a", var.x, var.x])', ["a", "<var.x>"]),
        ("toset([var.x, var.x, 1])", ["<var.x>", 1]),
        ('setunion(["a"], var.list)', ["a", ...]),
        ('"${var.x}-${1}"', "<var.x>-1"),
        ('join("-", ["a", var.x])', "a-<var.x>"),
        ('format("%s-%d", var.x, 1)', "<var.x>-1"),
        ('formatlist("%s!", ["a", var.x])', ["a!", "<var.x>!"]),
        ('upper("a-${var.x}")', "A-<upper(var.x)>"),
        ('replace("a.b-${1}", ".", "_")', "a_b-1"),
        ('trimprefix("arn:${var.x}", "arn:")', "<var.x>"),
        ('trimspace("  a-${var.x}-b ")', "a-<var.x>-b"),
        ('try(var.list[0], "x")', "<var.list[0]>"),
        ('coalesce(null, "${var.x}-a")', "<var.x>-a"),
        ('yamldecode("a: ${var.x}\\nb: c-${var.y}")', {"a": "<var.x>", "b": "c-<var.y>"}),
        ('"%{ if var.on }a%{ else }a%{ endif }"', "a"),
        ('"x%{ if var.on }a%{ endif }"', 'x<(var.on ? "a" : "")>'),
        ("slice([var.x, 1, 2], 1, 3)", [1, 2]),
        ("reverse([var.x, 1])", [1, "<var.x>"]),
        ("chunklist([var.x, 1, 2], 2)", [["<var.x>", 1], [2]]),
    ],
)
def test_what_is_known_survives(text: str, value: object) -> None:
    assert plain(of(text)) == value


def test_a_fault_beside_what_is_known_leaves_it_alone() -> None:
    assert plain(of("[{}.a, 1]")) == ["<>", 1]
    assert plain(of('{ a = tonumber("x"), b = 2 }')) == {"a": "<>", "b": 2}
    assert plain(of("try([{}.a, 1], 2)")) == 2


def test_why_it_is_not_known_comes_along() -> None:
    outside = Unknown("module 'x' is not downloaded", Name("module.x.y"), Why.MODULE)
    value = value_of('"${module.x}-a" == "b-a"', module=var(x=outside))
    assert isinstance(value, Unknown)
    assert (value.reason, value.why) == (outside.reason, Why.MODULE)
    fault = value_of("1 + []")
    assert isinstance(fault, Unknown)
    assert fault.why is Why.FUNCTION


# -- worlds ----------------------------------------------------------------------------------------


def request(text: str) -> dict[str, list[object]]:
    path_condition = PathCondition()
    value_of(text, ToyScope({"var": VAR}, path_condition=path_condition))
    return {
        str(name): [option.value for option in decision_point.options if not option.other]
        for name, decision_point in path_condition.decision_points.items()
    }


@pytest.mark.parametrize(
    ("text", "decision_points"),
    [
        ("var.on ? 1 : 2", {"var.on": [False, True]}),
        ("!var.on ? 1 : 2", {"var.on": [False, True]}),
        ("var.on == false ? 1 : 2", {"var.on": [False, True]}),
        ('var.env == "prod" ? 1 : 2', {"var.env": ["prod"]}),
        ('var.env != "prod" ? 1 : 2', {"var.env": ["prod"]}),
        ("var.x == null ? 1 : 2", {"var.x": [None]}),
        ('coalesce(var.x, "a")', {"var.x": ["", None]}),
        ("length(var.list) > 0 ? 1 : 2", {"length(var.list)": [0]}),
        ("var.x > 3 ? 1 : 2", {"(var.x > 3)": [False, True]}),
        ("var.x && var.y ? 1 : 2", {"(var.x && var.y)": [False, True]}),
        ("{ a = 1, b = 2 }[var.env]", {"var.env": ["b", "a"]}),
        ("lookup({ a = 1, b = 2 }, var.env, 3)", {"var.env": ["b", "a"]}),
        ('contains(["a", "b"], var.env)', {"var.env": ["b", "a"]}),
        ("[for v in [1] : v if var.on]", {"var.on": [False, True]}),
        ('"%{ if var.on }a%{ endif }"', {"var.on": [False, True]}),
        ("var.x", {}),
        ('"${var.x}"', {}),
        ("upper(var.x)", {}),
        ("true ? 1 : var.on", {}),
    ],
)
def test_a_choice_that_matters_is_recorded(
    text: str, decision_points: dict[str, list[object]]
) -> None:
    assert request(text) == decision_points


@pytest.mark.parametrize(
    ("text", "name", "choice", "value"),
    [
        ("var.on ? 1 : 2", "var.on", True, 1),
        ("var.on ? 1 : 2", "var.on", False, 2),
        ("!var.on ? 1 : 2", "var.on", True, 2),
        ("var.on != true ? 1 : 2", "var.on", True, 2),
        ('var.env == "prod" ? 1 : 2', "var.env", "prod", 1),
        ('var.env == "prod" ? 1 : 2', "var.env", "dev", 2),
        ('var.env != "prod" ? 1 : 2', "var.env", "prod", 2),
        ('"${var.env}-a"', "var.env", "prod", "prod-a"),
        ('coalesce(var.x, "a")', "var.x", None, "a"),
        ('coalesce(var.x, "a")', "var.x", "", "a"),
        ("var.x == null ? 1 : 2", "var.x", None, 1),
        ("length(var.list) > 0 ? 1 : 2", "length(var.list)", 0, 2),
        ("length(var.list) == 0 ? 1 : 2", "length(var.list)", 0, 1),
        ("var.x > 3 ? 1 : 2", "(var.x > 3)", True, 1),
        ("var.x <= 3 ? 1 : 2", "(var.x > 3)", True, 2),
        ("{ a = 1, b = 2 }[var.env]", "var.env", "b", 2),
        ("lookup({ a = 1 }, var.env, 3)", "var.env", "z", 3),
    ],
)
def test_a_world_decides(text: str, name: str, choice: object, value: object) -> None:
    assert in_world(text, name, choice, var=VAR) == Known(value)  # type: ignore[arg-type]


def test_in_another_world_the_unknown_is_none_of_what_it_is_compared_with() -> None:
    scenarios = explore(
        lambda path_condition: value_of(
            'var.env == "prod" ? "a" : coalesce(var.role, "b")',
            ToyScope(
                {"var": var(env=unknown("var.env"), role=unknown("var.role"))},
                path_condition=path_condition,
            ),
        )
    )
    found = {str(scenario.choice): plain(scenario.built) for scenario in scenarios}
    assert found["var.env is prod"] == "a"
    assert found["var.env is anything else"] == '<coalesce(var.role, "b")>'
    assert "var.role is null" in found


def test_a_hole_of_a_known_shape_is_compared_by_it() -> None:
    region = Unknown("the Region is open", Name("region"), shape=Shape.REGION)
    assert value_of('r == ""', r=region) == Known(False)
    assert value_of('r == "a b"', r=region) == Known(False)
    assert value_of("r == null", r=region) == Known(False)
    assert isinstance(value_of('r == "eu-west-1"', r=region), Unknown)


def test_lists_stay_lists() -> None:
    assert isinstance(of("concat(var.list, [])"), Items)
    assert isinstance(of("merge(var.map)"), Entries)


def test_where_unknown_members_stand_in_a_text_is_open() -> None:
    listed = of('jsonencode(concat(["p", "q"], var.list))')
    assert plain(listed) == '[<>"p"<>"q"<>]'
    assert isinstance(of('startswith(jsonencode(concat(["p"], var.list)), "[\\"a")'), Unknown)
    assert plain(of("jsonencode(merge(var.map, { b = 1, a = 2 }))")) == '{<>"a":2<>"b":1<>}'
    assert plain(of('jsonencode(toset([var.x, "a"]))')) == "[<>]"


# -- one of several, which of them is not known ----------------------------------------------------

ENVIRONMENTS = """{ for name in range(12) : "env${name}" => {
    on = false, name = "app-${name}", size = name, secrets = ["A"], none = name == 1 ? null : "x" } }"""


@pytest.mark.parametrize(
    ("path", "shared"),
    [
        ("on", False),
        ("secrets", ["A"]),
        ("secrets[0]", "A"),
        ("on ? 1 : 2", 2),
        ("name == null", False),
        ("size", None),
        ("none == null", None),
        ('name == "app-3"', None),
    ],
)
def test_what_all_entries_share_is_known_of_an_unknown_one(path: str, shared: object) -> None:
    found = of(f"({ENVIRONMENTS})[var.env].{path}")
    if shared is None:
        assert isinstance(found, Unknown) and "[var.env]." in str(found.symbol)
    else:
        assert plain(found) == shared


def test_a_key_that_may_be_missing_leaves_the_default_open() -> None:
    assert isinstance(of(f'try(({ENVIRONMENTS})[var.env].on, "none")'), Unknown)
    assert isinstance(of(f"can(({ENVIRONMENTS})[var.env])"), Unknown)


def test_a_reason_and_a_world_print_a_long_term_within_bounds() -> None:
    found = of(f'({ENVIRONMENTS})[var.env].size == 3 ? "a" : "b"')
    assert isinstance(found, Unknown)
    assert "[var.env].size" in found.reason and len(found.reason) < 300
    request = PathCondition()
    value_of(
        f'({ENVIRONMENTS})[var.env].size == 3 ? "a" : "b"',
        ToyScope({"var": VAR}, path_condition=request),
    )
    (decision_point,) = (q for q in request.decision_points.values() if ".size" in str(q.symbol))
    assert all("[var.env].size is " in str(choice) for choice in decision_point.options)


# -- conditions that a value's own worlds decide ---------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [
        'var.env == "dev" || var.env == "test"',
        '!(var.env == "dev" || var.env == "test")',
        'contains(["dev", "test"], var.env)',
        'var.env != "dev" && var.env != "test"',
        'var.env == null || var.env == "test"',
    ],
)
def test_a_condition_on_one_value_is_no_world_of_its_own(condition: str) -> None:
    request = PathCondition()
    found = value_of(f'{condition} ? "a" : "b"', ToyScope({"var": VAR}, path_condition=request))
    assert isinstance(found, Unknown)
    assert list(request.decision_points) == [Name("var.env")]
    for choice in request.decision_points[Name("var.env")].options:
        world = PathCondition({choice.symbol: choice})
        assert plain(
            value_of(f'{condition} ? "a" : "b"', ToyScope({"var": VAR}, path_condition=world))
        ) in ("a", "b")


@pytest.mark.parametrize(
    "condition",
    [
        'var.env == "dev" || var.on',
        'var.env == "dev" && var.x == "y"',
        'startswith(var.env, "dev") || var.env == "x"',
    ],
)
def test_a_condition_on_more_than_one_value_stays_a_choice(condition: str) -> None:
    request = PathCondition()
    value_of(f'{condition} ? "a" : "b"', ToyScope({"var": VAR}, path_condition=request))
    assert any(
        isinstance(option.value, bool)
        for decision_point in request.decision_points.values()
        for option in decision_point.options
    )


def test_what_may_hold_more_than_it_shows_has_no_world_in_which_it_is_empty() -> None:
    request = PathCondition()
    found = value_of(
        'length(toset(concat(["a"], var.list))) > 0 ? 1 : 2',
        ToyScope({"var": VAR}, path_condition=request),
    )
    assert isinstance(found, Unknown) and not request.decision_points


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("a", "b"), Known("ab")),
        ((), Known("")),
        (("",), Known("")),
        (("a",), Known("a")),
        ((Reference("r", "arn", Known("x")), "y"), Known("xy")),
        ((unknown("u"), "a", "b"), Text((unknown("u"), "ab"))),
        ((unknown("u"),), Text((unknown("u"),))),
        ((Reference("r", "arn"), "", "y"), Text((Reference("r", "arn"), "y"))),
    ],
)
def test_a_text_is_filled_in_and_joined(
    parts: tuple[str | Unknown | Reference, ...], whole: Value
) -> None:
    assert expanded(Text(parts)) == whole


# -- a revision taken off a text --------------------------------------------------------------------

REVISION = Unknown("ECS counts it", Name("t.revision"), Why.APPLY, Shape.REVISION)


def replaced(pattern: str, new: str, last: Value) -> Value:
    whole = (
        Text(("a:1/web2:", last)) if isinstance(last, Unknown) else Known(f"a:1/web2:{last.value}")
    )
    call = f'replace(t, "/{pattern}/", "{new}")'
    return expanded(value_of(call, t=whole))


@pytest.mark.parametrize(
    "pattern", [r":\\d+$", ":[0-9]+$", r"web2:\\d*$", r"\\:\\d+$", r"/web2:\\d+$"]
)
@pytest.mark.parametrize("new", ["", ":*", "-7"])
def test_digits_at_the_end_are_replaced_whatever_they_are(pattern: str, new: str) -> None:
    known = {replaced(pattern, new, Known(digits)) for digits in ("7", "42", "1000000")}
    assert known == {replaced(pattern, new, REVISION)}


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"\\d+$", ""),
        (r"2:?\\d+$", ""),
        (r":\\d$", ""),
        (r":\\d+", ""),
        (r":(\\d+)$", "-$1"),
        (r":\\d+$", "$0"),
        (r"api:\\d+$", ""),
    ],
)
def test_what_hangs_on_the_digits_stays_unknown(pattern: str, new: str) -> None:
    assert isinstance(replaced(pattern, new, REVISION), Unknown)
