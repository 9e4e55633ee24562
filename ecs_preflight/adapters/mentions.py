"""What else names a target group of a stack without listeners, and so may let one lead to it.

A service's target group takes a load balancer before the service (facts H14). Where the stack has
no listener, whoever is shown the group may have one: another stack by an output, a script that a
resource runs, a custom resource. What merely watches or fills the group has none.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Types, by their beginnings, that name target groups and give them no listener.
_HARMLESS = (
    "aws_ecs_",
    "aws_lb",
    "aws_alb",
    "aws_appautoscaling_",
    "aws_autoscaling_",
    "aws_cloudwatch_",
    "aws_codedeploy_",
    "aws_iam_",
    "AWS::ECS::",
    "AWS::ElasticLoadBalancingV2::",
    "AWS::ApplicationAutoScaling::",
    "AWS::AutoScaling::",
    "AWS::CloudWatch::",
    "AWS::CodeDeploy::",
    "AWS::IAM::",
)
_GROUPS = (
    "aws_lb_target_group",
    "aws_alb_target_group",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
)
_LISTENERS = (
    "aws_lb_listener",
    "aws_alb_listener",
    "AWS::ElasticLoadBalancingV2::Listener",
)


def matter(types: Iterable[str]) -> bool:
    """Do they matter in a stack of these types of resources: target groups, and no listener?"""
    found = tuple(types)
    return any(each in _GROUPS for each in found) and not any(
        each.startswith(_LISTENERS) for each in found
    )


def may_add_listener(kind: str) -> bool:
    """May what names a target group in a resource of that type have a listener lead to it?"""
    return not kind.startswith(_HARMLESS)
