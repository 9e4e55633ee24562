"""Explain as JSON for other tools. Its keys are stable: later versions add, never change."""

from __future__ import annotations

from typing import Any

from ... import __version__
from ...findings.escape import dumps
from ...symbolic.answers import Evidence
from ...symbolic.source import Span
from .explanation import Explanation, StackView
from .table import Row


def render(explanation: Explanation) -> str:
    """The explanation as JSON text."""
    document = {
        "version": 1,
        "tool": {"name": "ecs-preflight", "version": __version__},
        "totals": {name.replace(" ", "_"): n for name, n in explanation.totals.items()},
        "coverage": explanation.coverage,
        "stacks": [_stack(stack) for stack in explanation.stacks],
    }
    return dumps(document)


def _stack(stack: StackView) -> dict[str, Any]:
    return {
        "name": stack.name,
        "needs": [_row(row) for row in stack.needs],
        "map": {
            "nodes": [
                {
                    "id": node.id,
                    "kind": node.kind,
                    "title": node.title,
                    "note": node.note,
                    "verdict": node.verdict or None,
                    "of": node.beside or None,
                    **_place(node.place),
                }
                for node in stack.map.nodes
            ],
            "edges": [
                {
                    "from": edge.source,
                    "to": edge.target,
                    "label": edge.label,
                    "verdict": edge.verdict or None,
                }
                for edge in stack.map.edges
            ],
        },
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "resource": row.owner,
        **_place(row.place),
        "task": row.task,
        "need": {
            "principal": row.principal,
            "role": row.role,
            "actions": list(row.actions),
            "resources": list(row.resources),
            "addresses": list(row.targets),
        },
        "phase": row.phase and row.phase.value,
        "purpose": row.purpose,
        "because": _place(row.because),
        "verdict": row.verdict,
        "why": row.why or None,
        "closing": row.closing or None,
        "evidence": [_evidence(evidence) for evidence in row.evidence],
        "boundary": row.boundary and _evidence(row.boundary),
        "message": row.message or None,
        "fix": row.fix or None,
        "snippet": row.snippet or None,
        "help": row.help,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "message": evidence.message,
        "resource": evidence.address,
        **_place(evidence.span),
    }


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file or None, "line": span.line or None}
