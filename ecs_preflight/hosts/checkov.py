"""The rules as checkov checks: for Terraform, Terraform plans and CloudFormation.

checkov gives a check one resource and neither the file it stands in nor the others; in
CloudFormation no graph either. So the run that a check belongs to is found on the call stack, where
checkov's runner holds what it has parsed, and all of it is scanned once. The message travels as the
check's name, the one field that each of checkov's outputs carries as it is (``details`` make its
SARIF invalid, and CloudFormation drops them).

checkov swallows exceptions: whatever fails here is told in one line on standard error.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from checkov.cloudformation.checks.resource.base_resource_check import (
    BaseResourceCheck as CloudFormationResourceCheck,
)
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.bridgecrew.severities import BcSeverities, Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.common.runners.base_runner import BaseRunner
from checkov.runner_filter import RunnerFilter
from checkov.terraform.checks.resource.base_resource_check import (
    BaseResourceCheck as TerraformResourceCheck,
)
from checkov.terraform.checks.resource.registry import resource_registry

from ..adapters.units import Inputs
from ..analysis import workers
from ..analysis.diagnostics import OWN, beyond_limit, failed, unreadable
from ..analysis.evaluation import task_files
from ..analysis.kept import scanned
from ..analysis.scan import Options, Report
from ..findings import escape
from ..findings.finding import AnyOutcome, Finding, Met, Severity
from ..findings.rule import Rule
from ..rules import RULES, rule_failed
from ..symbolic.faults import Fault, describe
from ..symbolic.source import NOWHERE, Boundary
from ..symbolic.values import literal
from .checkov_lists import Checks
from .checkov_types import CLOUDFORMATION_TYPES, TERRAFORM_TYPES, types_of
from .collecting import uncollected

SEVERITIES = {
    Severity.ERROR: BcSeverities.HIGH,
    Severity.WARNING: BcSeverities.MEDIUM,
    Severity.NOTE: BcSeverities.LOW,
}
#: Where checkov puts modules it downloads: judged as parts of their callers, never alone.
DOWNLOADED = frozenset({".external_modules", ".terraform"})

#: The rule whose check fails for each resource that could not be judged.
UNJUDGED = rule_failed.RULE.id


def check_id(rule: str) -> str:
    """The rule's id under checkov: ``CKV_ECS_605``."""
    return f"CKV_ECS_{rule.removeprefix('ECS')}"


@cache
def register() -> None:
    """Register a check for each rule and language, once: checkov runs the shim for each
    framework."""
    for rule in RULES:
        if rule.id not in OWN or rule.id == UNJUDGED:
            TerraformCheck(rule)
            CloudFormationCheck(rule)
    for registry, types in (
        (resource_registry, TERRAFORM_TYPES),
        (cfn_registry, CLOUDFORMATION_TYPES),
    ):
        for kind in types:
            registry.checks[kind] = Checks(registry.checks[kind], _Adapter, _speaking)


class _Adapter:
    """What both languages' checks share. The first base, so that its ``run`` comes first."""

    name: str

    def __init__(self, rule: Rule, types: tuple[str, ...]) -> None:
        super().__init__(
            name=rule.title,
            id=check_id(rule.id),
            categories=[CheckCategories.IAM],  # type: ignore[call-arg]
            supported_resources=types,
            guideline=rule.help,
        )
        self.rule = rule
        self.severity = Severities[SEVERITIES[rule.severities[0]]]
        self.comment = ""

    def run(self, *arguments: Any, **named: Any) -> Any:
        """checkov reads the name, and the comment of what is skipped, right after the run."""
        self.name, self.comment = self.rule.title, ""
        result = super().run(*arguments, **named)  # type: ignore[misc]
        if result["result"] is CheckResult.SKIPPED and self.comment:
            result["suppress_comment"] = self.comment
        return result

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """FAILED for a finding, PASSED for a need that is met; no need or an open one gives no
        record."""
        try:
            runner, chosen, folder = _calling_run()
            analysis = _analysis(runner, chosen, folder)
            outcomes = analysis.of(self.rule.id, conf)
            if not _is_told(chosen):
                others = {rule.id for rule in RULES} - {self.rule.id}
                lost = analysis.of(UNJUDGED, conf)
                outcomes = [*outcomes, *(o for o in lost if literal(o.subject) not in others)]
            findings = [o for o in outcomes if isinstance(o, Finding) and _wanted(o, chosen)]
        except Exception as error:  # noqa: BLE001 -- checkov would swallow it
            _tell(f"{self.rule.id} was not applied: {describe(error)}")
            self.name = f"{self.rule.title}: {describe(error)}"
            return CheckResult.FAILED if self.rule.id == UNJUDGED else CheckResult.UNKNOWN
        loud = [finding for finding in findings if finding.suppressed is None]
        if loud:
            messages = dict.fromkeys(_worded(finding, self.rule) for finding in loud)
            self.name = escape.line(" ".join(messages))
            return CheckResult.FAILED
        if findings:
            reasons = dict.fromkeys(f.suppressed.reason for f in findings if f.suppressed)
            self.comment = escape.line(" ".join(reasons)) or "suppressed"
            return CheckResult.SKIPPED
        met = bool(outcomes) and all(isinstance(outcome, Met) for outcome in outcomes)
        return CheckResult.PASSED if met else CheckResult.UNKNOWN


class TerraformCheck(_Adapter, TerraformResourceCheck):  # type: ignore[misc]
    """A rule on Terraform resources, plans too."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule, types_of(rule.id, TERRAFORM_TYPES))

    def scan_entity_conf(self, conf: dict[str, Any], entity_type: str) -> CheckResult:
        """Also what checkov passes over because it takes its ``count`` for 0: with
        ``var.role == null ? 1 : 0`` it is mistaken."""
        self.entity_type = entity_type
        return self.scan_resource_conf(conf)


class CloudFormationCheck(_Adapter, CloudFormationResourceCheck):  # type: ignore[misc]
    """A rule on resources of templates."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule, types_of(rule.id, CLOUDFORMATION_TYPES))


def _speaking(conf: object) -> Container[str] | None:
    """The rules that have something to say of the resource; None where each may have."""
    try:
        rules = _analysis(*_calling_run()).rules(conf)
    except Exception:  # noqa: BLE001 -- told where it is applied
        return None
    return None if UNJUDGED in rules else rules


# -- the run and its analysis ----------------------------------------------------------------------


def _calling_run() -> tuple[Any, RunnerFilter, str]:
    """The runner on whose behalf the current check runs, its filter, and the folder that checkov
    was given, or "" where it was given files alone. Raises LookupError."""
    frame, found = inspect.currentframe(), None
    while frame is not None:
        if "runner_filter" not in frame.f_code.co_varnames:  # to ask for the others' values is slow
            frame = frame.f_back
            continue
        runner, chosen = frame.f_locals.get("self"), frame.f_locals.get("runner_filter")
        if isinstance(runner, BaseRunner) and isinstance(chosen, RunnerFilter):
            found = runner, chosen
            folder = frame.f_locals.get("root_folder")
            if folder and isinstance(folder, str):
                return runner, chosen, folder
        frame = frame.f_back
    if found is None:
        raise LookupError("checkov's runner is not on the call stack")
    return *found, ""


def _is_told(chosen: RunnerFilter) -> bool:
    """Does the check run that fails for what could not be judged, or did the user leave it out by
    name? Where others are selected, they fail for it."""
    name = check_id(UNJUDGED)
    left_out = name in (chosen.skip_checks or ())
    return left_out or not chosen.checks or bool(chosen.should_run_check(check_id=name))


def _wanted(finding: Finding, chosen: RunnerFilter) -> bool:
    """Notes only where their check is selected by its id, not by a wildcard, or their severity is:
    for checkov a record that failed fails the build."""
    return (
        finding.severity is not Severity.NOTE
        or check_id(finding.rule) in chosen.checks
        or _is_for_low(chosen)
    )


def _asks_for_notes(chosen: RunnerFilter) -> bool:
    """Is there a rule whose notes are wanted?"""
    return _is_for_low(chosen) or any(check_id(rule.id) in chosen.checks for rule in RULES)


def _is_for_low(chosen: RunnerFilter) -> bool:
    """Is the severity of notes selected?"""
    least = chosen.check_threshold
    return bool(least and least.level <= Severities[BcSeverities.LOW].level)


def _worded(finding: Finding, rule: Rule) -> str:
    """The message, with what a reader of checkov's report does not see otherwise."""
    owner, span = finding.owner.span, finding.span
    inside = span.file == owner.file and owner.line <= span.line <= owner.end_line
    grade = (
        f"{finding.severity.value.capitalize()}: "
        if finding.severity is not rule.severities[0]
        else ""
    )
    when = f" {finding.proviso}" if finding.proviso else ""
    place = f" See {span.file}:{span.line}." if span.file and not inside else ""
    fix = f" Fix: {finding.fix.line}" if finding.fix else ""
    return f"{grade}{finding.message}{when}{place}{fix}"


class _Analysis:
    """The outcomes of one run, by rule and by the resource as checkov holds it.

    checkov's addresses are exact where it knows ``count`` and ``for_each``, and bare where not: an
    outcome belongs to the resource of its file and address, else to those that agree but for
    indices.
    """

    def __init__(
        self,
        outcomes: Iterable[AnyOutcome] = (),
        resources: Iterable[_Resource] = (),
        framework: str = "",
        lost: Iterable[tuple[Finding, tuple[str, ...]]] = (),
    ) -> None:
        exact: dict[tuple[str, str], list[int]] = defaultdict(list)
        bare: dict[tuple[str, str], list[int]] = defaultdict(list)
        beside: dict[str, list[int]] = defaultdict(list)
        real = cache(os.path.realpath)
        # Whose resources may stand in the code, or in the plan.
        plan = framework == "terraform_plan"
        for file, address, conf in resources:
            beside[file].append(id(conf))
            exact["" if plan else file, address].append(id(conf))
            bare["" if plan else file, _bare(address)].append(id(conf))
        self._outcomes: dict[tuple[str, int], list[AnyOutcome]] = defaultdict(list)
        self.homeless: list[Finding] = []
        for outcome in outcomes:
            file = "" if plan else real(outcome.owner.span.file)
            address = outcome.owner.address
            if framework == "cloudformation":  # a nested stack's resources, in the nested template
                address = address.rsplit(".", 1)[-1]
            homes = exact.get((file, address)) or bare.get((file, _bare(address))) or []
            rule = outcome.rule
            if isinstance(outcome, Finding) and rule in OWN and outcome.severity is Severity.ERROR:
                homes, rule = homes or beside[real(outcome.span.file)], UNJUDGED
            for home in homes:
                self._outcomes[rule, home].append(outcome)
            if not homes and isinstance(outcome, Finding) and outcome.suppressed is None:
                self.homeless.append(outcome)

        for finding, files in lost:
            homes = [home for file in files for home in beside[os.path.realpath(file)]]
            for home in homes or [home for each in beside.values() for home in each]:
                self._outcomes[UNJUDGED, home].append(finding)

        self._rules: dict[int, set[str]] = defaultdict(set)
        for rule, home in self._outcomes:
            self._rules[home].add(rule)

    def of(self, rule: str, conf: object) -> list[AnyOutcome]:
        return self._outcomes.get((rule, id(conf)), [])

    def rules(self, conf: object) -> Container[str]:
        """Those that have something to say of the resource."""
        return self._rules.get(id(conf), ())


#: (file, address, the resource's configuration as checkov holds it).
_Resource = tuple[str, str, dict[str, Any]]
_LOCK = threading.Lock()


def _analysis(runner: Any, chosen: RunnerFilter, folder: str) -> _Analysis:
    """The analysis of the run, made once; where it fails, no resource is judged."""
    with _LOCK:
        kept: _Analysis | None = getattr(runner, "_ecs_preflight", None)
        if kept is None:
            try:
                kept = _analyse(runner, chosen, folder)
            except Exception as error:  # noqa: BLE001 -- see above
                _tell(f"no CKV_ECS check was applied: {describe(error)}")
                fault = Fault("this run", describe(error), NOWHERE)
                resources = _resources(runner.definitions or {})
                kept = _Analysis(resources=resources, lost=[(failed(fault), ())])
            runner._ecs_preflight = kept
        return kept


def _analyse(runner: Any, chosen: RunnerFilter, folder: str) -> _Analysis:
    resources = list(_resources(runner.definitions or {}))
    files = sorted({_written(key) for key in runner.definitions or {}})
    inputs = Inputs(var_files=tuple(Path(file).absolute() for file in chosen.var_files or ()))
    if not files:
        return _Analysis()
    # One boundary for all, that of the folder which checkov was given: it follows modules and links
    # to files outside.
    given = folder or os.path.commonpath([os.path.dirname(file) for file in files])
    root = Boundary.around(given).root
    with uncollected():
        report = scanned(
            [file for file in files if not DOWNLOADED & set(Path(file).parts)],
            Options(inputs, root, notes=_asks_for_notes(chosen), supervised=workers.alone()),
        )
    lost = [(failed(fault), fault.files) for fault in report.faults if fault.files]
    lost += [(unreadable(missing), (missing.path,)) for missing in report.missing]
    analysis = _Analysis(report.outcomes, resources, str(runner.check_type), lost)
    for message in (*_asides(report, analysis, chosen), *_unheard(files, root)):
        _tell(message)
    return analysis


def _unheard(files: list[str], root: Path) -> Iterator[str]:
    """What stands among the run's files, and checkov has no resource for."""
    folder = os.path.commonpath([os.path.dirname(file) for file in files])
    found = task_files(folder, root)
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        yield (
            f"checkov has no resources for task definition files: {', '.join(found[:3])}{more}; "
            "'ecs-preflight scan' judges them"
        )


def _resources(definitions: dict[Any, Any]) -> Iterator[_Resource]:
    """All resources that checkov has parsed and runs us on: Terraform's under ``resource``, by type
    and name, and CloudFormation's under ``Resources``, by logical id."""
    for key, definition in definitions.items():
        if not isinstance(definition, dict):
            continue
        file = _file(key)
        for block in definition.get("resource") or ():
            for kind, named in block.items():
                for conf in named.values() if kind in TERRAFORM_TYPES else ():
                    if isinstance(conf, dict):
                        yield file, str(conf.get("__address__", "")), conf
        for name, conf in (definition.get("Resources") or {}).items():
            if isinstance(conf, dict) and conf.get("Type") in CLOUDFORMATION_TYPES:
                yield file, str(name), conf


def _file(key: Any) -> str:
    """The file of a definition, by which outcomes find it."""
    return os.path.realpath(_written(key))


def _written(key: Any) -> str:
    """The file of a definition as checkov found it, which decides the boundary: its keys are paths,
    or name a module's call beside the path."""
    return os.path.abspath(str(getattr(key, "file_path", key)))


def _bare(address: str) -> str:
    return re.sub(r'\[(?:"(?:[^"\\]|\\.)*"?)?[^\]]*\]?', "", address)


def _asides(report: Report, analysis: _Analysis, chosen: RunnerFilter) -> Iterator[str]:
    """What cannot become a record of checkov's, and must not be lost."""
    for finding in analysis.homeless:
        if finding.rule in OWN:
            yield f"{finding.span}: {finding.message}"
        elif _wanted(finding, chosen) and chosen.should_run_check(check_id=check_id(finding.rule)):
            yield (
                f"{finding.span}: {check_id(finding.rule)}: {finding.message} "
                f"(checkov has no resource '{finding.owner.address}')"
            )
    yield from (str(error) for error in report.missing)
    yield from map(str, report.faults)
    yield from map(beyond_limit, report.beyond_limits)


def _tell(message: str) -> None:
    print(escape.line(f"ecs-preflight: {message}"), file=sys.stderr)
