"""Where the shims are that the hosts load."""

from __future__ import annotations

from pathlib import Path

#: The directory of each host's shim, beside this file: the same shims as the repository's
#: ``checks`` and ``plugins``, which an installed package does not have.
DIRECTORIES = {"checkov": "checkov_checks", "cfn-lint": "cfn_lint_rules"}


def of(host: str) -> Path:
    """The directory to give to ``--external-checks-dir`` (checkov) or ``--append-rules``
    (cfn-lint)."""
    return Path(__file__).resolve().parent / DIRECTORIES[host]
