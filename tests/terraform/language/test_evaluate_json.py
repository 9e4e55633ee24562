"""JSON in text, with holes and with places, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluating import ToyScope, plain, unknown, value_of, var
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.symbolic.jsontext import Piece, looks_like_json, parse_json, parse_pieces
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.values import (
    Entries,
    Items,
    JsonFault,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
)
from ecs_preflight.terraform.language.evaluate import evaluate
from ecs_preflight.terraform.syntax.parse import parse

VAR = var(
    x=unknown("var.x"), y=unknown("var.y"), list=unknown("var.list"), more=unknown("var.more")
)


def of(text: str) -> Value:
    return value_of(text, var=VAR)


def attributes(text: str, folder: Path = Path("/nowhere")) -> dict[str, Value]:
    scope = ToyScope({"var": VAR}, folder)
    return {
        each.name: evaluate(each.value, scope) for each in parse(text, "main.tf").body.attributes
    }


def target(value: Value) -> tuple[int, int]:
    return value.span.line, value.span.column


# -- known texts -----------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False, width=32),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON, st.sampled_from([None, 2]), st.booleans())
def test_valid_json_reads_as_the_standard_library_reads_it(
    document: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    found = parse_json(Known(text))
    assert not isinstance(found, JsonFault)
    assert plain(found) == json.loads(text)


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:\\ \n\ttrue1-.eu0/\U0010fffd', max_size=14))
def test_no_text_is_read_otherwise_than_by_the_standard_library(text: str) -> None:
    found = parse_json(Known(text))
    try:
        wanted = json.loads(text)
    except ValueError:
        # Python's reader is strict, but lets lone surrogates and NaN through.
        assert isinstance(found, JsonFault)
    else:
        assert not isinstance(found, JsonFault)
        assert plain(found) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "ends too early"),
        ("[1,]", "comma stands before"),
        ('{"a": 1,}', "comma stands before"),
        ("[1 2]", "comma or ']' is missing"),
        ('{"a" 1}', "':' is missing"),
        ("{a: 1}", "double quotes"),
        ("['a']", "double quotes"),
        ("[1] x", "more text"),
        ('["a\nb"]', "line break"),
        ('["a\tb"]', "a tab"),
        ('["a]', "never closed"),
        (r'["\x"]', "escape"),
        ("// c\n{}", "no comments"),
        ('{"a": 1 // c\n}', "no comments"),
        ("[tru]", "no JSON value"),
        ("[01]", "no JSON value"),
        ("[,1]", "missing before ','"),
        ('{"a": }', "missing"),
        ("{,}", "missing before ','"),
        ("[1", "']' is missing"),
        ('{"a": 1', "'}' is missing"),
    ],
)
def test_a_fault_says_why(text: str, reason: str) -> None:
    found = parse_json(Known(text, Span("main.tf", 3, 5, 3, 9)))
    assert isinstance(found, JsonFault)
    assert reason in found.reason
    assert found.span.line == 3


def test_what_nests_too_deeply_is_unknown_and_no_fault() -> None:
    found = parse_json(Known("[" * 300 + "]" * 300))
    assert isinstance(found, Unknown) and found.why is Why.LIMIT


def test_the_last_of_two_keys_counts() -> None:
    assert plain(parse_json(Known('{"a": 1, "b": 2, "a": 3}'))) == {"a": 3, "b": 2}  # type: ignore[arg-type]


def test_what_is_no_text_comes_back() -> None:
    for value in (Known(5), Known(None), Items(()), Entries(())):
        assert parse_json(value) is value
    assert (
        looks_like_json(Known(" ["))
        and not looks_like_json(Known("a["))
        and not looks_like_json(Known(1))
    )


def test_a_number_beyond_reason_is_unknown() -> None:
    for digits in ("1e999999", "9" * 5000):
        found = parse_json(Known(f"[{digits}]"))
        assert isinstance(found, Items)
        assert isinstance(found.items[0], Unknown)
        assert found.items[0].why is Why.LIMIT


# -- holes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"{\"a\": \"${var.x}\"}"', {"a": "<var.x>"}),
        (r'"{\"a\": \"b-${var.x}\", \"c\": ${var.y}}"', {"a": "b-<var.x>", "c": "<var.y>"}),
        ('"[${var.x}]"', [...]),
        (r'"[1, ${var.x}]"', [1, ...]),
        (r'"[${var.x}, 1]"', [1, ...]),
        (r'"[1 ${var.x}]"', [1, ...]),
        (r'"[1 ${var.x} 2]"', [1, 2, ...]),
        (r'"[{\"a\": 1}, ${join(",", var.list)}]"', [{"a": 1}, ...]),
        (r'"{\"a\": 1 ${var.x}}"', {"a": 1, "...": ...}),
        (r'"{${var.x}}"', {"...": ...}),
        (r'"{\"a\": 1, \"${var.x}\": 2}"', {"a": 1, "...": ...}),
        (r'"{\"a\": 1${var.x}}"', {"a": "<>"}),
        (r'"{\"a\": [${var.x}], \"b\": 2}"', {"a": [...], "b": 2}),
        ("jsonencode(var.x)", "<var.x>"),
        ("jsonencode([var.x])", ["<var.x>"]),
        ('"[${jsonencode(var.x)}]"', [...]),
        (r'"{\"a\": ${jsonencode(var.x)}}"', {"a": "<var.x>"}),
        ('"[${jsonencode({ a = var.x })}, ${jsonencode([1])}]"', [{"a": "<var.x>"}, [1]]),
        ('format("[%s, %s]", jsonencode({ a = var.x }), jsonencode(1))', [{"a": "<var.x>"}, 1]),
        ('trimspace(" ${jsonencode([var.x])} ")', ["<var.x>"]),
        ("jsonencode(jsonencode([var.x]))", "[<jsonencode(var.x)>]"),
    ],
)
def test_holes_stay_holes(text: str, value: object) -> None:
    found = parse_json(of(text))
    assert not isinstance(found, JsonFault)
    assert plain(found) == value
    assert plain(of(f"jsondecode({text})")) == value


@pytest.mark.parametrize(
    "text",
    [
        '"${var.x}{}"',
        '"[${var.x}"',
        r'"{\"a\" ${var.x}}"',
        r'"{}${var.x}"',
        r'"[${var.x}]]"',
        '"${var.x}"',
    ],
)
def test_what_a_hole_may_mend_is_unknown_not_a_fault(text: str) -> None:
    assert isinstance(parse_json(of(text)), Unknown)


@pytest.mark.parametrize(
    "text", [r'"[\"${var.x}\",]"', r'"{\"a\": \"${var.x}\" \"b\": 1}"', r'"{\"a\": ${var.x},}"']
)
def test_what_no_hole_can_mend_is_a_fault(text: str) -> None:
    assert isinstance(parse_json(of(text)), JsonFault)


def test_a_structure_survives_being_text() -> None:
    text = """jsonencode([{
      name    = "app"
      image   = "${var.x}:${var.y}"
      secrets = [{ name = "A", valueFrom = aws_secretsmanager_secret.a.arn }]
      cpu     = 1.50
      extra   = merge({ a = 1 }, var.more)
      list    = concat([1], var.list)
    }])"""
    arn = Reference("aws_secretsmanager_secret.a", "arn")
    value = value_of(text, var=VAR, aws_secretsmanager_secret=var(a=var(arn=arn)))
    assert isinstance(value, Text)
    found = parse_json(value)
    assert plain(found) == [
        {  # type: ignore[arg-type]
            "name": "app",
            "image": "<var.x>:<var.y>",
            "cpu": 1.5,
            "secrets": [{"name": "A", "valueFrom": "<aws_secretsmanager_secret.a.arn>"}],
            "extra": {"a": "<>", "...": ...},
            "list": [1, ...],
        }
    ]


def test_an_encoded_text_reads_the_same_without_what_it_remembers() -> None:
    value = of(
        'jsonencode([{ a = "${var.x}-1", b = [1, null, true], c = var.y, d = concat(["z"], var.list) }])'
    )
    assert isinstance(value, Text)
    assert plain(parse_json(Text(value.parts))) == plain(parse_json(value))  # type: ignore[arg-type]


# -- places ----------------------------------------------------------------------------------------


def test_every_part_of_a_heredoc_has_its_line_and_column() -> None:
    found = attributes("""policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Action": "s3:*", "Resource": "${var.x}/*"},
        %{ if true }
        {"Action": ["a",
                    "b"]},
        %{ endif }
        ${jsonencode({
          Action = "c"
        })}
      ]
    }
EOT
plain = <<EOT
{
  "a": [1, {"b": true}]
}
EOT
""")
    document = parse_json(found["policy"])
    assert isinstance(document, Entries)
    assert target(document) == (2, 5)
    assert target(document.get("Version")) == (3, 18)
    assert (document.key_span("Version").line, document.key_span("Version").column) == (3, 7)
    statements = document.get("Statement")
    assert isinstance(statements, Items)
    first, second, third = statements.items
    assert isinstance(first, Entries) and isinstance(second, Entries) and isinstance(third, Entries)
    assert target(first.get("Resource")) == (5, 40)
    assert target(second) == (7, 9)
    actions = second.get("Action")
    assert isinstance(actions, Items)
    assert [target(action) for action in actions] == [(7, 21), (8, 21)]
    assert target(third.get("Action")) == (11, 20)
    whole = parse_json(found["plain"])
    assert isinstance(whole, Entries)
    listed = whole.get("a")
    assert isinstance(listed, Items)
    assert [target(item) for item in listed] == [(18, 9), (18, 12)]
    assert listed.span.end_column == 24


def test_what_is_encoded_stands_where_it_is_written() -> None:
    value = attributes('x = jsonencode({\n  a = "b"\n  c = ["${1}"]\n})\n')["x"]
    document = parse_json(value)
    assert isinstance(document, Entries)
    assert target(value) == (1, 5)
    assert target(document.get("a")) == (2, 7)
    listed = document.get("c")
    assert isinstance(listed, Items)
    assert target(listed.items[0]) == (3, 11)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('x = <<EOT\n{\n  "a": 1,\n}\nEOT\n', (4, 1)),
        (
            'x = <<-EOT\n    {\n      "a": [\n        1,\n      ],\n      "b": "${var.x}"\n    }\n  EOT\n',
            (5, 7),
        ),
        ('x = "{\\"a\\": 1,}"\n', (1, 5)),
    ],
)
def test_a_fault_stands_where_it_is(text: str, where: tuple[int, int]) -> None:
    fault = parse_json(attributes(text)["x"])
    assert isinstance(fault, JsonFault)
    assert (fault.span.line, fault.span.column) == where


def test_files_have_lines_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "task.json").write_text('[\n  {"name": "app"}\n]\n')
    (tmp_path / "task.tpl").write_text('[\n  {"name": "${name}",\n   "image": "i:${tag}"}\n]\n')
    (tmp_path / "broken.json").write_text('{\n  "a": 1,\n}\n')
    found = attributes(
        'plain = file("task.json")\n'
        'made = templatefile("task.tpl", { name = "app", tag = var.x })\n'
        'broken = file("broken.json")\n',
        tmp_path,
    )
    for name in ("plain", "made"):
        assert found[name].span.file == "main.tf"
        listed = parse_json(found[name])
        assert isinstance(listed, Items) and isinstance(listed.items[0], Entries)
        title = listed.items[0].get("name")
        assert title == Known("app")
        assert Path(title.span.file).name.startswith("task.")
        assert target(title) == (2, 12)
    fault = parse_json(found["broken"])
    assert isinstance(fault, JsonFault)
    assert Path(fault.span.file).name == "broken.json"
    assert fault.span.line == 3


def test_pieces_without_lines_stand_where_they_are_said_to() -> None:
    here, there = Span("a.tf", 1, 1, 1, 9), Span("b.tf", 7, 3, 7, 9)
    found = parse_pieces(
        [
            Piece(Known('{"a": '), here, 0),
            Piece(Known("[1,\n2]"), there),
            Piece(Known("}"), here, 0),
        ],
        here,
    )
    assert isinstance(found, Entries)
    assert found.get("a").span == there
