"""A fault of a policy document, and those of single values in it: what IAM certainly refuses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from enum import Enum

from ..symbolic.placeholders import is_filled_in
from ..symbolic.records import dataclass, field
from ..symbolic.source import NOWHERE, Span
from ..symbolic.values import Entries, literal
from .document import Condition, Named, is_refused

#: What IAM says of what its older parser refuses.
LEGACY = "The policy failed legacy parsing"
#: What it says of an ARN without a service, or with a wildcard for it.
VENDOR = "Resource vendor must be fully qualified and cannot contain regexes."
#: A service principal under one of AWS's domains; an account, or what is in one.
_SERVICE = (
    r"[\w.-]+\.(amazonaws\.com(\.cn)?|amazonaws\.eu|aws\.internal|c2s\.ic\.gov|sc2s\.sgov\.gov|"
    r"cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
)
_ACCOUNT = r"\*|\d{12}|arn:.+|A[A-Z0-9]{10,}|"


class Remedy(Enum):
    """What makes IAM take the document, as far as a fault alone tells."""

    #: ``wanted`` in place of the value, or of the name of the element, that is there.
    WRITE = "write"
    RENAME = "rename"
    #: The JSON without a comma or comment, or with a comma.
    PUNCTUATE = "punctuate"
    #: An element that is missing, as ``name=value``.
    ADD = "add"
    #: The element ``wanted``, which stands at ``place`` inside another one, beside that one.
    LIFT = "lift"
    #: Without the element, the statement, the policy.
    REMOVE = "remove"
    REMOVE_STATEMENT = "remove statement"
    DETACH = "detach"


@dataclass(frozen=True)
class PolicyFault:
    """A fault: ``code`` (json, element, version, effect, action, resource, principal, sid,
    condition, size, quota for a size that depends on the account's quota, trust for what is
    misplaced in a trust policy, and named for a principal that is none), a sentence, where it is,
    and what IAM says of it after "MalformedPolicyDocument: ". ``remedy`` with ``wanted`` is what
    mends it, None where that cannot be told; ``place`` where something stands that moves."""

    code: str
    message: str
    span: Span
    refusal: str = field(default="Syntax errors in policy.", compare=False)
    #: The statement it is in, where that matters.
    statement: str = field(default="", compare=False)
    remedy: Remedy | None = field(default=None, compare=False)
    wanted: str = field(default="", compare=False)
    place: Span = field(default=NOWHERE, compare=False)


def of_condition(condition: Condition) -> Iterator[PolicyFault]:
    """Literal values of another kind than the operator compares."""
    kind = condition.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    fits = next((fits for start, fits in _KINDS.items() if kind.startswith(start)), None)
    for value in condition.values:
        text = literal(value)
        if isinstance(value, Entries):
            what = f"The condition on '{condition.key}' compares with a map."
            yield PolicyFault("condition", what, value.span)
        elif fits is not None and text and "${" not in text and not fits(text):
            what = f"'{condition.operator}' on '{condition.key}' does not compare with '{text}'."
            yield PolicyFault("condition", what, value.span, LEGACY)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d+(\.\d+)?", text) is not None


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


_KINDS: dict[str, Callable[[str], bool]] = {
    "arn": lambda text: text.count(":") > 4 or "*" in text,
    "numeric": _is_number,
    "ipaddress": _is_network,
    "notipaddress": _is_network,
}


def of_arn(resource: str, span: Span) -> Iterator[PolicyFault]:
    """Faults of a literal resource that begins as an ARN does."""
    parts = resource.split(":", 5)
    what, refusal, wanted = "", "", ""
    if len(parts) < 3:
        what, refusal = "names no service", VENDOR
    elif parts[2] == "":
        what, refusal = "names no service", LEGACY
    elif len(parts) < 6 and is_refused(parts):
        what, refusal = f"has '{parts[4]}' where an ARN has the account", LEGACY
    elif any(wild in parts[2] for wild in "*?"):
        what, refusal = "names no service", VENDOR
    elif len(parts) == 6 and parts[2] == "s3" and "/" not in parts[5] and ":" not in parts[5]:
        place = next((i for i in (3, 4) if parts[i].strip("*?")), None)
        if place is not None:
            kind = "Region" if place == 3 else "account"
            what = f"names the {kind} '{parts[place]}', which the ARN of a bucket has not"
            wanted = ":".join((*parts[:3], "", "", parts[5]))
            refusal = (
                f"Resource {resource} can not contain region information."
                if place == 3
                else f"Resource {resource} cannot contain an account id."
            )
    if what:
        remedy = Remedy.WRITE if wanted else None
        message = f"The resource '{resource}' {what}."
        yield PolicyFault("resource", message, span, refusal, remedy=remedy, wanted=wanted)


def of_principal(named: Named) -> Iterator[PolicyFault]:
    """A principal of a trust policy that is none."""
    written = literal(named.value)
    if written is None or is_filled_in(written):
        return
    kind = {"*": "STAR", "Service": "SERVICE", "AWS": "AWS"}.get(named.kind, "")
    if named.kind == "*":
        what = "The trust policy names everyone by '*', which IAM takes as {AWS: '*'} alone."
        refusal = 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'
        yield PolicyFault("named", what, named.value.span, refusal)
    elif (named.kind == "Service" and not re.fullmatch(_SERVICE, written)) or (
        named.kind == "AWS" and not re.fullmatch(_ACCOUNT, written)
    ):
        yield PolicyFault(
            "named",
            f"The trust policy names '{written}', which is no "
            f"{'service' if named.kind == 'Service' else 'account, user or role'}.",
            named.value.span,
            f'Invalid principal in policy: "{kind}":"{written}"',
        )
