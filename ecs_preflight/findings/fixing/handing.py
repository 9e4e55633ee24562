"""What to allow in words, where no exact edit can be written: what to hand over, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...model import Role, Stack
from ...symbolic.records import replace
from ...symbolic.values import Value
from ..finding import Fix
from ..needs import Demand
from ..sources import generated
from ..wording import home_of, named, own_resource, quoted
from .constructs import call


def in_words(stack: Stack, role: Role, missing: Sequence[Demand], fix: Fix) -> Fix | None:
    """What to allow where no exact edit can be written: in generated files, and where the
    resource has no name in the role's module. None where a statement can be shown."""
    file = role.span.file
    allowed = " and ".join(
        f"{quoted(actions)} on '{named(stack, resource)}'"
        for resource, actions in by_resource(missing)
    )
    if (generated(file) or role.label) and role.type.startswith("AWS::"):
        calls = "\n".join(
            call(stack, resource, actions) for resource, actions in by_resource(missing)
        )
        words = f"Grant it where '{role.label or role.address}' is made (here in CDK's words):"
        return replace(fix, summary=words, snippet=calls)
    home = home_of(stack, role.address)
    strangers = [
        own.address
        for resource, _ in by_resource(missing)
        if (own := own_resource(stack, resource)) is not None
        and home_of(stack, own.address) != home
        and not _is_written_out(named(stack, resource))
    ]
    if not home or not (generated(file) or strangers):
        return None
    module = home.rstrip(".:")
    handed = "Allow"
    if strangers:
        handed = f"Hand the ARN of {quoted(strangers)} over to '{module}', and allow"
    how = f"in a policy of '{role.address}'"
    if generated(file):
        how = f"by an input of '{module}'"
    return replace(fix, summary=f"{handed} {allowed} {how}.", snippet="")


def _is_written_out(name: str) -> bool:
    """Is it an ARN that everybody can write, who is in the same account and Region?"""
    return name.startswith("arn:") and "${" not in name


def by_resource(missing: Iterable[Demand]) -> list[tuple[Value, list[str]]]:
    """The demanded actions of each resource, in order."""
    grouped: dict[Value, list[str]] = {}
    for demand in missing:
        grouped.setdefault(demand.resource, []).append(demand.action)
    return list(grouped.items())
