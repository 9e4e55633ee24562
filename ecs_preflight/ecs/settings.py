"""Settings that AWS refuses, as the rules about them share them: what a fault is, and how to ask
whether something is set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..findings.finding import Draft, Finding, Fix, Phase, Severity, Whose
from ..findings.rule import Rule
from ..model import Container, Resource, Several, TaskDefinition
from ..symbolic.answers import Yes, is_absent
from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.values import ABSENT, Entries, Items, Known, Unknown, Value, literal, shown_value

#: How AWS's messages begin that refuse a task definition, and a service.
CLIENT, PARAMETER = "ClientException: ", "InvalidParameterException: "
#: How long a number is read; no setting takes one that is longer.
MAX_DIGITS = 18
#: The environment variables whose keys AWS's SDKs take before any role's.
KEYS = ("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@dataclass(frozen=True)
class SettingFault:
    """A value that is refused: where, what is wrong as a sentence without its full stop, what AWS
    says (or ""), and what to do (``draft``: written where that is exact). ``together`` are the
    values that are at fault only with one another, ``whose`` the fault is where one value of an
    input brings it, ``cause`` what it has in common with others that one change mends."""

    span: Span
    what: str
    fails_with: str
    remedy: str
    severity: Severity = Severity.ERROR
    draft: Draft | None = None
    together: tuple[Value, ...] = ()
    whose: Whose = Whose.VALUE
    cause: str = ""


def reported(
    rule: Rule, owner: Resource, faults: Iterable[SettingFault], phase: Phase = Phase.DEPLOY
) -> Iterator[Finding]:
    """A finding for each fault."""
    for fault in faults:
        yield rule.finding(
            owner,
            f"{fault.what}.",
            span=fault.span,
            phase=phase,
            subject=fault.what,
            severity=fault.severity,
            fails_with=fault.fails_with,
            fix=Fix(fault.remedy, draft=fault.draft),
            together=fault.together,
            whose=fault.whose,
            cause=fault.cause,
        )


def setting(container: Container, path: str) -> Value:
    """What stands under ``linuxParameters.devices`` and the like in a container definition;
    Known(None) where nothing does."""
    value = container.raw
    for name in path.split("."):
        if not isinstance(value, Entries):
            return value if isinstance(value, Unknown) else ABSENT
        value = value.get_folded(name)
    return value


def is_given(value: Value) -> bool:
    """Is something certainly set there? Empty texts, lists and maps set nothing."""
    if isinstance(value, Items):
        return bool(value.items)
    if isinstance(value, Entries):
        return bool(value.entries)
    return not isinstance(value, Unknown) and value not in (ABSENT, Known(""))


def names_of(several: Several[Value]) -> frozenset[str] | None:
    """The names, where all of them are known."""
    names = [literal(value) for value in several]
    if several.remainder is not None or None in names:
        return None
    return frozenset(name for name in names if name is not None)


def title(container: Container) -> str:
    """The container, as a message begins with it."""
    return f"Container '{shown_value(container.name)}'"


def number(value: Value) -> int | None:
    """A whole number, written as such or as text."""
    text = literal(value)
    return int(text) if text is not None and text.isdecimal() and len(text) <= MAX_DIGITS else None


def network_mode(task: TaskDefinition) -> str | None:
    """The mode that the task gets: "bridge" where nothing is said; None where it is not known."""
    absent = isinstance(is_absent(task.network_mode), Yes) and not task.implicit
    return "bridge" if absent else literal(task.network_mode)
