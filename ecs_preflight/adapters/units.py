"""The contract between the scan, the two front ends and their readers of resources.

A front end finds deployment units in a ``Tree`` of files. A unit, evaluated in one world, yields
``Declared`` resources: each with its address and its evaluated body. The readers (one for each
language) turn these into the model's classes.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

from ..model import Stack, Target
from ..symbolic.records import dataclass, field
from ..symbolic.source import Boundary, Span, Unreadable
from ..symbolic.values import Entries, Unknown, Value
from ..symbolic.worlds import PathCondition

#: How the names of templates, and of other documents in YAML or JSON, end.
DOCUMENT_ENDINGS = (
    ".yaml",
    ".yml",
    ".json",
    ".template",
    ".cfn",
    ".cform",
    ".cloudformation",
    ".sam",
)
#: Folders that are not listed and yet looked into: in which task definitions stand, as in AWS's own
#: starter workflow, and that of the workflows which deploy them.
TASK_FOLDERS = (Path(".aws"), Path(".ecs"))
WORKFLOWS = Path(".github", "workflows")


@dataclass(frozen=True)
class Tree:
    """The files a scan starts from: ``files`` are absolute and sorted, found below ``given`` (what
    the user named, absolute), with excluded ones left out."""

    boundary: Boundary
    files: tuple[Path, ...]
    given: tuple[Path, ...]

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """The folders of the files, and those around them, as far as they lie in what was given."""
        found: set[Path] = set()
        for path in self.files:
            folder = path.parent
            while folder not in found:
                found.add(folder)
                folder = folder.parent
        found |= {path for path in self.given if self.boundary.is_folder(path)}
        given = frozenset(self.given)
        return tuple(sorted(f for f in found if f in given or not given.isdisjoint(f.parents)))


@dataclass(frozen=True)
class Inputs:
    """What the user says of the inputs: variable files, workspace, parameter files (paths), and the
    environment, of which only ``TF_VAR_*`` is read. ``account`` is where what names no account
    itself is deployed."""

    var_files: tuple[Path, ...] = ()
    workspace: str | None = None
    parameters: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    #: Folders of modules that were fetched by hand, by their source.
    modules: Mapping[str, Path] = field(default_factory=dict)
    account: str | None = None


class Unit(Protocol):
    """One deployment unit: a Terraform root module, a plan, a template."""

    @property
    def name(self) -> str:
        """The path by which reports name it."""

    @property
    def reusable(self) -> bool:
        """A module judged alone: every input is unknown, a default decides nothing."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files it is written in, as far as that is seen without evaluating it."""

    @property
    def apart(self) -> str | None:
        """What it hangs on of the other units of the scan, whatever their files hold besides; None
        when it may hang on all of it."""

    def stack(self, path_condition: PathCondition) -> Stack:
        """The unit in the inquiry's world. Never raises for what the scanned code says."""


@dataclass(frozen=True)
class InputSet:
    """A unit with the values that its inputs have in one deployment: those of the file of ``name``,
    or, where that is "", those that its code gives by itself. ``is_deployed`` is false of the
    latter where nobody deploys it so."""

    name: str
    unit: Unit
    is_deployed: bool = True


@runtime_checkable
class Configurable(Protocol):
    """A unit for which files of inputs stand in the repository."""

    def input_sets(self) -> tuple[InputSet, ...]:
        """The unit as its code gives it by itself, then with each of the files; none where there is
        no file."""


@runtime_checkable
class Exporting(Protocol):
    """A unit whose outputs others read by their names."""

    def outputs(self) -> Mapping[str, Value]:
        """The outputs as the defaults have them. Never raises for what the scanned code says."""


@runtime_checkable
class Surveyed(Protocol):
    """A unit of which it is seen without evaluating it what it may hold."""

    def may_run_tasks(self) -> bool:
        """May a task definition of its own, or what launches one, be in it?"""


@dataclass(frozen=True)
class Exported:
    """What other units see of one in its default world: its ``outputs`` and all that it declares,
    each address and each term's name beginning with the unit's label and a colon. ``escapes``
    are as in ``Surroundings``. It is not all that there is if it is ``cut``."""

    outputs: Entries
    declared: tuple[Declared, ...] = ()
    escapes: tuple[tuple[Value, Unknown], ...] = ()
    cut: bool = False


@runtime_checkable
class Sharing(Protocol):
    """A unit that keeps a state which others read, or reads theirs."""

    @property
    def name(self) -> str:
        """See Unit."""

    @property
    def label(self) -> str:
        """What its addresses begin with where others see them."""

    def keeps(self) -> tuple[Hashable, ...]:
        """Where its state is kept, in each of its environments; none where the code does not
        say."""

    def reads(self) -> frozenset[Hashable | None]:
        """The states that it reads as its defaults have it; None is one which is not known."""

    def exported(self) -> Exported | None:
        """None while it is being worked out: two units read each other."""

    def beside(self, neighbours: Neighbours) -> Unit:
        """The same unit among its neighbours."""


class Neighbours(Protocol):
    """The other units of the scan, and of the repository around it."""

    def keeping(self, state: Hashable) -> Sharing | None:
        """The one that has the state."""

    def reading(self, state: Hashable) -> tuple[Sharing, ...]:
        """Those of the scan that read it."""

    def judged(self, label: str) -> bool:
        """Is the unit of that label one of the scan?"""


class Nobody:
    """Implements Neighbours for a unit that is looked at alone."""

    def keeping(self, state: Hashable) -> None:
        """No one."""

    def reading(self, state: Hashable) -> tuple[()]:
        """None."""
        return ()

    def judged(self, label: str) -> bool:
        """None is."""
        return False


@dataclass(frozen=True)
class Found:
    """What a front end found: its units, the files it read, and those it could not parse.

    ``comments`` are the (file, line, text) of comments that hold ``ecs-preflight:``; ``remarks``
    name what it has seen, and only another tool can read.
    """

    units: tuple[Unit, ...] = ()
    files: tuple[str, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    comments: tuple[tuple[str, int, str], ...] = ()
    remarks: tuple[Unknown, ...] = ()


@dataclass(frozen=True)
class Declared:
    """A resource or data source as evaluated in one world.

    In ``body`` a Terraform attribute or CloudFormation property stands under its own name;
    Terraform's nested blocks stand under their type as Items of Entries (dynamic blocks expanded).
    ``span`` is the whole block. ``conditional`` says why it may not exist. ``place`` is its
    provider's. ``stack`` is the name of the CloudFormation stack that it is a part of, which the
    names begin with that are made for it. ``revised_elsewhere`` says why others may deploy another
    task definition."""

    address: str
    type: str
    body: Entries
    span: Span
    target: Target
    is_data: bool = False
    conditional: Unknown | None = None
    label: str = ""
    depends_on: tuple[str, ...] = ()
    stack: Value | None = None
    revised_elsewhere: Unknown | None = None


@dataclass(frozen=True)
class Surroundings:
    """What stands around the declared resources and may change what they are allowed.

    ``escapes`` are values handed to somebody out of sight, each with the reason: arguments
    of modules that could not be read, outputs of a module judged alone. A role or key among them
    may get policies there. ``unread`` is what of the stack could not be read at all: while it holds
    a broken file, every role and task definition is incomplete. ``beyond`` is what escapes
    from other units, in each world alike. ``mentions`` are what else may let a listener lead to a
    target group (see ``mentions``), each with where; None where nobody has looked.
    """

    escapes: tuple[tuple[Value, Unknown], ...] = ()
    unread: tuple[Unknown, ...] = ()
    beyond: tuple[tuple[Value, Unknown], ...] = ()
    mentions: tuple[tuple[Value, Unknown], ...] | None = None
