"""An endpoint that there is not is written as one that there is, for the other service."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from sampling import ROOT

from ecs_preflight.analysis.mending import Mended, mend
from ecs_preflight.analysis.scan import Options, scan

SAMPLE = "ECS827-pull-or-log-endpoint-missing"
TERRAFORM = (ROOT / f"terraform/{SAMPLE}/bad/main.tf").read_text()
TEMPLATE = (ROOT / f"cloudformation/{SAMPLE}/bad.yaml").read_text()
LOOP = 'for_each = toset(["ecr.api", "ecr.dkr"])'
INTERFACE = TERRAFORM[TERRAFORM.index('resource "aws_vpc_endpoint" "interface"') :].split("\n}\n")[
    0
]
ALONE = (
    INTERFACE.replace(f"  {LOOP}\n\n", "").replace("${each.value}", "ecr.%s")
    + """

  tags = {
    Name    = "vault-ecr-%s"
    Service = "ecr"
  }
}
"""
)
ASSOCIATION = """
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""


def _mended(file: Path, text: str) -> Mended:
    file.write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.active} == {"ECS827"}
    return made


def _one_each(text: str) -> str:
    both = "\n".join(
        (ALONE % (name, name)).replace('"interface"', f'"ecr_{name}"') for name in ("api", "dkr")
    )
    return text.replace(f"{INTERFACE}\n}}\n", both)


def test_a_resource_like_the_other(folder: Path) -> None:
    made = _mended(folder / "main.tf", _one_each(TERRAFORM))
    new = (ALONE.replace("ecr.%s", "logs").replace("ecr-%s", "logs")).replace("interface", "logs")
    new = new.replace('"ecr"', '"logs"')
    assert new in made.changes[0].after
    assert made.after.active == ()


def test_a_list_that_stands_elsewhere(folder: Path) -> None:
    text = TERRAFORM.replace(LOOP, "for_each = toset(local.services)")
    listed = 'locals {\n  services = [\n    "ecr.api",\n    "ecr.dkr",\n  ]\n}\n'
    made = _mended(folder / "main.tf", text + listed)
    assert '    "logs",\n' in made.changes[0].after
    assert made.after.active == ()


def test_a_gateway_in_the_route_table(folder: Path) -> None:
    first, _, rest = _one_each(TERRAFORM).partition('resource "aws_vpc_endpoint" "s3"')
    text = first + rest.partition("\n}\n\n")[2]
    made = _mended(folder / "main.tf", text + ASSOCIATION)
    assert (
        'resource "aws_vpc_endpoint" "s3" {\n'
        "  vpc_id            = aws_vpc.private.id\n"
        '  service_name      = "com.amazonaws.eu-west-1.s3"\n'
        '  vpc_endpoint_type = "Gateway"\n'
        "  route_table_ids   = [aws_route_table.private.id]\n}\n"
    ) in made.changes[0].after
    assert made.after.active == ()


def test_a_gateway_is_none_of_a_list_of_interface_endpoints(folder: Path) -> None:
    first, _, rest = TERRAFORM.partition('resource "aws_vpc_endpoint" "s3"')
    made = _mended(folder / "main.tf", first + rest.partition("\n}\n\n")[2] + ASSOCIATION)
    after = made.changes[0].after
    assert 'for_each = toset(["ecr.api", "ecr.dkr", "logs"])' in after
    assert (
        'resource "aws_vpc_endpoint" "s3" {\n'
        "  vpc_id            = aws_vpc.private.id\n"
        '  service_name      = "com.amazonaws.eu-west-1.s3"\n'
        '  vpc_endpoint_type = "Gateway"\n'
    ) in after
    assert made.after.active == ()


def test_one_that_a_condition_leaves_out_is_not_written_again(folder: Path) -> None:
    off = ALONE.replace("ecr.%s", "logs").replace("ecr-%s", "logs")
    off = off.replace('"interface" {', '"logs" {\n  count = 0')
    made = _mended(folder / "main.tf", _one_each(TERRAFORM) + off)
    assert made.changes == ()


def test_in_json(folder: Path) -> None:
    class Loader(yaml.SafeLoader):
        pass

    def built(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, object]:
        value = loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None
        name = tag if tag == "Ref" else f"Fn::{tag}"
        return {name: value.split(".") if tag == "GetAtt" and value else value}

    Loader.add_multi_constructor("!", built)
    text = json.dumps(yaml.load(TEMPLATE, Loader=Loader), indent=2)  # a SafeLoader
    made = _mended(folder / "stack.json", text)
    written = json.loads(made.changes[0].after)["Resources"]
    like = json.dumps(written["EcrDkrEndpoint"]).replace("ecr.dkr", "logs")
    assert written["LogsEndpoint"] == json.loads(like)
    assert made.after.active == ()


POLICY = (ROOT / f"terraform/{SAMPLE}/bad-policy/main.tf").read_text()


def test_a_policy_lets_more_pass_unless_it_denies(folder: Path) -> None:
    made = _mended(folder / "main.tf", POLICY)
    assert made.after.active == ()
    denied = POLICY.replace('"Allow"\n        Principal = "*"', '"Deny"\n        Principal = "*"')
    assert denied != POLICY
    assert _mended(folder / "main.tf", denied).changes == ()


@pytest.mark.parametrize(
    ("sample", "cure"),
    [
        ("bad-policy", "Widen the policy of 'aws_vpc_endpoint.s3'."),
        ("bad-private-dns", "Turn on private DNS of "),
        ("bad-route-table", "Add the subnet's route table to "),
        ("bad-security-group", "Let port 443 through 'aws_security_group."),
    ],
)
def test_the_remedy_is_the_one_for_what_is_at_fault(sample: str, cure: str) -> None:
    found = scan([ROOT / f"terraform/{SAMPLE}/{sample}"], Options()).active
    (remedy,) = {finding.fix.summary for finding in found if finding.fix}
    assert remedy.startswith(cure)
    assert "," not in remedy
