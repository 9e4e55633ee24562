"""Reading YAML and JSON with the place of every value, and telling templates from anything else."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import yaml
from cloudformation_trees import found, plain, resource, unit
from hypothesis import example, given
from hypothesis import strategies as st

from ecs_preflight.analysis.diagnostics import unreadable
from ecs_preflight.cloudformation import unit_from_template
from ecs_preflight.findings.finding import Severity
from ecs_preflight.model import Role
from ecs_preflight.symbolic.documents import json_text, yaml_text
from ecs_preflight.symbolic.documents.nodes import (
    Broken,
    Document,
    DocumentFault,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
)
from ecs_preflight.symbolic.source import Unreadable
from ecs_preflight.symbolic.worlds import PathCondition

ROLE = """
Resources:
  It:
    Type: AWS::IAM::Role
    Properties:
      {properties}
"""


def data(node: Node) -> object:
    if isinstance(node, MappingNode):
        return {entry.key: data(entry.value) for entry in node.entries}
    if isinstance(node, SequenceNode):
        return [data(item) for item in node.items]
    return node.value if isinstance(node, Leaf) else node.reason


def yaml_data(text: str) -> object:
    (document,) = yaml_text.read(text)
    return data(document.root)


# -- scalars and tags ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2012-10-17", "2012-10-17"),
        ("yes", True),
        ("Off", False),
        ("on", True),
        ("NO", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("'yes'", "yes"),
        ("256", 256),
        ("-1", -1),
        ("012345678901", "012345678901"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1.4", 1.4),
        ("1_024", 1024),
        ("22:22", "22:22"),
        ("1.4.0", "1.4.0"),
        ("y", "y"),
        ("!!str 12", "12"),
        ("9" * 400, "9" * 400),
        ("2012-10-17T10:00:00Z", "2012-10-17T10:00:00Z"),
        (".inf", ".inf"),
    ],
)
def test_a_plain_scalar_is_what_cloudformation_reads(written: str, value: object) -> None:
    assert yaml_data(f"a: {written}\n") == {"a": value}


def test_keys_are_strings_whatever_they_look_like() -> None:
    assert yaml_data("1: a\nyes: b\n2012-10-17: c\nnull: d\n") == {
        "1": "a",
        "yes": "b",
        "2012-10-17": "c",
        "null": "d",
    }


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": "A.B.C"}),
        ("!Ref 123", {"Ref": "123"}),
        ("!Sub '${A}'", {"Fn::Sub": "${A}"}),
        ("!Join ['', [a, !Ref B]]", {"Fn::Join": ["", ["a", {"Ref": "B"}]]}),
        ("!Condition C", {"Condition": "C"}),
        ("!Transform {Name: X}", {"Fn::Transform": {"Name": "X"}}),
        ("!Base64 {'Fn::Sub': a}", {"Fn::Base64": {"Fn::Sub": "a"}}),
    ],
)
def test_a_short_tag_reads_as_the_long_form(short: str, long: object) -> None:
    assert yaml_data(f"a: {short}\n") == {"a": long}


def test_an_unknown_tag_is_unknown_and_the_rest_is_read() -> None:
    (document,) = yaml_text.read("a: !Rain::Embed x\nb: 1\n")
    assert isinstance(document.root, MappingNode)
    assert isinstance(document.root.get("a"), Broken)
    assert data(document.root)["b"] == 1  # type: ignore[index]


# -- anchors ---------------------------------------------------------------------------------------


def test_aliases_and_merge_keys() -> None:
    assert yaml_data("""
base: &base {a: 1, b: 2}
other: &other {b: 3, c: 4}
one: {<<: *base, b: 9}
two: {<<: [*base, *other]}
three: *base
quoted: {'<<': 5}
""") == {
        "base": {"a": 1, "b": 2},
        "other": {"b": 3, "c": 4},
        "one": {"b": 9, "a": 1},
        "two": {"a": 1, "b": 2, "c": 4},
        "three": {"a": 1, "b": 2},
        "quoted": {"<<": 5},
    }


def test_an_alias_bomb_is_refused_where_it_goes_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(DocumentFault, match="aliases add more than") as caught:
        yaml_text.read("\n".join(lines))
    assert caught.value.extent[0] == 6


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: *b"])
def test_an_alias_without_an_anchor_before_it_is_refused(text: str) -> None:
    with pytest.raises(DocumentFault, match=r"anchor|alias"):
        yaml_text.read(text)


def test_nesting_is_bounded_through_aliases_too() -> None:
    for text in ("[" * 200 + "]" * 200, "a: " + "{a: " * 200 + "1" + "}" * 200):
        with pytest.raises(DocumentFault, match="nested deeper"):
            yaml_text.read(text)
    chain = "\n".join(["a0: &a0 [1]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 150))])
    with pytest.raises(DocumentFault, match="nested deeper"):
        yaml_text.read(chain)
    with pytest.raises(DocumentFault, match="nested deeper"):
        json_text.read("[" * 100_000)


# -- duplicate keys --------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [lambda t: yaml_text.read(t)[0], json_text.read])
def test_the_last_of_two_equal_keys_counts_and_the_first_is_reported(read: object) -> None:
    document: Document = read('{"a": 1,\n "b": {"c": 1,\n  "c": 2}}')  # type: ignore[operator]
    assert data(document.root) == {"a": 1, "b": {"c": 2}}
    assert [(fault.reason, fault.extent[:2]) for fault in document.faults] == [
        ("the key 'c' is written twice, and this one is ignored", (2, 8))
    ]


def test_a_duplicate_key_is_reported_and_the_template_is_read(tmp_path: Path) -> None:
    result = found(tmp_path, {"a.yaml": ROLE.format(properties="RoleName: a\n      RoleName: b")})
    assert [(u.reason, u.span.line, u.partly) for u in result.unreadable] == [
        ("the key 'RoleName' is written twice, and this one is ignored", 6, True)
    ]
    assert [role.complete for role in result.units[0].stack(PathCondition()).of(Role)] == [True]
    told = unreadable(result.unreadable[0])
    assert (told.severity, told.message.split("'", 2)[2]) == (
        Severity.WARNING,
        " the key 'RoleName' is written twice, and this one is ignored.",
    )


# -- places ----------------------------------------------------------------------------------------


def test_every_value_stands_where_it_is_written() -> None:
    it = resource(
        ROLE.format(
            properties="""RoleName:
        name
      ManagedPolicyArns:
      - "é→"   # columns count code points
      -   {a: b}
      Tags: []"""
        )
    )
    names = {
        "RoleName": (7, 9, 7, 13),
        "ManagedPolicyArns": (9, 7, 10, 17),
        "Tags": (11, 13, 11, 15),
    }
    for name, target in names.items():
        span = it.body.get(name).span
        assert (span.line, span.column, span.end_line, span.end_column) == target
        assert span.path == ("Resources", "It", "Properties", name)
    assert it.body.key_span("RoleName").line == 6
    first, second = it.body.get("ManagedPolicyArns").items  # type: ignore[union-attr]
    assert (first.span.column, first.span.end_column) == (9, 13)
    assert second.entries[0][1].span.path == (  # type: ignore[union-attr]
        "Resources",
        "It",
        "Properties",
        "ManagedPolicyArns",
        1,
        "a",
    )
    assert (it.span.line, it.span.column, it.span.end_line, it.span.end_column) == (3, 3, 11, 15)


def test_tabs_and_minified_json_keep_exact_places() -> None:
    (template,) = [
        unit_from_template("t.json", text)
        for text in (
            '{"Resources":{"It":{"Type":"AWS::IAM::Role",\n\t"Properties":{"RoleName":\t"x"}}}}',
        )
    ]
    assert template is not None
    entry = template.template.resources[0]
    assert entry.extent == (1, 15, 1, 19)
    assert entry.value.get("Properties").entries[0].value.extent == (2, 28, 2, 31)  # type: ignore[union-attr]


def test_windows_line_ends_and_byte_order_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(
        b"\xef\xbb\xbf" + ROLE.format(properties="RoleName: x").encode().replace(b"\n", b"\r\n")
    )
    (only,) = found(tmp_path, {}).units
    assert only.stack.__self__.template.resources[0].extent[:2] == (3, 3)  # type: ignore[attr-defined]


# -- JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('{\n "a": 1, // no\n "b": 2}', 2, "JSON has no comments"),
        ('{\n "a": /* no */ 1}', 2, "JSON has no comments"),
        ('{\n "a": 1\n # no\n}', 3, "JSON has no comments"),
        ('{"a": 1,\n}', 1, "a comma stands before the end"),
        ('{"a": [1,\n 2,\n]}', 2, "a comma stands before the end"),
        ('{"a": 1\n "b": 2}', 2, "expected ','"),
        ('{"a" 1}', 1, "expected ':'"),
        ("{a: 1}", 1, "expected a key"),
        ('{"a": }', 1, "expected a value"),
        ('{"a": tru}', 1, "expected a value"),
        ('{"a": "x\ny"}', 1, "a string has no end on its line"),
        ('{"a": "\\q"}', 1, "an escape"),
        ('{"a": 01}', 1, "expected"),
        ('{"a": [1}', 1, "expected ','"),
        ('{"a": 1} x', 1, "expected the end of the file"),
        ('{"a": 1', 1, "the end of the file"),
        ("{", 1, "the end of the file"),
    ],
)
def test_json_is_strict_and_says_where(text: str, line: int, reason: str) -> None:
    with pytest.raises(DocumentFault, match=reason) as caught:
        json_text.read(text)
    assert caught.value.extent[0] == line


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_reads_as_the_standard_library_does(
    value: object, indent: object, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)  # type: ignore[arg-type]
    assert data(json_text.read(text).root) == value


def number(text: str) -> float | str:
    """A number too large for a float stays the text it is."""
    return float(text) if math.isfinite(float(text)) else text


@given(st.text(alphabet='{}[]:,"\\ \n\t0123456789.eE-truefalsn#/', max_size=40))
@example("[1E310]")
def test_json_accepts_exactly_what_the_standard_library_accepts(text: str) -> None:
    try:
        expected: object = json.loads(text, parse_constant=lambda name: 1 / 0, parse_float=number)
    except (ValueError, ZeroDivisionError):
        with pytest.raises(DocumentFault):
            json_text.read(text)
    else:
        assert data(json_text.read(text).root) == expected


WORDS = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=5)


@given(
    st.recursive(
        WORDS | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=12,
    )
)
def test_yaml_reads_what_was_dumped(value: object) -> None:
    (document,) = yaml_text.read(yaml.safe_dump(value, allow_unicode=True))
    assert data(document.root) == value


def test_flow_style_yaml_in_a_template_file_is_read() -> None:
    assert plain(
        resource("{Resources: {It: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub x}}}}").body
    ) == {"RoleName": "x"}


# -- telling templates apart -----------------------------------------------------------------------

TEMPLATES = {
    "plain.yaml": ROLE.format(properties="RoleName: x"),
    "a.template": '{"Resources": {"X": {"Type": "Custom::Thing"}}}',
    "b.json": '{"Resources": {"X": {"Type": "Foo::Bar::Baz"}}}',
    "c.template.json": '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}, "Note": "a::b"}',
    "sub/loop.yml": "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A: [B, [c], {}]\n",
}
OTHERS = {
    "k8s.yaml": "apiVersion: v1\nkind: Pod\nResources: AWS::ECS::Service\n---\nkind: List\n",
    "compose.yaml": "services: {a: {image: b::c}}\nResources: {limits: {cpus: 1}}\n",
    "package.json": '{"name": "x", "Resources": {"Type": "AWS::x"}, "a": "::"}',
    "list.json": '[{"ParameterKey": "Resources", "ParameterValue": "AWS::x"}]',
    "helm.yaml": "{{- if .Values.Resources }}\nType: AWS::ECS::Service\n{{ end }}: - [\n",
    "broken.yaml": "Resources: [::\n",
    "binary.json": "Resources ::\0",
    "readme.md": ROLE.format(properties="RoleName: x"),
    "types.json": '{"Resources": {"X": {"Type": {"a": "AWS::x"}}}}',
    "stepfunctions.json": '{"StartAt": "Resources", "States": {"A": {"Type": "Task", "Resource": "arn::x"}}}',
}


def test_templates_are_found_and_nothing_else(tmp_path: Path) -> None:
    result = found(tmp_path, TEMPLATES | OTHERS)
    assert sorted(str(Path(file).relative_to(tmp_path)) for file in result.files) == sorted(
        TEMPLATES
    )
    assert len(result.units) == len(TEMPLATES)
    assert result.unreadable == ()


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.yaml", "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A: [\n  B: }\n  C: ::", 4),
        ("a.yaml", "Resources:\n  A:\n    Type: AWS::ECS::Service\n   B: 1\n", 4),
        ("a.yaml", "AWSTemplateFormatVersion: 2010-09-09\nResources: [\n", 3),
        ("a.json", '{"Resources": {\n "A": {"Type": "AWS::ECS::Service",}}}', 2),
        ("a.template", '{"Resources": {\n "A": // no\n {"Type": "AWS::ECS::Service"}}}', 2),
    ],
)
def test_a_broken_template_is_reported_with_its_line(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    result = found(tmp_path, {name: text, "good.yaml": TEMPLATES["plain.yaml"]})
    assert [(Path(u.path).name, u.span.line) for u in result.unreadable] == [(name, line)]
    assert len(result.units) == 1


def test_each_document_of_a_file_is_a_unit(tmp_path: Path) -> None:
    text = "---\n" + TEMPLATES["plain.yaml"] + "---\nkind: Pod\n---\n" + TEMPLATES["plain.yaml"]
    units = found(tmp_path, {"a.yaml": text}).units
    assert [unit.name.rsplit("#")[-1] for unit in units] == ["1", "2"]


def test_remarks_are_comments_and_not_strings(tmp_path: Path) -> None:
    result = found(
        tmp_path,
        {
            "a.yaml": ROLE.format(
                properties="""RoleName: x  # ecs-preflight:ignore ECS605 why
      # ecs-preflight:ignore ECS501
      Path: |
        # ecs-preflight:ignore in a block
      Description: 'a # ecs-preflight:ignore in quotes'"""
            )
        },
    )
    assert [(line, text) for _, line, text in result.comments] == [
        (6, "ecs-preflight:ignore ECS605 why"),
        (7, "ecs-preflight:ignore ECS501"),
    ]


def test_a_host_may_hand_over_text_or_its_own_tree() -> None:
    text = ROLE.format(properties="RoleName: !Sub x-${AWS::Region}")
    assert unit_from_template("x.yaml", "a: b\n") is None
    with pytest.raises(Unreadable):
        unit_from_template("x.yaml", "a: [")
    decoded = {
        "Resources": {
            "It": {
                "Type": "AWS::IAM::Role",
                "Properties": {"RoleName": {"Fn::Sub": "x-${AWS::Region}"}},
            }
        }
    }
    from_tree = unit_from_template("x.yaml", decoded)
    assert from_tree is not None
    assert from_tree.template.resources[0].key == unit(text).template.resources[0].key == "It"
