"""Breaks the engine in small ways, one at a time, and prints what no test noticed.

``python tools/mutants.py [COUNT [SEED]]`` takes a sample of COUNT mutations (by default 60) of what
answers for IAM, merges worlds and words findings, made and run by cosmic-ray in a copy of the tree.
Each mutation is tried on the tests of its own room and on the samples. The last line is the score.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: What is mutated, and the tests that should notice.
ROOMS = {
    "iam": "tests/iam tests/rules/test_samples.py",
    "findings": "tests/findings tests/rules/test_samples.py tests/report",
    "analysis": "tests/analysis tests/rules/test_samples.py",
}
CONFIG = """\
[cosmic-ray]
module-path = "ecs_preflight/{room}"
timeout = 300.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider {tests}"

[cosmic-ray.distributor]
name = "local"
"""


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else 60
    chosen = random.Random(int(arguments[1]) if len(arguments) > 1 else 0)
    killed = total = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
        for name in filter(None, listed.split("\0")):
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target, follow_symlinks=False)
        for room, tests in ROOMS.items():
            present = " ".join(path for path in tests.split() if (copy / path).exists())
            survivors, tried = sample(copy, room, present, count // len(ROOMS), chosen)
            killed, total = killed + tried - len(survivors), total + tried
            print(*survivors, sep="\n", flush=True)
    print(f"{killed} of {total} mutations were noticed")
    return 0


def sample(
    tree: Path, room: str, tests: str, count: int, chosen: random.Random
) -> tuple[list[str], int]:
    """The mutations that no test noticed, as differences, and how many were tried."""
    config, session = tree / f"{room}.toml", tree / f"{room}.sqlite"
    config.write_text(CONFIG.format(room=room, python=sys.executable, tests=tests))
    cosmic = [sys.executable, "-m", "cosmic_ray.cli"]
    subprocess.run([*cosmic, "init", config.name, session.name], cwd=tree, check=True)
    with sqlite3.connect(session) as database:
        listed = [row[0] for row in database.execute("select job_id from work_items")]
        # "X | None" is an annotation, which nothing evaluates.
        found = database.execute(
            "select job_id from mutation_specs where operator_name not like '%BitOr%' order by 1"
        )
        jobs = [row[0] for row in found]
        kept = set(chosen.sample(jobs, min(count, len(jobs))))
        for table in ("mutation_specs", "work_items"):
            database.executemany(
                f"delete from {table} where job_id = ?",
                [(job,) for job in listed if job not in kept],
            )
    subprocess.run([*cosmic, "exec", config.name, session.name], cwd=tree, check=True)
    with sqlite3.connect(session) as database:
        rows = database.execute("select test_outcome, diff from work_results").fetchall()
    return [diff for outcome, diff in rows if outcome == "SURVIVED"], len(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
