"""The literal text of strings, heredocs and templates: escapes and indentation.

What is trimmed and unindented, and in which order, is that of HCL's native syntax (Terraform
documentation, "Strings and Templates"), whose unit is the token: a line of a heredoc, or the text
between two ``$`` or ``%``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from .lexical import Quote, TemplateSequence
from .text import SourceText

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = regex(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_SPECIAL = regex(r"[\\$%\n]")
_QUOTED_TOKEN = regex(r"[$%]{2}\{|[$%]|(?:\\.|[^\\$%])+", re.DOTALL)
_BARE_TOKEN = regex(r"[$%]{2}\{|[$%]\n?|[^$%\n]+\n?|\n")


@dataclass(slots=True)
class Token:
    """A piece of literal text, decoded, and the offset where it begins."""

    text: str
    start: int

    def drop(self, count: int) -> None:
        """Takes the first characters away."""
        self.text, self.start = self.text[count:], self.start + count

    def strip_start(self) -> None:
        """Takes the white space off its start, for ``~}`` before it."""
        self.drop(len(self.text) - len(self.text.lstrip()))


@dataclass(frozen=True, slots=True)
class Plain:
    """A string of literal text: its value, where its text begins, the margin taken from it."""

    value: str
    start: int
    margin: int


def plain(text: SourceText, quote: Quote) -> Plain | None:
    """The string as literal text, or None when there is more in it. Raises SyntaxFault."""
    if quote.plain is not None:
        return Plain(quote.plain, quote.start + 1, 0)
    found: list[Token] = []
    for part in quote.parts:
        if isinstance(part, TemplateSequence):
            return None
        found += tokens(text, part.start, part.end, quote.escapes)
    margin = unindent(found) if quote.flush else 0
    start = found[0].start if found else quote.start
    return Plain("".join(token.text for token in found), start, margin)


def tokens(text: SourceText, start: int, end: int, escapes: bool) -> list[Token]:
    """The literal text between two offsets. Raises SyntaxFault for an escape that is none."""
    raw = text.text[start:end]
    if raw.isascii() and not _SPECIAL.search(raw):
        return [Token(raw, start)]
    found = (_QUOTED_TOKEN if escapes else _BARE_TOKEN).finditer(raw)
    return [
        Token(_decoded(text, start + token.start(), token.group(), escapes), start + token.start())
        for token in found
    ]


def _decoded(text: SourceText, start: int, token: str, escapes: bool) -> str:
    if token in ("$${", "%%{"):
        return token[1:]

    def decode(found: re.Match[str]) -> str:
        selector = found.group(1)
        if selector in _ESCAPES:
            return _ESCAPES[selector]
        if len(selector) > 1:
            number = int(selector[1:], 16)
            is_character = number < 0x110000 and not 0xD800 <= number < 0xE000
            return chr(number) if is_character else "\N{REPLACEMENT CHARACTER}"
        raise text.fault(
            f"'{found.group()}' is not a valid escape sequence",
            start + found.start(),
            start + found.end(),
        )

    return normal(_ESCAPE.sub(decode, token) if escapes and "\\" in token else token)


def normal(value: str) -> str:
    """A string as Terraform keeps it: in Unicode's normal form C."""
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def unindent(pieces: Iterable[object]) -> int:
    """Removes from each line the white space that all lines begin with, and says how much that is.
    Lines of nothing but white space do not count and stay; a line that begins with something else
    than a Token begins with none."""
    begins: list[Token] = []
    indents: list[int] = []
    at_line_start = True
    for piece in pieces:
        if at_line_start and isinstance(piece, Token):
            indent = len(piece.text) - len(piece.text.lstrip())
            if indent < len(piece.text) or not piece.text.endswith("\n"):
                begins.append(piece)
                indents.append(indent)
        elif at_line_start:
            indents.append(0)
        at_line_start = isinstance(piece, Token) and piece.text.endswith("\n")
    margin = min(indents, default=0)
    for token in begins:
        token.drop(margin)
    return margin
