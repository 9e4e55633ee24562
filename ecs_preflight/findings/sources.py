"""Source texts by offset, and what is code in them: edits are cut out of these."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from enum import Enum
from functools import cached_property
from typing import TypeVar, cast

from ..symbolic.patterns import regex
from ..symbolic.records import replace
from ..symbolic.source import NOWHERE, Span

Found = TypeVar("Found")

#: How the names of the files end that make up a Terraform module together: of those in its own
#: syntax, and of all.
HCL_ENDINGS = (".tf", ".tofu")
_TERRAFORM_JSON = (".tf.json", ".tofu.json")
MODULE_ENDINGS = (*HCL_ENDINGS, *_TERRAFORM_JSON)
_TERRAFORM = (*HCL_ENDINGS, ".hcl", ".tfvars")


class Form(Enum):
    """How the text at a place is written."""

    HCL = "hcl"
    #: JSON in a heredoc or a .tf.json file: its strings are templates.
    JSON_TEMPLATE = "json template"
    #: JSON that Terraform reads from a file: nothing in it is computed.
    JSON = "json"
    #: A CloudFormation template.
    CFN_JSON = "cloudformation json"
    YAML = "yaml"

    @property
    def is_json(self) -> bool:
        """Is it one of the forms that are written as JSON?"""
        return self in (Form.JSON_TEMPLATE, Form.JSON, Form.CFN_JSON)


#: How far back is looked for the name of a value.
LOOKED_BACK = 300


class FileText:
    """A file's text; ``offset`` and ``span`` lead from spans to offsets and back. ``newline`` is
    what its lines end with in the file."""

    def __init__(self, file: str, text: str, newline: str = "\n") -> None:
        self.file, self.text, self.newline = file, text, newline
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def offset(self, line: int, column: int) -> int:
        """Where that line and column begin; the text's end for a place behind it."""
        if line > len(self._lines):
            return len(self.text)
        return min(self._lines[line - 1] + column - 1, len(self.text))

    def start(self, span: Span) -> int:
        """The offset at which the span begins."""
        return self.offset(span.line, span.column)

    def end(self, span: Span) -> int:
        """The offset at which the span ends."""
        return self.offset(span.end_line, span.end_column)

    def slice(self, span: Span) -> str:
        """What stands at the span."""
        return self.text[self.start(span) : self.end(span)]

    def span(self, start: int, end: int) -> Span:
        """The span from one offset to another."""
        return Span(self.file, *self._place(start), *self._place(end))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def line_start(self, offset: int) -> int:
        """The offset at which the line of an offset begins."""
        return self._lines[bisect_right(self._lines, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Before the line's end mark."""
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found

    def indent(self, offset: int) -> str:
        """The white space that its line begins with."""
        start = self.line_start(offset)
        found = re.compile(r"[ \t]*").match(self.text, start)
        return found.group() if found else ""

    @cached_property
    def _language(self) -> Form:
        if self.file.endswith(_TERRAFORM_JSON):
            return Form.JSON_TEMPLATE
        if self.file.endswith(_TERRAFORM):
            return Form.HCL
        if not self.text.lstrip().startswith(("{", "[")):
            return Form.YAML
        return Form.CFN_JSON if '"Resources"' in self.text else Form.JSON

    def form(self, offset: int) -> Form:
        """The form of what stands at the offset."""
        if any(start < offset < end for start, end in self._heredocs):
            return Form.JSON_TEMPLATE
        return self._language

    def in_flow(self, offset: int) -> bool:
        """Does it stand between the brackets of a flow collection of YAML?"""
        if self._language is not Form.YAML:
            return False
        head = self.text.rfind("\n", 0, offset) + 1
        while head and self.text[head : head + 3].isspace():
            head = self.text.rfind("\n", 0, head - 1) + 1
        depth, at = 0, head
        while (token := _YAML_TOKEN.search(self.text, at, offset)) is not None:
            at = token.end()
            if token.lastgroup == "block":
                rest = self.text[at : at + LOOKED_BACK].partition("\n")[0]
                if rest.lstrip("-+0123456789 \t")[:1] in ("", "#"):
                    at = self._scalar_end(token.start())
            elif token.group() == '"':
                at = string_end(self.text, token.start())
            elif token.lastgroup is not None:
                end = self.text.find("'" if token.group() == "'" else "}", at, self.line_end(at))
                at = max(at, end + 1)
            depth += (token.group() in ("[", "{")) - (token.group() in ("]", "}"))
        return depth > 0

    def _scalar_end(self, offset: int) -> int:
        """Behind the lines that are indented deeper than the offset's own."""
        margin = len(self.indent(offset))
        below = re.compile(rf"^ {{0,{margin}}}[^ \n]", re.M).search(
            self.text, self.line_end(offset)
        )
        return below.start() if below else len(self.text)

    @cached_property
    def _heredocs(self) -> tuple[tuple[int, int], ...]:
        if self._language is not Form.HCL:
            return ()
        return tuple((start, end) for start, end, kind in self.tokens if kind == "heredoc")

    @cached_property
    def is_synthesized(self) -> bool:
        """Is it a template that CDK made, wherever it was put?"""
        return self._language is not Form.HCL and '"aws:cdk:path"' in self.text

    def is_default(self, span: Span) -> bool:
        """Does an input's default stand there, which is for all who do not give it?"""
        if self._language is not Form.HCL:
            return bool(span.path) and span.path[0] == "Parameters"
        starts, words = self._heads
        found = bisect_right(starts, self.start(span))
        return found > 0 and words[found - 1] == "variable"

    def block_at(self, offset: int) -> str:
        """The block of the module that begins before the offset; "" before the first."""
        starts, _ = self._heads
        found = bisect_right(starts, offset)
        return self.text[starts[found - 1] : (*starts, len(self.text))[found]] if found else ""

    @cached_property
    def _heads(self) -> tuple[list[int], list[str]]:
        """Where the blocks of the module begin, and what they are."""
        heads = list(re.finditer(r"^(\w+)(?:[^\w\n][^\n]*)?\{", self.text, re.M))
        return [head.start() for head in heads], [head[1] for head in heads]

    def is_limited(self, default: Span) -> bool:
        """Does the input whose default stands there take certain values alone?"""
        start = self.start(default)
        if self._language is Form.HCL:
            head = self.text.rfind("\nvariable", 0, start) + 1
            return "validation" in self.text[head : closing(self.text, self.text.index("{", head))]
        block = self._parameter(str(default.path[1])) if len(default.path) > 1 else None
        return block is None or "Allowed" in self.text[slice(*block)]

    def takes_few(self, parameter: str) -> bool:
        """Is that a template's parameter which takes certain values alone?"""
        block = self._parameter(parameter)
        return block is not None and "Allowed" in self.text[slice(*block)]

    def default_of(self, parameter: str) -> Span | None:
        """Where a template's parameter has its default, a word or a number; None where it has none
        or takes certain values alone."""
        block = self._parameter(parameter)
        if block is None or "Allowed" in self.text[slice(*block)]:
            return None
        key = re.compile(
            r"""["']?Default["']?[ \t]*:[ \t]*("[^"\n]*"|'[^'\n]*'|[^\s"'{\[|>,}#]+)"""
        )
        found = key.search(self.text, *block)
        if found is None:
            return None
        path = ("Parameters", parameter, "Default")
        return replace(self.span(*found.span(1)), path=path)

    def _parameter(self, name: str) -> tuple[int, int] | None:
        """From where to where a template's parameter is described."""
        section = re.search(r"""^[ \t]*["']?Parameters["']?[ \t]*:""", self.text, re.M)
        key = re.compile(rf"""^([ \t]+)["']?{re.escape(name)}["']?[ \t]*:""", re.M)
        head = key.search(self.text, section.end()) if section else None
        if head is None:
            return None
        below = re.compile(rf"^[ \t]{{0,{len(head[1])}}}\S", re.M).search(self.text, head.end())
        return head.start(), below.start() if below else len(self.text)

    @cached_property
    def tokens(self) -> list[tuple[int, int, str]]:
        """The comments, strings and heredocs of HCL, in order."""
        found, offset, text = [], 0, self.text
        while (token := _TOKEN.search(text, offset)) is not None:
            start, kind = token.start(), token.lastgroup or ""
            if kind == "string":
                end = string_end(text, start)
            elif kind == "heredoc":
                closing = re.compile(rf"^[ \t]*{token['mark']}[ \t]*$", re.MULTILINE)
                closed = closing.search(text, token.end())
                end = closed.end() if closed else len(text)
            else:
                end = token.end()
            found.append((start, end, kind))
            offset = max(end, start + 1)
        return found

    def before(self, offset: int) -> str:
        """The last character before the offset that is neither white space nor comment."""
        at = self.before_at(offset)
        return self.text[at] if at >= 0 else ""

    def before_at(self, offset: int) -> int:
        """Where that character stands, -1 when there is none."""
        at = offset - 1
        comments = self._comments if self.form(offset) is Form.HCL else {}
        while at >= 0:
            if at + 1 in comments:
                at = comments[at + 1] - 1
            elif self.text[at].isspace():
                at -= 1
            else:
                break
        return at

    def after_at(self, offset: int) -> int:
        """Where the next character stands that is neither white space nor comment."""
        starts = {start: end for end, start in self._comments.items()}
        in_hcl = self.form(offset) is Form.HCL
        while offset < len(self.text):
            if in_hcl and offset in starts:
                offset = starts[offset]
            elif self.text[offset].isspace():
                offset += 1
            else:
                break
        return offset

    def ending(self, pattern: re.Pattern[str], offset: int) -> re.Match[str] | None:
        """What the text before the offset ends with, by a pattern that ends with ``$``; sought in
        its last characters alone."""
        return pattern.search(self.text, max(0, offset - LOOKED_BACK), offset)

    @cached_property
    def _comments(self) -> dict[int, int]:
        """The start of each comment by its end."""
        return {end: start for start, end, kind in self.tokens if kind == "comment"}


_TOKEN = regex(
    r"(?P<comment>#[^\n]*|//[^\n]*|/\*[^*]*(?:\*+[^*/][^*]*)*(?:\*+/)?)"
    r"|<<-?(?P<mark>[A-Za-z_][\w-]*)[ \t]*(?P<heredoc>\n)"
    r'|(?P<string>")',
    re.DOTALL,
)
#: What may hold brackets in YAML without being one, as it begins, and the brackets.
_YAML_TOKEN = regex(
    r"""(?P<quoted>(?<=[\s\[{,:])["'])|(?P<hole>\$\{)|(?<!\S)#[^\n]*"""
    r"""|(?P<block>(?<=\s)[|>])|[\[\]{}]"""
)
#: What neither ends a string nor begins anything in it.
_PLAIN = regex(r'[^"\\\n$%]+')


def string_end(text: str, start: int) -> int:
    """Behind the closing quote of the string at ``start``, whose templates may hold strings."""
    offset = start + 1
    while offset < len(text):
        if text[offset] == "\\":
            offset += 2
        elif text.startswith(("$${", "%%{"), offset):
            offset += 3
        elif text.startswith(("${", "%{"), offset):
            offset = template_end(text, offset + 2)
        elif text[offset] in '"\n':
            return offset + 1
        else:
            plain = _PLAIN.match(text, offset + 1)
            offset = plain.end() if plain else offset + 1
    return len(text)


def template_end(text: str, offset: int) -> int:
    """Behind the brace that closes the template whose content begins at ``offset``."""
    depth = 1
    while offset < len(text) and depth:
        if text[offset] == '"':
            offset = string_end(text, offset)
            continue
        depth += {"{": 1, "}": -1}.get(text[offset], 0)
        offset += 1
    return offset


def closing(text: str, start: int) -> int:
    """Behind the bracket that closes the one at ``start``; strings are skipped."""
    depth, offset = 0, start
    while offset < len(text):
        char = text[offset]
        if char == '"':
            offset = string_end(text, offset)
            continue
        depth += (char in "([{") - (char in ")]}")
        offset += 1
        if depth == 0:
            return offset
    return len(text)


class Sources:
    """The texts of scanned files, each read once, their lines ended by a line feed alone; what
    cannot be read is empty. ``listing`` names the files of the whole repository."""

    def __init__(
        self, read: Callable[[str], str], listing: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self._read, self._listing = read, listing
        self._texts: dict[str, FileText] = {}
        self._found: dict[Hashable, object] = {}

    def once(self, what: Hashable, seek: Callable[[], Found]) -> Found:
        """What ``seek`` finds in the texts, sought once; one ``what`` is always of one type."""
        if what not in self._found:
            self._found[what] = seek()
        return cast(Found, self._found[what])

    def of(self, file: str) -> FileText:
        """The file's text, read once; an empty one where it cannot be read."""
        if file not in self._texts:
            text = self._read(file)
            newline = "\r\n" if "\r\n" in text else "\n"
            self._texts[file] = FileText(file, text.replace("\r\n", "\n"), newline)
        return self._texts[file]

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files of the whole repository, as far as that is known."""
        return tuple(self._listing())

    def beside(self, file: str) -> Iterator[FileText]:
        """The texts of the module that the file is of: its own, then the others in its folder."""
        folder = posixpath.dirname(file)
        for other in dict.fromkeys((file, *self.files)):
            if posixpath.dirname(other) == folder:
                yield self.of(other)

    def at(self, span: Span) -> FileText | None:
        """The text a span stands in, where it may be edited: read, not generated, and not an
        input's default."""
        text = self.given(span)
        return None if text is None or text.is_default(span) else text

    def given(self, span: Span) -> FileText | None:
        """The text a span stands in, be it an input's default: of one that has none, or is limited
        to certain values, nothing may be edited."""
        if span == NOWHERE or not span.file or generated(span.file):
            return None
        text = self.of(span.file)
        if not text.text or text.is_synthesized or text.start(span) >= text.end(span):
            return None
        is_input = text.is_default(span)
        if is_input and (text.slice(span).startswith("variable") or text.is_limited(span)):
            return None
        return text


def generated(file: str) -> bool:
    """Is the file written by a tool, which would write it again?"""
    parts = file.split("/")
    return any(
        part in (".terraform", "cdk.out", ".aws-sam", ".terragrunt-cache", "cdktf.out")
        for part in parts
    )
