"""Every intrinsic function: its value, in every position, and what becomes of wrong arguments."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from cloudformation_trees import plain, resource, worlds

from ecs_preflight.cloudformation import unit_from_template
from ecs_preflight.cloudformation.language import intrinsics, scope
from ecs_preflight.model import Role, Stack, TaskDefinition
from ecs_preflight.symbolic.values import Known, Reference, Text, Unknown, Why, literal, shown_value
from ecs_preflight.symbolic.worlds import PathCondition

TEMPLATE = """
Transform: AWS::LanguageExtensions
Parameters:
  Name: {{Type: String, Default: app}}
  Open: {{Type: String}}
  List: {{Type: CommaDelimitedList, Default: "a, b,c"}}
  Stored: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}}
Mappings:
  Map:
    app: {{One: 1, Many: [x, y], Same: s}}
    web: {{One: 2, Many: [z], Same: s}}
Conditions:
  Yes: !Equals [a, a]
  No: !Equals [a, b]
  Perhaps: !Equals [!Ref Open, x]
Resources:
  Other:
    Type: AWS::IAM::Role
    Properties: {{RoleName: other}}
  Nameless:
    Type: AWS::IAM::Role
  Thing:
    Type: Custom::Thing
  Gone:
    Type: AWS::IAM::Role
    Condition: No
  It:
    Type: Custom::It
    Properties:
      V: {value}
"""


def value(written: str, **world: str | bool | None) -> Any:
    return resource(TEMPLATE.format(value=written), **world).body.get("V")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("!Ref Name", "app"),
        ("!Ref Open", "${Open}"),
        ("!Ref List", ["a", "b", "c"]),
        ("!Ref Stored", "${Stored}"),
        ("!Ref Other", "${Other.Ref}"),
        ("!Ref AWS::Region", "${region}"),
        ("!Ref AWS::AccountId", "${account}"),
        ("!Ref AWS::Partition", "${partition}"),
        ("!Ref AWS::URLSuffix", "${dns_suffix}"),
        ("!Ref AWS::StackName", "${AWS::StackName}"),
        ("!Ref AWS::StackId", "${AWS::StackId}"),
        ("!Ref AWS::NoValue", None),
        ("{'Fn::GetAtt': [Other, Arn]}", "${Other.Arn}"),
        ("!GetAtt Thing.Data.Deep", "${Thing.Data.Deep}"),
        ("{'Fn::GetAtt': [Thing, !Ref Name]}", "${Thing.app}"),
        ("!Sub plain", "plain"),
        ("!Sub '${Name}-${!Name}-${ Name }'", "app-${Name}-app"),
        ("!Sub 'arn:${AWS::Partition}:s3:::${Open}/*'", "arn:${partition}:s3:::${Open}/*"),
        ("!Sub ['${A}/${Name}', {A: !Ref Name, Unused: !Ref Open}]", "app/app"),
        ("!Sub ['${Name}', {Name: own}]", "own"),
        ("!Sub '${Other.Arn}:x'", "${Other.Arn}:x"),
        ("!Sub 5", "5"),
        ("!Sub '$Name ${} $${Name} {Name}'", "$Name ${} $app {Name}"),
        ("!Join ['-', [a, !Ref Name, 1, true]]", "a-app-1-true"),
        ("!Join [',', !Ref List]", "a,b,c"),
        ("!Join ['', [a, !Ref AWS::NoValue, b]]", "ab"),
        ("!Join ['/', !Split ['-', 'a-b']]", "a/b"),
        ("!Join ['', [!If [No, x, !Ref AWS::NoValue], b]]", "b"),
        ("!Select [1, [a, !Ref Name]]", "app"),
        ("!Select ['0', !Ref List]", "a"),
        ("!Select [1, !Split ['/', a/b/c]]", "b"),
        ("!Select [0, !Split ['|', !Sub 'a|${Open}']]", "a"),
        ("!Select [5, !Split [':', !GetAtt Other.Arn]]", "role/other"),
        ("!Select [1, !Split ['/', !GetAtt Other.Arn]]", "other"),
        ("!Select [4, !Split [':', !GetAtt Nameless.Arn]]", "${account}"),
        ("!Split [',', 'a,,b']", ["a", "", "b"]),
        ("!Split [',', !Sub 'a,${Open}']", ["a", ...]),
        ("!If [Yes, a, b]", "a"),
        ("!If [No, a, !Ref Name]", "app"),
        ("!If [Perhaps, same, same]", "same"),
        ("!If [Perhaps, a, b]", '${If((Open == "x"), "a", "b")}'),
        ("[!If [No, a, !Ref AWS::NoValue], b]", ["b"]),
        ("[!If [Perhaps, a, !Ref AWS::NoValue], b]", ["b", ...]),
        ("[!If [Yes, !If [Perhaps, a, !Ref AWS::NoValue], x], b]", ["b", ...]),
        ("[!If [Perhaps, !If [Perhaps, a, !Ref AWS::NoValue], x], b]", ["b", ...]),
        ("[!If [Perhaps, a, b]]", ['${If((Open == "x"), "a", "b")}']),
        ("{A: !Ref AWS::NoValue, B: 1}", {"B": 1}),
        ("{A: !If [No, 1, !Ref AWS::NoValue], B: !If [Yes, 2, 3]}", {"B": 2}),
        ("!FindInMap [Map, app, One]", 1),
        ("!FindInMap [Map, !Ref Name, Many]", ["x", "y"]),
        ("!FindInMap [Map, !Ref Open, Same]", "s"),
        ("!FindInMap [Map, !Ref Open, One]", '${FindInMap(Map, Open, "One")}'),
        ("!FindInMap [Map, none, One, {DefaultValue: !Ref Name}]", "app"),
        ("!FindInMap [None, none, One, {DefaultValue: d}]", "d"),
        ("!ImportValue x", "${ImportValue(x)}"),
        ("!ImportValue {'Fn::Sub': '${Open}-Role'}", "${ImportValue(${Open}-Role)}"),
        ("{'Fn::GetStackOutput': {StackName: S, OutputName: O}}", "${ImportValue(S.O)}"),
        ("!GetAZs ''", "${zones}"),
        ("!Select [0, !GetAZs '']", "${Select(0, zones)}"),
        ("!Cidr [10.0.0.0/16, 2, 8]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Cidr [10.0.0.0/24, '1']", ["10.0.0.0/24"]),
        ("!Base64 {'Fn::Sub': 'echo ${Name}'}", "echo app"),
        ("{'Fn::Length': !Ref List}", 3),
        ("{'Fn::Length': [1, 2]}", 2),
        ("{'Fn::ToJsonString': {A: [1, true, null, !Ref Name]}}", '{"A":[1,true,null,"app"]}'),
        ("{'Fn::ToJsonString': {A: !GetAtt Other.Arn}}", '{"A":"${Other.Arn}"}'),
        ("'{{resolve:ssm:/a/b:1}}'", "${{{resolve:ssm:/a/b:1}}}"),
        (
            "'x-{{resolve:secretsmanager:S:SecretString:k}}-y'",
            "x-${{{resolve:secretsmanager:S:SecretString:k}}}-y",
        ),
        ("!Sub '{{resolve:ssm:/${Name}/x}}'", "${{{resolve:ssm:/app/x}}}"),
        ("!Join ['', ['{{resolve:ssm:', !Ref Open, '}}', z]]", "${{{resolve:ssm:${Open}}}}z"),
        ("'{{resolve:ssm:/a'", "{{resolve:ssm:/a"),
        ("{Condition: {StringEquals: {a: b}}}", {"Condition": {"StringEquals": {"a": "b"}}}),
        (
            "{'Fn::ForEach::L': [X, !Ref List, {'K${X}': !Ref X, 'N&{X}': '${X}!'}]}",
            {"Ka": "a", "Na": "a!", "Kb": "b", "Nb": "b!", "Kc": "c", "Nc": "c!"},
        ),
        ("{Keep: 1, 'Fn::ForEach::L': [X, !Ref Open, {'K${X}': 1}]}", {"Keep": 1, ...: ...}),
        ("{A: 1, 'Fn::Transform': {Name: 'AWS::Include'}}", {"A": 1, ...: ...}),
    ],
)
def test_the_value_of_a_function(written: str, expected: object) -> None:
    assert plain(value(written)) == expected


@pytest.mark.parametrize(
    "written",
    [
        "!Ref [a]",
        "!Ref {a: b}",
        "!Ref nothing",
        "!Ref AWS::Nothing",
        "!GetAtt Other",
        "!GetAtt [Other]",
        "!GetAtt nothing.Arn",
        "!GetAtt {a: b}",
        "!Sub [a]",
        "!Sub [a, b]",
        "!Sub {a: b}",
        "!Sub [[a], {}]",
        "!Join a",
        "!Join [a]",
        "!Join [a, b]",
        "!Join ['', [[a], {b: c}]]",
        "!Join ['', !Ref Open]",
        "!Select a",
        "!Select [a, [b]]",
        "!Select [9, [b]]",
        "!Select [-1, [b]]",
        "!Select [0, b]",
        "!Select [0, !Ref Open]",
        "!Split a",
        "!Split [a, [b]]",
        "!Split [[a], b]",
        "!If a",
        "!If [a, b]",
        "!If [nothing, a, b]",
        "!If [[a], b, c]",
        "!FindInMap a",
        "!FindInMap [a, b]",
        "!FindInMap [Map, no, no]",
        "!FindInMap [!Ref Open, a, b]",
        "!FindInMap [[a], {b: c}, d]",
        "!ImportValue [a]",
        "!GetStackOutput {StackName: a}",
        "!GetStackOutput a",
        "!Cidr [a, b, c]",
        "!Cidr [10.0.0.0/16, 9, 99]",
        "!Cidr [10.0.0.0/30, 500, 0]",
        "!Cidr a",
        "{'Fn::Length': a}",
        "{'Fn::Length': !Ref Open}",
        "{'Fn::ToJsonString': !If [Perhaps, a, [b]]}",
        "!Transform {Name: 'AWS::Include', Parameters: {Location: s3}}",
        "!Transform a",
        "!Ref Gone",
        "!GetAtt Gone.Arn",
        "!Sub [a, b, c]",
        "!Base64 {'Fn::Nothing': a}",
        "!Rain::Embed x",
    ],
)
def test_wrong_arguments_are_unknown_with_a_reason(written: str) -> None:
    found = value(written)
    if not isinstance(found, Unknown):  # or leave something unknown inside
        assert any(mark in str(plain(found)) for mark in ("${...}", "Ellipsis", "...")), found
    else:
        assert found.reason and found.span.line


def test_a_mapping_that_a_macro_makes_has_no_default() -> None:
    for made in (
        "{Fn::Transform: {Name: M}, Map: {a: {b: c}}}",
        "{Map: {Fn::Transform: {Name: M}}}",
    ):
        it = resource(f"""
        Mappings: {made}
        Resources: {{It: {{Type: 'Custom::It', Properties: {{V: !FindInMap [Map, x, y, {{DefaultValue: d}}]}}}}}}
        """)
        assert isinstance(it.body.get("V"), Unknown)


def test_the_reason_says_what_is_missing() -> None:
    reasons = {
        "!Ref Open": ("parameter 'Open' has no value", Why.INPUT),
        "!Ref Stored": (
            "parameter 'Stored' is read from the Parameter Store at deployment",
            Why.OUTSIDE,
        ),
        "!Ref nothing": ("the template declares no 'nothing'", Why.FUNCTION),
        "!Select [1, !Split [',', !Ref Open]]": ("parameter 'Open' has no value", Why.INPUT),
        "!If [Perhaps, a, b]": ("condition 'Perhaps' is not known", Why.CONDITION),
        "!ImportValue x": ("which template exports 'x' is not known", Why.OUTSIDE),
        "!Transform {Name: Mine}": ("the macro 'Mine' makes it at deployment", Why.OUTSIDE),
        "!FindInMap [Map, !Ref Open, One]": ("parameter 'Open' has no value", Why.INPUT),
    }
    found = {written: value(written) for written in reasons}
    assert {written: (each.reason, each.why) for written, each in found.items()} == reasons


def test_functions_are_named_where_calls_are_told_apart() -> None:
    assert frozenset(intrinsics.FUNCTIONS) == scope.FUNCTIONS


def test_equal_unknowns_have_equal_symbols_and_others_do_not() -> None:
    for written in (
        "!Ref Open",
        "!If [Perhaps, a, b]",
        "!ImportValue x",
        "!Select [0, !GetAZs '']",
        "!FindInMap [Map, !Ref Open, One]",
    ):
        both = value(f"[{written}, {written}]")
        assert both.items[0] == both.items[1] and both.items[0].symbol
    different = value(
        "[!If [Perhaps, a, b], !If [Perhaps, a, c], !Select [0, !GetAZs ''], "
        "!Select [1, !GetAZs ''], !ImportValue x, !ImportValue y]"
    )
    assert len({each.symbol for each in different}) == 6
    assert value("!Transform {Name: a}").symbol is None
    assert value("!ImportValue {'Fn::Transform': {Name: a}}").symbol is None


def test_a_reference_keeps_the_resource_and_its_text() -> None:
    found = value("!Sub '${Other.Arn}/*'")
    assert isinstance(found, Text) and isinstance(found.parts[0], Reference)
    assert found.parts[0].address == "Other"
    assert value("!GetAtt Thing.X") == Reference("Thing", "X")
    assert literal(value("!Ref Other")) == "other"


def test_the_json_of_a_structure_remembers_it() -> None:
    found = value("{'Fn::ToJsonString': {A: !Ref AWS::Region}}")
    assert shown_value(found) == '{"A":"${region}"}'
    assert plain(found.encodes) == {"A": "${region}"}


def test_resources_that_refer_to_each_other_do_not_hang() -> None:
    text = """
    Resources:
      It: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub 'a${B}'}}
      B: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub 'b${It}'}}
      C: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref C}}
    """
    assert plain(resource(text).body.get("RoleName")) == "a${B.Ref}"
    assert isinstance(resource(text, "C").body.get("RoleName"), Reference)


# -- every function in every position --------------------------------------------------------------

#: A function that gives X, for any X that is written as a YAML scalar.
GIVING = {
    "ref": "!Ref Given",
    "sub": "!Sub '${Given}'",
    "sub-map": "!Sub ['${A}', {A: !Ref Given}]",
    "join": "!Join ['', [!Ref Given, '']]",
    "select": "!Select [1, [x, !Ref Given]]",
    "select-split": "!Select [1, !Split ['|', !Sub 'x|${Given}']]",
    "if": "!If [Yes, !Ref Given, x]",
    "if-else": "!If [No, x, !Ref Given]",
    "if-if": "!If [Yes, !If [No, x, !Ref Given], x]",
    "get-att": "!GetAtt Stored.Value",
    "long form": "{'Fn::Join': ['', [{'Fn::Sub': '${Given}'}]]}",
    "find-in-map": "!FindInMap [Map, Key, !Ref Given, {DefaultValue: !Ref Given}]",
}
POSITIONS: dict[str, tuple[str, Any]] = {
    "trusted service": (
        "ecs-tasks.amazonaws.com",
        lambda role, task: _statement(role.trust)["Principal"]["Service"],
    ),
    "trusted action": ("sts:AssumeRole", lambda role, task: _statement(role.trust)["Action"]),
    "role name": ("web", lambda role, task: literal(role.name)),
    "managed policy": (
        "arn:aws:iam::aws:policy/X",
        lambda role, task: literal(role.policies[1].arn),
    ),
    "policy name": ("inline", lambda role, task: literal(role.policies[0].name)),
    "policy effect": ("Allow", lambda role, task: _statement(role.policies[0].document)["Effect"]),
    "policy action": (
        "s3:GetObject",
        lambda role, task: _statement(role.policies[0].document)["Action"][0],
    ),
    "policy resource": (
        "arn:aws:s3:::b",
        lambda role, task: _statement(role.policies[0].document)["Resource"],
    ),
    "condition value": (
        "v",
        lambda role, task: _statement(role.policies[0].document)["Condition"]["StringEquals"][
            "aws:k"
        ],
    ),
    "family": ("fam", lambda role, task: literal(task.family)),
    "network mode": ("awsvpc", lambda role, task: literal(task.network_mode)),
    "compatibility": ("FARGATE", lambda role, task: plain(task.compatibilities)[0]),
    "container name": ("main", lambda role, task: literal(task.containers.items[0].name)),
    "image": ("nginx:1", lambda role, task: literal(task.containers.items[0].image)),
    "secret name": (
        "SECRET",
        lambda role, task: literal(task.containers.items[0].secrets.items[0].name),
    ),
    "secret source": (
        "/app/x",
        lambda role, task: literal(task.containers.items[0].secrets.items[0].value_from),
    ),
    "log driver": ("awslogs", lambda role, task: literal(task.containers.items[0].log.driver)),
    "log option": (
        "/ecs/app",
        lambda role, task: literal(task.containers.items[0].log.option("awslogs-group")),
    ),
    "volume": ("data", lambda role, task: literal(task.volumes.items[0].name)),
    "variable": (
        "val",
        lambda role, task: literal(task.containers.items[0].environment.items[0].value),
    ),
}


def _statement(document: Any) -> Any:
    return plain(document)["Statement"][0]


def _stack(position: str, written: str) -> str:
    at = {
        name: written if name == position else f"'{given}'"
        for name, (given, _) in POSITIONS.items()
    }
    given = POSITIONS[position][0]
    return textwrap.dedent(f"""
    Parameters: {{Given: {{Type: String, Default: '{given}'}}}}
    Mappings: {{Map: {{Key: {{Other: x}}}}}}
    Conditions: {{'Yes': !Equals [a, a], 'No': !Equals [a, b]}}
    Resources:
      Stored: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: !Ref Given}}}}
      Role:
        Type: AWS::IAM::Role
        Properties:
          RoleName: {at["role name"]}
          AssumeRolePolicyDocument:
            Statement:
            - Effect: Allow
              Action: {at["trusted action"]}
              Principal: {{Service: {at["trusted service"]}}}
          ManagedPolicyArns: [{at["managed policy"]}]
          Policies:
          - PolicyName: {at["policy name"]}
            PolicyDocument:
              Statement:
              - Effect: {at["policy effect"]}
                Action: [{at["policy action"]}]
                Resource: {at["policy resource"]}
                Condition: {{StringEquals: {{'aws:k': {at["condition value"]}}}}}
      Task:
        Type: AWS::ECS::TaskDefinition
        Properties:
          Family: {at["family"]}
          NetworkMode: {at["network mode"]}
          RequiresCompatibilities: [{at["compatibility"]}]
          ExecutionRoleArn: !GetAtt Role.Arn
          Volumes: [{{Name: {at["volume"]}}}]
          ContainerDefinitions:
          - Name: {at["container name"]}
            Image: {at["image"]}
            Environment: [{{Name: a, Value: {at["variable"]}}}]
            Secrets: [{{Name: {at["secret name"]}, ValueFrom: {at["secret source"]}}}]
            LogConfiguration:
              LogDriver: {at["log driver"]}
              Options: {{awslogs-group: {at["log option"]}}}
    """)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("function", GIVING)
def test_every_function_works_in_every_position(function: str, position: str) -> None:
    expected, read = POSITIONS[position]
    stack = worlds(_stack(position, GIVING[function]))[0].built
    assert read(stack.of(Role)[0], stack.of(TaskDefinition)[0]) == expected


@pytest.mark.parametrize("position", POSITIONS)
def test_an_unknown_in_any_position_leaves_the_rest_readable(position: str) -> None:
    stack = worlds(_stack(position, "!ImportValue x"))[0].built
    role, task = stack.of(Role)[0], stack.of(TaskDefinition)[0]
    for other, (expected, read) in POSITIONS.items():
        if other != position and not (position == "policy name" and other == "managed policy"):
            assert read(role, task) == expected, other
    assert stack.role_of(task.execution_role) is role


TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": ["ecs-tasks.amazonaws.com"]},
        }
    ]
}
PERMISSIONS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "A",
            "Effect": "Allow",
            "Action": ["logs:*", "s3:GetObject"],
            "Resource": ["*"],
            "Condition": {"StringEquals": {"aws:ResourceAccount": ["111122223333"]}},
        },
        {"Effect": "Deny", "NotAction": "s3:*", "NotResource": ["arn:aws:s3:::b"]},
    ],
}
WRITTEN: dict[str, Any] = {
    "Role": (
        "AWS::IAM::Role",
        {
            "RoleName": "app",
            "Path": "/a/",
            "AssumeRolePolicyDocument": TRUST,
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/X", "arn:aws:iam::aws:policy/Y"],
            "PermissionsBoundary": "arn:aws:iam::aws:policy/Z",
            "Policies": [{"PolicyName": "own", "PolicyDocument": PERMISSIONS}],
        },
    ),
    "Policy": (
        "AWS::IAM::Policy",
        {"PolicyName": "more", "Roles": ["app"], "PolicyDocument": PERMISSIONS},
    ),
    "Task": (
        "AWS::ECS::TaskDefinition",
        {
            "Family": "app",
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "PidMode": "task",
            "ExecutionRoleArn": "arn:aws:iam::111122223333:role/a/app",
            "TaskRoleArn": "app",
            "RuntimePlatform": {"OperatingSystemFamily": "LINUX"},
            "Volumes": [
                {
                    "Name": "v",
                    "EFSVolumeConfiguration": {
                        "FilesystemId": "fs-1",
                        "TransitEncryption": "ENABLED",
                        "AuthorizationConfig": {"IAM": "ENABLED"},
                    },
                },
                {"Name": "h", "Host": {"SourcePath": "/x"}},
            ],
            "ContainerDefinitions": [
                {
                    "Name": "app",
                    "Image": "nginx",
                    "Essential": True,
                    "User": "1000",
                    "ReadonlyRootFilesystem": True,
                    "Secrets": [
                        {"Name": "S", "ValueFrom": "/app/s"},
                        {"Name": "T", "ValueFrom": "/app/t"},
                    ],
                    "Environment": [{"Name": "E", "Value": "v"}],
                    "EnvironmentFiles": [{"Type": "s3", "Value": "arn:aws:s3:::b/e"}],
                    "LinuxParameters": {"InitProcessEnabled": True},
                    "DependsOn": [{"ContainerName": "b", "Condition": "START"}],
                    "RepositoryCredentials": {"CredentialsParameter": "arn:c"},
                    "MountPoints": [
                        {"SourceVolume": "v", "ContainerPath": "/d", "ReadOnly": False}
                    ],
                    "LogConfiguration": {
                        "LogDriver": "awslogs",
                        "Options": {"awslogs-group": "g", "awslogs-region": "r"},
                        "SecretOptions": [{"Name": "K", "ValueFrom": "/app/k"}],
                    },
                },
                {
                    "Name": "b",
                    "Image": "router",
                    "FirelensConfiguration": {"Type": "fluentbit", "Options": {"a": "b"}},
                },
            ],
        },
    ),
    "Service": (
        "AWS::ECS::Service",
        {
            "TaskDefinition": "app",
            "Cluster": "c",
            "LaunchType": "FARGATE",
            "EnableExecuteCommand": True,
            "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE"}],
            "PlatformVersion": "1.4.0",
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {"Subnets": ["s"], "AssignPublicIp": "ENABLED"}
            },
        },
    ),
}


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, (list, tuple))
        else ()
    )
    return [path, *(target for key, item in inner for target in _places(item, (*path, key)))]


def _changed(data: Any, path: tuple[Any, ...], change: Any) -> Any:
    """The data with what stands at the place changed; without it, where nothing comes of it."""
    if not path:
        return change(data)
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    items = [
        (key, _changed(item, path[1:], change) if key == path[0] else item) for key, item in pairs
    ]
    kept = [(key, item) for key, item in items if item is not ...]
    return dict(kept) if isinstance(data, dict) else [item for _, item in kept]


def _read(name: str, properties: Any) -> Stack:
    resources = {
        key: {"Type": kind, "Properties": properties if key == name else written}
        for key, (kind, written) in WRITTEN.items()
    }
    made = unit_from_template(
        "t.json",
        {
            "Resources": resources,
            "Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}},
        },
    )
    assert made is not None
    return made.stack(PathCondition())


@pytest.mark.parametrize("name", WRITTEN)
def test_a_condition_may_stand_in_any_place_and_remove_what_stands_there(name: str) -> None:
    nothing, properties = {"Ref": "AWS::NoValue"}, WRITTEN[name][1]
    whole = _read(name, properties)
    for target in _places(properties)[1:]:
        for kept in (
            lambda it: {"Fn::If": ["Yes", it, nothing]},
            lambda it: {"Fn::If": ["No", nothing, it]},
            lambda it: {"Fn::If": ["Yes", {"Fn::If": ["No", "x", it]}, nothing]},
        ):
            assert _read(name, _changed(properties, target, kept)) == whole, target
        without = _read(name, _changed(properties, target, lambda it: ...))
        assert (
            _read(name, _changed(properties, target, lambda it: {"Fn::If": ["No", it, nothing]}))
            == without
        ), target


def test_values_stand_where_they_are_used_and_branches_where_they_are_written() -> None:
    it = resource("""
    Parameters:
      P: {Type: String, Default: x}
    Conditions: {C: !Equals [a, a]}
    Resources:
      It:
        Type: AWS::IAM::Role
        Properties:
          A: !Ref P
          B: !If
          - C
          - branch
          - other
          C:
            Fn::GetAtt: [It2, Arn]
          D:
          - !Sub '${P}'
          - Fn::If:
            - C
            - {K: !Ref P}
            - z
      It2: {Type: AWS::IAM::Role}
    """)
    base = ("Resources", "It", "Properties")
    a, b, c, d = (it.body.get(name) for name in "ABCD")
    assert (a, a.span.line, a.span.path) == (Known("x"), 9, (*base, "A"))
    assert (b, b.span.line, b.span.path) == (Known("branch"), 12, (*base, "B", "Fn::If", 1))
    assert (c.span.line, c.span.path) == (15, (*base, "C"))
    assert d.items[0].span.path == (*base, "D", 0)  # type: ignore[union-attr]
    inner = d.items[1].get("K")  # type: ignore[union-attr]
    assert (inner.span.line, inner.span.path) == (20, (*base, "D", 1, "Fn::If", 1, "K"))
