"""Who calls what: the role, a service in its own name, or a client without an identity."""

from __future__ import annotations

from typing import Union

from ..model import Principal, Protected, Role, Stack
from ..symbolic.records import dataclass
from ..symbolic.values import Value, shown_value


@dataclass(frozen=True)
class RoleCaller:
    """A session of ``role``, used as ``principal``: what the request's context holds hangs on
    that."""

    role: Role
    principal: Principal

    @property
    def title(self) -> str:
        """As a message names it."""
        return self.role.address


@dataclass(frozen=True)
class ServiceCaller:
    """A service in its own name: ``logs.eu-west-1.amazonaws.com``, which may have holes;
    ``aliases`` are others that it goes by."""

    name: Value
    aliases: tuple[Value, ...] = ()

    @property
    def title(self) -> str:
        """As a message names it."""
        return shown_value(self.name)


@dataclass(frozen=True)
class AnonymousCaller:
    """A client that signs nothing: one that mounts a file system without IAM."""

    title: str = "a client without an identity"


Caller = Union[RoleCaller, ServiceCaller, AnonymousCaller]


@dataclass(frozen=True)
class Call:
    """A request: by whom, for what, on what.

    ``resource`` is an ARN with holes; None for the role that a service assumes, which no statement
    of a trust policy names. ``owner`` is the stack's resource that it belongs to, if it is there.
    """

    stack: Stack
    caller: Caller
    action: str
    resource: Value | None
    owner: Protected | None = None

    @property
    def service(self) -> str:
        """The prefix of the action: ``secretsmanager``."""
        return self.action.partition(":")[0].lower()
