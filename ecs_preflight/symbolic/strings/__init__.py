"""Texts with holes: what is certain of one, and whether two can be the same.

Whoever compares such texts does it here: patterns of policies, Terraform's and CloudFormation's
``==``, names of resources, exports, findings of two worlds.
"""

from .automaton import may_match, must_match
from .comparing import is_instance, may_equal, must_cover, parts_may_equal
from .holes import certain_prefix, certain_suffix, least_length, may_hold, parts_of
from .tokens import (
    Blank,
    Token,
    Tokens,
    Wild,
    blank,
    joined,
    literally,
    of_parts,
    tokens,
    with_wildcards,
)

__all__ = [
    "Blank",
    "Token",
    "Tokens",
    "Wild",
    "blank",
    "certain_prefix",
    "certain_suffix",
    "is_instance",
    "joined",
    "least_length",
    "literally",
    "may_equal",
    "may_hold",
    "may_match",
    "must_cover",
    "must_match",
    "of_parts",
    "parts_may_equal",
    "parts_of",
    "tokens",
    "with_wildcards",
]
