"""A policy for a role that has none of its own, in the form of the code around the role."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ...model import Role
from ...symbolic.patterns import regex
from ..finding import Edit
from ..identity import block_of
from ..sources import FileText, Form
from .edits import all_of
from .insertions import at_line_end, block_behind
from .loops import choices
from .places import Place, is_written, sought_once, texts
from .serverless import is_generated, serverless_policy
from .statements import NewStatement, object_text, yaml_item

#: What a new policy of a template's role is called.
NAME = "ecs-permissions"


def new_policy(
    place: Place, role: Role, statements: Sequence[NewStatement], *, apart: bool = False
) -> list[Edit] | None:
    """An inline policy with the statements, of a template's role as a resource of its own if it is
    to stand ``apart``; None where the role's place cannot take it, or where another list of its
    policies would drop it."""
    source = place.sources.at(role.span)
    if source is None or any(form.inline for form in role.exclusive):
        return None
    form = source.form(source.start(role.span))
    if role.type == "AWS::IAM::Role" and is_generated(source, role):
        return serverless_policy(source, role, statements)
    if form is Form.HCL and role.type == "aws_iam_role":
        return _resource(place, source, role, statements)
    if form is Form.JSON_TEMPLATE and role.type == "aws_iam_role":
        return _json_resource(source, role, statements)
    if apart and role.type == "AWS::IAM::Role":
        return _apart(source, role, statements)
    if form is Form.YAML and role.type == "AWS::IAM::Role":
        return _yaml_property(source, role, statements)
    if form is Form.CFN_JSON and role.type == "AWS::IAM::Role":
        return _json_property(source, role, statements)
    return None


def receivers(place: Place, role: Role) -> str:
    """Who gets the policy, in words: a block that stands for several roles gives it to all, if the
    code does not call the role itself."""
    block = block_of(role.address)
    alone = block == role.address or _own_name(place, role) is not None
    return f"'{role.address}'" if alone else f"each '{block}'"


def _own_name(place: Place, role: Role) -> str | None:
    """What the code calls one of a block's several roles: ``aws_iam_role.this["exec"]``."""
    found = _KEYED.search(role.address)
    return found[0] if found and is_written(place, re.escape(found[0])) else None


_KEYED = regex(r'aws_iam_role\.[\w-]+\["([^"\]]+)"\]$')


def _resource(
    place: Place, source: FileText, role: Role, statements: Sequence[NewStatement]
) -> list[Edit] | None:
    block = source.slice(role.span)
    head = re.match(r'resource\s+"aws_iam_role"\s+"([\w-]+)"\s*\{', block)
    if head is None:
        return None
    bodies = all_of(object_text(Form.HCL, each, "      ") for each in statements)
    if bodies is None:
        return None
    own = _own_name(place, role)
    repeated = None if own else re.search(r"^[ \t]*(count|for_each)\s*=", block, re.M)
    key = re.sub(r"\W", "_", own.split('"')[1]) if own else ""
    wanted = f"{head[1]}_{key}" if own else head[1]
    label = free_label(place, wanted, "aws_iam_role_policy")
    reference = own or f"aws_iam_role.{head[1]}"
    loop = ""
    if repeated and repeated[1] == "count":
        loop = f"count = length({reference})"
        reference += "[count.index]"
    elif repeated:
        loop = f"for_each = {reference}"
        reference = "each.value"
    counts = {*map(tuple, (_counts(place, source, body) for body in bodies))}
    if not repeated and len(counts) == 1 and len(guard := counts.pop()) == 1:
        loop = f"count = {guard[0]}"  # it is there where what it names is
    block = policy_block(label, reference, bodies, loop)
    return [block_behind(source, source.end(role.span), block)]


def policy_block(label: str, role: str, statements: Sequence[str], loop: str = "") -> str:
    """The resource of that label that gives the role a policy of the statements (``object_text``
    six columns deep); ``loop`` is its count or for_each."""
    lines = [
        f'resource "aws_iam_role_policy" "{label}" {{',
        *([f"  {loop}", ""] if loop else []),
        f'  name = "{label.replace("_", "-")}"',
        f"  role = {role}.id",
        "  policy = jsonencode({",
        '    Version = "2012-10-17"',
        "    Statement = [",
        *(f"      {statement}," for statement in statements),
        "    ]",
        "  })",
        "}",
    ]
    return "\n".join(lines)


def _counts(place: Place, source: FileText, body: str) -> list[str]:
    return sorted(set(choices(place.sources, source.file, body).values()))


def _json_resource(
    source: FileText, role: Role, statements: Sequence[NewStatement]
) -> list[Edit] | None:
    """Of a ``.tf.json`` file: the policy among its resources, as the text that it is in JSON."""
    start = source.start(role.span)
    kinds = list(re.finditer(r'"aws_iam_role"\s*:\s*\{', source.text[:start]))
    label = role.address.rpartition(".")[2]
    bodies = [object_text(Form.JSON_TEMPLATE, each, "") for each in statements]
    if not kinds or None in bodies or not label.isidentifier():
        return None
    if '"aws_iam_role_policy"' in source.text or re.search(
        r"count|for_each", source.slice(role.span)
    ):
        return None
    indent = source.indent(kinds[-1].start())
    unit = source.indent(start)[len(indent) :] or "  "
    document = {"Version": "2012-10-17", "Statement": [json.loads(str(body)) for body in bodies]}
    provider = re.search(r'"provider"\s*:\s*"([^"]+)"', source.slice(role.span))
    policy = {
        **({"provider": provider[1]} if provider else {}),
        "name": label.replace("_", "-"),
        "role": f"${{aws_iam_role.{label}.id}}",
        "policy": json.dumps(document, ensure_ascii=False),
    }
    text = json.dumps({label: policy}, indent=unit, ensure_ascii=False).replace("\n", f"\n{indent}")
    at = kinds[-1].start()
    return [Edit(source.span(at, at), f'"aws_iam_role_policy": {text},\n{indent}')]


#: AWS's policy for the agent.
AGENT_POLICY = "service-role/AmazonECSTaskExecutionRolePolicy"


def free_label(place: Place, wanted: str, kind: str) -> str:
    """A name that no resource of the kind has in the module."""
    head = re.compile(rf'resource\s+"{kind}"\s+"([\w-]+)"')
    taken = sought_once(
        place, head, lambda: {name for text in texts(place) for name in head.findall(text)}
    )
    candidates = [wanted, f"{wanted}_ecs", *(f"{wanted}_ecs_{number}" for number in range(2, 100))]
    return next(name for name in candidates if name not in taken)


def _yaml_property(
    source: FileText, role: Role, statements: Sequence[NewStatement]
) -> list[Edit] | None:
    trust = source.start(role.trust.span)
    block = source.slice(role.span)
    key = re.compile(r"""^([ \t]*)["']?AssumeRolePolicyDocument["']?:""", re.M)
    found = None
    for match in key.finditer(source.text, source.start(role.span), trust):
        found = match
    if found is None:
        return None
    margin = found[1]
    remark = r"[ \t]*(?:#[^\n]*)?\n"
    head = rf"""{margin}["']?Policies["']?:"""
    listed = re.search(rf"^{head}(?:(?:{remark})+({margin}[ \t]*)- )?", block, re.M)
    if listed is None:
        lines = yaml_policies(margin, statements)
        return [at_line_end(source, source.end(role.trust.span), "\n".join(lines))]
    if listed[1] is None or NAME in block:
        return None  # a list on one line, or one that a condition chooses
    end = source.start(role.span) + listed.end()
    item = re.compile(rf"[^\n]*(?:\n[ \t]*(?:#[^\n]*)?(?=\n))*\n{listed[1]}[ -](?=[^\n])")
    while (further := item.match(source.text, end, source.end(role.span))) is not None:
        end = further.end()
    return [at_line_end(source, end, "\n".join(_yaml_policy(listed[1], statements)))]


def yaml_policies(margin: str, statements: Sequence[NewStatement]) -> list[str]:
    """A template's property that gives its role one policy."""
    return [f"{margin}Policies:", *_yaml_policy(f"{margin}  ", statements)]


def _yaml_policy(margin: str, statements: Sequence[NewStatement]) -> list[str]:
    """The policy as an item of a list."""
    return [
        f"{margin}- PolicyName: {NAME}",
        f"{margin}  PolicyDocument:",
        f"{margin}    Version: '2012-10-17'",
        f"{margin}    Statement:",
        *(yaml_item(each, f"{margin}      - ") for each in statements),
    ]


def _json_property(
    source: FileText, role: Role, statements: Sequence[NewStatement]
) -> list[Edit] | None:
    block, end = source.slice(role.span), source.end(role.trust.span)
    start = source.start(role.trust.span)
    key = re.search(r'"AssumeRolePolicyDocument"\s*:\s*$', source.text[:start])
    if key is None:
        return None
    indent = source.indent(key.start())
    unit = "    " if len(indent) % 4 == 0 and not re.search(r"^ {2}\"", source.text, re.M) else "  "
    policy = json_policy(statements)
    if policy is None:
        return None
    listed = re.search(r'"Policies"\s*:\s*', block)
    if listed is None:
        written = json.dumps([policy], indent=len(unit), ensure_ascii=False)
        written = written.replace("\n", f"\n{indent}")
        return [Edit(source.span(end, end), f',\n{indent}"Policies": {written}')]
    first = source.start(role.span) + listed.end()
    _, last = json.JSONDecoder().raw_decode(source.text, first)
    items = source.text[first : last - 1].rstrip()
    if not items.startswith("[") or items == "[" or NAME in items:
        return None
    margin, after = f"\n{indent}{unit}", first + len(items)
    written = json.dumps(policy, indent=len(unit), ensure_ascii=False).replace("\n", margin)
    return [Edit(source.span(after, after), f",{margin}{written}")]


def json_policy(statements: Sequence[NewStatement]) -> dict[str, object] | None:
    """The policy as a template in JSON has it in a role."""
    bodies = all_of(object_text(Form.CFN_JSON, each, "") for each in statements)
    if bodies is None:
        return None
    document = {"Version": "2012-10-17", "Statement": [json.loads(body) for body in bodies]}
    return {"PolicyName": NAME, "PolicyDocument": document}


def _apart(source: FileText, role: Role, statements: Sequence[NewStatement]) -> list[Edit] | None:
    """A policy that names the role, behind it in the template."""
    name = role.address.rpartition(".")[2]
    label, end = f"{name}Policy", source.end(role.span)
    start = source.start(role.span)
    form, margin = source.form(start), source.indent(start)
    if re.search(rf"\b{re.escape(label)}\b", source.text):
        return None
    if form is Form.YAML:
        lines = [
            f"{label}:",
            "  Type: AWS::IAM::Policy",
            "  Properties:",
            f"    PolicyName: {NAME}",
            f"    Roles: [!Ref {name}]",
            "    PolicyDocument:",
            "      Version: '2012-10-17'",
            "      Statement:",
        ]
        items = [yaml_item(each, f"{margin}        - ") for each in statements]
        text = "\n".join([*(margin + line for line in lines), *items])
        return [block_behind(source, end, text)]
    inline = json_policy(statements) if form is Form.CFN_JSON else None
    if inline is None:
        return None
    properties = {"PolicyName": NAME, "Roles": [{"Ref": name}], **inline}
    policy = {"Type": "AWS::IAM::Policy", "Properties": properties}
    written = json.dumps(policy, indent=2, ensure_ascii=False).replace("\n", f"\n{margin}")
    return [Edit(source.span(end, end), f',\n{margin}"{label}": {written}')]
