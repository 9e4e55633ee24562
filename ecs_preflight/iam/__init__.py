"""IAM's answers: may this role do that, who may assume it, and what do its policies say."""

from __future__ import annotations

from . import actions, managed, match
from .context import FARGATE_LOGIN
from .decision import may
from .document import Condition, Document, Named, Principals, Statement, statements
from .trust import assumable, service_principals

__all__ = [
    "FARGATE_LOGIN", "Condition", "Document", "Named", "Principals", "Statement", "actions", "assumable",
    "managed", "match", "may", "service_principals", "statements",
]
