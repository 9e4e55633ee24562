"""Texts that stand where somebody has to put the real one."""

from __future__ import annotations

import re

from .patterns import regex

_PLACEHOLDER = regex(
    r"<[^<>]*>|\{\{|\$\{|(?<![a-z])change[-_ ]?(?:me|it|this)(?![a-z])|"
    r"(?<![a-z])replace[-_ ]?(?:me|this|with)|(?<![a-z])your[-_ ]|x{4,}|"
    r"(?<![a-z])(?:todo|fixme|placeholder|dummy)(?![a-z])",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """Is it what somebody has to fill in? ``<your-vpc>``, ``changeme``, ``xxxx``."""
    return _PLACEHOLDER.search(text) is not None


_MARK = regex(r"\{[{%#]|<%")


def has_template_mark(line: str) -> bool:
    """Does a template engine fill in the line before Terraform or CloudFormation reads it? Jinja's,
    Go's, Mustache's and ERB's marks do not parse where they stand outside a string."""
    return _MARK.search(line) is not None
