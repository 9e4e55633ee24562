"""What a resource's own policy says: of a secret, key, repository, bucket or file system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ..model import FileSystem, Key, Protected, Stack
from ..model.protected import BY_SERVICE
from ..symbolic.answers import NO, Answer, Evidence, No, Yes, is_absent
from ..symbolic.records import dataclass
from ..symbolic.values import (
    Known,
    Text,
    Unknown,
    Value,
    expanded,
    join,
    literal,
    shown_value,
    without_holes,
)
from . import match, refusals
from .answers import any_of
from .attached import Policies, of_document
from .call import Call, Caller
from .evaluate import Request, allowed, denied, request_for
from .principals import either, means_account, means_caller, means_session


def owner(stack: Stack, action: str, resource: Value) -> Protected | None:
    """The resource of the stack that ``resource`` names, or holds (a bucket's object,
    a log group's stream)."""
    kind = BY_SERVICE.get(action.partition(":")[0].lower())
    return None if kind is None else stack.asked(_OWNER[kind], resource)


def _owner(kind: type[Protected], stack: Stack, resource: Value) -> Protected | None:
    named = stack.find(kind, resource)
    if named is None and kind.held:
        return next(
            (
                holder
                for holder in stack.derived(_holders)[kind].candidates(without_holes(resource))
                if isinstance(match.covers(join(holder.arn, kind.held), resource), Yes)
            ),
            None,
        )
    return named


#: One question for each class, which the stack answers once for each resource.
_OWNER = {kind: partial(_owner, kind) for kind in BY_SERVICE.values()}


@dataclass(frozen=True)
class _Holders:
    """Resources that hold others: ``by_name`` those whose name is known, by what their ARN ends
    in, and ``open`` the rest, with what it literally ends in."""

    by_name: Mapping[str, tuple[Protected, ...]]
    open: tuple[tuple[str, Protected], ...]

    def candidates(self, written: str) -> Iterator[Protected]:
        """Those that may hold what is literally ``written`` so: a few, without a match of all."""
        for field in dict.fromkeys(
            start for part in written.split(":") for start in (part, part.partition("/")[0])
        ):
            yield from self.by_name.get(field, ())
        yield from (holder for ending, holder in self.open if ending in written)


def _holders(stack: Stack) -> dict[type[Protected], _Holders]:
    found = {}
    for kind in BY_SERVICE.values():
        if kind.held:
            named: dict[str, tuple[Protected, ...]] = {}
            unnamed = []
            for holder in stack.of(kind):
                ending = _ending(holder.arn)
                if _is_name_known(holder):
                    named[ending] = (*named.get(ending, ()), holder)
                else:
                    unnamed.append((ending, holder))
            found[kind] = _Holders(named, tuple(unnamed))
    return found


def _is_name_known(holder: Protected) -> bool:
    return literal(holder.name) is not None


def _ending(name: Value) -> str:
    """What an ARN literally ends in, which no ARN of what it holds is without."""
    name = expanded(name)
    last = (
        name.parts[-1]
        if isinstance(name, Text)
        else shown_value(name)
        if isinstance(name, Known)
        else ""
    )
    return last.rpartition(":")[2] if isinstance(last, str) else ""


def policy_of(owned: Protected) -> Policies | None:
    """Its policy's statements; None when it has no policy of its own."""
    if isinstance(is_absent(owned.policy), Yes):
        return None
    return of_document(owned.policy, f"the policy of '{owned.address}'", owned.address)


def resource_allows(
    stack: Stack,
    resource: Protected,
    caller: Caller,
    action: str,
    context: Mapping[str, Value] | None = None,
    *,
    name: Value | None = None,
) -> Answer:
    """May ``caller`` call ``action`` on a resource of the stack, as far as the resource's own
    policy says?

    ``name`` is the ARN that is asked for, where that is not the resource's own (a stream of a log
    group); ``context`` what is known of the request's context (Known(None): the key is not part of
    it). For a service and for a client without an identity this is the whole answer; a role's own
    policies count beside it (``authorize``). No says what comes nearest, Unknown what it depends
    on.
    """
    call = Call(stack, caller, action, resource.arn if name is None else name, resource)
    request = request_for(call, context)
    policy = policy_of(resource)
    answer = _by_default(resource, caller) if policy is None else decide(policy, request)
    granted = by_grants(resource, request)
    if isinstance(granted, No) or (policy and isinstance(denies(policy, request), Yes)):
        return answer
    return any_of((answer, granted))


def document_allows(document: Value, title: str, address: str, call: Call) -> Answer:
    """May the call pass a document that everyone is subject to, as a VPC endpoint's policy? None
    written lets everything pass."""
    if isinstance(is_absent(document), Yes):
        return Yes()
    return decide(of_document(document, title, address), request_for(call))


def decide(policy: Policies, request: Request) -> Answer:
    """What the policy says of the caller itself, its denials first."""
    refused = denies(policy, request)
    if isinstance(refused, Yes):
        return No(refusals.denials(policy, request))
    granted = grants(policy, request)
    if isinstance(granted, No):
        return No(refusals.misses(policy, request))
    return refused if isinstance(refused, Unknown) and isinstance(granted, Yes) else granted


def _by_default(resource: Protected, caller: Caller) -> Answer:
    """What holds where nobody wrote a policy: a file system lets everyone mount it (EFS,
    iam-access-control-nfs-efs), a key is left to its account, of which no service is part (KMS,
    key-policy-default), and nothing else grants anything."""
    if isinstance(resource, FileSystem):
        return Yes()
    if isinstance(resource, Key) and resource.escapes is not None:
        return resource.escapes
    by_default = (
        ", and by default the account alone may use it" if isinstance(resource, Key) else ""
    )
    message = f"'{resource.address}' has no policy{by_default}."
    return No((Evidence(message, resource.address, resource.span),))


def grants(policies: Policies, request: Request) -> Answer:
    """Does the policy allow the caller itself (or everyone)?"""
    return allowed(policies, request, means_caller)


def by_grants(resource: Protected | None, request: Request) -> Answer:
    """Do KMS grants of the key allow the caller itself? No where it is no key."""
    if not isinstance(resource, Key):
        return NO
    title = f"a grant of '{resource.address}'"
    return any_of(
        grants(of_document(each, title, resource.address), request) for each in resource.grants
    )


def some_may_grant(request: Request) -> bool:
    """May some resource of the stack, of the kind that the action is for, grant it?"""
    kind = BY_SERVICE.get(request.call.service)
    policies = [policy_of(each) for each in request.call.stack.of(kind)] if kind else []
    return any(each and not isinstance(grants(each, request), No) for each in policies)


def grants_session(policies: Policies, request: Request) -> Answer:
    """Does the policy allow a session of the role as such (or everyone)?"""
    return allowed(policies, request, means_session)


def delegates(policies: Policies, request: Request) -> Answer:
    """Does the policy leave the decision to the account's IAM policies?"""
    return allowed(policies, request, means_account)


def denies(policies: Policies, request: Request) -> Answer:
    """Does the policy deny it to the caller?"""
    return denied(policies, request, either(means_caller, means_account))
