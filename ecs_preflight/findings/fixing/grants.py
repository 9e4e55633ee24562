"""A permission that a role lacks, written where it belongs.

In order: what a statement nearly grants is corrected; a statement of the same service is given one
action or resource more; a statement is added to a policy of the role's own; the role gets a policy.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ... import iam
from ...iam.misses import CONFUSED
from ...model import Policy, PolicyKind, Role, Stack
from ...symbolic.answers import No, Yes
from ...symbolic.source import Span
from ...symbolic.values import Value, literal
from ..finding import Applicability, Edit, Fix
from ..needs import Demand
from ..sources import Sources, generated
from ..wording import home_of, named, own_resource, pattern, quoted
from .expressions import plain
from .names import Place, written
from .policies import new_policy
from .repairs import covers_no, resource_repair, string_edit, within
from .statements import NewStatement, added, extended


@dataclass(frozen=True)
class _Written:
    """A statement of a policy that may be edited, and whose."""

    statement: iam.Statement
    policy: Policy
    place: Place

    @property
    def is_plain(self) -> bool:
        """Does it allow listed actions on listed resources, whatever the request's context?"""
        return (
            literal(self.statement.effect) == "Allow"
            and not self.statement.conditions
            and self.statement.unread is None
            and self.statement.actions is not None
            and self.statement.resources is not None
        )

    def serves(self, service: str) -> bool:
        """Are all its actions that service's?"""
        return all(
            (literal(action) or "").lower().startswith(f"{service}:")
            for action in self.statement.actions or ()
        )


def granting(
    stack: Stack, role: Role, missing: Sequence[Demand], origin: Value, fix: Fix, sources: Sources
) -> Fix | None:
    """The fix that allows ``role`` what is missing. ``origin`` is the value that makes it
    necessary, whose expression is written where the resource is read out of it."""
    return _Granting(stack, role, origin, sources).fix(fix, missing)


@dataclass(frozen=True)
class _Granting:
    stack: Stack
    role: Role
    origin: Value
    sources: Sources

    def fix(self, fix: Fix, missing: Sequence[Demand]) -> Fix | None:
        limited = self._limited(missing)
        if limited is None:
            words = f"Let the Deny of '{self.role.address}' leave it out; an Allow does not help."
            return replace(fix, summary=words, snippet="")
        if self.role.boundary is None and all(self._allows(self.role, each) for each in missing):
            words = "The role's own policies allow it: change what the finding says is against it."
            return replace(fix, summary=words, snippet="")
        at_boundary = limited == (self.role.boundary,)
        near = tuple(_statements(self.stack, limited, self.sources))
        edits: list[Edit] = []
        summaries: list[str] = []
        applicability = Applicability.SAFE
        for resource, actions in by_resource(missing):
            repaired = self._repaired(near, resource, actions)
            if repaired is not None:
                summaries.append(f"Correct {repaired[0]}:")
                edits += repaired[1]
                continue
            applicability = Applicability.UNSAFE
            found = self._extended(near, resource, actions) or self._added(near, resource, actions)
            if found is None:
                made = None if edits or at_boundary else self._with_policy(fix, missing)
                return made or self._in_words(fix, missing)
            summaries.append(found[0])
            edits += found[1]
        return replace(
            fix,
            summary=" ".join(dict.fromkeys(summaries)),
            edits=tuple(dict.fromkeys(edits)),
            applicability=applicability,
        )

    def _limited(self, missing: Sequence[Demand]) -> tuple[Policy, ...] | None:
        """The policies that must say more: the role's, or its boundary. None where an explicit
        Deny or the resource's own policy is at fault."""
        policies = self.role.policies
        for policy in (*policies, *([self.role.boundary] if self.role.boundary else [])):
            for statement in iam.statements(policy).statements:
                if literal(statement.effect) == "Deny" and any(
                    _may_concern(statement, demand) for demand in missing
                ):
                    return None
        if self.role.boundary is None:
            return policies
        unbounded = replace(self.role, boundary=None)
        within = all(self._allows(unbounded, demand) for demand in missing)
        return (self.role.boundary,) if within else policies

    def _allows(self, role: Role, demand: Demand) -> bool:
        """Does one of the role's statements surely allow it, as it is written?"""
        return any(
            isinstance(iam.match.covers_action(action, demand.action), Yes)
            and any(
                isinstance(iam.match.covers(pattern, demand.resource), Yes)
                for pattern in statement.resources or ()
            )
            for policy in role.policies
            for statement in iam.statements(policy).statements
            if literal(statement.effect) == "Allow" and not statement.conditions
            for action in statement.actions or ()
        )

    def _repaired(
        self, near: Sequence[_Written], resource: Value, actions: Sequence[str]
    ) -> tuple[str, list[Edit]] | None:
        """One edit of an action or of a resource, after which all of them are allowed."""
        for each in near:
            listed, patterns = each.statement.actions, each.statement.resources
            if not each.is_plain or listed is None or patterns is None:
                continue
            allowed = [a for a in actions if _allows(listed, a)]
            if len(allowed) == len(actions):
                others = [
                    subject
                    for action in listed
                    if literal(action) not in actions
                    for subject in iam.actions.formats(literal(action) or "") or ()
                ]
                for pattern in within(each.statement, patterns):
                    edit = resource_repair(self.sources, pattern, [resource], others)
                    if edit is not None:
                        return f"the resource in {each.statement.title}", [edit]
            elif len(actions) - len(allowed) == 1 and any(
                not covers_no(pattern, resource) for pattern in patterns
            ):
                (wanted,) = (action for action in actions if action not in allowed)
                for written_action in within(each.statement, listed):
                    if _meant(literal(written_action) or "", wanted):
                        edit = string_edit(self.sources, written_action, wanted)
                        if edit is not None:
                            return f"the action in {each.statement.title}", [edit]
        return None

    def _extended(
        self, near: Sequence[_Written], resource: Value, actions: Sequence[str]
    ) -> tuple[str, list[Edit]] | None:
        """A statement given the actions for the same resource, or the resource for the same
        actions."""
        service = actions[0].partition(":")[0]
        for each in near:
            listed, patterns = each.statement.actions, each.statement.resources
            if not each.is_plain or not each.serves(service) or listed is None or patterns is None:
                continue
            source = self.sources.at(listed.span)
            title = f"Extend {each.statement.title}:"
            if source and any(
                isinstance(iam.match.covers(pattern, resource), Yes) for pattern in patterns
            ):
                new = [plain(action) for action in actions if not _allows(listed, action)]
                edits = extended(source, listed.span, [item.span for item in listed], new)
                if edits:
                    return title, edits
            source = self.sources.at(patterns.span)
            exactly = len(listed.items) == len(actions) and all(_allows(listed, a) for a in actions)
            if source and exactly and iam.actions.takes_resource(actions[0]):
                name = written(each.place, resource, self.origin)
                edits = (
                    extended(source, patterns.span, [item.span for item in patterns], [name])
                    if name is not None
                    else None
                )
                if edits:
                    return title, edits
        return None

    def _added(
        self, near: Sequence[_Written], resource: Value, actions: Sequence[str]
    ) -> tuple[str, list[Edit]] | None:
        service = actions[0].partition(":")[0]
        ranked = [each for each in near if each.is_plain and each.serves(service)]
        ranked += [each for each in reversed(near) if each not in ranked]
        for each in ranked:
            source = self.sources.at(each.statement.span)
            name = written(each.place, resource, self.origin)
            if source is None or name is None:
                continue
            edits = added(source, each.statement.span, NewStatement(tuple(actions), (name,)))
            if edits:
                return f"Add to a policy of '{self.role.address}':", edits
        return None

    def _in_words(self, fix: Fix, missing: Sequence[Demand]) -> Fix | None:
        """What to allow where no exact edit can be written: in generated files, and where the
        resource has no name in the role's module. None where a statement can be shown."""
        file, role = self.role.span.file, self.role
        allowed = " and ".join(
            f"{quoted(actions)} on '{named(self.stack, resource)}'"
            for resource, actions in by_resource(missing)
        )
        if generated(file) and role.type.startswith("AWS::"):
            calls = "\n".join(
                f"role.addToPrincipalPolicy(new iam.PolicyStatement({{ actions: {actions!r}, "
                f"resources: ['{pattern(resource)}'] }}));"
                for resource, actions in by_resource(missing)
            )
            words = f"Grant it where '{role.label or role.address}' is made (here in CDK's words):"
            return replace(fix, summary=words, snippet=calls)
        home = home_of(self.stack, role.address)
        strangers = [
            own.address
            for resource, _ in by_resource(missing)
            if (own := own_resource(self.stack, resource)) is not None
            and home_of(self.stack, own.address) != home
        ]
        if not home or not (generated(file) or strangers):
            return None
        module = home.removesuffix(".")
        handed = "Allow"
        if strangers:
            handed = f"Hand the ARN of {quoted(strangers)} over to '{module}', and allow"
        how = f"in a policy of '{role.address}'"
        if generated(file):
            how = f"by an input of '{module}'"
        return replace(fix, summary=f"{handed} {allowed} {how}.", snippet="")

    def _with_policy(self, fix: Fix, missing: Sequence[Demand]) -> Fix | None:
        place = Place.beside(self.stack, self.sources, self.role.span.file, self.role.address)
        statements: list[NewStatement] = []
        for resource, actions in by_resource(missing):
            name = written(place, resource, self.origin)
            if name is None:
                return None
            statements.append(NewStatement(tuple(actions), (name,)))
        edits = new_policy(place, self.role, statements)
        if edits is None:
            return None
        return replace(
            fix,
            summary=f"Give '{self.role.address}' a policy:",
            edits=tuple(edits),
            applicability=Applicability.UNSAFE,
        )


def by_resource(missing: Iterable[Demand]) -> list[tuple[Value, list[str]]]:
    """The demanded actions of each resource, in order."""
    grouped: dict[Value, list[str]] = {}
    for demand in missing:
        grouped.setdefault(demand.resource, []).append(demand.action)
    return list(grouped.items())


def _statements(stack: Stack, policies: Iterable[Policy], sources: Sources) -> Iterator[_Written]:
    """The statements of policies that only this role has and that stand where they may be
    edited."""
    shared = _shared(stack)
    for policy in policies:
        if policy.kind is PolicyKind.AWS or policy.conditional is not None:
            continue
        for statement in iam.statements(policy).statements:
            source = sources.at(statement.span)
            if source is None or len(shared.get(statement.span, ())) > 1:
                continue
            home = _home(stack, policy, statement.span.file)
            if home is not None:
                yield _Written(statement, policy, Place(stack, sources, source.file, home))


def _shared(stack: Stack) -> dict[Span, set[Span]]:
    """The roles, as they stand in the code, that each statement is given to, by its place."""
    return stack.derived(_sharing)


def _sharing(stack: Stack) -> dict[Span, set[Span]]:
    found: dict[Span, set[Span]] = {}
    for role in stack.roles:
        for policy in (*role.policies, *([role.boundary] if role.boundary else [])):
            if policy.kind is not PolicyKind.AWS:
                for statement in iam.statements(policy).statements:
                    found.setdefault(statement.span, set()).add(role.span)
    return found


def _home(stack: Stack, policy: Policy, file: str) -> str | None:
    """The module that the policy's text stands in; None where several may be meant."""
    own = home_of(stack, policy.attachment)
    if not file.endswith((".tf", ".tofu", ".tf.json", ".tofu.json")):
        return own
    homes = {
        home_of(stack, resource.address)
        for resource in stack.resources
        if posixpath.dirname(resource.span.file) == posixpath.dirname(file)
    }
    if own in homes or not homes:
        return own
    return next(iter(homes)) if len(homes) == 1 else None


def _allows(listed: Iterable[Value], action: str) -> bool:
    return any(isinstance(iam.match.covers_action(item, action), Yes) for item in listed)


def _meant(written_action: str, wanted: str) -> bool:
    """Was the action meant that is wanted?"""
    if written_action.lower() in CONFUSED.get(wanted.lower(), ()):
        return True
    unlisted = iam.actions.unknown_action(written_action)
    return unlisted is not None and (unlisted.nearest or "").lower() == wanted.lower()


def _may_concern(statement: iam.Statement, demand: Demand) -> bool:
    """May the Deny apply to what is demanded?"""
    if statement.actions is None or statement.resources is None:
        return True
    return any(
        not isinstance(iam.match.covers_action(action, demand.action), No)
        for action in statement.actions
    ) and any(not covers_no(pattern, demand.resource) for pattern in statement.resources)
