"""What is known of what stands outside a stack: in the rest of the repository, asserted of other
code, or in the account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ..model import Policy, PolicyKind, Role, Stack
from ..symbolic.records import dataclass, field, replace
from ..symbolic.source import Unreadable
from ..symbolic.values import Unknown, Value, Why, expanded
from . import account as account_files
from .account import Account
from .config import ExternalBoundary, ExternalRole
from .external_roles import asserted_role, with_boundaries, with_roles
from .options import Options
from .own_account import with_account
from .policy_files import policy
from .repository import CodeRepository


@dataclass(frozen=True)
class Outside:
    """``repository`` is asked first, then ``asserted``, the roles of the configuration, then the
    ``account``; ``controls`` are the service control policies over it, ``boundaries`` what the
    configuration asserts of permissions boundaries."""

    asserted: Sequence[ExternalRole] = ()
    repository: CodeRepository = field(default_factory=CodeRepository)
    account: Account = Account()
    controls: tuple[Policy, ...] = ()
    boundaries: Sequence[ExternalBoundary] = ()

    @classmethod
    def of(cls, options: Options) -> tuple[Outside, tuple[Unreadable, ...]]:
        """What the user hands over, and what of it could not be read."""
        config = options.config
        files = dict.fromkeys((*options.known_roles, *config.known_roles))
        account, faults = account_files.read(tuple(files))
        controls: list[Policy] = []
        for path in config.scps:
            try:
                controls.append(policy(path, PolicyKind.CONTROL))
            except Unreadable as fault:
                faults = (*faults, fault)
        boundaries: list[ExternalBoundary] = []
        for boundary in config.boundaries:
            try:
                boundaries.append(_read(boundary))
            except Unreadable as fault:
                faults = (*faults, fault)
        return cls(
            config.roles,
            account=account,
            controls=tuple(controls),
            boundaries=tuple(boundaries),
        ), faults

    def completed(self, stack: Stack) -> Stack:
        """The stack with what it names and does not hold, as far as that is known here. What is
        added is looked up, not judged."""
        known: list[Callable[[Value], Role | None]] = []
        if self.asserted:
            known.append(partial(asserted_role, self.asserted))
        if self.account.files:
            known.append(self.account.role)
        joined = with_roles(self.repository.joined(with_account(stack)), known)
        return self._limited(with_boundaries(joined, self.boundaries))

    def _limited(self, stack: Stack) -> Stack:
        """With what the account has of the stack's own roles, and what limits them all."""
        own = [role for role in stack.roles if not role.origin]
        if self.account.files:
            pairs = ((role.address, self.account.role(role.arn)) for role in own)
            deployed = {address: role for address, role in pairs if role is not None}
            stack = replace(
                stack,
                deployed=deployed,
                resources=tuple(
                    self._with_policies(r) if isinstance(r, Role) and not r.origin else r
                    for r in stack.resources
                ),
            )
        if not self.controls:
            return stack
        return replace(
            stack,
            resources=tuple(
                replace(r, controls=self.controls) if isinstance(r, Role) else r
                for r in stack.resources
            ),
        )

    def _with_policies(self, role: Role) -> Role:
        """The role with what the account has of policies that stand elsewhere: attached ones, and
        its boundary."""
        policies = tuple(map(self._known_policy, role.policies))
        boundary = None if role.boundary is None else self._known_policy(role.boundary)
        if policies == role.policies and boundary == role.boundary:
            return role
        return replace(role, policies=policies, boundary=boundary)

    def _known_policy(self, policy: Policy) -> Policy:
        missing = expanded(policy.document)
        if not isinstance(missing, Unknown) or missing.why is not Why.OUTSIDE:
            return policy
        found = self.account.policy(policy.arn, policy.attached)
        return policy if found is None else replace(policy, document=found)


def _read(boundary: ExternalBoundary) -> ExternalBoundary:
    """The boundary with its file's document. Raises Unreadable."""
    if boundary.file is None:
        return boundary
    return replace(boundary, document=policy(boundary.file, PolicyKind.CUSTOMER).document)
