"""The tags of resources: their own, the provider's, and those that others may give them."""

from __future__ import annotations

from pathlib import Path

import pytest
from terraform_trees import by_address, contents

from ecs_preflight.adapters.tags import tags_of
from ecs_preflight.symbolic.values import Entries, Known, Unknown

PROVIDER = 'provider "aws" {\n  default_tags {\n    tags = { team = "a", app = "x" }\n  }\n}\n'
SECRET = 'resource "aws_secretsmanager_secret" "s" {\n  %s\n}\n'


def tags(
    folder: Path, files: dict[str, str], address: str = "aws_secretsmanager_secret.s"
) -> Entries:
    found = tags_of(by_address(contents(folder, files))[address])
    assert isinstance(found, Entries)
    return found


def test_a_resources_own_tags_go_before_the_providers(tmp_path: Path) -> None:
    found = tags(tmp_path, {"main.tf": PROVIDER + SECRET % 'tags = { app = "y" }'})

    assert dict(found.entries) == {"team": Known("a"), "app": Known("y")}
    assert found.remainder is None


@pytest.mark.parametrize(
    ("provider", "handed"),
    [
        (PROVIDER, ""),
        (
            'provider "aws" {}\n' + PROVIDER.replace("{\n", '{\n  alias = "other"\n', 1),
            "providers = { aws = aws.other }",
        ),
    ],
)
def test_a_module_has_the_tags_of_the_provider_that_it_is_given(
    provider: str, handed: str, tmp_path: Path
) -> None:
    call = f'module "m" {{\n  source = "./m"\n  {handed}\n}}\n'
    files = {"main.tf": provider + call, "m/main.tf": SECRET % ""}
    found = tags(tmp_path, files, "module.m.aws_secretsmanager_secret.s")

    assert found.get("team") == Known("a")


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("", ""),
        ('provider "aws" {\n  ignore_tags {\n    keys = ["app"]\n  }\n}\n', ""),
        ('provider "aws" {}\n', "lifecycle {\n    ignore_changes = [tags]\n  }"),
        ('provider "aws" {}\n', 'lifecycle {\n    ignore_changes = [tags["app"]]\n  }'),
        ('provider "aws" {}\n', "lifecycle {\n    ignore_changes = all\n  }"),
        ('variable "t" {}\nprovider "aws" {\n  default_tags {\n    tags = var.t\n  }\n}\n', ""),
    ],
)
def test_what_others_may_tag_may_have_more_tags(provider: str, body: str, tmp_path: Path) -> None:
    found = tags(tmp_path, {"main.tf": provider + SECRET % ('tags = { own = "1" }\n' + body)})

    assert found.get("own") == Known("1")
    assert isinstance(found.get("app"), Unknown)
