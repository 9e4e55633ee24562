"""YAML's two kinds of quotes, as the file around has them."""

from __future__ import annotations

import re
from functools import lru_cache

from ...symbolic.patterns import regex
from ..sources import FileText, Form

_QUOTED = r"(?<![\w\"'\\]){0}[^\"'\\\n]*{0}(?![\w\"'])"
_SINGLE, _DOUBLE = (regex(_QUOTED.format(quote)) for quote in "'\"")


def as_around(source: FileText, text: str) -> str:
    """What an edit writes, in the quotes of which the file has more; single ones, where it has as
    many of either."""
    if source.form(0) is not Form.YAML or _SINGLE.search(text) is None:
        return text
    return _SINGLE.sub(_doubled, text) if _has_more_double(source.text) else text


@lru_cache(maxsize=8)
def _has_more_double(text: str) -> bool:
    """Asked of a file for each edit in it."""
    return len(_DOUBLE.findall(text)) > len(_SINGLE.findall(text))


def _doubled(found: re.Match[str]) -> str:
    return f'"{found.group()[1:-1]}"'
