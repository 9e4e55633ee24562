"""The statements that are evaluated together, each with the policy that brings it."""

from __future__ import annotations

from ..model import Policy, Role
from ..symbolic.answers import Evidence
from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.values import Reference, Unknown, Value, first, literal, shown_value
from .document import PolicyDocument, Statement, statements


@dataclass(frozen=True)
class AttachedPolicy:
    """A policy as the evaluation sees it: its title, the resource that brings it, where to point
    (None: at the statement), and where it is written. ``conditional`` says why it may not be in
    force."""

    title: str
    address: str
    pointer: Span | None
    span: Span
    conditional: Unknown | None = None

    @property
    def heading(self) -> str:
        """The title at the beginning of a sentence."""
        return f"{self.title[:1].upper()}{self.title[1:]}"


@dataclass(frozen=True)
class AttachedStatement:
    """A statement of a policy in force."""

    source: AttachedPolicy
    statement: Statement

    @property
    def title(self) -> str:
        """As a sentence names it: ``statement 2 of policy 'x'``."""
        return f"{self.statement.heading} of {self.source.title}"

    @property
    def pointer(self) -> Span:
        """Where a reader is sent: the attachment, where the policy is not in the code."""
        return self.source.pointer or self.statement.span

    def evidence(self, message: str, span: Span | None = None) -> Evidence:
        """The evidence that the statement gives, at ``span`` or at the whole of it."""
        target = self.source.pointer or span or self.statement.span
        return Evidence(message, self.source.address, target)


@dataclass(frozen=True)
class Policies:
    """Statements that are evaluated together; ``remainder`` says why there may be more, ``source``
    is the one policy that all of them are of, if there is one."""

    given: tuple[AttachedStatement, ...] = ()
    remainder: Unknown | None = None
    source: AttachedPolicy | None = None


def of_role(role: Role) -> Policies:
    """The role's own policies."""
    given: list[AttachedStatement] = []
    remainder: Unknown | None = role.gaps[0] if role.gaps else None
    for policy in role.policies:
        found = of_policy(policy)
        given += found.given
        remainder = first(remainder, found.remainder)
    return Policies(tuple(given), remainder)


def of_policy(policy: Policy) -> Policies:
    """One policy, with where it is given to the role."""
    read = statements(policy)
    target = policy.attached if not read.span.file else None
    source = AttachedPolicy(
        title_of(policy), policy.attachment, target, policy.span, policy.conditional
    )
    return _from(source, read)


def title_of(policy: Policy) -> str:
    """``inline policy 'logs'``; a policy that AWS names, by its address."""
    of_stack = policy.arn.address if isinstance(policy.arn, Reference) else None
    name = literal(policy.name) or literal(policy.arn) or of_stack or shown_value(policy.arn)
    return f"{policy.kind.value} '{name.rpartition(':policy/')[2]}'" if name else policy.kind.value


def of_document(document: Value, title: str, address: str) -> Policies:
    """A document by itself: a session's, a resource's, a trust policy."""
    read = statements(document)
    return _from(AttachedPolicy(title, address, None, document.span), read)


def _from(source: AttachedPolicy, read: PolicyDocument) -> Policies:
    found = tuple(AttachedStatement(source, statement) for statement in read.statements)
    return Policies(found, read.remainder, source)
