"""Keys that a service of AWS uses in its own name: their policies alone decide."""

from __future__ import annotations

from collections.abc import Mapping

from .. import iam
from ..model import Key, LogGroup, Stack
from ..symbolic.answers import Answer, No
from ..symbolic.values import Known, Unknown, Value, Why, join

#: What CloudWatch Logs calls of what its guide asks a key's policy for (encrypt-log-data-kms).
LOGS_CALLS = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")


def logs_service(stack: Stack, group: LogGroup) -> Value:
    """``logs.eu-west-1.amazonaws.com``, of the Region that the group is in."""
    return join("logs.", (group.target or stack.target).region, ".amazonaws.com")


def logs_may_use(stack: Stack, group: LogGroup, key: Key) -> Mapping[str, Answer]:
    """Does the key's policy let CloudWatch Logs make each of its calls for that log group?"""
    context = {"kms:EncryptionContext:aws:logs:arn": group.arn}
    regional = iam.ServiceCaller(logs_service(stack, group))
    everywhere = iam.ServiceCaller(Known("logs.amazonaws.com"))
    answers: dict[str, Answer] = {}
    for action in LOGS_CALLS:
        answer = iam.resource_allows(stack, key, regional, action, context)
        if isinstance(answer, No) and not isinstance(
            iam.resource_allows(stack, key, everywhere, action, context), No
        ):
            answer = Unknown(
                "AWS does not say whether 'logs.amazonaws.com' stands for CloudWatch Logs in the "
                "Region",
                why=Why.OUTSIDE,
                span=key.policy.span,
            )
        answers[action] = answer
    return answers
