"""What both parsers are handed: HCL with its strings, comments and idle newlines masked.

Strings, heredocs, comments and brackets are found here, in one linear pass, so that no parser's
idea of them matters: one repairs an unterminated string, the other takes exponential time over it.
The masked code has one ASCII character for each code point of the text, so offsets agree:

- a string or heredoc is a quoted blank; its own parts are kept beside it;
- a number with a fraction or exponent is a whole one;
- a comment is blank; so is a newline where HCL ignores it (in parentheses, brackets, interpolations
  and for-expressions); in an object a newline that separates items is a comma.

A newline that is left ends an attribute or a block header.
"""

from __future__ import annotations

import re
from typing import Union

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, field
from ...symbolic.source import beyond
from .text import MAX_DEPTH, SourceText


@dataclass(frozen=True, slots=True)
class Code:
    """Masked code from the offset ``start``; ``strings`` are those in it, by their offset."""

    start: int
    masked: str
    strings: dict[int, Quote]


@dataclass(frozen=True, slots=True)
class Raw:
    """Literal text of a string, still escaped."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TemplateSequence:
    """``${ ... }`` or ``%{ ... }`` (``marker`` is ``$`` or ``%``); ``~`` inside it trims the text
    before (``trim_before``) or after it."""

    marker: str
    code: Code
    start: int
    end: int
    trim_before: bool
    trim_after: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A string (with ``escapes``), a heredoc (``flush`` with ``<<-``) or a bare template.
    ``plain`` is its value where what stands between the quotes is just that."""

    start: int
    end: int
    parts: tuple[Union[Raw, TemplateSequence], ...]
    escapes: bool
    flush: bool = False
    plain: str | None = None


@dataclass(slots=True)
class _Bracket:
    """An open bracket, and what a newline in it does: it ends an item (``_BODY``), separates items
    (``_OBJECT``), or nothing. ``assigns`` when a body's current item has had its ``=``."""

    opener: str
    offset: int
    newline: str
    assigns: bool = False


_BODY, _OBJECT, _IDLE = "\n", ",", " "
_CLOSER = {"{": "}", "(": ")", "[": "]", "${": "}", "%{": "}"}
#: A string of printable ASCII without ``"``, ``\``, ``$`` and ``%``. Said by what it holds: a set
#: that reaches to the last code point takes longer to compile than twenty files to scan.
_PLAIN = r'"[ !#&-\[\]-~]*"'
_MARK = regex(rf"""{_PLAIN}|["#/<{{}}()\[\]\n]|[^\x20-\x7e\t\r]""")
_COMMENT = regex(r"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
_HEREDOC = regex(r"<<(-?)([^\W\d][\w-]*)\r?\n")
_FRACTION = regex(r"\d(?<![\w.]\d)(?<!\w-\d)\d*(?:\.\d+(?:[eE][-+]?\d+)?|[eE][-+]?\d+)(?!\w)")
_FOR = regex(r"(?:\s|(?:#|//)[^\n]*\n|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)*for(?![\w-])")
_IN_QUOTES = regex(r'["\n]|\\.?|[$%]?[$%]\{')
_IN_TEMPLATE = regex(r"\n|[$%]?[$%]\{")


@dataclass
class Scanner:
    """Scans one text. ``comments`` collects (offset, text without markers)."""

    text: SourceText
    comments: list[tuple[int, str]] = field(default_factory=list)
    depth: int = 0

    def file(self) -> Code:
        """The whole text as the body of a file. Raises SyntaxFault."""
        return self._code(0, _Bracket("", 0, _BODY))[0]

    def expression(self) -> Code:
        """The whole text as one expression. Raises SyntaxFault."""
        return self._code(0, _Bracket("", 0, _IDLE))[0]

    def template(self) -> Quote:
        """The whole text as a template without quotes. Raises SyntaxFault."""
        return self._template(0, 0, None)

    # -- code --------------------------------------------------------------------------------------

    def _code(self, start: int, outer: _Bracket) -> tuple[Code, int]:
        """The code from ``start`` to the bracket that closes ``outer`` (or to the end of the text),
        and the offset of that bracket. ``last`` is the last masked character that is not blank, or
        empty where an item of a body begins."""
        text, pieces, strings = self.text.text, list[str](), dict[int, Quote]()
        stack, position, last = [outer], start, ""
        while found := _MARK.search(text, position):
            mark, offset, top = found.group(), found.start(), stack[-1]
            if offset > position:
                piece = text[position:offset]
                pieces.append(piece)
                last = (piece.rstrip() or last)[-1:]
                top.assigns = top.assigns or "=" in piece
            position = offset + 1
            if mark == "\n":
                mask = _IDLE if top.newline == _OBJECT and last in "{," else top.newline
                pieces.append(mask)
                if mask == _OBJECT:
                    last = mask
                elif mask == _BODY:
                    top.assigns, last = False, ""
            elif mark in "{([":
                stack.append(self._opened(mark, offset, top, last))
                pieces.append(mark)
                last = "" if stack[-1].newline == _BODY else mark
            elif mark in "})]":
                if _CLOSER.get(top.opener) != mark:
                    raise self.text.fault(_unmatched(mark, top), offset)
                self.depth -= 1
                if top is outer:
                    return Code(start, _joined(pieces), strings), offset
                last = "" if stack.pop().newline == _BODY else mark
                pieces.append(mark)
            elif mark[0] == '"' or (mark == "<" and _HEREDOC.match(text, offset)):
                quote = self._quoted(mark, offset) if mark[0] == '"' else self._heredoc(offset)
                strings[offset], position, last = quote, quote.end, '"'
                pieces.append('"' + " " * (position - offset - 2) + '"')
            elif mark == "#" or (mark == "/" and text[position : position + 1] in ("/", "*")):
                position = self._comment(offset)
                pieces.append(" " * (position - offset))
            else:
                last = self._character(mark, offset)
                pieces.append(last)
        if stack[-1].opener:
            raise self.text.fault(f"'{stack[-1].opener}' is never closed", stack[-1].offset)
        pieces.append(text[position:])
        return Code(start, _joined(pieces), strings), len(text)

    def _opened(self, opener: str, offset: int, within: _Bracket, last: str) -> _Bracket:
        self._deeper(offset)
        if opener != "{":
            return _Bracket(opener, offset, _IDLE)
        is_block = within.newline == _BODY and not within.assigns
        # tree-sitter takes cubic time over a row of objects, which no grammar allows.
        if last == "" if is_block else last in ("}", "]", ")", '"'):
            raise self.text.fault("unexpected '{'", offset)
        if is_block:
            return _Bracket(opener, offset, _BODY)
        is_for = _FOR.match(self.text.text, offset + 1)
        return _Bracket(opener, offset, _IDLE if is_for else _OBJECT)

    def _deeper(self, offset: int) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.text.fault(beyond(f"nested deeper than {MAX_DEPTH} levels"), offset)

    def _comment(self, start: int) -> int:
        found = _COMMENT.match(self.text.text, start)
        if not found:
            raise self.text.fault("the comment is never closed", start, start + 2)
        comment = found.group()
        body = comment[1:] if comment[0] == "#" else comment[2 : -2 if comment[1] == "*" else None]
        self.comments.append((start, body.strip()))
        return found.end()

    def _character(self, mark: str, offset: int) -> str:
        """The mask of a character that means nothing by itself."""
        if mark.isascii() and mark.isprintable():
            return mark
        if ("x" + mark).isidentifier():
            return "x"
        raise self.text.fault(f"unexpected character {mark!a}", offset)

    # -- strings -----------------------------------------------------------------------------------

    def _quoted(self, mark: str, start: int) -> Quote:
        if len(mark) > 1:
            return Quote(start, start + len(mark), (), escapes=True, plain=mark[1:-1])
        text, parts, position = self.text.text, list[Union[Raw, TemplateSequence]](), start + 1
        literal = position
        while True:
            found = _IN_QUOTES.search(text, position)
            if not found or found.group() in ("\n", "\\"):
                end = found.start() if found else len(text)
                raise self.text.fault("the string is not closed on its line", start, end)
            position = found.end()
            if found.group() == '"':
                _add_raw(parts, literal, found.start())
                return Quote(start, position, tuple(parts), escapes=True)
            if _opens(found.group()):
                _add_raw(parts, literal, position - 2)
                literal = position = self._add_sequence(parts, position - 2)

    def _heredoc(self, start: int) -> Quote:
        head = _HEREDOC.match(self.text.text, start)
        assert head is not None
        return self._template(start, head.end(), head.group(2), flush=bool(head.group(1)))

    def _template(self, start: int, content: int, marker: str | None, flush: bool = False) -> Quote:
        """A template whose content ends before the line that holds nothing but ``marker``, or with
        the text."""
        text, parts, position = self.text.text, list[Union[Raw, TemplateSequence]](), content
        literal, at_line_start = content, True
        while True:
            if at_line_start and marker is not None:
                end = text.find("\n", position)
                line = text[position : end if end >= 0 else len(text)]
                if line.strip() == marker:
                    _add_raw(parts, literal, position)
                    return Quote(start, position + len(line.rstrip()), tuple(parts), False, flush)
            found = _IN_TEMPLATE.search(text, position)
            if not found and marker is not None:
                raise self.text.fault(f"the heredoc '{marker}' is never closed", start, content - 1)
            if not found:
                _add_raw(parts, literal, len(text))
                return Quote(start, len(text), tuple(parts), False)
            position, at_line_start = found.end(), found.group() == "\n"
            if _opens(found.group()):
                _add_raw(parts, literal, position - 2)
                literal = position = self._add_sequence(parts, position - 2)

    def _add_sequence(self, parts: list[Union[Raw, TemplateSequence]], start: int) -> int:
        """Adds the sequence that begins at ``start`` and says where it ends."""
        text = self.text.text
        self._deeper(start)
        trim_before = text.startswith("~", start + 2)
        bracket = _Bracket(text[start : start + 2], start, _IDLE)
        code, end = self._code(start + 2 + trim_before, bracket)
        trim_after = code.masked.endswith("~")
        if trim_after:
            code = Code(code.start, code.masked[:-1], code.strings)
        parts.append(TemplateSequence(text[start], code, start, end + 1, trim_before, trim_after))
        return end + 1


def _opens(found: str) -> bool:
    """Is it ``${`` or ``%{``, and not an escape (``$${``, ``%%{``, ``\\{``) or a line's end?"""
    return found[0] in "$%" and (len(found) == 2 or found[0] != found[1])


def _add_raw(parts: list[Union[Raw, TemplateSequence]], start: int, end: int) -> None:
    if end > start:
        parts.append(Raw(start, end))


def _joined(pieces: list[str]) -> str:
    code = "".join(pieces).replace("\r", " ")
    return _FRACTION.sub(lambda found: "1" * len(found.group()), code)


def _unmatched(closer: str, top: _Bracket) -> str:
    if not top.opener:
        return f"'{closer}' closes nothing"
    return f"unexpected '{closer}', '{_CLOSER[top.opener]}' is missing"
