"""What must hold of a text that fixes have changed, whatever a scan says of it."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.mending import Change
from ecs_preflight.findings.finding import Finding
from ecs_preflight.symbolic.source import Span

_BLOCK = re.compile(r"^(resource|data|module|variable|locals|output|provider)\b[^{\n]*\{", re.M)
_LOGICAL = re.compile(r'^ {2}"?([\w:]+)"?:', re.M)


def other_inputs(path: Path) -> Inputs:
    """Other names than the defaults of the sample's variables or parameters; none for what is no
    name. Those of a template are written beside it."""
    if path.is_file():
        return _other_parameters(path)
    files = sorted(path.glob("*.tf"))
    values: dict[str, str] = {}
    for file in files:
        text = file.read_text("utf-8")
        for found in re.finditer(r'^variable "(\w+)" \{\n(.*?)^\}', text, re.M | re.S):
            body, name = found[2], f"TF_VAR_{found[1]}"
            default = re.search(r'default\s*=\s*"([^"\n]+)"', body)
            if default and ":" not in default[1] and "validation" not in body:
                values[name] = f"{default[1]}-2"
    return Inputs(environment=values)


def _other_parameters(template: Path) -> Inputs:
    section = re.search(r"^Parameters:\n((?:  .*\n|\n)+)", template.read_text("utf-8"), re.M)
    values: dict[str, str] = {}
    for found in re.finditer(r"^  (\w+):\n((?:    .*\n)+)", section[1] if section else "", re.M):
        default = re.search(r"^    Default: ([\w/.-]+)$", found[2], re.M)
        if default and "Type: String" in found[2] and "Allowed" not in found[2]:
            values[found[1]] = f"{default[1]}-2"
    file = template.with_name(f"{template.stem}.inputs.json")
    file.write_text(json.dumps({"Parameters": values}))
    return Inputs(parameters=(file,)) if values else Inputs()


def _blocks(text: str, file: str) -> list[tuple[int, int, str]]:
    """The top-level blocks of Terraform, or the logical resources of a template: first line, last
    line, and the name."""
    starts = [(text.count("\n", 0, m.start()) + 1, m) for m in _heads(text, file)]
    last = text.count("\n") + 1
    ends = [line - 1 for line, _ in starts[1:]] + [last] * bool(starts)
    return [(line, end, _name(m)) for (line, m), end in zip(starts, ends, strict=True)]


def _heads(text: str, file: str) -> Iterator[re.Match[str]]:
    return (_BLOCK if file.endswith((".tf", ".tofu")) else _LOGICAL).finditer(text)


def _name(head: re.Match[str]) -> str:
    labels = re.findall(r'"([\w-]+)"', head.group())
    return ".".join(labels) if labels else head.group().strip(' ":')


def unnamed_lines(changes: Iterable[Change], found: Iterable[Finding]) -> list[str]:
    """Lines that changed in a block which no finding names: neither as its place, as evidence, as
    the owner, nor in words. White space, and a comma behind what another item follows, is none."""
    findings = list(found)
    spans = [s for f in findings for s in (f.span, f.owner.span, *(e.span for e in f.related))]
    words = " ".join(word for f in findings for word in _words(f))
    lines = []
    for change in changes:
        before, after = change.before.split("\n"), change.after.split("\n")
        blocks = _blocks(change.before, change.file)
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for kind, first, end, new, new_end in matcher.get_opcodes():
            if kind in ("equal", "insert"):
                continue
            kept = Counter(_plain(line) for line in after[new:new_end])
            for number in range(first, end):
                if kept[_plain(before[number])] > 0 or not before[number].strip():
                    continue
                around = [block for block in blocks if block[0] <= number + 1 <= block[1]]
                if around and not any(_is_named(change, b, spans, words) for b in around):
                    lines.append(f"{change.file}:{number + 1}: {before[number]}")
    return lines


def _words(finding: Finding) -> Iterator[str]:
    yield finding.message
    yield finding.owner.address
    yield from (finding.fix.summary if finding.fix else "", *(e.address for e in finding.related))


def _is_named(change: Change, block: tuple[int, int, str], spans: list[Span], words: str) -> bool:
    """Does a finding name the block, or what an attachment of a policy names?"""
    first, last, name = block
    if name.rpartition(".")[2] in words:
        return True
    if name.startswith(("aws_iam_role_policy.", "aws_iam_role_policy_attachment.")):
        text = "\n".join(change.before.split("\n")[first - 1 : last])
        return any(role in words for role in re.findall(r"aws_iam_role\.[\w-]+", text))
    return any(s.file == change.file and s.line <= last and s.end_line >= first for s in spans)


def _plain(line: str) -> str:
    return "".join(line.split()).rstrip(",")


def unresolved(folder: Path) -> list[str]:
    """References of Terraform to what no file of their module declares, and outputs of nothing."""
    missing = []
    for directory in sorted({file.parent for file in folder.rglob("*.tf")}):
        text = "\n".join(file.read_text("utf-8") for file in sorted(directory.glob("*.tf")))
        code = re.sub(r"(?m)^\s*#.*$|\s#\s.*$", "", text)
        heads = re.findall(
            r'^(resource|data|variable|module) "([\w-]+)"(?: "([\w-]+)")?', code, re.M
        )
        prefix = {"resource": "", "data": "data.", "variable": "var.", "module": "module."}
        declared = {prefix[kind] + ".".join(filter(None, names)) for kind, *names in heads}
        used = set(re.findall(r"(?<![\w.\"/-])((?:data\.)?aws_\w+\.[\w-]+)(?=[.\[])", code))
        used |= set(re.findall(r"(?<![\w.])((?:var|module)\.[\w-]+)", code))
        missing += [f"{directory.name}: {name}" for name in sorted(used - declared)]
        outputs = re.findall(r'^output "([\w-]+)" \{$(.*?)^\}$', code, re.M | re.S)
        missing += [
            f"{directory.name}: output {name} has no value"
            for name, body in outputs
            if re.search(r"^  value\s*=", body, re.M) is None
        ]
    return missing
