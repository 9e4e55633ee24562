"""Each kind of refusal is mended at what refuses: an edit of that, not an Allow beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import Mended, mend
from ecs_preflight.analysis.scan import Options

TRUST = """{
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  }"""
STACK = f"""\
resource "aws_secretsmanager_secret" "db" {{
  name = "shop/db"
}}

resource "aws_iam_role" "exec" {{
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_iam_role" "app" {{
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_ecs_task_definition" "app" {{
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  task_role_arn      = aws_iam_role.app.arn
  container_definitions = jsonencode([{{
    name    = "app"
    image   = "nginx"
    memory  = 128
    secrets = [{{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }}]
  }}])
}}
"""


def policy(*statements: str, role: str = "exec") -> str:
    listed = "\n".join(f"      {statement}," for statement in statements)
    return f"""
resource "aws_iam_role_policy" "{role}" {{
  role = aws_iam_role.{role}.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
{listed}
    ]
  }})
}}
"""


READ = (
    '{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", '
    "Resource = aws_secretsmanager_secret.db.arn }"
)


def mended(folder: Path, more: str) -> tuple[str, Mended]:
    (folder / "main.tf").write_text(STACK + more)
    made = mend(["."], Options(), unsafe=True)
    assert made.before.findings
    assert made.after.findings == (), [f.message for f in made.after.findings]
    (change,) = made.changes
    return change.after, made


DENIALS = {
    "every resource": (
        '{ Effect = "Deny", Action = "secretsmanager:GetSecretValue", Resource = "*" }',
        '{ Effect = "Deny", Action = "secretsmanager:GetSecretValue", '
        "NotResource = aws_secretsmanager_secret.db.arn }",
    ),
    "a whole service": (
        '{ Effect = "Deny", Action = ["secretsmanager:*"], '
        'Resource = "arn:aws:secretsmanager:*:*:secret:shop/*" }',
        '{ Effect = "Deny", NotAction = "secretsmanager:GetSecretValue", '
        'Resource = "arn:aws:secretsmanager:*:*:secret:shop/*" }',
    ),
    "a list of actions": (
        '{ Effect = "Deny", Action = ["secretsmanager:GetSecretValue", '
        '"secretsmanager:DeleteSecret"], Resource = "arn:aws:secretsmanager:*:*:secret:shop/*" }',
        '{ Effect = "Deny", Action = ["secretsmanager:DeleteSecret"], '
        'Resource = "arn:aws:secretsmanager:*:*:secret:shop/*" }',
    ),
    "all but some resources": (
        '{ Effect = "Deny", Action = "secretsmanager:*", '
        'NotResource = "arn:aws:secretsmanager:*:*:secret:other/*" }',
        '{ Effect = "Deny", Action = "secretsmanager:*", '
        'NotResource = ["arn:aws:secretsmanager:*:*:secret:other/*", '
        "aws_secretsmanager_secret.db.arn] }",
    ),
    "all but some actions": (
        '{ Effect = "Deny", NotAction = ["s3:GetObject"], Resource = "*" }',
        '{ Effect = "Deny", NotAction = ["s3:GetObject", "secretsmanager:GetSecretValue"], '
        'Resource = "*" }',
    ),
}


@pytest.mark.parametrize("kind", DENIALS)
def test_a_deny_leaves_out_what_is_needed(folder: Path, kind: str) -> None:
    before, after = DENIALS[kind]
    text, _ = mended(folder, policy(READ, before))
    assert text == STACK + policy(READ, after)


def test_a_deny_that_cannot_leave_it_out_is_for_a_person(folder: Path) -> None:
    denies = (
        '{ Effect = "Deny", Action = "secretsmanager:Get*", '
        'Resource = "arn:aws:secretsmanager:*:*:secret:shop/*" }'
    )
    (folder / "main.tf").write_text(STACK + policy(READ, denies))
    made = mend(["."], Options(), unsafe=True)
    assert made.changes == ()
    (finding,) = made.after.findings
    assert finding.fix is not None and "Let the Deny" in finding.fix.summary


def test_a_condition_that_cannot_hold_is_left_out(folder: Path) -> None:
    conditioned = READ.replace(
        " }", ', Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:ecs:*:*:cluster/a" } } }'
    )
    text, _ = mended(folder, policy(conditioned))
    assert text == STACK + policy(READ)


BOUNDARY = """
resource "aws_iam_policy" "limit" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:*", "logs:*"], Resource = "*" }]
  })
}
"""


def test_a_boundary_is_widened_and_not_the_role(folder: Path) -> None:
    limited = STACK.replace(
        'resource "aws_iam_role" "exec" {',
        'resource "aws_iam_role" "exec" {\n  permissions_boundary = aws_iam_policy.limit.arn',
    )
    (folder / "main.tf").write_text(limited + BOUNDARY + policy(READ))
    made = mend(["."], Options(), unsafe=True)
    assert made.after.findings == ()
    (change,) = made.changes
    assert change.after.count("GetSecretValue") == 2
    assert change.after.index("GetSecretValue") < change.after.index('"aws_iam_role_policy"')


UNATTACHED = """
resource "aws_iam_policy" "read" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn }]
  })
}
"""


def test_a_policy_that_is_attached_to_nothing_is_attached(folder: Path) -> None:
    text, _ = mended(folder, UNATTACHED)
    assert text == STACK + UNATTACHED.rstrip() + (
        '\n\nresource "aws_iam_role_policy_attachment" "read" {\n'
        "  role       = aws_iam_role.exec.name\n"
        "  policy_arn = aws_iam_policy.read.arn\n}\n"
    )


@pytest.mark.parametrize(
    ("listed", "then"),
    [
        ("[]", "[aws_iam_policy.read.arn]"),
        ("[ARN]", "[ARN, aws_iam_policy.read.arn]"),
        ("[\n    ARN\n  ]", "[\n    ARN,\n    aws_iam_policy.read.arn\n  ]"),
        ("[\n    ARN, # logs\n  ]", "[\n    ARN, # logs\n    aws_iam_policy.read.arn,\n  ]"),
    ],
)
def test_where_a_list_names_all_policies_it_names_that_too(
    folder: Path, listed: str, then: str
) -> None:
    arn = '"arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"'
    head = 'resource "aws_iam_role" "exec" {\n'
    before = f"  managed_policy_arns = {listed}\n".replace("ARN", arn)
    after = f"  managed_policy_arns = {then}\n".replace("ARN", arn)
    (folder / "main.tf").write_text(STACK.replace(head, head + before) + UNATTACHED)
    made = mend(["."], Options(), unsafe=True)
    assert made.after.findings == ()
    (change,) = made.changes
    assert change.after == STACK.replace(head, head + after) + UNATTACHED


TEMPLATE = {
    "Resources": {
        "Exec": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            },
        },
        "Read": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "ssm:GetParameters",
                            "Resource": "arn:aws:ssm:*:*:parameter/app/*",
                        }
                    ],
                }
            },
        },
        "App": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "ExecutionRoleArn": {"Fn::GetAtt": ["Exec", "Arn"]},
                "ContainerDefinitions": [
                    {
                        "Name": "app",
                        "Image": "nginx",
                        "Memory": 128,
                        "Secrets": [{"Name": "KEY", "ValueFrom": "/app/key"}],
                    }
                ],
            },
        },
    }
}


def test_a_managed_policy_of_a_template_is_given_the_role(folder: Path) -> None:
    (folder / "app.json").write_text(json.dumps(TEMPLATE, indent=2))
    made = mend(["app.json"], Options(), unsafe=True)
    assert made.before.findings and made.after.findings == ()
    written = json.loads(made.changes[0].after)
    assert written["Resources"]["Read"]["Properties"]["Roles"] == [{"Ref": "Exec"}]


def test_what_both_roles_need_is_copied_and_not_moved(folder: Path) -> None:
    (folder / "main.tf").write_text(
        STACK
        + policy(READ, role="app")
        + 'resource "aws_ecs_task_definition" "job" {\n  family = "job"\n'
        "  execution_role_arn = aws_iam_role.app.arn\n"
        '  container_definitions = jsonencode([{\n    name = "job"\n    image = "nginx"\n    memory = 128\n'
        '    secrets = [{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }]\n  }])\n}\n'
    )
    made = mend(["."], Options(), unsafe=True)
    assert made.before.findings and made.after.findings == ()
    (change,) = made.changes
    assert policy(READ, role="app") in change.after
    assert 'resource "aws_iam_role_policy" "exec"' in change.after


def test_the_policy_of_one_instance_is_given_to_the_like_one_of_the_other_role(
    folder: Path,
) -> None:
    counted = STACK.replace(
        "  assume_role_policy", "  count              = 1\n  assume_role_policy"
    )
    counted = counted.replace("exec.arn", "exec[0].arn").replace("app.arn", "app[0].arn")
    own = policy(READ, role="app")
    own = own.replace(
        "  role = aws_iam_role.app.id", "  count = 1\n  role  = aws_iam_role.app[0].id"
    )
    (folder / "main.tf").write_text(counted + own)
    made = mend(["."], Options(), unsafe=True)
    assert made.before.findings and made.after.findings == ()
    assert made.changes[0].after == counted + own.replace("role.app[0]", "role.exec[0]")


def test_what_has_no_name_there_is_copied_as_the_other_role_has_it(folder: Path) -> None:
    """The parameter is another stack's, of whose name the roles' own has an expression."""
    trust = "{Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: ecs-tasks.amazonaws.com}}]}"
    resource = "!Sub 'arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Stage}/*'"
    (folder / "roles.yaml").write_text(
        "Parameters: {Stage: {Type: String, Default: dev}}\n"
        f"Resources:\n  Exec:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {trust}\n"
        f"  App:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {trust}\n"
        "      Policies:\n        - PolicyName: app\n          PolicyDocument:\n            Statement:\n"
        "              - Effect: Allow\n                Action: [ssm:GetParameter, ssm:GetParameters]\n"
        f"                Resource: {resource}\n"
        "Outputs: {Exec: {Value: !GetAtt Exec.Arn}, App: {Value: !GetAtt App.Arn}}\n"
    )
    (folder / "data.yaml").write_text(
        "Parameters: {Stage: {Type: String, Default: dev}}\n"
        "Resources:\n  Name:\n    Type: AWS::SSM::Parameter\n"
        "    Properties: {Type: String, Value: x, Name: !Sub '/${Stage}/name'}\n"
        "Outputs: {Name: {Value: !Ref Name}}\n"
    )
    (folder / "app.yaml").write_text(
        "Resources:\n"
        "  Roles: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: roles.yaml}}\n"
        "  Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: data.yaml}}\n"
        "  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n"
        "      ExecutionRoleArn: !GetAtt Roles.Outputs.Exec\n      TaskRoleArn: !GetAtt Roles.Outputs.App\n"
        "      ContainerDefinitions:\n        - Name: app\n          Image: nginx\n          Memory: 128\n"
        "          Secrets: [{Name: N, ValueFrom: !GetAtt Data.Outputs.Name}]\n"
    )
    made = mend(["app.yaml"], Options(), unsafe=True)
    assert made.before.findings and made.after.findings == ()
    (change,) = made.changes
    assert change.file == "roles.yaml"
    assert "parameter/${Stage}/*" in change.after.partition("  App:")[0]


KEY = """
resource "aws_kms_key" "db" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { Service = "logs.amazonaws.com" }, Action = "kms:*", Resource = "*" },
    ]
  })
}
"""


def test_a_key_policy_that_shuts_the_role_out_lets_it_in(folder: Path) -> None:
    keyed = STACK.replace(
        'name = "shop/db"', 'name       = "shop/db"\n  kms_key_id = aws_kms_key.db.arn'
    )
    decrypt = '{ Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.db.arn }'
    (folder / "main.tf").write_text(keyed + KEY + policy(READ, decrypt))
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.findings] == ["ECS607"]
    assert made.after.findings == ()
    (change,) = made.changes
    assert "Principal = { AWS = aws_iam_role.exec.arn }" in change.after


GUARDED = """
resource "aws_secretsmanager_secret_policy" "db" {
  secret_arn = aws_secretsmanager_secret.db.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
      Condition = { ArnNotEquals = { "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/admin" } }
    }]
  })
}
"""


def test_a_deny_of_the_resource_spares_the_role(folder: Path) -> None:
    named = STACK.replace(
        'resource "aws_iam_role" "exec" {', 'resource "aws_iam_role" "exec" {\n  name = "exec"'
    )
    (folder / "main.tf").write_text(named + GUARDED + policy(READ))
    made = mend(["."], Options(), unsafe=True)
    assert made.before.findings and made.after.findings == ()
    assert 'role/admin", aws_iam_role.exec.arn]' in made.changes[0].after


SECRETS = """
resource "aws_secretsmanager_secret" "key" {
  name = "shop/key"
}

resource "aws_secretsmanager_secret" "mail" {
  name = "shop/mail"
}
"""


def test_resources_that_need_the_same_are_one_statement(folder: Path) -> None:
    listed = STACK.replace(
        "secrets = [{ name",
        'secrets = [{ name = "KEY", valueFrom = aws_secretsmanager_secret.key.arn }, '
        '{ name = "MAIL", valueFrom = aws_secretsmanager_secret.mail.arn }, { name',
    )
    (folder / "main.tf").write_text(listed + SECRETS + policy(READ.replace(".db.", ".key.")))
    made = mend(["."], Options(), unsafe=True)
    assert made.before.findings and made.after.findings == ()
    assert made.changes[0].after.count("secretsmanager:GetSecretValue") == 1


SHARED = """
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "instance" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_instance_profile" "instance" {
  role = aws_iam_role.instance.name
}
"""


def test_a_trust_that_other_roles_share_keeps_their_service(folder: Path) -> None:
    ours = STACK.replace(f"jsonencode({TRUST})", "data.aws_iam_policy_document.trust.json")
    (folder / "main.tf").write_text(ours + SHARED + policy(READ))
    made = mend(["."], Options(), unsafe=True)
    assert "ECS509" in {finding.rule for finding in made.before.findings}
    assert made.changes == ()


def test_of_a_statement_of_the_task_role_only_what_the_agent_uses_goes(folder: Path) -> None:
    pulls = (
        '{ Effect = "Allow", Action = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", '
        '"ses:SendEmail"], Resource = "*" }'
    )
    (folder / "main.tf").write_text(STACK + policy(READ) + policy(pulls, role="app"))
    made = mend(["."], Options(), unsafe=True)
    assert "ECS625" in {finding.rule for finding in made.before.findings}
    assert '{ Effect = "Allow", Action = ["ses:SendEmail"], Resource = "*" }' in (
        made.changes[0].after
    )


def test_what_a_condition_chooses_is_not_overwritten(folder: Path) -> None:
    chosen = READ.replace(
        "aws_secretsmanager_secret.db.arn",
        'var.wide ? "arn:aws:secretsmanager:*:*:secret:*" : "arn:aws:kms:::key/none"',
    )
    wide = '\nvariable "wide" {\n  default = false\n}\n'
    (folder / "main.tf").write_text(STACK + wide + policy(chosen))
    made = mend(["."], Options(), unsafe=True)
    assert all("arn:aws:kms:::key/none" in change.after for change in made.changes)


def test_of_a_service_that_the_task_role_uses_itself_nothing_is_taken(folder: Path) -> None:
    """It reads secrets by another action too, so this one may be for it as well."""
    both = READ.replace(
        '"secretsmanager:GetSecretValue"',
        '["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]',
    )
    pulls = '{ Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" }'
    (folder / "main.tf").write_text(STACK + policy(pulls) + policy(both, role="app"))
    made = mend(["."], Options(), unsafe=True)
    assert "ECS621" in {finding.rule for finding in made.before.findings}
    assert made.after.findings == ()
    assert made.changes[0].after.count('"secretsmanager:GetSecretValue"') == 2


def test_what_a_boundary_keeps_out_is_not_moved_from_the_other_role(folder: Path) -> None:
    limit = '{ Effect = "Allow", Action = ["sqs:*"], Resource = "*" }'
    boundary = (
        'resource "aws_iam_policy" "limit" {\n  policy = jsonencode({\n'
        f'    Version = "2012-10-17"\n    Statement = [\n      {limit},\n    ]\n  }})\n}}\n'
    )
    bounded = STACK.replace(
        'resource "aws_iam_role" "exec" {\n',
        'resource "aws_iam_role" "exec" {\n  permissions_boundary = aws_iam_policy.limit.arn\n',
    )
    assert bounded != STACK
    text = bounded + policy(READ) + policy(READ, role="app") + boundary
    (folder / "main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.findings} == {"ECS605"}
    assert made.after.findings == ()


def test_what_role_and_boundary_lack_is_given_to_both(folder: Path) -> None:
    pulls = '{ Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" }'
    limit = (
        'resource "aws_iam_policy" "limit" {\n  policy = jsonencode({\n'
        f'    Version = "2012-10-17"\n    Statement = [\n      {pulls},\n    ]\n  }})\n}}\n'
    )
    bounded = STACK.replace(
        'resource "aws_iam_role" "exec" {\n',
        'resource "aws_iam_role" "exec" {\n  permissions_boundary = aws_iam_policy.limit.arn\n',
    )
    (folder / "main.tf").write_text(bounded + policy(pulls) + limit)
    made = mend(["."], Options(), unsafe=True)
    assert made.after.findings == ()
    assert made.changes[0].after.count('"secretsmanager:GetSecretValue"') == 2


def _starting(condition: str) -> str:
    """A role that starts the task, and passes one of its two roles where ``condition`` holds."""
    may_run = '{ Effect = "Allow", Action = ["ecs:RunTask"], Resource = "*" }'
    may_pass = (
        '{ Effect = "Allow", Action = "iam:PassRole", Resource = aws_iam_role.exec.arn, '
        f"Condition = {{ StringEquals = {{ {condition} }} }} }}"
    )
    trust = TRUST.replace("ecs-tasks", "codebuild")
    role = f'\nresource "aws_iam_role" "build" {{\n  assume_role_policy = jsonencode({trust})\n}}\n'
    return policy(READ) + role + policy(may_run, may_pass, role="build")


def test_a_statement_whose_condition_holds_is_extended(folder: Path) -> None:
    more = _starting('"iam:PassedToService" = "ecs-tasks.amazonaws.com"')
    after, made = mended(folder, more)
    assert [f.rule for f in made.before.findings] == ["ECS823"]
    one = "Resource = aws_iam_role.exec.arn,"
    both = "Resource = [aws_iam_role.exec.arn, aws_iam_role.app.arn],"
    assert after == (STACK + more).replace(one, both) != STACK + more


def test_a_statement_whose_condition_may_not_hold_gets_one_beside_it(folder: Path) -> None:
    after, _ = mended(folder, _starting('"aws:RequestTag/team" = "shop"'))
    assert "Resource = aws_iam_role.exec.arn, Condition" in after
    assert after.count('"iam:PassRole"') == 2


INSTANCE = """
resource "aws_iam_instance_profile" "host" {
  role = aws_iam_role.exec.name
}

resource "aws_launch_template" "host" {
  image_id  = "ami-1"
  user_data = base64encode("#!/bin/bash\\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config")
  iam_instance_profile {
    name = aws_iam_instance_profile.host.name
  }
}
"""


def test_an_instance_role_that_tasks_have_too_goes_on_trusting_them(folder: Path) -> None:
    """The policy that AWS has made for instances would be too much for it."""
    (folder / "main.tf").write_text(STACK + policy(READ) + INSTANCE)
    made = mend(["."], Options(), unsafe=True)
    assert {f.rule for f in made.before.findings} >= {"ECS505", "ECS825"}
    text = made.changes[0].after
    assert 'Service = ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]' in text
    assert "AmazonEC2ContainerServiceforEC2Role" not in text


@pytest.mark.parametrize(
    "role",
    [
        "  provider = aws.apps\n",
        '  provider             = aws.apps\n  description = "aws = aws.other"\n',
    ],
)
def test_what_is_new_is_of_the_account_of_what_it_is_for(role: str, folder: Path) -> None:
    head = 'resource "aws_iam_role" "exec" {\n'
    providers = 'provider "aws" {}\nprovider "aws" {\n  alias = "apps"\n}\n'
    (folder / "main.tf").write_text(STACK.replace(head, head + role) + providers)
    made = mend(["."], Options(), unsafe=True)
    assert made.before.findings
    (change,) = made.changes
    new = 'resource "aws_iam_role_policy" "exec" {\n  provider = aws.apps\n\n  name = '
    assert new in change.after
    assert change.after.count("provider = aws.apps\n\n") == 1


def test_what_an_unknown_image_may_need_is_not_taken_off(folder: Path) -> None:
    attachment = """
resource "aws_iam_role_policy_attachment" "exec" {
  role       = aws_iam_role.exec.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}
"""
    declared = '\nvariable "image" {}\n'
    for image, mended_too in (('"nginx"', True), ("var.image", False)):
        text = STACK.replace('"nginx"', image) + policy(READ) + attachment + declared
        (folder / "main.tf").write_text(text)
        made = mend(["."], Options(), unsafe=True)
        assert [finding.rule for finding in made.before.active] == ["ECS626"]
        assert (made.after.active == ()) is mended_too
        assert (made.changes == ()) is not mended_too


@pytest.mark.parametrize(
    ("given", "ignored", "is_mended"),
    [
        ("", "desired_count", True),
        ("", "task_definition, desired_count", False),
        ("", "all", False),
        (", repositoryCredentials = var.credentials", "desired_count", False),
    ],
)
def test_what_others_may_deploy_or_give_is_not_taken_off(
    given: str, ignored: str, is_mended: bool, folder: Path
) -> None:
    """A pipeline makes revisions of its own, of which nothing is known."""
    ignored = ignored if ignored == "all" else f"[{ignored}]"
    more = f"""
variable "credentials" {{}}
resource "aws_iam_role_policy_attachment" "exec" {{
  role       = aws_iam_role.exec.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}}
resource "aws_ecs_service" "app" {{
  name            = "app"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  launch_type     = "FARGATE"
  network_configuration {{
    subnets          = ["subnet-0a1b2c3d4e5f60718"]
    assign_public_ip = true
  }}
  lifecycle {{
    ignore_changes = {ignored}
  }}
}}
"""
    text = STACK.replace('"nginx"', f'"nginx"{given}') + policy(READ) + more
    (folder / "main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert "ECS626" in {finding.rule for finding in made.before.active}
    assert ("ECS626" not in {finding.rule for finding in made.after.active}) is is_mended


@pytest.mark.parametrize(
    ("image", "then"),
    [
        ("${URL}:latest", None),
        ("example.com/My/${NAME}/App:V1", "example.com/my/${NAME}/app:V1"),
    ],
)
def test_what_a_template_fills_in_keeps_its_name(
    image: str, then: str | None, folder: Path
) -> None:
    given = '{ URL = "example.com/myService", NAME = "x" }'
    containers = '[{ "name": "app", "image": "%s", "memory": 128 }]\n'
    (folder / "app.json.tpl").write_text(containers % image)
    (folder / "main.tf").write_text(
        'resource "aws_ecs_task_definition" "app" {\n  family = "app"\n'
        f'  container_definitions = templatefile("app.json.tpl", {given})\n}}\n'
    )
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.active] == ["ECS617"]
    assert [change.after for change in made.changes] == ([containers % then] if then else [])


@pytest.mark.parametrize(
    ("actions", "then", "words"),
    [
        ('["ecs:ExecuteCommand", "sqs:*"]', '["sqs:*"]', "Take 'ecs:ExecuteCommand' off"),
        ('["sqs:*", "ecs:Execute*"]', '["sqs:*"]', "Take 'ecs:ExecuteCommand' off"),
        ('"ecs:*"', None, "Name in place of 'ecs:*' what the task calls"),
        ('["ecs:Execute*", "ecs:*e*"]', None, "Name in place of 'ecs:*e*' what"),
    ],
)
def test_what_a_pattern_stands_for_besides_is_not_taken_off(
    actions: str, then: str | None, words: str, folder: Path
) -> None:
    statement = f'{{ Effect = "Allow", Action = {actions}, Resource = "*" }}'
    text = STACK + policy(READ) + policy(statement, role="app")
    (folder / "main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    (found,) = (finding for finding in made.before.active if finding.rule == "ECS712")
    assert found.fix is not None
    assert words in found.fix.summary
    assert [change.after for change in made.changes] == (
        [text.replace(actions, then)] if then else []
    )


CHOSEN = """
variable "log_group" {}

resource "aws_cloudwatch_log_group" "app" {
  count = var.log_group == "own" ? 1 : 0
  name  = "/ecs/app"
}
"""


@pytest.mark.parametrize(
    ("written", "then"),
    [
        (
            'var.log_group == "own" ? aws_cloudwatch_log_group.app[0].name : var.log_group',
            '${var.log_group == "own" ? aws_cloudwatch_log_group.app[0].name : var.log_group}',
        ),
        (
            'var.log_group != "own" ? lower(var.log_group) : "a${"$"}{b}"',
            '${var.log_group != "own" ? lower(var.log_group) : "a$${b}"}',
        ),
        ("reverse([var.log_group, upper(var.log_group)])[0]", "${upper(var.log_group)}"),
        ("strrev(var.log_group)", "*"),
    ],
)
def test_what_the_code_chooses_is_chosen_in_the_policy_too(
    written: str, then: str, folder: Path
) -> None:
    log = {"awslogs-group": "${group}", "awslogs-region": "eu-west-1"}
    logs = {"logDriver": "awslogs", "options": log}
    container = {"name": "app", "image": "nginx", "memory": 128, "logConfiguration": logs}
    (folder / "app.json").write_text(json.dumps([container], indent=2))
    head, _, tail = STACK.partition("  container_definitions = jsonencode")
    rest = tail.partition("}])\n")[2]
    given = f'  container_definitions = templatefile("app.json", {{ group = {written} }})\n'
    (folder / "main.tf").write_text(head + given + rest + CHOSEN)
    made = mend(["."], Options(), unsafe=True)
    assert "ECS603" in {finding.rule for finding in made.before.active}
    assert "ECS603" not in {finding.rule for finding in made.after.active}
    assert f'"arn:aws:logs:eu-west-1:*:log-group:{then}:*"' in made.changes[0].after
