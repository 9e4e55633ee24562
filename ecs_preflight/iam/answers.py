"""And, or and not over answers: what is not known stays so, unless the rest decides."""

from __future__ import annotations

from collections.abc import Iterable

from ..symbolic.answers import NO, YES, Answer, No, Yes
from ..symbolic.values import Unknown, first


def all_of(answers: Iterable[Answer]) -> Answer:
    """No when one is No (the first one's evidence), else Unknown when one is, else Yes."""
    doubt: Unknown | None = None
    for answer in answers:
        if isinstance(answer, No):
            return answer
        if isinstance(answer, Unknown):
            doubt = first(doubt, answer)
    return YES if doubt is None else doubt


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes when one is Yes (the first one's evidence), else Unknown when one is, else No."""
    doubt: Unknown | None = None
    for answer in answers:
        if isinstance(answer, Yes):
            return answer
        if isinstance(answer, Unknown):
            doubt = first(doubt, answer)
    return NO if doubt is None else doubt


def none_of(answers: Iterable[Answer]) -> Answer:
    """Yes when all are No, No when one is Yes."""
    found = any_of(answers)
    if isinstance(found, Unknown):
        return found
    return NO if isinstance(found, Yes) else YES
