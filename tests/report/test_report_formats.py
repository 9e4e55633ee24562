"""Each form of a report, held against a golden file, and against the reader it is made for."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import ROOT as SAMPLES
from sarif_schema import SCHEMA
from toys import TOY, ToyUnit, front_end, stack, thing, toy_finding, unit, write

from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.findings import escape
from ecs_preflight.findings.finding import Edit, Finding, Fix, NeedRecord, Severity, Suppression
from ecs_preflight.findings.identity import fingerprint
from ecs_preflight.hosts import paths
from ecs_preflight.model import ModuleCall, Principal, Resource
from ecs_preflight.report import (
    as_json,
    concise,
    github,
    gitlab,
    junit,
    markdown,
    sarif,
    terminal,
    text,
)
from ecs_preflight.rules import RULES
from ecs_preflight.symbolic.answers import Evidence
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.source import Span, Unreadable
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Known, Unknown, Why, join

CODE = """\
# a box
resource "aws_thing" "a" {
\tname = "%:,世界", lid = false  # \x1b[31m
}
"""

SMALL = (
    as_json.render,
    github.render,
    gitlab.render,
    sarif.render,
    junit.render,
    markdown.render,
    lambda report: terminal.plain(text.render(report, show_undecided=True)),
)


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """A report with everything in it that some form has to escape."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, main=CODE)
    owner = Resource(
        address='module.app["x"].aws_thing.a',
        type="aws_thing",
        span=Span("main.tf", 2, 1, 4, 2),
        label="Stack/App/Thing",
    )
    finding = replace(
        toy_finding(TOY, owner, Span("main.tf", 3, 18, 3, 29), Severity.ERROR),
        message="Thing '100%' has no lid: not on `a`, <b> or [c].\nIt needs one.",
        when="var.on is true",
        need=NeedRecord(
            Principal.EXECUTION,
            "aws_iam_role.exec",
            ("lid:Put",),
            join("arn:aws:lid:::", Unknown("no value", Name("var.x")), "/*"),
            "arn:aws:lid:::${var.x}/*",
        ),
        callers=(ModuleCall('module.app["x"]', Span("infra/main.tf", 3, 1, 5, 2)),),
        fails_with="LidError: 100% open, really",
        fix=Fix("Put the lid on.", "box {\n  lid = true\n}"),
    )
    silenced = replace(
        finding,
        suppressed=Suppression("comment", "known, & wanted", Span("main.tf", 1, 3, 1, 9)),
        subject=Known("other"),
    )
    warning = toy_finding(
        TOY, thing("aws_thing.b"), Span("a dir/b#.tf", 9, 1, 12, 2), Severity.WARNING
    )
    undecided = TOY.undecided(
        thing("aws_thing.c"),
        Unknown("variable 'x' has no value", Name("var.x"), Why.INPUT),
        span=Span("main.tf", 2, 1, 4, 2),
        subject="lid",
        need=finding.need,
    )
    scanned = scan(["."], rules=[TOY], front_ends=[front_end(unit(thing(verdict="met")))])
    return replace(
        scanned,
        outcomes=(*scanned.outcomes, finding, silenced, warning, undecided),
        stats=replace(scanned.stats, needs=4, unmet=2, undecided=1),
    )


def test_text(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("report.txt", terminal.plain(text.render(report, show_undecided=True, width=80)))


def test_json(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("report.json", as_json.render(report))


def test_github(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("report.github", github.render(report))


def test_sarif(report: Report, golden: Callable[[str, str], None]) -> None:
    document = json.loads(sarif.render(report))
    for rule in document["runs"][0]["tool"]["driver"]["rules"]:
        assert "What it finds" in rule.pop("help")["markdown"]
        assert len(rule.pop("fullDescription")["text"]) <= sarif.FULL_DESCRIPTION
    golden("report.sarif", json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def test_gitlab(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("report.gitlab.json", gitlab.render(report))


def test_junit(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("report.junit.xml", junit.render(report))


def test_markdown(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("report.md", markdown.render(report))


def test_the_same_report_reads_the_same_twice(report: Report) -> None:
    shuffled = replace(report, outcomes=report.outcomes[::-1])
    for render in SMALL:
        assert render(shuffled) == render(report)


# -- text ------------------------------------------------------------------------------------------


def frame(report: Report, code: str, span: Span, tmp_path: Path) -> list[str]:
    (tmp_path / "main.tf").write_text(code)
    finding = replace(report.findings[0], span=span, suppressed=None)
    fresh = scan(["."], rules=[TOY], front_ends=[front_end()])
    lines = terminal.plain(text.render(replace(fresh, outcomes=(finding,)))).splitlines()
    return [line.split("|", 1)[1][1:] for line in lines if "|" in line][1:]


def test_the_place_is_underlined_under_tabs_and_wide_characters(
    report: Report, tmp_path: Path
) -> None:
    code, marks = frame(report, '\tname = "世界" # x', Span("main.tf", 1, 14, 1, 15), tmp_path)
    assert code == '    name = "世界" # x'
    assert marks == " " * 18 + "^"


def test_minified_code_is_cut_around_the_place(report: Report, tmp_path: Path) -> None:
    code, marks = frame(
        report, "a" * 5000 + "HERE" + "b" * 5000, Span("main.tf", 1, 5001, 1, 5005), tmp_path
    )
    assert code[marks.index("^") :].startswith("HERE")
    assert marks.count("^") == 4
    assert len(code) <= text.CODE_WIDTH + 2


def test_findings_of_one_cause_stand_together() -> None:
    outcomes = tuple(
        replace(toy_finding(TOY, thing(name), Span("main.tf", line), Severity.ERROR), cause=cause)
        for name, line, cause in (
            ("a", 1, "role lacks permissions"),
            ("b", 2, ""),
            ("c", 3, "role lacks permissions"),
        )
    )
    lines = terminal.plain(text.render(Report(outcomes))).splitlines()
    assert [line for line in lines if "lid-missing" in line or "cause" in line] == [
        "── 2 findings, one cause: role lacks permissions",
        *(f"main.tf:{n}:1  error  ECS605 lid-missing" for n in (1, 3)),
        "── end of the 2 findings of one cause",
        "main.tf:2:1  error  ECS605 lid-missing",
    ]


@pytest.mark.parametrize(
    "sample", ["cloudformation/{}.yaml", "terraform/{}"], ids=["cloudformation", "terraform"]
)
def test_a_statement_stands_with_what_it_was_to_grant(sample: str) -> None:
    written = sample.format("ECS603-container-logs-not-writable/bad-group-without-streams")
    said = terminal.plain(text.render(scan([SAMPLES / written])))
    heading = next(line for line in said.splitlines() if "one cause" in line)
    assert heading.startswith("── 2 findings, one cause: '")
    together = said.partition(heading)[2].partition("── end of")[0]
    assert "ECS629 statement-grants-nothing\n" in together
    assert "ECS603 container-logs-not-writable\n" in together


def test_a_fault_of_a_module_is_said_once_with_all_its_calls() -> None:
    outcomes = tuple(
        replace(
            toy_finding(
                TOY, thing(f"module.{name}.aws_thing.a"), Span("m/main.tf", 3), Severity.ERROR
            ),
            subject=f"secret of {name}",
            callers=(ModuleCall(f"module.{name}", Span("main.tf", line)),),
            cause=f"module.{name} lacks it",
        )
        for line, name in enumerate(("a", "b", "c", "d", "e"), 1)
    )
    shown = terminal.plain(text.render(Report(outcomes))).splitlines()
    assert sum("lid-missing" in line for line in shown) == 1
    assert "  likewise in module.b.aws_thing.a" in shown
    assert shown.count("              … and 1 more resource") == 1
    assert shown.count("              … and 2 more calls") == 1
    assert shown[-2].startswith("5 errors")


def test_what_the_message_says_already_is_named_by_where_it_stands() -> None:
    statement = Evidence(
        "Statement 2 allows it on the bucket.", "aws_iam_policy.a", Span("iam.tf", 4)
    )
    finding = replace(
        toy_finding(TOY, thing(), Span("main.tf", 3), Severity.ERROR),
        message=f"It is not allowed. {statement.message}",
        related=(statement,),
    )
    assert "  see         iam.tf:4:1 aws_iam_policy.a\n" in terminal.plain(
        text.render(Report((finding,)))
    )


def test_a_place_that_is_not_in_the_file_has_no_frame(report: Report, tmp_path: Path) -> None:
    assert frame(report, "x\n", Span("main.tf", 99, 1, 99, 2), tmp_path) == []


@given(st.text())
def test_nothing_printed_can_steer_a_terminal(written: str) -> None:
    assert terminal.clean(written).isprintable()


def test_colour_changes_no_word(report: Report) -> None:
    lines = text.render(report, width=80)
    painted = terminal.coloured(lines)
    assert "\x1b[1;31merror\x1b[0m" in painted
    assert re.sub("\x1b\\[[0-9;]*m", "", painted) == terminal.plain(lines)


@pytest.mark.parametrize(
    ("choice", "environment", "on_terminal", "coloured"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
        ("auto", {"CLICOLOR": "0"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_when_text_is_coloured(
    choice: str, environment: dict[str, str], on_terminal: bool, coloured: bool
) -> None:
    assert terminal.wants_colour(choice, environment, on_terminal) is coloured


@given(st.text(), st.integers(min_value=20, max_value=160))
def test_wrapping_loses_nothing_and_keeps_to_the_width(written: str, width: int) -> None:
    rows = terminal.wrapped(written, width)
    assert "".join(rows).replace(" ", "") == "".join(terminal.clean(written).split())
    assert all(terminal.columns(row) <= width for row in rows)


def test_an_arn_that_fits_in_a_row_is_never_broken_and_a_longer_one_between_its_parts() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/production/database-??????"
    assert terminal.wrapped(f"may not read '{arn}'.", 90) == ["may not read", f"'{arn}'."]
    assert terminal.wrapped(f"may not read '{arn}'.", 60) == [
        "may not read 'arn:aws:secretsmanager:eu-west-1:123456789012:",
        "secret:orders/production/database-??????'.",
    ]


def test_what_is_long_is_listed_in_part_and_the_rest_counted() -> None:
    finding = replace(
        toy_finding(TOY, thing(), Span("main.tf", 3), Severity.ERROR),
        callers=tuple(ModuleCall(f"module.m{n}", Span("all.tf", n)) for n in range(1, 6)),
        related=tuple(Evidence(f"here {n}", "aws_a.b", Span("iam.tf", n)) for n in range(1, 6)),
        fix=Fix("Write all.", "\n".join(f"row {n}" for n in range(40))),
    )
    shown = terminal.plain(text.render(Report((finding,)))).splitlines()
    assert [line for line in shown if "all.tf" in line or "more" in line] == [
        "  called at   all.tf:5:1 as module.m5",
        "              all.tf:4:1 as module.m4",
        "              all.tf:3:1 as module.m3",
        "              … and 2 more calls",
        "              … and 2 more places",
        "              … 21 more lines",
    ]


def test_a_fix_that_has_edits_is_shown_as_what_goes_and_what_comes(
    report: Report, tmp_path: Path
) -> None:
    edits = (
        Edit(Span("main.tf", 3, 18, 3, 29), "lid = true"),
        Edit(Span("main.tf", 4, 1, 4, 1), "\tbox = 1\n"),
    )
    finding = replace(report.active[0], fix=Fix("Put the lid on:", "lid = true", edits))
    fresh = replace(report, outcomes=(finding,))
    shown = terminal.plain(text.render(fresh))
    assert (
        "  fix         Put the lid on:\n"
        "              main.tf:2\n"
        '                resource "aws_thing" "a" {\n'
        '              -     name = "%:,世界", lid = false  # \\x1b[31m\n'
        '              +     name = "%:,世界", lid = true  # \\x1b[31m\n'
        "              +     box = 1\n"
        "                }\n"
    ) in shown
    assert "\x1b[31m- " in terminal.coloured(text.render(fresh))
    body = markdown.render(fresh)
    assert "  ```diff\n  @@ main.tf:2 @@\n" in body
    assert "  +    box = 1\n" in body


def test_concise_is_one_line_a_finding(report: Report) -> None:
    lines = terminal.plain(concise.render(report, show_undecided=True)).splitlines()
    assert lines[:-3] == [
        "a dir/b#.tf:9:1: warning ECS605 Thing 'aws_thing.b' has no lid.",
        "main.tf:3:18: error ECS605 Thing '100%' has no lid: not on `a`, <b> or [c]. It needs one."
        " When var.on is true.",
        "main.tf:2:1: undecided ECS605 aws_thing.c: variable 'x' has no value",
    ]
    assert lines[-2].startswith("4 needs: ")


# -- GitHub ----------------------------------------------------------------------------------------


def commands(output: str) -> list[tuple[str, dict[str, str], str]]:
    """The workflow commands in an output, decoded as actions/runner does."""
    found = []
    for line in output.split("\n"):
        if line.lstrip().startswith("::"):
            head, data = line.lstrip()[2:].split("::", 1)
            name, _, properties = head.partition(" ")
            pairs = (pair.split("=", 1) for pair in properties.split(",") if pair)
            found.append((name, {key: unquote(value) for key, value in pairs}, unquote(data)))
    return found


def test_annotations_survive_the_runner(report: Report) -> None:
    warning, error = sorted(commands(github.render(report)), reverse=True)
    assert error[0] == "error"
    assert error[1] == {
        "file": "main.tf",
        "line": "3",
        "endLine": "3",
        "col": "18",
        "endColumn": "29",
        "title": "ECS605 lid-missing",
    }
    assert error[2].startswith(
        "main.tf:3:18: Thing '100%' has no lid: not on `a`, <b> or [c].\nIt needs one.\nIn module.app"
    )
    assert warning[1] == {"file": "a dir/b#.tf", "line": "9", "title": "ECS605 lid-missing"}


def test_ten_annotations_of_a_kind_and_the_last_counts_the_rest() -> None:
    for count, shown, more in (
        (10, 10, None),
        (11, 9, "2 more errors"),
        (10_000, 9, "9991 more errors"),
    ):
        outcomes = tuple(
            toy_finding(TOY, thing(f"a{i}"), Span("main.tf", i + 1), Severity.ERROR)
            for i in range(count)
        )
        made = commands(github.render(Report(outcomes)))
        assert len(made) == shown + (more is not None)
        assert more is None or made[-1][2] == f"{more}; see the job summary."


@given(st.text(), st.text(min_size=1))
def test_no_text_can_start_a_command_of_its_own(message: str, file: str) -> None:
    finding = replace(
        toy_finding(TOY, thing(), Span(file, 1, 1, 1, 2), Severity.ERROR), message=message
    )
    (only,) = commands(github.render(Report((finding,))))
    assert only[1]["file"] == escape.line(file)


def test_long_messages_stay_within_the_runners_limit() -> None:
    finding = replace(toy_finding(TOY, thing(), Span("a", 1), Severity.ERROR), message="x" * 9000)
    ((_, _, data),) = commands(github.render(Report((finding,))))
    assert len(data) <= 4096


# -- SARIF, JUnit, Markdown ------------------------------------------------------------------------


def test_sarif_is_valid(report: Report) -> None:
    for each in (report, Report(), replace(report, faults=("deep inside",))):
        jsonschema.validate(
            json.loads(sarif.render(each)), SCHEMA, format_checker=jsonschema.FormatChecker()
        )


def test_only_rules_about_security_have_a_security_severity() -> None:
    graded = {rule.id for rule in RULES if rule.security}
    assert {"ECS504", "ECS802", "ECS822"} < graded
    assert not graded & {"ECS501", "ECS605", "ECS702", "ECS821"}
    finding = replace(toy_finding(TOY, thing(), Span("a.tf", 1), Severity.ERROR), rule="ECS504")
    for each, graded_so in ((finding, "9.0"), (replace(finding, rule="ECS605"), None)):
        document = json.loads(sarif.render(Report((each,))))
        (rule,) = document["runs"][0]["tool"]["driver"]["rules"]
        assert rule["properties"].get("security-severity") == graded_so
        assert ("security" in rule["properties"]["tags"]) is (graded_so is not None)


def test_sarif_links_point_at_related_places(report: Report) -> None:
    result = next(
        r
        for r in json.loads(sarif.render(report))["runs"][0]["results"]
        if "When" in r["message"]["text"]
    )
    assert "[the box is here](1)" in result["message"]["text"]
    assert [target["id"] for target in result["relatedLocations"]] == [1, 2]
    assert (
        result["relatedLocations"][1]["physicalLocation"]["artifactLocation"]["uri"]
        == "infra/main.tf"
    )


def test_sarif_keeps_what_is_silenced(report: Report) -> None:
    results = json.loads(sarif.render(report))["runs"][0]["results"]
    assert [r["suppressions"] for r in results if "suppressions" in r] == [
        [{"kind": "inSource", "justification": "known, & wanted"}]
    ]


#: docs.gitlab.com, "Code Quality report format".
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./)[^/]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def test_gitlab_is_as_gitlab_reads_it_and_fingerprints_are_unique(report: Report) -> None:
    twice = replace(report.active[0], span=Span("main.tf", 9, 1, 9, 2))
    missing = (Unreadable("nowhere", "no such file or directory"),)
    told = replace(report, outcomes=(*report.outcomes, twice), missing=missing, faults=("deep",))
    for each in (report, told, Report()):
        issues = json.loads(gitlab.render(each))
        jsonschema.validate(issues, GITLAB)
        prints = [issue["fingerprint"] for issue in issues]
        assert len(set(prints)) == len(prints)
    severities = [issue["severity"] for issue in json.loads(gitlab.render(told))]
    assert severities.count("blocker") == 2


def test_junit_counts_and_parses(report: Report) -> None:
    root = ElementTree.fromstring(junit.render(report))
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "1", "2")
    assert len(root.findall(".//failure")) == 1
    assert ElementTree.fromstring(junit.render(Report())).get("tests") == "1"


@given(st.text())
def test_junit_holds_any_text(message: str) -> None:
    finding = replace(toy_finding(TOY, thing(), Span("a", 1), Severity.ERROR), message=message)
    assert ElementTree.fromstring(junit.render(Report((finding,)))).find(".//failure") is not None


def test_markdown_stays_within_githubs_limit() -> None:
    outcomes = tuple(
        replace(
            toy_finding(TOY, thing(f"a{i}"), Span("main.tf", i + 1), Severity.ERROR),
            message="x" * 2000,
        )
        for i in range(1000)
    )
    body = markdown.render(Report(outcomes))
    assert len(body.encode()) < 2**20
    assert body.endswith("more findings left out.\n")


def test_places_are_links_where_github_shows_the_files(report: Report) -> None:
    shown = markdown.source(
        {"GITHUB_SERVER_URL": "https://gh", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee"}
    )
    body = markdown.render(report, shown)
    assert '<a href="https://gh/a/b/blob/c0ffee/a%20dir/b%23.tf#L9-L12">' in body
    assert "[`infra/main.tf:3`](https://gh/a/b/blob/c0ffee/infra/main.tf#L3-L5)" in body
    assert markdown.source({"GITHUB_SERVER_URL": "https://gh"}) == ""


def test_what_was_not_scanned_is_told_in_markdown(report: Report) -> None:
    missing = (Unreadable("no_where", "no such file or directory"),)
    body = markdown.render(replace(report, missing=missing, faults=("deep inside",)))
    assert "🔴 not scanned: no\\_where: no such file or directory" in body
    assert "🔴 not scanned: deep inside" in body


def _closed(schema: object) -> object:
    """The schema with every object closed: a key that we write and do not describe is a fault."""
    if isinstance(schema, dict):
        closed = {key: _closed(value) for key, value in schema.items()}
        return {**closed, "additionalProperties": False} if "properties" in schema else closed
    return [_closed(item) for item in schema] if isinstance(schema, list) else schema


def test_json_is_as_its_schema_describes_it(report: Report) -> None:
    schema = json.loads(paths.of("json-schema").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for each in (report, Report(), scan(["samples"], Options(notes=True))):
        validator = jsonschema.Draft202012Validator(_closed(schema))
        validator.validate(json.loads(as_json.render(each)))


def test_the_problem_matcher_reads_concise_lines(report: Report) -> None:
    ((pattern,),) = (
        each["pattern"]
        for each in json.loads(paths.of("problem-matcher").read_text())["problemMatcher"]
    )
    lines = terminal.plain(concise.render(report)).splitlines()
    found = [match for line in lines if (match := re.match(pattern["regexp"], line))]
    assert [match[pattern["file"]] for match in found] == ["a dir/b#.tf", "main.tf"]
    assert [match[pattern["column"]] for match in found] == ["1", "18"]
    assert [match[pattern["severity"]] for match in found] == ["warning", "error"]


def test_json_keeps_the_promised_keys(report: Report) -> None:
    document = json.loads(as_json.render(report))
    assert document["version"] == 1
    finding = next(f for f in document["findings"] if f["suppressed"] is None and f["when"])
    assert set(finding) >= {
        "rule",
        "name",
        "severity",
        "phase",
        "message",
        "resource",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "when",
        "callers",
        "need",
        "related",
        "fails_with",
        "fix",
        "help",
        "fingerprint",
        "suppressed",
    }
    assert finding["need"]["principal"] == "execution"
    assert set(document["stats"]) >= {
        "files",
        "stacks",
        "task_definitions",
        "launches",
        "roles",
        "needs",
        "met",
        "unmet",
        "undecided",
    }
    assert document["undecided"][0]["reason"] == "variable 'x' has no value"


def test_a_fingerprint_does_not_move_with_lines() -> None:
    def only(line: int, file: str = "infra/main.tf") -> Finding:
        built = stack(thing(file=file, line=line, end_line=line + 2))
        (finding,) = scan(
            ["."], rules=[TOY], front_ends=[front_end(ToyUnit(lambda path_condition: built))]
        ).findings
        return finding

    assert (
        fingerprint(only(3)) == fingerprint(only(30)) == fingerprint(only(3, "infra/services.tf"))
    )
    assert fingerprint(only(3)) != fingerprint(only(3, "other/main.tf"))
    assert fingerprint(only(3, "a.yaml")) != fingerprint(only(3, "b.yaml"))
