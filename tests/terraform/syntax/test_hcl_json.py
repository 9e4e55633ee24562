"""Terraform's JSON syntax: blocks and labels, strings as templates, exact places, faults."""

from __future__ import annotations

import json

import pytest
from hcl_shapes import covered, shape
from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.symbolic.source import Span
from ecs_preflight.terraform.syntax.json_syntax import parse_json, parse_json_values
from ecs_preflight.terraform.syntax.nodes import Block, Body, SyntaxFault, TemplateExpression

STACK = """{
\t"//": "a comment",
\t"resource": {
\t\t"aws_iam_role": {
\t\t\t"exec": {
\t\t\t\t"name": "é${var.name}",
\t\t\t\t"tags": {"${var.key}": "x"},
\t\t\t\t"depends_on": ["aws_iam_policy.logs"],
\t\t\t\t"lifecycle": {"ignore_changes": ["tags"]},
\t\t\t\t"inline_policy": [{"name": "a", "//": "kept"}, {"name": "b"}]
\t\t\t}
\t\t}
\t}
}
"""


def blocks(content: object) -> tuple[Block, ...]:
    return parse_json(json.dumps(content), "x.tf.json").body.blocks


def outline(body: Body) -> dict[str, object]:
    """A body's attributes by their shapes, and its blocks by type and labels."""
    return {
        **{a.name: shape(a.value) for a in body.attributes},
        **{" ".join((b.type, *b.labels)): outline(b.body) for b in body.blocks},
    }


def test_a_resource_has_arguments_and_terraforms_own_blocks() -> None:
    [role] = parse_json(STACK, "x.tf.json").body.blocks
    assert (role.type, role.labels) == ("resource", ("aws_iam_role", "exec"))
    assert outline(role.body) == {
        "name": '(t "\\u00e9" (. var name))',
        "tags": '{(t (. var key)):"x"}',
        "depends_on": "[(. aws_iam_policy logs)]",
        "lifecycle": {"ignore_changes": "[tags]"},
        "inline_policy": '[{"name":"a" "//":"kept"} {"name":"b"}]',
    }
    name = role.body.attributes[0]
    assert covered(STACK, name.span) == '"name": "é${var.name}"'
    assert covered(STACK, name.value.span) == '"é${var.name}"'
    assert name.value.parts[1].span == Span("x.tf.json", 6, 17, 6, 25)
    assert covered(STACK, role.header) == '"exec"'


def test_escapes_do_not_shift_what_follows_them() -> None:
    text = '{"locals": {"a": "\\n\\u00e9\\ud83d\\ude00 \\"${f(\\"x\\", b)}"}}'
    [attribute] = parse_json(text, "x.tf.json").body.blocks[0].body.attributes
    assert shape(attribute.value) == '(t "\\n\\u00e9\\ud83d\\ude00 \\"" (f "x" b))'
    assert covered(text, attribute.value.parts[1].span) == 'f(\\"x\\", b)'
    assert covered(text, attribute.value.parts[1].arguments[1].span) == "b"


def test_labels_and_blocks_may_be_listed() -> None:
    both = blocks({"resource": [{"a": [{"b": [{"x": 1}, {"x": 2}]}]}, {"a": {"c": {}}}]})
    assert [(b.labels, outline(b.body)) for b in both] == [
        (("a", "b"), {"x": "1"}),
        (("a", "b"), {"x": "2"}),
        (("a", "c"), {}),
    ]


def test_every_kind_of_block_has_its_labels() -> None:
    found = blocks(
        {
            "terraform": {
                "backend": {"s3": {"key": "x"}},
                "required_providers": {"aws": {"version": "5"}},
            },
            "provider": [{"aws": {"alias": "a"}}, {"aws": {}}],
            "locals": [{"a": 1}, {"b": "${local.a}"}],
            "module": {"m": {"source": "./m", "providers": {"aws": "aws.a"}}},
            "data": {"x": {"y": {}}},
            "output": {"o": {"value": "${module.m.z}"}},
            "moved": [{"from": "a.b", "to": "a.c"}],
            "check": {"c": {"assert": {"condition": "${true}"}}},
        }
    )
    assert outline(Body((), found, found[0].span)) == {
        "terraform": {
            "backend s3": {"key": '"x"'},
            "required_providers": {"aws": '{"version":"5"}'},
        },
        "provider aws": {},
        "locals": {"b": "(t (. local a))"},
        "module m": {"source": '"./m"', "providers": '{"aws":(. aws a)}'},
        "data x y": {},
        "output o": {"value": "(t (. (. module m) z))"},
        "moved": {"from": "(. a b)", "to": "(. a c)"},
        "check c": {"assert": {"condition": "(t true)"}},
    }


def test_types_and_defaults_of_variables_are_read_as_terraform_reads_them() -> None:
    [found] = blocks({"variable": {"v": {"type": "map(list(string))", "default": {"a": "${b}"}}}})
    assert outline(found.body) == {"type": "(map (list string))", "default": '{"a":"${b}"}'}


def test_dynamic_blocks_are_found_wherever_they_are() -> None:
    dynamic = {"p": {"for_each": "${var.p}", "iterator": "it", "content": {"k": "${it.value}"}}}
    [resource] = blocks(
        {
            "resource": {
                "a": {
                    "b": {
                        "dynamic": dynamic,
                        "plain": {"x": 1},
                        "statement": [{"sid": "s", "dynamic": dynamic}],
                    }
                }
            }
        }
    )
    made = {"for_each": "(t (. var p))", "iterator": "it", "content": {"k": "(t (. it value))"}}
    assert outline(resource.body) == {
        "plain": '{"x":1}',
        "dynamic p": made,
        "statement": {"sid": '"s"', "dynamic p": made},
    }


def test_values_of_a_variable_file_are_literal() -> None:
    text = '{"a": "${b}", "c": [1.5, -2, true, null, {"d": "%{e}"}]}'
    file = parse_json_values(text, "x.tfvars.json")
    assert outline(file.body) == {"a": '"${b}"', "c": '[1.5 -2 true null {"d":"%{e}"}]'}
    assert file.body.attributes[1].name_span == Span("x.tfvars.json", 1, 15, 1, 18)


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("", 1, 1, "unexpected end"),
        ("[1", 1, 3, "unexpected end, ',' or ']' is missing"),
        ('{"a" 1}', 1, 6, "unexpected '1', ':' is missing"),
        ("{a: 1}", 1, 2, "unexpected 'a', a quoted key is missing"),
        ('{"a": 1,}', 1, 9, "unexpected '}', a quoted key is missing"),
        ("[1,]", 1, 4, "unexpected ']'"),
        ('{"a": 1}\n}', 2, 1, "unexpected '}'"),
        ('{"a": tru}', 1, 7, "unexpected 't'"),
        ('{"a": "b\n"}', 1, 9, "invalid control character"),
        ('{"a": "b', 1, 7, "unterminated string starting"),
        ('{"a": "\\q"}', 1, 8, "invalid \\escape"),
        ("[" * 1000, 1, 102, "is beyond the scan's limits: nested deeper than 100 levels"),
        (
            '{"locals": {"a": 1e99999}}',
            1,
            18,
            "is beyond the scan's limits: the number is too large",
        ),
        ('{"locals": {"a": "é ${b c}"}}', 1, 25, "unexpected 'c'"),
        ('{"locals": {"a": "${b"}}', 1, 19, "'${' is never closed"),
        ('{"resource": {"a": 1}}', 1, 20, "an object is expected here"),
        ("3", 1, 1, "an object is expected here"),
    ],
)
def test_a_fault_has_a_place_and_a_reason(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_json(text, "x.tf.json")
    found = caught.value
    assert (found.span.line, found.span.column, found.reason) == (line, column, reason)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), VALUES, max_size=3), st.sampled_from([None, "\t"]), st.booleans())
def test_any_json_is_read(content: dict[str, object], indent: str | None, ascii_only: bool) -> None:
    text = json.dumps(content, indent=indent, ensure_ascii=ascii_only)
    file = parse_json_values(text, "x.tfvars.json")
    assert [a.name for a in file.body.attributes] == [key for key in content if key != "//"]
    for attribute in file.body.attributes:
        assert json.loads(covered(text, attribute.value.span)) == content[attribute.name]


@given(st.text(alphabet='{}[]",:\\u01e.-tn ${%', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_json(text, "x.tf.json")
    except SyntaxFault as found:
        assert found.span.line == 1


def test_a_template_without_text_keeps_its_type() -> None:
    [local] = blocks({"locals": {"a": "${b}"}})
    [attribute] = local.body.attributes
    assert isinstance(attribute.value, TemplateExpression)
    assert len(attribute.value.parts) == 1
