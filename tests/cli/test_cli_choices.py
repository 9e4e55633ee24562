"""What the arguments may say, by name alone, is what there is; and little is loaded to say it."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from ecs_preflight.cli import choices
from ecs_preflight.findings.finding import Severity
from ecs_preflight.report import policy


def test_the_names_are_those_of_what_there_is() -> None:
    assert tuple(severity.value for severity in Severity) == choices.SEVERITIES
    assert policy.FORMATS == choices.POLICY_FORMATS
    assert tuple(policy.ROLES) == choices.ROLES
    for module in (*choices.LINES, *choices.REPORTS.values()):
        assert callable(import_module(f"ecs_preflight.report.{module}").render)


def loaded(*arguments: str) -> set[str]:
    """The modules that a run of the command loads."""
    program = (
        "import sys\nfrom ecs_preflight.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    return set(run.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("arguments", "unused"),
    [
        (("--help",), ("ecs_preflight.rules", "ecs_preflight.analysis", "ecs_preflight.report")),
        (("rules",), ("ecs_preflight.terraform", "ecs_preflight.hosts.doctor", "yaml")),
        (("scan", "{empty}"), ("ecs_preflight.terraform", "ecs_preflight.report.sarif")),
    ],
)
def test_what_a_command_does_not_use_is_not_loaded(
    tmp_path: object, arguments: tuple[str, ...], unused: tuple[str, ...]
) -> None:
    found = loaded(*(word.format(empty=tmp_path) for word in arguments))
    assert {"ecs_preflight.cli", "argparse"} <= found
    assert found & set(unused) == set()


def test_of_a_file_without_ecs_the_syntax_alone_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "main.tf"
    file.write_text('resource "aws_s3_bucket" "b" {}\n')
    found = loaded("scan", "--no-cache", str(file))
    assert "ecs_preflight.terraform.syntax.parse" in found
    unused = {"terraform.front_end", "adapters.reading", "analysis.mending", "analysis.judge"}
    assert found & {f"ecs_preflight.{name}" for name in unused} == set()
