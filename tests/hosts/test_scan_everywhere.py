"""``make scan`` without a directory: the same findings in the three hosts, side by side."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_three_hosts_stand_side_by_side() -> None:
    pytest.importorskip("checkov")
    pytest.importorskip("cfnlint")
    first, table = (stage(name) for name in ("command", "hosts"))
    assert re.search(r"^.+webshop\.yaml:\d+:\d+  error  ECS\d+ ", first, re.M)
    assert re.search(r"^ +fix +", first, re.M)
    rows = re.findall(r"^ +(\d+)  ECS(\d+) (\w+) +CKV_ECS_(\d+) +[EWI]9(\d+) +[\w-]+$", table, re.M)
    assert len(rows) > 5
    assert all(own == theirs == cfn for _, own, _, theirs, cfn in rows)
    assert len((first + table).splitlines()) < 50


def stage(name: str) -> str:
    ran = subprocess.run(
        [sys.executable, "tools/scan_everywhere.py", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
