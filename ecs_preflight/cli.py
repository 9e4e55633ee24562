"""The command ``ecs-preflight``: arguments, exit codes, and which report goes where."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from . import __version__, baseline, config, explain, policy
from .examine import Examined, examine
from .finding import Severity
from .hosts import doctor, paths
from .model import Language
from .report import as_json, github, junit, markdown, sarif, text
from .rules import RULES
from .scan import Options, Report, scan
from .trouble import told
from .units import Inputs

#: Exit codes.
CLEAN, FOUND, MISUSE, MISSING, FAULT, INTERRUPTED = 0, 1, 2, 3, 4, 130

REPORTS: dict[str, Callable[[Report], str]] = {
    "json": as_json.render,
    "github": github.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "markdown": markdown.render,
}
FORMATS = ("text", *REPORTS)
COMMANDS = ("scan", "explain", "policy", "rules", "paths", "doctor")
FAIL_ON = (*(severity.value for severity in Severity), "undecided", "never")

ABOUT = """\
Says before deployment whether an Amazon ECS task can start, run and be reached with ECS Exec, as
far as IAM and the task's own settings decide it. Reads Terraform, Terraform plans and
CloudFormation; runs nothing of what it reads and needs neither network nor credentials."""

EXAMPLES = """\
examples:
  ecs-preflight                               scan the working directory
  ecs-preflight infra/prod template.yaml      scan a Terraform root and a template
  ecs-preflight plan.json                     scan the output of 'terraform show -json'
  ecs-preflight --show-undecided infra        also list what could not be decided, and why
  ecs-preflight --output sarif=ecs.sarif .    write a second report to a file
  ecs-preflight explain infra                 what each task needs, and whether its roles allow it
  ecs-preflight policy infra --task app --role execution      the policy that role should have
  ecs-preflight rules ECS605                  read about a rule
  ecs-preflight doctor                        do checkov and cfn-lint load the rules here?"""

SCAN_EXAMPLES = """\
examples:
  ecs-preflight scan infra --var-file infra/prod.tfvars --workspace prod
  ecs-preflight scan template.yaml --parameters prod.json --fail-on warning
  ecs-preflight scan --format github .        annotations in GitHub Actions
  ecs-preflight scan --select ECS7 .          only the rules about ECS Exec, notes included

exit codes:
  0  nothing at or above --fail-on, also when there was nothing to scan
  1  findings at or above --fail-on
  2  wrong use; nothing was scanned
  3  a given path does not exist or cannot be read; the others were scanned
  4  a fault of ecs-preflight itself; the rest was scanned

silencing a finding, on its line, the line above or inside the resource it names:
  # ecs-preflight:ignore ECS605 the secret is granted by its own policy"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] not in (*COMMANDS, "-h", "--help", "--version"):
        arguments.insert(0, "scan")
    try:
        options = _parser().parse_args(arguments)
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Misuse as misuse:
        return _say(f"ecs-preflight: error: {misuse}", MISUSE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return _say("ecs-preflight: interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 -- the last door: a traceback helps no user
        return _say(f"ecs-preflight: a fault of its own, please report it: {told(error)}", FAULT)


class Misuse(Exception):
    """What the user asked for cannot be done; nothing was scanned."""


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


# -- scan ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Output:
    format: str
    file: Path


def _scan(arguments: argparse.Namespace) -> int:
    outputs = [_output(written) for written in arguments.output]
    options = _options(arguments)
    report = scan(arguments.paths or ["."], options, progress=_progress())
    for output in outputs:
        output.file.write_text(_rendered(report, output.format, arguments), encoding="utf-8")
    if arguments.write_baseline:
        Path(arguments.write_baseline).write_text(baseline.written(report.active), encoding="utf-8")
        _say(
            f"ecs-preflight: wrote {len(report.active)} findings to '{arguments.write_baseline}'",
            CLEAN,
        )
        return FAULT if report.faults else MISSING if report.missing else CLEAN
    _print(report, arguments)
    _summarise(report, arguments)
    for error in report.missing:
        _say(f"ecs-preflight: {error}", MISSING)
    for fault in report.faults:
        _say(f"ecs-preflight: a fault of its own, please report it: {fault}", FAULT)
    if not report.stats.stacks and not report.findings and not report.missing and not report.faults:
        _say(
            "ecs-preflight: nothing to scan: no Terraform, plan or CloudFormation template found",
            CLEAN,
        )
    return _exit_code(report, arguments.fail_on)


def _options(arguments: argparse.Namespace) -> Options:
    _writable(arguments.write_baseline)
    return replace(
        _reading(arguments),
        select=_ids(arguments.select),
        ignore=_ids(arguments.ignore),
        notes=arguments.fail_on == Severity.NOTE.value,
        baseline=_baseline(arguments.baseline),
    )


def _reading(arguments: argparse.Namespace) -> Options:
    """The options that all commands share which read code."""
    for file in (*arguments.var_file, *arguments.parameters):
        if not Path(file).is_file():
            raise Misuse(f"no such file: {file}")
    if arguments.root is not None and not Path(arguments.root).is_dir():
        raise Misuse(f"no such directory: {arguments.root}")
    variables = {name: text for name, text in os.environ.items() if name.startswith("TF_VAR_")}
    return Options(
        Inputs(
            tuple(Path(file).absolute() for file in arguments.var_file),
            arguments.workspace,
            tuple(Path(file).absolute() for file in arguments.parameters),
            variables,
        ),
        Path(arguments.root) if arguments.root else None,
        tuple(arguments.exclude),
        config=_config(arguments.config),
        jobs=arguments.jobs,
    )


def _config(file: str | None) -> config.Config:
    """The configuration that is named, else the one that stands beside or above the working
    directory."""
    found = Path(file) if file else config.find(Path.cwd())
    try:
        return config.load(found) if found else config.Config()
    except config.Malformed as error:
        raise Misuse(str(error)) from error


def _baseline(file: str | None) -> frozenset[str]:
    if file is None:
        return frozenset()
    try:
        return baseline.read(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Misuse(f"{file}: {error}") from error


def _writable(file: str | None) -> None:
    if file is not None and (not Path(file).absolute().parent.is_dir() or Path(file).is_dir()):
        raise Misuse(f"cannot write to '{file}'")


def _ids(written: Sequence[str]) -> tuple[str, ...]:
    """Ids, or how they begin; one that matches no rule is a mistake that must not look like a clean
    scan."""
    ids = tuple(
        name.strip().upper() for names in written for name in names.split(",") if name.strip()
    )
    for name in ids:
        if not any(rule.id.startswith(name) for rule in RULES):
            raise Misuse(f"no rule begins with '{name}'; 'ecs-preflight rules' lists them")
    return ids


def _output(written: str) -> _Output:
    kind, equals, file = written.partition("=")
    if not equals or kind not in FORMATS or not file:
        raise Misuse(
            f"--output takes FORMAT=FILE with a format of {', '.join(FORMATS)}: '{written}'"
        )
    _writable(file)
    return _Output(kind, Path(file))


def _rendered(report: Report, kind: str, arguments: argparse.Namespace) -> str:
    if kind == "text":
        return text.plain(text.render(report, show_undecided=arguments.show_undecided))
    return REPORTS[kind](report)


def _print(report: Report, arguments: argparse.Namespace) -> None:
    colour = arguments.color == "always" or (
        arguments.color == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    )
    show = text.colouring() if colour and arguments.format == "text" else None
    if arguments.format != "text":
        sys.stdout.write(_rendered(report, arguments.format, arguments))
        return
    lines = text.render(report, show_undecided=arguments.show_undecided, width=_width())
    if show is not None:
        show(lines, sys.stdout)
    else:
        sys.stdout.write(text.plain(lines))


def _width() -> int | None:
    """The terminal's width, within what reads well; None for a pipe, where nothing is wrapped."""
    return (
        min(os.get_terminal_size(sys.stdout.fileno()).columns, 120) if sys.stdout.isatty() else None
    )


def _summarise(report: Report, arguments: argparse.Namespace) -> None:
    """In GitHub Actions, the whole list in the job's summary, beside the ten annotations it
    shows."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if arguments.format == "github" and summary:
        with open(summary, "a", encoding="utf-8") as file:
            file.write(markdown.render(report))


def _progress() -> Callable[[str], None]:
    """Names the unit being scanned, on a terminal only."""
    if not (sys.stderr.isatty() and sys.stdout.isatty()):
        return lambda name: None
    return lambda name: print(
        f"\r\033[K{text.clean(name)[:100]}\r" if name else "\r\033[K",
        end="",
        file=sys.stderr,
        flush=True,
    )


def _exit_code(report: Report, fail_on: str) -> int:
    if report.faults:
        return FAULT
    if report.missing:
        return MISSING
    if fail_on == "never":
        return CLEAN
    if fail_on == "undecided":
        failing = bool(report.undecided) or any(f.severity is Severity.ERROR for f in report.active)
    else:
        failing = any(f.severity.rank <= Severity(fail_on).rank for f in report.active)
    return FOUND if failing else CLEAN


# -- explain and policy ----------------------------------------------------------------------------


def _explain(arguments: argparse.Namespace) -> int:
    options = _reading(arguments)
    examined = examine(arguments.paths or ["."], options, RULES)
    table = list(explain.rows(examined.judged, options.chosen(RULES)))
    sys.stdout.write(explain.render(table))
    if not table and not examined.missing:
        _say("ecs-preflight: no task with a need that could be explained", CLEAN)
    return _troubles(examined)


def _policy(arguments: argparse.Namespace) -> int:
    examined = examine([arguments.path], _reading(arguments), ())
    tasks = policy.tasks_named(examined.judged, arguments.task)
    if not tasks:
        known = sorted({t.address for j in examined.judged for t in j.stack.task_definitions})
        code = _troubles(examined)
        _say(
            f"ecs-preflight: error: no task definition '{arguments.task}'; there is "
            f"{', '.join(known) or 'none'}",
            MISUSE,
        )
        return code or MISUSE
    stack, task = tasks[0]
    found = policy.statements(stack, task, policy.ROLES[arguments.role], RULES)
    form = arguments.format or ("hcl" if stack.language is Language.TERRAFORM else "yaml")
    if found:
        sys.stdout.write(policy.render(stack, found, form))
    else:
        _say(f"ecs-preflight: '{task.address}' needs nothing of its {arguments.role} role", CLEAN)
    return _troubles(examined)


def _troubles(examined: Examined) -> int:
    """Tells what could not be read or failed, and gives the exit code for it."""
    for error in (*examined.missing, *examined.unreadable):
        _say(f"ecs-preflight: {error}", MISSING)
    for fault in examined.faults:
        _say(f"ecs-preflight: a fault of its own, please report it: {fault}", FAULT)
    return FAULT if examined.faults else MISSING if examined.missing else CLEAN


# -- the other commands ----------------------------------------------------------------------------


def _rules(arguments: argparse.Namespace) -> int:
    if arguments.id is None:
        for rule in RULES:
            grades = "/".join(severity.value for severity in rule.severities)
            print(f"{rule.id}  {rule.name:<40} {grades:<20} {rule.title}")
        return CLEAN
    for rule in RULES:
        if rule.id == arguments.id.upper():
            page = files(__package__).joinpath("pages").joinpath(f"{rule.id}.md")
            print(page.read_text(encoding="utf-8"), end="")
            return CLEAN
    raise Misuse(f"there is no rule '{arguments.id}'; 'ecs-preflight rules' lists them")


def _paths(arguments: argparse.Namespace) -> int:
    print(paths.of(arguments.host))
    return CLEAN


MARKS = {True: "ok  ", False: "FAIL", None: "-   "}


def _doctor(arguments: argparse.Namespace) -> int:
    checks = doctor.examine()
    for check in checks:
        print(f"{MARKS[check.well]}  {check.message}")
        if check.advice:
            print(f"      {check.advice}")
    return FOUND if any(check.well is False for check in checks) else CLEAN


# -- arguments -------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "ecs-preflight", description=ABOUT, epilog=EXAMPLES, formatter_class=raw
    )
    parser.add_argument("--version", action="version", version=f"ecs-preflight {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    scanning = commands.add_parser(
        "scan",
        help="scan paths (the default command)",
        description=ABOUT,
        epilog=SCAN_EXAMPLES,
        formatter_class=raw,
    )
    scanning.set_defaults(run=_scan)
    _add_scan_arguments(scanning)

    explaining = commands.add_parser(
        "explain",
        help="what each task needs, and whether its roles allow it",
        description="Lists the needs of each task and service by role: met, unmet or undecided.",
    )
    explaining.set_defaults(run=_explain)
    explaining.add_argument("paths", nargs="*", metavar="PATH", help="as for scan (default: .)")
    _add_reading_arguments(explaining)

    writing = commands.add_parser(
        "policy",
        help="the least-privilege policy a task's role should have",
        description="Prints the policy that the task definition's own settings call for. What the "
        "application itself does is not known here and must be added.",
    )
    writing.set_defaults(run=_policy)
    writing.add_argument("path", metavar="PATH", help="as for scan")
    writing.add_argument(
        "--task",
        required=True,
        metavar="NAME",
        help="the task definition's address, its last part, or its family",
    )
    writing.add_argument("--role", required=True, choices=tuple(policy.ROLES))
    writing.add_argument(
        "--format",
        choices=policy.FORMATS,
        help="default: hcl for Terraform, yaml for CloudFormation",
    )
    _add_reading_arguments(writing)

    rules = commands.add_parser("rules", help="list the rules, or read one")
    rules.add_argument("id", nargs="?", metavar="ID", help="a rule's id, as in ECS605")
    rules.set_defaults(run=_rules)

    where = commands.add_parser(
        "paths",
        help="print where the rules for a host are",
        description="Prints the directory to give to checkov's --external-checks-dir or to "
        "cfn-lint's --append-rules.",
    )
    where.add_argument("host", choices=tuple(paths.DIRECTORIES))
    where.set_defaults(run=_paths)

    health = commands.add_parser(
        "doctor",
        help="are checkov and cfn-lint here, and do they load the rules?",
        description="Runs each host on a bundled stack that must fail. Exit code 1 when one that "
        "is installed does not report it.",
    )
    health.set_defaults(run=_doctor)
    return parser


def _add_scan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a directory, a .tf file for its module, a template or a plan as JSON (default: .)",
    )
    out = parser.add_argument_group("output")
    out.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="report on standard output (default: text)",
    )
    out.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="another report, to a file; repeatable",
    )
    out.add_argument(
        "--show-undecided",
        action="store_true",
        help="list the needs that could not be decided, and why",
    )
    out.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours in text (default: auto)",
    )
    judging = parser.add_argument_group("judging")
    judging.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        default="error",
        help="what makes the exit code 1 (default: error)",
    )
    judging.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="IDS",
        help="only these rules, notes included: ids or how they begin, as in ECS605,ECS7",
    )
    judging.add_argument(
        "--ignore", action="append", default=[], metavar="IDS", help="not these rules"
    )
    judging.add_argument(
        "--baseline", metavar="FILE", help="report only what this file does not list"
    )
    judging.add_argument(
        "--write-baseline",
        metavar="FILE",
        help="list what is found in this file, and report nothing",
    )
    _add_reading_arguments(parser)


def _positive(written: str) -> int:
    if not written.isdigit() or int(written) == 0:
        raise argparse.ArgumentTypeError(f"'{written}' is not a number above 0")
    return int(written)


def _add_reading_arguments(parser: argparse.ArgumentParser) -> None:
    """What decides which code is read, and as what."""
    reading = parser.add_argument_group("reading")
    reading.add_argument(
        "--config",
        metavar="FILE",
        help=f"instead of the nearest {config.TOML} or setup.cfg with [{config.SECTION}]",
    )
    reading.add_argument(
        "--root",
        metavar="DIR",
        help="read nothing outside this directory (default: the repository around each path)",
    )
    reading.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="GLOB",
        help="leave out, written as in a .gitignore of the working directory; repeatable",
    )
    reading.add_argument(
        "--var-file",
        action="append",
        default=[],
        metavar="FILE",
        help="Terraform variables, as terraform takes them; repeatable",
    )
    reading.add_argument("--workspace", metavar="NAME", help="the Terraform workspace")
    reading.add_argument(
        "--jobs",
        type=_positive,
        default=1,
        metavar="N",
        help="how many processes work (default: 1)",
    )
    reading.add_argument(
        "--parameters",
        action="append",
        default=[],
        metavar="FILE",
        help="CloudFormation parameters, as the AWS CLI takes them; repeatable",
    )
