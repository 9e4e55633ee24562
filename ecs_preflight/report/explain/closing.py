"""What would decide what is undecided, in words for who can do it."""

from __future__ import annotations

from ...symbolic.values import Why

CLOSING = {
    Why.INPUT: "Give the input's value: --var-file FILE (Terraform) or --parameters FILE "
    "(CloudFormation), or scan the code that calls this module.",
    Why.CONDITION: "Give the inputs that the condition reads, or scan a plan: there it is decided.",
    Why.MODULE: "Run 'terraform get', so that the module is on disk, and scan again.",
    Why.REACH: "Scan from the repository's root, or let --root take in the module's folder.",
    Why.OUTSIDE: "Scan the code that manages it along with this, or say in ecs-preflight.toml "
    "what that role allows ([[roles]]).",
    Why.APPLY: "Only deployment decides it; a plan ('terraform show -json') often knows more.",
    Why.FUNCTION: "It cannot be computed from the code alone; a plan ('terraform show -json') "
    "holds the result.",
    Why.UNDECLARED: "Declare it, or refer to what the template declares.",
    Why.UNREADABLE: "Mend the file that cannot be read, and scan again.",
    Why.SOURCE: "Scan what the other tool makes of it.",
    Why.LIMIT: "It is larger than what a scan works through; a plan holds the result.",
    Why.FAULT: "A fault of ecs-preflight itself: please report it.",
    Why.GRANT: "A statement grants it on a condition: check whether the condition holds for this "
    "call.",
}


def closing(why: Why) -> str:
    """A sentence for each kind of not knowing."""
    return CLOSING.get(why, "")
