"""How a trust policy is mended that keeps the right service out."""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..ecs.principals import TASKS
from ..ecs.service_roles import services_of_trust
from ..findings.finding import Fix
from ..findings.fixing.source_conditions import TrustRefusal
from ..findings.fixing.trusts import trusting
from ..model import Role, Stack
from ..symbolic.answers import No
from ..symbolic.target import Target

CONDITION = """condition {
  test     = "ArnLike"
  variable = "aws:SourceArn"
  values   = ["arn:aws:ecs:REGION:ACCOUNT:*"]
}"""
CONDITION_LINES = """Condition:
  ArnLike:
    aws:SourceArn: !Sub arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:*"""


def trust_fix(stack: Stack, role: Role, service: str, answer: No, places: Iterable[Target]) -> Fix:
    """The fix of a trust policy by which ``service`` cannot assume the role, which ``answer`` says
    why; what uses the role is deployed to ``places``."""
    spans = tuple(near.span for near in answer.evidence)
    refused = TrustRefusal(service == TASKS, spans, tuple(places))
    draft = trusting(role, service, refused, services_of_trust(stack, role))
    conditions = {
        condition.span
        for statement in iam.statements(role.trust).statements
        for condition in statement.conditions
    }
    if answer.evidence and answer.evidence[0].span in conditions:
        summary = f"Let the condition hold when '{service}' assumes the role, or leave it out."
        if service != TASKS:
            return Fix(summary, draft=draft)
        return Fix.of(stack, summary, CONDITION, CONDITION_LINES, draft=draft)
    return Fix.of(
        stack,
        f"Let '{service}' call sts:AssumeRole in the role's trust policy.",
        *principal(service),
        draft=draft,
    )


def principal(service: str) -> tuple[str, str]:
    """How the service is named in a trust policy, in Terraform and in CloudFormation."""
    return (
        f'principals {{\n  type        = "Service"\n  identifiers = ["{service}"]\n}}',
        f"Principal:\n  Service: {service}",
    )
