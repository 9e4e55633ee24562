"""How fast HCL is parsed: PYTHONPATH=. python benchmarks/parse.py DIRECTORY [DIRECTORY ...]

Over all Terraform files below the directories, the processor time of each step: the scanner that
both parsers share, each parser by itself on the masked code, and the whole way to the syntax tree.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import process_time
from types import ModuleType

from ecs_preflight.terraform.syntax.lexical import Code, Scanner
from ecs_preflight.terraform.syntax.nodes import SyntaxFault
from ecs_preflight.terraform.syntax.parse import parse
from ecs_preflight.terraform.syntax.text import SourceText


def main(folders: list[str]) -> None:
    texts = [text for folder in folders for text in read(Path(folder))]
    size = sum(len(text) for text in texts) / 1e6
    print(f"{len(texts)} files, {size:.1f} million characters")
    codes: list[Code] = []
    show(
        "scanner",
        size,
        lambda: codes.extend(Scanner(SourceText(text, "")).file() for text in texts),
    )
    for name in ("treesitter", "lark"):
        try:
            parser = import_module(f"ecs_preflight.terraform.syntax.{name}")
        except ImportError as error:
            print(f"{name}: not installed ({error.name})")
            continue
        for step, run in steps(parser, texts, codes).items():
            show(f"{name}, {step}", size, run)


def steps(
    parser: ModuleType, texts: list[str], codes: list[Code]
) -> dict[str, Callable[[], object]]:
    return {
        "parser alone": lambda: [parser.root_of(code.masked) for code in codes],
        "syntax tree": lambda: [parse(text, "", parser) for text in texts],
    }


def read(folder: Path) -> list[str]:
    """The texts below a folder that are Terraform."""
    found = []
    for path in sorted(folder.rglob("*.tf")):
        try:
            text = path.read_text(encoding="utf-8")
            parse(text, str(path))
        except (OSError, UnicodeDecodeError, SyntaxFault):
            continue
        found.append(text)
    return found


def show(step: str, size: float, run: Callable[[], object]) -> None:
    start = process_time()
    run()
    spent = process_time() - start
    print(f"{step:26}{spent:8.2f} s{size / spent:8.2f} million characters a second")


if __name__ == "__main__":
    main(sys.argv[1:] or sys.exit(__doc__))
