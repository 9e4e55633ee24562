"""Regular expressions that are compiled when they are first asked.

The package has some 200, a scan asks few of them, and to compile all took as long as to read fifty
files. What is wrong with one shows at once all the same: a test compiles each.
"""

from __future__ import annotations

import re
from functools import cached_property, partial
from typing import TYPE_CHECKING

__all__ = ["regex"]

if TYPE_CHECKING:
    from re import compile as regex
else:

    class _Method:
        """One of the compiled expression's, which stands in its own place once it was asked for. As
        ``cached_property`` does it: what changes an object's attributes while it is asked for one
        that it lacks makes the compiler end that checkov brings to Python 3.10 (pyston)."""

        def __set_name__(self, owner, name):
            self._name = name

        def __get__(self, expression, owner=None):
            method = getattr(expression.compiled, self._name)
            expression.__dict__[self._name] = method
            return method

    class regex:
        """What ``re.compile`` gives, but later."""

        search, match, fullmatch = _Method(), _Method(), _Method()
        sub, subn, split = _Method(), _Method(), _Method()
        findall, finditer = _Method(), _Method()

        def __init__(self, pattern, flags=0):
            self._compile = partial(re.compile, pattern, flags)

        @cached_property
        def compiled(self):
            """That one."""
            return self._compile()

        def __getattr__(self, name):
            """What else the compiled one has."""
            if name.startswith("__"):
                raise AttributeError(name)
            return getattr(self.compiled, name)
