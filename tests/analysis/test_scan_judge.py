"""What the worlds of one unit say together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from toys import TOY, Thing, ToyUnit, stack, thing

from ecs_preflight.analysis.judge import judge, outcomes
from ecs_preflight.findings.finding import AnyOutcome, Finding, Met, Severity, Undecided
from ecs_preflight.findings.rule import Rule
from ecs_preflight.model import Language, ModuleCall, Stack
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Known, Unknown, Value, join
from ecs_preflight.symbolic.worlds import PathCondition


def by_default(default: str, other: str, *, reusable: bool = False) -> tuple[AnyOutcome, ...]:
    """The outcomes of a thing on a bool input that is true by default."""

    def build(path_condition: PathCondition) -> Stack:
        on = path_condition.input(Name("var.on"), Known(True), (True, False))
        return stack(thing(verdict=default if on.value else other))

    return judge(ToyUnit(build, reusable=reusable), [TOY]).outcomes


def open_input(
    unknown: str, yes: str, no: str, *, reusable: bool = False
) -> tuple[AnyOutcome, ...]:
    """The outcomes of a thing that depends on a condition which nothing decides."""

    def build(path_condition: PathCondition) -> Stack:
        side = path_condition.truth(Unknown("no value", Name("var.on")))
        return stack(thing(verdict=unknown if side is None else yes if side else no))

    return judge(ToyUnit(build, reusable=reusable), [TOY]).outcomes


def only(outcomes: tuple[AnyOutcome, ...]) -> AnyOutcome:
    assert len(outcomes) == 1, outcomes
    return outcomes[0]


def test_a_fault_in_the_default_world_stands_as_it_is() -> None:
    for other in ("met", "found", "undecided", "absent"):
        finding = only(by_default("found", other))
        assert isinstance(finding, Finding)
        assert (finding.severity, finding.when) == (Severity.ERROR, None)


def test_a_fault_against_a_default_is_a_warning_that_says_when() -> None:
    for default in ("met", "undecided", "absent"):
        finding = only(by_default(default, "found"))
        assert isinstance(finding, Finding)
        assert (finding.severity, finding.when) == (Severity.WARNING, "var.on is false")


def test_a_question_that_only_an_overridden_default_brings_is_no_need() -> None:
    assert by_default("absent", "undecided") == ()
    assert by_default("absent", "met") == ()


def test_what_the_default_decides_stays_decided() -> None:
    assert isinstance(only(by_default("met", "undecided")), Met)


def test_a_fault_for_some_value_of_an_open_input_is_an_error() -> None:
    finding = only(open_input("undecided", "met", "found"))
    assert isinstance(finding, Finding)
    assert (finding.severity, finding.when) == (Severity.ERROR, "var.on is false")


def test_a_fault_for_every_value_has_no_condition() -> None:
    finding = only(open_input("undecided", "found", "found"))
    assert isinstance(finding, Finding)
    assert finding.when is None


def test_met_either_way_is_met() -> None:
    assert isinstance(only(open_input("undecided", "met", "met")), Met)
    assert isinstance(only(open_input("undecided", "met", "absent")), Met)
    assert isinstance(only(open_input("undecided", "undecided", "absent")), Undecided)


def test_each_answer_to_an_open_question_is_said_by_itself() -> None:
    for default in ("undecided", "absent"):
        proof, doubt = open_input(default, "met", "undecided")
        assert isinstance(proof, Met) and isinstance(doubt, Undecided)
        assert doubt.reason.reason.startswith("when var.on is false: ")


def test_a_need_that_only_an_open_input_brings_counts() -> None:
    assert isinstance(only(open_input("absent", "met", "absent")), Met)


def test_a_reusable_module_is_faulty_only_whatever_its_caller_passes() -> None:
    assert isinstance(only(open_input("found", "met", "met", reusable=True)), Finding)
    assert isinstance(only(open_input("undecided", "found", "found", reusable=True)), Finding)
    on_only = only(open_input("absent", "found", "absent", reusable=True))
    assert isinstance(on_only, Finding)
    assert on_only.when == "var.on is true"
    open_to_caller = only(open_input("absent", "found", "undecided", reusable=True))
    assert isinstance(open_to_caller, Undecided)
    proof, open_to_caller = open_input("absent", "found", "met", reusable=True)
    assert isinstance(proof, Met) and isinstance(open_to_caller, Undecided)
    assert "the module's caller" in open_to_caller.reason.reason
    assert isinstance(only(by_default("met", "found", reusable=True)), Met)


def test_a_template_says_when_in_its_own_condition_names() -> None:
    def build(path_condition: PathCondition) -> Stack:
        stage = path_condition.input(Name("Stage"), Known("dev"), ("dev", "prod"))
        prod = stage.value == "prod"
        return stack(
            thing(verdict="found" if prod else "met"),
            language=Language.CLOUDFORMATION,
            sides=(("HasDomain", True), ("IsDev", not prod), ("IsProd", prod)),
        )

    finding = only(judge(ToyUnit(build), [TOY]).outcomes)
    assert isinstance(finding, Finding)
    assert finding.when == "IsDev is false and IsProd is true"


def test_one_key_at_two_places_is_two_faults() -> None:
    places = [Span("main.tf", 4, 1, 4, 2), Span("main.tf", 9, 1, 9, 2)]

    def build(path_condition: PathCondition) -> Stack:
        on = path_condition.input(Name("var.on"), Known(True), (True, False))
        return stack(thing(target=places[0] if on.value else places[1]))

    found = judge(ToyUnit(build), [TOY]).outcomes
    assert [(o.span, getattr(o, "when", "")) for o in found] == [
        (places[0], None),
        (places[1], "var.on is false"),
    ]


ENV, W = (Unknown("no value", Name(name)) for name in ("var.env", "var.w"))


@pytest.mark.parametrize(
    ("one", "other", "faults"),
    [
        (join(W, "api-", ENV, "-worker"), join(W, "api-staging-worker"), 1),
        (ENV, "api-staging", 1),
        ("api[0]", "api", 1),
        (join("api-", ENV), "web-staging", 2),
        (join("api-", ENV, "-worker"), "api-staging", 2),
        ("api", "web", 2),
        (join("ab", ENV, "ba"), "aba", 2),
        (join(W, "x", ENV, "y"), "yx", 2),
        ("api-${env}", "api-staging", 2),
    ],
)
def test_a_name_that_one_world_knows_and_another_does_not_is_one(
    one: Value | str, other: Value | str, faults: int
) -> None:
    for first, second in ((one, other), (other, one)):

        def build(
            path_condition: PathCondition,
            first: Value | str = first,
            second: Value | str = second,
        ) -> Stack:
            on = path_condition.input(Name("var.on"), Known(True), (True, False))
            return stack(
                thing(
                    "aws_thing.a" if on.value else "aws_thing.a[0]",
                    subject=first if on.value else second,
                    target=Span("main.tf", 4, 1, 4, 2),
                )
            )

        assert len(judge(ToyUnit(build), [TOY]).outcomes) == faults


def test_a_fault_that_is_told_by_another_name_is_not_undecided_too() -> None:
    def build(path_condition: PathCondition) -> Stack:
        side = path_condition.truth(Unknown("no value", Name("var.on")))
        return stack(
            thing(
                verdict="undecided" if side is None else "found",
                subject="api-dev" if side is False else join("api-", ENV),
            )
        )

    assert isinstance(only(judge(ToyUnit(build), [TOY]).outcomes), Finding)


def test_findings_name_the_calls_that_lead_to_their_owner() -> None:
    calls = [
        ModuleCall(address, Span(file, line))
        for address, file, line in (
            ("module.app.module.web", "app/main.tf", 7),
            ("module.app", "main.tf", 2),
            ("module.ap", "main.tf", 9),
        )
    ]
    built = stack(thing("module.app.module.web.aws_thing.a"), calls=tuple(calls))
    finding = only(judge(ToyUnit(lambda path_condition: built), [TOY]).outcomes)
    assert isinstance(finding, Finding)
    assert finding.callers == (calls[1], calls[0])


def test_a_rule_that_raises_is_a_finding_and_the_others_run() -> None:
    def broken(rule: Rule, stack: Stack) -> Iterator[AnyOutcome]:
        yield rule.met(stack.of(Thing)[0], span=Span("main.tf", 1), subject="first")
        raise KeyError("lid")

    bad = Rule("ECS699", "broken", (Severity.ERROR,), "Broken.", broken)
    outcomes = judge(ToyUnit(lambda path_condition: stack(thing())), [bad, TOY]).outcomes
    assert {o.rule for o in outcomes} == {"ECS002", "ECS605", "ECS699"}
    failure = next(o for o in outcomes if o.rule == "ECS002")
    assert isinstance(failure, Finding)
    assert failure.message.startswith(
        "Rule 'ECS699' failed at 'infra': KeyError at test_scan_judge.py:"
    )
    assert "'lid'" in failure.message


def test_no_rule_is_put_to_a_stack_of_nothing() -> None:
    """Of thousands of roots without any resource each would be asked by each rule."""
    asked: list[Stack] = []

    def check(rule: Rule, stack: Stack) -> tuple[AnyOutcome, ...]:
        asked.append(stack)
        return ()

    rule = Rule("ECS999", "none", (Severity.ERROR,), "", check)
    assert not list(outcomes([rule], stack())) and not asked
    assert not list(outcomes([rule], stack(thing()))) and len(asked) == 1
