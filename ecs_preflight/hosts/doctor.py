"""Are the hosts here, and do they load our rules?

checkov ends well when it could load no check at all, so each host is run on a bundled stack that
must fail: only a host that reports its fault is well.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from .. import __version__
from ..analysis.scan import scan
from ..symbolic.records import dataclass
from . import paths

STACK = Path(__file__).resolve().parent / "faulty_stack"
TERRAFORM, TEMPLATE = STACK / "main.tf", STACK / "template.yaml"
#: The rule that the stack breaks, in both languages.
RULE = "ECS502"
SECONDS = 180

#: checkov's parser is a fork that shares its module's name with the original: whichever is
#: installed last overwrites the other, and checkov cannot be imported any more.
REPAIR = (
    "'python-hcl2' has overwritten the parser that checkov needs. Repair: pip uninstall -y "
    "python-hcl2 bc-python-hcl2 && pip install --force-reinstall --no-deps bc-python-hcl2"
)


@dataclass(frozen=True)
class Check:
    """What was looked at; ``well`` is None for what is merely absent."""

    message: str
    well: bool | None
    advice: str = ""


def examine(*, hosts: bool = True) -> list[Check]:
    """All that can be wrong with an installation. Runs both ``hosts`` unless told not to; that
    takes some seconds."""
    engine = [_engine(TERRAFORM, "Terraform"), _engine(TEMPLATE, "CloudFormation")]
    if not hosts:
        return engine
    return [*engine, *_host("checkov", _checkov), *_host("cfn-lint", _cfn_lint)]


def _engine(file: Path, language: str) -> Check:
    report = scan([file])
    name = f"ecs-preflight {__version__} on Python {platform.python_version()} reads {language}"
    if any(finding.rule == RULE for finding in report.active):
        return Check(name, True)
    return Check(
        f"{name}: it does not find {RULE} where it must", False, "; ".join(map(str, report.faults))
    )


def _host(name: str, finds: Callable[[str], tuple[bool, str]]) -> list[Check]:
    program = shutil.which(name, path=_search_path())
    if program is None:
        return [Check(f"{name} is not installed", None, f"pip install 'ecs-preflight[{name}]'")]
    version = _output([program, "--version"])[1].strip().rsplit(maxsplit=1)[-1:]
    title = " ".join([name, *version, f"({program})"])
    well, told = finds(program)
    if well:
        return [Check(f"{title} loads the rules", True)]
    advice = REPAIR if "START_LINE" in told else "\n".join(told.strip().splitlines()[-5:])
    return [Check(f"{title} does not report {RULE} where it must", False, advice)]


def _search_path() -> str:
    """Beside our own interpreter, then the PATH without what hangs on the working directory: there
    a stranger's code may stand."""
    named = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(
        [str(Path(sys.executable).parent), *(folder for folder in named if os.path.isabs(folder))]
    )


def _checkov(program: str) -> tuple[bool, str]:
    found = True
    for framework, file in (("terraform", TERRAFORM), ("cloudformation", TEMPLATE)):
        told, out = _output(
            [
                program,
                "--file",
                str(file),
                "--framework",
                framework,
                "--external-checks-dir",
                str(paths.of("checkov")),
                "--check",
                f"CKV_ECS_{RULE[3:]}",
                "--output",
                "json",
                "--skip-download",
                "--quiet",
            ]
        )
        try:
            results = json.loads(out)
            found = found and results["summary"]["failed"] == 1
        except (ValueError, TypeError, KeyError):
            found = False
        if not found:
            return False, told or out
    return True, ""


def _cfn_lint(program: str) -> tuple[bool, str]:
    told, out = _output(
        [program, str(TEMPLATE), "--append-rules", str(paths.of("cfn-lint")), "--format", "json"]
    )
    try:
        ids = {match["Rule"]["Id"] for match in json.loads(out)}
    except (ValueError, TypeError, KeyError):
        return False, told or out
    return f"E9{RULE[3:]}" in ids, told


def _output(command: Sequence[str]) -> tuple[str, str]:
    """What the command says on standard error, and on standard output."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            cwd=STACK,
            env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error), ""
    return done.stderr, done.stdout
