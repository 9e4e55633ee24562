"""What AWS SAM makes of a template, as far as roles are concerned: globals are merged into
functions, and a function or state machine without a role gets one, ``<LogicalId>Role``.

Source: AWS SAM Developer Guide, "Globals section" and "Generated CloudFormation resources".
"""

from __future__ import annotations

from ...iam import managed as managed_policies
from ...symbolic.documents.nodes import (
    Broken,
    Entry,
    Extent,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
    mapping,
    plain,
)
from . import sam_policies

#: Type: (its section of ``Globals``, the principal of its role, the managed policy it always has).
_MAKES_ROLE = {
    "AWS::Serverless::Function": (
        "Function",
        "lambda.amazonaws.com",
        "service-role/AWSLambdaBasicExecutionRole",
    ),
    "AWS::Serverless::StateMachine": ("StateMachine", "states.amazonaws.com", None),
}


def transformed(resources: tuple[Entry, ...], all_globals: MappingNode) -> tuple[Entry, ...]:
    """The resources with globals merged, and with the roles that SAM generates."""
    written = {entry.key for entry in resources}
    found: list[Entry] = []
    for entry in resources:
        resource = mapping(entry.value)
        kind = _MAKES_ROLE.get(plain(resource.get("Type")) or "")
        if kind is None:
            found.append(entry)
            continue
        section, principal, managed = kind
        properties = _merged(mapping(all_globals.get(section)), mapping(resource.get("Properties")))
        generated = f"{entry.key}Role"
        if properties.get("Role") is None and generated not in written:
            found.append(_role(entry, resource, properties, principal, managed))
            arn = Leaf(f"{generated}.Arn", entry.extent)
            named = MappingNode((Entry("Fn::GetAtt", entry.extent, arn),), entry.extent)
            properties = _with(properties, "Role", named)
        found.append(entry._replace(value=_with(resource, "Properties", properties)))
    return tuple(found)


def _with(node: MappingNode, key: str, value: Node) -> MappingNode:
    entries = [entry for entry in node.entries if entry.key != key]
    return node._replace(entries=(*entries, Entry(key, value.extent, value)))


def _merged(general: MappingNode, own: MappingNode) -> MappingNode:
    """Maps are merged, lists joined, and of anything else the own value counts."""
    entries = {entry.key: entry for entry in general.entries}
    for entry in own.entries:
        before = entries[entry.key].value if entry.key in entries else None
        value = entry.value
        if isinstance(before, MappingNode) and isinstance(value, MappingNode):
            value = _merged(before, value)
        elif isinstance(before, SequenceNode) and isinstance(value, SequenceNode):
            value = value._replace(items=(*before.items, *value.items))
        entries[entry.key] = entry._replace(value=value)
    extent = own.extent if own.entries else general.extent
    return MappingNode(tuple(entries.values()), extent)


def _role(
    entry: Entry,
    resource: MappingNode,
    properties: MappingNode,
    principal: str,
    managed: str | None,
) -> Entry:
    """The generated role, written as a template would."""
    extent = entry.value.extent
    policies = properties.get("Policies")
    items = (
        policies.items if isinstance(policies, SequenceNode) else (policies,) if policies else ()
    )
    arns: list[Node] = [_managed(managed, extent)] if managed else []
    inline: list[Node] = []
    for number, item in enumerate(items):
        label = Leaf(f"{entry.key}RolePolicy{number}", item.extent)
        if mapping(item).get("Statement") is not None:
            inline.append(_map(item.extent, PolicyName=label, PolicyDocument=item))
        elif isinstance(item, MappingNode) and not _is_function(item):
            inline.append(_of_template(item, label))
        else:
            text = plain(item)
            is_arn = text is None or text.startswith("arn:")
            arns.append(item if is_arn else _managed(str(text), item.extent))
    trust = properties.get("AssumeRolePolicyDocument") or _trust(principal, extent)
    body: dict[str, Node] = {
        "AssumeRolePolicyDocument": trust,
        "ManagedPolicyArns": SequenceNode(tuple(arns), extent),
        "Policies": SequenceNode(tuple(inline), extent),
    }
    for key, source in (("PermissionsBoundary", "PermissionsBoundary"), ("Path", "RolePath")):
        value = properties.get(source)
        if value is not None:
            body[key] = value
    role = _map(extent, Type=Leaf("AWS::IAM::Role", extent), Properties=_map(extent, **body))
    for key in ("Condition", "Metadata"):
        value = resource.get(key)
        if value is not None:
            role = _with(role, key, value)
    return Entry(f"{entry.key}Role", entry.extent, role)


def _of_template(item: MappingNode, label: Leaf) -> Node:
    """The policy that SAM makes of one of its policy templates."""
    name = item.entries[0].key if item.entries else ""
    document = sam_policies.policy(item)
    if document is None:
        return Broken(f"'{name}' is no policy template of SAM's that is known", item.extent)
    named = Leaf(name, item.extent)
    return _map(item.extent, PolicyName=label, PolicyDocument=document, PolicyTemplate=named)


def _is_function(item: MappingNode) -> bool:
    return len(item.entries) == 1 and item.entries[0].key.startswith(("Ref", "Fn::"))


def _managed(name: str, extent: Extent) -> Node:
    """An AWS managed policy by its name: SAM looks up the path that belongs to it."""
    found = managed_policies.by_name(name)
    text = f"arn:${{AWS::Partition}}:iam::aws:policy/{found.name if found else name}"
    return MappingNode((Entry("Fn::Sub", extent, Leaf(text, extent)),), extent)


def _trust(principal: str, extent: Extent) -> Node:
    statement = _map(
        extent,
        Effect=Leaf("Allow", extent),
        Action=Leaf("sts:AssumeRole", extent),
        Principal=_map(extent, Service=Leaf(principal, extent)),
    )
    return _map(extent, Statement=SequenceNode((statement,), extent))


def _map(extent: Extent, **entries: Node) -> MappingNode:
    return MappingNode(tuple(Entry(key, extent, value) for key, value in entries.items()), extent)
