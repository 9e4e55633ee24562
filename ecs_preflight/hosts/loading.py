"""What the hosts' shims call: the rules are loaded without looking for cycles in the host's heap,
which took three times as long as the loading."""

from __future__ import annotations

from .collecting import uncollected


def into_checkov() -> None:
    """Register the checks with checkov. Raises whatever the loading raises."""
    with uncollected():
        from .checkov import register

        register()


def cfn_lint_classes() -> dict[str, type]:
    """cfn-lint's classes of rules, by their names. Raises whatever the loading raises."""
    with uncollected():
        from .cfn_lint import CLASSES
    return CLASSES
