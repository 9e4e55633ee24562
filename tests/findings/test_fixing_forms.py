"""A missing permission, written in each form of policy, scanned under other inputs too."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis import mending
from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.findings.fixing.snippets import in_json

STACK = """\
variable "name" { default = "billing" }

data "aws_caller_identity" "me" {}

resource "aws_iam_role" "exec" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "exec" {
  name   = "exec"
  role   = aws_iam_role.exec.id
  policy = POLICY
}

resource "aws_ecs_task_definition" "app" {
  family             = var.name
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{
    name    = "app"
    image   = "nginx"
    memory  = 128
    secrets = [{ name = "API", valueFrom = "/${var.name}/api" }]
  }])
}
"""
DOCUMENT = """
data "aws_iam_policy_document" "exec" {
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
}
"""
INLINE = """jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" }]
  })"""
LINES = """jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Effect" : "Allow",
        "Action" : "ecr:GetAuthorizationToken",
        "Resource" : "*"
      }
    ]
  })"""
SINGLE = """jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" }
  })"""
HUGGING = """jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = "*"
    }]
  })"""
HEREDOC = """<<-EOF
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "ecr:GetAuthorizationToken",
          "Resource": "*"
        }
      ]
    }
  EOF"""
FORMS = {
    "document": ("data.aws_iam_policy_document.exec.json", "resources = [RESOURCE]"),
    "inline": (INLINE, 'Action = ["ssm:GetParameters"], Resource = RESOURCE'),
    "lines": (LINES, '"Resource" : RESOURCE'),
    "single": (SINGLE, "Resource = RESOURCE"),
    "hugging": (HUGGING, "Resource = RESOURCE"),
    "heredoc": (HEREDOC, '"Resource": RESOURCE'),
}
RESOURCE = '"arn:aws:ssm:*:${data.aws_caller_identity.me.account_id}:parameter/${var.name}/api"'


@pytest.mark.parametrize("form", FORMS)
def test_a_statement_is_added_as_those_beside_it(folder: Path, form: str) -> None:
    policy, wanted = FORMS[form]
    file = folder / "main.tf"
    file.write_text(STACK.replace("POLICY", policy) + (DOCUMENT if form == "document" else ""))
    formatted = shutil.which("terraform") is not None
    if formatted:
        subprocess.run(["terraform", "fmt", "."], check=True)
    before = file.read_text()
    made = mend(["."], Options(), unsafe=True)
    assert [f.rule for f in made.before.findings] == ["ECS606"]
    assert made.after.findings == ()
    (change,) = made.changes
    assert wanted.replace("RESOURCE", RESOURCE) in change.after
    gone = set(before.splitlines()) - set(change.after.splitlines())
    assert all(line.strip() in policy for line in gone)
    file.write_text(change.after)
    other = Options(inputs=Inputs(environment={"TF_VAR_name": "ledger"}))
    assert scan(["."], other).findings == ()
    if formatted:
        subprocess.run(["terraform", "fmt", "-check", "."], check=True)


def test_without_expressions_a_file_gets_no_name_that_it_cannot_hold(folder: Path) -> None:
    (folder / "main.tf").write_text(STACK.replace("POLICY", 'file("${path.module}/exec.json")'))
    (folder / "exec.json").write_text(HEREDOC.partition("\n")[2].rpartition("\n")[0])
    made = mend(["."], Options(), unsafe=True)
    assert made.after.findings == ()
    assert [change.file for change in made.changes] == ["main.tf"]  # a policy of its own


def test_a_dash_on_a_line_of_its_own_is_followed(folder: Path) -> None:
    template = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        -
          PolicyName: own
          PolicyDocument:
            Statement:
            -
              Effect: Allow
              Action: [sqs:SendMessage]
              Resource: '*'
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - {Name: app, Image: nginx, Memory: 128, Secrets: [{Name: A, ValueFrom: /app/key}]}
"""
    (folder / "app.yaml").write_text(template)
    made = mend(["app.yaml"], Options(), unsafe=True)
    assert [f.rule for f in made.after.findings if f.rule != "ECS623"] == []
    added = """\
            -
              Effect: Allow
              Action: [ssm:GetParameters]
              Resource: !Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/app/key
"""
    assert added in made.changes[0].after


FLOW = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: own
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: [sqs:SendMessage], Resource: '*'}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - {Name: app, Image: nginx, Memory: 128, Secrets: [{Name: A, ValueFrom: !Ref Secret}]}
  Secret: {Type: AWS::SecretsManager::Secret}
"""


def test_a_flow_mapping_in_a_list_of_dashes_is_followed_by_one(folder: Path) -> None:
    (folder / "app.yaml").write_text(FLOW)
    made = mend(["app.yaml"], Options(), unsafe=True)
    assert [f.rule for f in made.after.findings if f.rule != "ECS623"] == []
    (change,) = made.changes
    added = "          - {Effect: Allow, Action: [secretsmanager:GetSecretValue], Resource: !Ref Secret}\n"
    assert change.after == FLOW.replace("Resource: '*'}\n", f"Resource: '*'}}\n{added}")


def test_what_cannot_be_given_to_the_other_role_is_not_taken_off(folder: Path) -> None:
    """The role of another template has no name for the secret."""
    wrong = FLOW.replace(
        "[sqs:SendMessage], Resource: '*'", "secretsmanager:GetSecretValue, Resource: !Ref Secret"
    )
    wrong = wrong.replace(
        "ExecutionRoleArn", "TaskRoleArn: !GetAtt Role.Arn\n      ExecutionRoleArn"
    )
    wrong = wrong.replace(
        "ExecutionRoleArn: !GetAtt Role.Arn", "ExecutionRoleArn: !GetAtt Roles.Outputs.Arn"
    )
    wrong += "  Roles: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: roles.yaml}}\n"
    (folder / "app.yaml").write_text(wrong)
    (folder / "roles.yaml").write_text(
        FLOW.partition("  Policy:")[0] + "Outputs: {Arn: {Value: !GetAtt Role.Arn}}\n"
    )
    made = mend(["app.yaml"], Options(), unsafe=True)
    assert {f.rule for f in made.after.findings} == {"ECS605", "ECS621"}
    assert made.changes == ()


def test_an_object_with_commas_is_followed_by_one_with_commas(folder: Path) -> None:
    near = '{\n      "Effect" : "Allow",\n      "Action" : "sqs:SendMessage",\n      "Resource" : "*"\n    }'
    policy = f'jsonencode({{\n    "Version" : "2012-10-17",\n    "Statement" : [{near}]\n  }})'
    (folder / "main.tf").write_text(STACK.replace("POLICY", policy))
    (change,) = mend(["."], Options(), unsafe=True).changes
    assert '"Effect" : "Allow",\n' in change.after[change.after.index("ssm:GetParameters") - 60 :]


def test_an_action_goes_back_to_those_of_its_service(folder: Path) -> None:
    """Though the statement is for other services too: it covers the resource."""
    policy = INLINE.replace('"ecr:GetAuthorizationToken"', '"sqs:SendMessage", "ssm:GetParameter"')
    (folder / "main.tf").write_text(STACK.replace("POLICY", policy))
    made = mend(["."], Options(), unsafe=True)
    wanted = '["sqs:SendMessage", "ssm:GetParameter", "ssm:GetParameters"]'
    assert wanted in made.changes[0].after or '"ssm:GetParameters"]' in made.changes[0].after


def test_a_role_of_a_json_configuration_gets_a_policy_beside_it(folder: Path) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            }
        ],
    }
    containers = [
        {
            "name": "app",
            "image": "nginx",
            "memory": 128,
            "secrets": [{"name": "DB", "valueFrom": "${aws_secretsmanager_secret.db.arn}"}],
        }
    ]
    task = {
        "family": "app",
        "execution_role_arn": "${aws_iam_role.exec.arn}",
        "container_definitions": json.dumps(containers),
    }
    resources = {
        "aws_secretsmanager_secret": {"db": {"name": "db"}},
        "aws_iam_role": {"exec": {"provider": "aws.apps", "assume_role_policy": json.dumps(trust)}},
        "aws_ecs_task_definition": {"app": task},
    }
    (folder / "main.tf.json").write_text(json.dumps({"resource": resources}, indent=4))
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.findings] == ["ECS605"]
    assert made.after.findings == ()
    (change,) = made.changes
    after = json.loads(change.after)["resource"]
    assert {kind: after[kind] for kind in resources} == resources
    policy = after["aws_iam_role_policy"]["exec"]
    assert policy["role"] == "${aws_iam_role.exec.id}"
    assert policy["provider"] == "aws.apps"
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert statement["Resource"] == "${aws_secretsmanager_secret.db.arn}"
    assert '\n        },\n        "aws_iam_role"' in change.after


def test_flow_collections_of_yaml_stay_so(folder: Path) -> None:
    template = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies: [{PolicyName: own, PolicyDocument: {Statement: [{Effect: Allow, Action: [ecr:GetAuthorizationToken], Resource: '*'}]}}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: app, Image: nginx, Memory: 128, Secrets: [{Name: A, ValueFrom: /app/key}]}]
"""
    (folder / "app.yaml").write_text(template)
    made = mend(["app.yaml"], Options(), unsafe=True)
    assert made.after.findings == ()
    old = "{Effect: Allow, Action: [ecr:GetAuthorizationToken], Resource: '*'}"
    new = (
        "{Effect: Allow, Action: [ssm:GetParameters], Resource: !Sub "
        "'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/app/key'}"
    )
    assert made.changes[0].after == template.replace(old, f"{old}, {new}")


@pytest.mark.parametrize("place", ["cdk.out", "templates"])
def test_of_cdks_output_the_construct_and_its_call_are_named(folder: Path, place: str) -> None:
    trust = {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            }
        ]
    }
    container = {
        "Name": "app",
        "Image": "nginx",
        "Memory": 128,
        "Secrets": [
            {"Name": "A", "ValueFrom": "/app/key"},
            {"Name": "B", "ValueFrom": {"Ref": "Secret1234"}},
        ],
    }
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trust},
        "Metadata": {"aws:cdk:path": "Shop/Task/ExecutionRole/Resource"},
    }
    task = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "ExecutionRoleArn": {"Fn::GetAtt": ["Role1234", "Arn"]},
            "ContainerDefinitions": [container],
        },
    }
    secret = {
        "Type": "AWS::SecretsManager::Secret",
        "Metadata": {"aws:cdk:path": "Shop/Token/Resource"},
    }
    resources = {"Role1234": role, "Task1234": task, "Secret1234": secret}
    (folder / place).mkdir()
    file = folder / place / "Shop.template.json"
    file.write_text(json.dumps({"Resources": resources}, indent=1))
    made = mend([str(file)], Options(), unsafe=True)
    assert made.changes == ()
    parameters, secrets = (finding.fix for finding in made.after.findings)
    assert secrets is not None and parameters is not None
    assert {secrets.summary, parameters.summary} == {
        "Grant it where 'Shop/Task/ExecutionRole' is made (here in CDK's words):"
    }
    assert secrets.snippet == "secret.grantRead(role); // secret: Shop/Token"
    assert "addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ssm:GetParameters']" in (
        parameters.snippet
    )


def test_a_snippet_for_a_json_template_is_json() -> None:
    written = "- Effect: Allow\n  Action: [iam:PassRole]\n  Resource: !GetAtt Task.Arn"
    statement = {
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": {"Fn::GetAtt": ["Task", "Arn"]},
    }
    assert json.loads(in_json(written)) == statement
    both = in_json(f"{written}\n{written}")
    assert json.loads(f"[{both}]") == [statement, statement]
    assert in_json("TaskRoleArn: !GetAtt Role.Arn").startswith('"TaskRoleArn": {\n')
    for other in ("a: [", "'awsvpc'"):
        assert in_json(other) == other


def test_a_loop_is_no_list_to_be_extended(folder: Path) -> None:
    loop = '[for each in ["a"] : "arn:aws:ssm:*:*:parameter/${each}"]'
    policy = INLINE.replace(
        '["ecr:GetAuthorizationToken"], Resource = "*"', f'"ssm:GetParameters", Resource = {loop}'
    )
    (folder / "main.tf").write_text(STACK.replace("POLICY", policy))
    made = mend(["."], Options(), unsafe=True)
    assert made.after.findings == ()
    assert loop in made.changes[0].after


def test_a_file_that_fixes_would_break_stays_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "main.tf").write_text(STACK.replace("POLICY", INLINE))
    monkeypatch.setattr(mending, "applied", lambda source, edits: source.text + "}")
    made = mend(["."], Options(), unsafe=True)
    assert made.changes == ()
    assert tuple(finding for finding, _ in made.unsound) == made.before.active
    assert made.after.findings == made.before.findings != ()


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        (
            'jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })',
            ', Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }',
        ),
        (
            'jsonencode({ "Statement" : [{ "Effect" : "Allow", "Action" : "iam:PassRole", "Resource" : "*" }] })',
            ', "Condition": { "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }',
        ),
        (
            '<<EOT\n{"Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}\nEOT\n',
            ', "Condition": { "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }',
        ),
    ],
)
def test_a_condition_is_written_as_the_statement_is(
    folder: Path, written: str, condition: str
) -> None:
    (folder / "main.tf").write_text(PASSING.replace("POLICY", written))
    made = mend(["."], Options(), unsafe=True)
    assert [f.rule for f in made.before.findings] == ["ECS822"]
    assert made.after.findings == ()
    assert condition in made.changes[0].after


def test_a_condition_is_written_as_the_yaml_is_around_it(folder: Path) -> None:
    statement = "{Effect: Allow, Action: iam:PassRole, Resource: '*'}"
    flow = RUNNING.replace("STATEMENT", f"- {statement}")
    block = RUNNING.replace(
        "STATEMENT",
        "- Effect: Allow\n              Action: iam:PassRole\n              Resource: '*' # all",
    )
    for text, condition in (
        (flow, 'Condition: {StringEquals: {"iam:PassedToService": ecs-tasks.amazonaws.com}}}'),
        (
            block,
            "# all\n              Condition:\n                StringEquals:\n"
            "                  iam:PassedToService: ecs-tasks.amazonaws.com\n",
        ),
    ):
        (folder / "app.yaml").write_text(text)
        made = mend(["app.yaml"], Options(), unsafe=True)
        assert [f.rule for f in made.before.findings] == ["ECS822"]
        assert made.after.findings == ()
        assert condition in made.changes[0].after


PASSING = """\
resource "aws_iam_role" "task" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "task" {
  role   = aws_iam_role.task.id
  policy = POLICY
}

resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.task.arn
  container_definitions = jsonencode([{ name = "app", image = "nginx", memory = 128 }])
}
"""
RUNNING = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
            STATEMENT
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: app, Image: nginx, Memory: 128}]
"""


@pytest.mark.parametrize(
    ("services", "changed"),
    [
        ('yamldecode(file("services.yaml"))', ["services.yaml"]),
        ('yamldecode(templatefile("services.yaml", {}))', []),
        ('jsondecode(file("services.json"))', ["services.json"]),
    ],
)
def test_what_a_file_says_is_mended_in_the_file_or_nowhere(
    folder: Path, services: str, changed: list[str]
) -> None:
    (folder / "services.yaml").write_text("web:\n  cpu: 256\n  memory: 3072\n")
    (folder / "services.json").write_text('{"web": {"cpu": 256, "memory": 3072}}\n')
    (folder / "main.tf").write_text(SIZED.replace("SERVICES", services))
    made = mend(["."], Options(), unsafe=True)
    assert [f.rule for f in made.before.findings] == ["ECS807"]
    assert [change.file for change in made.changes] == changed
    assert len(made.after.findings) == (0 if changed else 1)


SIZED = """\
locals {
  services = SERVICES
}

resource "aws_ecs_task_definition" "app" {
  for_each                 = local.services
  family                   = each.key
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  container_definitions    = jsonencode([{ name = "app", image = "nginx" }])
}
"""


MODULE = """
resource "aws_iam_role" "execution" {
  name = "shop-execution"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

"""
OBJECTS = """resource "aws_iam_role_policy" "shop" {
  role   = aws_iam_role.execution.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other" }]
  })
}
"""
BLOCKS = """data "aws_iam_policy_document" "shop" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:other"]
  }
}

resource "aws_iam_role_policy" "shop" {
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.shop.json
}
"""
TASK_FILE = """{
  "family": "shop",
  "executionRoleArn": "arn:aws:iam::123456789012:role/shop-execution",
  "containerDefinitions": [{
    "name": "shop", "image": "ghcr.io/example/shop:1", "memory": 128, "essential": true,
    "secrets": [{ "name": "KEY", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-4qiUSU" }]
  }]
}
"""


@pytest.mark.parametrize(
    ("policy", "begins"),
    [
        (OBJECTS, '{\n  Effect   = "Allow"\n  Action   = ['),
        (BLOCKS, "statement {\n  actions   = ["),
    ],
)
def test_words_have_the_form_of_the_roles_policies(folder: Path, policy: str, begins: str) -> None:
    (folder / "roles").mkdir()
    (folder / "roles/main.tf").write_text(MODULE + policy)
    (folder / "main.tf").write_text(
        'provider "aws" {\n  region = "eu-west-1"\n}\n\nmodule "roles" {\n  source = "./roles"\n}\n'
    )
    (folder / "task-definition.json").write_text(TASK_FILE)
    (finding,) = [each for each in scan(["."]).findings if each.rule == "ECS605"]
    assert finding.fix is not None
    assert finding.fix.snippet.startswith(begins)
