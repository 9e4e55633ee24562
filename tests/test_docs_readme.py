"""The README shows what the command really prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import scan
from ecs_preflight.cli.scanning import FORMATS
from ecs_preflight.report import terminal, text

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.search(r"```\n\$ ecs-preflight (\S+)\n(.*?)```", README, re.DOTALL)


def test_the_shown_output_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SHOWN is not None
    monkeypatch.chdir(ROOT)
    report = scan([SHOWN[1]])
    assert terminal.plain(text.render(report, width=100)) == SHOWN[2]


def test_every_format_and_file_is_named() -> None:
    assert "".join(FORMATS) == "".join(re.search(r"--format (text\|[a-z|]+)", README)[1].split("|"))  # type: ignore[index]
    for name in re.findall(r"`((?:docs|checks|plugins|samples)/[^`]*)`", README):
        assert (ROOT / name).exists(), name
