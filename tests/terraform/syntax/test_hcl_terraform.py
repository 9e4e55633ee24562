"""What the parser makes of constant expressions is what Terraform makes of them."""

from __future__ import annotations

import json
import operator
import shutil
import subprocess

import pytest

from ecs_preflight.terraform.syntax import parse
from ecs_preflight.terraform.syntax.nodes import (
    Binary,
    Conditional,
    Literal,
    TemplateExpression,
    TemplateFor,
    TemplateIf,
    Tuple,
    Unary,
)

TERRAFORM = shutil.which("terraform")

EXPRESSIONS = [
    # precedence and binding
    "1 + 2 * 3 - 4 / 2",
    "2 - 1 - 1",
    "8 / 4 / 2",
    "7 % 4 * 2",
    "-2 * -3",
    "- -2",
    "!true || true",
    "!(true || true)",
    "!!true",
    "true || false && false",
    "1 + 1 == 2 && 3 > 2 == true",
    "1 < 2 == 2 > 1",
    "1 == 1 != false",
    "true ? 1 : true ? 2 : 3",
    "false ? 1 : false ? 2 : 3",
    "false ? 1 : true ? false ? 2 : 4 : 3",
    "true ? false ? 1 : 2 : 3",
    "1 == 2 ? 3 : 4 + 5",
    "(1 + 2) * 3",
    "(\n1\n+ 2\n)",
    "1.5e3",
    "1E2",
    "0.25",
    "1e-2",
    # escapes
    r'"a\tb\nc\"d\\e\rf"',
    r'"\u00e9\U0001F600"',
    r'"\\n \\$${x}"',
    '"$${x} %%{if} $x %x $ % 100%"',
    '"$$${x}"',
    '"$$$${x} %%%{if x}"',
    '"a$"',
    '"$${"',
    '"é e\u0301"',
    # templates
    '"${1}"',
    '"${[1, 2]}"',
    '"a${1 + 1}b${"c${"d"}"}"',
    '" ${1}"',
    '" ${~ 1 ~} "',
    '"a  ${~ 1}  b"',
    '"a  ${1 ~}  b"',
    '"a$  ${~ 1 ~}  $b"',
    '"a ${~ 1 ~}$  b"',
    '"a%  ${~ 1 ~} % b"',
    r'"a\n  ${~ 1 ~}\n  b"',
    '"a ${ 1 ~}${~ 2 } b"',
    '"${"}"}"',
    '"${\n1\n}"',
    '"${1 /* } */}"',
    '"%{ if true }a%{ else }b%{ endif }c"',
    '"%{ if false }a%{ endif }"',
    '"%{ if true }${1}%{ endif }"',
    '"%{ for x in ["a", "b"] }<${x}>%{ endfor }"',
    '"%{ for i, x in ["a", "b"] }${i}${x}%{ endfor }"',
    '"a %{~ for x in ["a"] ~} b %{~ endfor ~} c"',
    '"%{if true}%{if false}a%{else}%{for x in [1]}${x}%{endfor}%{endif}%{endif}"',
    # heredocs
    "<<EOT\na\n  b\nEOT\n",
    "<<EOT\nEOT\n",
    "<<EOT\n\nEOT\n",
    '<<EOT\n  a\\n\\"$${x} %%{y} $5 50% "q" # c\n  EOT\n',
    "<<-EOT\n    a\n      b\n\n    c\n  EOT\n",
    "<<-EOT\n    a\n  \n   b\n        \n    EOT\n",
    "<<-EOT\n\ta\n\t\tb\nEOT\n",
    "<<-EOT\n    ${1}\n      b\n    EOT\n",
    "<<-EOT\n${1}\n      b\n    EOT\n",
    "<<-EOT\n    a ${1} b\n      ${2}\n    EOT\n",
    "<<-EOT\n    ${~ 1 ~}\n      b\n    EOT\n",
    "<<-EOT\n    a\n    ${~ 1 ~}\n      b\n    EOT\n",
    "<<-EOT\n    %{ for x in [1, 2] }\n    - ${x}\n    %{ endfor }\n    end\n    EOT\n",
    "<<-EOT\n    %{ for x in [1, 2] ~}\n    - ${x}\n    %{ endfor ~}\n    end\n    EOT\n",
    "<<-EOT\n    %{~ for x in [1, 2] ~}\n      - ${x}\n    %{~ endfor ~}\n    end\n    EOT\n",
    "<<-EOT\n    a\n    %{ if true ~}\n      b\n    %{ else ~}\n    c\n    %{ endif ~}\n    EOT\n",
    "<<-EOT\n      a\n    EOTX\n    EOT\n",
    "<<EOT\nEOT x\n ${<<IN\nnested\nIN\n}EOT\nEOT\n",
    "<<-EOT\n    $a\n   %b\n    EOT\n",
    "<<-EOT\n    $${a}\n      b\n    EOT\n",
    "<<EOT\na\r\nb\r\nEOT\n",
    "<<-EOT\r\n  a\r\n\r\n    b\r\n  EOT\n",
    "<<-END-OF_IT\n  x\n  END-OF_IT\n",
    "[<<A\na\nA\n, <<B\nb\nB\n]",
    "<<-EOT\n    \u00a0a\n    b\n    EOT\n",
]


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """Each expression's value as Terraform computes it."""
    if TERRAFORM is None:
        pytest.skip("terraform is not on the PATH: nothing to compare with")
    folder = tmp_path_factory.mktemp("console")
    lines = [f"  v{n} = {expression}" for n, expression in enumerate(EXPRESSIONS)]
    (folder / "main.tf").write_bytes(("locals {\n" + "\n".join(lines) + "\n}\n").encode())
    values = ", ".join(f"local.v{n}" for n in range(len(EXPRESSIONS)))
    run = subprocess.run(
        [TERRAFORM, "console"],
        input=f"jsonencode([{values}])",
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.stdout.startswith('"'), run.stdout + run.stderr
    return json.loads(json.loads(run.stdout))


OPERATIONS = {
    "||": operator.or_,
    "&&": operator.and_,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}


def value(expression, names=None) -> object:
    """A constant expression's value."""
    names = names or {}

    def of(part):
        return value(part, names)

    if isinstance(expression, Literal):
        return expression.value
    if isinstance(expression, Tuple):
        return [of(item) for item in expression.items]
    if isinstance(expression, Unary):
        return -of(expression.operand) if expression.operator == "-" else not of(expression.operand)
    if isinstance(expression, Binary):
        left, right = of(expression.left), of(expression.right)
        return OPERATIONS[expression.operator](left, right)
    if isinstance(expression, Conditional):
        return of(expression.then) if of(expression.condition) else of(expression.otherwise)
    if isinstance(expression, TemplateIf):
        if of(expression.condition):
            return joined(expression.then, names)
        return joined(expression.otherwise, names) if expression.otherwise else ""
    if isinstance(expression, TemplateFor):
        return "".join(
            joined(expression.body, {**names, expression.key: n, expression.value: item})
            for n, item in enumerate(of(expression.collection))
        )
    if isinstance(expression, TemplateExpression):
        first, *more = expression.parts
        if not more and not isinstance(first, (TemplateIf, TemplateFor)):
            return of(first)
        return joined(expression, names)
    return names[expression.name]


def joined(template: TemplateExpression, names) -> str:
    return "".join(
        part if isinstance(part, str) else str(value(part, names)) for part in template.parts
    )


@pytest.mark.parametrize("number", range(len(EXPRESSIONS)), ids=lambda n: repr(EXPRESSIONS[n]))
def test_a_constant_is_what_terraform_computes(number: int, computed: list[object]) -> None:
    file = parse.parse(f"x = {EXPRESSIONS[number]}", "x.tf")
    assert value(file.body.attributes[0].value) == computed[number]
