"""HCL text to syntax trees, by whichever parser is installed."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from types import ModuleType

from ..source import Span
from . import strings
from .lexical import Scanner
from .syntax import Expression, SourceFile
from .text import Text


def parse(text: str, path: str) -> SourceFile:
    """A ``.tf``, ``.tofu`` or ``.tfvars`` file; ``path`` is what spans name it. Raises SyntaxFault."""
    source = Text(text.removeprefix("\ufeff"), path)
    scanner = Scanner(source)
    body = _parser().body(source, scanner.file())
    comments = tuple((source.place(offset)[0], comment) for offset, comment in scanner.comments)
    return SourceFile(path, body, comments)


def parse_expression(text: str, path: str, line: int = 1, column: int = 1) -> Expression:
    """One expression that stands at ``line`` and ``column`` of ``path``. Raises SyntaxFault."""
    return expression(Text(text, path, line, column))


def parse_template(text: str, path: str, line: int = 1, column: int = 1) -> Expression:
    """A template without quotes, as ``templatefile`` reads it. Raises SyntaxFault."""
    return template(Text(text, path, line, column))


def expression(source: Text) -> Expression:
    """As parse_expression, for a text that knows its place."""
    return _parser().expression(source, Scanner(source).expression())


def template(source: Text, span: Span | None = None) -> Expression:
    """As parse_template, for a text that knows its place; ``span`` is that of the whole."""
    result = strings.expression(source, Scanner(source).template(),
                                lambda code: _parser().expression(source, code))
    return result if span is None else replace(result, span=span)


@lru_cache(maxsize=None)
def _parser() -> ModuleType:
    from . import treesitter
    return treesitter
