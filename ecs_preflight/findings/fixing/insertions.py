"""A key with a value written into the block, object or mapping that stands there."""

from __future__ import annotations

import re

from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ..finding import Edit
from ..sources import FileText, Form, closing


def beside_edit(source: FileText, span: Span, key: str, value: str) -> Edit | None:
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


def argument_at(source: FileText, resource: Span, *names: str) -> Span | None:
    """Where the value of the argument stands that is called by one of the names: on one line or
    between brackets, and without a choice in it."""
    key = rf"""^[ \t]*["']?({"|".join(names)})["']?[ \t]*[=:][ \t]*"""
    value = r"([^\s#?][^#\n?]*?)(?=,?[ \t]*(?:#.*)?$)"
    argument = re.compile(key + value, re.M)
    found = argument.search(source.text, source.start(resource), source.end(resource))
    if found is None:
        return None
    start, end = found.span(2)
    if source.text[start] in "{[":
        end = closing(source.text, start)
    return source.span(start, end)


def argument_edit(
    source: FileText,
    resource: Span,
    names: tuple[str, str],
    value: str,
    behind: Span | None = None,
) -> Edit | None:
    """An argument of a Terraform resource, or a property of a template's, called by one of
    ``names`` (Terraform's, CloudFormation's); behind the value of the one at ``behind``, where
    that stands on a line of its own."""
    start, end = source.start(resource), source.end(resource)
    form = source.form(start)
    if behind is not None:
        at, last = source.end(behind), source.line_end(source.end(behind))
        indent = source.indent(source.start(behind))
        if form is Form.CFN_JSON:
            return Edit(source.span(at, at), f',\n{indent}"{names[1]}": {value}')
        line = f"{names[0]} = {value}" if form is Form.HCL else f"{names[1]}: {value}"
        return Edit(source.span(last, last), f"\n{indent}{line}")
    if form is Form.HCL:
        return beside_edit(source, resource, names[0], value)
    if form is Form.YAML:
        head = properties_head(source, resource)
        if head is None:
            return None
        at, margin = head
        return Edit(source.span(at, at), f"{margin}{names[1]}: {value}\n")
    if form is not Form.CFN_JSON:
        return None
    key = re.compile(r'"Properties"\s*:\s*\{([ \t]*(?:\n[ \t]*)?)(?=")')
    found = key.search(source.text, start, end)
    if found is None:
        return None
    gap, at = (found[1] if "\n" in found[1] else " "), found.end()
    return Edit(source.span(at, at), f'"{names[1]}": {value},{gap}')


_PROPERTIES = regex(
    r"""^ +["']?Properties["']?:[ \t]*(?:#[^\n]*)?\n(?=(?:[ \t]*(?:#[^\n]*)?\n)*( +)\S)""", re.M
)


def properties_head(source: FileText, resource: Span) -> tuple[int, str] | None:
    """Where the properties begin of a template's resource in YAML, and how they are indented."""
    found = _PROPERTIES.search(source.text, source.start(resource), source.end(resource))
    return None if found is None else (found.end(), found[1])


def item_behind(source: FileText, item: Span, text: str) -> Edit | None:
    """One more item in the list, behind the one there."""
    start, end = source.start(item), source.end(item)
    if source.form(start) is Form.YAML and source.before(start) == "-":
        first, last = source.line_start(start), source.line_end(end)
        dash = source.text[first:start]
        return Edit(source.span(last, last), f"\n{dash}{text}") if not dash.strip("- ") else None
    if source.before(start) not in ("[", ","):
        return None  # so is it behind the colon of a loop
    alone = not source.text[source.line_start(start) : start].strip()
    return line_behind(source, end, text) if alone else Edit(source.span(end, end), f", {text}")


#: The head of a resource or module, and the provider that one names for itself or its resources.
_HEAD = regex(r'^(?:resource|module)\s+"', re.M)
_PROVIDER = regex(
    r"^[ \t]*provider[ \t]*=[ \t]*([\w.-]+)|^[ \t]*aws[ \t]*=[ \t]*(aws\.[\w-]+)", re.M
)
_RESOURCE = regex(r'^resource "[\w-]+" "[^"]*" \{$', re.M)


def block_behind(source: FileText, end: int, block: str) -> Edit:
    """A block of its own behind the one that ends at ``end``, and behind the comments that are
    indented as parts of that one, with a blank line on either side. A resource behind another one
    is made by the same provider: it would be of another account, or Region."""
    heads = list(_HEAD.finditer(source.text, 0, end)) if _RESOURCE.match(block) else []
    named = _PROVIDER.search(source.text, heads[-1].start(), end) if heads else None
    if named:
        block = _RESOURCE.sub(rf"\g<0>\n  provider = {named[1] or named[2]}\n", block)
    last, margin = source.line_end(end), len(block) - len(block.lstrip(" \t"))
    while source.form(end) is Form.YAML and _is_remark(source, last, margin):
        last = source.line_end(source.text.index("\n", last) + 1)
    below = re.match(r"\n[ \t]*[^\s}]", source.text[last:])
    return Edit(source.span(last, last), f"\n\n{block}" + ("\n" if below else ""))


def _is_remark(source: FileText, last: int, margin: int) -> bool:
    """Is the line below that end a comment that is indented by more than the margin?"""
    start = source.text.find("\n", last) + 1
    line = source.text[start : source.line_end(start)] if start else ""
    return line.lstrip(" \t").startswith("#") and len(line) - len(line.lstrip(" \t")) > margin


def line_behind(source: FileText, end: int, text: str) -> Edit:
    """One more item, on a line of its own, behind the one that ends at ``end``; the comma and the
    comment behind that one stay where they are."""
    indent, last = source.indent(source.line_start(end)), source.line_end(end)
    rest = source.text[end:last]
    comma = "," if rest.lstrip().startswith(",") else ""
    if source.form(end) is not Form.HCL or not rest.lstrip(" \t,").startswith(("#", "//")):
        return Edit(source.span(end, end), f",\n{indent}{text}")
    comment = rest if comma else f",{rest}"
    return Edit(source.span(end, last), f"{comment}\n{indent}{text}{comma}")


def at_line_end(source: FileText, offset: int, text: str) -> Edit:
    """Lines behind the line of the offset, whatever comment that one ends with."""
    end = source.line_end(offset)
    return Edit(source.span(end, end), f"\n{text}")
