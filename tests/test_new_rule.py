"""``make rule`` writes what a new rule starts from, and overwrites nothing."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, at work on a copy of what it touches."""
    spec = importlib.util.spec_from_file_location("new_rule", ROOT / "tools" / "new_rule.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for part in (
        "ecs_preflight/rules",
        f"samples/terraform/{tool.HEALTHY}",
        f"samples/cloudformation/{tool.HEALTHY}",
    ):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "RULES", tmp_path / "ecs_preflight" / "rules")
    return tool


def test_a_rule_is_written_and_entered(tool: ModuleType, tmp_path: Path) -> None:
    assert tool.main(["ECS999", "made-up-fault"]) == 0
    module = (tmp_path / "ecs_preflight/rules/made_up_fault.py").read_text()
    assert 'Rule("ECS999", "made-up-fault"' in module
    compile(module, "made_up_fault.py", "exec")
    listed = (tmp_path / "ecs_preflight/rules/_gathered.py").read_text()
    assert "    made_up_fault,\n" in listed
    assert "            made_up_fault.RULE,\n" in listed
    for sample in (
        "terraform/ECS999-made-up-fault/bad/main.tf",
        "cloudformation/ECS999-made-up-fault/good.yaml",
    ):
        assert "# expect" not in (tmp_path / "samples" / sample).read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["ECS605", "some-new-fault"],
        ["ECS999", "secret-not-readable"],
        ["605", "a-b"],
        ["ECS999"],
        ["ECS999", "One Word"],
    ],
)
def test_what_is_taken_or_misspelt_is_refused(
    tool: ModuleType, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert tool.main(arguments) == 2
    assert capsys.readouterr().err
