"""What others wrote speaks as nobody but itself, wherever it is shown."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.findings import escape

HOSTILE = [
    "::error::x",
    "  ::set-env name=A::b",
    "\u00a0::error::x",
    "a ##[set-env name=A]b",
    "###[error]x",
    "a\n::error::x",
    "a\r::error::x",
    "a\x85::error::x",
    "a\u2028::error::x",
    "\x1b]8;;https://example.com\x07text\x1b]8;;\x07",
    "\x9b31m",
    "\u202egpj.exe",
    "\ufeff::error::x",
    "\udcff",
    "a\0b",
    "<script>alert(1)</script>",
    "</code></summary></details>",
    "](https://example.com) @everyone #1",
    "```\nx\n```",
    '"]; click A "javascript:alert(1)"',
    "]]>",
    "&lt;b&gt;",
]
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from([*HOSTILE, "a", "#", ":", "[", " ", "\n", "\\"])).map("".join),
    st.text(st.characters(), max_size=30),
)


def speaks(output: str) -> bool:
    """Would GitHub's runner (or a terminal's reader of lines) take a line of it for a command?"""
    rows = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", output)
    return any(row.lstrip().startswith("::") or "##[" in row for row in rows)


def steers(output: str) -> bool:
    return any(not char.isprintable() and char != "\n" for char in output)


@given(texts)
def test_a_line_is_one_line_and_steers_nothing(text: str) -> None:
    shown = escape.line(text)
    assert not steers(shown)
    assert "\n" not in shown
    assert not speaks(shown)


@given(texts)
def test_lines_keep_their_breaks_alone(text: str) -> None:
    shown = escape.lines(text)
    assert not steers(shown)
    assert not speaks(shown)
    assert shown.count("\n") == text.count("\n")


@given(texts)
def test_json_holds_the_text_and_does_not_speak(text: str) -> None:
    shown = escape.dumps({"text": text, text: [text]})
    assert not steers(shown)
    assert not speaks(shown)
    kept = re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert json.loads(shown)["text"] == kept


@given(texts)
def test_xml_is_well_formed_and_holds_the_text(text: str) -> None:
    document = f"<a b={escape.xml_attribute(text)}>{escape.xml_text(text)}</a>"
    assert not steers(document.replace("\t", ""))
    assert not speaks(document)
    element = ElementTree.fromstring(document)
    kept = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    if "\r" not in text:
        assert (element.text or "") == kept
    assert element.attrib["b"] == kept


@given(texts)
def test_a_workflow_command_is_one_line(text: str) -> None:
    shown = f"::error file={escape.command_property(text)}::{escape.command_data(text)}"
    assert not steers(shown)
    assert shown.count("\n") == 0
    head, _, _ = shown.removeprefix("::error file=").partition("::")
    assert "," not in head


@given(texts)
def test_markdown_has_no_markup_of_others(text: str) -> None:
    shown = escape.markdown(text)
    assert not steers(shown)
    assert not speaks(shown)
    bare = shown.replace("<!-- -->", "")
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>`*_\[\]|&]", bare)
    assert not re.search(r"@\w|://|(?<!\\)#", shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_code_stays_within_its_fence(text: str) -> None:
    span = escape.markdown_code(text)
    assert not speaks(span)
    fence = re.match("`+", span)
    assert fence is not None
    assert span.count(fence[0]) == 2
    block = escape.markdown_block(text)
    assert not speaks("\n".join(block))
    assert not any(block[0] in row for row in block[1:-1])


@given(texts)
def test_html_and_mermaid_hold_no_punctuation_of_others(text: str) -> None:
    assert not re.sub(r"&#\d+;", "", escape.html_text(text)).strip(" \u00a0").count("<")
    assert not re.search(r"[<>&\"'\[\]`|*_:]", re.sub(r"&#\d+;", "", escape.html_text(text)))
    assert not re.search(r"[<>&\"'\[\]`|(){}]", re.sub(r"#\d+;", "", escape.mermaid(text)))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("arn:aws:s3:::logs/*", "arn:aws:s3:::logs/*"),
        ('a"]\n  actions = ["*', 'a\\"]\\n  actions = [\\"*'),
        ("a\\b", "a\\\\b"),
        ('${aws_s3_bucket.x["k"].arn}/"', '${aws_s3_bucket.x["k"].arn}/\\"'),
        ("é", "é"),
    ],
)
def test_a_string_of_hcl_is_not_left(text: str, written: str) -> None:
    assert escape.hcl(text) == written


@pytest.mark.parametrize(
    ("text", "written"), [("a:b", "a:b"), ("it's", "it''s"), ("a'\n- b: 'c", "a'' - b: ''c")]
)
def test_a_scalar_of_yaml_is_not_left(text: str, written: str) -> None:
    assert escape.yaml(text) == written
