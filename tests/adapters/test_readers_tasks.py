"""Task definitions, and what starts them."""

from __future__ import annotations

import json

import pytest
from declaring import HERE, INPUT, declared, read, stack, value

from ecs_preflight.adapters.resource_types import RUNNING, TERRAFORM
from ecs_preflight.model import (
    Container,
    DeploymentGroup,
    Launch,
    Launcher,
    RoleUser,
    ServiceRole,
    TaskDefinition,
)
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import (
    Entries,
    Items,
    JsonFault,
    Known,
    Reference,
    Text,
    Unknown,
    Why,
    join,
    literal,
)
from ecs_preflight.terraform import resources as terraform


def task(definitions, **more) -> TaskDefinition:
    (found,) = read(
        declared(
            "aws_ecs_task_definition",
            {"family": "app", "container_definitions": definitions, **more},
        )
    )
    assert isinstance(found, TaskDefinition)
    return found


def one(definition) -> Container:
    containers = task([definition]).containers
    assert len(containers) == 1 and containers.remainder is None
    return containers.items[0]


def test_container_definitions_are_read_from_a_structure_a_string_and_a_text_with_holes() -> None:
    written = [{"name": "app", "image": "IMAGE", "secrets": [{"name": "A", "valueFrom": "a"}]}]
    text = json.dumps(written)
    before, after = text.split("IMAGE")
    with_holes = join(before, INPUT, after)
    encoded = Text((Unknown("computed"),), encodes=value(written))
    for form in (written, text, with_holes, encoded):
        (container,) = task(form).containers
        assert [literal(s.value_from) for s in container.secrets] == ["a"]


def test_keys_are_read_blind_to_case_as_ecs_reads_them() -> None:
    container = one(
        {
            "Name": "app",
            "ReadOnlyRootFilesystem": "true",
            "Secrets": [{"NAME": "A", "ValueFrom": "a"}],
        }
    )
    assert container.read_only_root == Known("true")
    assert container.secrets.items[0].name == Known("A")


def test_lists_that_are_partly_known_say_so() -> None:
    partly = Items((value({"name": "A", "value": "1"}),), INPUT)
    container = one(
        {"environment": partly, "secrets": [INPUT, {"name": "B"}], "mountPoints": INPUT}
    )
    assert (len(container.environment), container.environment.remainder) == (1, INPUT)
    assert (len(container.secrets), container.secrets.remainder) == (1, INPUT)
    assert (len(container.mount_points), container.mount_points.remainder) == (0, INPUT)
    containers = task(Items((value({"name": "x"}), INPUT))).containers
    assert (len(containers), containers.remainder) == (1, INPUT)


def test_an_unknown_log_configuration_is_not_the_absence_of_one() -> None:
    assert one({"logConfiguration": INPUT}).log.driver == INPUT
    assert one({"logConfiguration": None}).log.driver == Known(None)
    assert one({}).log.driver == Known(None)
    assert one({"firelensConfiguration": INPUT}).firelens_type == INPUT
    assert one({"firelensConfiguration": {}}).firelens_type != Known(None)


@pytest.mark.parametrize("empty", [None, "", []])
def test_what_is_null_or_empty_is_absent(empty) -> None:
    container = one(
        {
            "name": "app",
            "secrets": empty or None,
            "repositoryCredentials": None,
            "user": empty or None,
        }
    )
    assert not container.secrets.items and container.registry_credentials == Known(None)
    if empty != []:
        found = task([], execution_role_arn=empty, task_role_arn=empty)
        assert found.execution_role == found.task_role == Known(None)


def test_definitions_that_are_not_json_are_kept_for_their_rule() -> None:
    found = task('[{"name": "app",}]')
    assert isinstance(found.not_json, Known) and isinstance(found.not_json.encodes, JsonFault)
    assert (
        found.containers.remainder is not None and found.containers.remainder.why is Why.UNREADABLE
    )
    assert task("[]").not_json == Known(None) and task(INPUT).not_json == Known(None)
    assert task(INPUT).containers.remainder == INPUT


def test_an_empty_host_is_no_host_path() -> None:
    (found,) = read(
        declared(
            "AWS::ECS::TaskDefinition",
            {
                "Volumes": [
                    {"Name": "a", "Host": {}},
                    {"Name": "b"},
                    {"Name": "c", "Host": {"SourcePath": "/x"}},
                ]
            },
        )
    )
    assert isinstance(found, TaskDefinition)
    assert [v.host_path for v in found.volumes] == [Known(None), Known(None), Known("/x")]
    (plain,) = task([], volume=[{"name": "v", "host_path": ""}]).volumes
    assert plain.host_path == Known(None) and plain.efs is None and plain.docker == Known(None)


def test_values_keep_their_places() -> None:
    here = Span("main.tf", 12, 5, 12, 30)
    secret = Entries((("name", Known("A")), ("valueFrom", Known("a", here))))
    assert one({"secrets": Items((secret,))}).secrets.items[0].value_from.span == here


# -- launches --------------------------------------------------------------------------------------


def launches(*each) -> list[Launch]:
    return [found for found in read(*each) if isinstance(found, Launch)]


def test_a_service_finds_its_task_definition_and_cluster() -> None:
    task_ = declared("aws_ecs_task_definition", {"family": "app"}, "aws_ecs_task_definition.app")
    cluster = declared("aws_ecs_cluster", {"name": "main"}, "aws_ecs_cluster.main")
    revision = terraform.attribute(task_, "revision")
    for named in (
        terraform.attribute(task_, "arn"),
        terraform.attribute(task_, "family"),
        join("app:", revision),
        "app",
        "app:3",
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/app:3",
    ):
        service = declared(
            "aws_ecs_service",
            {"task_definition": named, "cluster": terraform.attribute(cluster, "id")},
            "svc",
        )
        found = stack(task_, cluster, service)
        assert found.task_of(found.launches[0]) == found.task_definitions[0]
        assert found.cluster_of(found.launches[0]) == found.clusters[0]


def test_a_task_definition_looked_up_by_its_family_is_the_stacks_own() -> None:
    task_ = declared("aws_ecs_task_definition", {"family": "app"}, "aws_ecs_task_definition.app")
    data = declared("data.aws_ecs_task_definition", {"task_definition": "app"}, "data.x")
    service = declared(
        "aws_ecs_service", {"task_definition": terraform.attribute(data, "arn")}, "svc"
    )
    found = stack(task_, data, service)
    assert found.task_of(found.launches[0]) == found.task_definitions[0]


def test_helper_roles_of_a_service_carry_their_key() -> None:
    (service,) = launches(
        declared(
            "aws_ecs_service",
            {
                "iam_role": "",
                "volume_configuration": [
                    {"managed_ebs_volume": [{"role_arn": "r", "kms_key_id": "k"}]}
                ],
            },
        )
    )
    (use,) = service.service_roles
    assert (use.service_role, use.role, use.kms_key) == (
        ServiceRole.EBS_VOLUME,
        Known("r"),
        Known("k"),
    )
    assert service.has_load_balancer == Known(False)


def test_a_target_without_ecs_parameters_starts_no_task() -> None:
    assert not launches(
        declared("aws_cloudwatch_event_target", {"arn": "queue"}),
        declared("aws_scheduler_schedule", {"target": [{"arn": "f"}]}),
        declared("aws_pipes_pipe", {"target": "f"}),
    )
    assert not launches(declared("AWS::Events::Rule", {"Targets": [{"Arn": "f"}, INPUT]}))


def test_a_rule_with_two_ecs_targets_starts_two_tasks() -> None:
    found = launches(
        declared(
            "AWS::Events::Rule",
            {
                "Targets": [
                    {"Arn": "c", "RoleArn": "r", "EcsParameters": {"TaskDefinitionArn": f"app:{i}"}}
                    for i in (1, 2)
                ]
            },
            "Rule",
        )
    )
    assert [literal(launch.task_definition) for launch in found] == ["app:1", "app:2"]
    assert {launch.address for launch in found} == {"Rule"}


def test_an_input_that_is_no_map_of_overrides_says_nothing_of_roles() -> None:
    (launch,) = launches(
        declared(
            "aws_cloudwatch_event_target",
            {"input": '["x"]', "ecs_target": [{"task_definition_arn": "app"}]},
        )
    )
    assert launch.task_role_override == Known(None)


def state(resource="arn:aws:states:::ecs:runTask", **parameters):
    return {"Type": "Task", "Resource": resource, "Parameters": parameters}


def machine(states, **more) -> list[Launch]:
    return launches(
        declared(
            "aws_sfn_state_machine",
            {"role_arn": "r", "definition": json.dumps({"States": states}), **more},
            "machine",
        )
    )


def test_states_that_run_tasks_are_found_wherever_they_nest() -> None:
    found = machine(
        {
            "A": state("arn:aws:states:::ecs:runTask.sync", TaskDefinition="a"),
            "B": {
                "Type": "Parallel",
                "Branches": [
                    {
                        "States": {
                            "C": state(
                                "arn:aws-cn:states:::ecs:runTask.waitForTaskToken",
                                TaskDefinition="c",
                            )
                        }
                    }
                ],
            },
            "D": {"Type": "Map", "ItemProcessor": {"States": {"E": state(TaskDefinition="e")}}},
            "F": {"Type": "Map", "Iterator": {"States": {"G": state(TaskDefinition="g")}}},
            "H": state("arn:aws:states:::lambda:invoke"),
            "I": {"Type": "Pass"},
        }
    )
    assert [literal(launch.task_definition) for launch in found] == ["a", "c", "e", "g"]
    assert {(launch.launcher, launch.launcher_role) for launch in found} == {
        (Launcher.STATE_MACHINE, Known("r"))
    }


def test_what_the_execution_decides_is_unknown() -> None:
    (path, jsonata) = machine(
        {
            "A": state(**{"TaskDefinition.$": "$.task", "Cluster": "c"}),
            "B": {
                "Type": "Task",
                "Resource": "arn:aws:states:::ecs:runTask",
                "Arguments": {"TaskDefinition": "{% $task %}", "EnableExecuteCommand": True},
            },
        }
    )
    assert isinstance(path.task_definition, Unknown) and path.cluster == Known("c")
    assert isinstance(jsonata.task_definition, Unknown) and jsonata.exec_enabled == Known(True)


def test_substitutions_are_made_in_a_definition() -> None:
    definition = json.dumps({"States": {"A": state(TaskDefinition="${Task}", Cluster="x-${Gone}")}})
    (launch,) = launches(
        declared(
            "AWS::StepFunctions::StateMachine",
            {
                "DefinitionString": definition,
                "DefinitionSubstitutions": {"Task": Reference("Task", "Ref")},
            },
            "Machine",
        )
    )
    assert launch.task_definition == Text((Reference("Task", "Ref"),))
    assert launch.cluster == Known("x-${Gone}")


def test_a_codedeploy_group_of_instances_is_no_helper_of_ecs() -> None:
    assert not [
        r
        for r in read(declared("aws_codedeploy_deployment_group", {"service_role_arn": "r"}))
        if isinstance(r, DeploymentGroup)
    ]


def test_what_works_under_a_role_names_its_service() -> None:
    found = read(
        declared("aws_lambda_function", {"role": "f"}),
        declared("aws_sfn_state_machine", {"role_arn": "m"}),
        declared("aws_lambda_function", {"role": None}),
    )
    assert [(r.role, r.service) for r in found if isinstance(r, RoleUser)] == [
        (Known("f"), "lambda.amazonaws.com"),
        (Known("m"), "states.amazonaws.com"),
    ]


def test_an_express_service_logs_to_its_own_group_unless_told() -> None:
    (found, launch) = read(
        declared("aws_ecs_express_gateway_service", {"primary_container": [{"image": "i"}]}, "web")
    )
    assert isinstance(found, TaskDefinition) and isinstance(launch, Launch)
    (container,) = found.containers
    assert container.log.driver == Known("awslogs")
    assert container.log.option("awslogs-group") == arns.hole("web", "log group")
    assert stack(declared("aws_ecs_express_gateway_service", {}, "web")).launches_of["web"]


def test_a_resource_that_may_not_exist_says_why() -> None:
    condition = Unknown("it depends on var.x", Name("var.x"), Why.CONDITION)
    (found,) = read(declared("aws_ecs_service", {}, conditional=condition, depends_on=("a",)))
    assert isinstance(found, Launch)
    assert (found.conditional, found.depends_on, found.span) == (condition, ("a",), HERE)


def test_what_may_run_tasks_is_known_by_its_type() -> None:
    """No reader of tasks and of what launches them is forgotten; of their neighbours those are left
    out that read what stands before a service."""
    rooms = ("tasks", "launches", "targets", "state_machines")
    read_there = {
        name
        for name, row in TERRAFORM.items()
        if row.read is not None and row.read.__module__.rpartition(".")[2] in rooms
    }
    assert {
        name for name in read_there - RUNNING if not name.startswith(("aws_lb", "aws_alb"))
    } == set()
    assert read_there > RUNNING
