"""Attributes, blocks, labels, comments and line endings, with their exact places."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hcl_shapes import PARSERS, covered, parser, shape

from ecs_preflight.symbolic.source import Span
from ecs_preflight.terraform.syntax.nodes import SourceFile
from ecs_preflight.terraform.syntax.parse import installed, parse

STACK = """# a role
resource "aws_iam_role" exec {
  name = "exec" // é
  inline_policy {
    policy = jsonencode({})
  }

  dynamic "x" {
  }
}

locals { a = 1 }
empty {}
"""


def parsed(text: str, name: str) -> SourceFile:
    return parse(text, "infra/x.tf", parser(name))


@pytest.mark.parametrize("name", PARSERS)
def test_blocks_and_attributes_stand_in_order_with_their_spans(name: str) -> None:
    file = parsed(STACK, name)
    assert file.path == "infra/x.tf"
    role, local, empty = file.body.blocks
    assert (role.type, role.labels) == ("resource", ("aws_iam_role", "exec"))
    assert role.span == Span("infra/x.tf", 2, 1, 10, 2)
    assert covered(STACK, role.header) == 'resource "aws_iam_role" exec'
    assert role.body.span == Span("infra/x.tf", 2, 30, 10, 2)
    [named] = role.body.attributes
    assert covered(STACK, named.span) == 'name = "exec"'
    assert covered(STACK, named.name_span) == "name"
    inline, dynamic = role.body.blocks
    assert covered(STACK, inline.span) == "inline_policy {\n    policy = jsonencode({})\n  }"
    assert covered(STACK, inline.header) == "inline_policy"
    assert shape(inline.body.attributes[0].value) == "(jsonencode {})"
    assert (dynamic.labels, dynamic.body.attributes, dynamic.body.blocks) == (("x",), (), ())
    assert covered(STACK, dynamic.body.span) == "{\n  }"
    assert [a.name for a in local.body.attributes] == ["a"]
    assert covered(STACK, empty.body.span) == "{}"
    assert file.body.span == Span("infra/x.tf", 1, 1, 14, 1)


@pytest.mark.parametrize("name", PARSERS)
def test_comments_are_kept_with_their_lines(name: str) -> None:
    text = (
        "# a\nx = 1 // b # c\n/* d\n e */\ny = [ # f\n"
        '  "# no // comment /* here",\n  "${/* g */ 1}",\n]\n'
        "z = <<E\n# no\nE\n#checkov:skip=CKV_1:why"
    )
    assert parsed(text, name).comments == (
        (1, "a"),
        (2, "b # c"),
        (3, "d\n e"),
        (5, "f"),
        (7, "g"),
        (12, "checkov:skip=CKV_1:why"),
    )


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "# c", "/* c */", "\n\n  \t\n", "\r\n"])
def test_a_file_may_be_empty(name: str, text: str) -> None:
    body = parsed(text, name).body
    assert (body.attributes, body.blocks) == ((), ())


@pytest.mark.parametrize("name", PARSERS)
def test_windows_line_ends_and_a_byte_order_mark_change_nothing_but_heredocs(name: str) -> None:
    windows = parsed("\ufeff" + STACK.replace("\n", "\r\n"), name)
    unix = parsed(STACK, name)
    assert windows.body.blocks == unix.body.blocks
    assert windows.comments == unix.comments
    heredoc = parsed("x = <<-E\r\n  a\r\n    b\r\n  E\r\n", name).body.attributes[0].value
    assert shape(heredoc) == r'"a\r\n  b\r\n"'


@pytest.mark.parametrize("name", PARSERS)
def test_columns_count_code_points(name: str) -> None:
    [attribute] = parsed('größe = "😀" + é\n', name).body.attributes
    assert (attribute.name, attribute.name_span.end_column) == ("größe", 6)
    assert (attribute.value.span.column, attribute.value.left.span.end_column) == (9, 12)
    assert attribute.value.right.span == Span("infra/x.tf", 1, 15, 1, 16)


#: checkov's grammar knows no block of these types after an attribute.
NO_TYPES = ("for", "if", "in")


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("word", ["else", "endif", "true", "null", "type", "for_each", *NO_TYPES])
def test_words_of_expressions_are_names_elsewhere(name: str, word: str) -> None:
    if name == "lark" and word in NO_TYPES:
        pytest.skip("the one thing of these that only tree-sitter reads")
    file = parsed(f"{word} = 1\n{word} {{\n}}\na {{\n  {word} = b.{word}\n}}\n", name)
    assert [attribute.name for attribute in file.body.attributes] == [word]
    assert [block.type for block in file.body.blocks] == [word, "a"]
    assert shape(file.body.blocks[1].body.attributes[0].value) == f"(. b {word})"


@pytest.mark.parametrize("name", PARSERS)
def test_labels_are_decoded_strings(name: str) -> None:
    [block] = parsed('a "é\\n$${b}" c "" {\n}\n', name).body.blocks
    assert block.labels == ("é\n${b}", "c", "")


@pytest.mark.parametrize("name", PARSERS)
def test_an_equals_sign_elsewhere_makes_no_block_an_object(name: str) -> None:
    text = 'a "=" { # =\n  b = f("=")[{\n    c = 1\n  }] == {\n    d = 2\n    e = 3\n  }\n}\n'
    [block] = parsed(text, name).body.blocks
    assert shape(block.body.attributes[0].value) == '(== (@ (f "=") {"c":1}) {"d":2 "e":3})'


def test_the_faster_parser_is_taken_where_both_are_installed() -> None:
    assert installed() is parser("treesitter")


def test_without_tree_sitter_the_fork_is_taken() -> None:
    parser("lark")
    program = (
        "import sys; sys.modules['tree_sitter_hcl'] = None; "
        "from ecs_preflight.terraform.syntax.parse import installed, parse; "
        "print(installed().__name__, parse('a = 1', 'x.tf').body.attributes[0].value.value)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["ecs_preflight.terraform.syntax.lark", "1"]
