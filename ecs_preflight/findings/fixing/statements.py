"""Statements of policies, written as those around them are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Union

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from ...symbolic.source import Span
from ..finding import Edit
from ..sources import FileText, Form, closing
from .expressions import Expression, plain, rendered
from .insertions import at_line_end, block_behind, item_behind, line_behind
from .lists import WIDTH, hcl_list, one_or_list


@dataclass(frozen=True)
class _Principal:
    """A principal: a service, or the role of that ARN (``AWS``)."""

    kind: str
    name: Expression


@dataclass(frozen=True)
class _Condition:
    """That ``key`` is one of the values."""

    key: str
    values: tuple[Expression, ...]

    def one_of(self, form: Form) -> str:
        """The value, or the list of them, as it stands behind the key."""
        return one_or_list([str(rendered(form, value, flow=True)) for value in self.values])


#: What stands in a statement: a string, several, a principal, or a condition.
_Element = Union[Expression, "list[Expression]", _Principal, _Condition]


@dataclass(frozen=True)
class NewStatement:
    """What is to be allowed: by a policy on ``resources``, by a trust policy or a resource's own to
    ``principal``, a service or what else its ``kind`` says; where a key is one of those values, if
    there is a ``condition``."""

    actions: tuple[str, ...]
    resources: tuple[Expression, ...] = ()
    principal: Expression = ()
    kind: str = "Service"
    condition: tuple[str, tuple[Expression, ...]] | None = None

    def entries(self, near: str) -> list[tuple[str, _Element]]:
        """Its elements in IAM's order; single values stand in lists where those of the statement
        ``near`` do."""
        found: list[tuple[str, _Element]] = [("Effect", plain("Allow"))]
        actions = [plain(action) for action in self.actions]
        if self.principal:
            found.append(("Principal", _Principal(self.kind, self.principal)))
        found.append(("Action", _one_or_list(actions, _lists(near, "Action"))))
        if self.resources:
            found.append(("Resource", _one_or_list(list(self.resources), _lists(near, "Resource"))))
        if self.condition:
            found.append(("Condition", _Condition(*self.condition)))
        return found


def _lists(statement: str, key: str) -> bool:
    return bool(re.search(rf"""["']?\b{key}s?["']?\s*[=:]\s*(\[|-\s)""", statement))


def _one_or_list(items: list[Expression], listed: bool) -> list[Expression] | Expression:
    return items if listed or len(items) != 1 else items[0]


def added(source: FileText, near: Span, statement: NewStatement) -> list[Edit] | None:
    """The statement behind the one at ``near``, in its form; None where the place cannot take it
    (a loop's body, what is no statement)."""
    start, end = _whole(source, near)
    form, text = source.form(start), source.text[start:end]
    if form is Form.HCL and _BLOCK.match(text):
        block = hcl_block(statement, source.indent(start), dense=bool(_DENSE.search(source.text)))
        return [block_behind(source, end, block)]
    if text.startswith("{"):
        return _object_added(source, form, start, end, statement)
    if form is Form.YAML:
        return _item_added(source, near, statement)
    return None


_BLOCK = regex(r'statement\s*\{|dynamic\s+"statement"')
_DYNAMIC = regex(r'^[ \t]*(dynamic\s+"statement"\s*)\{', re.M)


def _whole(source: FileText, near: Span) -> tuple[int, int]:
    """Where the statement begins and ends; of what a dynamic block makes, that block."""
    start, end = source.start(near), source.end(near)
    if re.match(r"content\s*\{", source.text[start:end]):
        for head in _DYNAMIC.finditer(source.text, 0, start):
            last = closing(source.text, head.end() - 1)
            if end <= last:
                return head.start(1), last
    return start, end


#: A list's end with the next argument right below it.
_DENSE = regex(r"^[ \t]*\]\n[ \t]*resources\b", re.M)


def hcl_block(statement: NewStatement, indent: str, *, dense: bool = False) -> str:
    """A ``statement`` block of an aws_iam_policy_document, every line behind the indent; ``dense``:
    without a blank line behind a list."""
    actions = hcl_list([plain(action) for action in statement.actions], f"{indent}  ")
    resources = hcl_list(statement.resources, f"{indent}  ")
    if "\n" in actions or "\n" in resources:
        lines = [f"  actions = {actions}"]
        gap = [] if dense else [""]
        lines += [*gap, f"  resources = {resources}"] if statement.resources else []
    elif statement.resources:
        lines = [f"  actions   = {actions}", f"  resources = {resources}"]
    else:
        lines = [f"  actions = {actions}"]
    if statement.principal:
        lines += ["", "  principals {", f'    type        = "{statement.kind}"']
        lines += [f"    identifiers = [{rendered(Form.HCL, statement.principal)}]", "  }"]
    if statement.condition:
        key, values = statement.condition
        listed = ", ".join(str(rendered(Form.HCL, value)) for value in values)
        lines += ["", "  condition {", '    test     = "StringEquals"', f'    variable = "{key}"']
        lines += [f"    values   = [{listed}]", "  }"]
    body = "".join(f"{indent}{line}\n" if line else "\n" for line in lines)
    return f"{indent}statement {{\n{body}{indent}}}"


def _object_added(
    source: FileText, form: Form, start: int, end: int, statement: NewStatement
) -> list[Edit] | None:
    at = source.before_at(start)
    previous = source.text[at] if at >= 0 else ""
    near = source.text[start:end]
    if previous not in "[,=:-" or _in_loop(source, at):
        return None
    indent = source.indent(start)
    body = object_text(form, statement, indent, near)
    if body is None:
        return None
    if previous == "-":  # an item of a list in YAML, written as a flow mapping
        behind = item_behind(source, source.span(start, end), body)
        return None if behind is None else [behind]
    if previous in "=:":  # a single statement, in no list yet
        if not source.ending(_STATEMENT, at + 1):
            return None
        return [Edit(source.span(start, end), f"[{near}, {body}]")]
    if not source.text[source.line_start(start) : start].strip():
        return [line_behind(source, end, body)]
    item = Edit(source.span(end, end), f", {body}")
    if "\n" in near and form is Form.HCL:
        # So does Terraform's formatter indent "}, {".
        return [Edit(source.span(end - 1, end - 1), "  "), item]
    return [item]


_STATEMENT = regex(r"""\bStatement["']?\s*[=:]$""")
_FOR = regex(r"\bfor\b[^\[\]{}\n]*$")


def _in_loop(source: FileText, at: int) -> bool:
    """Does what stands behind the character ``at`` come out of a loop?"""
    return bool(source.ending(_FOR, at))


def object_text(form: Form, statement: NewStatement, indent: str, near: str = "") -> str | None:
    """The statement as an object, written as the object ``near`` is; ``indent`` is its line's."""
    style = _Style.of(form, near)
    flat = bool(near) and "\n" not in near
    inner = "" if flat else indent + style.unit
    pairs = []
    for key, value in statement.entries(near):
        item = _value(style, value, inner, flat)
        if item is None:
            return None
        pairs.append((key, item))
    if flat:
        written = ", ".join(f"{style.key(key)}{style.mark}{item}" for key, item in pairs)
        return f"{{{style.space}{written}{style.space}}}"
    lines = [f"{inner}{style.aligned(key, item, pairs)}" for key, item in pairs]
    return "{\n" + f"{style.comma}\n".join(lines) + f"\n{indent}}}"


#: A comma between two pairs of an object.
_COMMA = regex(r""",[ \t]*\n[ \t]*(?:"\w+"|'\w+'|\w+)[ \t]*[=:]""")


@dataclass(frozen=True)
class _Style:
    """How an object's keys are written."""

    form: Form
    quote: str
    mark: str
    unit: str
    space: str
    comma: str
    near: str

    @classmethod
    def of(cls, form: Form, near: str) -> _Style:
        first = re.match(r"""\{(\s*)(["']?)\w+["']?(\s*[=:]\s?)""", near)
        quote = first[2] if first else ('"' if form.is_json else "")
        sign = first[3].strip() if first else ("=" if form is Form.HCL else ":")
        mark = f" {sign} " if form is Form.HCL and sign == "=" else f"{sign} "
        if first and form is Form.HCL and sign == ":" and first[3].startswith(" "):
            mark = " : "
        gap = first[1] if first else " "
        unit = "\t" if "\n\t" in near else _unit(near)
        always = form is not Form.HCL or _COMMA.search(near)
        return cls(
            form, quote, mark, unit, gap if "\n" not in gap else "", "," if always else "", near
        )

    def quoted(self, text: str | None) -> str | None:
        return _quoted_as(self.near, text) if self.form is Form.YAML else text

    def key(self, name: str) -> str:
        return f"{self.quote}{name}{self.quote}"

    def aligned(self, name: str, item: str, pairs: Sequence[tuple[str, str]]) -> str:
        """The pair on a line of its own; Terraform's formatter aligns neighbours that take one."""
        if self.mark != " = ":
            return f"{self.key(name)}{self.mark}{item}"
        group: list[str] = []
        for key, value in pairs:
            if "\n" in value:
                if key == name:
                    group = [key]
                    break
                if name in group:
                    break
                group = []
            else:
                group.append(key)
        width = max((len(self.key(key)) for key in group), default=0)
        return f"{self.key(name):<{width}} = {item}"


def _unit(near: str) -> str:
    """By how much the object's content is deeper than its end."""
    lines = near.split("\n")
    depths = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    return "    " if len(depths) > 1 and depths[0] - depths[-1] == 4 else "  "


def _value(style: _Style, value: _Element, indent: str, flat: bool) -> str | None:
    form = style.form
    if isinstance(value, _Principal):
        pair = f"{style.key(value.kind)}{style.mark}{rendered(form, value.name, flow=True)}"
        return f"{{ {pair} }}"
    if isinstance(value, _Condition):
        quote = style.quote or '"'
        pair = f"{quote}{value.key}{quote}{style.mark}{value.one_of(form)}"
        return f"{{ {style.key('StringEquals')}{style.mark}{{ {pair} }} }}"
    if isinstance(value, tuple):
        return style.quoted(rendered(form, value, flow=True))
    items = [style.quoted(rendered(form, item, flow=True)) for item in value]
    if None in items:
        return None
    line = f"[{', '.join(map(str, items))}]"
    if flat or len(line) + len(indent) <= WIDTH:
        return line
    comma = "," if form is Form.HCL else ""
    return (
        "[\n" + ",\n".join(f"{indent}{style.unit}{item}" for item in items) + f"{comma}\n{indent}]"
    )


def _item_added(source: FileText, near: Span, statement: NewStatement) -> list[Edit] | None:
    """An item of a YAML block list."""
    at = source.before_at(source.start(near))
    line = source.text[source.line_start(at) : source.start(near)] if at >= 0 else ""
    if at < 0 or not re.fullmatch(r"\s*-\s+", line):
        return None
    head, dash = line[: line.rfind("\n") + 1], line[line.rfind("\n") + 1 :]
    item = head + yaml_item(statement, dash, source.slice(near))
    return [at_line_end(source, source.end(near), item)]


#: The quote that an action is written in.
_QUOTE = regex(r"""\bAction["']?\s*:\s*(?:\[\s*|-\s+)?(["'])""")


def _quoted_as(near: str, text: str | None) -> str | None:
    """What YAML writes for an action, in quotes where the actions of the statement ``near``
    are."""
    quote = _QUOTE.search(near)
    is_action = text is not None and re.fullmatch(r"[\w-]+:[\w*]+", text)
    return f"{quote[1]}{text}{quote[1]}" if quote and is_action else text


def _flow_list(near: str, key: str, items: Sequence[Expression]) -> str | None:
    """The list between brackets, where the one of the statement ``near`` stands so."""
    if not re.search(rf"\b{key}:[ \t]*\[", near):
        return None
    texts = [_quoted_as(near, rendered(Form.YAML, item, flow=True)) for item in items]
    return f"{key}: [{', '.join(map(str, texts))}]"


def yaml_item(statement: NewStatement, dash: str, near: str = "") -> str:
    """The statement as an item of a block list, written as ``near`` is; ``dash`` is how an item's
    line begins."""
    margin = " " * len(dash)
    lines: list[str] = []
    for key, value in statement.entries(near):
        if isinstance(value, _Principal):
            lines += [f"{key}:", f"  {value.kind}: {rendered(Form.YAML, value.name)}"]
        elif isinstance(value, _Condition):
            lines += [f"{key}:", "  StringEquals:"]
            lines.append(f"    {value.key}: {value.one_of(Form.YAML)}")
        elif isinstance(value, tuple):
            lines.append(f"{key}: {_quoted_as(near, rendered(Form.YAML, value))}")
        elif (flow := _flow_list(near, key, value)) is not None and len(margin + flow) <= WIDTH:
            lines.append(flow)
        else:
            lines.append(f"{key}:")
            lines += [f"  - {_quoted_as(near, rendered(Form.YAML, item))}" for item in value]
    return "\n".join((dash if number == 0 else margin) + line for number, line in enumerate(lines))
