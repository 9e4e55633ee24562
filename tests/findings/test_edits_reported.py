"""The edits that JSON and SARIF carry are all there is to a fix: whoever makes them gets the very
files that are written here, aligned and with the line ends they had."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from mending import copied, faulty
from sampling import Sample

from ecs_preflight.analysis import mending
from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.findings.finding import Finding
from ecs_preflight.findings.identity import fingerprint
from ecs_preflight.report import as_json, sarif

SAMPLES = faulty("ECS605", "ECS606", "ECS703")
#: File, then line and column of the beginning and of the end, then the text.
Reported = tuple[str, int, int, int, int, str]
SHAPES: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda text: text,
    "CRLF": lambda text: text.replace(b"\n", b"\r\n"),
    "no last line end": lambda text: text.rstrip(b"\n"),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_reported_makes_what_is_written(
    sample: Sample, shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    with copied(sample, tmp_path) as path:
        for file in tmp_path.rglob("*.*"):
            if file.is_file():
                file.write_bytes(SHAPES[shape](file.read_bytes()))
        report = scan([path], Options())
        monkeypatch.setattr(mending, "ROUNDS", 1)
        of_json, of_sarif = _in_json(report), _in_sarif(report)
        for finding in report.active:
            if finding.fix is None or not finding.fix.edits:
                continue
            written = _written(path, report, finding, monkeypatch)
            assert written != {}, finding.span
            assert _made(of_json[fingerprint(finding)]) == written, finding.span
            assert _made(of_sarif[fingerprint(finding)]) == written, finding.span


def _written(
    path: str, report: Report, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The files with that fix alone, as they would be written. (What is reported once for several
    callers of a module is found for each.)"""
    alone, judged = (finding.rule, finding.fix), chain([report], repeat(Report()))
    monkeypatch.setattr(mending, "scan", lambda *arguments, **named: next(judged))
    monkeypatch.setattr(
        mending, "_is_meant", lambda found, unsafe: alone == (found.rule, found.fix)
    )
    made = mending.mend([path], Options(), unsafe=True)
    return {change.file: change.after for change in made.changes}


def _in_json(report: Report) -> dict[str, list[Reported]]:
    return {
        finding["fingerprint"]: [_edit(edit["file"], edit) for edit in finding["fix"]["edits"]]
        for finding in json.loads(as_json.render(report))["findings"]
        if finding["fix"]
    }


def _edit(file: str, edit: dict[str, Any]) -> Reported:
    places = (edit[key] for key in ("line", "column", "end_line", "end_column"))
    line, column, end_line, end_column = places
    return file, line, column, end_line, end_column, edit["text"]


def _in_sarif(report: Report) -> dict[str, list[Reported]]:
    (run,) = json.loads(sarif.render(report))["runs"]
    return {
        result["partialFingerprints"]["ecsPreflight/v1"]: [
            edit for change in result["fixes"][0]["artifactChanges"] for edit in _replaced(change)
        ]
        for result in run["results"]
        if "fixes" in result
    }


def _replaced(change: dict[str, Any]) -> Iterator[Reported]:
    file = unquote(change["artifactLocation"]["uri"])
    for replacement in change["replacements"]:
        region, text = replacement["deletedRegion"], replacement["insertedContent"]["text"]
        keys = ("startLine", "startColumn", "endLine", "endColumn")
        line, column, end_line, end_column = (region[key] for key in keys)
        yield file, line, column, end_line, end_column, text


def _made(edits: Sequence[Reported]) -> dict[str, str]:
    """The files with the edits made, from the last place to the first."""
    files = {}
    for file in {edit[0] for edit in edits}:
        with open(file, encoding="utf-8-sig", newline="") as opened:
            lines = opened.read().split("\n")
        starts = [0]
        for each in lines:
            starts.append(starts[-1] + len(each) + 1)
        text = "\n".join(lines)
        own = [(number, edit) for number, edit in enumerate(edits) if edit[0] == file]
        for _, (_, line, column, end_line, end_column, new) in sorted(
            own, key=lambda each: (each[1][1:3], each[0]), reverse=True
        ):
            start, end = starts[line - 1] + column - 1, starts[end_line - 1] + end_column - 1
            text = text[:start] + new + text[end:]
        files[file] = text
    return files
