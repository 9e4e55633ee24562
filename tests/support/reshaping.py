"""The same code in other forms: what people write who use no formatter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import yaml

from ecs_preflight.findings.sources import HCL_ENDINGS, FileText

_YAML = (".yaml", ".yml", ".template")
#: A line, whether it begins in code, and whether it ends there.
_Line = tuple[str, bool, bool]


def _lines(file: str, text: str) -> Iterator[_Line]:
    """The lines, with what may be done to each: strings, heredocs and scalars go over several."""
    inside = _multiline(file, text)
    offset = 0
    for line in text.split("\n"):
        end = offset + len(line)
        yield (
            line,
            not any(first < offset < last for first, last in inside),
            not any(first < end <= last for first, last in inside),
        )
        offset = end + 1


def _multiline(file: str, text: str) -> list[tuple[int, int]]:
    if file.endswith(HCL_ENDINGS):
        tokens = FileText(file, text).tokens
        found = [(start, end) for start, end, _ in tokens]
    else:
        scanned = (token for token in yaml.scan(text) if isinstance(token, yaml.ScalarToken))
        found = [(token.start_mark.index, token.end_mark.index) for token in scanned]
    return [place for place in found if "\n" in text[slice(*place)]]


def _is_lined(file: str) -> bool:
    return file.endswith((*HCL_ENDINGS, *_YAML))


def deep(file: str, text: str) -> str:
    """Everything indented twice as far."""
    return _indented(file, text, lambda white: white * 2)


def tabbed(file: str, text: str) -> str:
    """A tab for two blanks, where that is allowed."""
    if not file.endswith(HCL_ENDINGS):
        return text
    return _indented(file, text, lambda white: "\t" * (len(white) // 2))


def _indented(file: str, text: str, wider: Callable[[str], str]) -> str:
    if not _is_lined(file):
        return text
    if not file.endswith(HCL_ENDINGS):
        text = re.sub(r"(?m)^( *)((?:- )+)", lambda m: m[1] + m[2].replace("- ", "- \0\0"), text)
        lines = [re.sub(r"^ *", lambda m: wider(m[0]), line) for line in text.split("\n")]
        return "\n".join(lines).replace("\0", " ")
    return "\n".join(
        re.sub(r"^ *", lambda m: wider(m[0]), line) if code else line
        for line, code, _ in _lines(file, text)
    )


def unaligned(file: str, text: str) -> str:
    """One blank before each equals sign, however long the names around are."""
    return _equated(file, text, r" +=(?![=>])", " =")


def dense(file: str, text: str) -> str:
    """No blank around an equals sign."""
    return _equated(file, text, r" *= *(?![=>])", "=")


def _equated(file: str, text: str, sign: str, wanted: str) -> str:
    if not file.endswith(HCL_ENDINGS):
        return text
    pattern = re.compile(rf'^(\s*(?:"[^"]*"|[\w.-]+)){sign}')
    return "\n".join(
        pattern.sub(rf"\1{wanted}", line) if code else line for line, code, _ in _lines(file, text)
    )


def crlf(file: str, text: str) -> str:
    """The line ends of Windows."""
    return text.replace("\n", "\r\n")


def commented(file: str, text: str) -> str:
    """A comment of its own behind each line that has none."""
    if not _is_lined(file):
        return text
    number = count()
    return "\n".join(
        f"{line} # c{next(number)}." if ends and line.strip() and "#" not in line else line
        for line, _, ends in _lines(file, text)
    )


def annotated(file: str, text: str) -> str:
    """A comment of its own above each line."""
    if not _is_lined(file):
        return text
    number, found = count(), []
    for line, code, _ in _lines(file, text):
        white = line[: len(line) - len(line.lstrip())]
        found += [f"{white}# c{next(number)}."] if code and line.strip() else []
        found.append(line)
    return "\n".join(found)


def flow(file: str, text: str) -> str:
    """Statements of policies between braces."""
    if not file.endswith(_YAML):
        return text
    root = yaml.compose(text)
    _flow(root)
    return yaml.serialize(root, width=1000)


def _flow(node: yaml.Node | None) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "Statement":
                items = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for item in items:
                    if isinstance(item, yaml.CollectionNode):
                        item.flow_style = True
            _flow(value)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            _flow(each)


def quoted(file: str, text: str) -> str:
    """Plain words of YAML between double quotes."""
    if not file.endswith(_YAML):
        return text
    root = yaml.compose(text)
    _quote(root)
    return yaml.serialize(root, width=1000)


def _quote(node: yaml.Node | None) -> None:
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":str") and node.style is None:
        node.style = '"'
    for each in node.value if isinstance(node, yaml.CollectionNode) else ():
        for part in each if isinstance(each, tuple) else (each,):
            _quote(part)


def wide(file: str, text: str) -> str:
    """JSON indented by four."""
    return _dumped(file, text, 4)


def compact(file: str, text: str) -> str:
    """JSON on one line."""
    return _dumped(file, text, None)


def _dumped(file: str, text: str, indent: int | None) -> str:
    if not file.endswith(".json"):
        return text
    try:
        value = json.loads(text)
    except ValueError:  # a template of JSON, as ecspresso's
        return text
    return json.dumps(value, indent=indent, ensure_ascii=False) + "\n"


SHAPES = {
    shape.__name__: shape
    for shape in (
        *(deep, tabbed, unaligned, dense, crlf, commented, annotated, flow, quoted, wide, compact),
    )
}


def reshaped(folder: Path, shape: str) -> bool:
    """All files below the folder in that shape; whether that changed any."""
    changed = False
    for file in sorted(folder.rglob("*.*")):
        if file.suffix not in (".tf", ".tofu", ".yaml", ".yml", ".json", ".template"):
            continue
        text = file.read_text("utf-8")
        new = SHAPES[shape](file.name, text)
        changed |= new != text
        file.write_bytes(new.encode())
    return changed
