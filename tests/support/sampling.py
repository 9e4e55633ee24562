"""Samples: stacks as a team would write them, with what is to be found on the very lines.

``samples/<language>/<group>/<name>`` is one sample: a directory, or a single template. A group is
a rule (``ECS605-secret-not-readable``) or a theme (``silent``, ``beliefs`` ...). A comment says
what a scan of the sample reports on its line:

- ``# expect: ECS605`` a finding, of the gravest severity the rule can give;
  ``# expect: ECS603 warning`` one of another severity; ``# expect: ECS605 ECS621`` two;
- ``# undecided: ECS605`` a need of which the code does not tell whether it is met;
- ``# ok: ECS605`` neither of the two, where one might think otherwise.

``expect-next``, ``expect(+3)`` and their kin speak of a later line, where that one cannot hold a
comment. JSON holds none at all: there a file ``expectations.txt`` of the sample has lines such as
``task-definition.json:12  # expect: ECS605``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ecs_preflight.analysis import config
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.findings.finding import Severity
from ecs_preflight.rules import RULES
from ecs_preflight.symbolic.records import dataclass

ROOT = Path(__file__).resolve().parents[2] / "samples"
LANGUAGES = ("terraform", "cloudformation")
#: What else is read, of which not every rule can speak.
FOLDERS = (*LANGUAGES, "taskfiles")
#: What speaks for files that hold no comments.
ASIDE = "expectations.txt"
#: About what only one language has: a partition in the code, exclusive attachments; a fault of
#: our own, which no sample can have.
NOT_SHOWN = {
    *((rule, "cloudformation") for rule in ("ECS631", "ECS634")),
    *(("ECS002", language) for language in LANGUAGES),
    # What the configuration alone brings, which the hosts do not read: shown in taskfiles.
    *(("ECS639", language) for language in LANGUAGES),
}
RULE_OF = {rule.id: rule for rule in RULES}

_SEVERITIES = "|".join(severity.value for severity in Severity)
_MARK = re.compile(
    r"#\s*(?P<kind>expect|undecided|ok)(?:-(?P<next>next)|\(\+(?P<offset>\d+)\))?:"
    rf"(?P<ids>(?:\s+ECS\d+(?:\s+(?:{_SEVERITIES}))?)+)\s*$"
)
_ID = re.compile(rf"(ECS\d+)(?:\s+({_SEVERITIES}))?")
_MEANT = re.compile(r"#\s*(expect|undecided|ok)\b[-(:]")


@dataclass(frozen=True)
class Sample:
    """``group`` and ``name`` are those of the path; ``rule`` is the id of a rule's group, or ""."""

    path: Path

    @property
    def language(self) -> str:
        return self.path.relative_to(ROOT).parts[0]

    @property
    def group(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return self.path.stem if self.path.is_file() else self.path.name

    @property
    def rule(self) -> str:
        return self.group.split("-", 1)[0] if self.group.startswith("ECS") else ""

    @property
    def files(self) -> tuple[Path, ...]:
        if self.path.is_file():
            return (self.path,)
        return tuple(sorted(path for path in self.path.rglob("*") if path.is_file()))

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Mark:
    """One id of a comment: ``kind`` is expect, undecided or ok; ``line`` the one it speaks of."""

    kind: str
    file: Path
    line: int
    rule: str
    severity: Severity | None


@dataclass(frozen=True)
class Seen:
    """A finding or an expectation of one, reduced to what a comment can say."""

    file: str
    line: int
    rule: str
    severity: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule} {self.severity}"


def samples() -> tuple[Sample, ...]:
    """All samples, in a stable order."""
    return tuple(Sample(path) for folder in FOLDERS for path in sorted((ROOT / folder).glob("*/*")))


def marks(sample: Sample) -> Iterator[Mark]:
    """What the sample's comments say. Raises ValueError for a comment that says it wrongly."""
    for path in sample.files:
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            found = _MARK.search(line)
            if found is None:
                if _MEANT.search(line):
                    raise ValueError(f"{path}:{number}: not readable as an expectation")
                continue
            about = number + (1 if found["next"] else int(found["offset"] or 0))
            target = path
            if path.name == ASIDE:
                named, _, written = line.partition("#")[0].strip().rpartition(":")
                target, about = path.parent / named, int(written)
            for rule, severity in _ID.findall(found["ids"]):
                yield Mark(
                    found["kind"], target, about, rule, Severity(severity) if severity else None
                )


def named_rules(sample: Sample) -> frozenset[str]:
    """The rules that the sample is about: its group's, and those in its comments."""
    return frozenset({sample.rule, *(mark.rule for mark in marks(sample))})


def expected(sample: Sample) -> Counter[Seen]:
    """The findings that the comments announce."""
    return Counter(
        Seen(
            _within(sample, mark.file),
            mark.line,
            mark.rule,
            (mark.severity or RULE_OF[mark.rule].severities[0]).value,
        )
        for mark in marks(sample)
        if mark.kind == "expect"
    )


def reported(sample: Sample, report: Report) -> Counter[Seen]:
    """The findings of a report. Notes are advice, off unless asked for: a sample asks for those of
    the rules it names."""
    request = named_rules(sample)
    return Counter(
        Seen(
            _within(sample, Path(finding.span.file).resolve()),
            finding.span.line,
            finding.rule,
            finding.severity.value,
        )
        for finding in report.active
        if finding.severity is not Severity.NOTE or finding.rule in request
    )


def scanned(path: Path) -> Report:
    """The report of one sample (or of a changed copy of it) with its own configuration, notes
    included."""
    own = path / config.TOML
    given = config.load(own) if own.is_file() else config.Config()
    # What else stands in this repository has nothing to do with the sample's roles and states.
    root = path if path.is_dir() else path.parent
    return scan([path], Options(notes=True, config=given, root=root))


def _within(sample: Sample, file: Path) -> str:
    base = sample.path if sample.path.is_dir() else sample.path.parent
    return file.relative_to(base).as_posix() if file.is_relative_to(base) else str(file)
