"""What stands in a list, an object or a block taken out of it, with what would be left over."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...symbolic.patterns import regex
from ...symbolic.records import replace
from ...symbolic.source import Span
from ..finding import Edit
from ..sources import FileText, Form, Sources, closing
from .edits import all_of


def removal(sources: Sources, span: Span) -> Edit | None:
    """The edit that leaves out what stands there; None where it stands in no list or object, where
    it is a value that others name, and for the one statement of a document, which would be none
    without it."""
    source = sources.at(span)
    if source is None:
        return None
    start, end = source.start(span), source.end(span)
    form = source.form(start)
    if form is Form.YAML and source.text[start] in "|>":
        return None  # it stands somewhere in that text
    if form is Form.YAML and not source.in_flow(start):
        return _lines_removed(source, start, end)
    if form is Form.HCL and re.match(r"[\w-]+(\s+\"[^\"]*\")*\s*\{", source.text[start:end]):
        if source.text.startswith("statement", start) and _is_alone(source, span):
            return None
        return block_removed(source, start, end)
    entry = _entry_start(source, start)
    if form is Form.HCL and entry < start and _is_named(source, entry):
        return None
    return element_removed(source, form, entry, end)


def _is_named(source: FileText, entry: int) -> bool:
    """Does an output's, an input's or a local's own argument begin there, which others name?"""
    block = source.block_at(entry)
    if not block.startswith(("output", "variable", "locals")):
        return False
    head = source.text.rindex(block.partition("{")[0], 0, entry)
    before = source.text[head:entry]
    opened, closed = (sum(map(before.count, marks)) for marks in ("{[(", ")]}"))
    return opened - closed == 1


def removals(sources: Sources, spans: Iterable[Span]) -> list[Edit | None]:
    """The edits that leave out all that stands there; neighbours in a list go together, with the
    comma that none of them leaves."""
    runs: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.file, span.line, span.column)):
        source = sources.at(span)
        if runs and source is not None and _follows(source, runs[-1], span):
            last = runs.pop()
            runs.append(replace(last, end_line=span.end_line, end_column=span.end_column))
        else:
            runs.append(span)
    return [removal(sources, span) for span in runs]


def _follows(source: FileText, first: Span, second: Span) -> bool:
    """Is the second the next item between brackets?"""
    if first.file != source.file:
        return False
    comma = source.after_at(source.end(first))
    follows = source.text[comma : comma + 1] == ","
    return follows and source.after_at(comma + 1) == _entry_start(source, source.start(second))


def statement_removal(sources: Sources, span: Span) -> Edit | None:
    """The edit that leaves a statement out; None where its policy would have no other."""
    source = sources.at(span)
    return None if source is None or _is_alone(source, span) else removal(sources, span)


def _is_alone(source: FileText, span: Span) -> bool:
    start, end = source.start(span), source.end(span)
    if source.form(start) is Form.HCL and source.text.startswith("statement", start):
        heads = [m.start() for m in re.finditer(r"^[a-z]", source.text[:start], re.M)]
        block = source.text[heads[-1] : closing(source.text, source.text.index("{", heads[-1]))]
        return len(re.findall(r"^[ \t]*(statement|dynamic \"statement\")\s*\{", block, re.M)) == 1
    before, after = source.before_at(start), source.after_at(end)
    if source.text[after : after + 1] == ",":
        after = source.after_at(after + 1)
    if before >= 0 and source.text[before] == "-":
        column = before - source.line_start(before)
        dashes = rf"^ {{{column}}}- "
        above = source.text[: source.line_start(start)].rstrip().rpartition("\n")[2]
        below = source.text[source.line_end(end) :].lstrip("\n").split("\n")[0]
        return above.strip().endswith("Statement:") and not re.match(dashes, below)
    if before >= 0 and source.text[before] in "=:":
        return True
    return source.text[max(before, 0)] == "[" and source.text[after : after + 1] == "]"


def removal_whole(sources: Sources, span: Span) -> Edit | None:
    """The edit that leaves out the setting there, with every object and list around it of
    which nothing would be left."""
    source = sources.at(span)
    if source is None:
        return None
    start, end = source.start(span), source.end(span)
    form = source.form(start)
    if form is Form.YAML and not source.in_flow(start):
        first = source.line_start(_entry_start(source, start))
        last = source.line_end(end)
        while (above := _with_empty_key(source, first, last)) != first:
            first = above
        first = _with_remarks(source, first) if "\n" in source.text[first:end] else first
        return Edit(source.span(first, min(last + 1, len(source.text))), "")
    if re.match(r"condition\s*\{", source.text[start:end]):
        return block_removed(source, start, end)
    while True:
        start = _entry_start(source, start)
        before, after = source.before_at(start), source.after_at(end)
        around = source.text[max(before, 0)] + source.text[after : after + 1]
        if before < 0 or around not in ("{}", "[]"):
            break
        head = source.ending(_BLOCK, before) if form is Form.HCL else None
        if head is not None:
            return block_removed(source, head.start(1), after + 1)
        start, end = before, after + 1
    if form is Form.HCL and _is_named(source, start):
        return None
    return element_removed(source, form, start, end)


#: The head of a block of HCL, behind which its content begins.
_BLOCK = regex(r"\n[ \t]*([\w-]+)[ \t]*$")

#: A key, of which a condition's has a colon.
_KEY = regex(r"""(?:"[\w.:/-]+"|'[\w.:/-]+'|[\w.-]+(?::[\w./-]+)?)\s*[=:]\s*$""")


def _entry_start(source: FileText, start: int) -> int:
    """Where the key of the value at the offset begins; the offset itself where it has none."""
    found = source.ending(_KEY, start)
    return found.start() if found else start


def _lines_removed(source: FileText, start: int, end: int) -> Edit | None:
    """Of YAML block style: the lines of the key or item."""
    text, first = source.text, source.line_start(_entry_start(source, start))
    if not re.match(r"\s*(- +)?[\w\"'.:-]+:|\s*- ", text[first:end]):
        return None
    dash = re.match(r"(\s*)- +(?=[\w\"'.-]+:(\s|$))", text[first:end])
    last = source.line_end(end)
    if dash and first + dash.end() < start:  # the first key of an item: the next one takes its dash
        following = text[last + 1 :]
        margin = " " * len(dash.group())
        if not following.startswith(margin):
            return None
        return Edit(source.span(first + dash.end(), last + 1 + len(margin)), "")
    first = _with_empty_key(source, first, last)
    if dash is None and "\n" in text[first:end]:
        first = _with_remarks(source, first)
    if last < len(text):
        return Edit(source.span(first, last + 1), "")
    return Edit(source.span(max(first - 1, 0), last), "")


def _with_empty_key(source: FileText, first: int, last: int) -> int:
    """Where the removed lines begin: with the key above, of which nothing would be left."""
    text, indent = source.text, len(source.indent(first))
    head = source.line_start(max(first - 1, 0))
    key = re.fullmatch(r"( *)(- +)?[\w\"'.-]+:[ \t]*(#[^\n]*)?\n", text[head:first])
    following = text[last:].lstrip("\n")
    depth = len(following) - len(following.lstrip(" "))
    dash = following.lstrip(" ").startswith("- ") and text[first:].lstrip(" ").startswith("- ")
    if key is None or key[2] or (depth == indent and (dash or depth > len(key[1]))):
        return first
    return head


#: A line that heads a section.
_RULE = regex(r"(.)\1{3}")


def _with_remarks(source: FileText, first: int) -> int:
    """Where the removed lines begin: with the comments right above, which speak of them, unless
    these head a section or the file."""
    text, start, indent = source.text, first, source.indent(first)
    while start:
        above = source.line_start(start - 1)
        said = text[above:start].strip()
        if not said.startswith(("#", "//")) or source.indent(above) != indent:
            return start
        if _RULE.search(said) or not above:
            break
        start = above
    return first


def block_removed(source: FileText, start: int, end: int) -> Edit | None:
    """The block's lines, the comments above it, and the blank line that set it apart."""
    text, first, last = source.text, source.line_start(start), source.line_end(end)
    behind = text[end:last].strip()
    if text[first:start].strip() or not (not behind or behind.startswith(("#", "//"))):
        return None
    first = _with_remarks(source, first)
    after = text.find("\n", end) + 1
    before = re.search(r"\n[ \t]*\n$", text[:first])
    blank = re.match(r"[ \t]*\n", text[after:])
    if blank:
        return Edit(source.span(first, after + blank.end()), "")
    if before:
        return Edit(source.span(before.start() + 1, after or len(text)), "")
    return Edit(source.span(first, after or len(text)), "")


#: The head of a resource, and what stands before an item of a list of what something waits for.
RESOURCE = regex(r'resource\s+"([\w-]+)"\s+"([\w-]+)"')
_WAITING = regex(r"\bdepends_on\s*=\s*\[(?:[^\[\]]|\[\d+\])*$")


def resource_removal(sources: Sources, source: FileText, start: int, end: int) -> list[Edit] | None:
    """The edits that leave out a resource's block of Terraform, and its name where something waits
    for it; None where anything else names it."""
    head = RESOURCE.match(source.text, start)
    if head is None:
        return None
    name = re.compile(rf"(?<![\w.-])(?:{head[1]})\.{head[2]}(?![\w-])(?:\[\d+\])?")
    edits = [block_removed(source, start, end)]
    for other in sources.beside(source.file):
        silent = [token[:2] for token in other.tokens if token[2] == "comment"]
        if other.file == source.file:
            silent.append((start, end))
        for found in name.finditer(other.text):
            if any(first <= found.start() < last for first, last in silent):
                continue
            waits = other.ending(_WAITING, found.start())
            edits.append(removal_whole(sources, other.span(*found.span())) if waits else None)
    return all_of(edits)


def element_removed(source: FileText, form: Form, start: int, end: int) -> Edit | None:
    """Of a list or object between brackets, or an argument of a block."""
    text, after, before = source.text, source.after_at(end), source.before_at(start)
    if before < 0:
        return None
    follows = text[after : after + 1]
    last = source.after_at(after + 1) if follows == "," else after
    if (
        text[before] == "["
        and text[last : last + 1] == "]"
        and not text[before + 1 : start].strip()
    ):
        return Edit(source.span(before + 1, last), "")  # nothing is left of the list
    alone = not text[source.line_start(start) : start].strip()
    if follows == ",":
        rest = text[after + 1 : source.line_end(after)]
        if alone and (not rest.strip() or (form is Form.HCL and rest.strip()[0] in "#/")):
            return _lines_edit(source, start, end, after)
        gap = re.match(r"[ \t]*", text[after + 1 :])
        return Edit(source.span(start, after + 1 + (gap.end() if gap else 0)), "")
    if text[before] == "," and (form is not Form.HCL or not alone):
        return Edit(source.span(before, end), "")
    if alone and (form is Form.HCL or text[before] not in "[{"):
        return _lines_edit(source, start, end, end)
    return Edit(source.span(start, end), "") if text[before] in "[{," else None


def _lines_edit(source: FileText, start: int, end: int, comma: int) -> Edit:
    """Without the lines of an element and of the comma behind it; what takes several lines has the
    comments above for itself."""
    first = source.line_start(start)
    first = _with_remarks(source, first) if "\n" in source.text[start:end] else first
    return Edit(source.span(first, _next_line(source, comma)), "")


def _next_line(source: FileText, offset: int) -> int:
    found = source.text.find("\n", offset)
    return len(source.text) if found < 0 else found + 1


#: The name of a template's resource, which no loop makes.
LOGICAL_ID = regex(r"""["']?([A-Za-z0-9]+)["']?\s*:""")


def template_removal(sources: Sources, span: Span) -> Edit | None:
    """The edit that leaves out a resource of a template; None where anything else names it."""
    source = sources.at(span)
    head = LOGICAL_ID.match(source.text, source.start(span)) if source else None
    if source is None or head is None:
        return None
    name = re.compile(rf"(?<!\w){head[1]}(?!\w)")
    start, end = source.start(span), source.end(span)
    if name.search(source.text, 0, start) or name.search(source.text, end):
        return None
    edit = removal(sources, span)
    if edit is None or edit.text:
        return edit
    first, last = source.start(edit.span), source.end(edit.span)
    is_apart = source.text[:first].endswith("\n\n") and source.text.startswith("\n", last)
    return Edit(source.span(first, last + is_apart), "")
