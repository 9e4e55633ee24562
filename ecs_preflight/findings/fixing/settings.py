"""What is written, replaced, taken out, or written beside it, in the syntax of its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ...model import Policy, Resource, Stack
from ...symbolic.alike import nearest
from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ...symbolic.values import Value, literal
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .detaching import detaching
from .edits import with_edits
from .expressions import Inserted, parsed, plain, simplified, written_at
from .insertions import argument_edit, beside_edit, item_behind
from .lists import extended, list_around
from .names import written
from .places import Place
from .removals import (
    removal_whole,
    removals,
    statement_removal,
)
from .repairs import as_before, is_call, is_choice, string_edit

#: What no language quotes.
_BARE = regex(r"true|false|\d+")


def replacing(value: Value, new: str, *, safe: bool = False) -> Draft:
    """The string that is written there replaced by another one."""
    return lambda fix, sources: with_edits(fix, [string_edit(sources, value, new)], safe=safe)


def meaning(stack: Stack, owner: Resource, value: Value, names: Iterable[Value]) -> Draft | None:
    """The name that was meant by the one written there: the one of ``names`` that is like it, or
    the only one, as it can be written at ``owner``; None where that cannot be told."""
    known = {name: each for each in names if (name := literal(each))}
    found = nearest(literal(value) or "", known, 0.6)
    if found is None and len(known) == 1:
        found = next(iter(known))
    if found is None:
        return None
    plainly = replacing(value, found)

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        made, source = plainly(fix, sources), sources.given(value.span)
        if made is None or source is None:
            return made
        place = Place.beside(stack, sources, value.span.file, owner.address)
        name = written(place, known[found], known[found]) or plain(found)
        old = source.slice(value.span)
        new = as_before(written_at(source, source.start(value.span), name), old)
        return made if new is None else with_edits(fix, [Edit(value.span, new)])

    return draft


def together(*drafts: Draft | None) -> Draft:
    """The edits of all the drafts, or none; one alone says by itself what it does."""
    if len(drafts) == 1 and drafts[0] is not None:
        return drafts[0]

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        made = [each and each(fix, sources) for each in drafts]
        if None in made:
            return None
        edits = [edit for each in made if each for edit in each.edits]
        return with_edits(fix, edits)

    return draft


def first_of(*drafts: Draft) -> Draft:
    """The first of the drafts that can be made."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        return next((made for each in drafts if (made := each(fix, sources))), None)

    return draft


def unless_chosen(draft: Draft, *values: Value) -> Draft:
    """What the draft does, unless one of the values is a template's parameter that takes certain
    values alone: for the others it may be as right as it is."""

    def is_chosen(sources: Sources, value: Value) -> bool:
        source = sources.at(value.span)
        if source is None:
            return False
        text = parsed(source.form(source.start(value.span)), source.slice(value.span)) or ()
        return any(isinstance(part, Inserted) and source.takes_few(part.text) for part in text)

    return lambda fix, sources: (
        None if any(is_chosen(sources, value) for value in values) else draft(fix, sources)
    )


def listed_too(values: Sequence[Value], new: Sequence[str]) -> Draft:
    """More strings in the list whose items ``values`` are."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        spans = [value.span for value in values]
        source = sources.at(spans[0]) if spans else None
        listed = list_around(sources, spans[0], spans[-1]) if source else None
        if source is None or listed is None:
            return None
        edits = extended(source, listed, spans, [plain(item) for item in new])
        return with_edits(fix, edits)

    return draft


def copied(item: Span, changes: Sequence[tuple[Value, str]]) -> Draft:
    """The item of a list once more behind itself, with other strings in some of its places."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(item)
        edits = [string_edit(sources, value, new) for value, new in changes]
        if source is None or None in edits:
            return None
        text, start = source.slice(item), source.start(item)
        for edit in sorted((e for e in edits if e), key=lambda e: -source.start(e.span)):
            first, last = source.start(edit.span) - start, source.end(edit.span) - start
            text = text[:first] + edit.text + text[last:]
        uncommented = "\n".join(map(_uncommented, text.split("\n")))
        return with_edits(fix, [item_behind(source, item, uncommented)])

    return draft


def _uncommented(line: str) -> str:
    """The line without the comment behind its last quote."""
    quote = max(line.rfind('"'), line.rfind("'")) + 1
    comment = re.search(r"[ \t]#", line[quote:])
    return line[: quote + comment.start()].rstrip(" \t") if comment else line


def rewording(value: Value, old: str, new: str, *, safe: bool = True) -> Draft:
    """Each ``old`` in what is literally written there replaced."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        return with_edits(fix, [_reworded(sources, value.span, old, new)], safe=safe)

    return draft


def _reworded(sources: Sources, span: Span, old: str, new: str) -> Edit | None:
    source = sources.at(span)
    if source is None:
        return None
    form, text = source.form(source.start(span)), source.slice(span)
    found = parsed(form, text)
    if found is None or not any(isinstance(part, str) and old in part for part in found):
        return None
    changed = simplified(p if isinstance(p, Inserted) else p.replace(old, new) for p in found)
    written = as_before(written_at(source, source.start(span), changed), text)
    return None if written is None else Edit(span, written)


def renaming(key: Span, new: str) -> Draft:
    """Another name for the key at ``key``, in its quotes."""
    return lambda fix, sources: with_edits(fix, [renamed(sources, key, new)], safe=True)


def renamed(sources: Sources, key: Span, new: str) -> Edit | None:
    """The edit that gives the key another name."""
    source = sources.at(key)
    old = source.slice(key) if source else ""
    name = re.match(r"""["']?([\w.-]+)""", old)
    return Edit(key, old.replace(name[1], new, 1)) if name else None


def naming(value: Value) -> Draft:
    """The name that stands there between quotes (``"var.region"``) without them."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source, name = sources.at(value.span), literal(value) or ""
        if source is None or source.form(source.start(value.span)) is not Form.HCL:
            return None
        if not re.fullmatch(r"(var|local|data|aws_\w+)(\.\w+)+", name):
            return None
        if source.slice(value.span) != f'"{name}"' or not _is_declared(sources, source.file, name):
            return None
        return with_edits(fix, [Edit(value.span, name)], safe=True)

    return draft


def _is_declared(sources: Sources, beside: str, name: str) -> bool:
    """Does the module of the file declare what the name begins with?"""
    kind, label, *_ = name.removeprefix("data.").split(".")
    head = rf'^[ \t]*variable[ \t]+"{label}"' if kind == "var" else rf'"{kind}"[ \t]+"{label}"'
    head = rf"\b{label}[ \t]*=" if kind == "local" else head
    return any(re.search(head, source.text, re.M) for source in sources.beside(beside))


def appending(span: Span, end: str) -> Draft:
    """More text at the end of the string that is written there."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        form, old = source.form(source.start(span)), source.slice(span)
        found = parsed(form, old)
        whole = simplified((*found, end)) if found is not None else None
        new = None if whole is None else written_at(source, source.start(span), whole)
        written = as_before(new, old)
        return None if written is None else with_edits(fix, [Edit(span, written)], safe=True)

    return draft


def attribute(span: Span, old: str, new: str) -> Draft:
    """Another attribute of the resource that is referred to there: ``.arn`` for ``.name``."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        text = source.slice(span) if source else ""
        if not re.fullmatch(rf"[\w.\[\]\"-]+\.{old}", text):
            return None
        return with_edits(fix, [Edit(span, text.removesuffix(old) + new)], safe=True)

    return draft


def setting(span: Span, plain: str) -> Draft:
    """A bool, a number or a word in place of the value that stands there; quoted only where that
    one is, or a word takes the place of a number."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.given(span)
        if source is None:
            return None
        old = source.slice(span)
        if "\n" in old or old.startswith(("[", "{")):
            return None
        if is_choice(source, span) or is_call(source, span):
            return None
        quote = old[0] if old[:1] in ("'", '"') else ""
        form = source.form(source.start(span))
        if form is Form.HCL and re.match(r"[A-Za-z_]+\.", old):
            quote = "" if _BARE.fullmatch(plain) else '"'
        if form is not Form.YAML and _BARE.fullmatch(old) and not _BARE.fullmatch(plain):
            quote = '"'
        return with_edits(fix, [Edit(span, f"{quote}{plain}{quote}")])

    return draft


def removing(*spans: Span) -> Draft:
    """The settings (with their keys), items, blocks or statements that stand there, left out."""
    return lambda fix, sources: with_edits(fix, removals(sources, spans))


def removing_actions(
    listed: Sequence[Value], statement: Span, names: Iterable[str], policy: Policy | None = None
) -> Draft | None:
    """The actions of those names taken off a statement's list, or the statement where it has no
    others, or ``policy``, which has no others either; None where a pattern covers more than
    them."""
    known = {name.lower() for name in names}
    meant = [item.span for item in listed if (literal(item) or "").lower() in known]
    if not meant:
        return None
    if len(meant) < len(listed):
        return removing(*meant)
    return first_of(
        lambda fix, sources: with_edits(fix, [statement_removal(sources, statement)]),
        *([detaching(policy)] if policy else []),
    )


def removing_whole(*spans: Span) -> Draft:
    """The settings or items there left out, with every object and list around them of which nothing
    would be left."""
    return lambda fix, sources: with_edits(fix, [removal_whole(sources, span) for span in spans])


def beside(span: Span, key: str, value: str) -> Draft:
    """A key with a word written into the block, object or mapping at ``span``; quoted as the
    place's syntax has it."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        bare = source.form(source.start(span)) is Form.YAML or _BARE.fullmatch(value)
        (name,) = _cased(source, span, key)
        return with_edits(fix, [beside_edit(source, span, name, value if bare else f'"{value}"')])

    return draft


def _cased(source: FileText, span: Span, *names: str) -> list[str]:
    """The names in camel case, or as the mapping at ``span`` begins its own."""
    first = re.search(r"[A-Za-z]", source.slice(span))
    in_template = source.form(source.start(span)) in (Form.YAML, Form.CFN_JSON)
    if in_template and first and first.group().isupper():
        return [name[0].upper() + name[1:] for name in names]
    return list(names)


def nested(span: Span, outer: str, inner: str, value: str) -> Draft:
    """A key ``outer`` with an object of one key, written into the object or mapping at ``span``.
    Keys are in camel case, or as the mapping there begins its own."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None or re.search(rf"\b{outer}\b", source.slice(span), re.IGNORECASE):
            return None
        form, names = source.form(source.start(span)), _cased(source, span, outer, inner)
        if form.is_json:
            held = f'{{ "{names[1]}": {value} }}'
        elif form is Form.YAML:
            held = f"{{ {names[1]}: {value} }}"
        else:
            held = f"{{ {names[1]} = {value} }}"
        return with_edits(fix, [beside_edit(source, span, names[0], held)])

    return draft


def argument(span: Span, terraform: str, cloudformation: str, value: str) -> Draft:
    """An argument, or a property, of the resource at ``span``, which does not have it."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(span)
        if source is None:
            return None
        bare = source.form(source.start(span)) is Form.YAML or _BARE.fullmatch(value)
        written = value if bare else f'"{value}"'
        return with_edits(fix, [argument_edit(source, span, (terraform, cloudformation), written)])

    return draft
