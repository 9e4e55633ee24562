"""A file could not be read, so what it holds was not checked.

What it finds
    A Terraform file, template or plan that cannot be parsed, is no text, is too large, or lies
    behind a link out of the scanned tree. As a warning: a key that a template has twice, of which
    CloudFormation takes the last.

Why it matters
    Terraform or CloudFormation refuses the file too. The rest of the scan goes on; roles and task
    definitions of the same stack are incomplete and give no findings that the file could refute.

Fix
    Mend the file at the place the parser names.

When it stays silent
    YAML and JSON files that do not look like a template. Files that a template engine (Jinja, ERB,
    envsubst) fills in first, which are counted as unread.

References
    The parser's own message.
"""

from __future__ import annotations

from ..findings.finding import Severity
from ..findings.rule import Rule

RULE = Rule(
    "ECS001",
    "file-not-readable",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    lambda rule, stack: (),
)
