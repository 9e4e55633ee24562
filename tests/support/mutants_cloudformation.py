"""What to spoil in a template. It is read by PyYAML alone, apart from the code under test."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from ecs_preflight.symbolic.source import Span

#: (title, where, what is written there instead)
Edit = tuple[str, Span, str]

#: Keys without which something that worked must fail, or be a risk, in whatever resource they
#: stand.
SETTINGS = {
    "ExecutionRoleArn",
    "TaskRoleArn",
    "ManagedPolicyArns",
    "TransitEncryption",
    "awslogs-group",
    "awslogs-stream-prefix",
}
#: Keys with a value that cannot work.
SPOILT = {
    "EnableExecuteCommand": ("true\n      PlatformVersion: 1.3.0",),
    "InitProcessEnabled": ("false", "true\n          ReadonlyRootFilesystem: true"),
    "LogDriver": ("json-file",),
    "TransitEncryption": ("DISABLED",),
}


def edits(text: str, file: str) -> Iterator[Edit]:
    """All that may be spoilt in the template."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    resources = _get(root, "Resources")
    assert isinstance(resources, yaml.MappingNode)
    kept = {
        name.value: resource
        for name, resource in resources.value
        if _scalar(_get(resource, "Type")) != "AWS::CloudFormation::Stack"
    }
    for name, resource in kept.items():
        yield from _within(resource, name)
    yield from _moves(
        text,
        {
            name: list(_statements(resource))
            for name, resource in kept.items()
            if _scalar(_get(resource, "Type")) == "AWS::IAM::Role"
        },
    )


def _moves(text: str, roles: dict[str, list[yaml.Node]]) -> Iterator[Edit]:
    """Each statement of a role moved to the next role of the template."""
    names = [name for name, statements in roles.items() if statements]
    for name, other in zip(names, names[1:] + names[:1], strict=True):
        for statement in roles[name] if other != name else ():
            goal = roles[other][0]
            cut, target = _item(statement), _span(goal)
            moved = text[statement.start_mark.index : _last(statement).end_mark.index]
            title = f"{name} {_scalar(_get(statement, 'Sid'))} moved to {other}"
            before = f"{moved}\n{' ' * (target.column - 3)}- "
            if goal.start_mark.index > statement.start_mark.index:
                between = text[_last(statement).end_mark.index : goal.start_mark.index]
                yield (
                    title,
                    Span("", cut.line, cut.column, target.line, target.column),
                    between + before,
                )
            else:
                between = text[goal.start_mark.index : statement.start_mark.index - 2]
                yield (
                    title,
                    Span("", target.line, target.column, cut.end_line, cut.end_column),
                    before + between,
                )


def _statements(node: yaml.Node) -> Iterator[yaml.Node]:
    """The statements of a role's own policies."""
    policies = _get(_get(node, "Properties"), "Policies")
    for policy in policies.value if isinstance(policies, yaml.SequenceNode) else ():
        statements = _get(_get(policy, "PolicyDocument"), "Statement")
        assert isinstance(statements, yaml.SequenceNode)
        yield from statements.value


def _within(node: yaml.Node, owner: str) -> Iterator[Edit]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _within(item, owner)
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if key.value == "Statement" and isinstance(value, yaml.SequenceNode):
            for statement in value.value:
                yield from _statement(statement, owner)
            continue
        if key.value in SETTINGS:
            yield f"{owner} without {key.value}", _span(key, value), "Unused: x"
        for spoilt in SPOILT.get(key.value, ()):
            yield f"{owner} with {key.value} {' '.join(spoilt.split())}", _span(value), spoilt
        yield from _within(value, owner)


def _statement(statement: yaml.Node, owner: str) -> Iterator[Edit]:
    title = f"{owner} {_scalar(_get(statement, 'Sid')) or 'statement'}"
    effect, actions, resource = (_get(statement, key) for key in ("Effect", "Action", "Resource"))
    principal = _get(statement, "Principal")
    assert effect is not None and actions is not None
    if principal is not None:
        service = _get(principal, "Service")
        if service is not None:
            yield f"{title} trusts lambda", _span(service), "lambda.amazonaws.com"
            yield f"{title} of another action", _span(actions), "sts:TagSession"
        return
    if effect.value == "Deny":
        return
    yield f"{title} removed", _item(statement), ""
    yield f"{title} denied", _span(effect), "Deny"
    listed = actions.value if isinstance(actions, yaml.SequenceNode) else [actions]
    for action in listed:
        yield f"{title} with {action.value} misspelt", _span(action), f"{action.value}s"
        if len(listed) > 1:
            yield f"{title} without {action.value}", _item(action), ""
    if resource is not None and _scalar(resource) != "*":
        for one in resource.value if isinstance(resource, yaml.SequenceNode) else [resource]:
            yield (
                f"{title} on another resource than {one.value}",
                _span(one),
                "arn:aws:s3:::somewhere-else/entirely",
            )


def _get(node: yaml.Node | None, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _scalar(node: yaml.Node | None) -> str | None:
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _span(first: yaml.Node, last: yaml.Node | None = None) -> Span:
    """From the one node's beginning to the other's end, trailing blank lines left out."""
    end = _last(last or first).end_mark
    return Span(
        "", first.start_mark.line + 1, first.start_mark.column + 1, end.line + 1, end.column + 1
    )


def _item(node: yaml.Node) -> Span:
    """A list's item with its dash."""
    span = _span(node)
    return Span("", span.line, span.column - 2, span.end_line, span.end_column)


def _last(node: yaml.Node) -> yaml.Node:
    """The last scalar in it: a block's own end mark stands after what follows it."""
    if isinstance(node, yaml.ScalarNode) or not node.value or node.flow_style:
        return node
    item = node.value[-1]
    return _last(item[1] if isinstance(item, tuple) else item)
