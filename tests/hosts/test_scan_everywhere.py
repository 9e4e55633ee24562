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
    ran = subprocess.run(
        [sys.executable, "tools/scan_everywhere.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    rows = re.findall(
        r"^ +(\d+)  ECS(\d+) (\w+) +CKV_ECS_(\d+) +[EWI]9(\d+) +[\w-]+$", ran.stdout, re.M
    )
    assert len(rows) > 5
    assert all(own == theirs == cfn for _, own, _, theirs, cfn in rows)
    assert len(ran.stdout.splitlines()) < 50
