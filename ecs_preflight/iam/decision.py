"""May a role do that? Its policies, its limits and the resource's own policy together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from ..model import Key, Principal, Role, Stack
from ..symbolic.answers import Answer, Evidence, No, Unsought, Yes, is_absent
from ..symbolic.faults import contained
from ..symbolic.jsontext import JsonFault, parse_json
from ..symbolic.strings import pieces
from ..symbolic.values import Known, Reference, Unknown, Value, Why, literal, shown_value
from . import actions, misses, resource_policies
from .answers import all_of, any_of
from .attached import Policies, of_document, of_policy, of_role
from .call import Call, RoleCaller
from .document import statements
from .evaluate import Request, allowed, denied, request_for

#: What limits every role of an account.
CONTROLS = "service control policy"
FULL_ACCESS = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'


def authorize(
    stack: Stack,
    role: Role,
    action: str,
    resource: Value,
    principal: Principal,
    *,
    context: Mapping[str, Value] | None = None,
    session: Value | None = None,
) -> Answer:
    """May ``role``, used as ``principal``, call ``action`` on ``resource``?

    ``resource`` is an ARN with holes, or ``*``: for an action without resource types that very
    character, for any other one some resource that is not known. ``context`` says what the caller
    knows of the request's context (Known(None): the key is not part of it), ``session`` is the
    policy that a launcher passes along.

    Yes names the statements that grant it, and the permissions boundary where that is not in the
    code; No what comes nearest, best first, each with the one reason why it does not count; Unknown
    says what it depends on.
    """
    call = Call(
        stack,
        RoleCaller(role, principal),
        action,
        _subject(action, resource),
        resource_policies.owner(stack, action, resource),
    )
    request = request_for(call, context)
    own = _own(stack, role)
    limits = _limits(role, session)
    guard = resource_policies.policy_of(call.owner) if call.owner else None
    refusals = [
        *(denied(policies, request) for policies in (own, *limits.values())),
        *([resource_policies.denies(guard, request)] if guard else []),
    ]
    refused = any_of(refusals)
    if isinstance(refused, Yes):
        return No(refused.evidence)
    bounded = {title: allowed(policies, request) for title, policies in limits.items()}
    granted = _granted(own, guard, request)
    for title, answer in bounded.items():
        if isinstance(answer, No):
            doubt = _beyond(title, request, guard)
            return (
                doubt
                if doubt is not None
                else _refusal(
                    partial(
                        misses.outside, title, limits[title], request, role, _evidence(granted)
                    ),
                    role,
                )
            )
    if isinstance(granted, No):
        if request.forms and resource_policies.some_may_grant(request):
            return Unknown("the policy of the resource may allow it", why=Why.GRANT)
        return granted if granted.evidence else _refusal(partial(misses.near, own, request), role)
    decided = all_of(
        (granted, *bounded.values(), *([refused] if isinstance(refused, Unknown) else ()))
    )
    if isinstance(decided, Yes) and isinstance(granted, Yes):
        beyond = _across_accounts(call, guard)
        return Yes(granted.evidence, _boundary_elsewhere(role)) if beyond is None else beyond
    return decided


def _refusal(nearest: Callable[[], tuple[Evidence, ...]], role: Role) -> No:
    """No, with what comes nearest for whoever tells it; with nothing where that is over budget."""
    return Unsought(lambda: contained(nearest, lambda why: (), role.address, role.span))


def _own(stack: Stack, role: Role) -> Policies:
    """The role's own policies, put together once for all that is asked of it."""
    known = stack.derived(_put_together)
    if id(role) not in known:
        known[id(role)] = role, of_role(role)
    return known[id(role)][1]


def _put_together(_: Stack) -> dict[int, tuple[Role, Policies]]:
    return {}


def _subject(action: str, resource: Value) -> Value:
    takes = actions.takes_resource(action)
    if takes is False:
        return Known("*", resource.span)
    if takes and literal(resource) == "*":
        return Unknown("the resource is not known", span=resource.span)
    return resource


def _limits(role: Role, session: Value | None) -> dict[str, Policies]:
    """What only takes away, by its title."""
    limits: dict[str, Policies] = {}
    if role.boundary is not None and _boundary_elsewhere(role) is None:
        limits["permissions boundary"] = of_policy(role.boundary)
    if role.controls:
        limits[CONTROLS] = _controls(role)
    if session is not None and not isinstance(is_absent(session), Yes):
        limits["session policy"] = of_document(session, "the session policy", role.address)
    return limits


def _controls(role: Role) -> Policies:
    """The service control policies over the role's account, taken together: what none of them
    allows is refused, and what one denies. Where they only deny, ``FullAWSAccess`` allows the rest
    (Organizations User Guide, "SCP evaluation")."""
    read = [of_policy(policy) for policy in role.controls]
    given = [statement for policies in read for statement in policies.given]
    gaps = [policies.remainder for policies in read if policies.remainder is not None]
    if all(each.statement.may_deny for each in given) and not gaps:
        full = parse_json(Known(FULL_ACCESS))
        assert not isinstance(full, JsonFault)
        given += of_document(full, "FullAWSAccess", role.address).given
    return Policies(tuple(given), gaps[0] if gaps else None)


def _boundary_elsewhere(role: Role) -> Evidence | None:
    """The role's permissions boundary, where what it allows is not in the scanned code."""
    boundary = role.boundary
    if boundary is None or not isinstance(statements(boundary).remainder, Unknown):
        return None
    if statements(boundary).statements:
        return None
    arn = boundary.arn
    named = arn.address if isinstance(arn, Reference) else shown_value(arn)
    message = f"permissions boundary '{named.rpartition(':policy/')[2]}' is not in the scanned code"
    return Evidence(message, role.address, boundary.attached)


def _across_accounts(call: Call, guard: Policies | None) -> Unknown | None:
    """Why the role's permission does not suffice: a resource of another account must be opened to
    it by its own policy as well (IAM User Guide, "Cross-account policy evaluation logic")."""
    own = literal(call.stack.target.account)
    if guard is not None or not own or call.resource is None:
        return None
    fields = pieces.arn_parts(call.resource)
    account = literal(fields[pieces.ACCOUNT]) if fields else None
    if not account or not account.isdigit() or own == account:
        return None
    return Unknown(f"it belongs to another account, '{account}'", why=Why.OUTSIDE)


def _granted(own: Policies, guard: Policies | None, request: Request) -> Answer:
    """By the role's policies or the resource's. A key's policy decides whether the role's count."""
    granted = allowed(own, request)
    others = [resource_policies.by_grants(request.call.owner, request)]
    if guard is not None:
        others.insert(0, resource_policies.grants(guard, request))
        if isinstance(request.call.owner, Key) and not isinstance(granted, No):
            delegated = resource_policies.delegates(guard, request)
            if isinstance(delegated, No):
                granted = No((_shut_out(request.call.owner, request.call.action),))
            elif isinstance(delegated, Unknown):
                granted = delegated
    decided = any_of((granted, *others))
    return granted if isinstance(decided, No) else decided


def _shut_out(key: Key, action: str) -> Evidence:
    return Evidence(
        f"The policy of key '{key.address}' allows '{action}' neither to the role nor "
        f"to its account.",
        key.address,
        key.policy.span,
    )


def _beyond(title: str, request: Request, guard: Policies | None) -> Unknown | None:
    """What a resource's policy grants to a session as such, or to everyone, a boundary may not
    limit (IAM User Guide, "Policy evaluation logic")."""
    if (
        title == CONTROLS
        or guard is None
        or isinstance(resource_policies.grants_session(guard, request), No)
    ):
        return None
    return Unknown(f"the resource's own policy may allow it beyond the {title}", why=Why.GRANT)


def _evidence(answer: Answer) -> tuple[Evidence, ...]:
    return answer.evidence if isinstance(answer, Yes) else ()
