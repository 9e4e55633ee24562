"""Names across modules and for what inputs bring: existing ones, new ones, and none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import Mended, mend
from ecs_preflight.analysis.scan import Options

MODULE_ROLE = """\
resource "aws_iam_role" "exec" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}
"""
CONTAINERS = """\
  container_definitions = jsonencode([{
    name    = "app"
    image   = "nginx"
    memory  = 128
    secrets = [{ name = "DB", valueFrom = SECRET }]
  }])
"""
TASK = (
    'resource "aws_ecs_task_definition" "app" {\n  family = "app"\n'
    "  execution_role_arn = ROLE\n" + CONTAINERS + "}\n"
)
SECRET = 'resource "aws_secretsmanager_secret" "db" {}\n'
ROLES = 'module "roles" {\n  source = "./roles"\n}\n'


def mended(folder: Path, files: dict[str, str], path: str = ".") -> tuple[Mended, dict[str, str]]:
    """The files written and mended; what has become of each that changed."""
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    made = mend([path], Options(), unsafe=True)
    return made, {change.file: change.after for change in made.changes}


def task(secret: str, role: str = "aws_iam_role.exec.arn") -> str:
    return TASK.replace("ROLE", role).replace("SECRET", secret)


def test_a_resource_of_another_module_is_named_by_the_output_that_there_is(folder: Path) -> None:
    (folder / "store").mkdir()
    (folder / "store" / "main.tf").write_text(
        'resource "aws_secretsmanager_secret" "db" {}\n'
        'output "secret" { value = aws_secretsmanager_secret.db.arn }\n'
    )
    (folder / "main.tf").write_text(
        'module "store" { source = "./store" }\n'
        + MODULE_ROLE
        + 'resource "aws_ecs_task_definition" "app" {\n  family = "app"\n'
        "  execution_role_arn = aws_iam_role.exec.arn\n"
        + CONTAINERS.replace("SECRET", "module.store.secret")
        + "}\n"
    )
    made = mend(["."], Options(), unsafe=True)
    assert made.after.findings == ()
    assert "Resource = module.store.secret" in made.changes[0].after


def test_what_the_caller_passes_is_named_by_the_variable(folder: Path) -> None:
    (folder / "service").mkdir()
    (folder / "service" / "main.tf").write_text(
        'variable "secret" {}\n'
        + MODULE_ROLE
        + 'resource "aws_ecs_task_definition" "app" {\n  family = "app"\n'
        "  execution_role_arn = aws_iam_role.exec.arn\n"
        + CONTAINERS.replace("SECRET", "var.secret")
        + "}\n"
    )
    (folder / "main.tf").write_text(
        'resource "aws_secretsmanager_secret" "db" {}\n'
        'module "service" {\n  source = "./service"\n'
        "  secret = aws_secretsmanager_secret.db.arn\n}\n"
    )
    made = mend(["."], Options(), unsafe=True)
    assert made.after.findings == ()
    assert [change.file for change in made.changes] == ["service/main.tf"]
    assert "Resource = var.secret" in made.changes[0].after


HANDED = {
    "roles/main.tf": MODULE_ROLE + 'output "arn" { value = aws_iam_role.exec.arn }\n',
    "main.tf": ROLES + SECRET + task("aws_secretsmanager_secret.db.arn", "module.roles.arn"),
}


def test_what_has_no_name_there_is_handed_over(folder: Path) -> None:
    made, after = mended(folder, HANDED)
    assert made.after.findings == ()
    assert "  db_secret_arn = aws_secretsmanager_secret.db.arn\n}" in after["main.tf"]
    assert after["roles/main.tf"].endswith('variable "db_secret_arn" {\n  type = string\n}\n')
    assert "Resource = var.db_secret_arn" in after["roles/main.tf"]


def test_from_one_module_to_another_it_goes_by_an_output_and_an_input(folder: Path) -> None:
    files = {
        **HANDED,
        "roles/variables.tf": 'variable "db_secret_arn" {\n  default = "another"\n}\n',
        "store/main.tf": SECRET
        + 'output "db_secret_arn" { value = aws_secretsmanager_secret.db.name }\n'
        + 'output "arn" { value = one([aws_secretsmanager_secret.db.arn]) }\n',
        "app/main.tf": 'variable "secret" {}\nvariable "role" {}\n'
        + task("var.secret", "var.role"),
        "main.tf": ROLES
        + 'module "store" {\n  source = "./store"\n}\n'
        + 'module "app" {\n  source = "./app"\n  role   = module.roles.arn\n'
        + "  secret = module.store.SECRET\n}\n",
    }
    files["main.tf"] = files["main.tf"].replace("SECRET", "arn")
    made, after = mended(folder, files)
    assert made.after.findings == ()
    assert "db_secret_arn_2 = module.store.db_secret_arn_2" in after["main.tf"]
    assert after["store/main.tf"].endswith(
        'output "db_secret_arn_2" {\n  value = aws_secretsmanager_secret.db.arn\n}\n'
    )
    assert after["roles/variables.tf"].endswith(
        'variable "db_secret_arn_2" {\n  type = string\n}\n'
    )


def test_a_module_of_other_callers_gets_no_input_that_they_do_not_give(folder: Path) -> None:
    files = {f"prod/{name}": text for name, text in HANDED.items()}
    files["modules/roles/main.tf"] = files.pop("prod/roles/main.tf")
    files["prod/main.tf"] = files["prod/main.tf"].replace("./roles", "../modules/roles")
    files["dev/main.tf"] = ROLES.replace("./roles", "../modules/roles")
    made, after = mended(folder, files, "prod")
    assert after == {}
    (finding,) = made.after.findings
    assert finding.fix is not None
    assert finding.fix.summary == (
        "Hand the ARN of 'aws_secretsmanager_secret.db' over to 'module.roles', and allow "
        "'secretsmanager:GetSecretValue' on 'aws_secretsmanager_secret.db' in a policy of "
        "'module.roles.aws_iam_role.exec'."
    )
    assert finding.fix.snippet == ""


def test_each_call_in_the_root_gives_the_new_input(folder: Path) -> None:
    twice = HANDED["main.tf"] + ROLES.replace('"roles" {', '"other_roles" {')
    made, after = mended(folder, {**HANDED, "main.tf": twice})
    assert made.after.findings == ()
    assert after["main.tf"].count("db_secret_arn = aws_secretsmanager_secret.db.arn") == 2


def test_one_of_several_modules_hands_nothing_over(folder: Path) -> None:
    files = {
        "store/main.tf": SECRET
        + 'output "x" { value = one([aws_secretsmanager_secret.db.arn]) }\n',
        "main.tf": 'module "store" {\n  source = "./store"\n  count  = 1\n}\n'
        + MODULE_ROLE
        + task("module.store[0].x"),
    }
    _, after = mended(folder, files)
    assert "output" not in after.get("store/main.tf", "output")[len(files["store/main.tf"]) :]


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("var.db", "var.db"),
        ('"${var.db}:password::"', "var.db"),
        ("var.field", 'join(":", slice(split(":", var.field), 0, 7))'),
        ("local.dbs[0]", "var.db"),
    ],
)
def test_what_an_input_brings_is_written_by_its_name(folder: Path, code: str, written: str) -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf"
    main = (
        'terraform {\n  backend "s3" {}\n}\n'
        f'variable "db" {{\n  default = "{arn}"\n}}\n'
        f'variable "field" {{\n  default = "{arn}:user::"\n}}\n'
        "locals {\n  dbs = [var.db]\n}\n" + MODULE_ROLE + task(code)
    )
    made, after = mended(folder, {"main.tf": main})
    assert made.after.findings == ()
    assert f"Resource = {written}\n" in after["main.tf"]


def test_a_variable_file_brings_an_input_too(folder: Path) -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf"
    files = {
        "main.tf": 'variable "db" {}\n' + MODULE_ROLE + task("var.db"),
        "terraform.tfvars": f'db = "{arn}"\n',
    }
    made, after = mended(folder, files)
    assert made.after.findings == ()
    assert "Resource = var.db\n" in after["main.tf"]


def test_what_only_a_loop_knows_is_not_written_elsewhere(folder: Path) -> None:
    """An instance's key is a star for all of them, an item of a list its own value."""
    secrets = """concat(
      [{ name = "T", valueFrom = "/${each.key}/token" }],
      [for k in ["alpha", "bravo"] : { name = k, valueFrom = "/x/${k}" }],
    )"""
    plain = task("X").replace('[{ name = "DB", valueFrom = X }]', secrets)
    main = MODULE_ROLE + plain.replace("  family", '  for_each = toset(["api"])\n  family')
    made, after = mended(folder, {"main.tf": main})
    assert made.after.findings == ()
    for name in ("*/token", "x/alpha", "x/bravo"):
        assert f'"arn:aws:ssm:*:*:parameter/{name}"' in after["main.tf"]


ROLE = """\
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: ecs-tasks.amazonaws.com}
            Action: sts:AssumeRole
"""
CONTAINER = """\
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: ROLE
      ContainerDefinitions:
        - Name: app
          Image: nginx
          Memory: 128
          Secrets:
            - Name: DB
              ValueFrom: SECRET
"""
STORED = "  Db:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      Name: shop/db\n"


def template(secret: str, role: str = "!GetAtt Role.Arn") -> str:
    return CONTAINER.replace("ROLE", role).replace("SECRET", secret)


def test_an_export_is_named_by_import_value(folder: Path) -> None:
    exported = "Outputs:\n  Db:\n    Value: !Ref Db\n    Export:\n      Name: shop-db\n"
    files = {
        "store.yaml": f"Resources:\n{STORED}{exported}",
        "app.yaml": f"Resources:\n{ROLE}{template('!ImportValue shop-db')}",
    }
    made, after = mended(folder, files)
    assert made.after.findings == ()
    assert "Resource: !ImportValue shop-db\n" in after["app.yaml"]


def test_a_nested_stack_is_handed_it_by_a_parameter(folder: Path) -> None:
    roles = "Parameters:\n  Secret:\n    Type: String\nResources:\n" + ROLE
    files = {
        "roles.yaml": roles + "Outputs:\n  Arn:\n    Value: !GetAtt Role.Arn\n",
        "app.yaml": f"Resources:\n{STORED}  Roles:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties:\n      TemplateURL: ./roles.yaml\n      Parameters:\n"
        "        Secret: !Ref Db\n" + template("!Ref Db", "!GetAtt Roles.Outputs.Arn"),
    }
    made, after = mended(folder, files)
    assert made.after.findings == ()
    assert list(after) == ["roles.yaml"]
    assert "Resource: !Ref Secret\n" in after["roles.yaml"]


def test_a_nested_stack_hands_it_out_by_an_output(folder: Path) -> None:
    files = {
        "store.yaml": f"Resources:\n{STORED}Outputs:\n  Other:\n    Value: x\n"
        "  Secret:\n    Description: The database\n    Value: !Ref Db\n",
        "app.yaml": "Resources:\n  Store:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties:\n      TemplateURL: ./store.yaml\n"
        f"{ROLE}{template('!GetAtt Store.Outputs.Secret')}",
    }
    made, after = mended(folder, files)
    assert made.after.findings == ()
    assert "Resource: !GetAtt Store.Outputs.Secret\n" in after["app.yaml"]


@pytest.mark.parametrize(
    "outputs",
    [
        "Outputs: {Other: {Value: x}, Secret: {Value: !Ref Db}}\n",
        "Outputs:\n  Other:\n    Value: x\n  Secret: {Description: The database, Value: !Ref Db}\n",
    ],
)
def test_a_nested_stack_is_handed_what_its_sibling_hands_out(folder: Path, outputs: str) -> None:
    """In flow mappings too."""
    roles = "Parameters: {Given: {Type: String}}\nResources:\n" + ROLE
    nested = "    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: "
    files = {
        "store.yaml": f"Resources:\n{STORED}{outputs}",
        "roles.yaml": roles + "Outputs: {Arn: {Value: !GetAtt Role.Arn}}\n",
        "app.yaml": f"Resources:\n  Store:\n{nested}store.yaml\n  Roles:\n{nested}roles.yaml\n"
        "      Parameters: {Name: a, Given: !GetAtt Store.Outputs.Secret}\n"
        + template("!GetAtt Store.Outputs.Secret", "!GetAtt Roles.Outputs.Arn"),
    }
    made, after = mended(folder, files)
    assert made.after.findings == ()
    assert list(after) == ["roles.yaml"]
    assert "Resource: !Ref Given\n" in after["roles.yaml"]


def test_what_an_object_hands_over_is_named_by_its_attribute(folder: Path) -> None:
    call = (
        'module "roles" {\n  source = "./roles"\n  store = {\n    name   = "db"\n'
        "    secret = aws_secretsmanager_secret.db.arn\n  }\n}\n"
    )
    role = (
        'variable "store" {\n  type = object({ name = string, secret = string })\n}\n'
        + MODULE_ROLE
        + 'output "exec" {\n  value = aws_iam_role.exec.arn\n}\n'
    )
    code = SECRET + call + task("aws_secretsmanager_secret.db.arn", "module.roles.exec")
    made, after = mended(folder, {"main.tf": code, "roles/main.tf": role})
    assert [finding.rule for finding in made.before.findings] == ["ECS605"]
    assert made.after.findings == ()
    assert list(after) == ["roles/main.tf"]
    assert "Resource = var.store.secret" in after["roles/main.tf"]


MADE_OR_NOT = """\
provider "aws" {
  region = "eu-west-1"
}

variable "with_db" {
  type    = bool
  default = DEFAULT
}

resource "aws_secretsmanager_secret" "db" {
  count = var.with_db ? 1 : 0
}

resource "aws_iam_role_policy" "exec" {
COUNT  role = aws_iam_role.exec.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" }]
  })
}
"""
SECRETS = '[for each in aws_secretsmanager_secret.db : { name = "DB", valueFrom = each.arn }]'


@pytest.mark.parametrize("default", ["true", "false"])
def test_what_is_there_or_not_is_named_only_where_it_is(folder: Path, default: str) -> None:
    count = "  count = var.with_db ? 1 : 0\n"
    listed = task("").replace('[{ name = "DB", valueFrom =  }]', SECRETS)
    for guard in ("", count):
        code = (
            MADE_OR_NOT.replace("DEFAULT", default).replace("COUNT", guard) + MODULE_ROLE + listed
        )
        (folder / "main.tf").write_text(code)
        made = mend(["."], Options(), unsafe=True)
        assert [finding.rule for finding in made.before.findings] == ["ECS605"]
        assert made.after.findings == ()
        after = made.changes[0].after
        assert after.count(count) == 2  # the secret's, and that of the policy which names it
        assert "Resource = aws_secretsmanager_secret.db[0].arn" in after


@pytest.mark.parametrize("data", ["", 'data "aws_region" "current" {}\n'])
@pytest.mark.parametrize(
    ("task", "region"),
    [("", "eu-west-1"), ("  provider = aws.paris\n", "eu-west-3")],
    ids=["default", "alias"],
)
def test_a_region_that_the_provider_says_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str, task: str, region: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text(data + TWO_REGIONS.replace("TASK", task))
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.findings] == ["ECS606"]
    assert made.after.findings == ()
    read = data and region == "eu-west-1"
    wanted = "${data.aws_region.current.name}" if read else region
    assert f'"arn:aws:ssm:{wanted}:111122223333:parameter/app/key"' in made.changes[0].after


TWO_REGIONS = """\
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

provider "aws" {
  alias               = "paris"
  region              = "eu-west-3"
  allowed_account_ids = ["111122223333"]
}

resource "aws_iam_role" "exec" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_ecs_task_definition" "app" {
TASK
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{
    name    = "app"
    image   = "nginx"
    memory  = 128
    secrets = [{ name = "KEY", valueFrom = "/app/key" }]
  }])
}
"""


PARAMETER = """\
resource "aws_ssm_parameter" "db" {
  name  = "/app/db"
  type  = "SecureString"
  value = "none"
}

output "db" {
  value = aws_ssm_parameter.db
}
"""


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("", "var.parameter.arn"),
        ("type = any", "var.parameter.arn"),
        ("type = object({ name = string, arn = string })", "var.parameter.arn"),
        (
            "type = object({ name = string })",
            '"arn:aws:ssm:*:*:parameter${var.parameter.name}"',
        ),
    ],
)
def test_a_resource_that_is_handed_over_whole_is_named_by_its_attribute(
    folder: Path, declared: str, written: str
) -> None:
    variable = f'variable "parameter" {{\n  {declared}\n}}\n'
    made, after = mended(
        folder,
        {
            "main.tf": 'module "store" {\n  source = "./store"\n}\n'
            'module "app" {\n  source    = "./app"\n  parameter = module.store.db\n}\n',
            "store/main.tf": PARAMETER,
            "app/main.tf": variable + MODULE_ROLE + task("var.parameter.name"),
        },
    )
    assert {finding.rule for finding in made.before.active} == {"ECS606"}
    assert made.after.active == ()
    assert f"Resource = {written}\n" in after["app/main.tf"]
