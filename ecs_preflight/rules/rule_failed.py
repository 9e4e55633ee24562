"""A fault of ecs-preflight kept something from being judged.

What it finds
    A fault of ecs-preflight itself: a rule, or what reads the code, raised an exception. It costs
    what it names: one rule on one resource, one value, one file. The rest was judged.

Why it matters
    What would have been found there is not in the report. So the command ends with 4, whatever
    `--fail-on` says; under checkov the resources concerned fail `CKV_ECS_002`, which files that
    cannot be read do as well; under cfn-lint the template has the error `E9599`.

Fix
    Report it, with the exception's text.

When it stays silent
    Always, as long as nothing fails.

References
    None.
"""

from __future__ import annotations

from ..findings.finding import Severity
from ..findings.rule import Rule

RULE = Rule("ECS002", "rule-failed", (Severity.ERROR,), __doc__, lambda rule, stack: ())
