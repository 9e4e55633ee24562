"""Writes what a new rule starts from: ``python tools/new_rule.py ECS640 noun-phrase-of-the-fault``.

The rule's module with an empty page, bad and good samples in both languages copied from a healthy
stack, and its entry in ``ecs_preflight/rules/_gathered.py``. Nothing that exists is overwritten.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "ecs_preflight" / "rules"
#: A small stack in which nothing is wrong, in both languages.
HEALTHY = "ECS605-secret-not-readable"

MODULE = '''"""ONE SENTENCE: WHAT IS WRONG.

What it finds
    ...

Why it matters
    ...

Fix
    ...

When it stays silent
    ...

References
    ...
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.finding import AnyOutcome, Severity
from ..findings.rule import Rule
from ..model import Stack


def check(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    yield from ()


RULE = Rule("{id}", "{name}", (Severity.ERROR,), __doc__, check)
'''


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or not re.fullmatch(r"ECS\d{3}", arguments[0]):
        print("usage: make rule ID=ECS640 NAME=noun-phrase-of-the-fault", file=sys.stderr)
        return 2
    identifier, name = arguments
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", name):
        print(f"'{name}' is not words in small letters with '-' between them", file=sys.stderr)
        return 2
    stem = name.replace("-", "_")
    taken = [path for path in RULES.glob("*.py") if f'"{identifier}"' in path.read_text("utf-8")]
    module = RULES / f"{stem}.py"
    if taken or module.exists():
        print(f"{identifier} or {name} is taken: {(*taken, module)[0]}", file=sys.stderr)
        return 2
    module.write_text(MODULE.format(id=identifier, name=name), encoding="utf-8")
    register(stem)
    for made in (module, *samples(f"{identifier}-{name}")):
        print(made.relative_to(ROOT))
    print("Next: docs/adding-a-rule.md, step 3.")
    return 0


def register(stem: str) -> None:
    """Enter the rule into the import and the tuple, in the order of names."""
    path = RULES / "_gathered.py"
    text = path.read_text(encoding="utf-8")
    for form in ("    {},\n", "            {}.RULE,\n"):
        entries = re.findall(re.escape(form).replace(r"\{\}", r"(\w+)"), text)
        after = max((entry for entry in entries if entry < stem), default=entries[0])
        anchor = form.format(after)
        text = text.replace(anchor, anchor + form.format(stem), 1)
    path.write_text(text, encoding="utf-8")


def samples(folder: str) -> list[Path]:
    """Copies of the healthy stack, as the bad and the good sample of either language."""
    made = []
    for language, names in (
        ("terraform", {"bad": "good", "good": "good"}),
        ("cloudformation", {"bad.yaml": "good.yaml", "good.yaml": "good.yaml"}),
    ):
        home = ROOT / "samples" / language
        (home / folder).mkdir(parents=True)
        for name, like in names.items():
            source, target = home / HEALTHY / like, home / folder / name
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)
            for file in (target, *target.rglob("*")):
                if file.is_file():
                    text = file.read_text(encoding="utf-8")
                    file.write_text(re.sub(r"[ \t]*# (ok|expect): .*", "", text), encoding="utf-8")
            made.append(target)
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
