"""What is written, replaced, taken out, or written beside it, in the syntax of its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...model import Policy
from ...symbolic.source import Span
from ...symbolic.values import Value, literal
from ..finding import Applicability, Draft, Edit, Fix
from ..sources import Form, Sources, closing
from .expressions import Code, parsed, rendered, simplified
from .insertions import argument_edit, beside_edit
from .removals import block_removed, element_removed, removal, removal_whole
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
    return lambda fix, sources: _made(fix, [removal_whole(sources, span)], False)


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
        element = element_removed(source, source.form(start), head.start(), after + 1)
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
        return _made(fix, [block_removed(source, start, end)], False)

    return draft


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


def argument(span: Span, terraform: str, cloudformation: str, value: str) -> Draft:
    """An argument, or a property, of the resource at ``span``, which does not have it."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        bare = source.form(source.start(span)) is Form.YAML or re.fullmatch(r"true|\d+", value)
        written = value if bare else f'"{value}"'
        return _made(
            fix, [argument_edit(source, span, (terraform, cloudformation), written)], False
        )

    return draft
