"""Scan a directory through the command line, checkov and cfn-lint: ``make scan [DIR=path]``.

Ends with 0 when all three have run, whatever they found. Nothing of the directory is executed: the
hosts are run isolated, and with no configuration of the directory's own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ecs_preflight import cloudformation
from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.hosts import paths

BIN = Path(sys.executable).parent
#: Only our own rules' findings: cfn-lint's are numbered below 9000.
BUILT_IN = [f"{letter}{digit}" for letter in "EWI" for digit in range(9)]
FRAMEWORKS = ["terraform", "terraform_plan", "cloudformation"]


def run(title: str, command: list[str]) -> bool:
    """Run the command with its output on ours; True unless it could not do its work."""
    print(f"\n== {title}: {' '.join(command)}\n", flush=True)
    code = subprocess.run(
        [sys.executable, "-I", str(BIN / command[0]), *command[1:]],
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode
    # cfn-lint's code is the sum of 2, 4 and 8 for errors, warnings and notes.
    return code in ((0, 1) if command[0] != "cfn-lint" else range(0, 16, 2))


def main(folder: str) -> int:
    templates = [
        file
        for tree in discover([folder]).trees
        for file in cloudformation.find(tree, Inputs()).files
    ]
    well = run("ecs-preflight", ["ecs-preflight", "scan", folder])
    well &= run(
        "checkov",
        [
            "checkov",
            # in one word: from what follows "--directory" it would take a .checkov.yaml, whose
            # external-checks-dir it executes
            f"--directory={folder}",
            "--external-checks-dir",
            str(paths.of("checkov")),
            "--check",
            "CKV_ECS_*",
            "--framework",
            *FRAMEWORKS,
            "--compact",
            "--quiet",
            "--skip-download",
        ],
    )
    if templates:
        well &= run(
            "cfn-lint",
            [
                "cfn-lint",
                *templates,
                "--append-rules",
                str(paths.of("cfn-lint")),
                "--ignore-checks",
                *BUILT_IN,
            ],
        )
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
