"""Container images: which registry an image comes from, as far as its name tells."""

from __future__ import annotations

import re

from ..model import Repository, Stack, Target
from ..symbolic import arns
from ..symbolic.patterns import regex
from ..symbolic.records import dataclass
from ..symbolic.strings import pieces
from ..symbolic.terms import Name
from ..symbolic.values import (
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    literal,
    shown_value,
    text_term,
    without_holes,
)

#: What stands between account and Region in a private ECR host (facts A8), here or as ``dkr.ecr``.
_SERVICES = frozenset({"ecr", "ecr-fips", "dkr-ecr", "dkr-ecr-fips"})
#: And behind the Region: the domains of all partitions, and of the dual-stack hosts.
_DOMAINS = frozenset(
    {
        "amazonaws.com",
        "amazonaws.com.cn",
        "on.aws",
        "on.amazonwebservices.com.cn",
        "amazonaws.eu",
        "c2s.ic.gov",
        "sc2s.sgov.gov",
        "cloud.adc-e.uk",
        "csp.hci.ic.gov",
    }
)
#: What stands in an image's place until a deployment fills it in: ``<IMAGE>``, ``IMAGE1_NAME``.
_FILLED_IN_LATER = regex(r"[<>{}$%]|(?:^|/)[0-9_.-]*[A-Z][A-Z0-9_.-]*(?:$|[:/@])")
_ACCOUNT, _REGION = regex(r"\d{12}"), regex(r"[a-z0-9-]+")


@dataclass(frozen=True)
class EcrImage:
    """An image in a private ECR repository. ``account`` and ``region`` are those of the registry,
    ``repository`` is its ARN."""

    account: Value
    region: Value
    name: Value
    repository: Value


@dataclass(frozen=True)
class OtherImage:
    """An image from anywhere else: no ECR permission is needed (facts A7)."""


#: The public parameter that holds the URI of an image in a private registry of AWS's own (ECS
#: firelens-using-fluentbit).
_FLUENT_BIT = "/aws/service/aws-for-fluent-bit/"


def registry_of(stack: Stack, image: Value) -> EcrImage | OtherImage | Unknown:
    """Where the image is pulled from; Unknown when its name does not tell."""
    # By identity, as ``Stack.role_of``: several rules ask about each image.
    known = stack.derived(_looked_up)
    if id(image) not in known:
        known[id(image)] = image, _registry_of(stack, image)
    return known[id(image)][1]


def _looked_up(_: Stack) -> dict[int, tuple[Value, EcrImage | OtherImage | Unknown]]:
    return {}


def _registry_of(stack: Stack, image: Value) -> EcrImage | OtherImage | Unknown:
    found = stack.find(Repository, image)
    if found is not None:
        return EcrImage(stack.target.account, stack.target.region, found.name, found.arn)
    wanted = expanded(image)
    if _FLUENT_BIT in shown_value(wanted):
        owner, router = Known("906394416424"), Known("aws-for-fluent-bit")
        place = Target(stack.target.partition, stack.target.region, owner)
        return EcrImage(owner, place.region, router, arns.repository(place, router))
    if not isinstance(wanted, (Known, Text)) or not shown_value(wanted):
        return wanted if isinstance(wanted, Unknown) else Unknown("the image is not known")
    host, *path = pieces.split(wanted, "/", 2)
    registry = _registry(host) if path and path[0] != Known("") else None
    if registry is None:
        # A hole before the first "/" may hold a registry's host, or all of the name.
        head = host if path else pieces.split(wanted, ":", 2)[0]
        return (
            Unknown("the image's registry is not known", text_term(wanted), span=wanted.span)
            if literal(head) is None
            else OtherImage()
        )
    account, region = registry
    name = pieces.split(pieces.split(path[0], "@", 2)[0], ":", 2)[0]
    target = Target(stack.target.partition, region, account)
    return EcrImage(account, region, name, arns.repository(target, name))


def _registry(host: Value) -> tuple[Value, Value] | None:
    """Account and Region of a private ECR host; None of any other."""
    account, *labels = pieces.split(host, ".", 4)
    if labels and literal(labels[0]) == "dkr":
        labels = list(pieces.split(host, ".", 5)[2:])
    if len(labels) != 3 or literal(labels[0]) not in _SERVICES:
        return None
    _, region, domain = labels
    if not _is_hole(domain) and literal(domain) not in _DOMAINS:
        return None
    # Nobody else's host has this form: a word in the place of either stands for one.
    return (
        _meant(account, _ACCOUNT, "account", Shape.ACCOUNT),
        _meant(region, _REGION, "Region", Shape.REGION),
    )


def _is_hole(value: Value) -> bool:
    return isinstance(value, Text) and len(value.parts) == 1


def _meant(written: Value, valid: re.Pattern[str], what: str, shape: Shape) -> Value:
    """The account or Region of a host as it is written, Unknown where that can be none."""
    if _is_hole(written) or valid.fullmatch(literal(written) or ""):
        return written
    shown = shown_value(written)
    return Unknown(f"'{shown}' stands for the {what}", Name(shown), Why.INPUT, shape, written.span)


#: A shell's variable: in a file of a task definition whatever deploys it fills it in, in
#: Terraform's code nobody does. A pseudo parameter without Fn::Sub.
_OF_A_SHELL = regex(r"(?<!\$)\$[A-Za-z_]\w*")
_NOT_SUBSTITUTED = regex(r"\$\{AWS::\w+\}")
UNFILLED = "holds a variable that nobody fills in"
#: Of a name that is one but for its letters.
CAPITALS = "has capital letters before its tag"


def misnamed(image: Value) -> str | None:
    """What is wrong with an image's name, as the end of a sentence; None where nothing surely is
    (Docker's reference grammar, API ContainerDefinition)."""
    wanted = expanded(image)
    parts = wanted.parts if isinstance(wanted, Text) else (shown_value(wanted),)
    if not isinstance(wanted, (Known, Text)) or not isinstance(parts[0], str):
        return None
    if parts[0].startswith(("http://", "https://")):
        return "begins with a scheme"
    if parts[0].startswith("arn:"):
        return "is an ARN"
    plain = without_holes(wanted)
    in_code = image.span.file.endswith((".tf", ".tf.json"))
    if (in_code and _OF_A_SHELL.search(plain)) or _NOT_SUBSTITUTED.search(plain):
        return UNFILLED
    if _FILLED_IN_LATER.search(plain):
        return None
    if any(character.isspace() for character in plain):
        return "holds a blank"
    host, slash, path = plain.partition("/")
    name = re.split("[:@]", path if slash and re.search("[.:]", host) else plain)[0]
    if name != name.lower():
        return CAPITALS
    return None


def hub_name_of_own(stack: Stack, image: Value) -> Repository | None:
    """The ECR repository of the stack that the image names without its registry, so that it is
    looked for in Docker Hub."""
    wanted = expanded(image)
    head = wanted.parts[0] if isinstance(wanted, Text) else wanted
    if isinstance(head, Reference) or ".dkr" in shown_value(wanted):
        return None
    found = stack.find(Repository, image)
    written = literal(image)
    if found is None and written:
        return stack.find(Repository, Known(re.split("[:@]", written)[0]))
    return found
