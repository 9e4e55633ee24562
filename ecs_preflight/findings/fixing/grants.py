"""A permission that a role lacks, written where it belongs.

In order: what a statement nearly grants is corrected; a statement of the same service is given one
action or resource more; a statement is added to a policy of the role's own; the role gets a policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from ... import iam
from ...model import Policy, Protected, Role, Stack
from ...symbolic.answers import Evidence, Yes
from ...symbolic.records import dataclass, replace
from ...symbolic.source import is_within
from ...symbolic.values import Items, Value, literal
from ..finding import Applicability, Edit, Fix
from ..needs import Demand
from ..sources import FileText, Sources
from ..wording import home_of, own_resource
from .attaching import with_managed
from .corrections import everywhere
from .denials import concerns, exempted, relaxed
from .editable import (
    EditableStatement,
    allows,
    are_named,
    editable,
    is_wider,
    is_written_for,
)
from .edits import all_of, with_edits
from .elements import within
from .expressions import Expression, brought, plain, written_at
from .guards import admitted
from .handing import by_resource, in_words
from .lists import extended
from .loops import names_what_may_be_missing
from .names import written
from .needed import statements_for
from .places import Place
from .policies import AGENT_POLICY, new_policy, receivers
from .registry import by_input
from .repairs import (
    collide,
    confuses,
    covers_no,
    is_choice,
    misspells,
    repaired_beside,
    resource_repair,
    string_edit,
)
from .statements import NewStatement, added


def granting(
    stack: Stack,
    role: Role,
    missing: Sequence[Demand],
    origin: Value,
    fix: Fix,
    sources: Sources,
    near: Sequence[Evidence] = (),
    origins: Mapping[Value, Value] = MappingProxyType({}),
) -> Fix | None:
    """The fix that allows ``role`` what is missing. ``origin`` is the value that makes it
    necessary, whose expression is written where the resource is read out of it (``origins``: of
    single resources another one); ``near`` is why IAM's answer was no."""
    return _Granting(stack, role, origin, sources, tuple(near), origins).fix(fix, missing)


@dataclass(frozen=True)
class _Granting:
    stack: Stack
    role: Role
    origin: Value
    sources: Sources
    near: tuple[Evidence, ...]
    origins: Mapping[Value, Value]

    def _origin(self, resource: Value) -> Value:
        return self.origins.get(resource, self.origin)

    def fix(self, fix: Fix, missing: Sequence[Demand]) -> Fix | None:
        limited = self._limited(missing)
        if limited is None:
            words = f"Let the Deny of '{self.role.address}' leave it out; an Allow does not help."
            return self._exempted(fix, missing) or replace(fix, summary=words, snippet="")
        if self.role.boundary is None and all(is_written_for(self.role, each) for each in missing):
            words = "The role's own policies allow it: change what the finding says is against it."
            return self._admitted(fix, missing) or replace(fix, summary=words, snippet="")
        at_boundary = limited == (self.role.boundary,)
        near = tuple(
            each
            for each in editable(self.stack, limited, self.sources)
            if each.policy.attachment != self.role.address or not self._circular(missing)
        )
        edits: list[Edit] = []
        summaries: list[str] = []
        more: dict[tuple[str, ...], list[Value]] = {}
        applicability = Applicability.SAFE
        for resource, actions in by_resource(missing):
            repaired = self._repaired(near, resource, actions)
            if repaired is not None:
                summaries.append(f"Correct {repaired[0]}:")
                edits += repaired[1]
                continue
            applicability = Applicability.UNSAFE
            context = _context([each for each in missing if each.resource == resource])
            changed = self._relaxed(near, resource, actions, context) or self._replaced(
                near, resource, actions
            )
            if changed is None:
                more.setdefault(tuple(actions), []).append(resource)
                continue
            summaries.append(changed[0])
            edits += changed[1]
        named = (are_named(self.stack, self.role, *each) for each in more.items())
        if self.role.boundary is None and more and not edits and all(named):
            words = "The role's own policies name it: change what the finding says is against it."
            return replace(fix, summary=words, snippet="")
        for wanted, resources in more.items():
            context = _context([each for each in missing if each.resource in resources])
            found = self._there(self._extended(near, resources, wanted, context)) or self._there(
                self._added(near, resources, wanted)
            )
            if found is None:
                made = None if edits or at_boundary else self._with_policy(fix, missing)
                return (
                    made
                    or by_input(self.stack, self.role, missing, self._origin, fix, self.sources)
                    or in_words(self.stack, self.role, missing, fix)
                )
            if not any(collide(one, other) for one in found[1] for other in edits):
                summaries.append(found[0])
                edits += found[1]  # else the next round adds it to what stands there then
        return replace(
            fix,
            summary=" ".join(dict.fromkeys(summaries)),
            edits=tuple(dict.fromkeys(edits)),
            applicability=applicability,
        )

    def _circular(self, missing: Sequence[Demand]) -> bool:
        """Does one of a template's resources name the role, so that the role may not name it?"""
        name = self.role.address.removeprefix(home_of(self.stack, self.role.address))
        owners = [own_resource(self.stack, demand.resource) for demand in missing]
        return self.role.type.startswith("AWS::") and any(
            source is not None and re.search(rf"\b{re.escape(name)}\b", source.slice(own.span))
            for own in owners
            if own is not None and (source := self.sources.at(own.span)) is not None
        )

    def _limited(self, missing: Sequence[Demand]) -> tuple[Policy, ...] | None:
        """The policies that must say more: the role's, or its boundary. None where an explicit
        Deny or the resource's own policy is at fault."""
        policies = self.role.policies
        for policy in self._all_policies:
            for statement in iam.statements(policy).statements:
                if literal(statement.effect) == "Deny" and any(
                    concerns(statement, demand.action, demand.resource) for demand in missing
                ):
                    return None
        if self.role.boundary is None:
            return policies
        within = all(is_written_for(self.role, demand) for demand in missing)
        return (self.role.boundary,) if within else policies

    @property
    def _all_policies(self) -> tuple[Policy, ...]:
        boundary = self.role.boundary
        return (*self.role.policies, *([boundary] if boundary else []))

    def _exempted(self, fix: Fix, missing: Sequence[Demand]) -> Fix | None:
        """What is missing left out of the Deny statements that are against it."""
        against = {evidence.span for evidence in self.near}
        edits: list[Edit] = []
        titles = []
        for each in editable(self.stack, self._all_policies, self.sources):
            denies = literal(each.statement.effect) == "Deny"
            if not denies or each.statement.span not in against:
                continue
            for resource, actions in by_resource(missing):
                concerned = [a for a in actions if concerns(each.statement, a, resource)]
                if concerned:
                    found = exempted(
                        self.sources, each, resource, concerned, self._origin(resource)
                    )
                    if found is None:
                        return None
                    edits += found
                    titles.append(each.statement.title)
        if len(set(titles)) < len(titles):
            return None
        summary = f"Let the Deny in {' and '.join(titles)} leave it out:"
        return with_edits(fix, edits, summary=summary)

    def _admitted(self, fix: Fix, missing: Sequence[Demand]) -> Fix | None:
        """The policy of the resource itself changed, which is against it."""
        ((resource, actions), *others) = by_resource(missing)
        owner = own_resource(self.stack, resource)
        if others or not isinstance(owner, Protected):
            return None
        against = [evidence.span for evidence in self.near]
        edits = admitted(self.stack, self.sources, self.role, owner, actions, against)
        summary = f"Let '{self.role.address}' through in the policy of '{owner.address}':"
        return with_edits(fix, edits, summary=summary)

    def _relaxed(
        self,
        near: Sequence[EditableStatement],
        resource: Value,
        actions: Sequence[str],
        context: Mapping[str, Value],
    ) -> tuple[str, list[Edit]] | None:
        """A statement whose condition cannot hold, with one that does, or without it."""
        hints = [evidence.span for evidence in self.near]
        for each in near:
            if literal(each.statement.effect) == "Allow":
                found = relaxed(self.sources, each, resource, actions, hints, context)
                if found:
                    return f"{found[0]} the condition of {each.statement.title}:", found[1]
        return None

    def _repaired(
        self, near: Sequence[EditableStatement], resource: Value, actions: Sequence[str]
    ) -> tuple[str, list[Edit]] | None:
        """One edit of an action or of a resource, after which all of them are allowed."""
        for each in near:
            listed, patterns = each.statement.actions, each.statement.resources
            if not each.is_plain or listed is None or patterns is None:
                continue
            allowed = [a for a in actions if allows(listed, a)]
            named = [item for item in listed if literal(item) in actions]
            if all(iam.actions.takes_resource(action) is False for action in actions):
                shared = len(named) < len(listed.items)
                found = len(named) == len(actions) == len(allowed)
                edits = found and everywhere(self.sources, each.statement, named, shared)
                if edits:
                    return f"the resource in {each.statement.title}", edits
            elif len(allowed) == len(actions):
                others = [
                    subject
                    for action in listed
                    if literal(action) not in actions
                    for subject in iam.actions.formats(literal(action) or "") or ()
                ]
                for pattern in within(self.sources, each.statement, patterns):
                    edit = resource_repair(self.sources, pattern, [resource], others)
                    if edit is not None:
                        return f"the resource in {each.statement.title}", [edit]
                edits = repaired_beside(self.sources, each.statement, [resource])
                if edits:
                    return f"the resource in {each.statement.title}", edits
            elif len(actions) - len(allowed) == 1 and any(
                not covers_no(pattern, resource) for pattern in patterns
            ):
                (wanted,) = (action for action in actions if action not in allowed)
                for written_action in within(self.sources, each.statement, listed):
                    name = literal(written_action) or ""
                    if misspells(name, wanted) or (confuses(name, wanted) and self._is_odd(each)):
                        edit = string_edit(self.sources, written_action, wanted)
                        if edit is not None:
                            return f"the action in {each.statement.title}", [edit]
        return None

    def _is_odd(self, each: EditableStatement) -> bool:
        """Does its one action serve nobody? The agent calls no such action; an application may."""
        uses = self.stack.uses.get(self.role.address, ())
        is_task_role = any(use == "task" for _, use in uses)
        return not is_task_role and len(tuple(each.statement.actions or ())) == 1

    def _replaced(
        self, near: Sequence[EditableStatement], resource: Value, actions: Sequence[str]
    ) -> tuple[str, list[Edit]] | None:
        """The one resource of a statement that grants nothing on it, replaced by what is needed."""
        grants = [grant for grant, _ in iam.grants(self.role).without_effect()]
        for each in near:
            listed, patterns = each.statement.actions, each.statement.resources
            if not each.is_plain or listed is None or patterns is None or len(patterns.items) != 1:
                continue
            idle = [grant.action for grant in grants if grant.statement is each.statement]
            if any(action not in idle for action in listed) or literal(resource) == "*":
                continue
            source, span = self.sources.at(patterns.items[0].span), patterns.items[0].span
            name = written(each.place, resource, self._origin(resource))
            if source is None or name is None or is_choice(source, span):
                continue
            if not all(allows(listed, action) for action in actions):
                continue
            text = written_at(source, source.start(span), name)
            if text is not None:
                return f"Correct the resource in {each.statement.title}:", [Edit(span, text)]
        return None

    def _extended(
        self,
        near: Sequence[EditableStatement],
        resources: Sequence[Value],
        actions: Sequence[str],
        context: Mapping[str, Value],
    ) -> tuple[str, list[Edit]] | None:
        """A statement given the actions for the same resources, or the resources for the same
        actions."""
        service = actions[0].partition(":")[0]
        for each in near:
            listed, patterns = each.statement.actions, each.statement.resources
            if not each.admits(context) or listed is None or patterns is None:
                continue
            if not each.serves(service, also=True):
                continue
            source = _around(self.sources, each, listed)
            title = f"Extend {each.statement.title}:"
            if (
                source
                and not is_wider(each.statement, resources)
                and all(
                    any(
                        isinstance(iam.match.covers(each_pattern, resource), Yes)
                        for each_pattern in patterns
                    )
                    for resource in resources
                )
            ):
                new = [plain(action) for action in actions if not allows(listed, action)]
                edits = extended(source, listed.span, [item.span for item in listed], new)
                if edits:
                    return title, edits
            source = _around(self.sources, each, patterns)
            exactly = len(listed.items) == len(actions) and all(allows(listed, a) for a in actions)
            if source and exactly and iam.actions.takes_resource(actions[0]):
                names = self._names(each.place, resources)
                spans = [item.span for item in patterns]
                edits = extended(source, patterns.span, spans, names) if names else None
                if edits and names:
                    return title, [*edits, *brought(names)]
        return None

    def _added(
        self, near: Sequence[EditableStatement], resources: Sequence[Value], actions: Sequence[str]
    ) -> tuple[str, list[Edit]] | None:
        service = actions[0].partition(":")[0]
        ranked = [each for each in near if each.is_plain and each.serves(service)]
        ranked += [each for each in reversed(near) if each not in ranked]
        for each in ranked:
            source = self.sources.at(each.statement.span)
            names = self._names(each.place, resources)
            if source is None or names is None:
                continue
            new = NewStatement(tuple(actions), tuple(names))
            edits = added(source, each.statement.span, new)
            if edits:
                limits = each.policy is self.role.boundary
                what = "the permissions boundary" if limits else "a policy"
                title = f"Add to {what} of '{self.role.address}':"
                return title, [*edits, *brought(names)]
        return None

    def _there(self, found: tuple[str, list[Edit]] | None) -> tuple[str, list[Edit]] | None:
        """The edits, where what they name is there wherever they are."""
        edits = found[1] if found else ()
        missing = any(names_what_may_be_missing(self.sources, edit) for edit in edits)
        return None if missing else found

    def _names(self, place: Place, resources: Sequence[Value]) -> list[Expression] | None:
        """All the resources as they can be written at the place."""
        return all_of(written(place, each, self._origin(each), handing=True) for each in resources)

    def _with_policy(self, fix: Fix, missing: Sequence[Demand]) -> Fix | None:
        place = Place.beside(self.stack, self.sources, self.role.span.file, self.role.address)
        statements = statements_for(place, missing, self._origin)
        if statements is None or any(brought(each.resources) for each in statements):
            as_agent = self._as_agent(fix, missing)
            if as_agent is not None or statements is None:
                return as_agent
        edits = new_policy(place, self.role, statements, apart=self._circular(missing))
        if edits:
            edits += brought(name for each in statements for name in each.resources)
        return with_edits(fix, edits, summary=f"Give {receivers(place, self.role)} a policy:")

    def _as_agent(self, fix: Fix, missing: Sequence[Demand]) -> Fix | None:
        """AWS's policy for the agent, where what is missing has no name at the role."""
        return with_managed(self.stack, self.role, missing, AGENT_POLICY, fix, self.sources)


def _around(sources: Sources, each: EditableStatement, listed: Items) -> FileText | None:
    """The text of a list that stands in the statement itself, not where a variable gets it."""
    return sources.at(listed.span) if is_within(listed.span, each.statement.span) else None


def _context(demands: Iterable[Demand]) -> dict[str, Value]:
    """What the requests say of themselves, by names in lower case."""
    return {key.lower(): value for demand in demands for key, value in demand.context}
