"""Each undecided need has one reason, and each form of the report has the same number of them."""

from __future__ import annotations

import re

import pytest

from ecs_preflight.findings.finding import Undecided
from ecs_preflight.report import as_json, markdown
from ecs_preflight.report.coverage import counted, coverage
from tests.support.sampling import Sample, samples, scanned


@pytest.mark.parametrize("sample", samples(), ids=str)
def test_the_reasons_add_up(sample: Sample) -> None:
    report = scanned(sample.path)
    line = coverage(report)
    stats = report.stats
    assert stats.needs == stats.met + stats.unmet + stats.undecided
    found = [o for o in report.outcomes if isinstance(o, Undecided)]
    assert len(found) == stats.undecided
    assert f", {stats.undecided} undecided" in line
    why = counted(outcome.reason for outcome in found)
    assert sum(map(int, re.findall(r"(?:^|; )(\d+) ", why))) == stats.undecided
    document = as_json.document(report)
    assert len(document["undecided"]) == document["stats"]["undecided"] == stats.undecided
    rows = re.findall(r"\| \d+ \| \d+ \| (\d+) \|", markdown.render(report))
    assert sum(map(int, rows)) == stats.undecided
