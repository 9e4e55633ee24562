"""What is written, replaced, taken out, or written beside it, in the syntax of its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...model import Policy
from ...symbolic.source import Span
from ...symbolic.values import Value, literal
from ..finding import Applicability, Draft, Edit, Fix
from ..sources import Form, Sources, SourceText, closing
from .expressions import Code, parsed, rendered, simplified
from .repairs import as_before, string_edit


def _made(fix: Fix, edits: Sequence[Edit | None], safe: bool) -> Fix | None:
    if not edits or None in edits:
        return None
    return replace(
        fix,
        edits=tuple(edit for edit in edits if edit is not None),
        applicability=Applicability.SAFE if safe else Applicability.UNSAFE,
    )


def replacing(value: Value, new: str, *, safe: bool = False) -> Draft:
    """The string that is written there replaced by another one."""
    return lambda fix, sources: _made(fix, [string_edit(sources, value, new)], safe)


def rewording(value: Value, old: str, new: str, *, safe: bool = True) -> Draft:
    """Each ``old`` in what is literally written there replaced."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        return _made(fix, [_reworded(sources, value.span, old, new)], safe)

    return draft


def _reworded(sources: Sources, span: Span, old: str, new: str) -> Edit | None:
    source = sources.at(span)
    if source is None:
        return None
    form, text = source.form(source.start(span)), source.slice(span)
    found = parsed(form, text)
    if found is None or not any(isinstance(part, str) and old in part for part in found):
        return None
    changed = simplified(p if isinstance(p, Code) else p.replace(old, new) for p in found)
    written = as_before(rendered(form, changed), text)
    return None if written is None else Edit(span, written)


def naming(value: Value) -> Draft:
    """The name that stands there between quotes (``"var.region"``) without them."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source, name = sources.at(value.span), literal(value) or ""
        if source is None or source.form(source.start(value.span)) is not Form.HCL:
            return None
        if not re.fullmatch(r"(var|local|data|aws_\w+)(\.\w+)+", name):
            return None
        if source.slice(value.span) != f'"{name}"':
            return None
        return _made(fix, [Edit(value.span, name)], True)

    return draft


def appending(span: Span, end: str) -> Draft:
    """More text at the end of the string that is written there."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        form, old = source.form(source.start(span)), source.slice(span)
        found = parsed(form, old)
        new = None if found is None else rendered(form, simplified((*found, end)))
        written = as_before(new, old)
        return None if written is None else _made(fix, [Edit(span, written)], True)

    return draft


def attribute(span: Span, old: str, new: str) -> Draft:
    """Another attribute of the resource that is referred to there: ``.arn`` for ``.name``."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        text = source.slice(span) if source else ""
        if not re.fullmatch(rf"[\w.\[\]\"-]+\.{old}", text):
            return None
        return _made(fix, [Edit(span, text.removesuffix(old) + new)], True)

    return draft


def setting(span: Span, plain: str) -> Draft:
    """A bool, a number or a word in place of the value that stands there; quoted only where that
    one is."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        old = source.slice(span)
        if "\n" in old or old.startswith(("[", "{")):
            return None
        quote = old[0] if old[:1] in ("'", '"') else ""
        if source.form(source.start(span)) is Form.HCL and re.match(r"[A-Za-z_]+\.", old):
            quote = "" if re.fullmatch(r"true|false|\d+", plain) else '"'
        return _made(fix, [Edit(span, f"{quote}{plain}{quote}")], False)

    return draft


def removing(*spans: Span) -> Draft:
    """The settings (with their keys), items, blocks or statements that stand there, left out."""
    return lambda fix, sources: _made(fix, [removal(sources, span) for span in spans], False)


def removing_whole(span: Span) -> Draft:
    """The setting there left out, with every object around it of which nothing would be left."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        start, end = source.start(span), source.end(span)
        form = source.form(start)
        if form is Form.YAML and not _is_flow(source, start):
            first = source.line_start(_entry_start(source, start))
            last = source.line_end(end)
            while (above := _with_empty_key(source, first, last)) != first:
                first = above
            return _made(
                fix, [Edit(source.span(first, min(last + 1, len(source.text))), "")], False
            )
        if re.match(r"condition\s*\{", source.text[start:end]):
            return _made(fix, [_block_removed(source, start, end)], False)
        while True:
            start = _entry_start(source, start)
            before, after = source.before_at(start), source.after_at(end)
            if before < 0 or source.text[before] != "{" or source.text[after : after + 1] != "}":
                break
            start, end = before, after + 1
        return _made(fix, [_element_removed(source, form, start, end)], False)

    return draft


def removing_pair(span: Span, outer: str, inner: str) -> Draft:
    """The object under the key ``outer`` left out, whose only key ``inner`` has the value at
    ``span``."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        start, end = source.start(span), source.end(span)
        head = re.search(
            rf"""["']?{outer}["']?\s*[=:]\s*(\{{?)\s*["']?{inner}["']?\s*[=:]\s*$""",
            source.text[:start],
            re.IGNORECASE,
        )
        if head is None:
            return None
        if not head[1]:
            whole = source.span(source.line_start(head.start()), source.line_end(end) + 1)
            return _made(fix, [Edit(whole, "")], False)
        after = source.after_at(end)
        if source.text[after : after + 1] != "}":
            return None
        element = _element_removed(source, source.form(start), head.start(), after + 1)
        return _made(fix, [element], False)

    return draft


def detaching(policy: Policy) -> Draft:
    """The policy taken off the role: its attachment, or the item of the role's list."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(policy.attached)
        if source is None:
            return None
        if policy.source != "aws_iam_role_policy_attachment":
            return _made(fix, [removal(sources, policy.attached)], False)
        heads = list(
            re.finditer(
                r'^resource\s+"aws_iam_role_policy_attachment"\s+"[\w-]+"\s*\{',
                source.text[: source.start(policy.attached)],
                re.M,
            )
        )
        if not heads:
            return None
        start, end = heads[-1].start(), closing(source.text, heads[-1].end() - 1)
        if end < source.end(policy.attached) or re.search(
            r"^\s*(count|for_each)\s*=", source.text[start:end], re.M
        ):
            return None
        return _made(fix, [_block_removed(source, start, end)], False)

    return draft


def removal(sources: Sources, span: Span) -> Edit | None:
    """The edit that leaves out what stands there; None where it stands in no list or object."""
    source = sources.at(span)
    if source is None:
        return None
    start, end = source.start(span), source.end(span)
    form = source.form(start)
    if form is Form.YAML and not _is_flow(source, start):
        return _lines_removed(source, start, end)
    if form is Form.HCL and re.match(r"[\w-]+(\s+\"[^\"]*\")*\s*\{", source.text[start:end]):
        return _block_removed(source, start, end)
    return _element_removed(source, form, _entry_start(source, start), end)


def _is_flow(source: SourceText, start: int) -> bool:
    """Does it stand between the brackets of a YAML flow collection?"""
    line = source.text[source.line_start(start) : start]
    return line.count("{") + line.count("[") > line.count("}") + line.count("]")


def _entry_start(source: SourceText, start: int) -> int:
    """Where the key of the value at the offset begins; the offset itself where it has none."""
    found = re.search(r"""(?:"[\w.-]+"|'[\w.-]+'|[\w.-]+)\s*[=:]\s*$""", source.text[:start])
    return found.start() if found else start


def _lines_removed(source: SourceText, start: int, end: int) -> Edit | None:
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
    if text[last : last + 2] == "\r\n":
        return Edit(source.span(first, last + 2), "")
    if last < len(text):
        return Edit(source.span(first, last + 1), "")
    return Edit(source.span(max(first - 1, 0), last), "")


def _with_empty_key(source: SourceText, first: int, last: int) -> int:
    """Where the removed lines begin: with the key above, of which nothing would be left."""
    text, indent = source.text, len(source.indent(first))
    head = source.line_start(max(first - 1, 0))
    key = re.fullmatch(r"( *)(- +)?[\w\"'.-]+:[ \t]*(#[^\n]*)?\r?\n", text[head:first])
    following = text[last:].lstrip("\r\n")
    depth = len(following) - len(following.lstrip(" "))
    dash = following.lstrip(" ").startswith("- ") and text[first:].lstrip(" ").startswith("- ")
    if key is None or key[2] or (depth == indent and (dash or depth > len(key[1]))):
        return first
    return head


def _block_removed(source: SourceText, start: int, end: int) -> Edit | None:
    """The block's lines, and the blank one that set it apart."""
    text, first, last = source.text, source.line_start(start), source.line_end(end)
    if text[first:start].strip() or text[end:last].strip():
        return None
    after = text.find("\n", end) + 1
    before = re.search(r"\n[ \t]*\r?\n$", text[:first])
    blank = re.match(r"[ \t]*\r?\n", text[after:])
    if blank:
        return Edit(source.span(first, after + blank.end()), "")
    if before:
        return Edit(source.span(before.start() + 1, after or len(text)), "")
    return Edit(source.span(first, after or len(text)), "")


def _element_removed(source: SourceText, form: Form, start: int, end: int) -> Edit | None:
    """Of a list or object between brackets, or an argument of a block."""
    text, after, before = source.text, source.after_at(end), source.before_at(start)
    if before < 0:
        return None
    follows = text[after : after + 1]
    alone = not text[source.line_start(start) : start].strip()
    if follows == ",":
        rest = text[after + 1 : source.line_end(after)]
        if alone and (not rest.strip() or (form is Form.HCL and rest.strip()[0] in "#/")):
            return Edit(source.span(source.line_start(start), _next_line(source, after)), "")
        gap = re.match(r"[ \t]*", text[after + 1 :])
        return Edit(source.span(start, after + 1 + (gap.end() if gap else 0)), "")
    if text[before] == "," and (form is not Form.HCL or not alone):
        return Edit(source.span(before, end), "")
    if alone and (form is Form.HCL or text[before] not in "[{"):
        return Edit(source.span(source.line_start(start), _next_line(source, end)), "")
    return Edit(source.span(start, end), "") if text[before] in "[{," else None


def _next_line(source: SourceText, offset: int) -> int:
    found = source.text.find("\n", offset)
    return len(source.text) if found < 0 else found + 1


def beside(span: Span, key: str, value: str) -> Draft:
    """A key with a word written into the block, object or mapping at ``span``; quoted as the
    place's syntax has it."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        bare = source.form(source.start(span)) is Form.YAML or re.fullmatch(r"true|\d+", value)
        return _made(fix, [beside_edit(source, span, key, value if bare else f'"{value}"')], False)

    return draft


def nested(span: Span, outer: str, inner: str, value: str) -> Draft:
    """A key ``outer`` with an object of one key, written into the object or mapping at ``span``.
    Keys are in camel case, or as the mapping there begins its own."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None or re.search(rf"\b{outer}\b", source.slice(span), re.IGNORECASE):
            return None
        form, text = source.form(source.start(span)), source.slice(span)
        first = re.search(r"[A-Za-z]", text)
        if form in (Form.YAML, Form.CFN_JSON) and first and first.group().isupper():
            names = [name[0].upper() + name[1:] for name in (outer, inner)]
        else:
            names = [outer, inner]
        if form.is_json:
            held = f'{{ "{names[1]}": {value} }}'
        elif form is Form.YAML:
            held = f"{{ {names[1]}: {value} }}"
        else:
            held = f"{{ {names[1]} = {value} }}"
        return _made(fix, [beside_edit(source, span, names[0], held)], False)

    return draft


def beside_edit(source: SourceText, span: Span, key: str, value: str) -> Edit | None:
    """The key with a value as the place's syntax writes it, at the end of what stands there."""
    start, end = source.start(span), source.end(span)
    text, form = source.text[start:end], source.form(start)
    if form is Form.YAML and not text.startswith("{"):
        margin = " " * (span.column - 1)
        last = source.line_end(end)
        return Edit(source.span(last, last), f"\n{margin}{key}: {value}")
    if not text.endswith("}"):
        return None
    at = source.before_at(end - 1)
    if at < start:
        return None
    quoted = form.is_json or bool(re.match(r'\{\s*"', text))
    name = f'"{key}"' if quoted else key
    mark = ": " if form is not Form.HCL or re.match(r'\{\s*"?\w+"?\s*:', text) else " = "
    empty = source.text[at] in "{"
    comma = "" if empty or source.text[at] == "," else ","
    if "\n" not in text:
        return Edit(source.span(at + 1, at + 1), f"{comma} {name}{mark}{value}")
    indent = source.indent(at) if not empty else source.indent(start) + "  "
    if form is not Form.HCL or mark == ": ":
        return Edit(source.span(at + 1, at + 1), f"{comma}\n{indent}{name}{mark}{value}")
    line = source.text[source.line_start(at) : source.line_end(at)]
    aligned = re.match(r'(\s*"?[\w-]+"?\s*)= ', line)
    last = source.line_end(at)
    if aligned and len(indent + name) < len(aligned[1]) and "\n" not in value:
        pad = len(aligned[1]) - len(indent) - 1
        return Edit(source.span(last, last), f"\n{indent}{name:<{pad}} = {value}")
    return Edit(source.span(last, last), f"\n\n{indent}{name} = {value}")
