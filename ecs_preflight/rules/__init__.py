"""The rules. Each stands in a module of its own, named after the rule's name. The module's
docstring is the rule's page, ``check`` its one function, ``RULE`` the value.

``RULES`` has them all, in the order of their ids; they are loaded when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._gathered import RULES as RULES


def __getattr__(name: str) -> object:
    if name == "RULES":
        from ._gathered import RULES

        return RULES
    raise AttributeError(name)
