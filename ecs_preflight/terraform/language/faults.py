"""How an evaluation ends without a value. Neither exception leaves ``evaluate``."""

from __future__ import annotations

from ...symbolic.source import Span
from ...symbolic.values import Unknown, Why
from ...symbolic.worlds import PathCondition


class EvaluationFault(Exception):
    """Terraform itself would refuse the expression: what ``try`` and ``can`` look for."""

    def __init__(self, reason: str, why: Why = Why.FUNCTION) -> None:
        super().__init__(reason)
        self.reason, self.why = reason, why

    def unknown(self, span: Span) -> Unknown:
        """What the expression at ``span`` is, where nothing catches the fault."""
        return Unknown(self.reason, why=self.why, span=span)

    def refuse(self, path_condition: PathCondition, span: Span) -> None:
        """Terraform refuses the expression at ``span``, and with it the world that brings it."""
        if self.why is Why.FUNCTION:
            path_condition.refused.add((span, self.reason))


class NotComputable(Exception):
    """The value cannot be known here, although Terraform may well compute it."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


def beyond_limits(what: str) -> NotComputable:
    """To be raised where ``what`` is larger than a scan takes."""
    return NotComputable(Unknown(f"{what} is beyond the scan's limits", why=Why.LIMIT))
