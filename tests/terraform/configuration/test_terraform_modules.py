"""The module language: files, overrides, locals, calls, instances, providers."""

from __future__ import annotations

from pathlib import Path

import pytest
from terraform_trees import PROVIDER, by_address, contents, found, name_of, role

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.model import addresses
from ecs_preflight.symbolic.arns import ACCOUNT, REGION
from ecs_preflight.symbolic.depth import deeply
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Why,
    literal,
    shown_value,
)
from ecs_preflight.symbolic.worlds import Choice, PathCondition, explore
from ecs_preflight.terraform.configuration.unit import RootModule, evaluated

# -- files ---------------------------------------------------------------------------------------


def test_all_files_of_a_directory_are_one_module(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER + role("local.name"),
            "locals.tf": 'locals { name = "${local.a}-exec" }',
            "more.tf": 'locals { a = "app" }',
        },
    )
    assert name_of(got) == Known("app-exec")


def test_an_override_file_replaces_arguments_and_all_blocks_of_a_type(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER + 'resource "aws_iam_role" "r" {\n name = "a"\n path = "/x/"\n'
            ' inline_policy { name = "one" }\n inline_policy { name = "two" }\n}',
            "main_override.tf": 'resource "aws_iam_role" "r" {\n name = "b"\n'
            ' inline_policy { name = "z" }\n}',
        },
    )
    body = by_address(got)["aws_iam_role.r"].body
    assert body.get("name") == Known("b") and body.get("path") == Known("/x/")
    policies = body.get("inline_policy")
    assert isinstance(policies, Items)
    assert [p.get("name") for p in policies if isinstance(p, Entries)] == [Known("z")]


def test_json_and_opentofu_files_belong_to_the_module(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER + 'locals { name = "from-tf" }',
            "main.tofu": PROVIDER + 'locals { name = "from-tofu" }',
            "role.tf.json": '{"resource": {"aws_iam_role": {"r": {"name": "${local.name}"}}}}',
        },
    )
    assert name_of(got) == Known("from-tofu")


@pytest.mark.parametrize(
    "name", [".hidden.tf", "main.tf~", "#main.tf#", "main.tf.bak", "a.tftest.hcl"]
)
def test_editors_backups_and_tests_are_no_configuration(tmp_path: Path, name: str) -> None:
    got = contents(tmp_path, {"main.tf": PROVIDER + role('"a"'), name: "this is ] not HCL"})
    assert name_of(got) == Known("a") and not got.surroundings.unread


def test_nothing_of_a_broken_file_is_used_and_the_stack_says_so(tmp_path: Path) -> None:
    files = {
        "main.tf": PROVIDER + role("local.name"),
        "bad.tf": 'locals { name = "a" }\nresource "x" {{{\n',
    }
    report = found(tmp_path, files)
    assert [(fault.path.rsplit("/", 1)[-1], fault.span.line) for fault in report.unreadable] == [
        ("bad.tf", 2)
    ]
    got = contents(tmp_path, files)
    name = name_of(got)
    assert isinstance(name, Unknown) and name.why is Why.UNREADABLE
    assert [unread.why for unread in got.surroundings.unread] == [Why.UNREADABLE]


# -- locals --------------------------------------------------------------------------------------


def test_locals_may_stand_in_any_order_and_a_cycle_is_named(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER
            + role("local.a")
            + "locals {\n a = local.b\n b = local.c\n c = local.a\n}"
        },
    )
    name = name_of(got)
    assert isinstance(name, Unknown)
    assert name.reason == "'local.a' refers to itself (local.a → local.b → local.c → local.a)"


def test_a_chain_of_locals_as_long_as_real_code_has_it_is_followed(tmp_path: Path) -> None:
    chain = "\n".join(f'l{n} = "${{local.l{n - 1}}}"' for n in range(1, 300))
    got = contents(
        tmp_path,
        {"main.tf": PROVIDER + role("local.l299") + f'locals {{\n l0 = "end"\n{chain}\n}}'},
    )
    assert name_of(got) == Known("end")


def test_a_chain_beyond_all_bounds_is_unknown(tmp_path: Path) -> None:
    chain = "\n".join(f"l{n} = [local.l{n - 1}]" for n in range(1, 5000))
    got = contents(
        tmp_path,
        {"main.tf": PROVIDER + role("local.l4999") + f'locals {{\n l0 = "end"\n{chain}\n}}'},
    )
    assert deeply(lambda: "end" not in shown_value(name_of(got)))


# -- count and for_each --------------------------------------------------------------------------


def test_a_known_count_gives_exact_addresses(tmp_path: Path) -> None:
    got = by_address(
        contents(
            tmp_path,
            {
                "main.tf": PROVIDER
                + """
        resource "aws_iam_role" "r" {
          count = 2
          name  = "r-${count.index}"
        }"""
            },
        )
    )
    assert {address: literal(resource.body.get("name")) for address, resource in got.items()} == {
        "aws_iam_role.r[0]": "r-0",
        "aws_iam_role.r[1]": "r-1",
    }
    assert all(resource.conditional is None for resource in got.values())


def test_a_known_for_each_gives_exact_addresses(tmp_path: Path) -> None:
    got = by_address(
        contents(
            tmp_path,
            {
                "main.tf": PROVIDER
                + """
        resource "aws_iam_role" "r" {
          for_each = { a = "x", "b.c" = "y" }
          name     = "${each.key}-${each.value}"
        }
        resource "aws_iam_role" "s" {
          for_each = toset(["k"])
          name     = "${each.key}${each.value}"
        }"""
            },
        )
    )
    assert {address: literal(resource.body.get("name")) for address, resource in got.items()} == {
        'aws_iam_role.r["a"]': "a-x",
        'aws_iam_role.r["b.c"]': "b.c-y",
        'aws_iam_role.s["k"]': "kk",
    }


def test_an_unknown_count_gives_one_symbolic_instance_that_index_zero_names(tmp_path: Path) -> None:
    got = by_address(
        contents(
            tmp_path,
            {
                "main.tf": PROVIDER
                + """
        variable "create" { type = bool }
        resource "aws_iam_role" "r" {
          count = var.create ? 1 : 0
          name  = "app"
        }
        resource "aws_iam_role_policy_attachment" "p" {
          count      = var.create ? 1 : 0
          role       = aws_iam_role.r[0].name
          policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        }"""
            },
        )
    )
    assert isinstance(got["aws_iam_role.r"].conditional, Unknown)
    role_ = got["aws_iam_role_policy_attachment.p"].body.get("role")
    assert isinstance(role_, Reference) and role_.address == "aws_iam_role.r"
    assert literal(role_) == "app"


def test_in_the_world_that_decides_the_count_the_instance_is_exact(tmp_path: Path) -> None:
    files = {
        "main.tf": PROVIDER
        + """
        variable "create" { type = bool }
        resource "aws_iam_role" "r" {
          count = var.create ? 1 : 0
          name  = "app"
        }"""
    }
    unit = found(tmp_path, files).units[0]
    assert isinstance(unit, RootModule)
    scenarios = explore(lambda path_condition: evaluated(unit, path_condition))
    seen = {
        str(s.choice): [(d.address, d.conditional) for d in s.built.declared] for s in scenarios
    }
    assert seen["var.create is true"] == [("aws_iam_role.r[0]", None)]
    assert seen["var.create is false"] == []
    assert [address for address, _ in seen["None"]] == ["aws_iam_role.r"]


def test_two_keys_of_an_unknown_for_each_are_two_values(tmp_path: Path) -> None:
    got = by_address(
        contents(
            tmp_path,
            {
                "main.tf": PROVIDER
                + """
        variable "roles" { type = map(string) }
        resource "aws_iam_role" "r" {
          for_each = var.roles
          name     = each.key
        }
        resource "aws_ecs_task_definition" "t" {
          family             = "t"
          task_role_arn      = aws_iam_role.r["task"].arn
          execution_role_arn = aws_iam_role.r["exec"].arn
        }"""
            },
        )
    )
    body = got["aws_ecs_task_definition.t"].body
    task, execution = body.get("task_role_arn"), body.get("execution_role_arn")
    assert isinstance(task, Unknown) and isinstance(execution, Unknown) and task != execution
    assert got["aws_iam_role.r"].conditional is not None


def test_partly_known_keys_give_exact_instances_and_a_symbolic_one(tmp_path: Path) -> None:
    got = by_address(
        contents(
            tmp_path,
            {
                "main.tf": PROVIDER
                + """
        variable "more" { type = map(string) }
        resource "aws_iam_role" "r" {
          for_each = merge(var.more, { own = "x" })
          name     = each.key
        }"""
            },
        )
    )
    assert got['aws_iam_role.r["own"]'].conditional is None
    assert got["aws_iam_role.r"].conditional is not None


def test_a_gigantic_count_is_bounded(tmp_path: Path) -> None:
    got = contents(
        tmp_path, {"main.tf": PROVIDER + 'resource "aws_iam_role" "r" {\n count = 1e9\n}'}
    )
    assert [
        (d.address, d.conditional.why if d.conditional is not None else None) for d in got.declared
    ] == [("aws_iam_role.r", Why.LIMIT)]


# -- bodies --------------------------------------------------------------------------------------


def test_dynamic_blocks_are_expanded_nested_and_with_an_iterator(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER
            + """
        variable "more" { type = list(string) }
        data "aws_iam_policy_document" "d" {
          statement { sid = "first" }
          dynamic "statement" {
            for_each = { a = ["x", "y"] }
            iterator = each_one
            content {
              sid = each_one.key
              dynamic "condition" {
                for_each = each_one.value
                content { test = "${each_one.key}${condition.key}${condition.value}" }
              }
            }
          }
          dynamic "condition" {
            for_each = var.more
            content { test = condition.value }
          }
        }"""
        },
    )
    body = by_address(got)["data.aws_iam_policy_document.d"].body
    statements = body.get("statement")
    assert isinstance(statements, Items) and statements.remainder is None
    first, second = statements.items
    assert isinstance(first, Entries) and isinstance(second, Entries)
    assert (literal(first.get("sid")), literal(second.get("sid"))) == ("first", "a")
    conditions = second.get("condition")
    assert isinstance(conditions, Items)
    assert [literal(c.get("test")) for c in conditions if isinstance(c, Entries)] == ["a0x", "a1y"]
    unknown = body.get("condition")
    assert isinstance(unknown, Items) and not unknown.items and unknown.remainder is not None


def test_a_value_and_its_key_keep_their_places(tmp_path: Path) -> None:
    got = contents(tmp_path, {"main.tf": PROVIDER + role('"app"')})
    declared = by_address(got)["aws_iam_role.r"]
    name = declared.body.get("name")
    assert (declared.span.line, declared.span.end_line) == (3, 5)
    assert (name.span.line, name.span.column) == (4, 10)
    assert (declared.body.key_span("name").line, declared.body.key_span("name").column) == (4, 3)


def test_a_computed_attribute_is_a_reference_and_an_argument_its_text(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER
            + """
        resource "aws_lb" "l" { name = "front" }
        resource "aws_iam_role" "r" {
          name        = aws_lb.l.name
          description = aws_lb.l.dns_name
        }"""
        },
    )
    body = by_address(got)["aws_iam_role.r"].body
    assert (
        body.get("name") == Reference("aws_lb.l", "name") and literal(body.get("name")) == "front"
    )
    assert body.get("description") == Reference("aws_lb.l", "dns_name")
    assert literal(body.get("description")) is None


def test_depends_on_names_absolute_addresses(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER + 'module "m" { source = "./m" }',
            "m/main.tf": 'resource "aws_ecs_service" "s" {\n name = "s"\n'
            " depends_on = [aws_lb.l, data.aws_vpc.v]\n}",
        },
    )
    assert by_address(got)["module.m.aws_ecs_service.s"].depends_on == (
        "module.m.aws_lb.l",
        "module.m.data.aws_vpc.v",
    )


TASK_TEMPLATE = """[
  {
    "name": "${name}",
    "image": "${image}",
    "secrets": [{"name": "DB", "valueFrom": "${secret}"}]
  }
]
"""


@pytest.mark.parametrize(
    ("template", "given"),
    [
        ('file("${path.module}/task.tpl")', "="),
        ('"${file("${path.module}/task.tpl")}"', ""),  # as it was written before Terraform 0.12
        ("<<EOT\nTEMPLATE\nEOT\n", "="),
    ],
)
def test_a_template_file_is_rendered_with_its_holes(
    tmp_path: Path, template: str, given: str
) -> None:
    text = TASK_TEMPLATE if "file(" in template else TASK_TEMPLATE.replace("${", "$${")
    files = {
        "main.tf": PROVIDER
        + f"""
        variable "tag" {{}}
        data "template_file" "task" {{
          template = {template.replace("TEMPLATE", text)}
          vars {given} {{
            name   = "web"
            image  = "nginx:${{var.tag}}"
            secret = aws_secretsmanager_secret.db.arn
          }}
        }}
        resource "aws_secretsmanager_secret" "db" {{ name = "db" }}
        resource "aws_ecs_task_definition" "t" {{
          family                = "t"
          container_definitions = data.template_file.task.rendered
        }}""",
        "task.tpl": TASK_TEMPLATE,
    }
    (task,) = found(tmp_path, files).units[0].stack(PathCondition()).task_definitions
    (container,) = task.containers
    assert literal(container.name) == "web" and shown_value(container.image) == "nginx:${var.tag}"
    (secret,) = container.secrets
    assert "aws_secretsmanager_secret.db" in addresses(secret.value_from)
    line = (tmp_path / Path(secret.span.file).name).read_text().splitlines()[secret.span.line - 1]
    assert line.strip().startswith('"secrets"')


# -- modules -------------------------------------------------------------------------------------

CHILD = """
variable "name" {}
variable "role" { default = null }
resource "aws_iam_role" "r" { name = var.name }
resource "aws_iam_role_policy_attachment" "p" {
  role       = try(var.role.name, aws_iam_role.r.name)
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
output "role" { value = aws_iam_role.r }
output "arn" { value = aws_iam_role.r.arn }
"""


def test_values_go_into_modules_and_come_out_and_resources_stay_themselves(tmp_path: Path) -> None:
    got = by_address(
        contents(
            tmp_path,
            {
                "env/main.tf": PROVIDER
                + """
            module "one" {
              source = "../modules/child"
              name   = "one"
            }
            module "two" {
              source = "../modules/child"
              name   = "${module.one.role.name}-two"
              role   = module.one.role
            }
            resource "aws_ecs_task_definition" "t" {
              family        = "t"
              task_role_arn = module.one.arn
            }""",
                "modules/child/main.tf": CHILD,
            },
        )
    )
    task_role = got["aws_ecs_task_definition.t"].body.get("task_role_arn")
    assert isinstance(task_role, Reference)
    assert (task_role.address, task_role.attribute) == ("module.one.aws_iam_role.r", "arn")
    attached = got["module.two.aws_iam_role_policy_attachment.p"].body.get("role")
    assert isinstance(attached, Reference) and attached.address == "module.one.aws_iam_role.r"
    assert literal(got["module.two.aws_iam_role.r"].body.get("name")) == "one-two"


def test_functions_see_the_computed_attributes_of_a_resource_that_is_handed_on(
    tmp_path: Path,
) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER
            + """
            module "m" {
              source = "./m"
              role   = aws_iam_role.r
            }
            """
            + role('"app"'),
            "m/main.tf": """
            variable "role" { type = object({ arn = string }) }
            resource "aws_ecs_task_definition" "t" {
              family             = "t"
              task_role_arn      = lookup(var.role, "arn", null)
              execution_role_arn = merge({ arn = "" }, var.role).arn
            }""",
        },
    )
    body = by_address(got)["module.m.aws_ecs_task_definition.t"].body
    for name in ("task_role_arn", "execution_role_arn"):
        assert body.get(name) == Reference("aws_iam_role.r", "arn")


def test_modules_are_instantiated_by_count_and_for_each(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER
            + """
            variable "names" {}
            module "a" {
              source   = "./child"
              for_each = toset(["x"])
              name     = each.key
            }
            module "b" {
              source = "./child"
              count  = 2
              name   = "n${count.index}"
            }
            module "c" {
              source   = "./child"
              for_each = var.names
              name     = each.value
            }""",
            "child/main.tf": CHILD,
        },
    )
    roles = {address: d for address, d in by_address(got).items() if d.type == "aws_iam_role"}
    assert list(roles) == [
        'module.a["x"].aws_iam_role.r',
        "module.b[0].aws_iam_role.r",
        "module.b[1].aws_iam_role.r",
        "module.c.aws_iam_role.r",
    ]
    assert literal(roles["module.b[1].aws_iam_role.r"].body.get("name")) == "n1"
    assert roles["module.c.aws_iam_role.r"].conditional is not None
    assert roles["module.b[1].aws_iam_role.r"].conditional is None
    assert set(got.calls) == {'module.a["x"]', "module.b[0]", "module.b[1]", "module.c"}
    assert got.calls["module.b[0]"].span.line == 9


def test_a_module_that_is_not_downloaded_is_unknown_by_its_source(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER
            + """
        module "ecs" {
          source  = "terraform-aws-modules/ecs/aws"
          version = "~> 5.0"
          role    = aws_iam_role.r.arn
        }
        """
            + role("module.ecs.name")
        },
    )
    name = name_of(got)
    assert (
        isinstance(name, Unknown)
        and name.why is Why.MODULE
        and name.symbol == Name("module.ecs.name")
    )
    assert name.reason == "module 'ecs' (terraform-aws-modules/ecs/aws) is not downloaded"
    assert [unread.why for unread in got.surroundings.unread] == [Why.MODULE]
    passed = [value for value, _ in got.surroundings.escapes]
    assert Reference("aws_iam_role.r", "arn") in passed and Known("~> 5.0") not in passed


def test_a_downloaded_module_is_found_by_the_manifest(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER + 'module "m" {\n source = "org/child/aws"\n name = "x"\n}',
            ".terraform/modules/modules.json": '{"Modules":[{"Key":"","Source":"","Dir":"."},'
            '{"Key":"m","Source":"registry/org/child/aws","Version":"1.0.0","Dir":".terraform/modules/m"}]}',
            ".terraform/modules/m/main.tf": CHILD,
        },
    )
    assert literal(name_of(got, "module.m.aws_iam_role.r")) == "x"


def test_what_lies_outside_the_boundary_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/main.tf").write_text(CHILD)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "linked").symlink_to(tmp_path / "outside")
    got = contents(
        inside,
        {
            "main.tf": PROVIDER + 'module "m" { source = "../outside" }\n'
            'module "n" { source = "./linked" }'
        },
    )
    assert not got.declared
    assert [unread.reason for unread in got.surroundings.unread] == [
        "module 'm' (../outside) lies outside the scanned tree",
        "module 'n' (./linked) lies outside the scanned tree",
    ]
    assert {unread.why for unread in got.surroundings.unread} == {Why.REACH}


def test_a_module_that_calls_itself_ends(tmp_path: Path) -> None:
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER + 'module "m" { source = "./m" }',
            "m/main.tf": role('"a"') + 'module "again" { source = "../m" }\n'
            'module "loop" { source = "./link/m" }',
        },
    )
    (tmp_path / "m/link").symlink_to(tmp_path)
    got = contents(tmp_path, {})
    assert [d.address for d in got.declared] == ["module.m.aws_iam_role.r"]
    assert "module 'again' calls itself" in [unread.reason for unread in got.surroundings.unread]


def test_modules_that_multiply_are_bounded(tmp_path: Path) -> None:
    files = {"main.tf": PROVIDER + 'module "m" {\n source = "./m0"\n count = 900\n}'}
    for level in range(3):
        files[f"m{level}/main.tf"] = f'module "m" {{\n source = "../m{level + 1}"\n count = 900\n}}'
    files["m3/main.tf"] = role('"a"')
    got = contents(tmp_path, files)
    assert len(got.declared) < 50_000


def test_only_outputs_of_a_module_judged_alone_are_passed_out(tmp_path: Path) -> None:
    written = role('"a"') + 'output "o" { value = aws_iam_role.r.arn }'
    (tmp_path / "root").mkdir()
    root = contents(tmp_path / "root", {"main.tf": PROVIDER + written})
    assert root.surroundings.escapes == ()
    ((value, reason),) = contents(tmp_path, {"main.tf": written}).surroundings.escapes
    assert value == Reference("aws_iam_role.r", "arn")
    assert reason.reason == "output 'o' hands it to the module's caller"


# -- providers -----------------------------------------------------------------------------------


def test_resources_stand_where_their_provider_deploys(tmp_path: Path) -> None:
    got = by_address(
        contents(
            tmp_path,
            {
                "main.tf": """
            variable "region" {}
            provider "aws" { region = var.region }
            provider "aws" {
              alias  = "west"
              region = "us-west-2"
            }
            resource "aws_iam_role" "here" { name = "a" }
            resource "aws_iam_role" "there" {
              provider = aws.west
              name     = "b"
            }
            module "m" {
              source    = "./child"
              name      = "m"
              providers = { aws = aws.west }
            }
            module "n" {
              source = "./child"
              name   = "n"
            }""",
                "child/main.tf": CHILD,
            },
        )
    )
    here, there = got["aws_iam_role.here"].target, got["aws_iam_role.there"].target
    assert here.region == Unknown("variable 'region' has no value", Name("var.region"))
    assert isinstance(here.region, Unknown) and here.region.shape == REGION.shape
    assert (there.region, there.partition) == (Known("us-west-2"), Known("aws"))
    assert got["module.m.aws_iam_role.r"].target == there
    assert got["module.n.aws_iam_role.r"].target == here


def test_a_stack_without_provider_is_somewhere(tmp_path: Path) -> None:
    got = contents(tmp_path, {"main.tf": role('"a"')})
    assert by_address(got)["aws_iam_role.r"].target.region == REGION


# -- paths and workspace -------------------------------------------------------------------------


def test_paths_are_as_terraform_prints_them(tmp_path: Path) -> None:
    got = by_address(
        contents(
            tmp_path,
            {
                "env/main.tf": PROVIDER
                + role('"${path.root}|${path.module}"')
                + 'module "m" { source = "../m" }',
                "m/main.tf": role('"${path.root}|${path.module}"'),
            },
        )
    )
    assert literal(got["aws_iam_role.r"].body.get("name")) == ".|."
    assert literal(got["module.m.aws_iam_role.r"].body.get("name")) == ".|../m"


def test_the_workspace_is_what_the_user_says_else_an_input(tmp_path: Path) -> None:
    files = {"main.tf": PROVIDER + role("terraform.workspace")}
    assert name_of(contents(tmp_path, files, Inputs(workspace="prod"))) == Known("prod")
    open_ = name_of(contents(tmp_path, files))
    assert isinstance(open_, Unknown) and open_.symbol == Name("terraform.workspace")
    workspace = Name("terraform.workspace")
    chosen = PathCondition({workspace: Choice(workspace, "dev")})
    assert name_of(contents(tmp_path, files, path_condition=chosen)) == Known("dev")


def test_a_value_with_a_hole_stays_a_text(tmp_path: Path) -> None:
    got = contents(
        tmp_path, {"main.tf": PROVIDER + 'variable "env" {}\n' + role('"${var.env}-app"')}
    )
    assert isinstance(name_of(got), Text) and shown_value(name_of(got)) == "${var.env}-app"


# -- odd but parsable ----------------------------------------------------------------------------

ODD = [
    "variable {}",
    'variable "a" "b" {}',
    'module "m" {}',
    'module "m" { source = var.source }',
    'module "m" { source = 1 }',
    'module "m" { source = "" }',
    'module "m" { source = "." }',
    'module "m" {\n source = "./m"\n for_each = null\n}',
    'module "m" {\n source = "./m"\n count = "x"\n for_each = 1\n}',
    'module "m" {\n source = "./m"\n providers = aws\n}',
    'module "m" {\n source = "./m"\n providers = { aws = aws.by[each.key] }\n}',
    'resource "aws_iam_role" {}',
    'resource "aws_iam_role" "a" "b" {}',
    'provider {}\nprovider "aws" { alias = var.x }\nprovider "aws" { region = null }',
    'provider "aws" { allowed_account_ids = [aws_iam_role.r.arn] }',
    'output "o" {}',
    "locals { a = local.a.b[local.a] }",
    'terraform { backend = "x" }',
    'data "aws_iam_policy_document" "d" {\n dynamic "statement" {}\n dynamic {}\n}',
    'data "aws_iam_policy_document" "d" {\n dynamic "x" {\n for_each = 1\n content {}\n }\n}',
    'resource "aws_iam_role" "x" { depends_on = "y" }',
    'resource "aws_iam_role" "x" { provider = aws.by["k"] }',
    'resource "aws_iam_role" "x" { region = [1] }',
    'resource "aws_iam_role" "x" { name = aws_iam_role.x.name }',
    'resource "aws_iam_role" "x" { name = self.name }',
    'resource "aws_iam_role" "x" { name = each.key }',
    'variable "v" {\n type = foo(bar)\n default = {}\n validation {}\n}',
    'variable "v" {\n type = map\n default = "x"\n nullable = "maybe"\n}',
    'variable "v" {\n validation {\n condition = contains([1, var.v], var.v)\n }\n}',
]
COUNTS = [
    "null",
    '"x"',
    "-1",
    "1.5",
    "[]",
    "{}",
    "1e400",
    "true",
    '"3"',
    "aws_iam_role.x",
    "count.index",
    "aws_iam_role.r.arn",
    "module.m",
    "length(aws_iam_role.x)",
]


@pytest.mark.parametrize(
    "odd",
    [
        *ODD,
        *(f'resource "aws_iam_role" "x" {{ count = {count} }}' for count in COUNTS),
        *(f'resource "aws_iam_role" "x" {{ for_each = {count} }}' for count in COUNTS),
    ],
)
def test_what_terraform_refuses_never_raises(tmp_path: Path, odd: str) -> None:
    files = {
        "main.tf": PROVIDER + role("try(local.a, var.v, module.m, aws_iam_role.x)") + odd + "\n",
        "m/main.tf": role('"m"'),
    }
    unit = found(tmp_path, files).units[0]
    stack = unit.stack(PathCondition())
    assert "aws_iam_role.r" in {resource.address for resource in stack.resources}


@pytest.mark.parametrize("account", ["UNKNOWN", "", "12345"])
def test_only_an_account_id_says_the_account(tmp_path: Path, account: str) -> None:
    all_of = contents(
        tmp_path,
        {
            "main.tf": f"""
        provider "aws" {{ allowed_account_ids = ["{account}"] }}
        resource "aws_iam_role" "r" {{ name = "r" }}"""
        },
    )
    assert by_address(all_of)["aws_iam_role.r"].target.account == ACCOUNT
