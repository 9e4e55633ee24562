"""A rule of a security group is written as the group's other rules are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from sampling import ROOT

from ecs_preflight.analysis.mending import Mended, mend
from ecs_preflight.analysis.scan import Options

TERRAFORM = (ROOT / "terraform/ECS817-file-system-not-reachable/bad/main.tf").read_text()
TEMPLATE = (ROOT / "cloudformation/ECS817-file-system-not-reachable/bad.yaml").read_text()
INLINE = """
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    security_groups = [aws_security_group.wiki.id]
  }
"""
ALONE = """
resource "aws_security_group_rule" "ssh" {
  type                     = "ingress"
  security_group_id        = aws_security_group.pages.id
  from_port                = 22
  to_port                  = 22
  protocol                 = "tcp"
  source_security_group_id = aws_security_group.wiki.id
}
"""
OF_VPC = """
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id            = aws_security_group.pages.id
  referenced_security_group_id = aws_security_group.wiki.id
  from_port                    = 22
  to_port                      = 22
  ip_protocol                  = "tcp"
}
"""
ADDED = {
    ALONE: """\
resource "aws_security_group_rule" "pages_2049" {
  type                     = "ingress"
  security_group_id        = aws_security_group.pages.id
  from_port                = 2049
  to_port                  = 2049
  protocol                 = "tcp"
  source_security_group_id = aws_security_group.wiki.id
}
""",
    OF_VPC: """\
resource "aws_vpc_security_group_ingress_rule" "pages_2049" {
  security_group_id            = aws_security_group.pages.id
  from_port                    = 2049
  to_port                      = 2049
  ip_protocol                  = "tcp"
  referenced_security_group_id = aws_security_group.wiki.id
}
""",
}


def _mended(file: Path, text: str, rule: str = "ECS817") -> Mended:
    file.write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.active] == [rule]
    return made


@pytest.mark.parametrize("rules", [ALONE, OF_VPC])
def test_rules_that_are_resources_get_another_resource(folder: Path, rules: str) -> None:
    assert INLINE in TERRAFORM
    made = _mended(folder / "main.tf", TERRAFORM.replace(INLINE, "") + rules)
    assert made.after.active == ()
    assert ADDED[rules] in made.changes[0].after


def test_what_is_computed_is_left(folder: Path) -> None:
    listed = INLINE.replace("ingress {", "ingress = [{").replace("  }\n", "  }]\n")
    made = _mended(folder / "main.tf", TERRAFORM.replace(INLINE, listed))
    assert made.changes == ()


def test_a_group_of_another_module_is_not_named(folder: Path) -> None:
    (folder / "wiki").mkdir()
    head = 'resource "aws_security_group" "wiki" {'
    block = TERRAFORM[TERRAFORM.index(head) : TERRAFORM.index('resource "aws_efs_file_system"')]
    (folder / "wiki" / "main.tf").write_text(
        'variable "vpc" {}\n\n'
        + block.replace("aws_vpc.main.id", "var.vpc")
        + '\noutput "group" { value = aws_security_group.wiki.id }\n'
    )
    call = 'module "wiki" {\n  source = "./wiki"\n  vpc    = aws_vpc.main.id\n}\n\n'
    text = TERRAFORM.replace(block, call)
    text = text.replace("aws_security_group.wiki.id", "module.wiki.group")
    assert _mended(folder / "main.tf", text).changes == ()


def test_a_template_in_json_gets_the_property(folder: Path) -> None:
    written = yaml.safe_load(TEMPLATE.replace("!Ref ", "REF ").replace("!GetAtt ", "ATT "))
    text = json.dumps(written, indent=2)
    text = re.sub(r'"REF (\w+)"', r'{"Ref": "\1"}', text)
    resources = json.loads(text)
    group = resources["Resources"]["PagesSecurityGroup"]["Properties"]
    del group["SecurityGroupIngress"]
    group["SecurityGroupEgress"] = [{"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"}]
    made = _mended(folder / "template.json", json.dumps(resources, indent=2))
    assert made.after.active == ()
    after = json.loads(made.changes[0].after)["Resources"]["PagesSecurityGroup"]["Properties"]
    assert after["SecurityGroupIngress"] == [
        {
            "IpProtocol": "tcp",
            "FromPort": 2049,
            "ToPort": 2049,
            "SourceSecurityGroupId": {"Fn::GetAtt": ["WikiSecurityGroup", "GroupId"]},
        }
    ]


def test_a_template_in_yaml_gets_the_list(folder: Path) -> None:
    start = TEMPLATE.index("      SecurityGroupIngress:")
    end = TEMPLATE.index("\n\n", start)
    egress = (
        "      SecurityGroupEgress:\n        - IpProtocol: '-1'\n          CidrIp: 127.0.0.1/32"
    )
    made = _mended(folder / "template.yaml", TEMPLATE[:start] + egress + TEMPLATE[end:])
    assert made.after.active == ()
    assert (
        "      SecurityGroupIngress:\n        - IpProtocol: tcp\n          FromPort: 2049\n"
    ) in made.changes[0].after


SHOP = (ROOT / "terraform/ECS829-balancer-cannot-reach-task/bad/main.tf").read_text()
OTHER_USE = """
resource "aws_instance" "stock" {
  ami                    = "ami-0a1b2c3d4e5f60718"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.shop.id]
}
"""


@pytest.mark.parametrize(("more", "kept"), [("", 0), (OTHER_USE, 1)])
def test_a_rule_that_may_serve_something_else_stays(folder: Path, more: str, kept: int) -> None:
    made = _mended(folder / "main.tf", SHOP + more, "ECS829")
    assert [finding.rule for finding in made.fixed] == ["ECS829"]
    after = made.changes[0].after
    assert len(re.findall(r"from_port +=\s+80$", after, re.M)) == kept
    assert len(re.findall(r"from_port +=\s+8080$", after, re.M)) == 1


def test_a_rule_that_is_a_resource_of_a_template_gets_another_one(folder: Path) -> None:
    shared = ROOT / "cloudformation/ECS829-balancer-cannot-reach-task/bad-shared-group.yaml"
    text = shared.read_text()
    first = text.index("      SecurityGroupIngress:\n")
    end = text.index("\n  ShopTask:")
    rule = """
  FromBalancer:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !Ref ShopSecurityGroup
      IpProtocol: tcp
      FromPort: 80
      ToPort: 80
      SourceSecurityGroupId: !Ref BalancerSecurityGroup
"""
    given = text[:first] + rule + text[end:]
    after = _mended(folder / "template.yaml", given, "ECS829").changes[0].after
    added = rule.replace("FromBalancer", "FromBalancer8080").replace("Port: 80", "Port: 8080")
    assert after == text[:first] + rule + added + text[end:]
