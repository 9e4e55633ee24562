"""IAM's answers: may this role or service do that, who may assume it, what do its policies say."""

from __future__ import annotations

from . import actions, managed, match
from .context import FARGATE_LOGIN, via_service
from .decision import may
from .document import Condition, Document, Named, Principals, Statement, statements
from .faults import INLINE_LIMIT, Fault, PolicyUse, faults, inline_size
from .grants import Grant, Grants, grants
from .services import may_use
from .trust import assumable, service_principals

__all__ = [
    "FARGATE_LOGIN",
    "INLINE_LIMIT",
    "Condition",
    "Document",
    "Fault",
    "Grant",
    "Grants",
    "Named",
    "PolicyUse",
    "Principals",
    "Statement",
    "actions",
    "assumable",
    "faults",
    "grants",
    "inline_size",
    "managed",
    "match",
    "may",
    "may_use",
    "service_principals",
    "statements",
    "via_service",
]
