"""What others have named, in Markdown and HTML: nothing in it is markup, a link or a mention."""

from __future__ import annotations

from urllib.parse import quote

from ..findings.escape import html_attribute as attribute
from ..findings.escape import html_text as html
from ..findings.escape import markdown as text
from ..findings.escape import markdown_block as block
from ..findings.escape import markdown_code as code
from ..symbolic.source import Span

__all__ = ["address", "attribute", "block", "code", "html", "link", "text"]


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
    path = quote(span.file, errors="replace")
    return f"{source}/{path}#L{span.line}{end}"
