"""What a rule says: findings, needs that are met, and what could not be decided."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Union

from ..model import Language, ModuleCall, Principal, Resource, Stack
from ..symbolic.answers import Evidence
from ..symbolic.records import dataclass, field
from ..symbolic.source import Span
from ..symbolic.terms import Term
from ..symbolic.values import Unknown, Value
from .sources import Sources
from .wording import listed

#: The base address of the rules' pages; every link is made of it.
DOCUMENTATION = "https://ecs-preflight.readthedocs.io/en/latest/rules"


def page_of(rule: str) -> str:
    """The address of a rule's page."""
    return f"{DOCUMENTATION}/{rule}/"


class Severity(Enum):
    """error: a deployment, start, launch or exec fails for certain. warning: a risk, or a failure
    that depends on something out of sight. note: advice, off unless asked for."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


class Phase(Enum):
    """When the fault shows: when the code is deployed, the task started, run, or reached with
    Exec."""

    DEPLOY = "deploy"
    START = "start"
    RUN = "run"
    EXEC = "exec"


class Applicability(Enum):
    """safe: restores what was plainly meant. unsafe: adds a grant, or changes what the code does
    otherwise."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True)
class Edit:
    """``text`` in place of what stands at ``span`` (an empty stretch: in front of it)."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """What to do, in a sentence; and a snippet to write, in the file's own language (or "").

    ``edits`` are the very changes to the source, none where the remedy cannot be written exactly.
    ``draft`` makes the fix with its edits out of this one, once the sources are at hand
    (``findings.fixing``), and is used up by that."""

    summary: str
    snippet: str = ""
    edits: tuple[Edit, ...] = ()
    applicability: Applicability = Applicability.UNSAFE
    draft: Draft | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        stack: Stack,
        summary: str,
        terraform: str = "",
        cloudformation: str = "",
        json: str = "",
        draft: Draft | None = None,
    ) -> Fix:
        """The fix with the snippet of the stack's language."""
        snippets = {
            Language.TERRAFORM: terraform,
            Language.CLOUDFORMATION: cloudformation,
            Language.TASK_FILE: json,
        }
        return cls(summary, snippets.get(stack.language, ""), draft=draft)

    @property
    def line(self) -> str:
        """What to do in one line, for readers who are shown no more."""
        if not self.summary.endswith(":"):
            return self.summary
        written = " ".join(self.snippet.split())
        most = 160
        cut = written if len(written) <= most else written[:most].rsplit(" ", 1)[0] + " ..."
        return f"{self.summary} {cut}"


#: The fix with its edits, or None where none can be written exactly.
Draft = Callable[[Fix, Sources], Union[Fix, None]]


@dataclass(frozen=True)
class NeedRecord:
    """The need behind an outcome, as reports show it: the resource that the actions are needed on,
    and how messages name it and the role."""

    principal: Principal
    role: str
    actions: tuple[str, ...]
    resource: Value
    on: str


@dataclass(frozen=True)
class Suppression:
    """Who silenced a finding ("comment", "checkov", "cfn-lint", "config", "baseline"), why,
    where."""

    by: str
    reason: str
    span: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What all outcomes share. ``subject`` tells apart what one rule says of one owner (a secret's
    name, a setting), stable against moved lines. ``sets`` are the files of inputs with which it is
    so; none where it is so with all of them, or there is none."""

    rule: str
    owner: Resource
    subject: Value
    span: Span
    need: NeedRecord | None = None
    sets: tuple[str, ...] = ()


class Whose(Enum):
    """Whose a fault is that shows where an input has one value, and not where it has another."""

    CODE = "the code's, which does not go with what the value calls for"
    VALUE = "the caller's, where the value at the fault's place is the very one that he passes"
    CALLER = "the caller's: what is not there may be there by his other choice"


@dataclass(frozen=True, kw_only=True)
class Finding(Outcome):
    """A fault. ``when`` names the input values it takes, None when it shows by default; ``cause``
    groups findings that one change mends; ``inputs`` are those whose values are at fault only with
    one another, ``whose`` the fault is where a choice of an input brings it. ``listed`` is the list
    that what it is about stands in, where a comment may speak of all that is listed."""

    name: str
    severity: Severity
    phase: Phase
    message: str
    related: tuple[Evidence, ...] = ()
    fails_with: str = ""
    fix: Fix | None = None
    when: str | None = None
    callers: tuple[ModuleCall, ...] = ()
    suppressed: Suppression | None = None
    cause: str = ""
    inputs: frozenset[Term] = field(default=frozenset(), compare=False)
    listed: Span | None = field(default=None, compare=False)
    whose: Whose = field(default=Whose.CODE, compare=False)

    @property
    def help(self) -> str:
        """The address of the rule's page."""
        return page_of(self.rule)

    @property
    def circumstances(self) -> str:
        """When it shows: ``when IsProd is false, with env/prod.tfvars``; "" where it does by
        default and with whatever file of inputs."""
        when = f"when {self.when}" if self.when else ""
        inputs = f"with {listed(self.sets)}" if self.sets else ""
        return ", ".join(filter(None, (when, inputs)))

    @property
    def proviso(self) -> str:
        """The circumstances as a sentence of their own; "" where there are none."""
        said = self.circumstances
        return f"{said[0].upper()}{said[1:]}." if said else ""


@dataclass(frozen=True, kw_only=True)
class Met(Outcome):
    """A need that the code provably meets; ``within`` a permissions boundary that is not in it,
    where there is one."""

    within: Evidence | None = None


@dataclass(frozen=True, kw_only=True)
class Undecided(Outcome):
    """A need of which the code does not say whether it is met."""

    reason: Unknown


AnyOutcome = Union[Finding, Met, Undecided]


#: The types of what no stack needs: a file that cannot be read, and what a fault of ours has lost.
FILE, LOST = "file", "lost"


def is_need(outcome: AnyOutcome) -> bool:
    """Does it count as a need: one that is met or not decided, or a finding that is about one, or
    certain to break something?"""
    if not isinstance(outcome, Finding):
        return True
    is_stack = outcome.owner.type not in (FILE, LOST)
    return is_stack and (outcome.need is not None or outcome.severity is Severity.ERROR)


def length(outcome: AnyOutcome) -> int:
    """How much is said by it (characters, about)."""
    if isinstance(outcome, Undecided):
        return len(outcome.reason.reason)
    if isinstance(outcome, Met):
        return 0
    fix = outcome.fix
    texts = (outcome.message, outcome.fails_with, outcome.cause, fix.summary if fix else "")
    return sum(map(len, (*texts, *(evidence.message for evidence in outcome.related))))
