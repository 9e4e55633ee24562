"""When two outcomes are the same one."""

from __future__ import annotations

from ecs_preflight.findings.finding import Finding, NeedRecord, Severity
from ecs_preflight.findings.identity import (
    fault_of_block,
    fault_of_module,
    fingerprint,
    key,
    occurrence,
    one_change,
    repeats,
    site,
)
from ecs_preflight.model import ModuleCall, Principal
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Known, Unknown, Value, join
from tests.support.toys import TOY, thing, toy_finding

ENV = Unknown("no value", Name("var.env"))


def finding(
    address: str = "aws_thing.a", file: str = "main.tf", line: int = 3, role: str = "r"
) -> Finding:
    owner = thing(address, file=file)
    need = NeedRecord(Principal.TASK, role, ("s3:GetObject",), Known("arn"), "arn")
    made = toy_finding(TOY, owner, Span(file, line, 1, line, 9), Severity.ERROR)
    return replace(made, need=need, cause=f"'{role}' lacks permissions")


def on(resource: Value, *actions: str) -> Finding:
    need = NeedRecord(Principal.TASK, "r", actions or ("s3:GetObject",), resource, "")
    return replace(finding(), need=need)


def test_an_index_that_one_world_knows_does_not_tell_findings_apart() -> None:
    assert site(finding("aws_thing.a[0]")) == site(finding("aws_thing.a"))
    assert site(finding("aws_thing.a")) != site(finding("aws_thing.b"))
    assert key(finding("aws_thing.a[0]")) != key(finding("aws_thing.a"))


def test_two_roles_or_two_places_are_two_faults() -> None:
    one = finding()
    assert occurrence(one) == occurrence(finding())
    assert occurrence(one) != occurrence(finding(role="other"))
    assert occurrence(one) != occurrence(finding(line=4))


def test_what_a_world_knows_more_of_the_name_repeats_the_need() -> None:
    general, special = join("secret:", ENV, "/db"), Known("secret:prod/db")
    assert repeats(on(special), on(general))
    assert not repeats(on(general), on(special))
    assert not repeats(on(Known("secret:prod/web")), on(general))
    assert not repeats(on(special), on(special))
    assert not repeats(on(special, "s3:PutObject"), on(general))
    assert not repeats(on(Known("secret:${var.env}/db/x")), on(general))


def test_findings_of_two_roots_or_roles_are_not_of_one_cause() -> None:
    one = finding()
    assert one_change(one) == one_change(finding("aws_thing.b", line=9))
    assert one_change(one) == one_change(finding(file="other.tf"))
    assert one_change(one) != one_change(finding(role="other"))
    assert one_change(one) != one_change(finding(file="prod/main.tf"))
    assert one_change(replace(one, cause="")) is None
    roots = [
        replace(one, callers=(ModuleCall("module.app", Span(file, 1, 1, 1, 2)),))
        for file in ("dev/main.tf", "prod/main.tf")
    ]
    assert one_change(roots[0]) != one_change(roots[1])


def test_a_fault_of_a_module_is_one_for_all_its_calls() -> None:
    calls = [
        replace(
            finding(f"module.{name}.aws_thing.a"),
            subject=Known(f"module.{name}.aws_thing.b"),
            callers=(ModuleCall(f"module.{name}", Span("main.tf", 1, 1, 1, 2)),),
        )
        for name in ("one", "two")
    ]
    assert fault_of_module(calls[0]) == fault_of_module(calls[1])
    assert fingerprint(calls[0]) != fingerprint(calls[1])


def test_a_fault_of_a_block_is_one_for_all_its_instances_and_calls() -> None:
    instances = [
        replace(
            finding(f"module.{call}.aws_thing.a[{index}]"),
            message=f"module.{call}.aws_thing.a[{index}] cannot start",
            callers=(ModuleCall(f"module.{call}", Span("main.tf", 1, 1, 1, 2)),),
        )
        for call, index in (("one", 0), ("one", 1), ("two", 0))
    ]
    assert len({fault_of_block(one) for one in instances}) == 1
    other = replace(instances[0], message="module.one.aws_thing.a[0] cannot be reached")
    assert fault_of_block(other) != fault_of_block(instances[0])
    assert fault_of_block(replace(finding(), when="prod")) != fault_of_block(finding())


def test_what_a_loop_makes_of_one_block_is_one_fault_whatever_its_names() -> None:
    """``Fn::ForEach`` gives no index, but names."""
    made = [
        replace(finding(f"{name}Task"), message=f"{name}Task cannot start, by statement {number}")
        for name, number in (("Api", 1), ("Worker", 2))
    ]
    assert fault_of_block(made[0]) == fault_of_block(made[1])
