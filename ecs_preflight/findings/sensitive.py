"""Values that are not to be shown: of sensitive inputs and outputs, and from the environment.

They are taken out of what is said, not out of what is known: a policy is judged by them all the
same. What is said is text, so it is searched for them as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar

from ..model import ModuleCall
from ..symbolic import records
from ..symbolic.answers import Evidence
from ..symbolic.leaves import leaves
from ..symbolic.terms import Constant, Operation
from ..symbolic.values import Known, Text, Unknown, Value
from .finding import Finding, Fix, Met, NeedRecord, Undecided

SHOWN = "(sensitive)"
#: Shorter texts, and these, are no secrets but parts of any sentence.
LEAST = 4
#: The length of what Secrets Manager appends to a secret's name in its ARN.
SUFFIX = 7
_WORDS = frozenset({"true", "false", "null"})
_SAYING = (
    Finding,
    Met,
    Undecided,
    Evidence,
    NeedRecord,
    Fix,
    Known,
    Text,
    Unknown,
    ModuleCall,
    Constant,
    Operation,
)

Said = TypeVar("Said")


def secrets_in(values: Iterable[Value]) -> frozenset[str]:
    """The texts in the values, each also as JSON writes it, line by line, and in the pieces that
    an ARN is taken apart into."""
    written = {text for value in values for text in _texts(value)}
    written |= {piece for text in written for piece in _pieces(text)}
    forms = {
        form
        for text in written
        for form in (text, json.dumps(text)[1:-1], *text.splitlines())
        if len(form.strip()) >= LEAST and form not in _WORDS
    }
    return frozenset(forms)


def _texts(value: Value) -> Iterator[str]:
    for leaf in leaves(value):
        if isinstance(leaf, Known) and not isinstance(leaf.value, (bool, type(None))):
            yield str(leaf.value)


def _pieces(text: str) -> Iterator[str]:
    """Of an ARN: the account, and what names the resource, as a whole and by its last part, with
    and without what Secrets Manager has appended."""
    fields = text.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn":
        return
    resource = fields[5]
    name = resource[min(_behind(resource, ":"), _behind(resource, "/")) :] or resource
    for whole in (name, name.partition(":")[0]):
        last = whole.rpartition("/")[2]
        yield from (resource, whole, last)
        if len(last) > SUFFIX and last[-SUFFIX] == "-":
            yield from (whole[:-SUFFIX], last[:-SUFFIX])
    yield fields[4]


def _behind(resource: str, mark: str) -> int:
    """Where what follows the resource's type begins; the end where it has none."""
    return resource.find(mark) + 1 or len(resource)


def hidden(text: str, secrets: Collection[str]) -> str:
    """The text with each secret in it, the longest first, replaced by ``(sensitive)``."""
    for secret in sorted(secrets, key=lambda secret: (-len(secret), secret)):
        text = text.replace(secret, SHOWN)
    return text


def hide(said: Said, secrets: Collection[str]) -> Said:
    """An outcome, or a part of one, that shows no secret. Its owner and places are names of the
    code's own; a fix that would write a secret loses its edits, since none can be hidden there."""
    if not secrets:
        return said
    new: Any = said
    if isinstance(said, str):
        new = hidden(said, secrets)
    elif isinstance(said, tuple):
        new = tuple(hide(each, secrets) for each in said)
    elif isinstance(said, _SAYING):
        fields = {f.name: getattr(said, f.name) for f in records.fields(said) if f.init}
        changed = {name: hide(held, secrets) for name, held in fields.items() if name != "edits"}
        new = records.replace(
            said, **{name: held for name, held in changed.items() if held is not fields[name]}
        )
    if isinstance(new, Fix) and any(hidden(e.text, secrets) != e.text for e in new.edits):
        new = records.replace(new, edits=())
    return new  # type: ignore[no-any-return]
