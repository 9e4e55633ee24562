"""Stacks of several templates: nested, exported and imported, CDK's, SAM's, and inline ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cloudformation_trees import found, plain, resource, stacks, unit, worlds

from ecs_preflight.iam import authorize
from ecs_preflight.model import ModuleCall, Principal, Role, Stack, StoredSecret
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.answers import Yes
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.values import Known, Unknown, literal
from ecs_preflight.symbolic.worlds import PathCondition

ROLES = """
Parameters:
  Prefix: {Type: String}
  Fixed: {Type: String, Default: d, AllowedValues: [d, e]}
Resources:
  Exec:
    Type: AWS::IAM::Role
    Properties: {RoleName: !Sub '${Prefix}-${Fixed}-exec'}
Outputs:
  ExecArn: {Value: !GetAtt Exec.Arn}
  Name: {Value: !Ref Exec}
"""
PARENT = """
Resources:
  Iam:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: WHERE
      Parameters: {Prefix: web}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Iam.Outputs.ExecArn
      TaskRoleArn: !GetAtt Iam.Outputs.Nothing
"""


# -- nested stacks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "roles/iam.yaml",
        "./roles/iam.yaml",
        "https://s3.amazonaws.com/bucket/release/roles/iam.yaml",
        "https://bucket.s3.eu-west-1.amazonaws.com/roles/iam.yaml?versionId=1",
        "!Sub 'https://${AWS::Region}-b.s3.amazonaws.com/roles/iam.yaml'",
        "!Join ['/', ['https://s3.amazonaws.com', !Ref AWS::StackName, 'roles/iam.yaml']]",
    ],
)
def test_parameters_flow_down_and_outputs_flow_up(tmp_path: Path, url: str) -> None:
    read = stacks(tmp_path, {"main.yaml": PARENT.replace("WHERE", url), "roles/iam.yaml": ROLES})
    assert list(read) == ["main.yaml"], "the nested template is not judged by itself"
    stack = read["main.yaml"]
    (role,) = stack.roles
    assert (role.address, plain(role.name)) == ("Iam.Exec", "web-d-exec")
    assert Path(role.span.file).name == "iam.yaml"
    (task,) = stack.task_definitions
    assert stack.role_of(task.execution_role) is role
    assert (Path(task.execution_role.span.file).name, task.execution_role.span.line) == (
        "main.yaml",
        11,
    )
    assert isinstance(task.task_role, Unknown)
    assert [call.address for call in stack.calls.values()] == ["Iam"]
    assert [Path(file).name for file in stack.files] == ["main.yaml", "iam.yaml"]


def test_an_address_that_ends_in_a_bare_name_is_looked_for_beside_the_template_only(
    tmp_path: Path,
) -> None:
    text = PARENT.replace("WHERE", "https://s3.amazonaws.com/bucket/iam.yaml")
    read = stacks(
        tmp_path, {"deep/main.yaml": text, "deep/beside/main2.yaml": text, "deep/iam.yaml": ROLES}
    )
    assert {name: len(stack.roles) for name, stack in read.items()} == {
        "main.yaml": 1,
        "main2.yaml": 0,
    }


def test_a_default_that_the_parent_leaves_is_no_choice(tmp_path: Path) -> None:
    (parent,) = found(
        tmp_path, {"main.yaml": PARENT.replace("WHERE", "iam.yaml"), "iam.yaml": ROLES}
    ).units
    path_condition = PathCondition()
    parent.stack(path_condition)
    assert path_condition.decision_points == {}


def test_a_nested_stack_out_of_sight_may_change_what_it_is_given(tmp_path: Path) -> None:
    stack = stacks(
        tmp_path,
        {
            "main.yaml": """
        Resources:
          Role: {Type: AWS::IAM::Role}
          More:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: 'https://x/y.yaml', Parameters: {Role: !Ref Role}}
        """
        },
    )["main.yaml"]
    assert not stack.roles[0].complete
    assert [gap.reason for gap in stack.unread] == [
        "the template of nested stack 'More' is not in the scan"
    ]


def test_stacks_that_nest_themselves_are_bounded(tmp_path: Path) -> None:
    (itself,) = stacks(tmp_path / "a", {"main.yaml": PARENT.replace("WHERE", "main.yaml")}).values()
    (circle,) = stacks(
        tmp_path / "b",
        {
            "one.yaml": PARENT.replace("WHERE", "two.yaml"),
            "two.yaml": PARENT.replace("WHERE", "one.yaml"),
        },
    ).values()
    assert Path(circle.name).name == "one.yaml"
    assert [gap.reason for gap in (*itself.unread, *circle.unread)] == [
        "the template of nested stack 'Iam' is not in the scan",
        "nested stack 'Iam.Iam' is one of too many",
    ]


def test_many_nested_stacks_are_bounded(tmp_path: Path) -> None:
    def nesting(name: str) -> str:
        return "Resources:\n" + "".join(
            f"  N{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {name}}}}}\n"
            for n in range(30)
        )

    read = stacks(
        tmp_path,
        {
            "a.yaml": nesting("b.yaml"),
            "b.yaml": nesting("c.yaml"),
            "c.yaml": nesting("d.yaml"),
            "d.yaml": ROLES,
        },
    )
    assert list(read) == ["a.yaml"]
    assert len(read["a.yaml"].roles) <= 500


def test_nothing_is_read_outside_the_boundary(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(ROLES)
    inside = tmp_path / "repo"
    stack = stacks(inside, {"main.yaml": PARENT.replace("WHERE", "../outside.yaml")})["main.yaml"]
    assert stack.roles == ()


def test_a_stack_set_deploys_its_inline_template() -> None:
    stack = unit("""
    Resources:
      Set:
        Type: AWS::CloudFormation::StackSet
        Properties:
          Parameters: [{ParameterKey: Name, ParameterValue: spoke}]
          TemplateBody: |
            Parameters: {Name: {Type: String}}
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: !Ref Name
    """).stack(PathCondition())
    (role,) = stack.roles
    assert (role.address, plain(role.name)) == ("Set.Role", "spoke")
    span = role.name.span
    assert (span.line, span.column) == (13, 25)
    assert span.path == ("Resources", "Set", "Properties", "TemplateBody")


def test_a_broken_inline_template_is_unread() -> None:
    stack = unit("""
    Resources:
      Set: {Type: AWS::CloudFormation::StackSet, Properties: {TemplateBody: '{'}}
      Role: {Type: AWS::IAM::Role}
    """).stack(PathCondition())
    assert [gap.reason for gap in stack.unread] == [
        "the template of nested stack 'Set' is not in the scan"
    ]


# -- exports and imports ---------------------------------------------------------------------------

SHARED = """
Parameters: {Env: {Type: String, Default: prod}}
Resources:
  Exec:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: db}}
Outputs:
  Role: {Value: !GetAtt Exec.Arn, Export: {Name: !Sub '${Env}-exec'}}
  Name: {Value: !Ref Exec, Export: {Name: exec-name}}
  Secret: {Value: !Ref Secret, Export: {Name: secret}}
"""
OTHER_TRUST = ("AssumeRolePolicyDocument: {}", "AssumeRolePolicyDocument: {Statement: []}")
OTHERS = SHARED.replace(*OTHER_TRUST)
USING = """
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !ImportValue prod-exec
      TaskRoleArn: !ImportValue elsewhere
      ContainerDefinitions:
      - Secrets: [{Name: S, ValueFrom: !ImportValue secret}]
"""
GRANTING = """
Resources:
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: reads
      Roles: [!ImportValue exec-name]
      PolicyDocument:
        Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: !ImportValue secret}]
"""


def test_an_import_is_the_exported_resource(tmp_path: Path) -> None:
    stack = stacks(tmp_path, {"shared.yaml": SHARED, "using.yaml": USING})["using.yaml"]
    (task,) = stack.task_definitions
    role = stack.role_of(task.execution_role)
    assert isinstance(role, Role) and role.address == "shared:Exec"
    assert (Path(task.execution_role.span.file).name, task.execution_role.span.line) == (
        "using.yaml",
        6,
    )
    (container,) = task.containers
    secret = stack.find(StoredSecret, container.secrets.items[0].value_from)
    assert secret is not None and secret.address == "shared:Secret"
    assert {"shared:Exec", "shared:Secret"} == stack.foreign
    assert (
        isinstance(task.task_role, Unknown)
        and str(task.task_role.symbol) == "ImportValue(elsewhere)"
    )


def test_what_importers_grant_counts_for_everybody(tmp_path: Path) -> None:
    read = stacks(tmp_path, {"shared.yaml": SHARED, "using.yaml": USING, "granting.yaml": GRANTING})
    for name, address in (
        ("shared.yaml", "Exec"),
        ("using.yaml", "shared:Exec"),
        ("granting.yaml", "shared:Exec"),
    ):
        role = next(role for role in read[name].roles if role.address == address)
        assert [literal(policy.name) for policy in role.policies] == ["reads"], name
        assert role.complete, f"every export of it is read in the scan: {role.gaps}"


def test_an_output_adds_nothing_to_a_role(tmp_path: Path) -> None:
    alone = stacks(tmp_path, {"shared.yaml": SHARED})["shared.yaml"]
    assert alone.roles[0].gaps == ()


def test_many_importers_are_bounded(tmp_path: Path) -> None:
    users = {f"{number}/using.yaml": USING for number in range(70)}
    units = found(tmp_path, {"shared.yaml": SHARED, **users}).units
    stack = next(each for each in units if each.name.endswith("shared.yaml")).stack(PathCondition())
    role = next(role for role in stack.roles if role.address == "Exec")
    assert len(stack.task_definitions) < 60
    assert not role.complete, "somebody who is not looked at imports it"


def test_a_name_that_two_templates_export_is_not_guessed(tmp_path: Path) -> None:
    read = stacks(tmp_path / "a", {"one.yaml": SHARED, "two.yaml": OTHERS, "using.yaml": USING})
    assert isinstance(read["using.yaml"].task_definitions[0].execution_role, Unknown)
    read = stacks(tmp_path / "c", {"one.yaml": SHARED, "two.yaml": SHARED, "using.yaml": USING})
    assert read["using.yaml"].foreign == {"one:Exec", "one:Secret"}, "both make the same"
    nearer = stacks(
        tmp_path / "b", {"a/shared.yaml": SHARED, "a/using.yaml": USING, "b/shared.yaml": SHARED}
    )
    assert nearer["using.yaml"].foreign == {"a/shared:Exec", "a/shared:Secret"}


NAMED_BY_STACK = SHARED.replace("${Env}-exec", "${AWS::StackName}:exec").replace(
    "Name: secret", "Name: !Join [':', [!Ref AWS::StackName, secret]]"
)


@pytest.mark.parametrize(
    "name",
    ["base:exec", "!Sub '${Base}:exec'", "!Join [':', [!Ref Base, exec]]", "!Sub '${Known}:exec'"],
)
def test_an_export_that_bears_its_stacks_name_is_known_by_the_rest_of_it(
    tmp_path: Path, name: str
) -> None:
    using = (
        ("Parameters: {Base: {Type: String}, Known: {Type: String, Default: base}}" + USING)
        .replace("!ImportValue prod-exec", f"{{'Fn::ImportValue': {name}}}")
        .replace("!ImportValue secret", "!ImportValue x:secret")
    )
    read = stacks(tmp_path, {"shared.yaml": NAMED_BY_STACK, "using.yaml": using})
    (task,) = read["using.yaml"].task_definitions
    role = read["using.yaml"].role_of(task.execution_role)
    assert isinstance(role, Role) and role.address == "shared:Exec"
    assert all(role.complete for role in read["shared.yaml"].roles)


@pytest.mark.parametrize(
    ("exported", "imported"),
    [
        ("!Sub '${AWS::StackName}-exec'", "other-role"),
        ("!Ref AWS::StackName", "base"),
        ("!Sub '${AWS::StackName}-exec'", "a/b-exec"),
        ("!Sub '${AWS::StackName}-exec'", "!Sub '${Base}:exec'"),
        ("!Sub '${AWS::StackName}-exec'", "!Ref Base"),
        ("!Sub '${AWS::StackName}-exec'", "-exec"),
    ],
)
def test_an_import_by_another_name_is_not(tmp_path: Path, exported: str, imported: str) -> None:
    shared = SHARED.replace("!Sub '${Env}-exec'", exported)
    using = "Parameters: {Base: {Type: String}}" + USING.replace(
        "!ImportValue prod-exec", f"{{'Fn::ImportValue': {imported}}}"
    )
    read = stacks(tmp_path, {"shared.yaml": shared, "using.yaml": using})
    assert isinstance(read["using.yaml"].task_definitions[0].execution_role, Unknown)


def test_a_name_that_fits_two_exports_is_not_guessed(tmp_path: Path) -> None:
    shared = SHARED.replace("!Sub '${Env}-exec'", "!Sub '${AWS::StackName}-exec'").replace(
        "Name: exec-name", "Name: !Sub '${AWS::StackName}-role-exec'"
    )
    for name in ("a-role-exec", "a-exec"):
        folder = tmp_path / name
        read = stacks(
            folder, {"shared.yaml": shared, "using.yaml": USING.replace("prod-exec", name)}
        )
        found_role = read["using.yaml"].task_definitions[0].execution_role
        assert isinstance(found_role, Unknown) == (name == "a-role-exec")


def test_copies_of_a_file_are_no_others_and_different_files_are(tmp_path: Path) -> None:
    using = USING.replace("prod-exec", "base:exec")
    copies = stacks(
        tmp_path / "a",
        {
            "one/shared.yaml": NAMED_BY_STACK,
            "two/shared.yaml": NAMED_BY_STACK,
            "two/using.yaml": using,
        },
    )
    assert "two/shared:Exec" in copies["using.yaml"].foreign
    other = NAMED_BY_STACK.replace(*OTHER_TRUST)
    for name in ("two/other.yaml", "one/other.yaml"):
        others = stacks(
            tmp_path / name,
            {name: other, "two/shared.yaml": NAMED_BY_STACK, "two/using.yaml": using},
        )
        assert isinstance(others["using.yaml"].task_definitions[0].execution_role, Unknown)


@pytest.mark.parametrize(("other", "known"), [("Base", True), ("Net", False)])
def test_what_is_read_of_one_stack_is_exported_by_one_template(
    tmp_path: Path, other: str, known: bool
) -> None:
    using = (
        "Parameters: {Base: {Type: String}, Net: {Type: String}}"
        + USING.replace("!ImportValue prod-exec", "{'Fn::ImportValue': !Sub '${Base}:exec'}")
    ).replace("!ImportValue secret", f"{{'Fn::ImportValue': !Sub '${{{other}}}:secret'}}")
    roles_alone = OTHERS.replace("${Env}-exec", "${AWS::StackName}:exec")
    read = stacks(
        tmp_path,
        {"all.yaml": NAMED_BY_STACK, "roles.yaml": roles_alone, "using.yaml": using},
    )
    role = read["using.yaml"].task_definitions[0].execution_role
    assert isinstance(role, Unknown) != known


def test_outputs_that_import_each_other_end(tmp_path: Path) -> None:
    """A template that hands on what it imports, under a name that its own import fits."""
    text = """
    Parameters: {{Parent: {{Type: String}}}}
    Resources: {{R: {{Type: AWS::IAM::Role, Properties: {{RoleName: !ImportValue {1}}}}}}}
    Outputs: {{O: {{Value: {{'Fn::ImportValue': {1}}}, Export: {{Name: {0}}}}}}}
    """
    for number, names in enumerate(
        (("ours", "theirs"), ("ours", "ours"), ("!Sub '${AWS::StackName}-x'", "!Sub '${Parent}-x'"))
    ):
        read = stacks(
            tmp_path / str(number),
            {"one.yaml": text.format(*names), "two.yaml": text.format(*names[::-1])},
        )
        assert all(
            isinstance(role.name, Unknown) for stack in read.values() for role in stack.roles
        )


def test_a_circle_of_imports_ends(tmp_path: Path) -> None:
    text = """
    Resources:
      R: {Type: AWS::IAM::Role, Properties: {RoleName: !ImportValue THEIRS}}
    Outputs: {O: {Value: !Ref R, Export: {Name: OURS}}}
    """
    read = stacks(
        tmp_path,
        {
            "a.yaml": text.replace("THEIRS", "b").replace("OURS", "a"),
            "b.yaml": text.replace("THEIRS", "a").replace("OURS", "b"),
        },
    )
    assert {name: len(stack.roles) for name, stack in read.items()} == {"a.yaml": 2, "b.yaml": 2}


def test_custom_resources_and_macros_may_change_a_role() -> None:
    handed = unit("""
    Resources:
      Role: {Type: AWS::IAM::Role}
      Other: {Type: AWS::IAM::Role}
      Thing: {Type: Custom::Thing, Properties: {ServiceToken: x, Role: !Sub '${Role}'}}
    """).stack(PathCondition())
    assert {role.address: role.complete for role in handed.roles} == {"Role": False, "Other": True}
    changed = unit(
        "Transform: [AWS::LanguageExtensions, Mine]\nResources: {Role: {Type: AWS::IAM::Role}}"
    )
    assert [gap.reason for gap in changed.stack(PathCondition()).roles[0].gaps] == [
        "the macro 'Mine' may change the template"
    ]


# -- loops -----------------------------------------------------------------------------------------


def test_loops_make_conditions_resources_and_outputs() -> None:
    stack = unit("""
    Transform: AWS::LanguageExtensions
    Parameters: {Names: {Type: CommaDelimitedList, Default: 'api, web-1'}}
    Conditions:
      Fn::ForEach::C: [N, !Ref Names, {'Is&{N}': !Equals ['${N}', api]}]
    Resources:
      Fn::ForEach::R:
      - N
      - !Ref Names
      - Role&{N}:
          Type: AWS::IAM::Role
          Condition: Is&{N}
          Properties: {RoleName: !Sub '${N}-${AWS::Region}', Path: !Ref N}
        Task&{N}:
          Type: AWS::ECS::TaskDefinition
          Properties: {TaskRoleArn: !GetAtt ['Roleapi', Arn]}
      Fn::ForEach::Outer:
      - A
      - [x, y]
      - Fn::ForEach::Inner: [B, [1, 2], {'Key${A}${B}': {Type: AWS::KMS::Key}}]
    """).stack(PathCondition())
    assert [each.address for each in stack.resources] == [
        "Roleapi",
        "Taskapi",
        "Taskweb1",
        "Keyx1",
        "Keyx2",
        "Keyy1",
        "Keyy2",
    ]
    role = stack.roles[0]
    assert plain(role.name) == "api-${region}"
    assert role.span.path == ("Resources", "Roleapi") and role.span.line == 10
    assert stack.role_of(stack.task_definitions[1].task_role) is role


def test_loops_make_no_more_than_cloudformation_takes() -> None:
    items = ", ".join(f"i{i}" for i in range(40))
    stack = unit(f"""
    Transform: AWS::LanguageExtensions
    Resources:
      Role: {{Type: AWS::IAM::Role}}
      Fn::ForEach::A:
      - A
      - [{items}]
      - Fn::ForEach::B: [B, [{items}], {{'Key${{A}}${{B}}': {{Type: AWS::KMS::Key}}}}]
    """).stack(PathCondition())
    assert 500 <= len(stack.resources) <= 1_001
    assert not stack.roles[0].complete
    assert any("makes too much" in gap.reason for gap in stack.unread)


def test_a_loop_over_an_unknown_list_leaves_the_stack_incomplete() -> None:
    stack = unit("""
    Transform: AWS::LanguageExtensions
    Parameters: {Names: {Type: CommaDelimitedList}}
    Resources:
      Role: {Type: AWS::IAM::Role}
      Fn::ForEach::R: [N, !Ref Names, {'P${N}': {Type: AWS::IAM::Policy}}]
    """).stack(PathCondition())
    assert not stack.roles[0].complete
    assert stack.unread[0].reason == "the list of 'Fn::ForEach::R' is not known"


@pytest.mark.parametrize(
    "loop",
    [
        "[]",
        "5",
        "[A, [x]]",
        "[A, [x], {'K${A}': !Ref R}, 4]",
        "[[A], [x], {}]",
        "[A, {a: b}, {}]",
        "[A, !Ref R, {}]",
        "[A, [x], [y]]",
        "[A, [[x]], {'K${A}': {Type: 'AWS::IAM::Role'}}]",
    ],
)
def test_a_wrong_loop_is_no_crash(loop: str) -> None:
    assert (
        unit(f"""
    Resources:
      R: {{Type: AWS::IAM::Role}}
      Fn::ForEach::X: {loop}
    """)
        .stack(PathCondition())
        .roles[0]
        .address
        == "R"
    )


def test_loops_in_loops_are_bounded() -> None:
    items = "[" + ", ".join(str(n) for n in range(100)) + "]"
    body = "{'K${A}${B}${C}${D}': {Type: 'AWS::IAM::Role', Properties: {RoleName: x}}}"
    for name in "DCBA":
        body = f"{{'Fn::ForEach::{name}': [{name}, {items}, {body}]}}"
    stack = unit(f"Resources: {body}").stack(PathCondition())
    assert any("makes too much" in gap.reason for gap in stack.unread)


# -- CDK -------------------------------------------------------------------------------------------

MANIFEST = {
    "version": "36.0.0",
    "artifacts": {
        "Data": {
            "type": "aws:cloudformation:stack",
            "environment": "aws://123456789012/eu-west-1",
            "properties": {"templateFile": "Data.template.json", "stackName": "data-stack"},
        },
        "App": {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": "App.template.json", "parameters": {"P": "given"}},
        },
        "App.assets": {"type": "cdk:asset-manifest"},
        "Tree": 5,
    },
}
DATA = {
    "Resources": {
        "Secret": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {"Name": {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"}},
            "Metadata": {"aws:cdk:path": "Data/Secret/Resource"},
        }
    },
    "Outputs": {
        "ExportsOutputRefSecret": {
            "Value": {"Ref": "Secret"},
            "Export": {"Name": "Data:ExportsOutputRefSecret"},
        }
    },
}
APP = {
    "Parameters": {"P": {"Type": "String"}},
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": {"Ref": "P"}},
            "Metadata": {"aws:cdk:path": "App/Service/Role/Resource"},
        },
        "Policy": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "Roles": [{"Ref": "Role"}],
                "PolicyName": "p",
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "secretsmanager:GetSecretValue",
                            "Resource": {"Fn::ImportValue": "Data:ExportsOutputRefSecret"},
                        }
                    ]
                },
            },
        },
        "Nested": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {
                "TemplateURL": {
                    "Fn::Join": [
                        "",
                        [
                            "https://s3.",
                            {"Ref": "AWS::Region"},
                            ".",
                            {"Ref": "AWS::URLSuffix"},
                            "/",
                            "assets",
                            "/ab12.json",
                        ],
                    ]
                }
            },
        },
        "Named": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": {"Ref": "P"}},
            "Metadata": {"aws:asset:path": "inner2.nested.template.json"},
        },
        "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Condition": "CDKMetadataAvailable"},
    },
    "Conditions": {
        "CDKMetadataAvailable": {
            "Fn::Or": [
                {"Fn::Equals": [{"Ref": "AWS::Region"}, region]}
                for region in ("eu-west-1", "us-east-1")
            ]
        }
    },
}
INNER = {"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}
ASSETS = {
    "files": {
        "ab12": {
            "source": {"path": "inner.nested.template.json", "packaging": "file"},
            "destinations": {"x": {"bucketName": "assets", "objectKey": "ab12.json"}},
        }
    }
}


def _assembly(root: Path) -> dict[str, Stack]:
    files = {
        "manifest.json": MANIFEST,
        "Data.template.json": DATA,
        "App.template.json": APP,
        "inner.nested.template.json": INNER,
        "inner2.nested.template.json": INNER,
        "App.assets.json": ASSETS,
    }
    return stacks(
        root, {f"cdk.out/{name}": json.dumps(data, indent=1) for name, data in files.items()}
    )


def test_a_cloud_assembly_is_read_through_its_manifest(tmp_path: Path) -> None:
    read = _assembly(tmp_path)
    assert list(read) == ["App.template.json", "Data.template.json"]
    data, app = read["Data.template.json"], read["App.template.json"]
    assert (data.target.account, data.target.region, data.target.partition) == (
        Known("123456789012"),
        Known("eu-west-1"),
        Known("aws"),
    )
    assert literal(data.of(StoredSecret)[0].name) == "data-stack-eu-west-1"
    assert app.target == arns.ANY_TARGET
    assert plain(app.roles[0].name) == "given"


def test_an_output_may_be_read_by_the_names_of_stack_and_output(tmp_path: Path) -> None:
    reading = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {
                        "Fn::GetStackOutput": {
                            "StackName": "data-stack",
                            "OutputName": "ExportsOutputRefSecret",
                        }
                    }
                },
            }
        }
    }
    files = {"manifest.json": MANIFEST, "Data.template.json": DATA, "App.template.json": reading}
    app = stacks(tmp_path, {name: json.dumps(data) for name, data in files.items()})[
        "App.template.json"
    ]
    assert app.foreign == {"data-stack:Secret"}
    assert plain(app.roles[0].name) == "${data-stack:Secret.Ref}"


def test_construct_paths_are_labels(tmp_path: Path) -> None:
    app = _assembly(tmp_path)["App.template.json"]
    assert app.roles[0].label == "App/Service/Role"


def test_stacks_of_an_app_share_what_they_export(tmp_path: Path) -> None:
    app = _assembly(tmp_path)["App.template.json"]
    (secret,) = app.of(StoredSecret)
    assert secret.address == "data-stack:Secret" and secret.address in app.foreign
    answer = authorize(
        app, app.roles[0], "secretsmanager:GetSecretValue", secret.arn, Principal.TASK
    )
    assert isinstance(answer, Yes)


def test_nested_templates_are_found_through_assets_and_metadata(tmp_path: Path) -> None:
    app = _assembly(tmp_path)["App.template.json"]
    assert {each.address for each in app.resources if each.type == "AWS::KMS::Key"} == {
        "Nested.Key",
        "Named.Key",
    }


def test_cdks_metadata_makes_no_worlds(tmp_path: Path) -> None:
    files = {"App.template.json": json.dumps(APP)}
    (only,) = found(tmp_path, files).units
    path_condition = PathCondition()
    only.stack(path_condition)
    assert path_condition.decision_points == {}


@pytest.mark.parametrize(
    "manifest",
    [
        "[]",
        "{",
        '{"artifacts": []}',
        '{"artifacts": {"A": {"type": '
        '"aws:cloudformation:stack", "environment": 5, "properties": {}}}}',
    ],
)
def test_a_wrong_manifest_is_no_crash(tmp_path: Path, manifest: str) -> None:
    read = stacks(
        tmp_path,
        {
            "manifest.json": manifest,
            "x.assets.json": manifest,
            "App.template.json": json.dumps(APP),
        },
    )
    assert read["App.template.json"].target == arns.ANY_TARGET


# -- SAM -------------------------------------------------------------------------------------------

SAM = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.12, Environment: {Variables: {A: global}}, Layers: [one]}
Resources:
  Starter:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {B: own}}
      Layers: [two]
      Policies:
      - Statement: [{Effect: Allow, Action: 'ecs:RunTask', Resource: '*'}]
      - AmazonSQSReadOnlyAccess
      - !Ref Managed
      - arn:aws:iam::aws:policy/ReadOnlyAccess
  Templated:
    Type: AWS::Serverless::Function
    Properties: {Policies: [{HomemadePolicy: {BucketName: b}}]}
  Given:
    Type: AWS::Serverless::Function
    Properties: {Role: !GetAtt StarterRole.Arn}
  Managed: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {}}}
"""


def test_sam_merges_globals_and_makes_roles() -> None:
    body = plain(resource(SAM, "Starter").body)
    assert body["Environment"] == {"Variables": {"A": "global", "B": "own"}}
    assert (body["Runtime"], body["Layers"]) == ("python3.12", ["one", "two"])
    role = plain(resource(SAM, "StarterRole").body)
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {
        "Service": "lambda.amazonaws.com"
    }
    assert role["ManagedPolicyArns"][0] == (
        "arn:${partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    )
    assert role["Policies"][0]["PolicyDocument"]["Statement"][0]["Action"] == "ecs:RunTask"
    stack = unit(SAM).stack(PathCondition())
    roles = {each.address: each for each in stack.roles}
    assert list(roles) == ["StarterRole", "TemplatedRole"]
    assert (roles["StarterRole"].complete, roles["TemplatedRole"].complete) == (True, False)
    assert "policy template" in roles["TemplatedRole"].gaps[0].reason


def test_an_application_is_a_nested_stack(tmp_path: Path) -> None:
    read = stacks(
        tmp_path,
        {
            "iam.yaml": ROLES,
            "main.yaml": """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          App:
            Type: AWS::Serverless::Application
            Properties: {Location: ./iam.yaml, Parameters: {Prefix: x}}
        """,
        },
    )
    assert [role.address for role in read["main.yaml"].roles] == ["App.Exec"]


def test_calls_name_the_resource_that_calls(tmp_path: Path) -> None:
    stack = stacks(tmp_path, {"main.yaml": PARENT.replace("WHERE", "iam.yaml"), "iam.yaml": ROLES})[
        "main.yaml"
    ]
    (call,) = stack.calls.values()
    assert isinstance(call, ModuleCall) and isinstance(call.span, Span)
    assert (call.span.line, Path(call.span.file).name) == (3, "main.yaml")
    assert len(worlds(SAM)) == 1
