"""Parameters and conditions: which worlds a template has, and what is so in each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cloudformation_trees import found, instance, plain, resource, stacks, worlds

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.symbolic.values import Known, Unknown, Why
from ecs_preflight.symbolic.worlds import MAX_WORLDS, PathCondition, explore

TEMPLATE = """
Parameters:
{parameters}
Conditions:
{conditions}
Resources:
  It:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {value}
"""


def template(parameters: str, conditions: str = "", value: str = "x") -> str:
    def block(lines: str) -> str:
        return "\n".join(f"  {line}" for line in lines.splitlines()) or "  {}"

    return TEMPLATE.format(parameters=block(parameters), conditions=block(conditions), value=value)


def choices(text: str) -> list[str]:
    return [str(world.choice) for world in worlds(text)]


def outcomes(text: str) -> dict[str, Any]:
    """The role's name in each world."""
    return {
        str(world.choice): plain(world.built.roles[0].name) if world.built.roles else None
        for world in worlds(text)
    }


# -- parameters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("{Type: String, Default: a}", "a"),
        ("{Type: String, Default: ''}", ""),
        ("{Type: Number, Default: 8080}", "8080"),
        ("{Type: String, Default: true}", "true"),
        ("{Type: String, Default: 'yes'}", "yes"),
        ("{Default: a}", "a"),
        ("{Type: CommaDelimitedList, Default: 'a, b'}", ["a", "b"]),
        ("{Type: CommaDelimitedList, Default: ''}", []),
        ("{Type: List<Number>, Default: '1,2'}", ["1", "2"]),
        ("{Type: 'List<AWS::EC2::Subnet::Id>'}", "${P}"),
        ("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}", "${P}"),
        ("{Type: 'AWS::SSM::Parameter::Name', Default: /a}", "/a"),
        ("{Type: String}", "${P}"),
        ("[]", "${P}"),
        ("{Type: [a], Default: {a: b}}", "${P}"),
        ("", "${P}"),
    ],
)
def test_what_a_parameter_is_by_default(parameter: str, value: object) -> None:
    assert (
        plain(resource(template(f"P: {parameter}", value="!Ref P")).body.get("RoleName")) == value
    )


def test_a_parameter_without_value_says_so() -> None:
    found = resource(template("P: {Type: String}", value="!Ref P")).body.get("RoleName")
    assert isinstance(found, Unknown)
    assert (found.reason, str(found.symbol), found.why) == (
        "parameter 'P' has no value",
        "P",
        Why.INPUT,
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "cli.json",
            '[{"ParameterKey": "P", "ParameterValue": "given"}, {"ParameterKey": "Q"}, 5]',
        ),
        ("deploy.json", '["P=given", "Q=a=b"]'),
        ("pipeline.json", '{"Parameters": {"P": "given"}, "Tags": {}}'),
        ("sync.yaml", "template-file-path: t.yaml\nparameters:\n  P: given\ntags: {}\n"),
        ("sync-elsewhere.yaml", "template-file-path: gone.yaml\nparameters:\n  P: given\n"),
        ("numbers.yaml", "parameters: {P: given, Other: 5}\n"),
    ],
)
def test_a_parameter_file_gives_values(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / "values" / name
    file.parent.mkdir()
    file.write_text(text)
    (tmp_path / ".git").mkdir()
    stack = stacks(
        tmp_path,
        {"t.yaml": template("P: {Type: String, Default: d}", value="!Ref P")},
        Inputs(parameters=(file,)),
    )["t.yaml"]
    assert plain(stack.roles[0].name) == "given"


def test_a_sync_file_gives_values_to_its_own_template_only(tmp_path: Path) -> None:
    file = tmp_path / "sync.yaml"
    file.write_text("template-file-path: a.yaml\nparameters: {P: given}\n")
    text = template("P: {Type: String, Default: d}", value="!Ref P")
    both = stacks(tmp_path, {"a.yaml": text, "b.yaml": text}, Inputs(parameters=(file,)))
    assert {name: plain(stack.roles[0].name) for name, stack in both.items()} == {
        "a.yaml": "given",
        "b.yaml": "d",
    }


@pytest.mark.parametrize("text", ["5", "[a", '{"Other": 1}', "\0"])
def test_a_broken_parameter_file_is_reported(tmp_path: Path, text: str) -> None:
    file = tmp_path / "p.json"
    file.write_text(text)
    result = found(
        tmp_path,
        {"t.yaml": template("P: {Default: d}", value="!Ref P")},
        Inputs(parameters=(file, tmp_path / "absent.json")),
    )
    assert [Path(u.path).name for u in result.unreadable] == ["p.json", "absent.json"]
    assert len(result.units) == 1


# -- worlds ----------------------------------------------------------------------------------------


def test_allowed_values_are_worlds_of_their_own() -> None:
    with_default = template(
        "P: {Type: String, Default: a, AllowedValues: [a, b, c]}", value="!Ref P"
    )
    assert outcomes(with_default) == {"None": "a", "P is b": "b", "P is c": "c"}
    assert [world.deviates for world in worlds(with_default)] == [False, True, True]
    without = template("P: {Type: String, AllowedValues: [a, b]}", value="!Ref P")
    assert outcomes(without) == {"None": "${P}", "P is a": "a", "P is b": "b"}
    assert [world.deviates for world in worlds(without)] == [False, False, False]


def test_given_values_leave_no_choice(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text('{"Parameters": {"P": "b"}}')
    (unit,) = found(
        tmp_path,
        {
            "t.yaml": template(
                "P: {Type: String, Default: a, AllowedValues: [a, b]}", value="!Ref P"
            )
        },
        Inputs(parameters=(file,)),
    ).units
    assert [plain(world.built.roles[0].name) for world in explore(unit.stack)] == ["b"]


def test_a_default_that_a_condition_compares_is_a_choice() -> None:
    text = template(
        "P: {Type: String, Default: dev}", "C: !Equals [!Ref P, prod]", "!If [C, yes!, no!]"
    )
    assert outcomes(text) == {"None": "no!", "P is prod": "yes!"}


def test_the_value_beside_all_compared_ones_is_a_world() -> None:
    text = template(
        "P: {Type: String, Default: ''}", "C: !Equals [!Ref P, '']", "!If [C, mine, !Ref P]"
    )
    assert outcomes(text) == {"None": "mine", "P is anything else": "${P}"}


def test_many_allowed_values_are_worlds_only_where_they_are_told_apart() -> None:
    allowed = ", ".join(f"t{n}" for n in range(40))
    text = template(f"P: {{Default: t1, AllowedValues: [{allowed}]}}", value="!Ref P")
    assert outcomes(text) == {"None": "t1"}
    compared = template(
        f"P: {{Default: t1, AllowedValues: [{allowed}]}}",
        "C: !Equals [!Ref P, t5]",
        "!If [C, a, b]",
    )
    assert outcomes(compared) == {"None": "b", "P is t5": "a"}


def test_an_unknown_compared_with_literals_has_a_world_for_each() -> None:
    text = template(
        "P: {Type: String}",
        "A: !Equals [!Ref P, a]\nB: !Equals [b, !Ref P]",
        "!If [A, is-a, !If [B, is-b, neither]]",
    )
    assert outcomes(text) == {
        "None": '${If((P == "a"), "is-a", If((P == "b"), "is-b", "neither"))}',
        "P is a": "is-a",
        "P is b": "is-b",
        "P is anything else": "neither",
    }


def test_an_input_that_selects_from_a_mapping_is_one_of_its_keys() -> None:
    text = "Mappings: {M: {dev: {R: small}, prod: {R: big}}}\n" + template(
        "P: {Type: String}", value="!FindInMap [M, !Ref P, R]"
    )
    assert outcomes(text) == {
        "None": '${FindInMap(M, P, "R")}',
        "P is dev": "small",
        "P is prod": "big",
    }


def test_conditions_on_one_parameter_exclude_each_other() -> None:
    text = template(
        "Env: {Type: String, AllowedValues: [dev, prod]}",
        "IsProd: !Equals [!Ref Env, prod]\nIsDev: !Equals [!Ref Env, dev]\nNotProd: !Not [!Condition IsProd]",
        "!Join ['', [!If [IsProd, P, p], !If [IsDev, D, d], !If [NotProd, N, n]]]",
    )
    assert set(outcomes(text).values()) - {outcomes(text)["None"]} == {"Pdn", "pDN"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("!Equals [a, a]", True),
        ("!Equals [1, '1']", True),
        ("!Equals [true, 'true']", True),
        ("!Equals [!Ref Given, x]", True),
        ("!Equals [!Ref Open, !Ref Open]", True),
        ("!Equals [!Ref AWS::StackName, '']", False),
        ("!Equals [!Ref AWS::AccountId, prod]", False),
        ("!Equals ['a b', !Ref AWS::Region]", False),
        ("!Equals [!Ref AWS::StackName, app]", '(AWS::StackName == "app")'),
        ("!Equals [!Sub 'a${Open}', b]", False),
        ("!Equals [!Sub '${Open}z', b]", False),
        ("!Equals [!Ref Listed, other]", False),
        ("!Not [!Equals [a, a]]", False),
        ("!And [!Condition T, !Condition F]", False),
        ("!And [!Condition U, !Condition F]", False),
        ("!And [!Condition T, !Condition T]", True),
        ("!Or [!Condition U, !Condition T]", True),
        ("!Or [!Condition F, !Condition F]", False),
        ("!Equals [!FindInMap [M, !Ref Given, k], v]", True),
        ("!Equals [!Select [0, !Split [',', 'a,b']], a]", True),
        ("!Equals [!Join ['', !Ref Listing], ab]", True),
        ("!Condition T", True),
        ("{'Fn::Not': [{Condition: F}]}", True),
        ("!Equals [!Ref Open, x]", '(Open == "x")'),
        ("!Not [!Equals [!Ref Open, x]]", '!(Open == "x")'),
        ("!Not [!Not [!Condition U]]", '(Open == "u")'),
        ("!And [!Condition T, !Condition U]", '(Open == "u")'),
        ("!Or [!Condition U, !Equals [!Ref Open, x]]", '((Open == "u") || (Open == "x"))'),
        ("!Equals [!Ref Open, !Ref Stored]", "(Open == Stored)"),
        ("!Equals [!Sub 'a${Open}', ab]", '("a${Open}" == "ab")'),
        ("!Condition Nowhere", "Nowhere"),
        ("!Condition It", "It"),
        ("!Equals [a]", "It"),
        ("!Equals a", "It"),
        ("!And []", "It"),
        ("!Not [a, b]", "It"),
        ("true", "It"),
        ("[]", "It"),
        ("{}", "It"),
        ("!Ref Given", "It"),
        ("!Equals [[a], {b: c}]", "It"),
    ],
)
def test_the_side_of_a_condition(condition: str, expected: object) -> None:
    text = "Mappings: {M: {x: {k: v}}}\n" + template(
        "Given: {Type: String, Default: x}\nOpen: {Type: String}\n"
        "Stored: {Type: 'AWS::SSM::Parameter::Value<String>'}\nListed: {AllowedValues: [a, b]}\n"
        "Listing: {Type: CommaDelimitedList, Default: 'a,b'}",
        f"It: {condition}\nT: !Equals [a, a]\nF: !Equals [a, b]\nU: !Equals [!Ref Open, u]",
    )
    side = instance(text).condition("It")
    assert (side.value if isinstance(side, Known) else str(side.symbol)) == expected


def test_a_condition_that_no_single_input_decides_is_tried_both_ways() -> None:
    text = template("A: {}\nB: {}", "C: !Equals [!Ref A, !Ref B]", "!If [C, same, different]")
    assert set(outcomes(text).values()) >= {"same", "different"}
    both = template(
        "A: {}\nB: {}", "C: !And [!Equals [!Ref A, a], !Equals [!Ref B, b]]", "!If [C, y, n]"
    )
    assert {"y", "n"} <= set(outcomes(both).values())


def test_the_region_decides_too() -> None:
    text = template(
        "", "C: !Equals [!Ref AWS::Region, eu-west-1]", "!If [C, !Ref AWS::Region, other]"
    )
    assert outcomes(text) == {
        "None": '${If((region == "eu-west-1"), region, "other")}',
        "region is eu-west-1": "eu-west-1",
        "region is anything else": "other",
    }


def test_a_world_names_the_conditions_that_it_decides() -> None:
    text = template(
        "Env: {AllowedValues: [dev, prod]}",
        "IsProd: !Equals [!Ref Env, prod]\nUnused: !Equals [a, a]",
        "!If [IsProd, a, b]",
    )
    assert [world.built.sides for world in worlds(text)] == [
        (),
        (("IsProd", False),),
        (("IsProd", True),),
    ]


# -- resources -------------------------------------------------------------------------------------

CONDITIONAL = """
Parameters: {Env: {AllowedValues: [dev, prod]}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [!Ref Env, dev]
Resources:
  ProdRole: {Type: AWS::IAM::Role, Condition: IsProd}
  DevRole: {Type: AWS::IAM::Role, Condition: IsDev}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !If [IsProd, !GetAtt ProdRole.Arn, !GetAtt DevRole.Arn]
"""


def test_a_resource_exists_in_the_worlds_of_its_condition() -> None:
    default, dev, prod = (world.built for world in worlds(CONDITIONAL))
    assert [role.address for role in default.roles] == ["ProdRole", "DevRole"]
    assert [
        str(role.conditional.symbol) for role in default.roles if role.conditional is not None
    ] == [
        '(Env == "prod")',
        '(Env == "dev")',
    ]
    for stack, name in ((dev, "DevRole"), (prod, "ProdRole")):
        assert [(role.address, role.conditional) for role in stack.roles] == [(name, None)]
        (task,) = stack.task_definitions
        assert stack.role_of(task.task_role) is stack.roles[0]


def test_what_nobody_reads_makes_no_worlds() -> None:
    assert choices("""
    Parameters: {A: {AllowedValues: [x, y]}}
    Conditions: {C: !Equals [!Ref A, x]}
    Resources:
      Alarm: {Type: AWS::CloudWatch::Alarm, Condition: C, Properties: {Name: !If [C, a, b]}}
      Role: {Type: AWS::IAM::Role}
    """) == ["None"]


def test_a_thousand_conditions_are_bounded() -> None:
    names = range(1000)
    parameters = "\n".join(f"P{n}: {{Type: String}}" for n in names)
    conditions = "\n".join(
        [
            "C0: !Equals [!Ref P0, x]",
            *(
                f"C{n}: !Or [!Condition C{n - 1}, !Equals [!Ref P{n}, x], !Condition C{n - 1}]"
                for n in names[1:]
            ),
        ]
    )
    text = template(
        parameters, conditions, f"!Join ['', [{', '.join(f'!If [C{n}, a, b]' for n in names)}]]"
    )
    found = worlds(text)
    assert len(found) == MAX_WORLDS + 1
    assert all(len(world.built.roles) == 1 for world in found)
    cycle = template(
        "",
        "\n".join(f"C{n}: !Not [!Condition C{(n + 1) % 500}]" for n in range(500)),
        "!If [C0, a, b]",
    )
    assert len(worlds(cycle)) <= MAX_WORLDS + 1


# -- what one world takes from the default one -----------------------------------------------------

MANY = {
    "main.yaml": """
        Parameters: {Env: {Type: String, AllowedValues: [dev, prod], Default: dev}, Open: {Type: String}}
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
          IsHere: !Equals [!Ref 'AWS::Region', eu-west-1]
          Has: !Not [!Equals [!Ref Open, '']]
        Resources:
          A: {Type: AWS::IAM::Role, Properties: {RoleName: !If [IsProd, p, d]}}
          B: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub 'b-${A}'}}
          C: {Type: AWS::IAM::Role, Condition: Has, Properties: {Path: !If [IsHere, /here/, /there/]}}
          D: {Type: AWS::IAM::Role, Properties: {RoleName: fixed}}
          Child:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: child.yaml, Parameters: {Name: !If [Has, !Ref Open, none], Env: !Ref Env}}
          E: {Type: AWS::IAM::Role, Properties: {RoleName: !GetAtt Child.Outputs.Name}}
        """,
    "child.yaml": """
        Parameters: {Name: {Type: String}, Env: {Type: String}}
        Conditions: {Live: !Equals [!Ref Env, prod], Named: !Not [!Equals [!Ref Name, none]]}
        Resources:
          R: {Type: AWS::IAM::Role, Properties: {RoleName: !If [Named, !Ref Name, !If [Live, l, n]], Path: !Sub '/${AWS::Region}/'}}
        Outputs: {Name: {Value: !Ref R}}
        """,
    "loops.yaml": """
        Transform: AWS::LanguageExtensions
        Parameters: {Env: {Type: String, AllowedValues: [dev, prod], Default: dev}}
        Conditions: {IsProd: !Equals [!Ref Env, prod]}
        Resources:
          'Fn::ForEach::Roles':
            - Name
            - !If [IsProd, [x, y], [x]]
            - 'Role${Name}': {Type: AWS::IAM::Role, Properties: {RoleName: !Sub '${Name}-${Env}'}}
        """,
}


def test_a_world_is_the_same_whether_computed_alone_or_after_the_default_one(
    tmp_path: Path,
) -> None:
    seen = 0
    for each in found(tmp_path, MANY).units:
        for scenario in explore(each.stack)[1:]:
            assert scenario.choice is not None
            alone = each.stack(PathCondition({scenario.choice.symbol: scenario.choice}))
            assert scenario.built == alone, scenario.choice
            assert set(scenario.built.sides) <= set(alone.sides)
            seen += 1
    assert seen >= 6


# -- what the Rules section refuses ----------------------------------------------------------------

RULED = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, test, prod]}
  Role: {Type: String, Default: ''}
  List: {Type: CommaDelimitedList, Default: 'a,b'}
Rules:
  Only:
%s
Resources: {It: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref Env, Path: !Ref Role}}}
"""


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("Assertions: [{Assert: !Not [!Equals [!Ref Env, test]]}]", {"dev", "prod"}),
        ("Assertions: [{Assert: {'Fn::Contains': [[dev, prod], !Ref Env]}}]", {"dev", "prod"}),
        (
            "{RuleCondition: !Equals [!Ref Env, prod], Assertions: [{Assert: !Not [!Equals [!Ref Role, '']]}]}",
            {"dev", "test"},
        ),
        (
            "{RuleCondition: !Not [!Equals [!Ref Env, dev]], Assertions: [{Assert: {'Fn::EachMemberIn': [!Ref List, [a]]}}]}",
            {"dev"},
        ),
        (
            "{RuleCondition: !Equals [!Ref Env, prod], Assertions: [{Assert: {'Fn::EachMemberEquals': [!Ref List, a]}}]}",
            {"dev", "test"},
        ),
        (
            "Assertions: [{Assert: !Or [!Equals [!Ref Env, dev], !Equals [!Ref Env, test]]}]",
            {"dev", "test"},
        ),
        (
            "Assertions: [{Assert: !And [!Equals [!Ref Env, dev], !Equals [!Ref Env, dev]]}]",
            {"dev"},
        ),
        (
            "Assertions: [{Assert: {'Fn::EachMemberIn': [{'Fn::ValueOfAll': ['AWS::EC2::VPC::Id', Tags.x]}, [a]]}}]",
            {"dev", "test", "prod"},
        ),
        (
            "{RuleCondition: !Equals [!Ref 'AWS::Region', x], Assertions: [{Assert: !Equals [a, b]}]}",
            {"dev", "test", "prod"},
        ),
        ("Assertions: nothing", {"dev", "test", "prod"}),
        ("[]", {"dev", "test", "prod"}),
        ("Assertions: [{Assert: {'Fn::Contains': x}}, {Assert: 5}, x]", {"dev", "test", "prod"}),
    ],
)
def test_a_world_that_a_rule_refuses_is_none(rule: str, left: set[str]) -> None:
    seen = worlds(RULED % f"    {rule}")
    assert {
        plain(
            resource(
                RULED % f"    {rule}",
                **({str(world.choice.symbol): world.choice.value} if world.choice else {}),
            ).body.get("RoleName")
        )
        for world in seen
    } == left
    assert {world.alternatives for world in seen[1:]} <= {len(left)}
