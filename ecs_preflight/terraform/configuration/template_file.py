"""``data "template_file"`` of the template provider: what came before ``templatefile``.

Source: the template provider's documentation of ``template``, ``vars`` and ``rendered``.
"""

from __future__ import annotations

from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.values import Entries, Known, Unknown, Value, Why, why_not
from ..language.evaluate import evaluate
from ..language.scope import ExpressionScope
from ..syntax.nodes import (
    Block,
    Expression,
    FunctionCall,
    Literal,
    Object,
    ObjectItem,
    SyntaxFault,
    TemplateExpression,
)
from ..syntax.parse import parse_template

TYPE = "template_file"


def rendered(block: Block, scope: ExpressionScope) -> Value:
    """The text of the data source ``block``; each part keeps the line it is written on."""
    template = block.body.attribute("template")
    if template is None:
        return _unknown("a template_file has no template", block.span)
    source = template.value
    if isinstance(source, TemplateExpression) and len(source.parts) == 1:
        part = source.parts[0]  # "${file("...")}", as all was written once
        source = part if isinstance(part, FunctionCall) else source
    variables = _variables(block)
    if (
        isinstance(source, FunctionCall)
        and source.function == "file"
        and len(source.arguments) == 1
    ):
        arguments = (source.arguments[0], variables)
        return evaluate(replace(source, function="templatefile", arguments=arguments), scope)
    return _inline(source, evaluate(variables, scope), scope)


def _variables(block: Block) -> Expression:
    """``vars = { a = b }``, or the block that it was before Terraform 0.12."""
    written = block.body.attribute("vars")
    if written is not None:
        return written.value
    blocks = block.body.of("vars")
    attributes = (each for inner in blocks for each in inner.body.attributes)
    items = (ObjectItem(Literal(a.name, a.name_span), a.value) for a in attributes)
    return Object(tuple(items), block.span)


def _inline(source: Expression, variables: Value, scope: ExpressionScope) -> Value:
    """A template that stands in the configuration itself, a heredoc as a rule."""
    text, span = evaluate(source, scope), source.span
    if not isinstance(text, Known) or not isinstance(text.value, str):
        return _doubt(text, "the template is no text", span)
    if not isinstance(variables, Entries):
        return _doubt(variables, "'vars' is no map", span)
    begins = (span.line + 1, 1) if span.end_line > span.line else (span.line, span.column + 1)
    try:
        template = parse_template(text.value, span.file, *begins)
    except SyntaxFault as fault:
        return _unknown(f"the template cannot be read: {fault.reason}", span)
    return evaluate(template, scope, dict(variables.entries))


def _doubt(value: Value, reason: str, span: Span) -> Unknown:
    doubt = why_not(value)
    return _unknown(reason, span) if doubt is None else doubt


def _unknown(reason: str, span: Span) -> Unknown:
    return Unknown(reason, why=Why.FUNCTION, span=span)
