"""Two platforms of many services, in modules, loops, templates and nested stacks: whatever fault is
planted, the fixes leave nothing to find, and their diffs are kept as a reviewer has seen them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from planted_faults import CLOUDFORMATION, TERRAFORM, Fault

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options
from ecs_preflight.report import diff

PLATFORMS = Path(__file__).resolve().parents[1] / "data" / "platforms"
FAULTS = {"terraform": TERRAFORM, "cloudformation": CLOUDFORMATION}
LANGUAGES = pytest.mark.parametrize("language", FAULTS)


@pytest.fixture
def platform(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "platform"
    shutil.copytree(PLATFORMS / language, copy)
    monkeypatch.chdir(copy)
    return copy


def _planted(folder: Path, fault: Fault) -> bool:
    """Is the fault in the files now? Another one may have taken its place."""
    texts: dict[Path, str] = {}
    for file, old, new in fault:
        text = texts.get(folder / file) or (folder / file).read_text("utf-8")
        if old not in text:
            return False
        texts[folder / file] = text.replace(old, new, 1)
    for path, text in texts.items():
        path.write_text(text, "utf-8")
    return True


def _mended() -> str:
    """The diff of all fixes, after which there is nothing to find."""
    made = mend(["."], Options(), unsafe=True)
    assert [f"{finding.rule} {finding.span}" for finding in made.after.active] == []
    assert made.refused == ()
    return diff.render(made.changes)


@LANGUAGES
def test_all_faults_at_once(
    language: str, platform: Path, golden: Callable[[str, str], None]
) -> None:
    planted = [name for name, fault in FAULTS[language].items() if _planted(platform, fault)]
    assert len(planted) >= 12
    golden(f"platform.{language}.diff", _mended())


@pytest.mark.slow
@LANGUAGES
def test_fault_by_fault(language: str, platform: Path, golden: Callable[[str, str], None]) -> None:
    found = []
    for name, fault in FAULTS[language].items():
        before = {file: (platform / file).read_text("utf-8") for file in _files(fault)}
        assert _planted(platform, fault), name
        changed = _mended()
        assert changed or name == "gateway-readonly", name  # a fault with ECS Exec alone
        found.append(f"# {name}\n{changed}")
        for file, text in before.items():
            (platform / file).write_text(text, "utf-8")
    golden(f"platform-faults.{language}.diff", "\n".join(found))


def _files(fault: Iterable[tuple[str, str, str]]) -> set[str]:
    return {file for file, _, _ in fault}
