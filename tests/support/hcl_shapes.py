"""Writes syntax trees down so that a test can be read: their shape, and what each span covers."""

from __future__ import annotations

import json

import pytest

from ecs_preflight.symbolic.records import fields, is_dataclass
from ecs_preflight.symbolic.source import Span
from ecs_preflight.terraform.syntax import nodes as syntax

#: The modules of both parsers; a test skips, and says so, where one cannot be imported.
PARSERS = ("treesitter", "lark")


def parser(name: str) -> object:
    return pytest.importorskip(
        f"ecs_preflight.terraform.syntax.{name}",
        reason=f"what '{name}' parses with is not installed",
    )


def shape(node: object) -> str:
    """A tree without its spans, as a parenthesised term."""
    match node:
        case str():
            return json.dumps(node)
        case syntax.Literal(value=value):
            return json.dumps(value)
        case syntax.Identifier(name=name):
            return name
        case syntax.SplatItem():
            return "_"
        case syntax.GetAttr(object=whole, name=name):
            return f"(. {shape(whole)} {name})"
        case syntax.IndexAccess(object=whole, key=key):
            return f"(@ {shape(whole)} {shape(key)})"
        case syntax.Splat(object=whole, each=each, full=full):
            return f"({'[*]' if full else '.*'} {shape(whole)} {shape(each)})"
        case syntax.FunctionCall(function=function, arguments=arguments, expand=expand):
            return f"({' '.join([function, *map(shape, arguments)])}{' ...' if expand else ''})"
        case syntax.Unary(operator=operator, operand=operand):
            return f"({operator} {shape(operand)})"
        case syntax.Binary(operator=operator, left=left, right=right):
            return f"({operator} {shape(left)} {shape(right)})"
        case syntax.Conditional(condition=condition, then=then, otherwise=otherwise):
            return f"(? {shape(condition)} {shape(then)} {shape(otherwise)})"
        case syntax.Tuple(items=items):
            return f"[{' '.join(map(shape, items))}]"
        case syntax.Object(items=items):
            return "{" + " ".join(f"{shape(i.key)}:{shape(i.value)}" for i in items) + "}"
        case syntax.ForTuple() | syntax.ForObject():
            return _for(node)
        case syntax.TemplateExpression(parts=parts):
            return f"(t {' '.join(map(shape, parts))})"
        case syntax.TemplateIf(condition=condition, then=then, otherwise=otherwise):
            branches = [then] if otherwise is None else [then, otherwise]
            return f"(if {' '.join(map(shape, [condition, *branches]))})"
        case syntax.TemplateFor(key=key, value=value, collection=collection, body=body):
            return f"(for {key or '-'} {value} {shape(collection)} {shape(body)})"
    raise AssertionError(f"no shape for {node!r}")


def _for(node: syntax.ForTuple | syntax.ForObject) -> str:
    key = f"{shape(node.item_key)} => " if isinstance(node, syntax.ForObject) else ""
    group = " ..." if isinstance(node, syntax.ForObject) and node.group else ""
    condition = f" if {shape(node.condition)}" if node.condition else ""
    return (
        f"(for {node.key or '-'} {node.value} {shape(node.collection)} : "
        f"{key}{shape(node.item)}{group}{condition})"
    )


def slices(text: str, node: object) -> list[str]:
    """What the spans in a tree cover, outermost and first ones first."""
    found: list[str] = []
    if isinstance(node, tuple):
        for item in node:
            found += slices(text, item)
    elif is_dataclass(node) and not isinstance(node, Span):
        if hasattr(node, "span"):
            found.append(covered(text, node.span))
        for each in fields(node):
            if each.name not in ("span", "begins"):
                found += slices(text, getattr(node, each.name))
    return found


def covered(text: str, span: Span) -> str:
    """The text that a span covers."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)
