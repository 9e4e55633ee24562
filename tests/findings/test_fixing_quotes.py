"""What is written into a template has the quotes of the template."""

from __future__ import annotations

import pytest

from ecs_preflight.findings.fixing.quotes import as_around
from ecs_preflight.findings.sources import FileText

DOUBLE = 'Resources:\n  A:\n    Name: "a"\n    Other: "it\'s"\n'
SINGLE = "Resources:\n  A:\n    Name: 'a'\n"


@pytest.mark.parametrize(
    ("around", "text", "written"),
    [
        (DOUBLE, "Version: '2012-10-17'", 'Version: "2012-10-17"'),
        (DOUBLE, "Resource: !Sub '${A}, *'", 'Resource: !Sub "${A}, *"'),
        (DOUBLE, "Name: 'it''s'", "Name: 'it''s'"),
        (DOUBLE, "Name: '\"'", "Name: '\"'"),
        (DOUBLE, r"Name: '\d'", r"Name: '\d'"),
        (SINGLE, "Version: '2012-10-17'", "Version: '2012-10-17'"),
        ("Resources: {}\n", "Version: '2012-10-17'", "Version: '2012-10-17'"),
    ],
)
def test_quotes_are_those_of_the_file(around: str, text: str, written: str) -> None:
    assert as_around(FileText("stack.yaml", around), text) == written


def test_other_languages_have_one_kind() -> None:
    source = FileText("main.tf", 'a = "b"\n')
    assert as_around(source, "a = 'b'") == "a = 'b'"
