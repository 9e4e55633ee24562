"""Actions by name: which exist, which resources each can be limited to, and which condition keys
its requests may carry. Generated data.

``tools/refresh_actions.py`` writes the data, for the services that the rules speak of. Of any other
service nothing is known. It serves to find misspelt actions, statements whose resources do not fit
their actions, and conditions on keys that no such request carries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable
from functools import cache, lru_cache
from pathlib import Path

from ..symbolic.alike import nearest
from ..symbolic.arns import PARTITION
from ..symbolic.budget import charge
from ..symbolic.globs import text_glob
from ..symbolic.patterns import regex
from ..symbolic.records import dataclass
from ..symbolic.values import Shape, Unknown, Value, join

_HOLE = regex(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class _Action:
    """``level`` is the first letter of its access level: List, Read, Write, Permissions management,
    Tagging."""

    name: str
    level: str
    formats: tuple[str, ...]
    keys: frozenset[str]


@dataclass(frozen=True)
class Unlisted:
    """An action that its service lacks; ``nearest`` is a similar one that exists, or None.
    ``is_call`` marks the name of an API call, which ``nearest`` allows, where it does what
    ``others`` say, these."""

    action: str
    nearest: str | None
    is_call: bool = False
    others: tuple[str, ...] = ()

    @property
    def allowing(self) -> tuple[str, ...]:
        """All actions that may have been meant."""
        return (*([self.nearest] if self.nearest else []), *self.others)


#: Calls of services' APIs that are authorized as actions of another name (Amazon S3 User Guide,
#: "using-with-s3-policy-actions", and the services' pages in the Service Authorization Reference),
#: or as several (DynamoDB Developer Guide, "transaction-apis-iam"; AWS KMS, "API_ReEncrypt").
_CALLS = {
    "bedrock:converse": ("bedrock:InvokeModel",),
    "bedrock:conversestream": ("bedrock:InvokeModelWithResponseStream",),
    "dynamodb:transactgetitems": ("dynamodb:GetItem",),
    "dynamodb:transactwriteitems": (
        *("dynamodb:PutItem", "dynamodb:UpdateItem"),
        *("dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"),
    ),
    "kms:reencrypt": ("kms:ReEncryptFrom", "kms:ReEncryptTo"),
    "lambda:invoke": ("lambda:InvokeFunction",),
    "lambda:invokewithresponsestream": ("lambda:InvokeFunction",),
    "s3:completemultipartupload": ("s3:PutObject",),
    "s3:copyobject": ("s3:GetObject", "s3:PutObject"),
    "s3:createmultipartupload": ("s3:PutObject",),
    "s3:deletebucketanalyticsconfiguration": ("s3:PutAnalyticsConfiguration",),
    "s3:deletebucketcors": ("s3:PutBucketCORS",),
    "s3:deletebucketencryption": ("s3:PutEncryptionConfiguration",),
    "s3:deletebucketinventoryconfiguration": ("s3:PutInventoryConfiguration",),
    "s3:deletebucketlifecycle": ("s3:PutLifecycleConfiguration",),
    "s3:deletebucketmetricsconfiguration": ("s3:PutMetricsConfiguration",),
    "s3:deletebucketownershipcontrols": ("s3:PutBucketOwnershipControls",),
    "s3:deletebucketreplication": ("s3:PutReplicationConfiguration",),
    "s3:deletebuckettagging": ("s3:PutBucketTagging",),
    "s3:deleteobjects": ("s3:DeleteObject",),
    "s3:deletepublicaccessblock": ("s3:PutBucketPublicAccessBlock",),
    "s3:getbucketaccelerateconfiguration": ("s3:GetAccelerateConfiguration",),
    "s3:getbucketanalyticsconfiguration": ("s3:GetAnalyticsConfiguration",),
    "s3:getbucketencryption": ("s3:GetEncryptionConfiguration",),
    "s3:getbucketinventoryconfiguration": ("s3:GetInventoryConfiguration",),
    "s3:getbucketlifecycle": ("s3:GetLifecycleConfiguration",),
    "s3:getbucketlifecycleconfiguration": ("s3:GetLifecycleConfiguration",),
    "s3:getbucketmetricsconfiguration": ("s3:GetMetricsConfiguration",),
    "s3:getbucketnotificationconfiguration": ("s3:GetBucketNotification",),
    "s3:getbucketreplication": ("s3:GetReplicationConfiguration",),
    "s3:getobjectlockconfiguration": ("s3:GetBucketObjectLockConfiguration",),
    "s3:getpublicaccessblock": ("s3:GetBucketPublicAccessBlock",),
    "s3:headbucket": ("s3:ListBucket",),
    "s3:headobject": ("s3:GetObject",),
    "s3:listbuckets": ("s3:ListAllMyBuckets",),
    "s3:listmultipartuploads": ("s3:ListBucketMultipartUploads",),
    "s3:listobjects": ("s3:ListBucket",),
    "s3:listobjectsv2": ("s3:ListBucket",),
    "s3:listobjectversions": ("s3:ListBucketVersions",),
    "s3:listparts": ("s3:ListMultipartUploadParts",),
    "s3:putbucketaccelerateconfiguration": ("s3:PutAccelerateConfiguration",),
    "s3:putbucketanalyticsconfiguration": ("s3:PutAnalyticsConfiguration",),
    "s3:putbucketencryption": ("s3:PutEncryptionConfiguration",),
    "s3:putbucketinventoryconfiguration": ("s3:PutInventoryConfiguration",),
    "s3:putbucketlifecycle": ("s3:PutLifecycleConfiguration",),
    "s3:putbucketlifecycleconfiguration": ("s3:PutLifecycleConfiguration",),
    "s3:putbucketmetricsconfiguration": ("s3:PutMetricsConfiguration",),
    "s3:putbucketnotificationconfiguration": ("s3:PutBucketNotification",),
    "s3:putbucketreplication": ("s3:PutReplicationConfiguration",),
    "s3:putobjectlockconfiguration": ("s3:PutBucketObjectLockConfiguration",),
    "s3:putpublicaccessblock": ("s3:PutBucketPublicAccessBlock",),
    "s3:selectobjectcontent": ("s3:GetObject",),
    "s3:uploadpart": ("s3:PutObject",),
    "s3:uploadpartcopy": ("s3:GetObject", "s3:PutObject"),
    "sns:publishbatch": ("sns:Publish",),
    "sqs:changemessagevisibilitybatch": ("sqs:ChangeMessageVisibility",),
    "sqs:deletemessagebatch": ("sqs:DeleteMessage",),
    "sqs:sendmessagebatch": ("sqs:SendMessage",),
}
#: The longest name of a service that one is looked for.
_LONGEST = 40
#: The least part of a name by which it is known.
_LEAST = 6
_READS = regex(r"(batch)?(get|list|describe|head|read|query|scan|search|view)")


def unknown_action(action: str) -> Unlisted | None:
    """None when the action exists, has a wildcard, or is of a service that is not in the data,
    unless one in it is called nearly so. What reads is never told to be what writes. Raises
    OverBudget."""
    service, _, name = action.partition(":")
    known = _service(service.lower())
    if known is None:
        return _of_another_service(service, name)
    if not name or "*" in name or "?" in name or name.lower() in known:
        return None
    call = _CALLS.get(action.lower())
    if call is not None:
        return Unlisted(action, call[0], True, call[1:])
    charge(len(known) // 4)
    reads = _READS.match(name.lower()) is not None
    written = name.lower()
    fit = [other for other, entry in known.items() if entry.level in "LR" or not reads]
    alike = [other for other in fit if other[0] == written[0]]
    close = nearest(written, alike, 0.8) or _whole(written, fit) or _put(written, known)
    return Unlisted(action, f"{service.lower()}:{known[close].name}" if close else None)


def _of_another_service(service: str, name: str) -> Unlisted | None:
    """An action of a service that is not in the data, where one of nearly that name has the very
    action: ``secretmanager:GetSecretValue``."""
    charge(1)
    meant = _meant(service.lower())
    entry = (_service(meant) or {}).get(name.lower()) if meant else None
    return None if entry is None else Unlisted(f"{service}:{name}", f"{meant}:{entry.name}")


@lru_cache(maxsize=512)
def _meant(service: str) -> str | None:
    """The service in the data that is called nearly so. Kept, as managed policies name hundreds
    that are not in it."""
    from difflib import get_close_matches  # where it is used: most code names what there is

    close = get_close_matches(service, _lines(), 1, 0.85) if len(service) <= _LONGEST else []
    return close[0] if close else None


def _whole(part: str, names: Iterable[str]) -> str | None:
    """The one name of which that is the beginning or the end: ``GetSecret``, ``HttpGet``."""
    if len(part) < _LEAST:
        return None
    found = [name for name in names if name.startswith(part) or name.endswith(part)]
    return found[0] if len(found) == 1 else None


def _put(name: str, known: Container[str]) -> str | None:
    """The action that makes what another one deletes: ``PutRule`` for ``CreateRule``."""
    noun = name.removeprefix("create")
    made = f"put{noun}"
    return made if noun != name and made in known and f"delete{noun}" in known else None


def takes_resource(action: str) -> bool | None:
    """Can the action be limited to resources (facts J1)? None for an action that is not listed."""
    found = _entry(action)
    return None if found is None else bool(found.formats)


def may_carry(action: str, key: str) -> bool | None:
    """May a request for the action have that condition key of a service? None for an action that is
    not listed.

    Of the global keys, those on tags alone are given for each action; on the tags of the resource
    only what has no resource is certain to lack them.
    """
    found = _entry(action)
    if found is None:
        return None
    service, _, name = key.lower().partition(":")
    name = re.split("[/:]", name)[0]
    if f"{service}:{name}" in found.keys:
        return True
    if service == "aws":
        return not (
            name in ("requesttag", "tagkeys") or (name == "resourcetag" and not found.formats)
        )
    return False


def formats(action: str) -> tuple[Value, ...] | None:
    """The ARNs that the action can be limited to, with holes; None when it is not listed."""
    found = _entry(action)
    if found is None:
        return None
    listed = (each for written in found.formats for each in (written, *_ALSO.get(written, ())))
    return tuple(_format(written) for written in listed)


def alike(action: str, other: str) -> bool:
    """Can both be limited to resources, and to the same kinds? False where one is not listed."""
    found, beside = _entry(action), _entry(other)
    return (
        found is not None
        and beside is not None
        and bool(found.formats)
        and (found.formats == beside.formats)
    )


def _entry(action: str) -> _Action | None:
    service, _, name = action.lower().partition(":")
    return (_service(service) or {}).get(name)


@cache
def _service(service: str) -> dict[str, _Action] | None:
    """The service's actions by their names in small letters; None for one that is not listed."""
    written = _lines().get(service)
    if written is None:
        return None
    row = json.loads(written)
    return {
        name.lower(): _Action(
            name,
            level,
            tuple(row["formats"][index] for index in formats),
            frozenset(row["keys"][index] for index in keys),
        )
        for name, (level, formats, keys) in row["actions"].items()
    }


@lru_cache(maxsize=1)
def _lines() -> dict[str, str]:
    """Each service's line of the data: few of them are asked for."""
    text = (Path(__file__).with_name("data") / "actions.json").read_text("utf-8")
    rows = (line.partition(": ") for line in text.splitlines() if line.startswith('"'))
    return {name.strip('"'): row.rstrip(",") for name, _, row in rows}


def _hole(name: str) -> Unknown:
    """What may stand for one part of a format. Where the real shape is narrower than any text it
    matters: it tells a bucket from its objects, a log group from its streams, a key from an
    alias."""
    shape = {
        "LogGroupName": Shape.WORD,
        "BucketName": Shape.SEGMENT,
        "KeyId": Shape.SEGMENT,
        "ClusterName": Shape.SEGMENT,
    }.get(name, Shape.ANY)
    return Unknown(f"'{name}' may be any", shape=shape)


_PARTS: dict[str, tuple[Value | str, ...]] = {
    "Partition": (PARTITION,),
    # A resource may stand in another place than what uses it.
    "Region": (Unknown("any Region", shape=Shape.REGION),),
    # ``aws`` is the account of AWS's own policies, ``amazon`` that of its images.
    "Account": (Unknown("any account", shape=Shape.SEGMENT),),
    # A secret's ARN ends with six characters of Secrets Manager's choice (facts C4).
    "SecretId": (_hole("name"), "-", Unknown("Secrets Manager appends it", shape=Shape.SUFFIX)),
    # The name's own leading slash is the one after "parameter" (facts C6).
    "ParameterNameWithoutLeadingSlash": (Unknown("any name", shape=Shape.SEGMENT), _hole("name")),
}


#: Formats that the reference leaves out: AWS's public parameters and documents are of no account
#: (Systems Manager User Guide, "parameter-store-public-parameters", "auth-and-access-control"), and
#: a multi-Region access point is of no Region (S3 User Guide, "MultiRegionAccessPointPermissions").
_ALSO = {
    **{
        f"arn:${{Partition}}:s3:${{Region}}:${{Account}}:accesspoint/{name}": (
            f"arn:${{Partition}}:s3::${{Account}}:accesspoint/{name}",
        )
        for name in ("${AccessPointName}", "${AccessPointName}/object/${ObjectName}")
    },
    "arn:${Partition}:ssm:${Region}:${Account}:parameter/${ParameterNameWithoutLeadingSlash}": (
        "arn:${Partition}:ssm:${Region}::parameter/aws/${ParameterNameWithoutLeadingSlash}",
    ),
    **{
        f"arn:${{Partition}}:ssm:${{Region}}:${{Account}}:{kind}": (
            f"arn:${{Partition}}:ssm:${{Region}}::{kind}",
        )
        for kind in (
            "document/${DocumentName}",
            "automation-definition/${AutomationDefinitionName}:${VersionId}",
        )
    },
}


@lru_cache(maxsize=1024)
def _format(written: str) -> Value:
    parts: list[Value | str] = []
    end = 0
    for hole in _HOLE.finditer(written):
        parts += [written[end : hole.start()], *_PARTS.get(hole.group(1), (_hole(hole.group(1)),))]
        end = hole.end()
    return join(*parts, written[end:])


@lru_cache(maxsize=4096)
def matching(pattern: str) -> tuple[str, ...] | None:
    """The listed actions that a pattern covers; None when its service is not listed."""
    service, _, name = pattern.lower().partition(":")
    known = _service(service)
    if known is None:
        return None
    glob = text_glob(name.replace("[", "[[]"))
    return tuple(f"{service}:{found.name}" for lower, found in known.items() if glob.matches(lower))
