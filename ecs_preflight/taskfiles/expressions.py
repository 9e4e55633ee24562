"""What a workflow's ``${{ … }}`` and a shell's ``$VAR`` stand for, as far as the file tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..symbolic.documents.nodes import MappingNode, Node, mapping, plain
from ..symbolic.patterns import regex
from ..symbolic.source import Span
from ..symbolic.terms import Name, Operation
from ..symbolic.values import Known, Text, Unknown, Value, Why, shown_value, text

_EXPRESSION = regex(r"\$\{\{(.*?)\}\}", re.DOTALL)
_VARIABLE = regex(r"\$(?:\{(\w+)\}|(\w+))")
#: A variable, or an input of the workflow or action that is called.
_NAMED = regex(r"(?:env\.)?((?<=env\.)[\w-]+|inputs\.[\w-]+)")
#: How often one variable may name another.
MAX_STEPS = 10
#: How long a text may grow by naming others.
MAX_GIVEN = 64 * 1024
_BEYOND = "a text beyond the scan's limits"

Environment = Mapping[str, str]


def environment(node: Node | None, outer: Environment) -> Environment:
    """The variables of an ``env`` mapping, over those around it."""
    own = {entry.key: plain(entry.value) for entry in mapping(node).entries}
    return {**outer, **{name: value for name, value in own.items() if value is not None}}


def inputs(declared: Node | None, given: MappingNode, env: Environment) -> Environment:
    """What a caller in ``env`` gives to the inputs that a workflow or an action declares, or their
    defaults, by their names in expressions."""
    defaults = {e.key: plain(mapping(e.value).get("default")) for e in mapping(declared).entries}
    passed = {
        entry.key: None if (said := plain(entry.value)) is None else _of_caller(said, env)
        for entry in given.entries
    }
    return {
        f"inputs.{name}": value
        for name, value in {**defaults, **passed}.items()
        if value is not None
    }


def _of_caller(written: str, env: Environment) -> str:
    """The caller's text with its variables as they are; what else it names is none of who is
    called."""

    def found(name: str) -> str:
        variable = _NAMED.fullmatch(name)
        known = env.get(variable[1]) if variable else None
        return f"${{{{ caller.{name} }}}}" if known is None else _of_caller(known, {})

    whole = "".join(found(part) if named else part for part, named in _pieces(written))
    return whole if len(whole) <= MAX_GIVEN else f"${{{{ {_BEYOND} }}}}"


def _pieces(written: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces: what an expression says, or what stands between expressions."""
    end = 0
    # each that begins before the last end has one
    for match in _EXPRESSION.finditer(written, 0, written.rfind("}}") + 2):
        yield from ((written[end : match.start()], False), (match[1].strip(), True))
        end = match.end()
    yield written[end:], False


def expression(written: str, env: Environment, span: Span) -> Value:
    """A workflow's text with its expressions: variables of the file as they are, all else (secrets,
    inputs, outputs) Unknown."""
    return _expression(written, env, span, 0, {})


def _expression(
    written: str, env: Environment, span: Span, steps: int, known: dict[tuple[str, int], Value]
) -> Value:
    """What is ``known`` are the variables so many steps away, each worked out once."""

    def found(name: str) -> Value:
        variable = _NAMED.fullmatch(name)
        if variable is None or variable[1] not in env or steps == MAX_STEPS:
            return _unknown(name, span)
        key = variable[1], steps
        if key not in known:
            value = _expression(env[variable[1]], env, span, steps + 1, known)
            known[key] = value if _length(value) <= MAX_GIVEN else _unknown(_BEYOND, span)
        return known[key]

    parts = (found(part) if named else Known(part) for part, named in _pieces(written))
    return _joined(list(parts), span)


def _length(value: Value) -> int:
    """How much there is to copy of it."""
    return len(shown_value(value)) if isinstance(value, (Known, Text)) else 1


def in_shell(word: str, env: Environment, span: Span) -> Value:
    """A word of a command, with the variables of the file."""
    parts: list[Value] = []
    end = 0
    for match in _VARIABLE.finditer(word):
        name = match[1] or match[2]
        value = expression(env[name], env, span) if name in env else _unknown(name, span)
        parts += [Known(word[end : match.start()]), value]
        end = match.end()
    if end == 0:
        return expression(word, env, span)
    return _joined([*parts, Known(word[end:])], span)


def _joined(parts: list[Value], span: Span) -> Value:
    own = [part for part in parts if part != Known("")]
    return own[0] if len(own) == 1 and isinstance(own[0], Unknown) else text(own, span)


def _unknown(name: str, span: Span) -> Unknown:
    return Unknown(
        f"'{name}' is known only to the workflow's run",
        Operation("workflow", (Name(name),)),
        Why.INPUT,
        span=span,
    )


def inputs_of(step: MappingNode) -> MappingNode:
    """What a step gives to its action."""
    return mapping(step.get("with"))
