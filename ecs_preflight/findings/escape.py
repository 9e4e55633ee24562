"""What others wrote, made safe for where it is shown: one function for each kind of place.

Scanned text, file names and configuration may be a stranger's. On a terminal they must not steer
it, in a runner's log not speak as one of its commands, in a report not become markup.

GitHub's runner reads each line of both output streams: ``::command::`` at its start, white space
aside, and ``##[command]`` anywhere in it (actions/runner, ActionCommand.cs).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..symbolic.patterns import regex

#: What XML 1.0 cannot hold at all, escaped or not.
_NOT_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_UNPRINTABLE = regex(r"[^\x20-\x7e]")
_PUNCTUATION = regex(r"[!-+:-@\[-`{-~]")
#: What an interpolation of Terraform's looks like in a string that we write.
_INTERPOLATION = regex(r"(\$\{[^{}]*\})")
_LEADING = regex(r"^([^\S\n]*)::", re.MULTILINE)


def line(text: str) -> str:
    """One line for a terminal or a log: control and direction characters are shown as escapes, a
    tab as four blanks, and nothing in it is a runner's command."""
    if text.isprintable():
        return log(text)
    return log(
        "".join(
            char
            if char.isprintable()
            else "    "
            if char == "\t"
            else " "
            if char.isspace()
            else char.encode("unicode_escape").decode()
            for char in text
        )
    )


def log(text: str) -> str:
    """Lines that are printable already, without any that a runner takes for a command."""
    return _LEADING.sub(r"\1\\::", text).replace("##[", "##\\[")


def lines(text: str) -> str:
    """Text of several lines for a terminal or a log; each is made safe by itself."""
    return "".join(
        f"{line(row)}\n" if ended else line(row)
        for row, ended in ((row.removesuffix("\n"), row.endswith("\n")) for row in rows(text))
    )


def rows(text: str) -> list[str]:
    """The lines with their ends, split at line feeds alone, as git does: other separators are
    control characters of a line."""
    return re.findall(r"[^\n]+\n?|\n", text)


def dumps(document: Any) -> str:
    """The document as JSON of readable text, which steers no terminal and speaks to no runner."""
    import json  # where it is used: what is told to people needs none

    text = json.dumps(document, indent=2, ensure_ascii=False)
    return _each_unprintable(text, _json_escape).replace("##[", "\\u0023#[") + "\n"


def _json_escape(char: str) -> str:
    import json

    if char == "\n":
        return char
    return "\\ufffd" if "\ud800" <= char <= "\udfff" else json.dumps(char)[1:-1]


def hcl(text: str) -> str:
    """For between the quotes of a string in HCL; its interpolations stay."""
    import json

    parts = _INTERPOLATION.split(text)
    return "".join(
        part if _INTERPOLATION.fullmatch(part) else json.dumps(part, ensure_ascii=False)[1:-1]
        for part in parts
    )


def yaml(text: str) -> str:
    """For between single quotes in YAML, on one line."""
    return line(text).replace("'", "''")


def _entities(text: str, quote: bool = True) -> str:
    from html import escape  # where it is used: it loads all names of entities

    return escape(text, quote)


def xml_text(text: str) -> str:
    """Character data of XML. What XML cannot hold becomes U+FFFD."""
    safe = _entities(re.sub(_NOT_XML, "\N{REPLACEMENT CHARACTER}", text), quote=False)
    return _xml_quiet(_LEADING.sub(r"\1&#58;:", safe))


def xml_attribute(text: str) -> str:
    """An attribute's value, with its quotation marks."""
    safe = _entities(re.sub(_NOT_XML, "\N{REPLACEMENT CHARACTER}", text))
    for char in "\t\n\r":
        safe = safe.replace(char, f"&#{ord(char)};")
    return f'"{_xml_quiet(safe)}"'


def _xml_quiet(text: str) -> str:
    escaped = _each_unprintable(text, lambda char: char if char in "\t\n" else f"&#{ord(char)};")
    return escaped.replace("##[", "&#35;#[")


def command_data(text: str) -> str:
    """The message of a workflow command, which may have several lines."""
    shown = "\n".join(line(row) for row in text.replace("\r\n", "\n").split("\n"))
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A property of a workflow command, which has one line."""
    return command_data(line(text)).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str) -> str:
    """Prose in Markdown: nothing in it is markup, a link, a mention or a reference. A comment
    parts what GitHub would join to one after it has read the escapes."""
    flat = line(" ".join(text.split()))
    escaped = re.sub(r"([\\`*_{}\[\]<>()#+!|~$&=-])", r"\\\1", flat)
    escaped = re.sub(r"@|\\#(?=\w)|(?i:\bwww(?=\.))|(?i:\bGH(?=\\-))", r"\g<0><!-- -->", escaped)
    return escaped.replace("://", ":<!-- -->//")


def markdown_code(text: str) -> str:
    """A code span."""
    flat = line(" ".join(text.split()))
    fence = _fence(flat, 1)
    return f"{fence} {flat} {fence}" if "`" in flat else f"{fence}{flat}{fence}"


def markdown_block(text: str, language: str = "") -> list[str]:
    """The lines of a block of code, without what steers a terminal."""
    fence = _fence(text, 3)
    return [fence + language, *(line(row) for row in text.splitlines()), fence]


def _fence(text: str, least: int) -> str:
    """Backticks, one more than any row of them in the text."""
    longest = max((len(row) for row in re.findall(r"`+", text)), default=0)
    return "`" * max(least, longest + 1)


def html_text(text: str) -> str:
    """Text or a quoted attribute of HTML, also where Markdown surrounds it: punctuation is
    written as entities, so that none of it is markup of either."""
    return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", line(text))


def html_attribute(text: str) -> str:
    """What stands between the quotation marks of an attribute of HTML."""
    return _entities(line(text))


def mermaid(text: str) -> str:
    """A label within quotation marks of a Mermaid diagram: what Mermaid or Markdown would read in
    it is written as entities."""
    return "".join(
        each if each.isalnum() or each in " -_.:/,*" else f"#{ord(each)};"
        for each in line(" ".join(text.split()))
    )


def _each_unprintable(text: str, escape: Callable[[str], str]) -> str:
    return _UNPRINTABLE.sub(
        lambda found: found[0] if found[0].isprintable() else escape(found[0]), text
    )
