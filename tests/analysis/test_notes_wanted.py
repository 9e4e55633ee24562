"""What gives notes alone is run where somebody hears of a note, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from toys import TOY, front_end, thing, toy_check, unit

from ecs_preflight.analysis import baseline
from ecs_preflight.analysis.config import Config
from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.findings.finding import AnyOutcome, Severity
from ecs_preflight.findings.rule import Rule
from ecs_preflight.model import Stack

pytestmark = pytest.mark.usefixtures("nowhere")
NOTED = front_end(unit(thing(verdict="note")))


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that holds no file beside what the front end finds."""
    monkeypatch.chdir(tmp_path)


def noting(ran: list[str], *severities: Severity) -> Rule:
    """The toy rule, of which it is written down where it runs."""

    def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
        ran.append(rule.id)
        return toy_check(rule, stack)

    return Rule(TOY.id, TOY.name, severities, TOY.page, check)


def noted(options: Options, *severities: Severity) -> tuple[Report, bool]:
    """A scan of a thing that gives a note, and whether the rule was run."""
    ran: list[str] = []
    rules = [noting(ran, *(severities or (Severity.NOTE,)))]
    return scan(["."], options, rules=rules, front_ends=[NOTED]), bool(ran)


def known_note() -> frozenset[str]:
    report, _ = noted(Options(notes=True))
    return baseline.read(baseline.written(report.active))


def test_a_rule_of_notes_alone_is_not_run_unasked() -> None:
    report, ran = noted(Options())
    assert (report.findings, report.remarks, ran) == ((), (), False)


def test_a_rule_that_gives_more_is_run() -> None:
    report, ran = noted(Options(), Severity.WARNING, Severity.NOTE)
    assert report.findings == () and ran


@pytest.mark.parametrize("asked", [Options(notes=True), Options(select=(TOY.id,))])
def test_it_is_run_where_notes_are_asked_for(asked: Options) -> None:
    report, ran = noted(asked)
    assert [f.severity for f in report.findings] == [Severity.NOTE] and ran


def test_a_rule_with_a_severity_of_the_teams_own_speaks() -> None:
    """Whatever the severity is: what is settled later decides who hears of it."""
    report, _ = noted(Options(config=Config(severity={TOY.id: Severity.WARNING})))
    assert [f.severity for f in report.findings] == [Severity.WARNING]


def test_a_note_of_the_baseline_occurs_still() -> None:
    report, _ = noted(Options(baseline=known_note()))
    assert report.active == () and report.remarks == ()
