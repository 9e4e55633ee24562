"""What a service of a template waits for, whichever way the template says it."""

from __future__ import annotations

import pytest
from cloudformation_trees import resource

TEMPLATE = """
Transform: AWS::LanguageExtensions
Parameters:
  Name: {{Type: String}}
Conditions:
  Live: !Equals [!Ref Name, live]
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {{LoadBalancerArn: !Ref Balancer}}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties: {{ListenerArn: !GetAtt Listener.ListenerArn}}
  Ready:
    Type: Custom::Ready
    DependsOn: Rule
  Circle:
    Type: Custom::Circle
    DependsOn: [Circle, Ready]
  It:
    Type: AWS::ECS::Service
{depends}
    Properties:
      Cluster: {cluster}
"""
ALL = ("Balancer", "Circle", "It", "Listener", "Ready", "Rule")
BELOW = ("Balancer", "Listener", "Rule")


@pytest.mark.parametrize(
    ("depends", "cluster", "awaited"),
    [
        ("", "main", ()),
        ("    DependsOn: Listener", "main", ("Balancer", "Listener")),
        ("    DependsOn: [Listener, Absent]", "main", ("Balancer", "Listener")),
        ("    DependsOn: !Sub Listener", "main", ("Balancer", "Listener")),
        ("    DependsOn: [!Join ['', [List, ener]]]", "main", ("Balancer", "Listener")),
        ("    DependsOn: [!Sub '${Name}Listener']", "main", ALL),
        ("    DependsOn: [!Ref AWS::NoValue]", "main", ()),
        ("", "!Ref Rule", BELOW),
        ("", "!Sub 'of-${Rule}'", BELOW),
        ("", "!If [Live, !Ref Rule, main]", BELOW),
        ("", "!GetAtt Ready.Value", (*BELOW[:2], "Ready", "Rule")),
        ("", "!Ref Circle", ("Balancer", "Circle", "Listener", "Ready", "Rule")),
        ("", "Rule", ()),
    ],
)
def test_a_service_waits_for_what_it_names_and_for_what_that_names(
    depends: str, cluster: str, awaited: tuple[str, ...]
) -> None:
    text = TEMPLATE.format(depends=depends, cluster=cluster)
    assert resource(text).depends_on == awaited


def test_the_names_of_a_loop_are_its_iterations() -> None:
    text = """
    Transform: AWS::LanguageExtensions
    Resources:
      Fn::ForEach::Services:
        - Name
        - [Web, Api]
        - ${Name}Listener:
            Type: AWS::ElasticLoadBalancingV2::Listener
          ${Name}Service:
            Type: AWS::ECS::Service
            DependsOn:
              - !Sub ${Name}Listener
    """
    assert resource(text, "WebService").depends_on == ("WebListener",)
    assert resource(text, "ApiService").depends_on == ("ApiListener",)
