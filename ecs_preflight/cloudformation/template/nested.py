"""Which template a nested stack deploys, and with which parameters.

A ``TemplateURL`` is a local path until the template is packaged; then it is the address of a copy
in a bucket. CDK names the copy's original in the resource's metadata, or in the list of its assets.
Of any other address the path's end is looked for beside the template and in the folders above it
(a bare name only beside it): the tree is uploaded as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...adapters.units import Declared
from ...symbolic.documents import reading
from ...symbolic.documents.nodes import DocumentFault, Entry, Leaf, mapping, plain
from ...symbolic.records import replace
from ...symbolic.values import Entries, Items, Known, Text, Unknown, Value, expanded, literal
from .catalogue import Catalogue
from .template import Inline, Template, templates

#: The most folders above a template in which the end of an address is looked for.
_LEVELS = 4


def template_of(
    stack: Declared,
    entry: Entry,
    parent: Template,
    catalogue: Catalogue,
) -> Template | None:
    """The template that the stack deploys, when it is a local file or stands in its resource."""
    written = literal(stack.body.get("TemplateBody"))
    if written is not None:
        return _inline(written, stack, entry, parent)
    for path in _candidates(stack, entry, parent.path.parent, catalogue):
        try:
            found = catalogue.at(path)
        except (OSError, ValueError, RuntimeError):  # a name too long, a NUL, links in a circle
            continue
        if found is not None and found is not parent:
            return found
    return None


def _inline(text: str, stack: Declared, entry: Entry, parent: Template) -> Template | None:
    """The template that is the stack's ``TemplateBody``."""
    node = mapping(mapping(entry.value).get("Properties")).get("TemplateBody")
    leaf = mapping(node).get("Fn::Sub") or node
    span = stack.body.get("TemplateBody").span
    inline = Inline(
        span.path,
        leaf
        if isinstance(leaf, Leaf)
        else Leaf(text, (span.line, span.column, span.end_line, span.end_column)),
    )
    try:
        found = templates(parent.path, parent.file, reading.documents(text, ""))
    except DocumentFault:
        return None
    return replace(found[0], inline=inline) if found else None


def _candidates(
    stack: Declared,
    entry: Entry,
    folder: Path,
    catalogue: Catalogue,
) -> Iterator[Path]:
    asset = plain(mapping(mapping(entry.value).get("Metadata")).get("aws:asset:path"))
    if asset:
        yield folder / asset
    is_application = stack.type == "AWS::Serverless::Application"
    url = stack.body.get("Location" if is_application else "TemplateURL")
    written = literal(url)
    if written and "://" not in written:
        yield folder / written
        return
    tail = PurePosixPath(_path_of(url)).parts
    uploaded = catalogue.asset(folder, tail[-1]) if tail else None
    if uploaded is not None:
        yield uploaded
    for start in range(len(tail)):
        is_bare_name = start == len(tail) - 1
        for above in (folder, *(() if is_bare_name else folder.parents[:_LEVELS])):
            yield above.joinpath(*tail[start:])


def _path_of(url: Value) -> str:
    """The end of an address's path: what follows its host and its last hole."""
    url = expanded(url)
    if isinstance(url, Known):
        return str(url.value).partition("://")[2].partition("?")[0].partition("/")[2]
    last = url.parts[-1] if isinstance(url, Text) else None
    if not isinstance(last, str):
        return ""
    remainder = last.partition("?")[0]
    return (
        remainder.partition("://")[2].partition("/")[2]
        if "://" in remainder
        else remainder.rpartition(":")[2]
    )


def arguments(stack: Declared) -> dict[str, Value]:
    """The parameters that the stack passes, in either spelling."""
    given = stack.body.get("Parameters")
    if isinstance(given, Entries):
        return dict(given.entries)
    pairs = {}
    for item in given if isinstance(given, Items) else ():
        name = literal(item.get("ParameterKey")) if isinstance(item, Entries) else None
        if name is not None and isinstance(item, Entries):
            pairs[name] = item.get("ParameterValue")
    return pairs


def missing_arguments(stack: Declared) -> Unknown | None:
    """Why the stack may pass more parameters than are known."""
    given = stack.body.get("Parameters")
    if isinstance(given, Unknown):
        return given
    return given.remainder if isinstance(given, (Items, Entries)) else None
