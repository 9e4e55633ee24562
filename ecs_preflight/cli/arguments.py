"""The arguments of all commands, and the help that teaches them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import NoReturn

from .. import __version__
from ..hosts import paths
from .choices import FAIL_ON, FORMATS, POLICY_FORMATS, ROLES, SHELLS
from .exits import Misuse
from .help_texts import ABOUT, EXAMPLES, SCAN_EXAMPLES

#: The command that tells of all others.
_ALL = "completion"


class _Arguments(argparse.ArgumentParser):
    """Wrong use ends like every other wrong use: one line, and exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise Misuse(f"{message} (see '{self.prog} --help')")


def _later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """The function of a module of this package, loaded when it is called: help is told at once."""

    def run(arguments: argparse.Namespace) -> int:
        code: int = getattr(import_module(f".{module}", __package__), function)(arguments)
        return code

    return run


def parser(command: str = _ALL) -> argparse.ArgumentParser:
    """The command line's grammar; each command sets ``run``, which takes the parsed arguments.
    Those of the large commands are there for ``command`` alone."""

    def wants(name: str) -> bool:
        return command in (name, _ALL)

    raw = argparse.RawDescriptionHelpFormatter
    parser = _Arguments("ecs-preflight", description=ABOUT, epilog=EXAMPLES, formatter_class=raw)
    parser.add_argument("--version", action="version", version=f"ecs-preflight {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, prog=parser.prog)

    scan = commands.add_parser(
        "scan",
        help="scan paths (the default command)",
        description=ABOUT,
        epilog=SCAN_EXAMPLES,
        formatter_class=raw,
    )
    scan.set_defaults(run=_later("remembered", "run"))
    if wants("scan"):
        _add_scan_arguments(scan)

    explaining = commands.add_parser(
        "explain",
        help="what each task needs, and whether its roles allow it",
        description="Lists the needs of each task and service by role: met, unmet or undecided.",
    )
    explaining.set_defaults(run=_later("tasks", "explain_needs"))
    if wants("explain"):
        _add_explain_arguments(explaining)

    writing = commands.add_parser(
        "policy",
        help="the least-privilege policy a task's role should have",
        description="Prints the policy that the task definition's own settings call for. What the "
        "application itself does is not known here and must be added.",
    )
    writing.set_defaults(run=_later("tasks", "write_policy"))
    if wants("policy"):
        _add_policy_arguments(writing)

    merging = commands.add_parser(
        "merge",
        help="unite JSON reports of shards or repositories",
        description="Prints one report of several that 'scan --format json' wrote. What two say of "
        "one repository is said once.",
    )
    merging.set_defaults(run=_later("merging", "run"))
    merging.add_argument(
        "reports", nargs="+", metavar="[NAME=]FILE", help="a report, and whose it is"
    )
    merging.add_argument(
        "--format", choices=("text", "json"), default="text", help="(default: text)"
    )
    merging.add_argument("--output", metavar="FILE", help="write to this file")
    merging.add_argument("--fail-on", choices=FAIL_ON, default="error", help="as for scan")

    rules = commands.add_parser("rules", help="list the rules, or read one")
    rules.add_argument(
        "id", nargs="?", metavar="ID", help="a rule's id: ECS605, CKV_ECS_605 or E9605"
    )
    rules.add_argument(
        "--message",
        metavar="TEXT",
        help="which rules find the cause of a message of AWS: words of it, or all of it",
    )
    rules.set_defaults(run=_later("about", "show_rules"))

    beginning = commands.add_parser(
        "init",
        help="write a configuration, a workflow and a pre-commit entry to start with",
        description="Writes a commented ecs-preflight.toml, a GitHub workflow and a pre-commit "
        "entry into the repository around PATH. Nothing that is there is overwritten.",
    )
    beginning.set_defaults(run=_later("starting", "start"))
    beginning.add_argument("path", nargs="?", default=".", metavar="PATH", help="default: .")
    beginning.add_argument(
        "--dry-run", action="store_true", help="print what would be written, and write nothing"
    )

    serving = commands.add_parser(
        "lsp",
        help="the language server for editors, over standard input and output",
        description="Speaks the Language Server Protocol over standard input and output; the extra "
        "'lsp' brings what it needs.",
    )
    serving.set_defaults(run=_later("about", "serve_editors"))
    serving.add_argument("--stdio", action="store_true", help="what editors add; the only way")

    completing = commands.add_parser(
        "completion",
        help="print a shell's completion script",
        description="Prints the script that makes a shell complete the commands and options; the "
        "extra 'completion' brings what it needs.",
    )
    completing.set_defaults(run=_later("about", "show_completion"), parser=parser)
    completing.add_argument("shell", choices=SHELLS)

    where = commands.add_parser(
        "paths",
        help="print where the files are that other tools load",
        description="Prints the directory to give to checkov's --external-checks-dir or to "
        "cfn-lint's --append-rules, or the file of the JSON report's schema or of the problem "
        "matcher for '--format concise'.",
    )
    where.add_argument("name", choices=tuple(paths.PLACES))
    where.set_defaults(run=_later("about", "show_path"))

    health = commands.add_parser(
        "doctor",
        help="are checkov and cfn-lint here, and do they load the rules?",
        description="Runs each host on a bundled stack that must fail. Exit code 1 when one that "
        "is installed does not report it.",
    )
    health.add_argument(
        "--engine", action="store_true", help="look at ecs-preflight itself alone, not at the hosts"
    )
    health.set_defaults(run=_later("about", "show_health"))
    return parser


def _add_explain_arguments(explaining: argparse.ArgumentParser) -> None:
    explaining.add_argument("paths", nargs="*", metavar="PATH", help="as for scan (default: .)")
    explaining.add_argument(
        "--format",
        choices=("text", "json", "markdown", "html"),
        default="text",
        help="html is one page with a map and filters, which needs nothing beside itself "
        "(default: text)",
    )
    explaining.add_argument("--output", metavar="FILE", help="write to this file")
    _add_colour(explaining)
    _add_reading_arguments(explaining)


def _add_policy_arguments(writing: argparse.ArgumentParser) -> None:
    writing.add_argument("path", metavar="PATH", help="as for scan")
    writing.add_argument(
        "--task",
        required=True,
        metavar="NAME",
        help="the task definition's address, its last part, or its family",
    )
    writing.add_argument("--role", required=True, choices=ROLES)
    writing.add_argument(
        "--format",
        choices=POLICY_FORMATS,
        help="default: hcl for Terraform, yaml for CloudFormation, json for a task definition file",
    )
    writing.add_argument(
        "--diff",
        action="store_true",
        help="compare with what the role has: + lacks, = has, ? has and nothing in sight needs it",
    )
    _add_reading_arguments(writing)


def _add_scan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a directory, a .tf file for its module, a template, a plan or state as JSON, a task "
        "definition (default: .)",
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
        "--show-suppressed",
        action="store_true",
        help="list what is silenced, by whom and why",
    )
    out.add_argument(
        "--show-undecided",
        action="store_true",
        help="list the needs that could not be decided, and why",
    )
    _add_colour(out)
    mending = parser.add_argument_group("fixing")
    way = mending.add_mutually_exclusive_group()
    way.add_argument(
        "--diff",
        action="store_true",
        help="print all fixes as a diff instead of a report, to be read or piped to 'git apply'",
    )
    way.add_argument(
        "--fix",
        action="store_true",
        help="make the fixes that restore what was plainly meant, and report what is left",
    )
    way.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="make the other fixes too: those that add a permission or change a setting",
    )
    keeping = parser.add_argument_group("keeping")
    keeping.add_argument(
        "--cache-dir",
        metavar="DIR",
        help="where to keep what is found out of unchanged files (default: the user's own cache)",
    )
    keeping.add_argument("--no-cache", action="store_true", help="keep nothing, believe nothing")
    parser.add_argument(
        "--shard",
        metavar="K/N",
        help="only the K-th of N parts of the paths, or of one path's roots and templates",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="scan again on each change, and show what is new or gone",
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
        help="write what is found to this file, and report nothing",
    )
    _add_reading_arguments(parser)


def _add_colour(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours in text (default: auto; NO_COLOR, FORCE_COLOR and CLICOLOR are heeded)",
    )


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
        help="instead of the nearest ecs-preflight.toml or setup.cfg with [tool:ecs-preflight]",
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
    reading.add_argument(
        "--untrusted",
        action="store_true",
        help="the code is a stranger's: configuration from the command line alone, and what "
        "silences in the code is listed, but does not silence",
    )
    reading.add_argument(
        "--base",
        metavar="REF",
        help="untrusted code may silence by what this commit already says (implies --untrusted)",
    )
    reading.add_argument(
        "--env-variables",
        action="store_true",
        help="take Terraform variables from the environment too (TF_VAR_name)",
    )
    reading.add_argument(
        "--known-roles",
        action="append",
        default=[],
        metavar="FILE",
        help="the account's roles, for those that stand in no code: the output of 'aws iam "
        "get-account-authorization-details', plain or gzipped; repeatable",
    )
    reading.add_argument(
        "--module",
        action="append",
        default=[],
        metavar="SOURCE=DIR",
        help="where the Terraform module of that source is at hand; repeatable",
    )
    reading.add_argument("--workspace", metavar="NAME", help="the Terraform workspace")
    reading.add_argument(
        "--account", metavar="ID", help="the AWS account of what names none (twelve digits)"
    )
    reading.add_argument(
        "--jobs",
        type=_positive,
        default=0,
        metavar="N",
        help="how many processes work (default: as many as there is work and are cores for)",
    )
    reading.add_argument(
        "--parameters",
        action="append",
        default=[],
        metavar="FILE",
        help="CloudFormation parameters, as the AWS CLI takes them; repeatable",
    )
