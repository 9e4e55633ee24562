"""Lists, written and given more items, in the form of the place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ..finding import Edit
from ..sources import FileText, Form, Sources, closing, string_end
from .expressions import Expression, rendered
from .insertions import at_line_end

#: A list that would make its line longer is written with an item a line.
WIDTH = 90
#: A list that is no list of items but comes out of a loop.
LOOP = regex(r"\[\s*for\b")


def hcl_list(items: Sequence[Expression], indent: str) -> str:
    """A list as Terraform's formatter leaves it; ``indent`` is its own line's."""
    written = [rendered(Form.HCL, item) or "" for item in items]
    line = f"[{', '.join(written)}]"
    if len(line) + len(indent) <= WIDTH:
        return line
    return "[\n" + "".join(f"{indent}  {item},\n" for item in written) + f"{indent}]"


def one_or_list(written: Sequence[str]) -> str:
    """A single value as it is, several as a list on one line."""
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


def extended(
    source: FileText, listed: Span, items: Sequence[Span], new: Sequence[Expression]
) -> list[Edit] | None:
    """More items in the list (or beside the single value) at ``listed``, whose items stand at
    ``items``; None where it is computed."""
    start, end = source.start(listed), source.end(listed)
    form, text = source.form(start), source.text[start:end]
    if not items or any(item.file != listed.file for item in items):
        return None
    last = source.end(items[-1])
    fresh = _rendered(form, new, flow=source.in_flow(last))
    if fresh is None:
        return None
    if form is Form.YAML and len(items) > 1:
        fresh = [_quoted_as(source, items[-1], item) for item in fresh]
    if text.startswith("["):
        if not start < last < end or closing(source.text, start) != end or LOOP.match(text):
            return None
        return _bracketed(source, start, items, fresh, end)
    if form is Form.YAML and source.before(source.start(items[-1])) == "-":
        dash = source.line_start(source.start(items[-1]))
        head = source.text[dash : source.start(items[-1])]
        if not re.fullmatch(r"\s*-\s+", head):
            return None
        return [at_line_end(source, last, "\n".join(head + item for item in fresh))]
    if len(items) != 1 or items[0] != listed:
        return None
    return _listed(source, form, start, end, new)


#: What YAML reads alike with and without quotes.
_BARE = regex(r"[A-Za-z][\w:/.-]*[\w*]")


def _quoted_as(source: FileText, other: Span, item: str) -> str:
    """The item in the quotation marks that the other one has."""
    mark = source.slice(other)[:1]
    return f"{mark}{item}{mark}" if mark in ("'", '"') and _BARE.fullmatch(item) else item


def _rendered(form: Form, new: Sequence[Expression], *, flow: bool) -> list[str] | None:
    written = [rendered(form, item, flow=flow) for item in new]
    return None if None in written else [str(item) for item in written]


#: What a list has before and behind it that has a line for itself.
_KEY, _END = regex(r"""\s*["']?[\w-]+["']?\s*[=:]\s*"""), regex(r",?\s*")


def _bracketed(
    source: FileText, start: int, items: Sequence[Span], fresh: list[str], end: int
) -> list[Edit]:
    first, last = source.start(items[-1]), source.end(items[-1])
    head, tail = source.text[source.line_start(start) : start], source.line_end(end)
    if "\n" not in source.text[start:end]:
        long = tail - source.line_start(start) + sum(len(new) + 2 for new in fresh) > WIDTH + 10
        if long and _KEY.fullmatch(head) and _END.fullmatch(source.text[end:tail]):
            indent = source.indent(start)
            listed = [source.slice(item) for item in items] + fresh
            comma = "," if source.form(start) is Form.HCL else ""
            lines = ",\n".join(f"{indent}  {item}" for item in listed)
            return [Edit(source.span(start, end), f"[\n{lines}{comma}\n{indent}]")]
    if "\n" not in source.text[last:end]:
        return [Edit(source.span(last, last), "".join(f", {new}" for new in fresh))]
    # On lines of their own, before the last item: its comment and comma stay with it.
    indent = source.indent(first)
    if source.text[source.line_start(first) : first].strip():
        return [Edit(source.span(last, last), "".join(f", {new}" for new in fresh))]
    return [Edit(source.span(first, first), "".join(f"{new},\n{indent}" for new in fresh))]


def _listed(
    source: FileText, form: Form, start: int, end: int, new: Sequence[Expression]
) -> list[Edit] | None:
    """A single value made a list."""
    value, fresh = source.text[start:end], _rendered(form, new, flow=False)
    if "\n" in value or fresh is None:
        return None
    if form is Form.YAML and source.before(start) == ":":
        key = source.indent(start)
        prefix = source.text[source.line_start(start) : start]
        if re.fullmatch(r"\s*(- +)?\w+: +", prefix):
            margin = (
                " " * (len(prefix) - len(prefix.lstrip(" -")) + 2) if "- " in prefix else key + "  "
            )
            colon = source.before_at(start) + 1
            lines = "".join(f"\n{margin}- {item}" for item in (value, *fresh))
            rest = source.text[end : source.line_end(end)]
            if rest.strip():  # a comment: it stays on the key's line
                return [
                    Edit(source.span(colon, source.line_end(end)), f"{rest}{lines}"),
                ]
            return [Edit(source.span(colon, end), lines)]
    if form is Form.HCL and not value.startswith('"') and not re.fullmatch(r"[\w.\[\]\"-]+", value):
        return None
    listed = _rendered(form, new, flow=True) or []
    return [Edit(source.span(start, end), f"[{', '.join((value, *listed))}]")]


def list_around(sources: Sources, first: Span, last: Span) -> Span | None:
    """The list whose items these are, or the single value."""
    source = sources.at(first)
    if source is None:
        return None
    before, after = source.before_at(source.start(first)), source.after_at(source.end(last))
    if source.text[after : after + 1] == ",":
        after = source.after_at(after + 1)
    if before >= 0 and source.text[before] == "[" and source.text[after : after + 1] == "]":
        return source.span(before, after + 1)
    return first if first == last or source.text[before] == "-" else None


def items_at(source: FileText, listed: Span) -> list[Span]:
    """The items of a list in brackets, or the single value; none where a loop or a comment stands
    in it."""
    text, start, end = source.text, source.start(listed), source.end(listed)
    if text[start] != "[":
        return [listed]
    if closing(text, start) != end or LOOP.match(text, start):
        return []
    if any(start < at < end for at, _, kind in source.tokens if kind == "comment"):
        return []
    found, first, at = [], start + 1, start + 1
    while at < end:
        if text[at] == '"':
            at = string_end(text, at)
        elif text[at] in "([{":
            at = closing(text, at)
        else:
            if text[at] == "," or at == end - 1:
                item = text[first:at].strip()
                if item:
                    begin = text.index(item, first)
                    found.append(source.span(begin, begin + len(item)))
                first = at + 1
            at += 1
    return found
