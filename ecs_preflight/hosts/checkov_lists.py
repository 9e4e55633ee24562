"""Which checks checkov runs on a resource.

It runs each that is registered for the resource's type, and makes a record of what it says, even of
nothing. Most rules have nothing to say of most resources, so that to run them all costs more than
to find out what they say. The list of a type's checks therefore passes over those of ours that are
silent about the resource at hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable, Iterator
from types import FrameType
from typing import Any

from checkov.common.checks.base_check_registry import BaseCheckRegistry

#: The rules that speak of a resource, as checkov holds it; None where each of them may.
Speaking = Callable[[object], "Container[str] | None"]


#: What the frame is asked; where a release calls them otherwise, all checks run.
_KNOWN = {"skipped_checks", "entity_configuration"}


class Checks(list[Any]):
    """The checks of one type. ``own`` is the class of ours, which say their ``rule``."""

    def __init__(self, checks: Iterable[Any], own: type[Any], speaking: Speaking) -> None:
        super().__init__(checks)
        self._own, self._speaking = own, speaking

    def __iter__(self) -> Iterator[Any]:
        rules = self._rules(sys._getframe(1))
        for check in super().__iter__():
            if rules is None or not isinstance(check, self._own) or check.rule.id in rules:
                yield check

    def _rules(self, frame: FrameType) -> Container[str] | None:
        """The rules that speak of the resource that checkov goes through the list for, if it does:
        others see the whole of it. A comment that skips a check is told of, whatever it says."""
        if frame.f_code is not BaseCheckRegistry.scan.__code__:
            return None
        at = frame.f_locals
        if not at.keys() >= _KNOWN or at["skipped_checks"]:
            return None
        return self._speaking(at["entity_configuration"])
