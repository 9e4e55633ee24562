"""Does a statement of a resource's policy, or of a trust policy, speak of who calls?

A caller can be meant in several ways, and some weigh more than others: what a policy grants to a
session of the role goes beyond a boundary, what it grants to the account only lets the role's own
policies count (IAM User Guide, "Policy evaluation logic").
"""

from __future__ import annotations

from collections.abc import Callable

from ..symbolic.answers import Answer, No
from ..symbolic.arns import arn
from ..symbolic.values import Known, Unknown, Why, join
from . import match
from .answers import any_of, none_of
from .call import Call, RoleCaller, ServiceCaller
from .document import Named, Principals, Statement

#: Does that principal of a statement mean the caller?
PrincipalMatcher = Callable[[Named, Call], Answer]


def means_everyone(named: Named, call: Call) -> Answer:
    """``*`` or ``{"AWS": "*"}``."""
    return match.equals(named.value, Known("*")) if named.kind in ("*", "AWS") else No()


def means_session(named: Named, call: Call) -> Answer:
    """Everyone, or one of the role's sessions."""
    if not isinstance(call.caller, RoleCaller) or named.kind != "AWS":
        return means_everyone(named, call)
    any_session = Unknown("the session's name is ECS's choice")
    name = join("assumed-role/", call.caller.role.name, "/", any_session)
    session = arn(call.stack.target, "sts", name, regional=False)
    return any_of((means_everyone(named, call), match.equals(named.value, session)))


def means_caller(named: Named, call: Call) -> Answer:
    """The role or one of its sessions, the service by its name, or everyone."""
    caller = call.caller
    if isinstance(caller, RoleCaller):
        own = match.equals(named.value, caller.role.arn) if named.kind == "AWS" else No()
        return any_of((own, means_session(named, call)))
    if isinstance(caller, ServiceCaller) and named.kind == "Service":
        names = (caller.name, *caller.aliases, Known("*"))
        return any_of(match.equals(named.value, name) for name in names)
    return means_everyone(named, call)


def means_account(named: Named, call: Call) -> Answer:
    """The role's account: by number, or by the ARN of its root. No service is part of it."""
    if named.kind != "AWS" or not isinstance(call.caller, RoleCaller):
        return No()
    target = call.stack.target
    root = arn(target, "iam", "root", regional=False)
    return any_of((match.equals(named.value, root), match.equals(named.value, target.account)))


def either(*matchers: PrincipalMatcher) -> PrincipalMatcher:
    """What one of them means."""
    return lambda named, call: any_of(matcher(named, call) for matcher in matchers)


def concerns(statement: Statement, call: Call, matcher: PrincipalMatcher) -> Answer:
    """Is the caller meant by Principal, or not left out by NotPrincipal?"""
    if statement.principals is not None:
        return _listed(statement.principals, call, matcher)
    if statement.not_principals is not None:
        return none_of((_listed(statement.not_principals, call, means_caller),))
    return Unknown("the statement names no principal", why=Why.FUNCTION, span=statement.span)


def _listed(principals: Principals, call: Call, matcher: PrincipalMatcher) -> Answer:
    remainder = () if principals.remainder is None else (principals.remainder,)
    return any_of((*(matcher(named, call) for named in principals.named), *remainder))
