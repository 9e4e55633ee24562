"""What a resource's own policy says: of a secret, key, repository, bucket or file system."""

from __future__ import annotations

from collections.abc import Callable

from ..model import (
    Bucket,
    FileSystem,
    Key,
    LogGroup,
    Protected,
    Repository,
    Stack,
    StoredParameter,
    StoredSecret,
)
from ..symbolic.answers import Answer, No, Yes, is_absent
from ..symbolic.arns import arn
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
from . import match
from .answers import all_of, any_of, none_of
from .document import Named, Principals
from .evaluate import AttachedStatement, Policies, Request, applies, may_deny, of_document

_KINDS: dict[str, type[Protected]] = {
    "secretsmanager": StoredSecret,
    "kms": Key,
    "ecr": Repository,
    "s3": Bucket,
    "elasticfilesystem": FileSystem,
    "logs": LogGroup,
    "ssm": StoredParameter,
}
#: What stands after the ARN of a resource in those of what it holds.
_HELD = {Bucket: "/*", LogGroup: ":*"}


def owner(stack: Stack, action: str, resource: Value) -> Protected | None:
    """The resource of the stack that ``resource`` names, or holds (a bucket's object,
    a log group's stream)."""
    kind = _KINDS.get(action.partition(":")[0].lower())
    if kind is None:
        return None
    named = stack.find(kind, resource)
    if named is None and kind in _HELD:
        written = without_holes(resource)
        return next(
            (
                holder
                for holder in stack.of(kind)
                if _ending(holder.arn) in written
                and isinstance(match.covers(join(holder.arn, _HELD[kind]), resource), Yes)
            ),
            None,
        )
    return named


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


def grants(policies: Policies, request: Request) -> Answer:
    """Does the policy allow the role itself (or everyone)?"""
    return _allows(policies, request, names_role)


def grants_session(policies: Policies, request: Request) -> Answer:
    """Does the policy allow a session of the role as such (or everyone)?"""
    return _allows(policies, request, names_session)


def delegates(policies: Policies, request: Request) -> Answer:
    """Does the policy leave the decision to the account's IAM policies?"""
    return _allows(policies, request, names_account)


def denies(policies: Policies, request: Request) -> Answer:
    """Does the policy deny it to the role?"""
    doubts: list[Answer] = []
    for given in policies.given:
        if may_deny(given.statement):
            answer = all_of(
                (
                    _concerns(given, request, names_role, names_account),
                    applies(given, request, elsewhere=True),
                )
            )
            if isinstance(answer, Yes):
                return Yes((given.evidence(f"{given.title} denies '{request.call.action}'."),))
            doubts += [answer] if isinstance(answer, Unknown) else []
    return any_of(doubts)


Naming = Callable[[Named, Request], Answer]


def _allows(policies: Policies, request: Request, names: Naming) -> Answer:
    answers: list[Answer] = [] if policies.remainder is None else [policies.remainder]
    for given in policies.given:
        if literal(given.statement.effect) != "Deny":
            answer = all_of(
                (_concerns(given, request, names), applies(given, request, elsewhere=True))
            )
            if isinstance(answer, Yes):
                return Yes((given.evidence(f"{given.title} allows '{request.call.action}'."),))
            answers.append(answer)
    return any_of(answers)


def _concerns(given: AttachedStatement, request: Request, *namings: Naming) -> Answer:
    """Is the role meant by Principal, or not left out by NotPrincipal?"""
    statement = given.statement
    if statement.principals is not None:
        return _named(statement.principals, request, namings)
    if statement.not_principals is not None:
        return none_of((_named(statement.not_principals, request, (names_role,)),))
    return Unknown("the statement names no principal", span=statement.span)


def _named(principals: Principals, request: Request, namings: tuple[Naming, ...]) -> Answer:
    answers = [naming(named, request) for named in principals.named for naming in namings]
    return any_of((*answers, *(() if principals.remainder is None else (principals.remainder,))))


def names_session(named: Named, request: Request) -> Answer:
    """Everyone, or one of the role's sessions."""
    if named.kind == "*" or (named.kind == "AWS" and literal(named.value) == "*"):
        return Yes()
    role, target = request.call.role, request.call.stack.target
    any_session = Unknown("the session's name is ECS's choice")
    session = arn(target, "sts", join("assumed-role/", role.name, "/", any_session), regional=False)
    return match.equals(named.value, session) if named.kind == "AWS" else No()


def names_role(named: Named, request: Request) -> Answer:
    """The role's ARN, one of its sessions, or everyone."""
    own = match.equals(named.value, request.call.role.arn) if named.kind == "AWS" else No()
    return any_of((own, names_session(named, request)))


def names_account(named: Named, request: Request) -> Answer:
    """The role's account: by number, or by the ARN of its root."""
    if named.kind != "AWS":
        return No()
    target = request.call.stack.target
    root = arn(target, "iam", "root", regional=False)
    return any_of((match.equals(named.value, root), match.equals(named.value, target.account)))
