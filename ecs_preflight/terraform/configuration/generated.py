"""What Terragrunt's ``generate`` blocks write beside a module's own files.

Source: the Terragrunt documentation, "generate" block.
"""

from __future__ import annotations

import re

from ...symbolic.patterns import regex
from ...symbolic.source import NOWHERE, Span
from ...symbolic.values import Unknown, Value, Why, literal
from ..syntax import parse
from ..syntax.nodes import Block, Expression, Literal, SourceFile, SyntaxFault, TemplateExpression

#: The blocks that a file of Terraform may hold, at the beginning of a line.
_HEAD = regex(
    r"^[ \t]*(provider|terraform|resource|data|module|locals|output|variable|import|moved|removed"
    r"|check)(?=\s*[\"{])",
    re.MULTILINE,
)
#: What sets up providers and the backend alone adds nothing to a stack.
_SETUP = frozenset({"provider", "terraform"})


def file_of(
    generate: Block, contents: Value, path: str, source: str
) -> SourceFile | Unknown | None:
    """The file that a ``generate`` block of the Terragrunt file at ``path`` (whose text is
    ``source``) writes, as Terraform reads it; None where it adds nothing to a stack, and Unknown
    where it may and is not read. Its spans are those of the text in the Terragrunt file; where
    that does not stand there as it is written, only declarations are read, without a place."""
    text, begins = literal(contents), _begins(generate)
    if text is not None:
        aligned = begins is not None and _stands(text, begins, source)
        lead = "\n" * (begins.line - 1) if begins is not None and aligned else ""
        try:
            file = parse.parse(lead + text, path if aligned else NOWHERE.file)
        except SyntaxFault:
            return _unread(generate)
        heads = {block.type for block in file.body.blocks}
        return file if aligned or heads <= _SETUP | {"variable"} else _unread(generate)
    return None if _is_setup(generate) else _unread(generate)


def _unread(generate: Block) -> Unknown:
    return Unknown(
        f"what 'generate' writes for '{' '.join(generate.labels)}' is not read",
        why=Why.UNREADABLE,
        span=generate.header,
    )


def _written(generate: Block) -> Expression | None:
    contents = generate.body.attribute("contents")
    return None if contents is None else contents.value


def _begins(generate: Block) -> Span | None:
    """Where the text begins that is written as a heredoc; None for any other."""
    written = _written(generate)
    if isinstance(written, Literal):
        return written.begins
    if isinstance(written, TemplateExpression) and written.begins:
        return written.begins[0]
    return None


def _stands(text: str, begins: Span, source: str) -> bool:
    """Is it, line by line, what the Terragrunt file says from there on?"""
    lines = text.removesuffix("\n").split("\n")
    first = begins.line - 1
    return begins.column == 1 and source.split("\n")[first : first + len(lines)] == lines


def _is_setup(generate: Block) -> bool:
    """Are providers, and Terraform's own settings, all that is written, as far as that shows?"""
    written = _written(generate)
    if isinstance(written, TemplateExpression):
        text = "".join(part if isinstance(part, str) else "_" for part in written.parts)
    else:
        text = str(getattr(written, "value", ""))
    heads = set(_HEAD.findall(text))
    return bool(heads) and heads <= _SETUP
