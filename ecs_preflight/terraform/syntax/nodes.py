"""The syntax tree of HCL: what both parsers (tree-sitter-hcl, checkov's hcl2) and .tf.json produce.

Escapes are decoded, heredocs unindented, template whitespace trimmed (``~``), operators bound by
Terraform's precedence, parentheses gone. Spans count lines and columns from 1, columns in code
points, ends exclusive; they are part of the tree's contract and compared by the parsers'
differential test."""

from __future__ import annotations

from typing import Union

from ...symbolic.records import dataclass, field
from ...symbolic.source import Span

Number = Union[int, float]


@dataclass(frozen=True, slots=True)
class Literal:
    """A string without interpolation, a number, ``true``, ``false`` or ``null``."""

    value: bool | Number | str | None
    span: Span
    #: For a heredoc or a template file, whose text stands in the source as it is: where it begins,
    #: and how many columns its margin takes from every further line. None for anything else.
    begins: Span | None = field(default=None, compare=False)
    margin: int = field(default=0, compare=False)

    @property
    def is_plain(self) -> bool:
        """Is its value as it stands all there is to it?"""
        return self.begins is None and not isinstance(self.value, float)


@dataclass(frozen=True, slots=True)
class TemplateExpression:
    """A string or heredoc with interpolations or directives: literal text and expressions in order.

    A template that is one single interpolation keeps its expression's type (``"${var.list}"``).
    """

    parts: tuple[str | Expression | TemplateIf | TemplateFor, ...]
    span: Span
    #: As Literal's, for each part; empty for a quoted string.
    begins: tuple[Span, ...] = field(default=(), compare=False)
    margin: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TemplateIf:
    """``%{ if }`` ... ``%{ else }`` ... ``%{ endif }``."""

    condition: Expression
    then: TemplateExpression
    otherwise: TemplateExpression | None
    span: Span


@dataclass(frozen=True, slots=True)
class TemplateFor:
    """``%{ for key, value in collection }`` ... ``%{ endfor }``; ``key`` is None with one name."""

    key: str | None
    value: str
    collection: Expression
    body: TemplateExpression
    span: Span


@dataclass(frozen=True, slots=True)
class Tuple:
    """``[a, b]``."""

    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ObjectItem:
    """A bare identifier as key is a Literal string; ``(expr)`` and templates are expressions."""

    key: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Object:
    """``{ a = b }``."""

    items: tuple[ObjectItem, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Identifier:
    """The root of a traversal: ``var``, ``local``, ``each``, a resource type, a loop variable."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class GetAttr:
    """``object.name``. A legacy ``object.0`` is an Index with a number."""

    object: Expression
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class IndexAccess:
    """``object[key]``."""

    object: Expression
    key: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class SplatItem:
    """Stands, inside a Splat's ``each``, for the element at hand."""

    span: Span


@dataclass(frozen=True, slots=True)
class Splat:
    """``object[*].a.b`` (full: ``each`` holds all that follows) or ``object.*.a.b``
    (attribute-only: an Index after it applies to the result and is no part of ``each``)."""

    object: Expression
    each: Expression
    full: bool
    span: Span


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function call; ``expand`` when the last argument is followed by ``...``."""

    function: str
    arguments: tuple[Expression, ...]
    expand: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Unary:
    """``-`` or ``!``."""

    operator: str
    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """``|| && == != < > <= >= + - * / %``."""

    operator: str
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Conditional:
    """``a ? b : c``."""

    condition: Expression
    then: Expression
    otherwise: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class ForTuple:
    """``[for key, value in collection : item if condition]``."""

    key: str | None
    value: str
    collection: Expression
    item: Expression
    condition: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class ForObject:
    """``{for key, value in collection : item_key => item if condition}``; ``group`` with
    ``...``."""

    key: str | None
    value: str
    collection: Expression
    item_key: Expression
    item: Expression
    condition: Expression | None
    group: bool
    span: Span


Expression = Union[
    Literal,
    TemplateExpression,
    Tuple,
    Object,
    Identifier,
    GetAttr,
    IndexAccess,
    SplatItem,
    Splat,
    FunctionCall,
    Unary,
    Binary,
    Conditional,
    ForTuple,
    ForObject,
]


@dataclass(frozen=True, slots=True)
class Attribute:
    """``name = value``. ``span`` covers both, ``name_span`` the name."""

    name: str
    value: Expression
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """``type "label" { ... }``. ``header`` covers type and labels, ``span`` the whole block."""

    type: str
    labels: tuple[str, ...]
    body: Body
    span: Span
    header: Span


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between a block's braces, or in a file."""

    attributes: tuple[Attribute, ...]
    blocks: tuple[Block, ...]
    span: Span

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name; None where there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        return None

    def of(self, *types: str) -> tuple[Block, ...]:
        """The blocks of these types."""
        return tuple(block for block in self.blocks if block.type in types)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One parsed file. ``comments`` holds (line, text without the marker), for inline
    suppressions."""

    path: str
    body: Body
    comments: tuple[tuple[int, str], ...] = field(default=(), compare=False)


class SyntaxFault(Exception):
    """The text is not valid HCL: ``reason`` and where."""

    def __init__(self, reason: str, span: Span) -> None:
        super().__init__(f"{span}: {reason}")
        self.reason, self.span = reason, span
