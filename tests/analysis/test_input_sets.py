"""What stands for an environment in a file of inputs is judged for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.adapters.input_files import MAX_SETS
from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.left_out import Exclusion
from ecs_preflight.analysis.scan import Options, Report, scan

PROD = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf"
DEV = PROD.replace("prod", "dev")

MAIN = """
provider "aws" {}
variable "secret" {DEFAULT}
resource "aws_iam_role" "r" {
  name = "r"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }
  ] })
}
resource "aws_iam_role_policy" "p" {
  name   = "p"
  role   = aws_iam_role.r.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "ALLOWED" }
  ] })
}
resource "aws_ecs_task_definition" "t" {
  family                   = "t"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.r.arn
  container_definitions = jsonencode([{
    name    = "c"
    image   = "public.ecr.aws/nginx/nginx:1"
    secrets = [{ name = "S", valueFrom = var.secret }]
  }])
}
""".replace("ALLOWED", PROD[:-6] + "*")

TEMPLATE = """
Parameters:
  Secret: {Type: String DEFAULT}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ecs-tasks.amazonaws.com}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: ALLOWED}
  T:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: t
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: "256"
      Memory: "512"
      ExecutionRoleArn: !GetAtt R.Arn
      ContainerDefinitions:
        - Name: c
          Image: public.ecr.aws/nginx/nginx:1
          Secrets: [{Name: S, ValueFrom: !Ref Secret}]
""".replace("ALLOWED", f'"{PROD[:-6]}*"')


def terraform(default: str = "") -> str:
    return MAIN.replace("DEFAULT", f'\n  default = "{default}"\n' if default else "")


def template(default: str = "") -> str:
    return TEMPLATE.replace(" DEFAULT", f', Default: "{default}"' if default else "")


def tfvars(secret: str) -> str:
    return f'secret = "{secret}"\n'


def parameters(secret: str) -> str:
    return f'[{{"ParameterKey": "Secret", "ParameterValue": "{secret}"}}]'


def judged(tmp_path: Path, files: dict[str, str], inputs: Inputs = Inputs()) -> Report:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return scan([tmp_path], Options(root=tmp_path, inputs=inputs))


def said(report: Report) -> tuple[int, list[tuple[str, ...]], list[tuple[str, ...]]]:
    """How many needs there are, and with which sets what of them is missing or not decided."""

    def names(sets: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name.rsplit("/", 1)[-1] for name in sets)

    unmet = [names(f.sets) for f in report.findings if f.rule == "ECS605"]
    return report.stats.needs, unmet, [names(o.sets) for o in report.undecided]


def both(default: str, sets: dict[str, str]) -> list[dict[str, str]]:
    """The code in both languages, with the sets' secrets by the environment."""
    return [
        {
            "main.tf": terraform(default),
            **{f"env/{name}.tfvars": tfvars(secret) for name, secret in sets.items()},
        },
        {
            "t.yaml": template(default),
            **{f"env/{name}.json": parameters(secret) for name, secret in sets.items()},
        },
    ]


@pytest.mark.parametrize("language", [0, 1])
@pytest.mark.parametrize(
    ("default", "sets", "unmet", "undecided"),
    [
        ("", {"prod": PROD}, 0, 0),
        ("", {"prod": PROD, "dev": DEV}, 1, 0),
        ("", {"prod": PROD, "dev": "<your secret>"}, 0, 1),
        ("", {"prod": PROD, "dev": ""}, 0, 1),
        ("", {"dev-sample": DEV}, 0, 1),
        (PROD, {"prod": PROD}, 0, 0),
        (PROD, {"dev": DEV}, 1, 0),
        (DEV, {"prod": PROD}, 1, 0),
    ],
)
def test_each_set_decides_for_itself(
    tmp_path: Path, language: int, default: str, sets: dict[str, str], unmet: int, undecided: int
) -> None:
    needs, missing, open_ones = said(judged(tmp_path, both(default, sets)[language]))
    assert (len(missing), len(open_ones)) == (unmet, undecided)
    assert needs == 2  # the secret and the image: no more for more sets
    if "dev" in sets and default != DEV:
        assert all(name.startswith("dev.") for [name] in (*missing, *open_ones))
    if default == DEV:
        assert missing == [()]  # it is so as the code stands


@pytest.mark.parametrize("language", [0, 1])
def test_what_is_so_with_each_set_and_without_names_none(tmp_path: Path, language: int) -> None:
    files = both(DEV, {"prod": DEV, "dev": DEV})[language]
    # Terraform has a place for each of the values, CloudFormation one for the parameter
    told = [("dev.tfvars",), ("prod.tfvars",), ()] if language == 0 else [()]
    assert said(judged(tmp_path, files))[1] == told


@pytest.mark.parametrize("language", [0, 1])
def test_what_the_user_names_counts_alone(tmp_path: Path, language: int) -> None:
    files = both("", {"prod": PROD, "dev": DEV})[language]
    ending = "tfvars" if language == 0 else "json"
    path = tmp_path / f"env/prod.{ending}"
    inputs = Inputs(var_files=(path,)) if language == 0 else Inputs(parameters=(path,))
    report = judged(tmp_path, files, inputs)
    assert said(report) == (2, [], [])
    assert [each.path.rsplit("/", 1)[-1] for each in report.left_out] == [f"dev.{ending}"]


@pytest.mark.parametrize("language", [0, 1])
def test_no_more_than_some_are_used_and_the_others_told(tmp_path: Path, language: int) -> None:
    sets = {f"team{number:02}": PROD for number in range(MAX_SETS)} | {"zprod-live": DEV}
    report = judged(tmp_path, both("", sets)[language])
    [[used]] = said(report)[1]
    assert used.startswith("zprod-live.")
    told = [each.path for each in report.left_out if each.reason is Exclusion.INPUTS]
    assert [Path(path).stem for path in told] == [f"team{MAX_SETS - 1:02}"]


@pytest.mark.parametrize(
    ("files", "unmet"),
    [
        # beside it, below it, next to it, above it where nothing else is
        ({"a/main.tf": terraform(), "a/dev.tfvars": tfvars(DEV)}, [("dev.tfvars",)]),
        ({"a/main.tf": terraform(), "a/config/x/dev.tfvars": tfvars(DEV)}, [("dev.tfvars",)]),
        ({"a/main.tf": terraform(), "tfvars/dev.tfvars": tfvars(DEV)}, [("dev.tfvars",)]),
        ({"a/main.tf": terraform(), "dev.tfvars": tfvars(DEV)}, [("dev.tfvars",)]),
        ({"a/main.tf": terraform(), "dev.tfvars": tfvars(DEV), "b.tf": ""}, []),
        ({"a/main.tf": terraform(), "dev.tfvars.json": f'{{"secret": "{DEV}"}}'}, [("dev.tfvars.json",)]),
        # of something else
        ({"a/main.tf": terraform(), "docs/dev.tfvars": tfvars(DEV)}, []),
        ({"a/main.tf": terraform(), "env/dev.tfvars": tfvars(DEV) + "other = 1\n"}, []),
        ({"a/main.tf": terraform(), "env/b-dev.tfvars": tfvars(DEV), "b/x.txt": ""}, []),
        ({"a/main.tf": terraform(), "config-service/dev.tfvars": tfvars(DEV)}, []),
        ({"prod/main.tf": terraform(), "env/dev.tfvars": tfvars(DEV)}, []),
        ({"prod/main.tf": terraform(), "dev/dev.tfvars": tfvars(DEV)}, []),
        # what is for all environments lies beneath
        (
            {
                "main.tf": terraform() + 'variable "region" {}\n',
                "env/common.tfvars": 'region = "eu-west-1"\n' + tfvars(DEV),
                "env/prod.tfvars": tfvars(PROD),
            },
            [],
        ),
    ],
)  # fmt: skip
def test_terraform_files_are_told_by_place_and_names(
    tmp_path: Path, files: dict[str, str], unmet: list[tuple[str, ...]]
) -> None:
    assert said(judged(tmp_path, files))[1] == unmet


SAM = (
    "version = 0.1\n[dev.deploy.parameters]\n"
    f'parameter_overrides = "ParameterKey=Secret,ParameterValue={DEV} Other=x"\n'
)


@pytest.mark.parametrize(
    ("files", "unmet"),
    [
        ({"t.yaml": template(), "t-params.json": parameters(DEV)}, [("t-params.json",)]),
        ({"a/t.yaml": template(), "params.json": parameters(DEV)}, [("params.json",)]),
        ({"a/t.yaml": template(), "dev.json": parameters(DEV)}, []),
        ({"a/t.yaml": template(), "config/dev.yml": f"Secret: {DEV}\n"}, [("dev.yml",)]),
        ({"t.yaml": template(), "dev.json": f'["Secret={DEV}"]'}, [("dev.json",)]),
        (
            {"t.yaml": template(), "dev.json": f'{{"parameters": {{"Secret": "{DEV}"}}}}'},
            [("dev.json",)],
        ),
        (
            {"t.yaml": template(), "dev.yml": "Parameters:\n- ParameterKey: Secret\n"
             f"  ParameterValue: {DEV}\n"},
            [("dev.yml",)],
        ),
        (
            {"t.yaml": template(), "params/dev.json": f'{{"t": {parameters(DEV)}}}'},
            [("dev.json#t",)],
        ),
        (
            {"t.yaml": template(), "params/dev.json": f'{{"u": {parameters(DEV)}}}', "u.yaml": ""},
            [],
        ),
        ({"a/t.yaml": template(), "params/t.json": parameters(DEV), "t/x": ""}, [("t.json",)]),
        ({"template.yaml": template(), "samconfig.toml": SAM}, [("samconfig.toml#dev",)]),
        ({"t.yaml": template(), "samconfig.toml": SAM}, []),
        (
            {"t.yaml": template(), "samconfig.yaml": "dev: {deploy: {parameters: {template: t.yaml,"
             f" parameter_overrides: ['Secret={DEV}']}}}}}}"},
            [("samconfig.yaml#dev",)],
        ),
        # not all that CloudFormation wants, or what it would refuse
        ({"t.yaml": template() + "# \n", "dev.json": '{"Parameters": {"Other": "x"}}'}, []),
        ({"t.yaml": template().replace("Type: String", "Type: String, AllowedValues: [x]"),
          "dev.json": parameters(DEV)}, []),
        (
            {"t.yaml": template().replace("  Secret:", "  More: {Type: String}\n  Secret:"),
             "dev.json": parameters(DEV)},
            [],
        ),
        (
            {"t.yaml": template().replace("  Secret:", "  More: {Type: String}\n  Secret:"),
             "t-dev.json": parameters(DEV)},
            [("t-dev.json",)],
        ),
        ({"t.yaml": template(), "samconfig.toml": "[[["}, []),
    ],
)  # fmt: skip
def test_parameter_files_are_told_by_place_and_names(
    tmp_path: Path, files: dict[str, str], unmet: list[tuple[str, ...]]
) -> None:
    assert said(judged(tmp_path, files))[1] == unmet


def test_a_workspace_chooses_its_file(tmp_path: Path) -> None:
    files = both("", {"prod": PROD, "dev": DEV})[0]
    assert said(judged(tmp_path, files, Inputs(workspace="prod")))[1] == []


def test_a_module_is_no_root_for_what_stands_elsewhere(tmp_path: Path) -> None:
    files = {
        "a/main.tf": terraform(DEV).replace('provider "aws" {}', ""),
        "env/prod.tfvars": tfvars(PROD),
    }
    report = judged(tmp_path, files)
    assert said(report)[1] == []
    assert said(report)[2]


def test_a_fault_names_the_sets_that_have_it(tmp_path: Path) -> None:
    files = both("", {"prod": PROD, "dev": DEV, "qa": DEV})[1]
    report = judged(tmp_path, files)
    [finding] = (f for f in report.findings if f.rule == "ECS605")
    assert finding.circumstances.startswith("with ")
    assert [Path(name).name for name in finding.sets] == ["dev.json", "qa.json"]
    assert [Path(name).as_posix() for name in report.from_root.findings[0].sets] == [
        "env/dev.json",
        "env/qa.json",
    ]
