"""``ecs-preflight rules``, ``paths`` and ``doctor``: what there is to know without a scan."""

from __future__ import annotations

import argparse
import re
from importlib.resources import files

from . import rule_index
from .exits import CLEAN, FOUND, Misuse, show


def show_rules(arguments: argparse.Namespace) -> int:
    """``rules``: the list, one rule's page, or who finds a message. Gives the exit code."""
    if arguments.message is not None:
        return _show_messages(arguments.message)
    if arguments.id is None:
        show("".join(f"{row}\n" for row in rule_index.rows()))
        return CLEAN
    from ..analysis.suppressions import names

    for rule in rule_index.rows():
        if names(arguments.id.upper(), rule.id):
            page = files("ecs_preflight").joinpath("pages").joinpath(f"{rule.id}.md")
            show(_for_terminal(page.read_text(encoding="utf-8")))
            return CLEAN
    raise Misuse(f"there is no rule '{arguments.id}'; 'ecs-preflight rules' lists them")


def _for_terminal(page: str) -> str:
    """The page without what is folded on the site, and without what only the site reads."""
    plain = re.sub(r"<details.*?</details>\n+", "", page, flags=re.DOTALL)
    plain = re.sub(r"\[([^\]\n]+)\]\(([^)\n]+)\)", r"\1 <\2>", plain)
    return re.sub(r"^(```\w+) [^\n]*$", r"\1", plain, flags=re.MULTILINE)


def _show_messages(query: str) -> int:
    """AWS's messages that are like ``query``, with the rules that find their causes."""
    from ..findings import escape
    from ..rules._aws_messages import search

    found = search(query)
    if not found:
        raise Misuse(f"no message of AWS that the tool knows is like '{query}'")
    titles = {rule.id: f"{rule.id}  {rule.name:<40} {rule.title}" for rule in rule_index.rows()}
    for message in found:
        notes = [message.note] if message.note else []
        more = (f"    {row}\n" for row in (*(titles[rule] for rule in message.rules), *notes))
        show("".join((f"{escape.line(message.text)}\n", *more)))
    return CLEAN


def show_completion(arguments: argparse.Namespace) -> int:
    """``completion``: the shell's script. Raises Misuse without shtab."""
    try:
        import shtab
    except ImportError:
        raise Misuse("completion needs 'shtab': pip install 'ecs-preflight[completion]'") from None
    show(f"{shtab.complete(arguments.parser, arguments.shell)}\n")
    return CLEAN


def serve_editors(arguments: argparse.Namespace) -> int:
    """``lsp``: speaks the protocol on standard input and output. Raises Misuse without pygls."""
    try:
        from ..lsp import server
    except ImportError:
        raise Misuse(
            "the language server needs 'pygls': pip install 'ecs-preflight[lsp]'"
        ) from None
    server.serve()
    return CLEAN


def show_path(arguments: argparse.Namespace) -> int:
    """``path``: where a host finds the checks or the rules."""
    from ..hosts import paths

    show(f"{paths.of(arguments.name)}\n")
    return CLEAN


def _indented(text: str) -> list[str]:
    return [f"      {row}" for row in text.splitlines()]


MARKS = {True: "ok  ", False: "FAIL", None: "-   "}


def show_health(arguments: argparse.Namespace) -> int:
    """``doctor``: what works here, and what does not. Gives the exit code."""
    from ..findings import escape
    from ..hosts import doctor

    checks = doctor.examine(hosts=not arguments.engine)
    for check in checks:
        rows = (f"{MARKS[check.well]}  {check.message}", *_indented(check.advice))
        show("".join(f"{escape.line(row)}\n" for row in rows))
    return FOUND if any(check.well is False for check in checks) else CLEAN
