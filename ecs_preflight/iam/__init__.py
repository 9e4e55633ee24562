"""IAM's answers: may this role or service do that, who may assume it, what do its policies say."""

from __future__ import annotations

from . import actions, managed, match
from .call import AnonymousCaller, Call, Caller, RoleCaller, ServiceCaller
from .context import via_service
from .decision import authorize
from .document import Condition, Named, PolicyDocument, Principals, Statement, statements
from .fault import PolicyFault, Remedy
from .faults import INLINE_LIMIT, PolicyUse, faults, inline_size
from .grants import Grant, Grants, grants, of_log_group
from .resource_policies import document_allows, resource_allows
from .trust import assumable, everywhere, service_principals

__all__ = [
    "INLINE_LIMIT",
    "AnonymousCaller",
    "Call",
    "Caller",
    "Condition",
    "Grant",
    "Grants",
    "Named",
    "PolicyDocument",
    "PolicyFault",
    "PolicyUse",
    "Principals",
    "Remedy",
    "RoleCaller",
    "ServiceCaller",
    "Statement",
    "actions",
    "assumable",
    "authorize",
    "document_allows",
    "everywhere",
    "faults",
    "grants",
    "inline_size",
    "managed",
    "match",
    "of_log_group",
    "resource_allows",
    "service_principals",
    "statements",
    "via_service",
]
