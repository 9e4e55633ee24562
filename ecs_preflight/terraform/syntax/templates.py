"""Strings, heredocs and templates as expressions: interpolations, trimming and directives.

The order is that of HCL's native syntax: ``~`` trims a piece of literal text, heredocs are
unindented after that, and only then do directives find their ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Union

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from ...symbolic.source import Span, beyond
from .lexical import Code, Quote, TemplateSequence
from .nodes import Expression, Literal, TemplateExpression, TemplateFor, TemplateIf
from .strings import Token, plain, tokens, unindent
from .text import MAX_DEPTH, SourceText

_DIRECTIVE = regex(r"\s*(if|else|endif|for|endfor)(?![\w-])")
_NAMES = regex(r"\s*([^\W\d][\w-]*)\s*(?:,\s*([^\W\d][\w-]*)\s*)?in(?![\w-])")
_ENDS = {"if": ("else", "endif"), "else": ("endif",), "for": ("endfor",)}

Parse = Callable[[Code], Expression]


@dataclass(frozen=True, slots=True)
class _Directive:
    keyword: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _If(_Directive):
    condition: Expression


@dataclass(frozen=True, slots=True)
class _For(_Directive):
    key: str | None
    value: str
    collection: Expression


_Piece = Union[Token, _Directive, Expression]
_Part = Union[str, Expression, TemplateIf, TemplateFor]
#: Each part with the place where it begins.
_Parts = list[tuple[_Part, Span]]


def expression(text: SourceText, quote: Quote, parse: Parse) -> Expression:
    """The string as an expression; ``parse`` parses what is interpolated. Raises SyntaxFault."""
    span = text.span(quote.start, quote.end)
    whole = plain(text, quote)
    if whole is not None:
        begins = None if quote.escapes else text.span(whole.start, whole.start)
        return Literal(whole.value, span, begins, whole.margin)
    pieces = _pieces(text, quote, parse)
    margin = unindent(pieces) if quote.flush else 0
    return _Assembly(text, pieces, margin, not quote.escapes).template(span)


def _pieces(text: SourceText, quote: Quote, parse: Parse) -> list[_Piece]:
    pieces: list[_Piece] = []
    trim = False
    for part in quote.parts:
        if isinstance(part, TemplateSequence):
            last = pieces[-1] if pieces else None
            if part.trim_before and isinstance(last, Token):
                last.text = last.text.rstrip()
            pieces.append(parse(part.code) if part.marker == "$" else _directive(text, part, parse))
            trim = part.trim_after
        else:
            found = tokens(text, part.start, part.end, quote.escapes)
            if trim:
                found[0].strip_start()
            pieces += found
            trim = False
    return pieces


def _directive(text: SourceText, part: TemplateSequence, parse: Parse) -> _Directive:
    code = part.code
    found = _DIRECTIVE.match(code.masked)
    if not found:
        raise text.fault(
            "a template directive begins with if, else, endif, for or endfor", part.start, part.end
        )
    keyword, remainder = found.group(1), found.end()
    if keyword == "if":
        return _If(keyword, part.start, part.end, parse(_after(code, remainder)))
    if keyword == "for":
        names = _NAMES.match(text.text, code.start + remainder)
        if not names:
            raise text.fault("'for' needs names, 'in' and a collection", part.start, part.end)
        first, second = names.groups()
        collection = parse(_after(code, names.end() - code.start))
        return _For(
            keyword, part.start, part.end, first if second else None, second or first, collection
        )
    if code.masked[remainder:].strip():
        raise text.fault(f"unexpected text after '{keyword}'", part.start, part.end)
    return _Directive(keyword, part.start, part.end)


def _after(code: Code, count: int) -> Code:
    return Code(code.start + count, code.masked[count:], code.strings)


@dataclass
class _Assembly:
    """Puts a template's pieces together; ``at`` is the next one."""

    text: SourceText
    pieces: list[_Piece]
    margin: int
    is_raw: bool
    at: int = 0
    depth: int = 0

    def template(self, span: Span) -> TemplateExpression:
        """All of it."""
        parts: _Parts = []
        while self.at < len(self.pieces):
            self.take(parts)
        return self.made(parts, span)

    def made(self, parts: _Parts, span: Span) -> TemplateExpression:
        begins = tuple(place for _, place in parts) if self.is_raw else ()
        return TemplateExpression(tuple(part for part, _ in parts), span, begins, self.margin)

    def take(self, parts: _Parts) -> None:
        """The next piece, with all that belongs to it, is added to ``parts``."""
        piece = self.pieces[self.at]
        self.at += 1
        if isinstance(piece, Token):
            last, begins = parts[-1] if parts else (None, None)
            if isinstance(last, str) and begins:
                parts[-1] = (last + piece.text, begins)
            else:
                parts.append((piece.text, self.text.span(piece.start, piece.start)))
        elif isinstance(piece, _If):
            then, end = self.until(piece)
            otherwise: TemplateExpression | None = None
            if end.keyword == "else":
                otherwise, end = self.until(end)
            span = self.text.span(piece.start, end.end)
            parts.append((TemplateIf(piece.condition, then, otherwise, span), span))
        elif isinstance(piece, _For):
            body, end = self.until(piece)
            span = self.text.span(piece.start, end.end)
            parts.append((TemplateFor(piece.key, piece.value, piece.collection, body, span), span))
        elif isinstance(piece, _Directive):
            raise self.fault(f"unexpected '{piece.keyword}' directive", piece)
        else:
            parts.append((piece, piece.span))

    def until(self, opened: _Directive) -> tuple[TemplateExpression, _Directive]:
        """What stands between ``opened`` and the directive that ends it, and that directive."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault(beyond(f"nested deeper than {MAX_DEPTH} levels"), opened)
        parts: _Parts = []
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            if isinstance(piece, _Directive) and piece.keyword in _ENDS[opened.keyword]:
                self.at += 1
                self.depth -= 1
                return self.made(parts, self.text.span(opened.end, piece.start)), piece
            self.take(parts)
        raise self.fault(f"the '{opened.keyword}' directive is never closed", opened)

    def fault(self, reason: str, place: _Directive) -> Exception:
        return self.text.fault(reason, place.start, place.end)
