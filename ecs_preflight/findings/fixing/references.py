"""Names by reference in place of what is written: a resource of the stack, or what a template has
by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from ...model import Resource, Stack
from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ...symbolic.values import Value
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from ..wording import home_of
from .edits import with_edits
from .expressions import Expression, Inserted, parsed, plain, simplified, written_at
from .insertions import argument_at, beside_edit
from .lists import extended
from .repairs import is_choice


def referring(
    stack: Stack, owner: Resource, value: Value, named: Resource, attribute: str
) -> Draft:
    """The resource in place of the value, by that attribute, in a template by its ``Ref``. Both
    stand in the module of ``owner``."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        home = home_of(stack, named.address)
        source = sources.at(value.span)
        name = named.address.removeprefix(home)
        if source is None or home != home_of(stack, owner.address) or "[" in name:
            return None
        if source.file.rpartition("/")[0] != named.span.file.rpartition("/")[0]:
            return None
        code = f"{name}.{attribute}" if "." in name else name
        return with_edits(fix, [_written(source, value.span, (Inserted(code),))])

    return draft


def coded(span: Span, code: str) -> Draft:
    """A template's code in place of the text there."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        edit = _written(source, span, (Inserted(code),)) if source else None
        return with_edits(fix, [edit], safe=True)

    return draft


def reworded(span: Span, change: Callable[[Expression], Expression | None]) -> Draft:
    """What stands there with another expression in its place; ``change`` gives None where it has
    none."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        text = parsed(source.form(source.start(span)), source.slice(span)) if source else None
        new = change(text) if text else None
        if source is None or new is None or new == text:
            return None
        return with_edits(fix, [_written(source, span, simplified(new))])

    return draft


#: What stands before the name in an ARN of a secret, a parameter or a bucket.
_BEFORE_NAME = (":secret:", ":parameter/", ":parameter", ":::")


def unwrapping(span: Span) -> Draft:
    """The ARN that is written within an ARN, as it is."""

    def inner(text: Expression) -> Expression | None:
        for index, part in enumerate(text[:-1]):
            if isinstance(part, str) and part.endswith(_BEFORE_NAME):
                return text[index + 1 :]
        return None

    return reworded(span, inner)


def awaiting(stack: Stack, waiting: Resource, names: Iterable[str]) -> Draft:
    """The resource made to wait for those of its own module or template, too."""
    wanted = list(names)

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source, home = sources.at(waiting.span), home_of(stack, waiting.address)
        if source is None or any(home_of(stack, name) != home for name in wanted):
            return None
        own = list(dict.fromkeys(name.removeprefix(home).partition("[")[0] for name in wanted))
        form = source.form(source.start(waiting.span))
        if re.search(r"\b(depends_on|DependsOn)\b", source.slice(waiting.span)):
            return with_edits(fix, _depending_too(source, form, waiting.span, own))
        if form is Form.HCL:
            listed = f"[{', '.join(own)}]"
            return with_edits(fix, [beside_edit(source, waiting.span, "depends_on", listed)])
        return with_edits(fix, [_depending(source, form, waiting.span, own)])

    return draft


_AWAITED = regex(r"[\w.]+")


def _depending_too(
    source: FileText, form: Form, resource: Span, names: list[str]
) -> list[Edit] | None:
    """More names in what the resource waits for already."""
    below = _listed_below(source, resource)
    written = below or argument_at(source, resource, "depends_on", "DependsOn")
    if written is None or source.slice(written).rfind("[") > 0:  # an index is no name
        return None
    start, end = source.start(written), source.end(written)
    items = [source.span(*m.span()) for m in _AWAITED.finditer(source.text, start, end)]
    new = [(Inserted(name),) if form is Form.HCL else plain(name) for name in names]
    return extended(source, written, items, new)


def _listed_below(source: FileText, resource: Span) -> Span | None:
    """Where the items stand of a list in YAML's block form."""
    begin, at = None, source.start(resource)
    for line in source.slice(resource).splitlines(keepends=True):
        if begin is not None and not line.strip().startswith("- "):
            break
        at += len(line)
        if line.strip() == "DependsOn:":
            begin = at
    return None if begin in (None, at) else source.span(begin, at)


_TYPE = regex(r"""^([ \t]*)["']?Type["']?[ \t]*:[ \t]*["']?AWS::[\w:]+["']?,?""", re.M)


def _depending(source: FileText, form: Form, resource: Span, names: list[str]) -> Edit | None:
    """``DependsOn`` behind the type of a template's resource."""
    head = _TYPE.search(source.text, source.start(resource), source.end(resource))
    if head is None:
        return None
    end = head.end()
    if form is Form.YAML:
        value = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        return Edit(source.span(end, end), f"\n{head[1]}DependsOn: {value}")
    if form is not Form.CFN_JSON or not head.group().endswith(","):
        return None
    value = json.dumps(names[0] if len(names) == 1 else names)
    return Edit(source.span(end, end), f'\n{head[1]}"DependsOn": {value},')


def _written(source: FileText, span: Span, new: Expression) -> Edit | None:
    old = source.slice(span)
    if is_choice(source, span) or (
        re.match(r"[\[{]|<<|[|>]", old) and not re.match(r"\{ *\"", old)
    ):
        return None
    text = written_at(source, source.start(span), new)
    return None if text is None else Edit(span, text)
