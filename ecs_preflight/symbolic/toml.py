"""Reading TOML, which Python does by itself from 3.11 on."""

from __future__ import annotations

import importlib
from typing import Any

#: Of a configuration file, in characters, and the dots in one line.
MAX_SIZE, MAX_LINE, MAX_DOTS = 500_000, 2_000, 200


def loads(text: str) -> dict[str, Any]:
    """The table that the text is. Raises ValueError for what is none, and for what is too large."""
    check_size(text)
    try:
        module = importlib.import_module("tomllib")
    except ModuleNotFoundError:  # Python 3.10
        module = importlib.import_module("tomli")
    table: dict[str, Any] = module.loads(text)
    return table


def check_size(text: str) -> None:
    """Raises ValueError: what the parsers of the standard library take quadratic time for is no
    configuration. Their patterns go back over a long line, their tables over a long dotted
    name."""
    if len(text) > MAX_SIZE:
        raise ValueError(f"is longer than {MAX_SIZE:,} characters")
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_LINE or line.count(".") > MAX_DOTS:
            raise ValueError(f"line {number} is longer than a line of a configuration may be")
