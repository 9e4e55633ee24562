"""What computed attributes, Ref and GetAtt return, and what they name."""

from __future__ import annotations

from typing import Any

import pytest
from declaring import INPUT, declared, stack, value

from ecs_preflight.cloudformation import resources as cloudformation
from ecs_preflight.model import (
    Bucket,
    FileSystem,
    Key,
    LogGroup,
    Repository,
    StoredParameter,
    StoredSecret,
    Target,
    addresses,
)
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import (
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    shown_value,
    without_holes,
)
from ecs_preflight.terraform import resources as terraform

CHINA = Target(Known("aws-cn"), Known("cn-north-1"), Known("123456789012"))
IRELAND = Target(Known("aws"), Known("eu-west-1"), Known("123456789012"))
A, R, P = "123456789012", "eu-west-1", "aws"


def computed(kind: str, body: dict[str, Any], name: str, target: Target = IRELAND) -> Value:
    it = declared(kind, body, "it", target)
    language = cloudformation if "::" in kind else terraform
    found = cloudformation.ref(it) if name == "Ref" else language.attribute(it, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "kind, body, name, text",
    [
        ("aws_iam_role", {"name": "r", "path": "/a/"}, "arn", f"arn:aws:iam::{A}:role/a/r"),
        ("aws_iam_role", {"name": "r"}, "id", "r"),
        ("aws_iam_role", {"name_prefix": "r-"}, "name", "r-${it.name}"),
        ("aws_iam_policy", {"name": "p"}, "id", f"arn:aws:iam::{A}:policy/p"),
        ("aws_iam_instance_profile", {"name": "i"}, "arn", f"arn:aws:iam::{A}:instance-profile/i"),
        ("data.aws_iam_role", {"name": "r"}, "arn", f"arn:aws:iam::{A}:role${{it.path}}r"),
        ("data.aws_iam_role", {"name": "r"}, "name", "r"),
        (
            "data.aws_iam_policy",
            {"name": "ReadOnlyAccess"},
            "arn",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ),
        ("aws_ecs_cluster", {"name": "c"}, "id", f"arn:aws:ecs:{R}:{A}:cluster/c"),
        ("data.aws_ecs_cluster", {"cluster_name": "c"}, "arn", f"arn:aws:ecs:{R}:{A}:cluster/c"),
        (
            "aws_ecs_task_definition",
            {"family": "f"},
            "arn",
            f"arn:aws:ecs:{R}:{A}:task-definition/f:${{it.revision}}",
        ),
        (
            "aws_ecs_task_definition",
            {"family": "f"},
            "arn_without_revision",
            f"arn:aws:ecs:{R}:{A}:task-definition/f",
        ),
        (
            "aws_secretsmanager_secret",
            {"name": "s"},
            "arn",
            f'arn:aws:secretsmanager:{R}:{A}:secret:s-${{secret-suffix("s")}}',
        ),
        (
            "data.aws_secretsmanager_secret",
            {"name": "s"},
            "id",
            f'arn:aws:secretsmanager:{R}:{A}:secret:s-${{secret-suffix("s")}}',
        ),
        ("data.aws_secretsmanager_secret", {"arn": "arn:aws:x"}, "arn", "arn:aws:x"),
        (
            "data.aws_secretsmanager_secret_version",
            {"secret_id": "s"},
            "arn",
            f'arn:aws:secretsmanager:{R}:{A}:secret:s-${{secret-suffix("s")}}',
        ),
        ("data.aws_secretsmanager_secret_version", {"secret_id": "arn:aws:x"}, "arn", "arn:aws:x"),
        ("aws_ssm_parameter", {"name": "/app/db"}, "arn", f"arn:aws:ssm:{R}:{A}:parameter/app/db"),
        ("data.aws_ssm_parameter", {"name": "db"}, "arn", f"arn:aws:ssm:{R}:{A}:parameter/db"),
        ("aws_kms_key", {}, "arn", f"arn:aws:kms:{R}:{A}:key/${{it.key_id}}"),
        ("aws_kms_key", {}, "id", "${it.key_id}"),
        ("aws_kms_alias", {"name": "alias/a"}, "arn", f"arn:aws:kms:{R}:{A}:alias/a"),
        ("data.aws_kms_key", {"key_id": "abc"}, "arn", f"arn:aws:kms:{R}:{A}:key/abc"),
        (
            "data.aws_kms_key",
            {"key_id": "alias/a"},
            "arn",
            f"arn:aws:kms:{R}:{A}:key/${{it.key id}}",
        ),
        (
            "data.aws_kms_alias",
            {"name": "alias/a"},
            "target_key_arn",
            f"arn:aws:kms:{R}:{A}:key/${{it.key id}}",
        ),
        (
            "aws_cloudwatch_log_group",
            {"name": "/ecs/a"},
            "arn",
            f"arn:aws:logs:{R}:{A}:log-group:/ecs/a",
        ),
        (
            "aws_cloudwatch_log_stream",
            {"log_group_name": "g", "name": "s"},
            "arn",
            f"arn:aws:logs:{R}:{A}:log-group:g:log-stream:s",
        ),
        (
            "aws_ecr_repository",
            {"name": "app"},
            "repository_url",
            f"{A}.dkr.ecr.{R}.amazonaws.com/app",
        ),
        ("data.aws_ecr_repository", {"name": "app"}, "arn", f"arn:aws:ecr:{R}:{A}:repository/app"),
        (
            "data.aws_ecr_image",
            {"repository_name": "app"},
            "image_uri",
            f"{A}.dkr.ecr.{R}.amazonaws.com/app@${{it.image_digest}}",
        ),
        ("aws_s3_bucket", {"bucket": "b"}, "arn", "arn:aws:s3:::b"),
        ("aws_s3_bucket", {"bucket_prefix": "b-"}, "id", "b-${it.name}"),
        ("aws_s3_object", {"bucket": "b", "key": "k"}, "arn", "arn:aws:s3:::b/k"),
        (
            "aws_efs_file_system",
            {},
            "arn",
            f"arn:aws:elasticfilesystem:{R}:{A}:file-system/${{it.id}}",
        ),
        ("data.aws_region", {}, "region", R),
        ("data.aws_region", {"name": "x"}, "name", "x"),
        ("data.aws_caller_identity", {}, "account_id", A),
        ("data.aws_partition", {}, "partition", P),
        ("data.aws_partition", {}, "dns_suffix", "amazonaws.com"),
        ("AWS::IAM::Role", {"RoleName": "r"}, "Ref", "r"),
        ("AWS::IAM::Role", {"RoleName": "r"}, "Arn", f"arn:aws:iam::{A}:role/r"),
        (
            "AWS::IAM::ManagedPolicy",
            {"ManagedPolicyName": "p"},
            "Ref",
            f"arn:aws:iam::{A}:policy/p",
        ),
        ("AWS::ECS::Cluster", {}, "Ref", "${it.name}"),
        (
            "AWS::ECS::TaskDefinition",
            {},
            "Ref",
            f"arn:aws:ecs:{R}:{A}:task-definition/${{it.family}}:${{it.revision}}",
        ),
        (
            "AWS::SecretsManager::Secret",
            {"Name": "s"},
            "Ref",
            f'arn:aws:secretsmanager:{R}:{A}:secret:s-${{secret-suffix("s")}}',
        ),
        ("AWS::SSM::Parameter", {"Name": "/a"}, "Ref", "/a"),
        ("AWS::SSM::Parameter", {"Value": "v"}, "Value", "v"),
        ("AWS::KMS::Key", {}, "Arn", f"arn:aws:kms:{R}:{A}:key/${{it.key_id}}"),
        ("AWS::KMS::Alias", {"AliasName": "alias/a"}, "Ref", "alias/a"),
        (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "g"},
            "Arn",
            f"arn:aws:logs:{R}:{A}:log-group:g:*",
        ),
        ("AWS::Logs::LogGroup", {"LogGroupName": "g"}, "Ref", "g"),
        (
            "AWS::ECR::Repository",
            {"RepositoryName": "a"},
            "RepositoryUri",
            f"{A}.dkr.ecr.{R}.amazonaws.com/a",
        ),
        ("AWS::S3::Bucket", {"BucketName": "b"}, "Arn", "arn:aws:s3:::b"),
        ("AWS::EFS::FileSystem", {}, "Ref", "${it.id}"),
    ],
)
def test_attributes_read_as_aws_will_make_them(kind, body, name, text) -> None:
    assert shown_value(expanded(computed(kind, body, name))) == text


@pytest.mark.parametrize(
    "kind, body, name, text",
    [
        (
            "aws_ecr_repository",
            {"name": "app"},
            "repository_url",
            f"{A}.dkr.ecr.cn-north-1.amazonaws.com.cn/app",
        ),
        ("aws_iam_role", {"name": "r"}, "arn", f"arn:aws-cn:iam::{A}:role/r"),
        (
            "data.aws_iam_policy",
            {"name": "AmazonECSTaskExecutionRolePolicy"},
            "arn",
            "arn:aws-cn:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
        ),
        ("data.aws_partition", {}, "dns_suffix", "amazonaws.com.cn"),
    ],
)
def test_attributes_follow_the_partition(kind, body, name, text) -> None:
    assert shown_value(expanded(computed(kind, body, name, CHINA))) == text


def test_what_is_not_known_of_the_place_is_one_symbol_in_both_languages() -> None:
    ours = computed("aws_iam_role", {"name": "r"}, "arn", arns.ANY_TARGET)
    theirs = computed("AWS::IAM::Role", {"RoleName": "r"}, "Arn", arns.ANY_TARGET)
    assert expanded(ours) == expanded(theirs)


def test_arguments_and_unknown_attributes_are_left_to_the_caller() -> None:
    role = declared("aws_iam_role", {"name": "r", "path": "/"})
    assert terraform.attribute(role, "path") is None
    assert terraform.attribute(declared("aws_vpc", {}), "id") is None
    assert cloudformation.ref(declared("AWS::SNS::Topic", {})) is None
    assert cloudformation.attribute(declared("AWS::IAM::Role", {}), "Nope") is None


def test_an_attribute_keeps_the_identity_of_its_resource() -> None:
    for kind, name in (
        ("aws_iam_role", "unique_id"),
        ("aws_iam_role", "arn"),
        ("AWS::IAM::Role", "Ref"),
    ):
        assert addresses(computed(kind, {}, name))[0] == "it"


def test_a_names_text_may_be_unknown_or_another_resources() -> None:
    assert computed("aws_iam_role", {"name": INPUT}, "name") == Reference("it", "name")
    name = computed("aws_iam_role", {"name": INPUT}, "name")
    assert isinstance(name, Reference) and name.text == Text((INPUT,))
    other = Reference("aws_s3_bucket.b", "id", Known("b"))
    assert shown_value(expanded(computed("aws_iam_role", {"name": other}, "id"))) == "b"


# -- what stands for another resource --------------------------------------------------------------

SECRET = declared("aws_secretsmanager_secret", {"name": "s"}, "aws_secretsmanager_secret.s")
KEY = declared("aws_kms_key", {}, "aws_kms_key.k")


def attribute(of, name: str) -> Value:
    found = terraform.attribute(of, name)
    assert found is not None
    return found


@pytest.mark.parametrize("own", ["id", "arn"])
def test_the_arn_of_a_secrets_version_is_the_secrets(own: str) -> None:
    for kind in ("aws_secretsmanager_secret_version", "data.aws_secretsmanager_secret_version"):
        version = declared(kind, {"secret_id": attribute(SECRET, own)}, "version")
        arn = attribute(version, "arn")
        assert stack(SECRET).find(StoredSecret, arn) == stack(SECRET).of(StoredSecret)[0]
        assert expanded(arn) == expanded(attribute(SECRET, "arn"))


def test_a_secret_looked_up_by_name_is_the_stacks_own() -> None:
    data = declared("data.aws_secretsmanager_secret", {"name": "s"}, "data.x")
    found = stack(SECRET)
    assert found.find(StoredSecret, attribute(data, "arn")) == found.of(StoredSecret)[0]


def test_a_target_attachment_stands_for_its_secret() -> None:
    secret = declared("AWS::SecretsManager::Secret", {}, "Secret")
    attachment = declared(
        "AWS::SecretsManager::SecretTargetAttachment",
        {"SecretId": cloudformation.ref(secret)},
        "Attachment",
    )
    named = cloudformation.ref(attachment)
    assert named is not None
    assert stack(secret).find(StoredSecret, named) == stack(secret).of(StoredSecret)[0]


@pytest.mark.parametrize("target", ["key_id", "id", "arn"])
def test_an_alias_names_its_key(target: str) -> None:
    alias = declared(
        "aws_kms_alias",
        {"name": "alias/app", "target_key_id": attribute(KEY, target)},
        "aws_kms_alias.a",
    )
    found = stack(KEY, alias)
    (key,) = found.of(Key)
    assert expanded(attribute(alias, "target_key_arn")) == expanded(attribute(KEY, "arn"))
    for named in (
        attribute(alias, "arn"),
        attribute(alias, "name"),
        attribute(KEY, "arn"),
        attribute(alias, "target_key_arn"),
        attribute(KEY, "id"),
        Known("alias/app"),
    ):
        assert found.find(Key, named) == key
    for other in (Known("alias/other"), INPUT, Known(None)):
        assert found.find(Key, other) is None


@pytest.mark.parametrize("own", ["name", "arn", "id"])
def test_a_key_looked_up_by_an_alias_has_the_arn_of_a_key(own: str) -> None:
    alias = declared(
        "aws_kms_alias", {"name": "alias/app", "target_key_id": "k"}, "aws_kms_alias.a"
    )
    data = declared("data.aws_kms_key", {"key_id": attribute(alias, own)}, "data.aws_kms_key.k")
    assert "alias/" not in without_holes(attribute(data, "arn"))
    assert ":key/" in without_holes(attribute(data, "arn"))


# -- policies of resources -------------------------------------------------------------------------

DOCUMENT = {"Statement": []}


@pytest.mark.parametrize(
    "kind, model, target",
    [
        ("aws_secretsmanager_secret_policy", StoredSecret, "secret_arn"),
        ("aws_kms_key_policy", Key, "key_id"),
        ("aws_ecr_repository_policy", Repository, "repository"),
        ("aws_s3_bucket_policy", Bucket, "bucket"),
        ("aws_efs_file_system_policy", FileSystem, "file_system_id"),
    ],
)
def test_a_resource_policy_belongs_to_the_resource_it_names(kind, model, target) -> None:
    main = kind.removesuffix("_policy")
    one, other = (declared(main, {}, f"{main}.{name}") for name in ("one", "other"))

    def policies(named: Value, **more: Any) -> list[Value]:
        policy = declared(kind, {target: named, "policy": DOCUMENT}, "policy", **more)
        return [found.policy for found in stack(one, other, policy).of(model)]

    own = attribute(one, "arn" if kind.startswith("aws_sec") else "id")
    assert policies(own) == [value(DOCUMENT), Known(None)]
    condition = Unknown("it depends on var.x", Name("var.x"), Why.CONDITION)
    assert policies(own, conditional=condition) == [condition, Known(None)]
    later = Unknown("it cannot be computed", Name("x"), Why.FUNCTION)
    for unclear in (INPUT, later):
        assert all(isinstance(policy, Unknown) for policy in policies(unclear))


def test_a_log_resource_policy_may_be_about_any_group() -> None:
    group = declared("aws_cloudwatch_log_group", {"name": "g"}, "g")

    def policy(*documents: Any) -> Value:
        policies = (
            declared("aws_cloudwatch_log_resource_policy", {"policy_document": document})
            for document in documents
        )
        return stack(group, *policies).of(LogGroup)[0].policy

    one, two = {"Statement": [{"Sid": "1"}]}, '{"Statement": {"Sid": "2"}}'
    assert policy() == Known(None)
    assert policy(one) == value(one)
    assert [shown_value(statement) for statement in policy(one, two).get("Statement")] == [
        "{Sid: 1}",
        "{Sid: 2}",
    ]
    assert policy(one, INPUT) == policy(INPUT, two) == INPUT


def test_a_parameter_says_its_kind_and_key() -> None:
    (found,) = stack(
        declared("aws_ssm_parameter", {"name": "p", "type": "SecureString", "key_id": "alias/x"})
    ).of(StoredParameter)
    assert (found.kind, found.kms_key) == (Known("SecureString"), Known("alias/x"))
