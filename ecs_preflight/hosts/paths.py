"""Where the files are that other tools load."""

from __future__ import annotations

from pathlib import Path

#: From the package's root: the directory of each host's shim (the same shims as the repository's
#: ``checks`` and ``plugins``, which an installed package does not have), and what describes our
#: output to others.
PLACES = {
    "checkov": "hosts/checkov_checks",
    "cfn-lint": "hosts/cfn_lint_rules",
    "json-schema": "report/data/report.schema.json",
    "problem-matcher": "report/data/problem-matcher.json",
}


def of(name: str) -> Path:
    """The directory to give to ``--external-checks-dir`` (checkov) or ``--append-rules``
    (cfn-lint); the JSON Schema of the JSON report; the problem matcher of ``--format concise``."""
    return Path(__file__).resolve().parents[1] / PLACES[name]
