"""YAML's two kinds of quotes, as the file around has them."""

from __future__ import annotations

import re

from ..sources import FileText, Form

_QUOTED = r"(?<![\w\"'\\]){0}[^\"'\\\n]*{0}(?![\w\"'])"
_SINGLE, _DOUBLE = (re.compile(_QUOTED.format(quote)) for quote in "'\"")


def as_around(source: FileText, text: str) -> str:
    """What an edit writes, in the quotes of which the file has more; single ones, where it has as
    many of either."""
    if source.form(0) is not Form.YAML or _SINGLE.search(text) is None:
        return text
    if len(_DOUBLE.findall(source.text)) <= len(_SINGLE.findall(source.text)):
        return text
    return _SINGLE.sub(_doubled, text)


def _doubled(found: re.Match[str]) -> str:
    return f'"{found.group()[1:-1]}"'
