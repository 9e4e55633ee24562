"""The rules as cfn-lint rules: ``cfn-lint TEMPLATE --append-rules ecs_preflight.hosts.cfn_lint``.

cfn-lint reads a finding's severity from the first letter of its id, so a rule has a class for each
severity it can give: ``E9605``, ``W9605``. They share one analysis of the template. It is kept on
cfn-lint's Template, which lives exactly as long as it is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, NamedTuple

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from ..analysis import workers
from ..analysis.diagnostics import OWN, beyond_limit
from ..analysis.kept import scanned
from ..analysis.scan import Options, Report, scan_unit
from ..cloudformation import unit_from_template
from ..findings import escape
from ..findings.finding import Finding, Severity
from ..findings.rule import Rule
from ..rules import RULES, file_not_readable, rule_failed
from ..symbolic.faults import Fault, describe
from ..symbolic.source import NOWHERE, Span, shown
from .collecting import uncollected

LETTERS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.NOTE: "I"}
#: How cfn-lint calls a template that it reads from standard input.
STDIN = (None, "", "-")


#: What cfn-lint's own rules say of a template (E3042, E3046, E3047, E3048, E3052, E3053): how
#: AWS's message begins.
OF_CFN_LINT = (
    "ClientException: Task definition doesn't have any essential container",
    "ClientException: Log driver awslogs requires options",
    "ClientException: Log driver awslogs disallows options",
    "ClientException: No Fargate configuration exists",
    "ClientException: Fargate requires that 'cpu'",
    "ClientException: Fargate requires that 'memory'",
    "ClientException: Fargate only supports network mode",
    "ClientException: When networkMode=awsvpc",
    "InvalidParameterException: Network Configuration must be provided",
)


def is_repeated(finding: Finding) -> bool:
    """Does a rule of cfn-lint's own say the same? Of what only some values bring it may not."""
    return not finding.circumstances and (finding.fails_with or "").startswith(OF_CFN_LINT)


class PreflightRule(CloudFormationLintRule):  # type: ignore[misc]
    """The base of the rules below. It has no id, so that cfn-lint passes over it."""

    rule: Rule
    grade: Severity

    def match(self, cfn: Any) -> Iterator[RuleMatch]:
        """This rule's findings of this grade in the template at hand, as cfn-lint wants them."""
        for finding, place in _linted(cfn).here:
            is_ours = finding.rule == self.rule.id and finding.severity is self.grade
            if is_ours and not is_repeated(finding):
                yield RuleMatch(list(place.path), _worded(finding, place), **_location(place))

    def matchall_resource_properties(self, *_: object) -> tuple[()]:
        """Nothing of a resource alone: cfn-lint asks each rule about each resource, and logs it."""
        return ()


def _classes() -> Iterator[type[PreflightRule]]:
    """One class for each rule and severity. Whatever can be an error is a warning where it takes an
    input's value that is not the default. The description bears the link, for ``--list-rules``
    prints no more than that."""
    for rule in RULES:
        grades = {
            *rule.severities,
            *((Severity.WARNING,) if Severity.ERROR in rule.severities else ()),
        }
        for severity in sorted(grades if rule.id not in OWN else (), key=lambda s: s.rank):
            name = f"{LETTERS[severity]}9{rule.id.removeprefix('ECS')}"
            yield type(
                name,
                (PreflightRule,),
                {
                    "__module__": __name__,
                    "rule": rule,
                    "grade": severity,
                    "id": name,
                    "shortdesc": rule.title,
                    "description": f"{_summary(rule)} See {rule.help}",
                    "source_url": rule.help,
                    "tags": ["ecs", "iam", rule.name],
                },
            )


def _summary(rule: Rule) -> str:
    """The page's section on what the rule finds, in one paragraph."""
    lines = rule.page.split("What it finds", 1)[-1].strip("\n -=").split("\n\n", 1)[0].splitlines()
    return " ".join(" ".join(lines).split()) or rule.title


class E9599(CloudFormationLintRule):  # type: ignore[misc]
    """What of the template could not be judged; the number is no rule's."""

    id = "E9599"
    shortdesc = "ecs-preflight could not judge the template"
    description = (
        "What ecs-preflight could not read, or failed at, is neither right nor wrong. "
        f"See {rule_failed.RULE.help}"
    )
    source_url = rule_failed.RULE.help
    tags = ("ecs", "iam", rule_failed.RULE.name)

    def match(self, cfn: Any) -> Iterator[RuleMatch]:
        """The faults of our own, so that what was not judged never looks like health."""
        report = _linted(cfn).report
        for fault in report.faults:
            place = fault.span if fault.span.file == _file(cfn) else NOWHERE
            yield _unjudged(f"A fault of ecs-preflight's own, please report it: {fault}", place)
        for missing in report.missing:
            yield _unjudged(str(missing), NOWHERE)
        for finding, place in _linted(cfn).here:
            if finding.rule == file_not_readable.RULE.id and finding.severity is Severity.ERROR:
                yield _unjudged(finding.message, place)


def _unjudged(message: str, place: Span) -> RuleMatch:
    return RuleMatch(list(place.path) or ["Resources"], message, **_location(place))


#: cfn-lint takes the classes it finds as attributes of the module it is given.
CLASSES: dict[str, type] = {E9599.__name__: E9599, **{rule.__name__: rule for rule in _classes()}}
globals().update(CLASSES)


class Linted(NamedTuple):
    """The analysis of a template, and the findings with their places in it."""

    report: Report
    here: tuple[tuple[Finding, Span], ...] = ()


def _linted(cfn: Any) -> Linted:
    """The analysis of the template, made once; a failed one is told as such."""
    kept: tuple[object, Linted] | None = getattr(cfn, "_ecs_preflight", None)
    if kept is None or kept[0] is not cfn.template:
        kept = (cfn.template, _analysed(cfn))
        cfn._ecs_preflight = kept
    return kept[1]


def _analysed(cfn: Any) -> Linted:
    config = _config()
    options = Options(notes=_asks_for_notes(config), supervised=workers.alone())
    try:
        if cfn.filename in STDIN:
            unit = unit_from_template("-", cfn.template)
            report = scan_unit(unit, options) if unit else Report()
        else:
            with uncollected():
                report = scanned([cfn.filename], options, _to_come(cfn.filename, config))
        here = tuple(_placed(report, _file(cfn), options))
    except Exception as error:  # noqa: BLE001 -- a fault of ours must not become one of cfn-lint's
        return Linted(Report(faults=(Fault("the template", describe(error), NOWHERE),)))
    partly = [
        f"{finding.span}: {finding.message}"
        for finding in report.active
        if finding.rule == file_not_readable.RULE.id and finding.severity is not Severity.ERROR
    ]
    for message in (*partly, *map(beyond_limit, report.beyond_limits)):
        print(escape.line(f"ecs-preflight: {message}"), file=sys.stderr)
    return Linted(report, here)


def _config() -> Any:
    """cfn-lint's configuration, found on the call stack; None where there is none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if "config" in frame.f_locals:
            return frame.f_locals["config"]
        frame = frame.f_back
    return None


def _asks_for_notes(config: Any) -> bool:
    """Is any rule of grade I run: is one included, as none is by default
    (``cfnlint.rules._rule._rule_is_enabled``)?"""
    included = getattr(config, "include_checks", None)
    return included is None or any(LETTERS[Severity.NOTE].startswith(i[:1]) for i in included)


def _to_come(template: str, config: Any) -> list[str]:
    """The templates that are linted after this one, which cfn-lint's configuration names."""
    templates = list(getattr(config, "templates", None) or ())
    return templates[templates.index(template) + 1 :] if template in templates else []


def _file(cfn: Any) -> str:
    return "-" if cfn.filename in STDIN else shown(cfn.filename)


def _placed(report: Report, file: str, options: Options) -> Iterator[tuple[Finding, Span]]:
    """What stands in another file, in a nested template or in the definition of a state machine, is
    told where this one names it, unless that file says it by itself when it is linted."""
    alone: dict[str, set[tuple[str, Span]]] = {}
    for finding in report.outcomes:
        if not isinstance(finding, Finding) or finding.suppressed is not None:
            continue
        own = finding.span
        if own.file == file:
            yield finding, own
            continue
        calls = (finding.owner.span, *(call.span for call in finding.callers))
        place = next((span for span in calls if span.file == file), None)
        if place is None:
            continue
        if own.file not in alone:
            by_itself = scanned([own.file], options).findings
            alone[own.file] = {(found.rule, found.span) for found in by_itself}
        if (finding.rule, own) not in alone[own.file]:
            yield finding, place


def _location(span: Span) -> dict[str, tuple[int, int, int, int]]:
    """The exact place, counted from 0. cfn-lint finds that of a key by itself where we have no
    text."""
    if not span.line:
        return {}
    return {"location": (span.line - 1, span.column - 1, span.end_line - 1, span.end_column - 1)}


def _worded(finding: Finding, place: Span) -> str:
    """cfn-lint drops a second message that reads like the first, so each names its owner; and where
    it stands, if that is not its ``place``."""
    owner = (
        f" (in '{finding.owner.address}')"
        if f"'{finding.owner.address}'" not in finding.message
        else ""
    )
    label = f" ({finding.owner.label})" if finding.owner.label else ""
    when = f" {finding.proviso}" if finding.proviso else ""
    fix = f" Fix: {finding.fix.line}" if finding.fix else ""
    stands = f" See {finding.span}." if finding.span != place else ""
    return escape.line(f"{finding.message}{owner}{label}{when}{stands}{fix}")
