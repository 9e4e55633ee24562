"""What the arguments may say, by name alone: help and a mistake are told without loading what does
the work. A test holds the names against what there is."""

from __future__ import annotations

SEVERITIES = ("error", "warning", "note")
FAIL_ON = (*SEVERITIES, "undecided", "never")
#: Reports for people: they name files from the working directory.
LINES = ("text", "concise")
#: Reports for machines, which name files from the root of the repository: the modules of
#: ``report/`` that render them.
REPORTS = {
    "json": "as_json",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
    "markdown": "markdown",
}
FORMATS = (*LINES, *REPORTS)
POLICY_FORMATS = ("json", "hcl", "jsonencode", "tf-json", "yaml")
ROLES = ("execution", "task")
SHELLS = ("bash", "zsh", "tcsh")
