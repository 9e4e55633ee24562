"""What a row of the table of resource types says of a kind of resource."""

from __future__ import annotations

from ..symbolic.records import dataclass
from ..symbolic.values import Value, join
from .identities import Identity, reference
from .reading import Reader
from .units import Declared

#: The name under which ``attributes`` has what CloudFormation's ``Ref`` returns.
REF = "Ref"


@dataclass(frozen=True)
class ResourceType:
    """One kind of resource: ``names`` are its types in either language, as the hosts know them
    (``data.`` before a Terraform data source), ``read`` its reader, if the model has it.

    ``arn`` and ``name`` list the attributes that return the ARN and the name that ``identity``
    gives it; ``arn_suffix`` is what an attribute appends to the ARN.
    """

    names: tuple[str, ...]
    read: Reader | None = None
    identity: Identity | None = None
    arn: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    arn_suffix: str = ""

    @property
    def is_cloudformation(self) -> bool:
        """Is the row CloudFormation's? (Names of its types hold ``::``.)"""
        return "::" in self.names[0]


def terraform(
    names: str,
    read: Reader | None = None,
    identity: Identity | None = None,
    *,
    arn: str = "arn",
    name: str = "name",
) -> ResourceType:
    """Types of Terraform's AWS provider; words in a string are several names."""
    if identity is None:
        arn = name = ""
    return ResourceType(
        tuple(names.split()), read, identity, tuple(arn.split()), tuple(name.split())
    )


def cloudformation(
    names: str,
    read: Reader | None = None,
    identity: Identity | None = None,
    *,
    arn: str = "Arn",
    name: str = REF,
    arn_suffix: str = "",
) -> ResourceType:
    """Types of CloudFormation and SAM, likewise."""
    if identity is None:
        arn = name = ""
    return ResourceType(
        tuple(names.split()), read, identity, tuple(arn.split()), tuple(name.split()), arn_suffix
    )


def identity_attribute(row: ResourceType | None, declared: Declared, name: str) -> Value | None:
    """The attribute ``name``, where it is the resource's ARN or name; else None."""
    if row is None or row.identity is None:
        return None
    if name in row.arn:
        arn = row.identity.arn_of(declared)
        return reference(declared, name, join(arn, row.arn_suffix) if row.arn_suffix else arn)
    if name in row.name:
        return reference(declared, name, row.identity.name_of(declared))
    return None
