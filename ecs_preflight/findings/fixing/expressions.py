"""Strings as the source writes them: literal text and code, in the syntax of a place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Union

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, field
from ..finding import Edit
from ..sources import FileText, Form, string_end, template_end


@dataclass(frozen=True)
class Inserted:
    """An expression in a string: ``aws_kms_key.this.arn``; in CloudFormation what stands between
    the braces of ``Fn::Sub``: ``Secret.Arn``, ``AWS::Region``, ``Name``. ``edits`` bring the name
    about where it is not there yet."""

    text: str
    edits: tuple[Edit, ...] = field(default=(), compare=False)


#: How the code begins that stands for another stack's export, which ``Fn::Sub`` cannot hold.
IMPORTED = "Fn::ImportValue "

Expression = tuple[Union[str, Inserted], ...]
#: What a policy holds at a place: a string, or a list of them.
Node = Union[Expression, "list[Expression]"]


def plain(text: str) -> Expression:
    """A string without code in it."""
    return (text,)


def brought(expressions: Iterable[Expression]) -> list[Edit]:
    """The edits that bring about what the expressions name."""
    inserted = (part for each in expressions for part in each if isinstance(part, Inserted))
    return list(dict.fromkeys(edit for part in inserted for edit in part.edits))


def rendered(form: Form, expression: Expression, *, flow: bool = False) -> str | None:
    """The string in the form's syntax, None where it cannot hold the code; ``flow``: in YAML,
    between brackets."""
    codes = [part for part in expression if isinstance(part, Inserted)]
    if form is Form.HCL:
        return codes[0].text if codes and len(expression) == 1 else f'"{_template(expression)}"'
    if form is Form.JSON_TEMPLATE:
        return f'"{_template(expression)}"'
    if not codes:
        text = "".join(map(str, expression))
        return _scalar(text, flow) if form is Form.YAML else json.dumps(text, ensure_ascii=False)
    if form is Form.JSON:
        return None
    whole = len(expression) == 1
    exported = [code for code in codes if code.text.startswith(IMPORTED)]
    if exported:
        name = exported[0].text.removeprefix(IMPORTED)
        imported = (
            f"!ImportValue {name}" if form is Form.YAML else f'{{"Fn::ImportValue": "{name}"}}'
        )
        return imported if whole else None
    resource, dot, attribute = codes[0].text.partition(".")
    if form is Form.CFN_JSON:
        if not whole:
            return json.dumps({"Fn::Sub": _sub(expression)}, ensure_ascii=False)
        reference = {"Fn::GetAtt": [resource, attribute]} if dot else {"Ref": resource}
        return json.dumps(reference, ensure_ascii=False)
    if not whole:
        return f"!Sub {_scalar(_sub(expression), flow)}"
    return f"!GetAtt {resource}.{attribute}" if dot else f"!Ref {resource}"


def written_at(
    source: FileText, offset: int, expression: Expression, *, listed: bool = False
) -> str | None:
    """The string as it is written in place of what stands at the offset, ``listed`` between
    brackets."""
    return rendered(source.form(offset), expression, flow=listed or source.in_flow(offset))


def _template(expression: Expression) -> str:
    return "".join(
        f"${{{part.text}}}"
        if isinstance(part, Inserted)
        else re.sub(r"([$%])\{", r"\1\1{", json.dumps(part, ensure_ascii=False)[1:-1])
        for part in expression
    )


def _sub(expression: Expression) -> str:
    return "".join(
        f"${{{part.text}}}" if isinstance(part, Inserted) else part.replace("${", "${!")
        for part in expression
    )


_NOT_PLAIN = regex(
    r"^$|^[\s!&*?|>%@`\"'#,\[\]{}:-]|: |:$| #|\s$|^(true|false|null|yes|no|on|off|~|[\d.+-]+)$",
    re.I,
)


def _scalar(text: str, flow: bool) -> str:
    """A YAML scalar: plain where YAML would read it as this very string."""
    if _NOT_PLAIN.search(text) or (flow and re.search(r"[,\[\]{}]", text)) or "\n" in text:
        return "'" + text.replace("'", "''") + "'"
    return text


def parsed(form: Form, text: str) -> Expression | None:
    """What stands at a place, as an expression: the inverse of ``rendered``; None for what is none
    that can be taken apart."""
    if form in (Form.HCL, Form.JSON_TEMPLATE) and text.startswith('"'):
        return _split_template(text)
    if form is Form.HCL:
        return (Inserted(text),) if text and not re.search(r'[\n{}"]|<<', text) else None
    if form is Form.YAML:
        return _parsed_yaml(text)
    if not form.is_json:
        return None
    try:
        return _parsed_json(json.loads(text))
    except ValueError:
        return None


#: What may begin something else than text in a template.
_SPECIAL = regex(r"[$%\\]")


def _split_template(text: str) -> Expression | None:
    if len(text) < 2 or not text.endswith('"') or string_end(text, 0) != len(text):
        return None
    parts: list[str | Inserted] = []
    literal, offset, inner = "", 1, len(text) - 1
    while offset < inner:
        if text.startswith(("$${", "%%{"), offset):
            literal, offset = literal + text[offset] + "{", offset + 3
        elif text.startswith("%{", offset):
            return None
        elif text.startswith("${", offset):
            end = template_end(text, offset + 2)
            parts += [literal] if literal else []
            parts.append(Inserted(text[offset + 2 : end - 1].strip(" ~")))
            literal, offset = "", end
        elif text[offset] == "\\":
            if text[offset + 1] not in '"\\':
                return None
            literal, offset = literal + text[offset + 1], offset + 2
        else:
            special = _SPECIAL.search(text, offset + 1, inner)
            end = special.start() if special else inner
            literal, offset = literal + text[offset:end], end
    return tuple([*parts, literal] if literal or not parts else parts)


def _parsed_json(value: object) -> Expression | None:
    if isinstance(value, str):
        return plain(value)
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((function, argument),) = value.items()
    if function == "Ref" and isinstance(argument, str):
        return (Inserted(argument),)
    if function == "Fn::GetAtt":
        joined = ".".join(argument) if isinstance(argument, list) else argument
        return (Inserted(joined),) if isinstance(joined, str) else None
    if function == "Fn::ImportValue" and isinstance(argument, str):
        return (Inserted(f"{IMPORTED}{argument}"),)
    if function == "Fn::Sub" and isinstance(argument, str):
        return _split_sub(argument)
    if function == "Fn::Join" and isinstance(argument, list) and len(argument) == 2:
        pieces: list[str | Inserted] = []
        for index, item in enumerate(argument[1] if isinstance(argument[1], list) else ()):
            piece = _parsed_json(item)
            if piece is None or not isinstance(argument[0], str):
                return None
            pieces += [argument[0]] if index and argument[0] else []
            pieces += piece
        return simplified(pieces) if pieces else None
    return None


def _split_sub(text: str) -> Expression:
    pieces: list[str | Inserted] = []
    for number, piece in enumerate(re.split(r"\$\{([^!{}][^{}]*)\}", text)):
        pieces.append(Inserted(piece.strip()) if number % 2 else piece.replace("${!", "${"))
    return simplified(pieces)


def _parsed_yaml(text: str) -> Expression | None:
    tag, _, rest = text.partition(" ") if text.startswith("!") else ("", "", text)
    rest = rest.strip()
    if "\n" in rest or (rest.startswith(("[", "{")) and tag != ""):
        return None
    if rest.startswith("{"):
        try:
            return _parsed_json(json.loads(rest))
        except ValueError:
            return None
    if rest[:1] in "'\"" and rest:
        if len(rest) < 2 or rest[-1] != rest[0] or "\\" in rest:
            return None
        rest = rest[1:-1].replace("''", "'") if rest[0] == "'" else rest[1:-1]
    elif rest[:1] in set("|>[*&@`%"):
        return None
    if tag == "!Sub":
        return _split_sub(rest)
    if tag == "!ImportValue":
        return (Inserted(f"{IMPORTED}{rest}"),)
    return plain(rest) if not tag else (Inserted(rest),) if tag in ("!Ref", "!GetAtt") else None


def simplified(parts: Iterable[str | Inserted]) -> Expression:
    """The parts with neighbouring texts joined and empty ones left out."""
    joined: list[str | Inserted] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined) or ("",)


def with_fields(arn: Expression, changed: Mapping[int, str | Inserted]) -> Expression | None:
    """The ARN with those of its fields written anew; None where not all of its fields can be
    told."""
    fields: list[list[str | Inserted]] = [[]]
    for part in arn:
        if isinstance(part, Inserted):
            fields[-1].append(part)
            continue
        first, *others = part.split(":", 6 - len(fields))
        fields[-1].append(first)
        fields += [[other] for other in others]
    if len(fields) < 6:
        return None
    for index, new in changed.items():
        fields[index] = [new]
    head, *rest = fields
    return simplified([*head, *(part for field in rest for part in (":", *field))])


def of_group(expression: Expression) -> Expression:
    """Streams are granted by their group: ``...:log-stream:app/*`` as ``...:*``."""
    for index, part in enumerate(expression):
        if isinstance(part, str) and ":log-stream:" in part:
            return simplified([*expression[:index], part.split(":log-stream:")[0] + ":*"])
    return expression


#: What every expression of a Terraform module may name, besides its resources.
_MODULE_WIDE = {
    *("var", "local", "data", "module", "path", "terraform"),
    *("true", "false", "null", "for", "in", "if"),
}
_RESOURCE = regex(r"^[a-z\d]+_\w+\.(?!(key|value)\b(?!\.))")
_NAME = regex(r"(?<![\w.-])([A-Za-z_][\w-]*)(?!\s*\(|[\w-])")


def bound(code: str) -> set[str]:
    """The names in Terraform's code that only the expression or block around it knows: ``each``,
    ``count``, what a ``for`` or a ``dynamic`` block goes through."""
    text = re.sub(r'"[^"$]*"', "", code)
    own = {name for pair in _LOOP.findall(text) for name in pair}
    return {
        name
        for name in set(_NAME.findall(text)) - own - _MODULE_WIDE
        if not _RESOURCE.search(f"{name}{text.partition(name)[2]}")
    }


_LOOP = regex(r"\bfor\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b")


def is_instance(code: str) -> bool:
    """Does it tell the instances of one resource or module apart?"""
    return bool(bound(code)) and bound(code) <= {"each", "count", "self"}
