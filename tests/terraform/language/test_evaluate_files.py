"""Functions that read files: only inside the boundary, from the root module on."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from evaluating import ToyScope, needs_terraform, plain, terraform_encoded, unknown, value_of, var

from ecs_preflight.symbolic.jsontext import parse_json
from ecs_preflight.symbolic.values import Entries, Items, Known, Unknown, Value, Why


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "stack"
    for name, content in {
        "a.txt": "hello\n",
        "b.json": "{}",
        "sub/c.txt": "c",
        "sub/deep/d.txt": "d",
        "sub/e.md": "e",
        "x.tpl": "a ${name} %{ for i in list }${i};%{ endfor }",
        "loop.tpl": '${templatefile("loop.tpl", {})}',
        "list.tpl": "${list}",
        "broken.tpl": "${",
        "vars.tpl": "${missing}",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    (root / "bytes.bin").write_bytes(b"\xff\x00\xfe")
    (root / "link.txt").symlink_to(tmp_path / "secret")
    (root / "loop").symlink_to(root)
    return root


def of(text: str, folder: Path) -> Value:
    return value_of(text, ToyScope({"var": var(x=unknown("var.x"))}, folder))


SAME = [
    'file("a.txt")',
    'file("./sub/../a.txt")',
    'filebase64("bytes.bin")',
    'fileexists("a.txt")',
    'fileexists("nothing")',
    'fileset(".", "*.txt")',
    'fileset(".", "sub/**")',
    'fileset("sub", "**/*.txt")',
    'fileset(".", "{a,b}.*")',
    'fileset(".", "sub/[a-d].txt")',
    'fileset(".", "sub/?.md")',
    'fileset(".", "nothing")',
    'filemd5("a.txt")',
    'filesha1("a.txt")',
    'filesha256("a.txt")',
    'filesha512("a.txt")',
    'filebase64sha256("bytes.bin")',
    'filebase64sha512("a.txt")',
    'templatefile("x.tpl", { name = "n", list = ["p", "q"] })',
    'templatefile("list.tpl", { list = [1] })',
    'try(file("nothing"), "gone")',
    'can(file("nothing"))',
    'try(templatefile("vars.tpl", {}), "none")',
    'try(templatefile("broken.tpl", {}), "none")',
    'try(templatefile("loop.tpl", {}), "none")',
]


@needs_terraform
def test_files_are_read_as_terraform_reads_them(folder: Path) -> None:
    (folder / "link.txt").unlink()
    (folder / "loop").unlink()
    for text, wanted in zip(SAME, terraform_encoded(SAME, folder), strict=True):
        assert plain(of(f"jsonencode({text})", folder)) == wanted, text


def test_paths_begin_at_the_root_module(folder: Path) -> None:
    assert of('abspath("sub/../a.txt")', folder) == Known(str(folder / "a.txt"))
    assert of('file(abspath("a.txt"))', folder) == Known("hello\n")
    assert isinstance(of('abspath("{{ app }}/infra")', folder), Unknown)
    assert of(f'file("{folder}/sub/c.txt")', folder) == Known("c")


@pytest.mark.parametrize(
    "text",
    [
        'file("../secret")',
        'file("/etc/passwd")',
        'file("link.txt")',
        'filebase64("../secret")',
        'filesha256("/etc/passwd")',
        'templatefile("../secret", {})',
        'fileexists("../secret")',
        'fileset("..", "*")',
        'fileset("/", "etc/*")',
        'try(file("../secret"), "x")',
        'file("bytes.bin")',
        'file(".")',
    ],
)
def test_what_lies_outside_or_is_no_text_is_unknown(text: str, folder: Path) -> None:
    found = of(text, folder)
    assert isinstance(found, Unknown)
    assert found.why is Why.UNREADABLE


def test_links_that_lead_out_are_no_files_of_a_set(folder: Path) -> None:
    found = of('fileset(".", "**")', folder)
    assert isinstance(found, Items)
    assert "link.txt" not in plain(found)  # type: ignore[operator]
    assert "sub/deep/d.txt" in plain(found)  # type: ignore[operator]


def test_a_file_that_is_not_there_says_so(folder: Path) -> None:
    found = of('file("nothing")', folder)
    assert isinstance(found, Unknown)
    assert "nothing" in found.reason
    assert found.why is Why.UNREADABLE


def test_a_template_keeps_what_is_not_known(folder: Path) -> None:
    assert (
        plain(of('templatefile("x.tpl", { name = var.x, list = ["p"] })', folder)) == "a <var.x> p;"
    )
    assert plain(of('templatefile("x.tpl", var.x)', folder)) == "a <> <>"
    assert plain(of('templatestring("<$${n}>", { n = 1 })', folder)) == "<1>"


def test_unknown_paths_are_unknown(folder: Path) -> None:
    for name in ("file", "filebase64", "filemd5", "fileexists", "abspath"):
        found = of(f"{name}(var.x)", folder)
        assert isinstance(found, Unknown)
        assert str(found.symbol) == f"{name}(var.x)"


def test_hashes_are_those_of_the_bytes(folder: Path) -> None:
    data = (folder / "bytes.bin").read_bytes()
    assert of('filesha256("bytes.bin")', folder) == Known(hashlib.sha256(data).hexdigest())
    assert of('filebase64("bytes.bin")', folder) == Known(base64.b64encode(data).decode())


def test_numbers_in_a_file_are_terraforms_own(folder: Path) -> None:
    (folder / "numbers.json").write_text("[0.0000001, 12345678901234567890.5]")
    wanted = "0.0000001 12345678901234567890.5"
    assert of('join(" ", jsondecode(file("numbers.json")))', folder) == Known(wanted)


def test_what_a_template_string_makes_stands_at_its_call(folder: Path) -> None:
    text = 'templatestring(local.definitions, { name = "a" })'
    template = Known('\n\n[{"name": "${name}", "secrets": [{"valueFrom": "x"}]}]')
    made = value_of(text, ToyScope({"local": Entries((("definitions", template),))}, folder))
    parsed = parse_json(made)
    assert isinstance(parsed, Items) and plain(parsed) == [
        {"name": "a", "secrets": [{"valueFrom": "x"}]}
    ]
    (definition,) = parsed.items
    assert isinstance(definition, Entries)
    secrets = definition.get("secrets")
    assert isinstance(secrets, Items)
    assert {
        value.span
        for value in (made, parsed, definition, definition.get("name"), secrets, *secrets.items)
    } == {made.span}


@pytest.mark.parametrize(
    ("text", "in_file"),
    [
        ('yamldecode(file("services.yaml"))', True),
        ('yamldecode(trimspace(file("services.yaml")))', False),
        ('yamldecode("${file("services.yaml")}other: 1\\n")', False),
    ],
)
def test_what_a_yaml_file_holds_stands_there(text: str, in_file: bool, folder: Path) -> None:
    (folder / "services.yaml").write_text("web:\n  cpu: 256\n  command: [run, 'on']\n")
    services = of(text, folder)
    assert isinstance(services, Entries)
    web = services.get("web")
    assert isinstance(web, Entries)
    cpu, command = web.get("cpu").span, web.get("command").span
    if in_file:
        assert {Path(span.file).name for span in (cpu, command)} == {"services.yaml"}
        assert (cpu.line, cpu.column, cpu.end_column) == (2, 8, 11)
        assert (command.line, command.column, command.end_column) == (3, 12, 23)
    else:
        assert cpu == command and not cpu.file.endswith(".yaml")
