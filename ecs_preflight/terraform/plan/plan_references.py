"""What a plan's configuration says of a value that is not known yet: which attribute it refers to.

The configuration of a plan lists the references of an expression, not the expression. Where they
are
one single traversal and stand where an ARN, an id or a name belongs, the value is that attribute.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from ...symbolic.terms import Name
from ...symbolic.values import Unknown, Value, Why
from .plan import Json, Plan, Planned

#: Hops through variables and outputs that are followed.
_MAX_HOPS = 64

_INDEX = r'(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])'
_CALL = regex(rf"module\.([\w-]+)({_INDEX})?")
_RESOURCE = regex(rf"((?:data\.)?[\w-]+\.[\w-]+)({_INDEX})?\.([\w-]+)$")
_OUTPUT = regex(rf"module\.([\w-]+)({_INDEX})?\.([\w-]+)$")
_REPETITION = ("each.", "count.")


@dataclass(frozen=True)
class References:
    """``attribute`` reads an attribute of one of the plan's resources: (address, name)."""

    plan: Plan
    attribute: Callable[[str, str], Value]

    def value(self, expression: Json, planned: Planned, name: str) -> Value:
        """What a planned resource's argument ``name``, written as ``expression``, refers to."""
        index = "" if planned.key is None else f"[{json.dumps(planned.key, ensure_ascii=False)}]"
        found = self._follow(expression, planned.module, index, 0)
        symbol = f"{planned.address}.{name}"
        return (
            Unknown(
                f"'{symbol}' is known only after deployment",
                Name(symbol),
                Why.APPLY,
                span=self.plan.span,
            )
            if found is None
            else found
        )

    def _follow(self, expression: Json, module: str, index: str, hops: int) -> Value | None:
        reference = _single(expression)
        if reference is None or hops > _MAX_HOPS:
            return None
        prefix = f"{module}." if module else ""
        if reference.startswith("var."):
            calls = list(_CALL.finditer(module))
            if not calls or "." in reference.removeprefix("var."):
                return None
            parent = module[: calls[-1].start()].rstrip(".")
            written = _mapping(self._call(parent, calls[-1][1]).get("expressions"))
            return self._follow(
                written.get(reference.removeprefix("var.")), parent, calls[-1][2] or "", hops + 1
            )
        output = _OUTPUT.match(reference)
        if output:
            name, own, wanted = output.groups()
            child = f"{prefix}module.{name}{own or ''}"
            written = _mapping(_mapping(self.module(child).get("outputs")).get(wanted))
            return self._follow(written.get("expression"), child, "", hops + 1)
        resource = _RESOURCE.match(reference)
        if resource:
            base, own, attribute = resource.groups()
            for address in (prefix + base + (own or ""), prefix + base + index):
                if address in self.plan.resources:
                    return self.attribute(address, attribute)
        return None

    def module(self, address: str) -> Mapping[str, Json]:
        """The configuration of the module instance at ``address``."""
        module: Mapping[str, Json] = self.plan.configuration
        for call in _CALL.finditer(address):
            module = _mapping(
                _mapping(_mapping(module.get("module_calls")).get(call[1])).get("module")
            )
        return module

    def _call(self, parent: str, name: str) -> Mapping[str, Json]:
        return _mapping(_mapping(self.module(parent).get("module_calls")).get(name))


def call_addresses(module: str) -> tuple[tuple[str, int | str | None, str], ...]:
    """The calls that lead to a module instance, from the root: (address without the last index, its
    key, address)."""
    return tuple(
        (
            module[: call.start()] + f"module.{call[1]}",
            json.loads(call[2][1:-1]) if call[2] else None,
            module[: call.end()],
        )
        for call in _CALL.finditer(module)
    )


def _single(expression: Json) -> str | None:
    """The one traversal that an expression consists of, as far as its references tell."""
    listed = _mapping(expression).get("references")
    if not isinstance(listed, list):
        return None
    references = [r for r in listed if isinstance(r, str) and not r.startswith(_REPETITION)]
    if not references or not all(references[0].startswith(other) for other in references):
        return None
    # One and the same traversal written twice is no single one.
    return references[0] if references.count(references[0]) == 1 else None


def _mapping(content: Json) -> Mapping[str, Json]:
    return content if isinstance(content, dict) else {}
