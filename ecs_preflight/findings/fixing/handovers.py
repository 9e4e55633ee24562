"""A resource's ARN handed from one module to another: by outputs and inputs that there are, or by a
new output of the module it is made in and a new input of the module that needs it.

A module that others call too gets a new input only where each of its calls can give it: a call
without it would fail.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection

from ...model import ModuleCall, Protected, Role
from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, replace
from ..finding import Edit
from ..sources import HCL_ENDINGS, LOOKED_BACK, FileText, closing, generated
from ..wording import arn_attribute, home_of
from .expressions import Inserted
from .insertions import argument_edit
from .places import Place, module_files, sought_once

_CALL = regex(r'^module\s+"[\w-]+"\s*\{', re.M)
_SOURCE = regex(r'^[ \t]*source[ \t]*=[ \t]*"(\.{1,2}/[^"]*)"', re.M)


def handed(place: Place, own: Protected | Role, *, adding: bool) -> Inserted | None:
    """The resource's ARN as the place's module is to name it: by outputs and inputs that there are,
    or, when ``adding``, by new ones, with the edits that bring them about. None where a module is
    not at hand, or is called where nothing can be handed to it."""
    return _Way(place, own, adding).to(place.home)


@dataclass(frozen=True)
class _Way:
    """From the resource to the place: one step for each module that is left or entered."""

    place: Place
    own: Protected | Role
    adding: bool

    def to(self, home: str) -> Inserted | None:
        if home_of(self.place.stack, self.own.address) == home:
            name = self.own.address.removeprefix(home)
            return None if self._is_one_of_several() else Inserted(name + arn_attribute(self.own))
        return (self._out if self.own.address.startswith(home) else self._in)(home)

    def _is_one_of_several(self) -> bool:
        """Has its block a loop of which nobody knows the keys? The address has no key then."""
        source = self.place.sources.of(self.own.span.file)
        block = source.slice(self.own.span)
        loops = re.search(r"^[ \t]*(count|for_each)\s*=", block, re.M)
        return loops is not None and not self.own.address.endswith("]")

    def _out(self, home: str) -> Inserted | None:
        called = re.match(r"module\.[\w-]+(\[[^\]]*\])?", self.own.address.removeprefix(home))
        inside = self.to(f"{home}{called.group()}.") if called else None
        folder = _folder(self.place, f"{home}{called.group()}.") if called else None
        if called is None or inside is None or folder is None:
            return None
        texts = [
            self.place.sources.of(file).text for file in module_files(self.place.stack, folder)
        ]
        outputs = {name: body for text in texts for name, body in _outputs(text)}
        whole, _, attribute = inside.text.rpartition(".")
        for written, rest in ((inside.text, ""), (whole, f".{attribute}")):
            for name, body in outputs.items():
                if written and _argument(body, written) == "value":
                    return Inserted(f"{called.group()}.{name}{rest}", inside.edits)
        if not self.adding or called[1] or generated(f"{folder}/"):
            return None  # of one of several modules: another time it may be none
        name = _free(self.own, outputs)
        block = f'output "{name}" {{\n  value = {inside.text}\n}}'
        new = appended(self.place, folder, "outputs.tf", block)
        return None if new is None else Inserted(f"{called[0]}.{name}", (*inside.edits, new))

    def _in(self, home: str) -> Inserted | None:
        call, folder = self.place.stack.calls.get(home.removesuffix(".")), _folder(self.place, home)
        outer = self.to(home_of(self.place.stack, call.address)) if call else None
        block = self.place.sources.at(call.span) if call else None
        if call is None or outer is None or block is None or folder is None:
            return None
        outer = replace(outer, text=_of_each(home, outer.text))
        text = "\n".join(
            self.place.sources.of(file).text for file in module_files(self.place.stack, folder)
        )
        argument = _argument(block.slice(call.span), outer.text)
        if argument:
            return Inserted(f"var.{argument}", outer.edits)
        whole, _, attribute = outer.text.rpartition(".")
        argument = _argument(block.slice(call.span), whole) if whole else None
        if argument and _has(text, argument, attribute):
            return Inserted(f"var.{argument}.{attribute}", outer.edits)
        if not self.adding or generated(f"{folder}/"):
            return None
        name = _free(self.own, re.findall(r'^variable\s+"([\w-]+)"', text, re.M))
        declared = f'variable "{name}" {{\n  type = string\n}}'
        new = appended(self.place, folder, "variables.tf", declared)
        given = _given(self.place, call, folder, outer, name)
        if new is None or given is None:
            return None
        return Inserted(f"var.{name}", (*outer.edits, new, *given))


def _has(text: str, variable: str, attribute: str) -> bool:
    """Does the input that is given a whole resource keep that attribute of it?"""
    head = re.search(rf'^variable\s+"{re.escape(variable)}"\s*\{{', text, re.M)
    if head is None:
        return False
    block = text[head.end() : closing(text, head.end() - 1)]
    declared = re.search(r"^[ \t]*type\s*=\s*(.*)", block, re.M | re.S)
    if declared is None or re.match(r"any\b", declared[1]):
        return True
    return re.search(rf"\b{re.escape(attribute)}\s*=", declared[1]) is not None


def _of_each(home: str, name: str) -> str:
    """The name as a call writes it that is made once for each key: what the instance ``home`` has
    of that key each has of its own."""
    key = re.search(r"""(\["[^"\]]*"\])\.$""", home)
    return name.replace(key[1], "[each.key]") if key else name


def _outputs(text: str) -> list[tuple[str, str]]:
    blocks: list[tuple[str, str]] = re.findall(
        r'^output[ \t]+"([\w-]+)"[ \t]*\{([^\n]*\n(?:[^}\n][^\n]*\n|\n)*)\}?', text, re.M
    )
    return [*blocks, *re.findall(r'^output\s+"([\w-]+)"\s*\{([^{}\n]*)\}', text, re.M)]


def _argument(body: str, value: str) -> str | None:
    """What is given that very expression: an argument, or an attribute of one that is an object
    (``exec.log_group_arn``)."""
    same = re.escape(value)
    if value.startswith("aws_secretsmanager_secret."):
        same = rf"{re.escape(value.removesuffix('.arn'))}\.(?:arn|id)"
    given = re.compile(rf"(?:^|\s)([\w-]+)[ \t]*=\s*{same}\s*(?:$|#|//|\}})", re.M)
    for found in given.finditer(body):
        around = _around(body[: found.start()])
        if around is not None:
            return ".".join([*around, found[1]])
    return None


def _around(before: str) -> list[str] | None:
    """The attributes in whose objects the end of the text stands, outermost first; None where it
    stands in a list or a call. A block's own head is none of them."""
    opened: list[str | None] = []
    for mark in re.finditer(r"[{}\[\]()]", before):
        if mark[0] in "}])":
            del opened[-1:]
            continue
        nearby = before[max(0, mark.start() - LOOKED_BACK) : mark.start()]
        name, assigned, rest = nearby.rpartition("=")
        words = name.split() if assigned and not rest.strip() else []
        opened.append((words or [""])[-1] if mark[0] == "{" else None)
    return None if None in opened else [name for name in opened if name]


def _given(
    place: Place, call: ModuleCall, folder: str, outer: Inserted, name: str
) -> list[Edit] | None:
    """The new argument at every call of the module; None where one of them cannot give it."""
    calls = _calls(place, folder)
    if not any(_is_at(call, source, start) for source, start, _ in calls):
        return None
    edits = []
    for source, start, end in calls:
        if posixpath.dirname(source.file) != posixpath.dirname(call.span.file):
            return None  # of another root, which may have no such resource
        edit = argument_edit(source, source.span(start, end), (name, name), outer.text)
        if edit is None:
            return None
        edits.append(edit)
    return edits


def _is_at(call: ModuleCall, source: FileText, start: int) -> bool:
    return source.file == call.span.file and source.span(start, start).line == call.span.line


def _calls(place: Place, folder: str) -> list[tuple[FileText, int, int]]:
    """The calls of the module in that folder, in all files of the repository."""
    found = []
    for file in dict.fromkeys((*place.stack.files, *place.sources.files)):
        if not file.endswith(HCL_ENDINGS) or generated(file):
            continue
        source = place.sources.of(file)
        for head in _CALL.finditer(source.text):
            end = closing(source.text, head.end() - 1)
            path = _SOURCE.search(source.text, head.end(), end)
            here = posixpath.dirname(file)
            if path and posixpath.normpath(posixpath.join(here, path[1])) == folder:
                found.append((source, head.start(), end))
    return found


def _free(own: Protected | Role, taken: Collection[str]) -> str:
    """A name for the resource's ARN that none of the module's has: ``db_secret_arn``."""
    kind, _, label = re.sub(r"\[[^\]]*\]?", "", own.address).rpartition(".")
    word = kind.rpartition(".")[2].partition("_")[2].partition("_")[2]
    whole = label if label.endswith(word) else f"{label}_{word}"
    short = word if label in ("this", "main", "default") else whole
    names = (f"{short}_arn", f"{whole}_arn", *(f"{whole}_arn_{n}" for n in range(2, 100)))
    return next(name for name in names if name not in taken)


def _folder(place: Place, home: str) -> str | None:
    """Where the files of a module are, by its resources; None where that is not one folder."""
    folders = {
        posixpath.dirname(resource.span.file)
        for resource in place.stack.resources
        if home_of(place.stack, resource.address) == home
    }
    return next(iter(folders)) if len(folders) == 1 else None


def appended(place: Place, folder: str, name: str, block: str) -> Edit | None:
    """The block at the end of the file where such blocks stand, else of the module's main one."""
    kind = re.compile(rf"^{block.partition(' ')[0]}\s", re.M)

    def seek() -> list[str]:
        files = module_files(place.stack, folder)
        holding = [f for f in files if kind.search(place.sources.of(f).text)]
        return [f for f in files if posixpath.basename(f) == name] or holding[-1:] or files[:1]

    wanted = sought_once(place, (folder, name, kind), seek)
    if not wanted:
        return None
    source = place.sources.of(wanted[0])
    last = len(source.text.rstrip())
    gap = "\n\n" if last else ""
    return Edit(source.span(last, last), f"{gap}{block}")
