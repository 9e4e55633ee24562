"""The rules inside cfn-lint: what it reports is what the command line finds, on the same lines."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hostile_texts import harmless, written
from sampling import ROOT as SAMPLES

from ecs_preflight.analysis import judge, kept, workers
from ecs_preflight.analysis.diagnostics import OWN
from ecs_preflight.analysis.examine import examine_each
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.findings.finding import Finding, Severity
from ecs_preflight.hosts import paths
from ecs_preflight.rules import RULES
from ecs_preflight.symbolic import budget
from ecs_preflight.symbolic.source import shown

pytest.importorskip("cfnlint")

from cfnlint.config import ConfigMixIn
from cfnlint.decode import decode
from cfnlint.runner import Runner
from cfnlint.template import Template

from ecs_preflight.hosts import cfn_lint as adapter

ROOT = SAMPLES.parent
WEBSHOP = next((SAMPLES / "cloudformation" / "everything-wrong").iterdir())


def loaded(path: Path) -> Template | None:
    """The template as cfn-lint hands it to rules, or None when it cannot be decoded."""
    template, faults = decode(str(path))
    return None if faults or not isinstance(template, dict) else Template(str(path), template)


def matched(cfn: Template) -> Counter[tuple[str, int]]:
    """(id, line) of all matches of our rules."""
    return Counter(
        (rule.id, match.location[0] + 1)
        for rule in (kind() for kind in adapter.CLASSES.values())
        for match in rule.match(cfn)
    )


def found(path: Path) -> Counter[tuple[str, int]]:
    """The same of the command line's findings."""
    return Counter(
        (f"{adapter.LETTERS[o.severity]}9{o.rule[3:]}", o.span.line)
        for o in scan([path], Options(notes=True)).outcomes
        if isinstance(o, Finding)
        and o.suppressed is None
        and o.rule not in OWN
        and o.span.file == shown(path)
        and not adapter.is_repeated(o)
    )


def test_every_sample_reads_the_same_through_cfn_lint(tmp_path: Path) -> None:
    # apart from the repository, all of which would be read around each of them
    shutil.copytree(SAMPLES / "cloudformation", tmp_path, dirs_exist_ok=True)
    seen: Counter[tuple[str, int]] = Counter()
    for path in sorted(tmp_path.rglob("*")):
        cfn = loaded(path) if path.suffix in (".yaml", ".yml", ".json") else None
        if cfn is not None:
            matches = matched(cfn)
            here = found(path)
            assert matches >= here, path
            # what calls another template tells that one's findings as well
            assert matches == here or "AWS::CloudFormation::Stack" in path.read_text(), path
            seen += matches
    assert len({id_[2:] for id_, _ in seen}) > 40


CHILD = """
Parameters:
  Role: {Type: String}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !Ref Role
      ContainerDefinitions:
        - Name: app
          Image: nginx
          Secrets: [{Name: A, ValueFrom: !Ref Secret}]
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: app}}
  Unassumable:
    Type: AWS::ECS::TaskDefinition
    Properties: {TaskRoleArn: !GetAtt Other.Arn, ContainerDefinitions: [{Name: b, Image: c, Memory: 9}]}
  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]
"""
PARENT = """
Resources:
  Execution:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: 'sts:AssumeRole'}]
  App:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./child.yaml, Parameters: {Role: !GetAtt Execution.Arn}}
"""


def test_what_a_nested_template_cannot_say_alone_is_said_where_it_is_called(tmp_path: Path) -> None:
    for name, text in (("child.yaml", CHILD), ("parent.yaml", PARENT)):
        (tmp_path / name).write_text(text)
    parent, child = loaded(tmp_path / "parent.yaml"), loaded(tmp_path / "child.yaml")
    assert parent is not None and child is not None
    assert matched(parent) == {("E9605", 8): 1}
    assert "E9501" in {id_ for id_, _ in matched(child)}
    (said,) = adapter.CLASSES["E9605"]().match(parent)
    assert f"See {shown(tmp_path / 'child.yaml')}:16:" in said.message


def test_what_cfn_lint_says_itself_is_not_said_twice(tmp_path: Path) -> None:
    template = """
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '4096'
      Memory: '512'
      ContainerDefinitions:
        - Name: app
          Image: nginx
          Hostname: app
"""
    path = tmp_path / "template.yaml"
    path.write_text(template, encoding="utf-8")
    cfn = loaded(path)
    assert cfn is not None
    said = [o for o in scan([path], Options()).outcomes if isinstance(o, Finding)]
    assert sorted(adapter.is_repeated(o) for o in said if o.rule == "ECS807") == [False, True]
    assert [id_ for id_, _ in matched(cfn)].count("E9807") == 1


def test_classes_are_what_cfn_lint_expects() -> None:
    for name, kind in adapter.CLASSES.items():
        rule = kind()
        assert re.fullmatch(r"[EWI]9\d{3}", name)
        assert rule.id == name
        page = "ECS002" if kind is adapter.E9599 else f"ECS{name[2:]}"
        assert rule.shortdesc and rule.description and rule.source_url.endswith(f"/{page}/")
        assert getattr(adapter, name) is kind
    assert adapter.PreflightRule.id == ""
    for rule in RULES:
        own = {name for name in adapter.CLASSES if name[2:] == rule.id[3:]}
        assert bool(own) is (rule.id not in OWN)
        assert (
            Severity.ERROR not in rule.severities
            or rule.id in OWN
            or {f"E9{rule.id[3:]}", f"W9{rule.id[3:]}"} <= own
        )


def test_one_analysis_for_one_template(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(adapter, "scanned", lambda *a: (calls.append(a), scan(*a[:2]))[1])
    cfn = loaded(WEBSHOP)
    assert cfn is not None
    matched(cfn)
    matched(cfn)
    assert len(calls) == 1


def test_no_text_of_a_strangers_speaks(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    monkeypatch.chdir(tmp_path)
    file = Path("template.json")
    for refused in ("\\u0000", "\\ud800", "\\ufffe"):  # by cfn-lint, which then asks no rule
        file.write_text(file.read_text().replace(refused, ""))
    cfn = loaded(file)
    assert cfn is not None
    told = [match.message for kind in adapter.CLASSES.values() for match in kind().match(cfn)]
    assert len(told) > 10
    for message in told:
        harmless(message, "text")
        assert len(message.splitlines()) == 1
    for line in capfd.readouterr().err.splitlines():
        harmless(line, "stderr")


def test_paths_name_the_exact_place() -> None:
    cfn = loaded(WEBSHOP)
    assert cfn is not None
    matches = [match for kind in adapter.CLASSES.values() for match in kind().match(cfn)]
    assert matches
    for match in matches:
        assert match.path[0] == "Resources"
        node: Any = cfn.template
        for step in match.path:
            node = node[step]


def test_a_failing_scan_is_one_line_and_no_crash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: Any) -> Any:
        raise KeyError("deep inside")

    monkeypatch.setattr(adapter, "scanned", broken)
    cfn = loaded(WEBSHOP)
    assert cfn is not None
    (match,) = [match for kind in adapter.CLASSES.values() for match in kind().match(cfn)]
    assert list(match.path) == ["Resources"] and "KeyError at test_hosts_cfn_lint" in match.message
    assert [m.message for m in adapter.E9599().match(cfn)] == [match.message]
    assert capsys.readouterr() == ("", "")


def test_a_limit_that_was_reached_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "template.json"
    shutil.copyfile(WEBSHOP, template)
    monkeypatch.setattr(workers, "alone", lambda: False)
    monkeypatch.setattr(judge, "of_unit", lambda: budget.within(budget.Budget(10**6, 9)))
    cfn = loaded(template)
    assert cfn is not None
    list(adapter.E9599().match(cfn))
    assert budget.Limit.OUTPUT.exceeded in capsys.readouterr().err


# -- the command itself ----------------------------------------------------------------------------

PROGRAM = Path(sys.executable).parent / "cfn-lint"
command = pytest.mark.skipif(
    not PROGRAM.exists(), reason="cfn-lint's command is not beside this interpreter"
)


def run(
    *arguments: str | Path, cwd: Path = ROOT, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """The command, where the package can be imported as when it is installed."""
    given: Any = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    given["env"] = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [str(PROGRAM), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        **given,
    )


def ours(done: subprocess.CompletedProcess[str]) -> Counter[tuple[str, int]]:
    assert "Traceback" not in done.stderr, done.stderr
    return Counter(
        (match["Rule"]["Id"], match["Location"]["Start"]["LineNumber"])
        for match in json.loads(done.stdout)
        if match["Rule"]["Id"] in adapter.CLASSES
    )


@command
@pytest.mark.parametrize(
    "rules", [ROOT / "plugins", paths.of("cfn-lint"), "ecs_preflight.hosts.cfn_lint"]
)
def test_every_way_to_load_the_rules(rules: Path | str) -> None:
    done = run(WEBSHOP, "--append-rules", rules, "--include-checks", "I", "--format", "json")
    assert ours(done) == found(WEBSHOP)
    assert done.returncode & 2


@command
@pytest.mark.parametrize("rules", [str(ROOT / "plugins"), "ecs_preflight.hosts.cfn_lint"])
def test_from_a_configuration_file_and_without_notes(tmp_path: Path, rules: str) -> None:
    shutil.copy(WEBSHOP, tmp_path / "t.yaml")
    (tmp_path / ".cfnlintrc").write_text(f"templates: [t.yaml]\nappend_rules: ['{rules}']\n")
    wanted = Counter(
        {key: count for key, count in found(tmp_path / "t.yaml").items() if key[0][0] != "I"}
    )
    assert ours(run("--format", "json", cwd=tmp_path)) == wanted


def test_templates_of_one_call_are_scanned_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cfn-lint lints one after the other; what lies around them is read for all."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    files = [tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml")]
    for file in files:
        shutil.copy(WEBSHOP, file)
    together: list[list[str]] = []

    def noted(paths: list[str], options: Options) -> Any:
        together.append(paths)
        return examine_each(paths, options)

    monkeypatch.setattr(kept, "examine_each", noted)
    given = [*map(str, files), "--append-rules", "ecs_preflight.hosts.cfn_lint"]
    matches = list(Runner(ConfigMixIn([*given, "--include-checks", "I"])).run())
    for file in files:
        told = Counter(
            (match.rule.id, match.linenumber)
            for match in matches
            if match.rule.id in adapter.CLASSES and match.filename == str(file)
        )
        assert told == found(file)
    assert together == [list(map(str, files))]


@command
def test_from_standard_input() -> None:
    lines = {id_ for id_, _ in found(WEBSHOP)}
    done = run(
        "--append-rules",
        ROOT / "plugins",
        "--include-checks",
        "I",
        "--format",
        "json",
        stdin=WEBSHOP.read_text(),
    )
    assert {id_ for id_, _ in ours(done)} == lines


@command
def test_metadata_silences_in_the_template(tmp_path: Path) -> None:
    text = WEBSHOP.read_text()
    wanted = found(WEBSHOP)
    silenced = next(iter(wanted))[0]
    (tmp_path / "t.yaml").write_text(
        text + f"\nMetadata:\n  cfn-lint: {{config: {{ignore_checks: [{silenced}]}}}}\n"
    )
    done = run(
        "t.yaml",
        "--append-rules",
        ROOT / "plugins",
        "--include-checks",
        "I",
        "--format",
        "json",
        cwd=tmp_path,
    )
    assert {id_ for id_, _ in ours(done)} == {id_ for id_, _ in wanted} - {silenced}


@command
def test_checks_are_left_out_by_id_and_by_family() -> None:
    done = run(
        WEBSHOP,
        "--append-rules",
        ROOT / "plugins",
        "--ignore-checks",
        "E96",
        "E9501",
        "--format",
        "json",
    )
    left = {
        key: n
        for key, n in found(WEBSHOP).items()
        if key[0][0] != "I" and not key[0].startswith(("E96", "E9501"))
    }
    assert ours(done) == Counter(left)


@command
def test_the_metadata_of_a_resource_silences_what_stands_in_it(tmp_path: Path) -> None:
    wanted = {key: n for key, n in found(WEBSHOP).items() if key[0][0] != "I"}
    text = WEBSHOP.read_text()
    start = text.index("  WebshopTask:\n")
    lines = range(text[:start].count("\n") + 1, text[: text.index("\n\n", start)].count("\n") + 2)
    silenced = {id_ for id_, line in wanted if line in lines}
    assert silenced
    (tmp_path / "t.yaml").write_text(
        text.replace(
            "  WebshopTask:\n",
            (
                "  WebshopTask:\n    Metadata: {cfn-lint: {config: {ignore_checks: ["
                + ", ".join(sorted(silenced))
                + "]}}}\n"
            ),
        )
    )
    done = run("t.yaml", "--append-rules", ROOT / "plugins", "--format", "json", cwd=tmp_path)
    assert sum(ours(done).values()) == sum(
        n for (_, line), n in wanted.items() if line not in lines
    )


@command
def test_other_rules_may_be_configured_beside(tmp_path: Path) -> None:
    shutil.copy(WEBSHOP, tmp_path / "t.yaml")
    (tmp_path / ".cfnlintrc").write_text(
        f"templates: [t.yaml]\nappend_rules: ['{ROOT / 'plugins'}']\nignore_checks: [W9]\ninclude_checks: [I]\n"
        "configure_rules: {E3012: {strict: true}, E9605: {anything: true}}\n"
    )
    wanted = Counter({key: n for key, n in found(tmp_path / "t.yaml").items() if key[0][0] != "W"})
    assert ours(run("--format", "json", cwd=tmp_path)) == wanted


@command
def test_junit_and_sarif_carry_them() -> None:
    wanted = {id_ for id_, _ in found(WEBSHOP) if id_[0] != "I"}
    junit = ElementTree.fromstring(
        run(WEBSHOP, "--append-rules", ROOT / "plugins", "--format", "junit").stdout
    )
    cases = {case.get("name", "").split()[0]: case for case in junit.iter("testcase")}
    assert {
        id_
        for id_, case in cases.items()
        if id_ in adapter.CLASSES and case.find("failure") is not None
    } == wanted
    assert all(cases[id_].get("url", "").endswith(f"/rules/ECS{id_[2:]}/") for id_ in wanted)
    sarif = json.loads(
        run(WEBSHOP, "--append-rules", ROOT / "plugins", "--format", "sarif").stdout
    )["runs"][0]
    results = Counter(
        (result["ruleId"], result["locations"][0]["physicalLocation"]["region"]["startLine"])
        for result in sarif["results"]
        if result["ruleId"] in adapter.CLASSES
    )
    assert results == Counter({key: n for key, n in found(WEBSHOP).items() if key[0][0] != "I"})
    links = {rule["id"]: rule["helpUri"] for rule in sarif["tool"]["driver"]["rules"]}
    assert all(links[id_].endswith(f"/rules/ECS{id_[2:]}/") for id_ in wanted)


@command
def test_rules_are_listed_with_their_documentation() -> None:
    done = run("--list-rules", "--append-rules", ROOT / "plugins")
    assert "E9605: The execution role may not read a Secrets Manager secret" in done.stdout
    for name, kind in adapter.CLASSES.items():
        listed = done.stdout.split(f"\n{name}: ", 1)[1].split("\n", 2)[:2]
        assert listed[0] == kind().shortdesc
        assert listed[1].endswith(kind().source_url)
    done = run(WEBSHOP, "--append-rules", ROOT / "plugins", "--format", "json")
    sources = {
        match["Rule"]["Source"]
        for match in json.loads(done.stdout)
        if match["Rule"]["Id"] in adapter.CLASSES
    }
    assert all("/rules/ECS" in source for source in sources)
