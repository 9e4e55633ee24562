"""What the evaluator makes of an expression is what ``terraform console`` makes of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from evaluating import (
    REFUSED,
    TERRAFORM,
    encoded,
    needs_terraform,
    plain,
    terraform_encoded,
    value_of,
)

from ecs_preflight.symbolic.values import Items, Known, Unknown
from ecs_preflight.terraform.language.functions import FUNCTIONS

EXPRESSIONS = [
    line
    for line in (Path(__file__).parent / "expressions.txt").read_text().splitlines()
    if line and not line.startswith("# ")
]

#: What Terraform computes and the evaluator leaves open, on purpose.
LEFT_OPEN = (
    "can(1 / 0)",  # an infinite number, which no attribute takes
    'base64gzip("hello")',  # the very bytes that Go's compressor writes
    'regex("\\\\p{Greek}", "α")',  # Unicode scripts are not in Python's standard library
    'issensitive("a${sensitive("b")}")',  # marks are not followed
)

#: Known to those who deploy, not to those who read; or not worth computing.
UNKNOWABLE = (
    'formatdate("YYYY", "2020-02-03T04:05:06Z")',
    'timeadd("2020-02-03T04:05:06Z", "1h")',
    'timecmp("2020-02-03T04:05:06Z", "2020-02-03T04:05:06Z")',
    "yamlencode({ a = 1 })",
    "timestamp()",
    "plantimestamp()",
    "uuid()",
    'bcrypt("x")',
    'pathexpand("~/x")',
    'rsadecrypt("x", "y")',
)


#: Gone since Terraform 0.15, and still in code that nobody has touched.
REMOVED = {"list", "map"}


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    found = terraform_encoded(EXPRESSIONS, tmp_path_factory.mktemp("console"))
    return dict(zip(EXPRESSIONS, found, strict=True))


@needs_terraform
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_is_what_terraform_makes_of_it(text: str, computed: dict[str, str]) -> None:
    ours, theirs = encoded(text), computed[text]
    if theirs == REFUSED:
        assert ours == REFUSED or not isinstance(ours, str)
    else:
        assert ours == theirs


@pytest.mark.parametrize("text", [*LEFT_OPEN, *UNKNOWABLE])
def test_what_cannot_be_computed_is_unknown_with_a_reason(text: str) -> None:
    value = value_of(text)
    assert isinstance(value, Unknown)
    assert value.reason


@needs_terraform
def test_all_functions_of_terraform_are_there() -> None:
    listed = subprocess.run(
        [str(TERRAFORM), "metadata", "functions", "-json"],
        text=True,
        capture_output=True,
        check=True,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
    )
    signatures = json.loads(listed.stdout)["function_signatures"]
    theirs = {name.removeprefix("core::"): signature for name, signature in signatures.items()}
    assert set(theirs) - set(FUNCTIONS) == {"try", "can"}, "which are part of the evaluator"
    ours = {name for name in FUNCTIONS if "::" not in name} - REMOVED
    assert ours - set(theirs) == set()
    for name in ours:
        signature = theirs[name]
        assert len(FUNCTIONS[name].parameters) == len(signature.get("parameters", [])), name
        assert (FUNCTIONS[name].variadic is None) == ("variadic_parameter" not in signature), name


@needs_terraform
def test_every_function_is_compared() -> None:
    compared = "\n".join(EXPRESSIONS)
    elsewhere = {"abspath", "file", "fileexists", "fileset", "templatefile", "templatestring"}
    elsewhere |= {name for name in FUNCTIONS if name.startswith("file")}
    missing = {name for name in FUNCTIONS if "::" not in name and f"{name}(" not in compared}
    assert missing - elsewhere - REMOVED == {
        text.split("(")[0] for text in (*UNKNOWABLE, "base64gzip(")
    }


def test_functions_of_old_code_are_understood() -> None:
    assert plain(value_of('list("a", 1)')) == ["a", "1"]
    assert plain(value_of('map("a", 1, "b", "x")')) == {"a": "1", "b": "x"}
    assert plain(value_of('merge(map("a", 1), { b = 2 })')) == {"a": 1, "b": 2}
    assert isinstance(value_of('map("a")'), Unknown)


def test_a_function_that_does_not_exist_is_unknown() -> None:
    value = value_of("[no_such_function(1), 2]")
    assert isinstance(value, Items)
    assert isinstance(value.items[0], Unknown)
    assert value.items[1] == Known(2)
