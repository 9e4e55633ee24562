"""When two outcomes are the same one: within a world, across worlds, calls of a module, and runs.

An outcome is about a ``subject`` of an ``owner``, at a place. What changes from world to world and
from run to run is left out of the comparison: the index that a resource has where its ``count`` is
known, what a hole in a text becomes, the line.
"""

from __future__ import annotations

import hashlib
import posixpath
import re

from ..model import Resource
from ..symbolic.budget import OverBudget
from ..symbolic.patterns import regex
from ..symbolic.strings import is_instance
from ..symbolic.values import Known, Text, Value, expanded, join, shown_value
from .finding import AnyOutcome, Finding, Met, Outcome, Undecided
from .sources import MODULE_ENDINGS

#: (rule, owner, subject): what an outcome is about, in whatever world.
Key = tuple[str, str, str]

_INDEX = regex(r"\[[^\]]*\]?")
_INSTANCE = regex(r"\[[^\[\]]*\]$")
_STATEMENT = regex(r"\b(statement) \d+", re.I)


def key(outcome: Outcome) -> Key:
    """What the outcome is about."""
    return key_of(outcome.rule, outcome.owner, outcome.subject)


def key_of(rule: str, owner: Resource, subject: Value | str) -> Key:
    """The key that the outcome on a need will have."""
    written = subject if isinstance(subject, str) else shown_value(subject)
    return rule, owner.address, written


def without_index(about: Key) -> Key:
    """The key without the index of its owner."""
    rule, owner, subject = about
    return rule, _INDEX.sub("", owner), subject


def occurrence(outcome: Outcome) -> tuple[object, ...]:
    """Within a world, two findings of one key are two faults when they stand at two places or are
    of two roles."""
    return (*of_role(outcome), outcome.span)


def of_role(outcome: Outcome) -> tuple[str, ...]:
    """What the outcome is about and the role that it is about, wherever in the code it is told."""
    return (*key(outcome), outcome.need.role if outcome.need else "")


def site(outcome: Outcome) -> tuple[object, ...]:
    """What a fault keeps from world to world: in one that decides a ``count`` or ``for_each``, the
    resource has an index that it lacks elsewhere, and a conditional's side stands in its own
    column."""
    owner = _INDEX.sub("", outcome.owner.address)
    return outcome.rule, owner, outcome.span.file, outcome.span.line


def place(outcome: Outcome) -> tuple[object, ...]:
    """The site, down to the column."""
    return (*site(outcome), outcome.span.column)


def is_same_subject(one: Value, other: Value) -> bool:
    """Are these of one site the same, seen in two worlds? What one world knows may be a hole in
    the other's text. Not as far as there is no budget left to compare them: both are told then."""
    one, other = _without_index(one), _without_index(other)
    try:
        return is_instance(one, other) or is_instance(other, one)
    except OverBudget:
        return False


def _without_index(value: Value) -> Value:
    value = expanded(value)
    parts = value.parts if isinstance(value, Text) else (value,)
    return join(
        *(
            _INDEX.sub("", part if isinstance(part, str) else shown_value(part))
            if isinstance(part, (str, Known))
            else part
            for part in parts
        )
    )


def role_site(outcome: Outcome) -> object:
    """Where a need is repeated that ``repeats`` another: None where there is no need."""
    need = outcome.need
    return need and (outcome.rule, outcome.owner.address, outcome.span, need.principal, need.role)


def repeats(outcome: AnyOutcome, other: AnyOutcome) -> bool:
    """Does the outcome say no more than the other one of its role and site, of a world that knows
    less of the resource's name? ``secret:prod/db`` is no need besides ``secret:${var.env}/db`` of
    the same line, unless its verdict is graver."""
    need, general = outcome.need, other.need
    if need is None or general is None or need.resource == general.resource:
        return False
    if isinstance(outcome, Finding):
        if not isinstance(other, Finding) or need.actions != general.actions:
            return False
    elif isinstance(outcome, Undecided) and isinstance(other, Met):
        return False
    return is_instance(need.resource, general.resource)


def fault_of_module(finding: Finding) -> tuple[object, ...]:
    """What a finding keeps from call to call of the module that it stands in."""
    _, owner, subject = key(finding)
    prefix = _module(finding)
    about = _unnumbered(subject.replace(prefix, ""))
    return finding.rule, finding.span, about, owner.removeprefix(prefix)


def block_of(address: str) -> str:
    """The address of the block that makes the resource, among several or alone."""
    return _INSTANCE.sub("", address)


def fault_of_block(finding: Finding) -> tuple[object, ...]:
    """What a finding keeps from instance to instance of the block that it stands in (a ``count``, a
    ``Fn::ForEach``), and from call to call of its module: all but what these are called."""
    address, prefix = finding.owner.address, _module(finding)
    message = finding.message.replace(address, "").replace(block_of(address), "")
    shared = _unnumbered(message.replace(prefix, ""))
    return finding.rule, finding.severity, finding.when, finding.span, finding.owner.span, shared


def _unnumbered(text: str) -> str:
    """The text without the numbers of statements, before which one instance has more than another:
    the place tells them apart."""
    return _STATEMENT.sub(r"\1", text)


def _module(finding: Finding) -> str:
    """How the addresses of the module that the finding stands in begin: "" in the root."""
    return f"{finding.callers[-1].address}." if finding.callers else ""


def one_change(finding: Finding) -> tuple[str, str] | None:
    """What findings share that one change mends: their cause and their root; None where the finding
    has no cause that others could have."""
    if not finding.cause:
        return None
    root = finding.callers[0].span.file if finding.callers else finding.owner.span.file
    return finding.cause, _home(root)


def fingerprint(outcome: Outcome) -> str:
    """Of the key, and the template or the directory of a Terraform module in which the owner's name
    is unique: the same after lines have moved, be it to another file of the module."""
    whole = "\0".join((*key(outcome), _home(outcome.owner.span.file)))
    return hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:32]


def _home(file: str) -> str:
    return posixpath.dirname(file) if file.endswith(MODULE_ENDINGS) else file
