"""How messages and fixes write resources: as people would write them in a policy."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import (
    Bucket,
    DatabaseSecret,
    Language,
    LogGroup,
    Protected,
    Resource,
    Role,
    Stack,
    StoredSecret,
)
from ..model.naming import unit_of
from ..symbolic import arns
from ..symbolic.records import replace
from ..symbolic.terms import Term, is_path
from ..symbolic.values import Shape, Text, Unknown, Value, expanded, shown_value
from . import escape

_SUB = {
    arns.PARTITION.symbol: "${AWS::Partition}",
    arns.REGION.symbol: "${AWS::Region}",
    arns.ACCOUNT.symbol: "${AWS::AccountId}",
}
#: As pattern, without stars for the place.
_NOTHING = {arns.PARTITION.symbol: "aws", arns.REGION.symbol: "-", arns.ACCOUNT.symbol: "-"}


def pattern(value: Value) -> str:
    """The resource as a policy's pattern: ``arn:aws:ecr:*:*:repository/app``. What deployment
    decides is ``*`` (the partition ``aws``, a secret's suffix ``??????``), other holes keep their
    names."""
    return _written(value, {arns.PARTITION.symbol: "aws"})


def _written(value: Value, places: dict[Term | None, str]) -> str:
    wanted = expanded(value)
    if not isinstance(wanted, Text):
        return shown_value(wanted)
    return "".join(
        part if isinstance(part, str) else places.get(part.symbol) or _hole(part)
        for part in wanted.parts
    )


def _hole(part: Value) -> str:
    if isinstance(part, Unknown) and part.shape is Shape.SUFFIX:
        return "??????"
    if isinstance(part, Unknown) and (
        part.shape is not Shape.ANY or (part.symbol is not None and not is_path(part.symbol))
    ):
        return "*"
    return shown_value(part)


#: Stands for the ARN of what is in another unit.
_PLACEHOLDER = "<ARN of {}>"


def named(stack: Stack, value: Value) -> str:
    """The resource as a message names it: its pattern, or by its address where AWS will choose its
    name, since ``key/*`` would read as every key."""
    own = own_resource(stack, value)
    if own is None or not is_nameless(own):
        return pattern(value)
    tail = _behind(own, value)
    is_exact = isinstance(own, Bucket) and "${" not in tail
    return own.address + (tail if is_exact else tail_of(own, value))


def is_nameless(own: Protected | Role) -> bool:
    """Will AWS choose the name, so that its pattern covers all of its kind? (Of a secret, the end
    is always chosen.)"""
    whole = expanded(own.arn)
    if isinstance(whole, Text) and any(
        isinstance(part, Unknown) and part.shape is Shape.CHOSEN for part in whole.parts
    ):
        return True
    written = _written(own.arn, _NOTHING)
    return ":secret:*" in written if isinstance(own, StoredSecret) else "*" in written


def in_language_of(stack: Stack, resource: Resource) -> Stack:
    """The stack in the language that the resource is written in: what a task definition file names
    stands in Terraform or in a template."""
    if stack.language is not Language.TASK_FILE:
        return stack
    if resource.type.startswith("aws_"):
        return replace(stack, language=Language.TERRAFORM)
    if resource.type.startswith("AWS::"):
        return replace(stack, language=Language.CLOUDFORMATION)
    return stack


def in_code(stack: Stack, value: Value, beside: str) -> str:
    """The resource as one would write it, in the stack's own language, in the module or nested
    stack of the resource ``beside``: a reference to what stands there too, else its pattern. What
    AWS will name and another module holds is written by its address, since its pattern would be
    every key; for what another unit holds stands a placeholder."""
    there = _nameless_elsewhere(stack, value, beside)
    if there is not None:
        return f'"{_PLACEHOLDER.format(there.address)}"'
    own = own_resource(stack, value)
    home = home_of(stack, beside)
    if own is not None and home_of(stack, own.address) != home and not is_nameless(own):
        own = None
    if stack.language is Language.TERRAFORM:
        if own is None:
            return f'"{escape.hcl(pattern(value))}"'
        name = own.address.removeprefix(home) + arn_attribute(own)
        tail = tail_of(own, value)
        return f'"${{{name}}}{escape.hcl(tail)}"' if tail else name
    if own is None:
        where = escape.yaml(_written(value, _SUB))
        return f"!Sub '{where}'" if "${" in where else f"'{where}'"
    name = own.address.removeprefix(home) + arn_attribute(own)
    tail = "" if isinstance(own, LogGroup) else tail_of(own, value)
    if tail:
        return f"!Sub '${{{name}}}{escape.yaml(tail)}'"
    return f"!GetAtt {name}" if arn_attribute(own) else f"!Ref {name}"


def handing_over(stack: Stack, values: Iterable[Value], beside: str) -> str:
    """What has to be done first for the placeholders that ``in_code`` writes; empty where it writes
    none."""
    addresses = {
        there.address: None
        for value in values
        if (there := _nameless_elsewhere(stack, value, beside)) is not None
    }
    if not addresses:
        return ""
    how = "output" if stack.language is Language.TERRAFORM else "export"
    return f", with the ARN of {quoted(addresses)} as an {how} of that code hands it over"


def _nameless_elsewhere(stack: Stack, value: Value, beside: str) -> Protected | Role | None:
    """The resource of another unit than ``beside`` is of, where AWS will choose its name."""
    own = own_resource(stack, value)
    is_there = own is not None and unit_of(own.address) != unit_of(beside)
    return own if own is not None and is_there and is_nameless(own) else None


def arn_attribute(own: Protected | Role) -> str:
    """What follows the resource's address where its ARN is written; empty where ``Ref`` gives
    it."""
    is_terraform = own.type.startswith("aws_")
    if isinstance(own, DatabaseSecret):
        return (
            ".master_user_secret[0].secret_arn" if is_terraform else ".MasterUserSecret.SecretArn"
        )
    if is_terraform:
        return ".arn"
    return "" if isinstance(own, StoredSecret) else ".Arn"


def home_of(stack: Stack, address: str) -> str:
    """What the addresses of a module's or nested stack's resources, or of another unit's, begin
    with."""
    homes = (f"{call}." for call in stack.calls if address.startswith(f"{call}."))
    return max(homes, key=len, default=unit_of(address))


def own_resource(stack: Stack, value: Value) -> Protected | Role | None:
    """The stack's resource whose ARN, or part of which, the value is."""
    wanted = shown_value(expanded(value))
    known = stack.derived(_by_arn)
    found = [
        known[wanted[:end]]
        for end in stack.derived(_lengths)
        if wanted[end : end + 1] in ("", ":", "/") and wanted[:end] in known
    ]
    return min(found, key=lambda each: each[0])[1] if found else None


def _lengths(stack: Stack) -> set[int]:
    """How long the ARNs of resources are, as texts."""
    return set(map(len, stack.derived(_by_arn)))


def _by_arn(stack: Stack) -> dict[str, tuple[int, Protected | Role]]:
    """The resources with their order, by their ARNs as texts; of equal ones the first."""
    found: dict[str, tuple[int, Protected | Role]] = {}
    candidates: tuple[Protected | Role, ...] = (*stack.of(Protected), *stack.roles)
    for order, resource in enumerate(candidates):
        arn = shown_value(expanded(resource.arn))
        if arn:
            found.setdefault(arn, (order, resource))
    return found


def tail_of(own: Protected | Role, value: Value) -> str:
    """What ``value`` has behind the resource's ARN, as a pattern: ``:*``, ``/*`` or nothing."""
    remainder = _behind(own, value)
    return remainder[:1] + "*" if remainder else ""


def _behind(own: Protected | Role, value: Value) -> str:
    return shown_value(expanded(value))[len(shown_value(expanded(own.arn))) :]


def listed(names: Iterable[str]) -> str:
    """Several names in a sentence: ``a, b and c``."""
    *others, last = (*names,) or ("",)
    return f"{', '.join(others)} and {last}" if others else last


def quoted(names: Iterable[str]) -> str:
    """``'a', 'b' and 'c'``."""
    return listed(f"'{name}'" for name in names)
