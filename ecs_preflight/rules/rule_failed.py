"""A rule failed on this code, so it was not applied.

What it finds
    A fault of ecs-preflight itself: a rule raised an exception. The other rules were applied.

Why it matters
    What this rule would have found is not in the report.

Fix
    Report it, with the rule's id and the exception's text.

When it stays silent
    Always, as long as no rule fails.

References
    None.
"""

from __future__ import annotations

from ..findings.finding import Severity
from ..findings.rule import Rule

RULE = Rule("ECS002", "rule-failed", (Severity.ERROR,), __doc__, lambda rule, stack: ())
