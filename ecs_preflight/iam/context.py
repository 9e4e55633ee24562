"""What is known of the context of the calls that ECS's agents, tasks and launchers make.

Each fact says under which keys, for whose calls, and by which source. A key that no fact speaks of
may be part of the request or not. A caller who knows more passes its own context, which goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..model import (
    Bucket,
    Key,
    Principal,
    Protected,
    Repository,
    Role,
    StoredParameter,
    StoredSecret,
    Target,
)
from ..model.protected import BY_SERVICE
from ..symbolic.arns import DNS_SUFFIX, REGION, arn
from ..symbolic.records import dataclass
from ..symbolic.strings import pieces
from ..symbolic.values import ABSENT, Known, Shape, Unknown, Value, Why, join, literal
from . import actions
from .call import AnonymousCaller, Call, Caller, RoleCaller, ServiceCaller
from .conditions import Context


@dataclass(frozen=True)
class Fact:
    """The value of ``keys`` in the calls of ``callers``: of roles used as one of ``principals``
    (all, when empty), to actions that begin with one of ``actions`` (all, when empty)."""

    keys: tuple[str, ...]
    value: Callable[[Call], Value | None]
    source: str
    principals: tuple[Principal, ...] = ()
    actions: tuple[str, ...] = ()
    callers: tuple[type[Caller], ...] = (RoleCaller,)

    def applies(self, call: Call) -> bool:
        """Does the fact hold for the call's caller, principal and action?"""
        caller = call.caller
        return (
            isinstance(caller, self.callers)
            and not (
                isinstance(caller, RoleCaller)
                and self.principals
                and caller.principal not in self.principals
            )
            and (not self.actions or call.action.lower().startswith(self.actions))
        )


def _never(call: Call) -> Value:
    return ABSENT


def _always(written: str) -> Callable[[Call], Value]:
    return lambda call: Known(written)


def _role_arn(call: Call) -> Value | None:
    return call.caller.role.arn if isinstance(call.caller, RoleCaller) else None


def _service_name(call: Call) -> Value | None:
    return call.caller.name if isinstance(call.caller, ServiceCaller) else None


def _arn_part(value: Value | None, index: int) -> Value | None:
    """One part of an ARN, or None when it is empty or cannot be told."""
    found = None if value is None else pieces.arn_parts(value)
    return found[index] if found and found[index] != Known("") else None


def _resource_account(call: Call) -> Value | None:
    if isinstance(call.owner, Bucket):
        return call.stack.target.account
    return _arn_part(call.resource, pieces.ACCOUNT)


def _requested_region(call: Call) -> Value | None:
    if call.service in ("iam", "sts", "s3"):
        return None
    written = _arn_part(call.resource, pieces.REGION)
    return call.stack.target.region if written is None else written


def _via_service(call: Call) -> Value:
    """KMS is asked by Secrets Manager or Systems Manager on behalf of the agent; which, only the
    caller can say."""
    service = Unknown("it depends on which service asks KMS", why=Why.GRANT, shape=Shape.SEGMENT)
    return _service_in(service, _requested_region(call))


def via_service(service: str, key: Value) -> Context:
    """The context of a call to KMS that ``service`` makes about ``key`` on somebody's behalf."""
    return {"kms:ViaService": _service_in(Known(service), _arn_part(key, pieces.REGION))}


def _service_in(service: Value, region: Value | None) -> Value:
    """A service's endpoint, as ``kms:ViaService`` has it; China's ends in ``.cn``."""
    target = REGION if region is None else region
    suffix = DNS_SUFFIX if (literal(target) or "").startswith("cn-") else Known("amazonaws.com")
    return join(service, ".", target, ".", suffix)


_AGENTS = (Principal.EXECUTION, Principal.TASK)
_ANYONE = (RoleCaller, ServiceCaller, AnonymousCaller)

FACTS: tuple[Fact, ...] = (
    Fact(
        ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
        _never,
        "facts G9: only where one service calls another on a resource's behalf",
        _AGENTS,
    ),
    Fact(
        ("aws:username",), _never, "IAM User Guide, global keys: not in requests of assumed roles"
    ),
    Fact(
        ("aws:federatedprovider", "sts:externalid", "sts:rolesessionname"),
        _never,
        "IAM User Guide, global keys: of AssumeRole calls and federated principals",
        _AGENTS,
    ),
    Fact(
        (
            "ec2:sourceinstancearn",
            "ec2:roledelivery",
            "aws:ec2instancesourcevpc",
            "aws:ec2instancesourceprivateipv4",
        ),
        _never,
        "IAM User Guide, global keys: of credentials from an instance profile",
        _AGENTS,
    ),
    Fact(
        ("aws:securetransport",),
        _always("true"),
        "facts D2, AWS endpoints are called over TLS",
        _AGENTS,
    ),
    Fact(
        ("aws:multifactorauthpresent",),
        _always("false"),
        "IAM User Guide, global keys: of temporary credentials; nobody gave a second factor",
        (*_AGENTS, Principal.INSTANCE),
    ),
    Fact(
        ("aws:multifactorauthage",),
        _never,
        "IAM User Guide, global keys: of credentials that a second factor gave",
        (*_AGENTS, Principal.INSTANCE),
    ),
    Fact(("aws:principaltype",), _always("AssumedRole"), "IAM User Guide, global keys"),
    Fact(
        ("aws:principalisawsservice",),
        _always("false"),
        "IAM User Guide, global keys: role credentials",
        _AGENTS,
    ),
    Fact(
        ("aws:principalservicename", "aws:principalservicenameslist"),
        _never,
        "IAM User Guide, global keys: of service principals",
        _AGENTS,
    ),
    Fact(
        ("aws:principalarn",),
        _role_arn,
        "IAM User Guide, global keys: the role's ARN",
    ),
    Fact(
        ("aws:principalaccount",),
        lambda call: call.stack.target.account,
        "IAM User Guide, global keys",
    ),
    Fact(
        ("aws:resourceaccount", "s3:resourceaccount"),
        _resource_account,
        "facts C10; IAM User Guide, global keys",
        callers=_ANYONE,
    ),
    Fact(("aws:requestedregion",), _requested_region, "IAM User Guide, global keys"),
    Fact(
        ("kms:calleraccount",),
        lambda call: call.stack.target.account,
        "KMS Developer Guide, condition keys",
        actions=("kms:",),
    ),
    Fact(
        ("kms:viaservice",),
        _via_service,
        "KMS Developer Guide, kms:ViaService; facts C8",
        (Principal.EXECUTION,),
        ("kms:decrypt",),
    ),
    Fact(
        ("secretsmanager:versionstage", "secretsmanager:versionid"),
        _never,
        "facts C12: the agent sends a stage only when valueFrom names one",
        (Principal.EXECUTION,),
        ("secretsmanager:getsecretvalue",),
    ),
    Fact(
        ("elasticfilesystem:accessedviamounttarget",),
        _always("true"),
        "facts D2: tasks mount so",
        (Principal.TASK,),
        ("elasticfilesystem:client",),
    ),
    Fact(
        ("iam:passedtoservice",),
        _always("ecs-tasks.amazonaws.com"),
        "facts H5: a task's two roles",
        actions=("iam:passrole",),
    ),
    Fact(
        ("aws:principalisawsservice",),
        _always("true"),
        "IAM User Guide, global keys: calls that a service makes in its own name",
        callers=(ServiceCaller,),
    ),
    Fact(
        ("aws:principalservicename",),
        _service_name,
        "IAM User Guide, global keys: of service principals",
        callers=(ServiceCaller,),
    ),
    Fact(
        ("aws:principalisawsservice",),
        _always("false"),
        "IAM User Guide, global keys: in every request",
        callers=(AnonymousCaller,),
    ),
    Fact(
        ("aws:principalaccount",),
        _always("anonymous"),
        "IAM User Guide, global keys: so for anonymous requests",
        callers=(AnonymousCaller,),
    ),
    Fact(
        ("aws:principalaccount",),
        _never,
        "facts G8: a service is part of no account",
        callers=(ServiceCaller,),
    ),
    Fact(
        (
            "sts:externalid",
            "aws:principalorgid",
            "aws:principalorgpaths",
            "aws:principalarn",
            "aws:username",
            "aws:multifactorauthpresent",
            "aws:multifactorauthage",
            "aws:federatedprovider",
            "saml:aud",
        ),
        _never,
        "facts G8; IAM User Guide, global keys: of IAM's own principals",
        callers=(ServiceCaller, AnonymousCaller),
    ),
)

#: Keys of a service that come with the credentials, whatever they are used for, beside those of
#: identity providers, whose names have dots (IAM User Guide, "AWS global condition context keys").
_OF_CREDENTIALS = ("ec2:sourceinstancearn", "ec2:roledelivery", "ssm:sourceinstancearn")
_OF_SESSIONS = ("saml", "sts")


def of(call: Call, own: Context | None = None) -> Context:
    """What is known of the call; ``own`` is what the caller knows better."""
    known: dict[str, Value] = {}
    for fact in FACTS:
        if fact.applies(call):
            value = fact.value(call)
            if value is not None:
                known.update((key, value) for key in fact.keys)
    known.update((key.lower(), value) for key, value in (own or {}).items())
    return known


#: What statements can be limited to by tags without further ado (a bucket's count only where it
#: says so).
_JUDGED_BY_TAGS = (StoredSecret, StoredParameter, Repository, Key)


def with_tags(known: Context, call: Call, keys: Iterable[str]) -> Context:
    """The same, with those of ``keys`` that are a tag of the resource or of the role: its value,
    or why that is not known."""
    tags = {key.lower(): _tag(call, *key.partition("/")) for key in keys if "tag/" in key.lower()}
    return {**{key: tag for key, tag in tags.items() if tag is not None}, **known}


def _tag(call: Call, name: str, _: str, key: str) -> Value | None:
    tagged: Role | Protected | None = None
    if name.lower() == "aws:principaltag":
        tagged = _tagged_role(call.caller)
    elif name.lower() in ("aws:resourcetag", f"{call.service}:resourcetag"):
        kind = BY_SERVICE.get(call.service)
        if kind in _JUDGED_BY_TAGS and call.owner is None:
            return Unknown("the resource is not in the scanned code", why=Why.GRANT)
        tagged = call.owner if kind in _JUDGED_BY_TAGS else None
    if tagged is None:
        return None
    if isinstance(tagged.tags, Unknown):
        return tagged.tags
    alike = [value for tag, value in tagged.tags.entries if tag.lower() == key.lower()]
    return alike[0] if len(alike) == 1 else tagged.tags.get(key)


def _tagged_role(caller: Caller) -> Role | None:
    """The role whose tags are the session's: what deploys may give its sessions tags of their
    own."""
    known = isinstance(caller, RoleCaller) and caller.principal is not Principal.DEPLOYER
    return caller.role if isinstance(caller, RoleCaller) and known else None


def with_foreign(known: Context, call: Call, keys: Iterable[str]) -> Context:
    """The same, with those of ``keys`` known to be absent that no request for that action has
    (Service Authorization Reference)."""
    foreign = {key.lower() for key in keys if _is_foreign(key.lower(), call.action)}
    return {**dict.fromkeys(foreign, ABSENT), **known} if foreign else known


def _is_foreign(key: str, action: str) -> bool:
    service = key.partition(":")[0]
    if key in _OF_CREDENTIALS or service in _OF_SESSIONS or "." in service:
        return False
    return actions.may_carry(action, key) is False


# -- who assumes a role ----------------------------------------------------------------------------

#: Services that assume roles on behalf of a resource of theirs in the role's own account, and how
#: its ARN begins after the account (the services' pages on cross-service confused deputy
#: prevention). The source of a schedule's role is the schedule's group. How a task's goes on is not
#: documented, but for ``:*``; forms with ``task/`` are seen to work (facts G7, G8).
_ON_BEHALF = {
    "ecs-tasks.amazonaws.com": ("ecs", (pieces.UNNAMED, "task/")),
    "events.amazonaws.com": ("events", ("rule/",)),
    "pipes.amazonaws.com": ("pipes", ("pipe/",)),
    "scheduler.amazonaws.com": ("scheduler", ("schedule-group/",)),
    "states.amazonaws.com": ("states", ("stateMachine:",)),
}


def of_assumption(
    place: Target, service: str, use: Principal, source: Value = ABSENT
) -> tuple[Context, ...]:
    """What is known when ``service`` assumes a role of ECS for ``use``, on behalf of what is
    deployed at ``place``: its ``source`` has that name there, where it is known. Several, where the
    source can be one or another."""
    if service == "ecs-tasks.amazonaws.com" and use not in _AGENTS:
        return ({},)
    kind, beginnings = _ON_BEHALF.get(service, ("", ()))
    unnamed = Unknown("the source has a name of its own", why=Why.GRANT)
    name = unnamed if source == ABSENT else source
    return tuple(
        {
            "aws:sourceaccount": place.account,
            "aws:sourcearn": arn(
                place, kind, begins if begins == pieces.UNNAMED else join(begins, name)
            ),
        }
        for begins in beginnings
    ) or ({},)
