"""Strings, heredocs and templates: escapes, indentation, trimming and directives.

What is trimmed and unindented, and in which order, is that of HCL's native syntax (Terraform
documentation, "Strings and Templates"), whose unit is the token: a line of a heredoc, the text up to
a ``$`` or ``%``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Union

from .lexical import Code, Quote, Sequence
from .syntax import Expression, Literal, Template, TemplateFor, TemplateIf
from .text import Text

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_QUOTED_TOKEN = re.compile(r"[$%]{2}\{|[$%]|(?:\\.|[^\\$%])+", re.DOTALL)
_BARE_TOKEN = re.compile(r"[$%]{2}\{|[$%]\n?|[^$%\n]*\n|[^$%\n]+")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)(?![\w-])")
_FOR_NAMES = re.compile(r"\s*([^\W\d][\w-]*)\s*(?:,\s*([^\W\d][\w-]*)\s*)?in(?![\w-])")


@dataclass(slots=True)
class _Token:
    """A piece of literal text, decoded."""

    text: str


@dataclass(frozen=True, slots=True)
class _Directive:
    keyword: str
    names: tuple[str | None, str]
    expression: Expression | None
    start: int
    end: int


_Piece = Union[_Token, _Directive, Expression]
_Part = Union[str, Expression, TemplateIf, TemplateFor]


def literal(text: Text, quote: Quote) -> str | None:
    """The string's value, or None when there is more than literal text in it."""
    if any(isinstance(part, Sequence) for part in quote.parts):
        return None
    pieces: list[_Piece] = [token for part in quote.parts
                            for token in _tokens(text, part.start, part.end, quote.escapes)]
    if quote.flush:
        _unindent(pieces)
    return "".join(piece.text for piece in pieces if isinstance(piece, _Token))


def expression(text: Text, quote: Quote, parse: Callable[[Code], Expression]) -> Expression:
    """The string as an expression; ``parse`` parses what is interpolated. Raises SyntaxFault."""
    span = text.span(quote.start, quote.end)
    value = literal(text, quote)
    if value is not None:
        return Literal(value, span)
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
                tokens[0].text = tokens[0].text.lstrip()
            pieces.extend(tokens)
            trim_next = False
    if quote.flush:
        _unindent(pieces)
    parts, _, rest = _nested(text, pieces, 0, None)
    assert rest == len(pieces)
    return Template(parts, span)


def _tokens(text: Text, start: int, end: int, escapes: bool) -> list[_Token]:
    raw = text.text[start:end]
    found = (_QUOTED_TOKEN if escapes else _BARE_TOKEN).finditer(raw)
    return [_Token(_decoded(text, start + token.start(), token.group(), escapes)) for token in found]


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


def _unindent(pieces: list[_Piece]) -> None:
    """Removes from each line the white space that all lines begin with. Lines of nothing but white
    space do not count and stay; a line that begins with an interpolation begins with none."""
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
        token.text = token.text[least or 0:]


def _nested(text: Text, pieces: list[_Piece], position: int,
            opened: _Directive | None) -> tuple[tuple[_Part, ...], _Directive | None, int]:
    """The parts from ``position`` up to the directive that ends ``opened``, that directive, and the
    position after it."""
    parts: list[_Part] = []
    while position < len(pieces):
        piece = pieces[position]
        position += 1
        if isinstance(piece, _Token):
            if parts and isinstance(parts[-1], str):
                parts[-1] += piece.text
            else:
                parts.append(piece.text)
        elif not isinstance(piece, _Directive):
            parts.append(piece)
        elif piece.keyword == "if":
            then, end, after = _nested(text, pieces, position, piece)
            body = _between(text, then, piece, end)
            otherwise: Template | None = None
            if end.keyword == "else":
                parts_else, close, after = _nested(text, pieces, after, end)
                otherwise, end = _between(text, parts_else, end, close), close
            span = text.span(piece.start, end.end)
            parts.append(TemplateIf(piece.expression, body, otherwise, span))
            position = after
        elif piece.keyword == "for":
            inner, end, position = _nested(text, pieces, position, piece)
            parts.append(TemplateFor(*piece.names, piece.expression,
                                     _between(text, inner, piece, end),
                                     text.span(piece.start, end.end)))
        elif opened and piece.keyword in _ENDS[opened.keyword]:
            return tuple(parts), piece, position
        else:
            raise text.fault(f"unexpected '{piece.keyword}' directive", piece.start, piece.end)
    if opened:
        raise text.fault(f"the '{opened.keyword}' directive is never closed", opened.start, opened.end)
    return tuple(parts), None, position


_ENDS = {"if": ("else", "endif"), "else": ("endif",), "for": ("endfor",)}


def _between(text: Text, parts: tuple[_Part, ...], first: _Directive, last: _Directive) -> Template:
    return Template(parts, text.span(first.end, last.start))

