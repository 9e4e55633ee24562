"""Strings, heredocs and templates: escapes, indentation, trimming and directives.

What is trimmed and unindented, and in which order, is that of HCL's native syntax (Terraform
documentation, "Strings and Templates"), whose unit is the token: a line of a heredoc, the text up to
a ``$`` or ``%``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Union

from ..source import Span
from .lexical import Code, Quote, Sequence
from .syntax import Expression, Literal, Template, TemplateFor, TemplateIf
from .text import Text

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_SPECIAL = re.compile(r"[\\$%\n]")
_QUOTED_TOKEN = re.compile(r"[$%]{2}\{|[$%]|(?:\\.|[^\\$%])+", re.DOTALL)
_BARE_TOKEN = re.compile(r"[$%]{2}\{|[$%]\n?|[^$%\n]*\n|[^$%\n]+")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)(?![\w-])")
_FOR_NAMES = re.compile(r"\s*([^\W\d][\w-]*)\s*(?:,\s*([^\W\d][\w-]*)\s*)?in(?![\w-])")


@dataclass(slots=True)
class _Token:
    """A piece of literal text, decoded, and the offset where it begins."""

    text: str
    start: int

    def drop(self, count: int) -> None:
        """Takes the first characters away."""
        self.text, self.start = self.text[count:], self.start + count


@dataclass(frozen=True, slots=True)
class _Directive:
    keyword: str
    names: tuple[str | None, str]
    expression: Expression | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Literal:
    """A string without sequences: its value, where its text begins and the margin taken from it."""

    value: str
    start: int
    margin: int


_Piece = Union[_Token, _Directive, Expression]
_Part = Union[str, Expression, TemplateIf, TemplateFor]
#: Each part with where it begins.
_Parts = list[tuple[_Part, Span]]


def literal(text: Text, quote: Quote) -> str | None:
    """The string's value, or None when there is more than literal text in it."""
    found = _literal(text, quote)
    return None if found is None else found.value


def _literal(text: Text, quote: Quote) -> _Literal | None:
    if any(isinstance(part, Sequence) for part in quote.parts):
        return None
    tokens = [token for part in quote.parts
              for token in _tokens(text, part.start, part.end, quote.escapes)]
    margin = _unindent(list(tokens)) if quote.flush else 0
    start = tokens[0].start if tokens else quote.start
    return _Literal("".join(token.text for token in tokens), start, margin)


def expression(text: Text, quote: Quote, parse: Callable[[Code], Expression]) -> Expression:
    """The string as an expression; ``parse`` parses what is interpolated. Raises SyntaxFault."""
    span = text.span(quote.start, quote.end)
    whole = _literal(text, quote)
    if whole is not None:
        begins = None if quote.escapes else text.span(whole.start, whole.start)
        return Literal(whole.value, span, begins, whole.margin)
    pieces: list[_Piece] = []
    trim_next = False
    for part in quote.parts:
        if isinstance(part, Sequence):
            if part.trim_before and pieces and isinstance(pieces[-1], _Token):
                pieces[-1].text = pieces[-1].text.rstrip()
            pieces.append(_sequence(text, part, parse))
            trim_next = part.trim_after
        else:
            tokens = _tokens(text, part.start, part.end, quote.escapes)
            if trim_next:
                tokens[0].drop(len(tokens[0].text) - len(tokens[0].text.lstrip()))
            pieces.extend(tokens)
            trim_next = False
    margin = _unindent(pieces) if quote.flush else 0
    layout = _Layout(text, margin, not quote.escapes)
    parts, _, rest = _nested(layout, pieces, 0, None)
    assert rest == len(pieces)
    return layout.template(parts, span)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the text of a template stands in its source: as it is, but for a margin, or quoted."""

    text: Text
    margin: int
    is_raw: bool

    def template(self, parts: _Parts, span: Span) -> Template:
        begins = tuple(place for _, place in parts) if self.is_raw else ()
        return Template(tuple(part for part, _ in parts), span, begins, self.margin)


def _tokens(text: Text, start: int, end: int, escapes: bool) -> list[_Token]:
    raw = text.text[start:end]
    if raw.isascii() and not _SPECIAL.search(raw):
        return [_Token(raw, start)]
    found = (_QUOTED_TOKEN if escapes else _BARE_TOKEN).finditer(raw)
    return [_Token(_decoded(text, start + token.start(), token.group(), escapes),
                   start + token.start()) for token in found]


def _decoded(text: Text, start: int, token: str, escapes: bool) -> str:
    if token in ("$${", "%%{"):
        return token[1:]

    def decode(found: re.Match[str]) -> str:
        selector = found.group(1)
        if selector in _ESCAPES:
            return _ESCAPES[selector]
        number = int(selector[1:], 16) if len(selector) > 1 else -1
        if 0 <= number < 0x110000 and not 0xD800 <= number < 0xE000:
            return chr(number)
        raise text.fault(f"'{found.group()}' is not a valid escape sequence",
                         start + found.start(), start + found.end())

    decoded = _ESCAPE.sub(decode, token) if escapes and "\\" in token else token
    return decoded if decoded.isascii() else unicodedata.normalize("NFC", decoded)


def _sequence(text: Text, part: Sequence, parse: Callable[[Code], Expression]) -> _Piece:
    code = part.code
    if part.marker == "$":
        return parse(code)
    found = _DIRECTIVE.match(code.masked)
    if not found:
        raise text.fault("a template directive begins with if, else, endif, for or endfor",
                         part.start, part.end)
    keyword, rest, names = found.group(1), found.end(), (None, "")
    if keyword == "for":
        named = _FOR_NAMES.match(text.text, code.start + rest)
        if not named:
            raise text.fault("'for' needs names, 'in' and a collection", part.start, part.end)
        names = (named.group(1) if named.group(2) else None, named.group(2) or named.group(1))
        rest = named.end() - code.start
    if keyword in ("if", "for"):
        inner = parse(Code(code.start + rest, code.masked[rest:], code.strings))
        return _Directive(keyword, names, inner, part.start, part.end)
    if code.masked[rest:].strip():
        raise text.fault(f"unexpected text after '{keyword}'", part.start, part.end)
    return _Directive(keyword, names, None, part.start, part.end)


def _unindent(pieces: Iterable[_Piece]) -> int:
    """Removes from each line the white space that all lines begin with, and says how much that is.
    Lines of nothing but white space do not count and stay; a line that begins with an interpolation
    begins with none."""
    least: int | None = None
    begins: list[_Token] = []
    at_line_start = True
    for piece in pieces:
        if at_line_start:
            indent: int | None = 0
            if isinstance(piece, _Token):
                stripped = piece.text.lstrip()
                if not stripped and piece.text.endswith("\n"):
                    indent = None
                else:
                    indent = len(piece.text) - len(stripped)
                    begins.append(piece)
            if indent is not None:
                least = indent if least is None else min(least, indent)
        at_line_start = isinstance(piece, _Token) and piece.text.endswith("\n")
    for token in begins:
        token.drop(least or 0)
    return least or 0


def _nested(layout: _Layout, pieces: list[_Piece], position: int,
            opened: _Directive | None) -> tuple[_Parts, _Directive | None, int]:
    """The parts from ``position`` up to the directive that ends ``opened``, that directive, and the
    position after it."""
    text = layout.text
    parts: _Parts = []
    while position < len(pieces):
        piece = pieces[position]
        position += 1
        if isinstance(piece, _Token):
            if parts and isinstance(parts[-1][0], str):
                parts[-1] = (parts[-1][0] + piece.text, parts[-1][1])
            else:
                parts.append((piece.text, text.span(piece.start, piece.start)))
        elif not isinstance(piece, _Directive):
            parts.append((piece, piece.span))
        elif piece.keyword == "if":
            then, end, after = _nested(layout, pieces, position, piece)
            body = _between(layout, then, piece, end)
            otherwise: Template | None = None
            if end.keyword == "else":
                parts_else, close, after = _nested(layout, pieces, after, end)
                otherwise, end = _between(layout, parts_else, end, close), close
            span = text.span(piece.start, end.end)
            parts.append((TemplateIf(piece.expression, body, otherwise, span), span))
            position = after
        elif piece.keyword == "for":
            inner, end, position = _nested(layout, pieces, position, piece)
            span = text.span(piece.start, end.end)
            parts.append((TemplateFor(*piece.names, piece.expression,
                                      _between(layout, inner, piece, end), span), span))
        elif opened and piece.keyword in _ENDS[opened.keyword]:
            return parts, piece, position
        else:
            raise text.fault(f"unexpected '{piece.keyword}' directive", piece.start, piece.end)
    if opened:
        raise text.fault(f"the '{opened.keyword}' directive is never closed", opened.start, opened.end)
    return parts, None, position


_ENDS = {"if": ("else", "endif"), "else": ("endif",), "for": ("endfor",)}


def _between(layout: _Layout, parts: _Parts, first: _Directive, last: _Directive) -> Template:
    return layout.template(parts, layout.text.span(first.end, last.start))

