"""Roles and all the ways to give them policies."""

from __future__ import annotations

import pytest
from declaring import INPUT, LATER, declared, read, stack, value

from ecs_preflight.adapters.units import Surroundings
from ecs_preflight.cloudformation import resources as cloudformation
from ecs_preflight.model import External, Key, Policy, PolicyKind, Role
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.terms import Name, Operation
from ecs_preflight.symbolic.values import (
    Entries,
    JsonFault,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    literal,
)
from ecs_preflight.terraform import resources as terraform

ROLE = declared("aws_iam_role", {"name": "app"}, "aws_iam_role.app")
OTHER = declared("aws_iam_role", {"name": "other"}, "aws_iam_role.other")
NAMELESS = declared("aws_iam_role", {}, "aws_iam_role.nameless")
POLICY = declared(
    "aws_iam_policy", {"name": "p", "path": "/x/", "policy": {"Statement": []}}, "aws_iam_policy.p"
)
AWS_ARN = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def role_of(*each, address: str = "aws_iam_role.app", surroundings=Surroundings()) -> Role:
    found = stack(*each, surroundings=surroundings).find(Role, Reference(address, "arn"))
    assert found is not None
    return found


def attribute(of, name: str) -> Value:
    found = terraform.attribute(of, name)
    assert found is not None
    return found


def attached(role, arn, **more):
    body = {"role": role, "policy_arn": arn}
    return declared("aws_iam_role_policy_attachment", body, "att", **more)


@pytest.mark.parametrize("name", ["name", "id", "arn", "unique_id"])
def test_a_role_is_named_by_any_of_its_attributes(name: str) -> None:
    policies = role_of(ROLE, OTHER, attached(attribute(ROLE, name), AWS_ARN)).policies
    assert [p.kind for p in policies] == [PolicyKind.AWS]


def test_a_role_is_named_by_a_literal_name() -> None:
    roles = stack(ROLE, OTHER, attached("app", AWS_ARN)).roles
    assert [len(role.policies) for role in roles] == [1, 0]
    assert all(role.complete for role in roles)


def test_a_generated_name_names_its_role_wherever_it_was_split_off() -> None:
    hole = terraform.attribute(NAMELESS, "name")
    assert isinstance(hole, Reference) and isinstance(hole.text, Text)
    for name in (hole.text, hole.text.parts[0]):
        role = role_of(NAMELESS, attached(name, AWS_ARN), address="aws_iam_role.nameless")
        assert len(role.policies) == 1


def test_a_role_found_by_a_data_source_of_the_same_name_is_the_stacks_own() -> None:
    looked_up = declared("data.aws_iam_role", {"name": "app"}, "data.aws_iam_role.x")
    role = role_of(ROLE, looked_up, attached(attribute(looked_up, "name"), AWS_ARN))
    assert len(role.policies) == 1
    resolved = stack(ROLE, looked_up).role_of(attribute(looked_up, "arn"))
    assert isinstance(resolved, Role) and resolved.address == "aws_iam_role.app"


def test_a_role_found_by_a_data_source_of_another_name_is_somebody_elses() -> None:
    looked_up = declared("data.aws_iam_role", {"name": "theirs"}, "data.aws_iam_role.x")
    found = stack(ROLE, looked_up, attached(attribute(looked_up, "id"), AWS_ARN))
    assert found.roles[0].complete and not found.roles[0].policies
    assert isinstance(found.role_of(attribute(looked_up, "arn")), External)


@pytest.mark.parametrize(
    "why, complete",
    [
        (Why.OUTSIDE, True),
        (Why.INPUT, False),
        (Why.MODULE, False),
        (Why.CONDITION, False),
        (Why.APPLY, False),
        (Why.FUNCTION, False),
        (Why.LIMIT, False),
    ],
)
def test_an_attachment_to_an_unknown_role_is_everybodys_gap_unless_it_is_anothers(
    why: Why, complete: bool
) -> None:
    unknown = Unknown("it is not known", Name("s"), why)
    roles = stack(ROLE, OTHER, attached(unknown, AWS_ARN)).roles
    assert [role.complete for role in roles] == [complete, complete]


@pytest.mark.parametrize("path", ["module.bastion.iam_role_name", "module.bastion_role[0].name"])
def test_a_module_that_is_not_at_hand_has_roles_of_its_own(path: str) -> None:
    for why in (Why.MODULE, Why.REACH):
        theirs = Unknown("the module is not downloaded", Name(path), why)
        roles = stack(ROLE, OTHER, attached(theirs, AWS_ARN)).roles
        assert [role.complete for role in roles] == [True, True]
    either = Unknown("it is not known", Operation("??", (Name(path), Name("s"))), Why.MODULE)
    roles = stack(ROLE, OTHER, attached(either, AWS_ARN)).roles
    assert [role.complete for role in roles] == [False, False]


def test_a_partly_known_name_is_a_gap_of_the_roles_it_may_name() -> None:
    ends = Text((INPUT, "er"))
    assert [r.complete for r in stack(ROLE, OTHER, attached(ends, AWS_ARN)).roles] == [True, False]


def test_the_same_unknown_name_is_the_same_role() -> None:
    role = declared("aws_iam_role", {"name": INPUT}, "aws_iam_role.app")
    assert len(role_of(role, attached(INPUT, AWS_ARN)).policies) == 1


def test_two_roles_of_one_name_are_both_in_doubt() -> None:
    twin = replace(ROLE, address="aws_iam_role.twin")
    roles = stack(ROLE, twin, attached("app", AWS_ARN)).roles
    assert [(role.complete, len(role.policies)) for role in roles] == [(False, 0), (False, 0)]


def test_a_customer_managed_policy_is_found_by_reference_and_by_literal_arn() -> None:
    for arn in (attribute(POLICY, "arn"), "arn:aws:iam::123456789012:policy/x/p"):
        (policy,) = role_of(ROLE, POLICY, attached("app", arn)).policies
        assert (policy.kind, policy.name, policy.attachment) == (
            PolicyKind.CUSTOMER,
            Known("p"),
            "att",
        )
        assert isinstance(policy.document, Entries)


def test_a_customer_managed_policy_elsewhere_is_unknown() -> None:
    (policy,) = role_of(ROLE, POLICY, attached("app", "arn:aws:iam::1:policy/p")).policies
    assert isinstance(policy.document, Unknown) and policy.document.why is Why.OUTSIDE


@pytest.mark.parametrize(
    "arn",
    [
        AWS_ARN,
        Text(("arn:", Unknown("p", Name("partition")), AWS_ARN.removeprefix("arn:aws"))),
        AWS_ARN.replace("aws:iam", "aws-cn:iam"),
    ],
)
def test_an_aws_managed_policy_is_known_by_its_arn_in_any_partition(arn) -> None:
    (policy,) = role_of(ROLE, attached("app", arn)).policies
    assert policy.kind is PolicyKind.AWS
    assert policy.name == Known("AmazonECSTaskExecutionRolePolicy")
    assert policy.document == Known(None)


@pytest.mark.parametrize("given", [{"name": "AmazonECSTaskExecutionRolePolicy"}, {"arn": AWS_ARN}])
def test_an_aws_managed_policy_is_looked_up_by_a_data_source(given) -> None:
    data = declared("data.aws_iam_policy", given, "data.aws_iam_policy.x")
    (policy,) = role_of(ROLE, data, attached("app", attribute(data, "arn"))).policies
    assert policy.kind is PolicyKind.AWS


@pytest.mark.parametrize("given", [{"name": "AmazonECSTaskExecutionRolePolicy"}, {"arn": AWS_ARN}])
def test_the_document_of_an_aws_managed_policy_is_looked_up_too(given) -> None:
    content = attribute(declared("data.aws_iam_policy", given, "data.aws_iam_policy.x"), "policy")
    assert isinstance(content, Text) and isinstance(content.encodes, Entries)
    (written,) = content.encodes.get("Statement")
    assert Known("ecr:BatchGetImage") in written.get("Action")
    own = attribute(
        declared("data.aws_iam_policy", {"name": "mine"}, "data.aws_iam_policy.x"), "policy"
    )
    assert isinstance(own, Unknown)


def test_a_policy_of_ones_own_looked_up_by_name_is_not_known() -> None:
    data = declared("data.aws_iam_policy", {"name": "mine"}, "data.aws_iam_policy.x")
    (policy,) = role_of(ROLE, data, attached("app", attribute(data, "arn"))).policies
    assert policy.kind is PolicyKind.CUSTOMER and isinstance(policy.document, Unknown)


def test_an_unknown_policy_arn_is_a_gap_of_that_role_alone() -> None:
    roles = stack(ROLE, OTHER, attached("app", INPUT)).roles
    assert [role.complete for role in roles] == [False, True]
    assert "'att'" in roles[0].gaps[0].reason


def test_a_condition_of_the_attachment_is_the_policys() -> None:
    condition = Unknown("it depends on var.x", Name("var.x"), Why.CONDITION)
    (policy,) = role_of(ROLE, attached("app", AWS_ARN, conditional=condition)).policies
    assert policy.conditional == condition


def test_a_condition_that_the_role_shares_is_none() -> None:
    condition = Unknown("it depends on var.x", Name("var.x"), Why.CONDITION)
    role, policy = replace(ROLE, conditional=condition), replace(POLICY, conditional=condition)
    given = attached("app", attribute(POLICY, "arn"))
    assert role_of(role, policy, given).policies[0].conditional is None
    assert role_of(ROLE, policy, given).policies[0].conditional == condition
    other = replace(given, conditional=replace(condition, symbol="var.y"))
    assert role_of(role, policy, other).policies[0].conditional is not None


def test_all_forms_of_terraform_leave_their_source() -> None:
    role = declared(
        "aws_iam_role",
        {
            "name": "app",
            "managed_policy_arns": [AWS_ARN],
            "inline_policy": [{"name": "in", "policy": '{"Statement": []}'}],
        },
        "aws_iam_role.app",
    )
    several = declared(
        "aws_iam_policy_attachment",
        {"roles": ["app"], "policy_arn": attribute(POLICY, "arn")},
        "many",
    )
    own = declared("aws_iam_role_policy", {"role": "app", "policy": "{}"}, "own")
    found = role_of(role, POLICY, several, own)
    assert sorted(p.source for p in found.policies) == [
        "aws_iam_policy_attachment",
        "aws_iam_role_policy",
        "inline_policy",
        "managed_policy_arns",
    ]
    assert [(form.source, form.inline, len(form.members)) for form in found.exclusive] == [
        ("inline_policy", True, 1),
        ("managed_policy_arns", False, 1),
    ]
    (exclusive,) = terraform.exclusive_attachments((role, several))
    assert exclusive.address == "many" and literal(exclusive.policy_arn) != ""


def test_empty_exclusive_forms_say_that_there_are_no_policies() -> None:
    role = role_of(
        declared(
            "aws_iam_role", {"inline_policy": [{}], "managed_policy_arns": []}, "aws_iam_role.app"
        )
    )
    assert not role.policies and role.complete
    assert [(form.source, len(form.members)) for form in role.exclusive] == [
        ("inline_policy", 0),
        ("managed_policy_arns", 0),
    ]
    for nothing in ({"managed_policy_arns": None}, {"inline_policy": []}):
        assert not role_of(declared("aws_iam_role", nothing, "aws_iam_role.app")).exclusive


def test_exclusive_resources_are_noted_on_their_role() -> None:
    names = declared(
        "aws_iam_role_policies_exclusive", {"role_name": "app", "policy_names": ["a"]}, "x"
    )
    arns = declared(
        "aws_iam_role_policy_attachments_exclusive", {"role_name": "app", "policy_arns": []}, "y"
    )
    assert [
        (form.source, form.inline, len(form.members))
        for form in role_of(ROLE, names, arns).exclusive
    ] == [
        ("aws_iam_role_policies_exclusive", True, 1),
        ("aws_iam_role_policy_attachments_exclusive", False, 0),
    ]


def test_a_list_of_attachments_attaches() -> None:
    def given(arns: object) -> Role:
        body = {"role_name": "app", "policy_arns": arns}
        return role_of(ROLE, declared("aws_iam_role_policy_attachments_exclusive", body, "y"))

    assert [policy.kind for policy in given([AWS_ARN]).policies] == [PolicyKind.AWS]
    assert given([AWS_ARN]).complete and not given(INPUT).complete


def test_a_list_of_policies_that_is_not_wholly_known_is_a_gap() -> None:
    for body in (
        {"managed_policy_arns": INPUT},
        {"inline_policy": INPUT},
        {"managed_policy_arns": replace(value([AWS_ARN]), remainder=INPUT)},
    ):
        assert not role_of(declared("aws_iam_role", body, "aws_iam_role.app")).complete


def test_a_policy_that_is_not_json_keeps_its_text_and_the_fault() -> None:
    role = role_of(
        declared("aws_iam_role", {"assume_role_policy": '{"a": 1,}'}, "aws_iam_role.app"),
        declared(
            "aws_iam_role_policy",
            {"role": Reference("aws_iam_role.app", "id"), "policy": "{"},
            "own",
        ),
    )
    for document in (role.trust, role.policies[0].document):
        assert isinstance(document, Known) and isinstance(document.encodes, JsonFault)


def test_a_boundary_is_looked_up_like_any_policy() -> None:
    def boundary(arn) -> Policy | None:
        return role_of(
            POLICY, declared("aws_iam_role", {"permissions_boundary": arn}, "aws_iam_role.app")
        ).boundary

    assert boundary(None) is None and boundary("") is None
    assert boundary(AWS_ARN).kind is PolicyKind.AWS
    assert isinstance(boundary(attribute(POLICY, "arn")).document, Entries)
    assert isinstance(boundary(INPUT).document, Unknown)


def test_a_role_that_is_passed_out_is_incomplete() -> None:
    reason = Unknown("output 'role' hands it to somebody out of sight", why=Why.OUTSIDE)
    for passed in (
        attribute(ROLE, "arn"),
        Reference("aws_iam_role.app", ""),
        value({"a": [attribute(ROLE, "name")]}),
        Text(("x", attribute(ROLE, "name"))),
    ):
        roles = stack(ROLE, OTHER, surroundings=Surroundings(((passed, reason),))).roles
        assert [role.gaps for role in roles] == [(reason,), ()]


def test_a_key_that_is_passed_out_may_get_a_policy_there() -> None:
    reason = Unknown("output 'key' hands it to somebody out of sight", why=Why.OUTSIDE)
    broken = Unknown("'x.tf' cannot be read", Name("x.tf"), Why.UNREADABLE)
    keys = (
        declared("aws_kms_key", {}, "aws_kms_key.a"),
        declared("aws_kms_key", {}, "aws_kms_key.b"),
    )
    for around, expected in (
        (Surroundings(((attribute(keys[0], "arn"), reason),)), [reason, None]),
        (Surroundings(unread=(broken,)), [broken, broken]),
    ):
        assert [key.escapes for key in stack(*keys, surroundings=around).of(Key)] == expected


def test_a_file_that_cannot_be_read_makes_roles_and_tasks_incomplete() -> None:
    task = declared("aws_ecs_task_definition", {"container_definitions": []}, "task")
    broken = Unknown("'x.tf' cannot be read", Name("x.tf"), Why.UNREADABLE)
    absent = Unknown("module.x is not downloaded", Name("module.x"), Why.MODULE)
    found = stack(ROLE, task, surroundings=Surroundings(unread=(absent, broken)))
    assert found.roles[0].gaps == (broken,)
    assert found.task_definitions[0].containers.remainder == broken
    found = stack(ROLE, task, surroundings=Surroundings(unread=(absent,)))
    assert found.roles[0].complete and found.task_definitions[0].containers.remainder is None


# -- CloudFormation --------------------------------------------------------------------------------

CFN_ROLE = declared(
    "AWS::IAM::Role",
    {
        "Policies": [{"PolicyName": "in", "PolicyDocument": {"Statement": []}}],
        "ManagedPolicyArns": [AWS_ARN],
    },
    "Role",
)


def test_policies_are_given_by_ref_and_by_name_of_a_role() -> None:
    own = declared(
        "AWS::IAM::Policy",
        {"PolicyName": "p", "Roles": [cloudformation.ref(CFN_ROLE)], "PolicyDocument": "{}"},
        "P",
    )
    managed = declared(
        "AWS::IAM::ManagedPolicy",
        {"Roles": [cloudformation.ref(CFN_ROLE)], "PolicyDocument": {"Statement": []}},
        "M",
    )
    role = role_of(CFN_ROLE, own, managed, address="Role")
    assert [(p.kind, p.source) for p in role.policies] == [
        (PolicyKind.INLINE, "Policies"),
        (PolicyKind.AWS, "ManagedPolicyArns"),
        (PolicyKind.INLINE, "AWS::IAM::Policy"),
        (PolicyKind.CUSTOMER, "AWS::IAM::ManagedPolicy"),
    ]
    assert isinstance(role.policies[3].document, Entries)
    assert not role.exclusive


def test_a_managed_policy_is_attached_by_ref() -> None:
    managed = declared("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": []}}, "M")
    role = declared("AWS::IAM::Role", {"ManagedPolicyArns": [cloudformation.ref(managed)]}, "Role")
    (policy,) = role_of(role, managed, address="Role").policies
    assert policy.kind is PolicyKind.CUSTOMER and isinstance(policy.document, Entries)


def test_ref_and_get_att_name_the_same_role() -> None:
    found = stack(CFN_ROLE)
    for named in (cloudformation.ref(CFN_ROLE), cloudformation.attribute(CFN_ROLE, "Arn")):
        assert named is not None
        assert found.role_of(named) == found.roles[0]


def test_roles_that_are_not_a_list_of_ours_are_nobodys_gap_or_everybodys() -> None:
    def complete(roles) -> bool:
        policy = declared("AWS::IAM::Policy", {"Roles": roles, "PolicyDocument": {}}, "P")
        return role_of(CFN_ROLE, policy, address="Role").complete

    assert complete(None) and not complete(INPUT) and not complete([INPUT])
    assert not complete(LATER) and not complete({"no": "list"})


def test_nothing_is_read_of_what_is_not_known_to_be_a_role() -> None:
    assert read(declared("AWS::IAM::AccessKey", {"UserName": "ci"}, "K")) == ()
