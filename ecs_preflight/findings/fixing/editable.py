"""The statements of a role's policies that may be edited: which, whose, and where they stand."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ... import iam
from ...iam.conditions import holds
from ...model import Policy, Role, Stack
from ...symbolic.answers import Yes
from ...symbolic.budget import charge
from ...symbolic.records import dataclass
from ...symbolic.source import Span
from ...symbolic.values import Reference, Value, literal
from ..needs import Demand
from ..sources import MODULE_ENDINGS, Sources
from ..wording import home_of, own_resource
from .places import Place


@dataclass(frozen=True)
class EditableStatement:
    """A statement of a policy that may be edited, and whose."""

    statement: iam.Statement
    policy: Policy
    place: Place

    @property
    def is_plain(self) -> bool:
        """Does it allow listed actions on listed resources, whatever the request's context?"""
        return self.admits({})

    def admits(self, context: Mapping[str, Value]) -> bool:
        """Does it allow listed actions on listed resources to a request that surely says of itself
        what ``context`` does (by names in lower case)?"""
        return (
            literal(self.statement.effect) == "Allow"
            and all(isinstance(holds(each, context), Yes) for each in self.statement.conditions)
            and self.statement.unread is None
            and self.statement.actions is not None
            and self.statement.resources is not None
        )

    def serves(self, service: str, *, also: bool = False) -> bool:
        """Are all its actions that service's? Or one of them, where it serves others ``also``?"""
        of_service = [
            (literal(action) or "").lower().startswith(f"{service}:")
            for action in self.statement.actions or ()
        ]
        return any(of_service) if also else all(of_service)


def editable(
    stack: Stack, policies: Iterable[Policy], sources: Sources
) -> Iterator[EditableStatement]:
    """The statements of policies that only this role has and that stand where they may be
    edited."""
    shared = holders(stack)
    for policy in policies:
        if policy.kind.is_ready_made or policy.conditional is not None:
            continue
        for statement in iam.statements(policy).statements:
            charge(20)
            source = sources.at(statement.span)
            if source is None or len(shared.get(statement.span, ())) > 1:
                continue
            home = _home(stack, policy, statement.span.file)
            if home is not None:
                yield EditableStatement(statement, policy, Place(stack, sources, source.file, home))


def holders(stack: Stack) -> dict[Span, set[Span]]:
    """The roles, as they stand in the code, that each statement is given to, by its place."""
    return stack.derived(_sharing)


def is_only_of(stack: Stack, statement: Span, roles: Iterable[Role]) -> bool:
    """Has nobody but these roles the statement that stands there?"""
    return holders(stack).get(statement, set()) <= {role.span for role in roles}


def _sharing(stack: Stack) -> dict[Span, set[Span]]:
    found: dict[Span, set[Span]] = {}
    for role in stack.roles:
        for policy in (*role.policies, *([role.boundary] if role.boundary else [])):
            if not policy.kind.is_ready_made:
                for statement in iam.statements(policy).statements:
                    found.setdefault(statement.span, set()).add(role.span)
    return found


def _home(stack: Stack, policy: Policy, file: str) -> str | None:
    """The module that the policy's text stands in; None where several may be meant."""
    own = home_of(stack, policy.attachment)
    if not file.endswith(MODULE_ENDINGS):
        return own
    homes: set[str] = stack.derived(_homes).get(posixpath.dirname(file), set())
    if own in homes or not homes:
        return own
    return next(iter(homes)) if len(homes) == 1 else None


def _homes(stack: Stack) -> dict[str, set[str]]:
    """The modules whose resources stand in each folder."""
    found: dict[str, set[str]] = {}
    for resource in stack.resources:
        folder = posixpath.dirname(resource.span.file)
        found.setdefault(folder, set()).add(home_of(stack, resource.address))
    return found


def is_written_for(role: Role, demand: Demand) -> bool:
    """Does one of the role's statements surely allow it, whatever is against it elsewhere?"""
    return any(
        allows(statement.actions or (), demand.action)
        and any(
            isinstance(iam.match.covers(pattern, demand.resource), Yes)
            for pattern in statement.resources or ()
        )
        for policy in role.policies
        for statement in iam.statements(policy).statements
        if literal(statement.effect) == "Allow" and statement.is_unconditional
    )


def are_named(stack: Stack, role: Role, actions: Iterable[str], resources: Iterable[Value]) -> bool:
    """Does a statement of the role's name the stack's resources already, for these actions? To name
    them once more does not help."""
    wanted = list(actions)
    named = {
        pattern.address
        for policy in role.policies
        for statement in iam.statements(policy).statements
        if statement.is_unconditional
        and all(allows(statement.actions or (), action) for action in wanted)
        for pattern in statement.resources or ()
        if isinstance(pattern, Reference)
    }
    owners = (own_resource(stack, resource) for resource in resources)
    return all(own is not None and own.address in named for own in owners)


def allows(listed: Iterable[Value], action: str) -> bool:
    """Does one of the patterns surely cover the action?"""
    return any(isinstance(iam.match.covers_action(item, action), Yes) for item in listed)


def is_wider(statement: iam.Statement, resources: Sequence[Value]) -> bool:
    """Has it a star because its actions take no resource (``ecr:GetAuthorizationToken``), where
    what is wanted has one?"""
    actions, patterns = statement.actions or (), statement.resources or ()
    named = [literal(action) or "" for action in actions]
    return (
        any(literal(pattern) == "*" for pattern in patterns)
        and any(literal(resource) != "*" for resource in resources)
        and all(iam.actions.takes_resource(action) is False for action in named)
    )
