"""Keys under which a value stands, in whichever syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...symbolic.values import Value
from ..finding import Draft, Edit, Fix
from ..sources import Sources
from .edits import with_edits


def rekeying(renames: Sequence[tuple[Value, str, str]]) -> Draft:
    """Another key before each of the values, whose old and new one stand beside it; nothing where
    the code takes something out of an object by an old one."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        old = "|".join(dict.fromkeys(old for _, old, _ in renames))
        taken = re.compile(rf"""\.(?:{old})\b|\[\s*["'](?:{old})["']\s*\]""")
        files = {value.span.file for value, _, _ in renames}
        if any(taken.search(beside.text) for file in files for beside in sources.beside(file)):
            return None
        return with_edits(fix, [_rekeyed(sources, *rename) for rename in renames])

    return draft


def _rekeyed(sources: Sources, value: Value, old: str, new: str) -> Edit | None:
    source = sources.given(value.span)
    if source is None:
        return None
    start = source.start(value.span)
    line = source.text.rfind("\n", 0, source.text.rfind(old, 0, start)) + 1
    key = re.search(rf"""(?<![\w.]){old}(?=\\?["']?\s*[=:]\s*\\?["']?$)""", source.text[line:start])
    if key is None:
        return None
    span = source.span(line + key.start(), line + key.end())
    return Edit(span, new)
