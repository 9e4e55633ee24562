"""Mutated inputs for whatever reads what scanned code writes: ``make fuzz SECONDS=60``.

Each harness takes bytes and may raise nothing but what it names. Where atheris is installed
(``--atheris NAME``) it steers by coverage; else inputs of the corpus (the samples, and every input
that was once a fault, in ``fuzz/corpus/``) are mutated from a seed that is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis import baseline, config, gitignore
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.findings import escape
from ecs_preflight.report import as_json, github, junit, markdown, sarif, terminal, text
from ecs_preflight.symbolic import budget, globs

ROOT = Path(__file__).resolve().parents[1]
CORPUS = Path(__file__).parent / "corpus"
#: What an input may cost: counted steps are the unit's; the clock is the last resort of a search.
SECONDS_EACH = 20.0
Harness = Callable[[bytes], None]


def _scanned(name: str) -> Harness:
    """The whole way, from a file of that name to every report."""

    def harness(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(data)
            report = scan([folder], Options(Inputs(), Path(folder)))
            for fault in report.faults:
                raise AssertionError(str(fault))
            for render in (as_json, github, junit, markdown, sarif):
                render.render(report)
            terminal.plain(text.render(report, show_undecided=True))

    return harness


def _configuration(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in (config.TOML, config.INI):
            (Path(folder) / name).write_bytes(data)
            try:
                config.load(Path(folder) / name)
            except config.Malformed as error:
                escape.line(str(error))


def _ignores(data: bytes) -> None:
    written = data.decode("utf-8", "replace")
    patterns = gitignore.parse(written)
    for path in ("a", "a/b/c.tf", "x" * 200, written[:200]):
        gitignore.ignores(patterns, path.split("/"), False)
    with contextlib.suppress(ValueError, budget.OverBudget):
        for glob in globs.path_globs(written[:2000]):
            glob.matches("a/b/c.tf")


def _baseline(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        baseline.read(data.decode("utf-8", "replace"))


HARNESSES: dict[str, tuple[Harness, tuple[str, ...]]] = {
    "hcl": (_scanned("main.tf"), ("*.tf",)),
    "hcl-json": (_scanned("main.tf.json"), ("*.tf.json", "*.json")),
    "yaml": (_scanned("template.yaml"), ("*.yaml", "*.yml")),
    "json": (_scanned("template.json"), ("*.json",)),
    "plan": (_scanned("plan.json"), ("*plan*.json", "*.json")),
    "task-file": (_scanned("task-definition.json"), ("*task*.json", "*.json")),
    "configuration": (_configuration, ("*.toml", "*.cfg")),
    "ignores": (_ignores, (".gitignore", "*.tf")),
    "baseline": (_baseline, ("*.json",)),
}
#: What grows, nests or ends things in one of the languages.
TOKENS = (
    *(b'"', b"'", b"{", b"}", b"[", b"]", b"(", b")", b"${", b"%{", b"#", b"//", b"/*", b"<<EOT\n"),
    *(b"\n", b"\r", b"\0", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\\", b"\\u", b"*", b"?"),
    *(b"&a", b"*a", b"<<:", b"!Sub", b"Fn::If", b"Ref", b"count = 99999999", b"for_each", b"null"),
    *(b"dynamic", b"module", b"99999999999999999999", b"-1", b"1e999", b"::error::", b"##[error]"),
)


def mutated(data: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """Some changes at random: a part doubled, left out, put elsewhere or taken from another."""
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
        other = dice.choice(others)
        start = dice.randrange(len(other) + 1)
        part = (
            dice.choice(TOKENS),
            dice.choice(TOKENS) * dice.choice((2, 50, 5000)),
            data[at:end] * 2,
            b"",
            other[start : start + dice.randrange(400)],
            bytes([dice.randrange(256)]),
        )[dice.randrange(6)]
        data = data[:at] + part + data[dice.choice((at, end)) :]
        data = data[:100_000]
    return data


def corpus(patterns: tuple[str, ...]) -> list[bytes]:
    files = (
        f for p in patterns for top in (CORPUS, ROOT / "samples") for f in sorted(top.rglob(p))
    )
    return [file.read_bytes() for file in files] or [b""]


def inputs(patterns: tuple[str, ...], dice: random.Random) -> Iterator[bytes]:
    known = corpus(patterns)
    yield from known[:50]
    while True:
        yield mutated(dice.choice(known), known, dice)


def search(name: str, seconds: float, seed: int) -> bool:
    """Fuzz one harness; true when nothing was found. What is found is kept in the corpus."""
    harness, patterns = HARNESSES[name]
    begin, tried = time.monotonic(), 0
    for data in inputs(patterns, random.Random(f"{name} {seed}")):
        if time.monotonic() - begin > seconds:
            break
        started, tried = time.process_time(), tried + 1
        problem = ""
        try:
            harness(data)
        except Exception:  # noqa: BLE001 -- whatever it is, it is what is looked for
            problem = traceback.format_exc()
        if time.process_time() - started > SECONDS_EACH:
            problem = f"took {time.process_time() - started:.0f} s"
        if problem:
            kept = CORPUS / f"found-{name}-{seed}-{tried}{Path(patterns[0]).suffix}"
            kept.write_bytes(data)
            print(f"{name}: {problem}\nkept as {kept.relative_to(ROOT)}", flush=True)
            return False
    print(f"{name}: {tried} inputs, nothing found (seed {seed})", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for all harnesses together")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--harness", choices=tuple(HARNESSES), action="append")
    parser.add_argument(
        "--atheris", choices=tuple(HARNESSES), help="with atheris, until it is ended"
    )
    arguments = parser.parse_args()
    if arguments.atheris:
        atheris = importlib.import_module("atheris")
        atheris.Setup([sys.argv[0], str(CORPUS)], HARNESSES[arguments.atheris][0])
        atheris.Fuzz()
    names = arguments.harness or list(HARNESSES)
    each = arguments.seconds / len(names)
    found = [name for name in names if not search(name, each, arguments.seed)]
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
