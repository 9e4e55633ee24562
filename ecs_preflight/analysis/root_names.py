"""Files as machines name them: from the root of the repository, whatever the working directory.

While a scan runs, and in text for people, files are named from the working directory. Code
scanning, merge requests and baselines are read elsewhere: they need names that mean the same there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ..findings.finding import Finding, Fix, Met, Outcome, Undecided
from ..model import ModuleCall, Resource
from ..symbolic.answers import Evidence
from ..symbolic.patterns import regex
from ..symbolic.records import dataclass, replace
from ..symbolic.source import Boundary, Span
from ..symbolic.values import Unknown

_QUOTED = regex(r"'([^'\n]+)'")
AnOutcome = TypeVar("AnOutcome", bound=Outcome)


@dataclass(frozen=True)
class RootNames:
    """Names from ``root`` (None: as they are) for files named from ``directory``. ``files`` are
    those whose names may stand in messages."""

    root: Path | None = None
    directory: Path = Path()
    files: frozenset[str] = frozenset()

    @classmethod
    def within(cls, boundaries: Iterable[Boundary], files: Iterable[str]) -> RootNames:
        """From the one boundary's root; from the nearest folder around several."""
        roots = [str(boundary.root) for boundary in boundaries]
        root = Path(os.path.commonpath(roots)) if roots else None
        return cls(root, Path.cwd().resolve(), frozenset(files))

    def file(self, name: str) -> str:
        """The file's name from the root; of what lies outside it, the absolute path."""
        if self.root is None or not name or name == "-":
            return name
        absolute = os.path.normpath(self.directory / name)
        for path in (absolute, os.path.realpath(absolute)):
            relative = os.path.relpath(path, self.root)
            if not relative.startswith(".."):
                return relative.replace(os.sep, "/")
        return absolute.replace(os.sep, "/")

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """Every file, and the folder it stands in, by the name it has in messages."""
        folders = {os.path.dirname(file) or "." for file in self.files}
        return {name: self.file(name) for name in (*self.files, *folders)}

    def text(self, text: str) -> str:
        """A message of ours, in which names are quoted."""
        return _QUOTED.sub(lambda quoted: f"'{self._known.get(quoted[1], quoted[1])}'", text)

    def span(self, span: Span) -> Span:
        """The place, its file named from the root."""
        return replace(span, file=self.file(span.file))

    def unknown(self, unknown: Unknown) -> Unknown:
        """The reason and where it stands, with every file named from the root."""
        return replace(unknown, reason=self.text(unknown.reason), span=self.span(unknown.span))

    def evidence(self, evidence: Evidence) -> Evidence:
        """The evidence, with every file in it named from the root."""
        return replace(
            evidence,
            message=self.text(evidence.message),
            address=self._known.get(evidence.address, evidence.address),
            span=self.span(evidence.span),
        )

    def call(self, call: ModuleCall) -> ModuleCall:
        """The call, its file named from the root."""
        return replace(call, span=self.span(call.span))

    def fix(self, fix: Fix | None) -> Fix | None:
        """The fix, its edits' files named from the root; None of None."""
        if fix is None:
            return None
        edits = (replace(edit, span=self.span(edit.span)) for edit in fix.edits)
        return replace(fix, edits=tuple(edits))

    def _owner(self, owner: Resource) -> Resource:
        """A file that cannot be read, or a stack that a rule failed on, is called by its path."""
        address = self.file(owner.address) if owner.type in ("file", "stack") else owner.address
        return replace(owner, address=address, span=self.span(owner.span))

    def outcome(self, outcome: AnOutcome) -> AnOutcome:
        """The outcome with every file in it named from the root."""
        if self.root is None or self.root == self.directory:
            return outcome
        changed = replace(
            outcome,
            owner=self._owner(outcome.owner),
            span=self.span(outcome.span),
            sets=tuple(map(self.file, outcome.sets)),
        )
        if isinstance(changed, Undecided):
            reason = self.text(changed.reason.reason)
            return replace(changed, reason=replace(changed.reason, reason=reason))
        if isinstance(changed, Met) and changed.within is not None:
            return replace(changed, within=self.evidence(changed.within))
        if isinstance(changed, Finding):
            silenced = changed.suppressed
            if silenced is not None and silenced.span is not None:
                silenced = replace(silenced, span=self.span(silenced.span))
            return replace(
                changed,
                message=self.text(changed.message),
                cause=self.text(changed.cause),
                related=tuple(map(self.evidence, changed.related)),
                callers=tuple(map(self.call, changed.callers)),
                suppressed=silenced,
                fix=self.fix(changed.fix),
            )
        return changed
