"""HCL text to syntax trees, by whichever parser is installed.

tree-sitter-hcl comes with the package and is the faster one. Where the package is not installed but
checkov is, its ``hcl2`` serves. Both give the same tree.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Protocol, cast

from ...symbolic.records import replace
from ...symbolic.source import Span, beyond
from . import templates
from .lexical import Code, Scanner
from .nodes import Body, Expression, SourceFile, SyntaxFault
from .text import SourceText


class ParserMissing(ImportError):
    """No HCL parser can be imported; the message says what to install."""


class Parser(Protocol):
    """What ``treesitter`` and ``lark`` offer. Both raise SyntaxFault."""

    def body(self, text: SourceText, code: Code) -> Body:
        """The attributes and blocks of a text. Raises SyntaxFault."""

    def expression(self, text: SourceText, code: Code) -> Expression:
        """The one expression of a text. Raises SyntaxFault."""


def parse(text: str, path: str, parser: Parser | None = None) -> SourceFile:
    """A ``.tf``, ``.tofu`` or ``.tfvars`` file; ``path`` names it in spans. Raises SyntaxFault."""
    source = SourceText(text.removeprefix("\ufeff"), path)
    scanner = Scanner(source)
    try:
        body = (parser or installed()).body(source, scanner.file())
    except RecursionError:
        raise _too_deep(source) from None
    comments = tuple((source.place(offset)[0], comment) for offset, comment in scanner.comments)
    return SourceFile(path, body, comments)


def parse_expression(text: str, path: str, line: int = 1, column: int = 1) -> Expression:
    """One expression that stands at ``line`` and ``column`` of ``path``. Raises SyntaxFault."""
    return expression(SourceText(text, path, line, column))


def parse_template(text: str, path: str, line: int = 1, column: int = 1) -> Expression:
    """A template without quotes, as ``templatefile`` reads it. Raises SyntaxFault."""
    return template(SourceText(text, path, line, column))


def expression(source: SourceText) -> Expression:
    """As parse_expression, for a text that knows its place."""
    try:
        return installed().expression(source, Scanner(source).expression())
    except RecursionError:
        raise _too_deep(source) from None


def template(source: SourceText, span: Span | None = None) -> Expression:
    """As parse_template, for a text that knows its place; ``span`` is that of the whole."""
    try:
        result = templates.expression(
            source, Scanner(source).template(), lambda code: installed().expression(source, code)
        )
    except RecursionError:
        raise _too_deep(source) from None
    return result if span is None else replace(result, span=span)


def _too_deep(source: SourceText) -> SyntaxFault:
    return source.fault(beyond("nested too deeply"), 0)


@cache
def installed() -> Parser:
    """The best parser that can be imported. Raises ParserMissing."""
    for name in ("treesitter", "lark"):
        try:
            return cast(Parser, import_module(f".{name}", __package__))
        except (ImportError, AttributeError, TypeError):
            # What is no ImportError: python-hcl2 in hcl2's place, or a tree-sitter that is too old.
            continue
    raise ParserMissing(
        "no HCL parser is installed: run 'pip install tree-sitter tree-sitter-hcl' "
        "(or 'pip install bc-python-hcl2', without python-hcl2 beside it)"
    )
