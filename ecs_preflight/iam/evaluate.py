"""May a role do that? IAM's evaluation over policies of which not everything is known.

The order is that of the IAM User Guide, "Policy evaluation logic": an explicit deny decides; what
is allowed must be allowed by the role's own policies or by the resource's, and also by the
permissions boundary and the session's policy where there are such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property

from ..model import Target
from ..symbolic.answers import NO, Answer, Evidence, No, Yes
from ..symbolic.arns import ANY_TARGET, arn, bucket, log_stream
from ..symbolic.budget import charge
from ..symbolic.records import dataclass
from ..symbolic.strings.pieces import UNNAMED, before, ending, without_ending
from ..symbolic.values import (
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    first,
    join,
    without_holes,
)
from . import actions, context, match
from .answers import all_of, any_of, none_of
from .attached import AttachedStatement, Policies
from .call import Call
from .conditions import Context, holds, lacks_variable, resolved
from .document import Statement
from .principals import PrincipalMatcher, concerns

#: What some services check an action without resource types on instead of ``*``, as their messages
#: of refusal say: ``SNS:GetSMSAttributes on resource: arn:aws:sns:eu-west-1:111122223333:*``.
_SERVICE_WIDE: dict[str, Callable[[Target], Value]] = {
    "logs": lambda target: log_stream(target, Known(""), ""),
    "s3": lambda target: bucket(target, Known(UNNAMED)),
    "sns": lambda target: arn(target, "sns", UNNAMED),
    "sqs": lambda target: arn(target, "sqs", UNNAMED),
    "ssm": lambda target: arn(target, "ssm", UNNAMED),
}


@dataclass(frozen=True)
class Request:
    """A call with what is known of its context; ``names`` are the ARNs its resource may go by, of
    which IAM checks one or another: none for the role that a service assumes. Where nothing of the
    resource is known, ``forms`` are those of everything that it can be."""

    call: Call
    names: tuple[Value, ...]
    forms: tuple[Value, ...] = ()
    own: Context | None = None

    @cached_property
    def context(self) -> Context:
        """The condition keys that the request carries, with their values as far as known."""
        return context.of(self.call, self.own)


def request_for(call: Call, own: Context | None = None) -> Request:
    """The call with its context; ``own`` is what the caller knows better of that."""
    if call.resource is None:
        return Request(call, (), own=own)
    names = names_of(call.action, call.resource, call.stack.target)
    return Request(call, names, _askable(call.action) if _is_open(call.resource) else (), own)


@cache
def _askable(action: str) -> tuple[Value, ...]:
    """All that ECS, or who calls for it, can ask for: no access point where it asks for a bucket or
    an object (API reference, ``EnvironmentFile``)."""
    return tuple(form for form in forms_of(action) if before(form, ":accesspoint/") is None)


def _is_open(resource: Value) -> bool:
    """Is not even known how its ARN begins?"""
    written = expanded(resource)
    begins = written.parts[0] if isinstance(written, Text) else written
    return isinstance(begins, (Unknown, Reference))


@cache
def forms_of(action: str) -> tuple[Value, ...]:
    """All that the action can be checked on, by all names; ``*`` where it cannot be limited, none
    where that is not known."""
    forms = actions.formats(action)
    listed = () if forms is None else forms or (Known("*"),)
    return tuple(name for form in listed for name in names_of(action, form))


def names_of(action: str, resource: Value, target: Target = ANY_TARGET) -> tuple[Value, ...]:
    """The ARNs of which IAM may check one or another for that action on that resource."""
    if _on_log_group(action):
        group = without_ending(resource, 2) if ending(resource).endswith(":*") else resource
        return (group, join(group, ":log-stream:"))
    service = action.partition(":")[0].lower()
    if resource == Known("*") and service in _SERVICE_WIDE:
        return (resource, _SERVICE_WIDE[service](target))
    return (resource,)


@cache
def _on_log_group(action: str) -> bool:
    """Is it an action on a log group? IAM may check it on the ARN with or without ``:*`` (facts
    J3)."""
    forms = actions.formats(action) or () if action.lower().startswith("logs:") else ()
    return any(before(form, ":log-group:") and not before(form, ":log-stream:") for form in forms)


# -- one statement ---------------------------------------------------------------------------------


def matches_action(statement: Statement, action: str) -> Answer:
    """Does the statement speak of the action, by Action or NotAction?"""
    listed = statement.not_actions if statement.actions is None else statement.actions
    charge(0 if listed is None else len(listed.items))  # also for what is known: always alike
    known = statement.matched_actions
    if action not in known:
        known[action] = _matches_action(statement, action)
    return known[action]


def _matches_action(statement: Statement, action: str) -> Answer:
    if statement.actions is not None:
        return _any(statement.actions, lambda pattern: match.covers_action(pattern, action))
    if statement.not_actions is not None:
        return _none(statement.not_actions, lambda pattern: match.covers_action(pattern, action))
    return Unknown("the statement names no action", why=Why.FUNCTION, span=statement.span)


def matches_resource(
    statement: Statement, request: Request, known: Context, implied: bool = False
) -> Answer:
    """Does the statement speak of the resource, by any of its names? ``implied`` is true in the
    policy of a resource, which may leave the resource out."""
    if implied and not request.names:
        return Yes()
    if statement.resources is None and statement.not_resources is None:
        return (
            Yes()
            if implied
            else Unknown("the statement names no resource", why=Why.FUNCTION, span=statement.span)
        )

    def covered(name: Value) -> Answer:
        return covers_name(
            statement, name, known, lambda pattern: _is_of_another(pattern, request.call)
        )

    named = _by_either_name(statement, [covered(name) for name in request.names])
    if isinstance(named, Unknown) and request.forms:
        return _whatever_it_is([covered(form) for form in request.forms], named)
    return named


def _whatever_it_is(answers: list[Answer], doubt: Unknown) -> Answer:
    """What holds of all that the resource can be, else the doubt."""
    for kind in (Yes, No):
        if all(isinstance(answer, kind) for answer in answers):
            return answers[0]
    return doubt


def covers_name(
    statement: Statement,
    name: Value,
    known: Context,
    of_another: Callable[[Value], bool] = lambda pattern: False,
) -> Answer:
    """Does the statement's Resource or NotResource speak of that name? Patterns of which
    ``of_another`` is true never do."""
    listed, combine = (
        (statement.resources, _any)
        if statement.resources is not None
        else (statement.not_resources or Items(()), _none)
    )
    return combine(
        listed,
        lambda pattern: NO if of_another(pattern) else _covers(statement, pattern, name, known),
    )


def _is_of_another(pattern: Value, call: Call) -> bool:
    """Is the pattern made of the ARN of another resource of the same kind? No two share one,
    whatever names they get. A data source may speak of the very resource."""
    if isinstance(pattern, Text) and len(pattern.parts) == 2 and pattern.parts[1] == ":*":
        pattern = pattern.parts[0] if isinstance(pattern.parts[0], Reference) else pattern
    if call.owner is None or not isinstance(pattern, Reference):
        return False
    own, other = call.owner.address, pattern.address
    return (
        other != own
        and "data." not in own + other
        and call.stack.at(type(call.owner), other) is not None
    )


def _covers(statement: Statement, pattern: Value, name: Value, known: Context) -> Answer:
    if statement.is_plain or not statement.variables:
        return match.covers(pattern, name, variables=False)
    if lacks_variable(pattern, known):
        return (
            No()
            if statement.resources is not None
            else Unknown("a policy variable has no value", why=Why.GRANT, span=pattern.span)
        )
    return match.covers(resolved(pattern, known), name)


def _by_either_name(statement: Statement, answers: list[Answer]) -> Answer:
    """An Allow of one name suffices, a Deny is certain when it speaks of all."""
    if statement.denies and any(not isinstance(a, No) for a in answers):
        return all_of(
            Unknown("IAM checks the log group by one of two names", why=Why.GRANT)
            if isinstance(answer, No)
            else answer
            for answer in answers
        )
    return any_of(answers)


def matches_conditions(statement: Statement, known: Context) -> Answer:
    """Do all conditions of the statement hold? Unknown where a key's value is."""
    return all_of(
        holds(condition, known, statement.variables) for condition in statement.conditions
    )


def variables(statement: Statement) -> Iterator[str]:
    """The names of the policy variables that the statement's conditions and resources hold."""
    listed = (statement.resources, statement.not_resources)
    values = [c.values for c in statement.conditions] + [i for i in listed if i is not None]
    for written in (without_holes(value) for items in values for value in items):
        yield from match.VARIABLE.findall(written)


def known_context(statement: Statement, request: Request) -> Context:
    """The request's context, as far as the statement's conditions ask for it."""
    if statement.is_plain:
        return {}
    keys = [condition.key for condition in statement.conditions]
    known = context.with_foreign(request.context, request.call, keys)
    return context.with_tags(known, request.call, (*keys, *variables(statement)))


def applies(
    given: AttachedStatement, request: Request, matcher: PrincipalMatcher | None = None
) -> Answer:
    """Does the statement, whatever its effect, apply to the request? ``matcher`` says whom its
    Principal must mean; None for a policy of the caller's own, which names nobody."""
    charge(20)
    statement = given.statement
    answer = matches_action(statement, request.call.action)
    if isinstance(answer, No):
        return answer
    known = known_context(statement, request)
    answer = all_of(
        (
            *(() if matcher is None else (concerns(statement, request.call, matcher),)),
            answer,
            matches_resource(statement, request, known, implied=matcher is not None),
            matches_conditions(statement, known),
        )
    )
    if isinstance(answer, Yes):
        doubt = first(statement.unread, _as_grant(given))
        return answer if doubt is None else doubt
    return answer


def _as_grant(given: AttachedStatement) -> Unknown | None:
    doubt = given.source.conditional
    return (
        None
        if doubt is None
        else Unknown(
            f"{given.source.title} may not be attached: {doubt.reason}",
            doubt.symbol,
            Why.GRANT,
            span=doubt.span,
        )
    )


def _any(items: Items, test: Callable[[Value], Answer]) -> Answer:
    return any_of((*(test(item) for item in items), *_possibly(items.remainder)))


def _none(items: Items, test: Callable[[Value], Answer]) -> Answer:
    return none_of((*(test(item) for item in items), *_possibly(items.remainder)))


def _possibly(remainder: Unknown | None) -> tuple[Unknown, ...]:
    return () if remainder is None else (remainder,)


# -- all statements --------------------------------------------------------------------------------


def allowed(
    policies: Policies, request: Request, matcher: PrincipalMatcher | None = None
) -> Answer:
    """Is there a statement that allows it? All of those that do are the evidence; ``matcher`` as
    for ``applies``."""
    evidence: list[Evidence] = []
    doubt: Unknown | None = None
    for given in policies.given:
        answer = NO if given.statement.denies else applies(given, request, matcher)
        if isinstance(answer, Yes):
            evidence.append(given.evidence(f"{given.title} allows '{request.call.action}'."))
        elif isinstance(answer, Unknown):
            doubt = first(doubt, answer)
    if evidence:
        return Yes(tuple(evidence))
    return any_of(_possibly(first(doubt, policies.remainder)))


def denied(policies: Policies, request: Request, matcher: PrincipalMatcher | None = None) -> Answer:
    """Is there a statement that denies it? What cannot be seen is not held against a grant."""
    doubt: Unknown | None = None
    for given in policies.given:
        answer = applies(given, request, matcher) if given.statement.may_deny else NO
        if isinstance(answer, Yes):
            return Yes((given.evidence(f"{given.title} denies '{request.call.action}'."),))
        if isinstance(answer, Unknown):
            reason = f"{given.title} may deny it: {answer.reason}"
            doubt = first(
                doubt, Unknown(reason, answer.symbol, Why.GRANT, span=given.statement.span)
            )
    return any_of(_possibly(doubt))
