"""A resource that gives policies to roles, users or groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..model import Policy, PolicyKind, Receiver, Resource, Role, User, UserGroup, addresses
from ..symbolic.records import replace
from ..symbolic.source import Span
from ..symbolic.values import ABSENT, Entries, Known, Text, Unknown, Value, join
from .documents import policy_document
from .fields import field, scalars
from .patches import Patch
from .units import Declared


class Grantor:
    """The resource that gives policies."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared

    def inline(self, name: Value, document: Value, span: Span, source: str) -> Policy:
        """An inline policy, of the attaching form ``source``."""
        return Policy(
            PolicyKind.INLINE,
            name,
            document,
            span,
            span,
            self.declared.address,
            conditional=self._condition,
            source=source,
        )

    def managed(self, arn: Value, attached: Span, source: str) -> Policy:
        """A managed policy by its ARN alone: ``resolved`` finds out which it is."""
        return Policy(
            PolicyKind.CUSTOMER,
            ABSENT,
            ABSENT,
            attached,
            attached,
            self.declared.address,
            arn=arn,
            conditional=self._condition,
            source=source,
        )

    @property
    def _condition(self) -> Unknown | None:
        return self.declared.conditional

    def given_to_all(self, policy: Policy) -> Iterator[Patch]:
        """The policy given to whom the resource names: roles, users and groups."""

        def given(owner: Any, receiver: Receiver) -> Any:
            own = replace(policy, receiver=receiver)
            return replace(owner, policies=(*owner.policies, own))

        return self._to_all(given)

    def withheld_from_all(self, reason: Unknown) -> Iterator[Patch]:
        """More policies than can be read given to whom the resource names."""
        gap = self.gap(reason)
        return self._to_all(lambda owner, _: replace(owner, gaps=(*owner.gaps, gap)))

    def _to_all(self, change: Callable[[Any, Receiver], Any]) -> Iterator[Patch]:
        named = [
            (kind, listed.span, target)
            for kind, fields in _RECEIVERS.items()
            for listed in (field(self.declared.body, *fields),)
            for target in members(listed, kind)
        ]
        for kind, listed, target in named:
            receiver = Receiver(self.declared.span, listed, target.span, alone=len(named) == 1)
            yield Patch(
                kind,
                target,
                partial(_changed, change, receiver),
                lambda owner, reason: replace(owner, gaps=(*owner.gaps, reason)),
                self.declared.address,
                self.declared.span,
            )

    def gap(self, reason: Unknown) -> Unknown:
        """Why policies cannot be read, of whom."""
        return replace(
            reason,
            symbol=None,
            reason=f"policies of '{self.declared.address}' cannot be read: {reason.reason}",
        )


def _changed(change: Callable[[Any, Receiver], Any], receiver: Receiver, owner: Any) -> Any:
    return change(owner, receiver)


#: The properties that name whom a policy is given to.
_RECEIVERS: dict[type[Resource], tuple[str, ...]] = {
    Role: ("Role", "RoleName", "Roles"),
    User: ("User", "UserName", "Users"),
    UserGroup: ("Group", "GroupName", "Groups"),
}


def members(value: Value, kind: type[Resource]) -> Iterator[Value]:
    """What names each of a list of such principals (or a single one), and what is unknown of the
    list. By name alone a user or group is told from a role."""
    prefix = "user/" if kind is User else "group/" if kind is UserGroup else ""
    listed = scalars(value)
    for target in listed:
        named = isinstance(target, (Known, Text)) and not addresses(target)
        yield join(prefix, target) if prefix and named else target
    if listed.remainder is not None:
        yield listed.remainder


def entry_name(entry: Entries) -> Value:
    """The name of an inline policy that stands in its role or user."""
    return field(entry, "PolicyName", "Name")


def entry_document(entry: Value) -> Value:
    """Its document."""
    return policy_document(field(entry, "PolicyDocument", "Policy"))
