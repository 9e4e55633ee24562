"""What a person who writes CDK writes: the grant of the construct, since the template is made by
it (CDK API reference, ``ISecret.grantRead`` and its like)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ...model import Stack
from ...symbolic.values import Value
from ..wording import own_resource, pattern

#: What constructs are called in the calls, and which of their methods grants the action.
_GRANTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "secretsmanager:getsecretvalue": ("secret", "grantRead"),
        "ssm:getparameters": ("parameter", "grantRead"),
        "kms:decrypt": ("key", "grantDecrypt"),
        "s3:getobject": ("bucket", "grantRead"),
        "iam:passrole": ("passedRole", "grantPassRole"),
    }
)


def call(stack: Stack, resource: Value, actions: Sequence[str]) -> str:
    """The call that allows the actions on the resource to ``role``."""
    owner = own_resource(stack, resource)
    known = {_GRANTS.get(action.lower()) for action in actions}
    grant = known.pop() if len(known) == 1 else None
    if owner is not None and owner.label and grant is not None:
        return f"{grant[0]}.{grant[1]}(role); // {grant[0]}: {owner.label}"
    return (
        f"role.addToPrincipalPolicy(new iam.PolicyStatement({{ actions: {list(actions)!r}, "
        f"resources: ['{pattern(resource)}'] }}));"
    )
