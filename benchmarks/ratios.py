"""How fast the whole command is, beside checkov and cfn-lint: ``make bench``.

Each row is a ratio of medians of processor time (user and system, with child processes) of whole
commands that ran in turn in one session, so that a slow machine is slow for both. It prints a
table, and writes ``results.json`` and ``growth.svg`` beside this file; ``--quick`` measures each
command once, leaves the large estates out and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import estates
from plot import growth

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
OURS = [sys.executable, "-m", "ecs_preflight"]
SIZES = (100, 500, 1_000, 2_500, 5_000)
#: The way to the syntax tree, without what comes after it.
TREES = (
    "import sys, pathlib; from ecs_preflight.terraform.syntax.parse import parse;"
    "[parse(p.read_text(), str(p)) for p in sorted(pathlib.Path(sys.argv[1]).glob('*.tf'))]"
)


@dataclass(frozen=True)
class Cost:
    """What one run took: processor and wall seconds, and the most memory of a process (MB)."""

    processor: float
    wall: float
    memory: float


@dataclass(frozen=True)
class Row:
    """One target: ``value`` should be at least, or at most, ``target``."""

    what: str
    value: float
    at_least: bool
    target: float
    ours: float
    theirs: float

    @property
    def holds(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target


def run(command: Sequence[str | Path]) -> Cost:
    """One run. Raises SystemExit where the command did not do its work."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["XDG_CACHE_HOME"] = os.devnull  # nothing is remembered but where a row says so
    start = os.times().elapsed
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
            cwd=HERE.parent,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
        if process.returncode not in (0, 1, 2, 4, 6) or "Traceback" in said:
            sys.exit(f"{command} ended with {process.returncode}: {said}")
    wall = os.times().elapsed - start
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def in_turn(runs: int, *commands: Sequence[str | Path]) -> list[Cost]:
    """The medians of each command, the commands run in turn after one run that is not counted."""
    for command in commands:
        run(command)
    rounds = [[run(command) for command in commands] for _ in range(runs)]
    return [
        Cost(*(median(getattr(c, name) for c in costs) for name in ("processor", "wall", "memory")))
        for costs in zip(*rounds, strict=True)
    ]


def rows(folder: Path, runs: int, sizes: Sequence[int]) -> tuple[list[Row], dict[int, Cost]]:
    found: list[Row] = []
    nothing = [sys.executable, "-c", "pass"]
    stacks = {size: estates.terraform(folder / f"terraform{size}", size) for size in sizes}
    template = estates.cloudformation(folder / "cloudformation100", 100)
    other = estates.without_ecs(folder / "other", 50)

    def scan(path: Path) -> list[str | Path]:
        return [*OURS, "scan", "--no-cache", path]

    def times(what: str, target: float, ours: Cost, theirs: Cost) -> None:
        ratio = theirs.processor / ours.processor
        found.append(Row(what, ratio, True, target, ours.processor, theirs.processor))

    def over(what: str, target: float, ours: Cost, base: Cost) -> None:
        value = ours.processor - base.processor
        found.append(Row(what, value, False, target, ours.processor, base.processor))

    def share(what: str, target: float, ours: Cost, base: Cost) -> None:
        value = ours.processor / base.processor
        found.append(Row(what, value, False, target, ours.processor, base.processor))

    checkov = [BIN / "checkov", "--quiet", "--skip-download", "--framework", "terraform", "-d"]
    for size in [size for size in sizes if size in (100, 1_000)]:
        ours, theirs = in_turn(
            runs if size == 100 else 1, scan(stacks[size]), [*checkov, stacks[size]]
        )
        times(f"Terraform, {size} services: times as fast as checkov", 10, ours, theirs)
    ours, theirs = in_turn(runs, scan(template), [BIN / "cfn-lint", template])
    times("CloudFormation, 100 services: times as fast as cfn-lint", 8, ours, theirs)

    whole, trees = in_turn(runs, scan(stacks[100]), [sys.executable, "-c", TREES, stacks[100]])
    share("the whole run over the way to the syntax tree", 3, whole, trees)
    start, *small = in_turn(
        runs + 2, nothing, [*OURS, "--help"], [*OURS, "rules"], scan(other / "bucket0.tf"),
        scan(other),
    )  # fmt: skip
    for what, cost in zip(("--help", "rules", "one file without ECS"), small, strict=False):
        over(f"{what}: seconds over Python's start", 0.08, cost, start)
    over("150 files without ECS: seconds over Python's start", 0.08, small[-1], start)

    cache = folder / "cache"
    cached = [*OURS, "scan", "--cache-dir", cache, stacks[100]]
    again, _ = in_turn(runs, cached, nothing)
    share("an unchanged tree, from the cache: seconds", 0.15, again, Cost(1, 1, 1))

    lints = [BIN / "cfn-lint", template]
    for host, alone, rules in (
        ("checkov", [*checkov, stacks[100]], ["--external-checks-dir", HERE.parent / "checks"]),
        ("cfn-lint", lints, ["--append-rules", HERE.parent / "plugins"]),
    ):
        remembering = ["env", f"XDG_CACHE_HOME={folder}", *alone, *rules]
        first, again, base = in_turn(runs, [*alone, *rules], remembering, alone)
        share(f"{host} with the rules over {host} alone", 1.1, first, base)
        share(f"the same of an unchanged tree: {host}", 1.1, again, base)

    grown = {size: in_turn(1, scan(stacks[size]))[0] for size in sizes}
    least, most = min(sizes), max(sizes)
    each = {size: cost.processor / size for size, cost in grown.items()}
    found.append(
        Row(
            f"time of a service at {most} over that at {least}",
            each[most] / each[least], False, 1.3, each[most], each[least],
        )
    )  # fmt: skip
    memory = grown[most].memory
    found.append(Row(f"memory at {most} services (MB)", memory, False, 600, memory, 0))
    return found, grown


def machine() -> dict[str, object]:
    """What it was measured on."""
    names = ("checkov", "cfn-lint", "tree-sitter", "tree-sitter-hcl", "PyYAML")
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench"))
    try:
        sizes, runs = (SIZES[:1], 1) if given.quick else (SIZES, given.runs)
        found, grown = rows(folder, runs, sizes)
    finally:
        shutil.rmtree(folder)
    print(", ".join(f"{key} {value}" for key, value in machine().items()))
    print(f"{'':58}{'is':>8}{'target':>10}{'ours':>9}{'theirs':>9}")
    for row in found:
        sign = ">=" if row.at_least else "<="
        mark = "" if row.holds else "  missed"
        print(
            f"{row.what:58}{row.value:8.2f}{sign:>4}{row.target:6g}"
            f"{row.ours:9.3f}{row.theirs:9.3f}{mark}"
        )
    if not given.quick:
        results = {
            "machine": machine(),
            "rows": [asdict(row) for row in found],
            "growth": {size: asdict(cost) for size, cost in grown.items()},
        }
        (HERE / "results.json").write_text(json.dumps(results, indent=2) + "\n")
        points = [(size, cost.processor, cost.memory) for size, cost in grown.items()]
        (HERE / "growth.svg").write_text(growth(points))


if __name__ == "__main__":
    main()
