"""What IAM refuses in a policy document: syntax, spelling and size.

The checks are those whose error texts IAM documents or is seen to give (IAM User Guide, "Grammar of
the IAM JSON policy language", "IAM and AWS STS quotas"); what is not known is never a fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from ..model import PolicyKind, Role
from ..symbolic.alike import nearest
from ..symbolic.answers import Yes, is_absent
from ..symbolic.patterns import regex
from ..symbolic.placeholders import is_filled_in
from ..symbolic.same import Same
from ..symbolic.values import (
    ABSENT,
    Entries,
    Items,
    JsonFault,
    Known,
    Text,
    Unknown,
    Value,
    expanded,
    literal,
)
from .actions import takes_resource
from .conditions import is_operator
from .document import Statement, statements
from .fault import LEGACY, PolicyFault, Remedy, of_arn, of_condition, of_principal

#: Characters without white space, all inline policies of a role together.
INLINE_LIMIT = 10_240


#: The default quota of a trust policy, which an account may have raised to its limit.
TRUST_QUOTA = 2_048


class PolicyUse(Enum):
    """What a document is used for: (title, the most characters without white space or 0)."""

    INLINE = ("inline policy", INLINE_LIMIT)
    MANAGED = ("managed policy", 6_144)
    TRUST = ("trust policy", 4_096)
    RESOURCE = ("resource policy", 0)

    def __init__(self, title: str, limit: int) -> None:
        self.title = title
        self.limit = limit


def faults(source: Value, use: PolicyUse) -> tuple[PolicyFault, ...]:
    """All faults of a document that IAM is certain to refuse."""
    return _faults(Same(source), use)


@lru_cache(maxsize=4096)
def _faults(same: Same[Value], use: PolicyUse) -> tuple[PolicyFault, ...]:
    source = same.value
    written = expanded(source)
    broken = written.encodes if isinstance(written, (Known, Text)) else None
    if isinstance(broken, JsonFault):
        message = f"The {use.title} is not JSON: {broken.reason}."
        remedy = Remedy.PUNCTUATE if re.search("comma|comment", broken.reason) else None
        return (PolicyFault("json", message, broken.span, remedy=remedy),)
    if isinstance(written, Known) and written.encodes is None and written.value is not None:
        return (PolicyFault("json", f"The {use.title} is not JSON.", source.span),)
    if isinstance(broken, Entries):
        written = broken
    if not isinstance(written, Entries):
        return ()
    return tuple(_of_document(source, written, use))


def size(value: Value) -> int:
    """The least number of characters of the document as JSON, without white space: a list of one
    may be written as a single value, and Terraform writes what is listed twice once."""
    written = expanded(value)
    if isinstance(written, Entries):
        return _enclosed([len(json.dumps(key)) + 1 + size(item) for key, item in written.entries])
    if isinstance(written, Items):
        sizes = [size(item) for item in dict.fromkeys(written.items)]
        return sizes[0] if len(sizes) == 1 else _enclosed(sizes)
    if isinstance(written, Known):
        return len(re.sub(r"\s", "", json.dumps(written.value, ensure_ascii=False)))
    if isinstance(written, Text):
        return 2 + sum(len(re.sub(r"\s", "", p)) for p in written.parts if isinstance(p, str))
    return 0


def _enclosed(sizes: list[int]) -> int:
    """Of brackets, what is in them, and the commas between."""
    return 2 + sum(sizes) + max(0, len(sizes) - 1)


def inline_size(role: Role) -> int:
    """The least size of all the role's inline policies together; IAM takes INLINE_LIMIT."""
    return sum(
        size(policy.document)
        for policy in role.policies
        if policy.kind is PolicyKind.INLINE and policy.conditional is None
    )


def _of_document(source: Value, written: Entries, use: PolicyUse) -> Iterator[PolicyFault]:
    yield from _elements(written, ("Version", "Id", "Statement"))
    version = literal(written.get("Version"))
    if version is not None and version not in ("2012-10-17", "2008-10-17"):
        yield PolicyFault(
            "version",
            f"'{version}' is no version of the policy language: write '2012-10-17'.",
            written.get("Version").span,
            remedy=Remedy.WRITE,
            wanted="2012-10-17",
        )
    if isinstance(is_absent(written.get("Statement")), Yes):
        yield PolicyFault("element", f"The {use.title} has no Statement.", source.span)
    listed = written.get("Statement")
    if isinstance(listed, Items) and not listed.items and listed.remainder is None:
        message = f"The {use.title} has no statement."
        yield PolicyFault("element", message, source.span, remedy=Remedy.DETACH)
    length = size(written)
    if use.limit and length > use.limit:
        yield PolicyFault(
            "size",
            f"The {use.title} has at least {length} characters, but IAM takes no "
            f"more than {use.limit}.",
            source.span,
        )
    elif use is PolicyUse.TRUST and length > TRUST_QUOTA:
        yield PolicyFault(
            "quota",
            f"The trust policy has at least {length} characters, but the default "
            f"quota is {TRUST_QUOTA}.",
            source.span,
        )
    seen: set[str] = set()
    for statement in statements(source).statements:
        yield from _of_statement(statement, use)
        sid = literal(statement.sid)
        if sid and sid in seen:
            yield PolicyFault(
                "sid",
                f"Two statements of the {use.title} have the Sid '{sid}'.",
                statement.sid.span,
                "Statement IDs (SID) in a single policy must be unique.",
                remedy=Remedy.WRITE,
                wanted=f"{sid}{len(seen) + 1}",
            )
        seen.add(sid or "")


#: What a role is assumed by; IAM compares them as they are written.
TRUST_ACTIONS = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagSession",
)
#: The vendor of an action may be a star by itself, but hold none.
_ACTION = regex(r"\*|(\*|[\w.-]+):[\w*?-]+")
_STATEMENT = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)


def _of_statement(statement: Statement, use: PolicyUse) -> Iterator[PolicyFault]:
    written = statement.written
    yield from _elements(written, _STATEMENT)
    if written.remainder is not None or not written.entries:
        return
    sid = literal(statement.sid)
    if sid and use is not PolicyUse.RESOURCE and not re.fullmatch(r"[A-Za-z0-9]*", sid):
        yield PolicyFault(
            "sid",
            f"The Sid '{sid}' may only hold letters and digits.",
            statement.sid.span,
            f"Statement IDs (SID) must be alpha-numeric. '{sid}' is invalid.",
            remedy=Remedy.WRITE,
            wanted=re.sub(r"[^A-Za-z0-9]", "", sid),
        )
    yield from _effect(statement)
    yield from _actions(statement, use)
    if use in (PolicyUse.INLINE, PolicyUse.MANAGED):
        yield from _identity(statement)
    elif use is PolicyUse.TRUST:
        yield from _trust(statement)
    for condition in statement.conditions:
        yield from of_condition(condition)
        if not is_operator(condition.operator):
            yield PolicyFault(
                "condition", f"'{condition.operator}' is no condition operator.", condition.span
            )


def _elements(written: Entries, allowed: tuple[str, ...]) -> Iterator[PolicyFault]:
    for name, value in written.entries:
        if name not in allowed and not isinstance(is_absent(value), Yes):
            folded = {element.lower(): element for element in allowed}
            close = nearest(name.lower(), folded, 0.6)
            wanted = folded[close] if close else ""
            hint = f": write '{wanted}'" if wanted else ""
            yield PolicyFault(
                "element",
                f"'{name}' is no element of a policy{hint}.",
                written.key_span(name),
                remedy=Remedy.RENAME if wanted and wanted not in written else None,
                wanted=wanted,
            )


def _has_others(statement: Statement) -> bool:
    """Has it elements of another name, one of which may be meant for what is missing?"""
    return any(name not in _STATEMENT for name, _ in statement.written.entries)


def _effect(statement: Statement) -> Iterator[PolicyFault]:
    effect = statement.effect
    if isinstance(is_absent(effect), Yes):
        message = f"{statement.heading} has no Effect."
        wanted = "Effect=Allow"
        remedy = None if _has_others(statement) else Remedy.ADD
        yield PolicyFault("effect", message, statement.span, remedy=remedy, wanted=wanted)
    elif (written := literal(effect)) not in (None, "Allow", "Deny"):
        meant = nearest((written or "").title(), ("Allow", "Deny"), 0.6)
        yield PolicyFault(
            "effect",
            f"The effect '{written}' is neither 'Allow' nor 'Deny'.",
            effect.span,
            LEGACY,
            remedy=Remedy.WRITE if meant else None,
            wanted=meant or "",
        )


def _inside(written: Entries, wanted: str) -> tuple[str, Value] | None:
    """The element inside which the wanted one stands, and its value."""
    for name, value in written.entries:
        inner = value.get(wanted) if isinstance(value, Entries) else ABSENT
        if name in _STATEMENT and not isinstance(is_absent(inner), (Yes, Unknown)):
            return name, inner
    return None


def _without_action(statement: Statement, use: PolicyUse) -> PolicyFault:
    """None is listed: one stands an element too deep, or the statement says nothing. A trust policy
    needs it: without it nobody may assume the role."""
    message, refusal = (
        f"{statement.heading} has no actions",
        "Policy statement must contain actions.",
    )
    inside = _inside(statement.written, "Action")
    if inside is not None:
        return PolicyFault(
            "action",
            f"{message}: its Action stands in its {inside[0]}.",
            statement.span,
            "",
            remedy=Remedy.LIFT,
            wanted="Action",
            place=inside[1].span,
        )
    kinds = {named.kind for named in statement.principals.named} if statement.principals else set()
    remedy: Remedy | None = Remedy.REMOVE_STATEMENT
    if _has_others(statement) or (use is PolicyUse.TRUST and not kinds):
        remedy = None
    elif use is PolicyUse.TRUST:
        remedy = Remedy.ADD if kinds <= {"Service", "AWS"} else None
    return PolicyFault(
        "action",
        f"{message}.",
        statement.span,
        refusal,
        remedy=remedy,
        wanted="Action=sts:AssumeRole",
    )


def _actions(statement: Statement, use: PolicyUse) -> Iterator[PolicyFault]:
    listed = statement.actions or statement.not_actions
    if statement.actions is not None and statement.not_actions is not None:
        yield PolicyFault(
            "action", f"{statement.heading} has both Action and NotAction.", statement.span
        )
    if listed is None or (not listed.items and listed.remainder is None):
        yield _without_action(statement, use)
        return
    for item in listed:
        action = literal(item)
        if action is not None and not _ACTION.fullmatch(action):
            yield PolicyFault(
                "action",
                f"'{action}' is no action: write 'service:Action'.",
                item.span,
                _of_action(action),
            )


def _of_action(action: str) -> str:
    """What IAM says of an action that is none."""
    if action.count(":") > 1:
        return "Actions/Condition can contain only one colon."
    vendor, colon, _ = action.partition(":")
    if colon and ("*" in vendor or "?" in vendor):
        return "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards."
    return (
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        if not colon
        else ""
    )


def _identity(statement: Statement) -> Iterator[PolicyFault]:
    listed = statement.resources or statement.not_resources
    if listed is None or (not listed.items and listed.remainder is None):
        named = [literal(action) or "" for action in statement.actions or ()]
        everywhere = bool(named) and all(takes_resource(name) is False for name in named)
        everywhere = everywhere and not _has_others(statement)
        yield PolicyFault(
            "resource",
            f"{statement.heading} has no resources.",
            statement.span,
            "Policy statement must contain resources.",
            remedy=Remedy.ADD if everywhere and listed is None else None,
            wanted="Resource=*",
        )
        return
    for item in listed:
        resource = literal(item)
        # An empty one is a parameter's "not given": whoever deploys gives it.
        if not resource or is_filled_in(resource):
            continue
        if not resource.startswith(("arn:", "*")):
            yield PolicyFault(
                "resource",
                f"The resource '{resource}' is neither an ARN nor '*'.",
                item.span,
                f'Resource {resource} must be in ARN format or "*".',
            )
        elif resource.startswith("arn:"):
            yield from of_arn(resource, item.span)
    principals = statement.principals or statement.not_principals
    if principals is not None:
        yield PolicyFault(
            "named",
            f"{statement.heading} names a principal, which only trust and resource policies do.",
            principals.span,
            "Policy document should not specify a principal.",
            remedy=Remedy.REMOVE,
        )


def _trust(statement: Statement) -> Iterator[PolicyFault]:
    listed = statement.resources or statement.not_resources
    if listed is not None:
        yield PolicyFault(
            "trust",
            f"{statement.heading} of the trust policy names resources: it can "
            f"only say who may assume the role.",
            listed.span,
            "Has prohibited field Resource",
            statement.title,
        )
    if statement.principals is None and statement.not_principals is None:
        yield PolicyFault(
            "principal",
            f"{statement.heading} of the trust policy names no principal.",
            statement.span,
        )
    for item in statement.actions or ():
        action = literal(item)
        if action is not None and action not in TRUST_ACTIONS:
            yield PolicyFault(
                "trust",
                f"The trust policy's {statement.title} allows '{action}', and only "
                "'sts:AssumeRole' and its like belong there, written so.",
                item.span,
                "AssumeRole policy may only specify STS AssumeRole actions.",
                statement.title,
            )
    for principals in (statement.principals, statement.not_principals):
        for named in principals.named if principals is not None else ():
            yield from of_principal(named)
