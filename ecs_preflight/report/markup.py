"""What others have named, in Markdown and HTML: nothing in it is markup, a link or a mention."""

from __future__ import annotations

import re
from urllib.parse import quote

from ..symbolic.source import Span


def link(span: Span, source: str) -> str:
    """The place, as a link where its address is known."""
    shown = code(f"{span.file}:{span.line}")
    url = address(span, source)
    return f"[{shown}]({url})" if url else shown


def address(span: Span, source: str) -> str:
    """Where ``source`` (an address below which files are shown) shows the place, or ""."""
    if not source or not span.file or span.file.startswith("/"):
        return ""
    end = f"-L{span.end_line}" if span.end_line > span.line else ""
    return f"{source}/{quote(span.file)}#L{span.line}{end}"


def text(prose: str) -> str:
    """Prose of ours about names of others: nothing in it is markup, links or mentions."""
    flat = " ".join(prose.split())
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~@$-])", r"\\\1", flat).replace("://", ":\\//")


def html(raw: str) -> str:
    """For text and attributes of HTML."""
    return (
        raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def code(raw: str) -> str:
    """A code span that holds any text."""
    flat = " ".join(raw.split())
    marks = fence(flat, 1)
    return f"{marks} {flat} {marks}" if "`" in flat else f"{marks}{flat}{marks}"


def fence(raw: str, least: int) -> str:
    """Backticks, one more than any row of them in the text."""
    longest = max((len(row) for row in re.findall(r"`+", raw)), default=0)
    return "`" * max(least, longest + 1)
