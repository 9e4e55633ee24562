"""Writes the rules' pages: ``docs/rules/`` from the rules' docstrings and their samples.

``python tools/rule_pages.py`` rewrites the pages; the tests compare them with what this would
write. The examples are the tested samples themselves, and what is said of them is what a scan says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ecs_preflight.analysis.scan import Options, scan  # noqa: E402
from ecs_preflight.findings.finding import Finding, Severity  # noqa: E402
from ecs_preflight.findings.rule import Rule  # noqa: E402
from ecs_preflight.rules import RULES  # noqa: E402

PAGES = ROOT / "docs" / "rules"
FAMILIES = {
    "0": "The tool itself",
    "5": "Trust",
    "60": "What the execution role needs",
    "61": "What the execution role needs",
    "62": "Wrong role, wrong scope",
    "63": "Wrong role, wrong scope",
    "7": "ECS Exec",
    "80": "Task settings",
    "81": "Task settings",
    "82": "Launchers and helper roles",
}
WHEN = {
    "deploy": "when it is deployed",
    "start": "when the task starts",
    "run": "while the task runs",
    "exec": "when somebody runs `aws ecs execute-command`",
}
AWS = "https://docs.aws.amazon.com"
#: Where AWS's books stand.
BOOKS = {
    "API": "AmazonECS/latest/APIReference",
    "ECR": "AmazonECR/latest/userguide",
    "ECS": "AmazonECS/latest/developerguide",
    "IAM": "IAM/latest/UserGuide",
    "KMS": "kms/latest/developerguide",
}
#: How the names of pages begin that are not of the ECS developer guide.
STARTS = {
    "API_": "API",
    "ECR_": "ECR",
    "cmks-": "KMS",
    "id_roles": "IAM",
    "key-policy": "KMS",
    "pull-through": "ECR",
    "reference": "IAM",
}
#: Pages of other books.
ELSEWHERE = {
    "API_GetAccountAuthorizationDetails": "IAM/latest/APIReference",
    "action-reference-ECS": "codepipeline/latest/userguide",
    "appconfig-integration-containers-agent": "appconfig/latest/userguide",
    "auth-and-access_iam-policies": "secretsmanager/latest/userguide",
    "ecs-iam": "step-functions/latest/dg",
    "encrypt-log-data-kms": "AmazonCloudWatch/latest/logs",
    "iam-access-control-nfs-efs": "efs/latest/ug",
    "parameter-store-shared-parameters": "systems-manager/latest/userguide",
}
REPOSITORIES = {
    "amazon-ecs-agent": "https://github.com/aws/amazon-ecs-agent",
    "amazon-ecs-exec-checker": "https://github.com/aws-containers/amazon-ecs-exec-checker",
    "aws-for-fluent-bit": "https://github.com/aws/aws-for-fluent-bit",
}
#: Words that are no page.
PLAIN = frozenset(
    {
        "None",
        "The parser's own message",
        "aws_ecs_service",
        "aws_iam_policy_attachment",
        "aws_iam_role",
        "fluent-bit output plugins",
    }
)
#: How many lines of code are shown before and after the one that is reported.
BEFORE, AFTER = 3, 1
_EXPECTATION = re.compile(r"[ \t]*#[ \t]*(expect|undecided|ok)(-next|\(\+\d+\))?:[^\n]*")


def pages() -> dict[str, str]:
    """Every page by its file name: one for each rule, and the index."""
    found = {rule.id: tuple(_findings(rule)) for rule in RULES}
    written = {f"{rule.id}.md": page(rule, found[rule.id]) for rule in RULES}
    return {**written, "README.md": index(found)}


def page(rule: Rule, findings: tuple[Finding, ...]) -> str:
    """A rule's page. ``findings`` are what a scan of its bad samples says."""
    sections = _sections(rule.page)
    messages = list(
        {_gist(f.fails_with): f.fails_with for f in reversed(findings) if f.fails_with}.values()
    )[::-1]
    parts = [f"# {rule.id} {rule.name}", rule.title + ".", _ids(rule)]
    for heading, text in sections.items():
        if heading == "References":
            parts += _examples(rule, findings)
        told = _references(text) if heading == "References" else text
        parts.append(f"## {heading}\n\n{told}")
        if heading == "Why it matters" and messages:
            phase = next(f.phase.value for f in findings if f.fails_with)
            parts.append(
                f"AWS says, {WHEN[phase]}:\n\n"
                + "\n\n".join(f"```text\n{message}\n```" for message in messages[:3])
            )
        if heading == "What it finds" and findings:
            parts.append(f"For example:\n\n> {findings[0].message}")
    return "\n\n".join(parts) + "\n"


def index(found: dict[str, tuple[Finding, ...]]) -> str:
    """The rules by family, and by the message that AWS gives."""
    lines = [
        "# The rules",
        "",
        "Errors fail a scan by default; notes are off unless asked for.",
        "",
    ]
    family = ""
    for rule in RULES:
        own = next(title for prefix, title in FAMILIES.items() if rule.id[3:].startswith(prefix))
        if own != family:
            family = own
            lines += [f"## {family}", "", "| rule | finds | severity |", "| --- | --- | --- |"]
        severities = ", ".join(severity.value for severity in rule.severities)
        lines.append(f"| [{rule.id}]({rule.id}.md) {rule.name} | {rule.title} | {severities} |")
        if (
            rule is RULES[-1]
            or next(t for p, t in FAMILIES.items() if _after(rule).id[3:].startswith(p)) != family
        ):
            lines.append("")
    lines += [
        "## By AWS's message",
        "",
        "What one sees, and the rules that find its cause.",
        "",
        "| AWS says | rules |",
        "| --- | --- |",
    ]
    by_message: dict[str, dict[str, None]] = {}
    for rule_id, findings in found.items():
        for finding in findings:
            if finding.fails_with:
                by_message.setdefault(_gist(finding.fails_with), {})[rule_id] = None
    for message, rules in sorted(by_message.items()):
        links = ", ".join(f"[{rule_id}]({rule_id}.md)" for rule_id in rules)
        lines.append(f"| `{message}` | {links} |")
    return "\n".join(lines) + "\n"


def _after(rule: Rule) -> Rule:
    return RULES[RULES.index(rule) + 1]


def _gist(message: str) -> str:
    """The message without names, short enough for a table."""
    plain = re.sub(r"arn:\S+|'[^']*[.\[/:][^']*'|<\S+>|(?<=role )'\w+'", "…", message)
    return (plain if len(plain) <= 160 else plain[:157].rsplit(" ", 1)[0] + " …").replace(
        "|", "\\|"
    )


def _ids(rule: Rule) -> str:
    letters = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.NOTE: "I"}
    number = rule.id[3:]
    severities = ", ".join(severity.value for severity in rule.severities)
    if number.startswith("0"):
        return f"Severity: {severities}. In the command line only."
    cfn_lint = ", ".join(f"`{letters[severity]}9{number}`" for severity in rule.severities)
    return f"Severity: {severities}. In checkov: `CKV_ECS_{number}`. In cfn-lint: {cfn_lint}."


def _sections(text: str) -> dict[str, str]:
    """The docstring's sections: a heading at the margin, its text indented below."""
    found: dict[str, list[str]] = {}
    for line in text.strip().splitlines()[1:]:
        if line and not line.startswith(" "):
            found[line.strip()] = []
        elif found:
            found[next(reversed(found))].append(line.strip())
    return {
        heading: "\n".join(lines).strip().replace("``", "`") for heading, lines in found.items()
    }


def _samples(rule: Rule, kind: str) -> Iterator[tuple[str, str, Path]]:
    """(language, fence, file) of the rule's first samples of that kind, "bad" or "good"."""
    folder = f"{rule.id}-{rule.name}"
    for language, fence in (("Terraform", "hcl"), ("CloudFormation", "yaml")):
        place = ROOT / "samples" / language.lower() / folder
        found = [place / f"{kind}.yaml", place / kind / "main.tf"]
        yield from ((language, fence, path) for path in found if path.is_file())


def _examples(rule: Rule, findings: tuple[Finding, ...]) -> Iterator[str]:
    """In each language what is around the line that is reported; the whole samples are folded."""
    for language in ("Terraform", "CloudFormation"):
        shown = [
            (kind, fence, path)
            for kind in ("bad", "good")
            for own, fence, path in _samples(rule, kind)
            if own == language
        ]
        if shown:
            yield f"## Example in {language}"
        for kind, fence, path in shown:
            code = _EXPECTATION.sub("", path.read_text(encoding="utf-8"))
            here = [f.span.line for f in findings if (ROOT / f.span.file) == path]
            if kind == "bad" and here:
                yield _excerpt(code.split("\n"), here[0], fence, rule.id)
            title = "The whole stack, reported" if kind == "bad" else "The same, in order"
            yield f'<details markdown="1"><summary>{title}</summary>'
            yield f"```{fence}\n{code.strip()}\n```"
            yield "</details>"


def _excerpt(code: list[str], line: int, fence: str, rule: str) -> str:
    """The lines around the one that is reported, which is marked."""
    first = max(line - 1 - BEFORE, 0)
    rows = code[first : line + AFTER]
    at = line - 1 - first
    rows[at] = f"{rows[at]}  # <- {rule}"
    while at and not rows[0].strip():
        rows, at = rows[1:], at - 1
    shown = dedent("\n".join(rows).rstrip())
    return f'```{fence} hl_lines="{at + 1}"\n{shown}\n```'


def _references(text: str) -> str:
    return ", ".join(map(_reference, re.split(r"[,;]\s+", " ".join(text.split()))))


def _reference(name: str) -> str:
    """A page by its address; what is no page of AWS's stays a name."""
    name = name.rstrip(".")
    word, _, of = name.partition(" (")
    service, _, page = word.rpartition(" ")
    if word in PLAIN or not re.fullmatch(r"[\w-]+", page):
        return name
    book = "ECR" if service == "ECR" else "ECS"
    book = next((other for start, other in STARTS.items() if page.startswith(start)), book)
    address = REPOSITORIES.get(word, f"{AWS}/{ELSEWHERE.get(page, BOOKS[book])}/{page}.html")
    return f"[{word}]({address})" + (f" ({of}" if of else "")


def _findings(rule: Rule) -> Iterable[Finding]:
    for _, _, path in _samples(rule, "bad"):
        start = path.parent if path.suffix == ".tf" else path
        report = scan([start], Options(select=(rule.id,), notes=True))
        yield from (finding for finding in report.findings if finding.rule == rule.id)


def main() -> int:
    PAGES.mkdir(parents=True, exist_ok=True)
    written = pages()
    for stale in PAGES.glob("*.md"):
        if stale.name not in written:
            stale.unlink()
    for name, text in written.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    print(f"{len(written)} pages in {PAGES.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
