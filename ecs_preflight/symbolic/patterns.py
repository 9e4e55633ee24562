"""Regular expressions that are compiled when they are first asked.

The package has some 200, a scan asks few of them, and to compile all took as long as to read fifty
files. What is wrong with one shows at once all the same: a test compiles each.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

__all__ = ["regex"]

if TYPE_CHECKING:
    from re import compile as regex
else:
    _METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")

    class regex:
        """What ``re.compile`` gives, but later."""

        def __init__(self, pattern, flags=0):
            self._compiled = partial(re.compile, pattern, flags)

        def __getattr__(self, name):
            """Asked for what is not there yet: from now on the compiled one's methods are."""
            if name.startswith("__"):
                raise AttributeError(name)
            compiled = self._compiled()
            self.__dict__.update((each, getattr(compiled, each)) for each in _METHODS)
            return getattr(compiled, name)
