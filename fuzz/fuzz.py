"""Mutated inputs for whatever reads what scanned code writes: ``make fuzz SECONDS=60``.

Each harness takes bytes and may raise nothing but what it names. Inputs of the corpus (the samples,
and every input that was once a fault, in ``fuzz/corpus/``) are mutated from a seed that is printed;
with ``--atheris``, where that is installed (``make fuzz-atheris``), coverage steers what is tried.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import itertools
import random
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis import baseline, config, examine, git_index, gitignore, mending
from ecs_preflight.analysis.lines import Lines
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.cli.choices import POLICY_FORMATS
from ecs_preflight.findings import escape
from ecs_preflight.findings.sources import Sources
from ecs_preflight.report import (
    as_json,
    concise,
    diff,
    explain,
    github,
    gitlab,
    junit,
    markdown,
    policy,
    sarif,
    terminal,
    text,
)
from ecs_preflight.rules import RULES
from ecs_preflight.symbolic import budget, globs

ROOT = Path(__file__).resolve().parents[1]
CORPUS = Path(__file__).parent / "corpus"
#: What an input may cost: counted steps are the unit's; the clock is the last resort of a search.
SECONDS_EACH = 20.0
Harness = Callable[[bytes], None]
#: A stack that reads a policy, a variable and a module from beside it.
POLICY = """
provider "aws" {}
variable "x" {
  default = null
}
module "m" {
  source = "acme/m/aws"
}
resource "aws_iam_role" "exec" {
  name               = "exec"
  assume_role_policy = file("${path.module}/policy.json")
}
resource "aws_iam_role_policy" "exec" {
  role   = aws_iam_role.exec.id
  policy = file("${path.module}/policy.json")
}
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  task_role_arn      = "arn:aws:iam::123456789012:role/elsewhere"
  container_definitions = jsonencode([{
    name    = "app"
    image   = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:${jsonencode(var.x)}"
    secrets = [{ name = "A", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/a" }]
  }])
}
"""


#: What a terminal or a runner would take for more than text.
COMMAND = re.compile(
    "^\\s*::(?!(?:error|warning|notice) (?:title|file)=)|##\\[|[\0-\x08\x0b-\x1f\x7f-\x9f]"
    "|[\u202a-\u202e\u2066-\u2069]",
    re.MULTILINE,
)


def _safe(shown: str) -> None:
    found = COMMAND.search(shown)
    if found:
        raise AssertionError(f"a report speaks: {shown[found.start() :][:80]!r}")


def _scanned(name: str) -> Harness:
    """The whole way, from a file of that name to every report."""

    def harness(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(data)
            report = scan([folder], Options(Inputs(), Path(folder)))
            for fault in report.faults:
                raise AssertionError(str(fault))
            for render in (as_json, github, gitlab, junit, markdown, sarif):
                _safe(render.render(report))
            for lines in (text, concise):
                said = lines.render(report, show_undecided=True, show_suppressed=True)
                _safe(terminal.plain(said))

    return harness


def _mended(name: str) -> Harness:
    """Fixes: what they write is read again, and as well as before."""

    def harness(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(data)
            made = mending.mend([folder], Options(Inputs(), Path(folder)), unsafe=True)
            for fault in (*made.before.faults, *made.after.faults):
                raise AssertionError(str(fault))
            diff.render(made.changes)
            broken = [_broken(made.before), _broken(made.after)]
            if broken[1] - broken[0]:
                raise AssertionError(f"a fix has broken the code: {broken[1] - broken[0]}")

    return harness


def _broken(report: Report) -> set[str]:
    return {finding.span.file for finding in report.active if finding.rule == "ECS001"}


def _asked(name: str) -> Harness:
    """What is said of tasks: each form of ``explain``, and the policies of their roles."""

    def harness(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(data)
            examined = examine.examine([folder], Options(Inputs(), Path(folder)), RULES)
            for fault in examined.faults:
                raise AssertionError(str(fault))
            told = explain.explained(examined.judged, RULES)
            explain.markdown.render(told, "")
            explain.page.render(told)
            explain.as_json.render(told)
            terminal.plain(list(explain.lines.render(list(explain.rows(examined.judged, RULES)))))
            sources = Sources(Lines(examined.boundaries).text)
            for judged in examined.judged:
                for task in judged.stack.task_definitions[:3]:
                    for principal, form in itertools.product(policy.ROLES.values(), POLICY_FORMATS):
                        found = policy.statements(judged.stack, task, principal, RULES)
                        policy.render(judged.stack, task, principal, found, form, sources)

    return harness


def _beside(name: str, code: str) -> Harness:
    """A file that the code around it names."""

    def harness(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "main.tf").write_text(code)
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_bytes(data)
            known = (Path(folder) / name,) if name.startswith("account") else ()
            report = scan([folder], Options(Inputs(), Path(folder), known_roles=known))
            for fault in report.faults:
                raise AssertionError(str(fault))

    return harness


def _index(data: bytes) -> None:
    git_index.tracked(data)
    git_index.tracked(b"DIRC\0\0\0" + data)


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
        patterns.ignores(path.split("/"), False)
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
    "fixes-hcl": (_mended("main.tf"), ("*.tf",)),
    "fixes-yaml": (_mended("template.yaml"), ("*.yaml", "*.yml")),
    "fixes-json": (_mended("template.json"), ("*.json",)),
    "tasks-hcl": (_asked("main.tf"), ("*.tf",)),
    "tasks-yaml": (_asked("template.yaml"), ("*.yaml", "*.yml")),
    "policy": (_beside("policy.json", POLICY), ("*policy*.json", "*.json")),
    "variables": (_beside("terraform.tfvars", POLICY), ("*.tfvars", "*.tf")),
    "input-sets": (_beside("environments/prod.tfvars", POLICY), ("*.tfvars", "*.tf")),
    "terragrunt": (_beside("live/prod/terragrunt.hcl", POLICY), ("*.hcl", "*.tf")),
    "manifest": (_beside(".terraform/modules/modules.json", POLICY), ("*.json",)),
    "account": (_beside("account.json", POLICY), ("*account*.json", "*.json")),
    "index": (_index, ("*.json",)),
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


def steered(name: str, seconds: float) -> None:
    """Fuzz one harness with atheris, which ends the process."""
    atheris = importlib.import_module("atheris")
    harness, patterns = HARNESSES[name]
    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as seeds:
        for number, data in enumerate(corpus(patterns)):
            (Path(seeds) / str(number)).write_bytes(data[:100_000])
        limits = (
            f"-max_total_time={seconds:.0f}",
            f"-timeout={SECONDS_EACH:.0f}",
            "-max_len=100000",
        )
        kept = f"-artifact_prefix={CORPUS}/found-{name}-"
        atheris.Setup([sys.argv[0], *limits, kept, seeds], harness)
        atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for all harnesses together")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--harness", choices=tuple(HARNESSES), action="append")
    parser.add_argument(
        "--atheris", choices=tuple(HARNESSES), help="this one alone, steered by coverage"
    )
    arguments = parser.parse_args()
    if arguments.atheris:
        steered(arguments.atheris, arguments.seconds)
    names = arguments.harness or list(HARNESSES)
    each = arguments.seconds / len(names)
    found = [name for name in names if not search(name, each, arguments.seed)]
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
