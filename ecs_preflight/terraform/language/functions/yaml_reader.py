"""``yamldecode``: YAML as Terraform's reader resolves it.

Source: the Terraform documentation, "yamldecode Function"; go-cty-yaml, whose plain scalars follow
YAML 1.1 for booleans (``yes``, ``on``, ``y``) and dates, YAML 1.2 for numbers (``0o17``).
"""

from __future__ import annotations

import re

import yaml

from ....symbolic.budget import charge
from ....symbolic.patterns import regex
from ....symbolic.source import Span, whole
from ....symbolic.strings import parts_of
from ....symbolic.values import (
    Entries,
    Hole,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    first,
)
from ....symbolic.values import text as joined
from ...syntax import numeric
from ..coerce import coerce
from ..faults import EvaluationFault, NotComputable, beyond_limits
from ..value_types import STRING
from .base import CallContext

#: The most nodes that a document unfolds to, aliases included.
MAX_NODES = 100_000

_NULL = ("", "~", "null", "Null", "NULL")
_TRUE = ("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE")
_FALSE = ("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE")
_INTEGER = regex(r"[-+]?[0-9]+")
_RADIX = regex(r"([-+]?)0(?:x([0-9a-fA-F]+)|o([0-7]+))")
_FLOAT = regex(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = regex(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = regex(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME = regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:.*")


#: Longer texts are not read (characters).
MAX_LENGTH = 1024 * 1024
MAX_OPEN = 500
#: From here on, one character for each hole of a text: letters to YAML, and in use by nobody.
_HOLES = 0xE000


def yamldecode(context: CallContext, value: Value) -> Value:
    """A hole is read as a part of a scalar, as a hole in JSON is read as a part of a string. Of a
    whole file's text each part stands in the file, of any other text at the call."""
    parts = parts_of(value)
    if parts is None or (len(parts) == 1 and not isinstance(parts[0], str)):
        return context.unknown(value)
    holes = [part for part in parts if not isinstance(part, str)]
    letters = {chr(_HOLES + number): hole for number, hole in enumerate(holes[:1000])}
    names = iter(letters)
    text = "".join(part if isinstance(part, str) else next(names, "") for part in parts)
    charge(len(text) // 2)
    if _depth(text) > MAX_OPEN or len(text) > MAX_LENGTH or len(holes) > len(letters):
        raise beyond_limits("a YAML document")
    try:
        is_file = value.span.file and value.span == whole(value.span.file, text)
        file = value.span.file if is_file else ""
        return _YamlReader(context.span, file, letters).document(text)
    except EvaluationFault:
        if holes:
            return context.unknown(value)
        raise


def _depth(text: str) -> int:
    """How deep brackets are nested at most: PyYAML takes time for each that is open."""
    deepest = depth = 0
    for found in re.finditer(r"[\[\]{}]", text):
        depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


class _YamlReader:
    """``holes`` are what some letters stand for; ``file`` is whose text it is, ""  where that is no
    file's alone and all of it stands at ``call``."""

    def __init__(self, call: Span, file: str, holes: dict[str, Hole]) -> None:
        self.call, self.file, self.nodes, self.holes = call, file, 0, holes
        self.pattern = re.compile("([" + "".join(holes) + "])") if holes else None

    def document(self, text: str) -> Value:
        try:
            documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            problem = getattr(error, "problem", None) or "it cannot be read"
            raise EvaluationFault(f"the text is not YAML: {problem}") from None
        if len(documents) != 1 or documents[0] is None:
            raise EvaluationFault("the text is not one YAML document")
        return self.value(documents[0], ())

    def value(self, node: yaml.Node, above: tuple[yaml.Node, ...]) -> Value:
        self.nodes += 1
        if self.nodes > MAX_NODES or len(above) > 60:
            raise beyond_limits("a YAML document")
        if any(node is outer for outer in above):
            raise EvaluationFault("a YAML node holds itself")
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        within = (*above, node)
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return Items(tuple(self.value(item, within) for item in node.value), span=self.at(node))
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self.mapping(node, within)
        raise EvaluationFault(f"the YAML tag '{node.tag}' is not supported")

    def mapping(self, node: yaml.MappingNode, within: tuple[yaml.Node, ...]) -> Entries:
        entries: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        remainder: Unknown | None = None
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                is_list = isinstance(value_node, yaml.SequenceNode)
                sources = value_node.value if is_list else [value_node]
                for source in sources:
                    found = self.value(source, within)
                    if not isinstance(found, Entries):
                        raise EvaluationFault("'<<' merges what is no mapping")
                    merged = {**dict(found.entries), **merged}
                continue
            key = self.value(key_node, within)
            if isinstance(key, (Text, Unknown, Reference)):
                remainder = first(remainder, Unknown("a key is not known", span=self.at(key_node)))
                continue
            if not isinstance(key, Known) or key.value is None:
                raise EvaluationFault("a key of the YAML is no scalar")
            name = coerce(key, STRING)
            assert isinstance(name, Known)
            entries[str(name.value)] = self.value(value_node, within)
        return Entries(tuple(sorted({**merged, **entries}.items())), remainder, self.at(node))

    def scalar(self, node: yaml.ScalarNode) -> Value:
        text, tag = str(node.value), node.tag.removeprefix("tag:yaml.org,2002:")
        span = self.at(node)
        if self.pattern is not None and self.pattern.search(text):
            pieces = [piece for piece in self.pattern.split(text) if piece]
            if len(pieces) == 1 and node.style is None:
                return self.holes[text]
            return joined([self.holes.get(piece, Known(piece)) for piece in pieces], span)
        if node.tag == tag or tag in ("set", "omap", "pairs", "seq", "map"):
            raise EvaluationFault(f"the YAML tag '{node.tag}' is not supported")
        if node.style is not None or tag in ("str", "binary"):
            # A plain scalar that PyYAML takes for text may still be something else here.
            is_plain = node.style is None and tag == "str"
            return plain(text, span) if is_plain and not _is_tagged(node) else Known(text, span)
        return plain(text, span)

    def at(self, node: yaml.Node) -> Span:
        """Where the node stands."""
        if not self.file:
            return self.call
        start, end = node.start_mark, node.end_mark
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def plain(text: str, span: Span) -> Known:
    """What a scalar without quotes and tag is."""
    if text in _NULL:
        return Known(None, span)
    if text in _TRUE or text in _FALSE:
        return Known(text in _TRUE, span)
    radix = _RADIX.fullmatch(text)
    try:
        if radix:
            sign, hexadecimal, octal = radix[1], radix[2], radix[3]
            found = int(sign + hexadecimal, 16) if hexadecimal else int(sign + octal, 8)
            return Known(numeric.number(found), span)
        if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
            return Known(numeric.parse(text), span)
    except OverflowError:
        raise beyond_limits("a number") from None
    if _NOT_FINITE.fullmatch(text):
        raise EvaluationFault("a YAML number is not finite")
    date = _DATE.fullmatch(text)
    if date:
        return Known(f"{date[1]}-{date[2]:0>2}-{date[3]:0>2}T00:00:00Z", span)
    if _TIME.fullmatch(text):
        raise NotComputable(Unknown("a YAML time is not read", why=Why.FUNCTION))
    return Known(text, span)


def _is_tagged(node: yaml.ScalarNode) -> bool:
    """Was the tag written (``!!str 1``)? Then the node starts before its text does."""
    mark = node.start_mark
    return mark.buffer is not None and mark.buffer[mark.pointer : mark.pointer + 1] == "!"
