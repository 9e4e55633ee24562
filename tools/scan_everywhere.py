"""Scan with the command line, then with checkov and cfn-lint: ``make scan [DIR=path]``.

With a directory, the three print what they find in it. Without one, a sample is scanned, and what
the three find stands side by side. ``command`` is the first half, which needs nothing but the
package; ``hosts`` the second. Each ends with 0 when all have run, whatever they found. Nothing of
the directory is executed: the hosts are run isolated, and with no configuration of the directory's
own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ecs_preflight import cloudformation
from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.hosts import paths
from ecs_preflight.report import terminal, text

BIN = Path(sys.executable).parent
#: A template, which all three can read, with the usual faults.
SAMPLE = "samples/cloudformation/everything-wrong/webshop.yaml"
#: Only our own rules' findings: cfn-lint's are numbered below 9000.
BUILT_IN = [f"{letter}{digit}" for letter in "EWI" for digit in range(9)]
FRAMEWORKS = ["terraform", "terraform_plan", "cloudformation"]


def checkov(place: str, *more: str) -> list[str]:
    # in one word: from what follows "--directory" it would take a .checkov.yaml, whose
    # external-checks-dir it executes
    target = f"--directory={place}" if Path(place).is_dir() else f"--file={place}"
    rules = ["--external-checks-dir", str(paths.of("checkov")), "--check", "CKV_ECS_*"]
    how = ["--framework", *FRAMEWORKS, "--compact", "--quiet", "--skip-download"]
    return ["checkov", target, *rules, *how, *more]


def cfn_lint(templates: list[str], *more: str) -> list[str]:
    rules = ["--append-rules", str(paths.of("cfn-lint")), "--ignore-checks", *BUILT_IN]
    return ["cfn-lint", *templates, *more, *rules]


def isolated(words: list[str]) -> list[str]:
    return [sys.executable, "-I", str(BIN / words[0]), *words[1:]]


def run(title: str, words: list[str]) -> bool:
    """Run the command with its output on ours; True unless it could not do its work."""
    print(f"\n== {title}: {' '.join(words)}\n", flush=True)
    code = subprocess.run(isolated(words), stdin=subprocess.DEVNULL, check=False).returncode
    # cfn-lint's code is the sum of 2, 4 and 8 for errors, warnings and notes.
    return code in ((0, 1) if words[0] != "cfn-lint" else range(0, 16, 2))


def output(words: list[str]) -> str:
    return subprocess.run(
        isolated(words), stdin=subprocess.DEVNULL, check=False, capture_output=True, text=True
    ).stdout


def command(place: str) -> bool:
    """What the command line finds below a folder; of the sample, the first finding."""
    if place:
        return run("ecs-preflight", ["ecs-preflight", "scan", place])
    report = scan([SAMPLE])
    first = text.render(
        Report(report.outcomes[:0] + report.active[:1], lines=report.lines), width=100
    )
    print(f"{SAMPLE}\n")
    print(terminal.plain(first[:-2]), end="", flush=True)
    return bool(report.active)


def hosts(place: str) -> bool:
    """What checkov and cfn-lint find below a folder, in their own words; of the sample, a line for
    each finding."""
    if not place:
        return side_by_side(SAMPLE)
    templates = [
        file
        for tree in discover([place]).trees
        for file in cloudformation.find(tree, Inputs()).files
    ]
    well = run("checkov", checkov(place))
    return well & (run("cfn-lint", cfn_lint(templates)) if templates else True)


def side_by_side(template: str) -> bool:
    """Where each finding stands, and its id in each host."""
    report = scan([template])
    by_checkov = set(_checkov_ids(template))
    by_cfn_lint = set(_cfn_lint_ids(template))
    rows = [("line", "ecs-preflight", "checkov", "cfn-lint", "")]
    for finding in report.active:
        number = finding.rule.removeprefix("ECS")
        own = next(
            (i for line, i in by_cfn_lint if line == finding.span.line and i[2:] == number), "-"
        )
        theirs = f"CKV_ECS_{number}"
        rows.append(
            (
                str(finding.span.line),
                f"{finding.rule} {finding.severity.value}",
                theirs if theirs in by_checkov else "-",
                own,
                finding.name,
            )
        )
    for line, *ids, name in rows:
        print(f"{line:>5}  {'  '.join(f'{each:<15}' for each in ids)}  {name}".rstrip())
    print(f"\nEach in its own words: make scan DIR={template}")
    print("Your own code:         make scan DIR=your/infra")
    return all("-" not in row[1:4] for row in rows)


def _checkov_ids(template: str) -> Iterator[str]:
    told = json.loads(output(checkov(template, "--output", "json")))
    for each in told if isinstance(told, list) else [told]:
        yield from (check["check_id"] for check in each["results"]["failed_checks"])


def _cfn_lint_ids(template: str) -> Iterator[tuple[int, str]]:
    for match in json.loads(output(cfn_lint([template], "--format", "json"))):
        yield match["Location"]["Start"]["LineNumber"], match["Rule"]["Id"]


def main(stage: str, place: str = "") -> int:
    return 0 if {"command": command, "hosts": hosts}[stage](place) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
