"""Properties of ECS's resources that CloudFormation does not know for their small letters.

All that it knows begin with a capital, which counts, and it refuses all others (CloudFormation User
Guide, "Template reference"; the resource types' schemas allow no additional properties).
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.fixing.keys import rekeying
from ..findings.wording import quoted
from ..model import Language, Resource, Stack
from ..symbolic.source import NOWHERE
from ..symbolic.values import Entries, Items, Value
from .settings import SettingFault

#: Maps whose keys are the user's, or Docker's.
_FREE = frozenset({"DockerLabels", "DriverOpts", "HookDetails", "Labels", "Options"})


def of_names(stack: Stack, owner: Resource, body: Value) -> Iterator[SettingFault]:
    """Each such property of the resource ``owner``, whose properties ``body`` is; nothing where a
    macro may rewrite the template."""
    is_rewritten = any(gap.span == NOWHERE for gap in stack.unread)
    if stack.language is not Language.CLOUDFORMATION or is_rewritten:
        return
    for holder, path in _with_small_letters(body, "#"):
        names = [name for name, _ in holder.entries if _begins_small(name)]
        known = {name: name[0].upper() + name[1:] for name in names}
        are = "are properties" if len(names) > 1 else "is a property"
        yield SettingFault(
            holder.key_span(names[0]),
            f"{quoted(names)} of '{owner.address}' {are} that CloudFormation does not know: all "
            "begin with capitals",
            f"Properties validation failed for resource {owner.address.rpartition('.')[2]} with "
            f"message: [{path}: extraneous key [{names[0]}] is not permitted]",
            f"Write {quoted(known.values())}.",
            draft=None
            if any(name in holder for name in known.values())
            else rekeying([(holder.get(name), name, known[name]) for name in names]),
        )


def _with_small_letters(value: Value, path: str) -> Iterator[tuple[Entries, str]]:
    """What holds such names, and the way there as CloudFormation writes it."""
    if isinstance(value, Items):
        for index, item in enumerate(value.items):
            yield from _with_small_letters(item, f"{path}/{index}")
    elif isinstance(value, Entries):
        if any(_begins_small(name) for name, _ in value.entries):
            yield value, path
        for name, item in value.entries:
            if name not in _FREE and not _begins_small(name):
                yield from _with_small_letters(item, f"{path}/{name}")


def _begins_small(name: str) -> bool:
    return "a" <= name[:1] <= "z" and name.isascii() and name.isalnum()
