"""Where a provider configuration deploys to: its partition, Region and account.

Source: the AWS provider's documentation, "Provider Configuration" and "Enhanced Region Support".
"""

from __future__ import annotations

from collections.abc import Callable

from ...model import Target
from ...symbolic import terms
from ...symbolic.arns import ACCOUNT, ANY_TARGET, PARTITION, REGION
from ...symbolic.patterns import regex
from ...symbolic.records import replace
from ...symbolic.values import Entries, Items, Known, Shape, Unknown, Value, Why, literal
from ..syntax.nodes import Block, Expression, GetAttr, Identifier, IndexAccess, Literal, Object

_PARTITIONS = (
    (regex(r"(us|eu|ap|sa|ca|me|af|il|mx)-(?!gov-|iso)[a-z]+-\d"), "aws"),
    (regex(r"cn-[a-z]+-\d"), "aws-cn"),
    (regex(r"us-gov-[a-z]+-\d"), "aws-us-gov"),
)
_ACCOUNT = regex(r"\d{12}")
_ROLE = regex(r"arn:[\w-]+:iam::(\d{12}):role/")
#: Arguments by which an aliased configuration may act in another account than the default one.
_OTHER_ACCOUNT = (
    "assume_role",
    "assume_role_with_web_identity",
    "profile",
    "access_key",
    "shared_credentials_files",
    "shared_config_files",
)


def target(block: Block, key: str, evaluate: Callable[[Expression], Value]) -> Target:
    """The place of the ``provider`` block that resources name by ``key``: ``aws``, ``aws.west``."""
    region = block.body.attribute("region")
    where = in_region(
        Target(PARTITION, REGION, ACCOUNT), evaluate(region.value) if region else REGION
    )
    return replace(where, account=_account(block, key, evaluate))


def default_tags(block: Block, evaluate: Callable[[Expression], Value]) -> Value:
    """The tags that what the configuration makes is given; null without any."""
    for inner in block.body.of("default_tags"):
        tags = inner.body.attribute("tags")
        return Known(None, inner.span) if tags is None else evaluate(tags.value)
    if block.body.of("dynamic"):
        return Unknown("the provider's blocks are computed", why=Why.FUNCTION, span=block.span)
    if block.body.of("ignore_tags"):
        return Unknown("others may tag it", why=Why.OUTSIDE, span=block.span)
    return Known(None, block.span)


def all_tags(defaults: Value, own: Value) -> Value:
    """``tags_all``: a resource's own tags go before the provider's."""
    mine = Entries((), span=own.span) if own == Known(None) else own
    if defaults == Known(None) or not isinstance(mine, Entries) or mine.remainder is not None:
        return own
    if not isinstance(defaults, Entries):
        doubt = defaults if isinstance(defaults, Unknown) else Unknown("'tags' is no map")
        return replace(mine, remainder=doubt)
    more = tuple(entry for entry in defaults.entries if entry[0] not in mine)
    return replace(mine, entries=(*more, *mine.entries), remainder=defaults.remainder)


def in_region(where: Target, region: Value) -> Target:
    """The same account in another Region, whose name says the partition too."""
    if region == Known(None):
        return where
    if isinstance(region, Unknown):
        return replace(where, region=replace(region, shape=Shape.REGION))
    name = literal(region) or ""
    partition = next((p for pattern, p in _PARTITIONS if pattern.fullmatch(name)), None)
    return replace(
        where, region=region, partition=Known(partition) if partition else where.partition
    )


def settled(where: Target, known: Target) -> Target:
    """A place with what the code leaves open filled in from where it is known to be deployed."""
    return Target(
        known.partition if where.partition == PARTITION else where.partition,
        known.region if where.region == REGION else where.region,
        known.account if where.account == ACCOUNT else where.account,
    )


def in_account(where: Target, account: str | None) -> Target:
    """The place in that account, where the code names none."""
    return where if account is None else settled(where, replace(ANY_TARGET, account=Known(account)))


def _account(block: Block, key: str, evaluate: Callable[[Expression], Value]) -> Value:
    allowed = block.body.attribute("allowed_account_ids")
    ids = evaluate(allowed.value) if allowed else None
    if (
        isinstance(ids, Items)
        and len(ids.items) == 1
        and ids.remainder is None
        and _ACCOUNT.fullmatch(literal(ids.items[0]) or "")
    ):
        return ids.items[0]
    assumed = _account_of_role(block, evaluate)
    if assumed is not None:
        return assumed
    arguments = {a.name for a in block.body.attributes} | {b.type for b in block.body.blocks}
    if "." in key and arguments.intersection(_OTHER_ACCOUNT):
        return Unknown(
            f"the account is that of the provider '{key}'",
            terms.Operation("account", (terms.Name(key),)),
            Why.APPLY,
            Shape.ACCOUNT,
        )
    return ACCOUNT


def _account_of_role(block: Block, evaluate: Callable[[Expression], Value]) -> Value | None:
    """The account of the role that the provider works under, where its ARN says it: the last of
    several that are assumed one after the other."""
    roles = [
        evaluate(role.value)
        for inner in block.body.blocks
        if inner.type in ("assume_role", "assume_role_with_web_identity")
        and (role := inner.body.attribute("role_arn")) is not None
    ]
    found = _ROLE.match(literal(roles[-1]) or "") if roles else None
    return Known(found[1]) if found else None


def configuration_key(expression: Expression) -> str | None:
    """``aws`` or ``aws.west`` as a ``provider`` argument names it; None when it is computed."""
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        return expression.value
    if isinstance(expression, Identifier):
        return expression.name
    if isinstance(expression, GetAttr) and isinstance(expression.object, Identifier):
        return f"{expression.object.name}.{expression.name}"
    return None


def passed(expression: Expression, key: str) -> Expression | None:
    """What a module call's ``providers`` argument passes as ``key``."""
    if isinstance(expression, Object):
        for item in expression.items:
            if configuration_key(item.key) == key:
                return item.value
    return None


def traversal(expression: Expression) -> str | None:
    """``aws_iam_role.exec``, ``module.api`` as ``depends_on`` names them; None for all else."""
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        return expression.value
    if isinstance(expression, Identifier):
        return expression.name
    if isinstance(expression, GetAttr):
        inner = traversal(expression.object)
        return f"{inner}.{expression.name}" if inner else None
    if isinstance(expression, IndexAccess):
        return traversal(expression.object)
    return None
