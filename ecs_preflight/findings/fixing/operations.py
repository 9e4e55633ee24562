"""An operation over what is not known, as Terraform writes it."""

from __future__ import annotations

import json
from collections.abc import Callable

from ...symbolic.terms import Constant, Operation, Term, is_negation, is_path, scalar_text

_INFIX = frozenset({"==", "!=", "&&", "||"})
#: Those that give a text out of others, with the arguments of the term.
_FUNCTIONS = frozenset({"coalesce", "format", "lower", "replace", "substr", "title", "upper"})


def written_operation(term: Operation, name: Callable[[Term], str | None]) -> str | None:
    """Terraform's expression for the operation; ``name`` gives what a path is called where it is to
    stand. None where a part of it has no name there, or is no plain expression."""
    code = _code(term, name)
    return None if code is None else _bare(code)


def _bare(code: str) -> str:
    return code[1:-1] if code.startswith("(") else code


def _code(term: Term, name: Callable[[Term], str | None]) -> str | None:
    if isinstance(term, Constant):
        return _literal(term)
    if is_path(term) or not isinstance(term, Operation):
        return name(term)
    operator, operands = term.operator, term.operands
    if is_negation(term) and isinstance(operands[0], Operation) and operands[0].operator == "==":
        operator, operands = "!=", operands[0].operands
    found = [_code(operand, name) for operand in operands]
    parts = [part for part in found if part is not None]
    return None if len(parts) < len(found) else _joined(operator, parts)


def _joined(operator: str, parts: list[str]) -> str | None:
    if operator in _INFIX:
        return f"({f' {operator} '.join(parts)})"
    if operator == "!":
        return f"!{parts[0]}"
    if operator == "?":
        return "({} ? {} : {})".format(_bare(parts[0]), *parts[1:])
    return f"{operator}({', '.join(parts)})" if operator in _FUNCTIONS else None


def _literal(constant: Constant) -> str:
    if not isinstance(constant.value, str):
        return "null" if constant.value is None else scalar_text(constant.value)
    quoted = json.dumps(constant.value, ensure_ascii=False)
    return quoted.replace("${", "$${").replace("%{", "%%{")
