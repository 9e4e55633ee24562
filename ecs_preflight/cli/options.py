"""From arguments to options: which code is read, as what, and which rules judge it."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

from ..adapters.units import Inputs
from ..analysis import baseline, config
from ..analysis.base_branch import BaseBranch
from ..analysis.options import Options, Trust
from ..findings.finding import Severity
from ..symbolic import writing
from ..symbolic.records import replace
from ..symbolic.source import Boundary, Unreadable
from . import rule_index
from .exits import Misuse


def judging(arguments: argparse.Namespace) -> Options:
    """The options of commands that judge, from arguments and configuration. Raises Misuse."""
    writable(arguments.write_baseline)
    return replace(
        reading(arguments),
        select=_ids(arguments.select),
        ignore=_ids(arguments.ignore),
        notes=arguments.fail_on == Severity.NOTE.value,
        baseline=_baseline(arguments.baseline),
    )


def reading(arguments: argparse.Namespace) -> Options:
    """The options that all commands share which read code."""
    for file in (*arguments.var_file, *arguments.parameters, *arguments.known_roles):
        if not Boundary.of_named(file).is_file(file):
            raise Misuse(f"no such file: {file}")
    if arguments.root is not None and not Path(arguments.root).is_dir():
        raise Misuse(f"no such directory: {arguments.root}")
    variables = {
        name: text
        for name, text in os.environ.items()
        if name.startswith("TF_VAR_") and arguments.env_variables
    }
    if arguments.account is not None and not re.fullmatch(r"\d{12}", arguments.account):
        raise Misuse(f"--account takes twelve digits: '{arguments.account}'")
    settled = _config(arguments.config, arguments.untrusted or arguments.base is not None)
    return Options(
        Inputs(
            tuple(Path(file).absolute() for file in arguments.var_file),
            arguments.workspace,
            tuple(Path(file).absolute() for file in arguments.parameters),
            variables,
            dict(_module(written) for written in arguments.module),
            arguments.account or settled.account,
        ),
        Path(arguments.root) if arguments.root else None,
        tuple(arguments.exclude),
        config=settled,
        jobs=arguments.jobs,
        supervised=True,
        trust=_trust(arguments.untrusted, arguments.base),
        known_roles=tuple(Path(file).absolute() for file in arguments.known_roles),
    )


def _module(written: str) -> tuple[str, Path]:
    source, equals, folder = written.rpartition("=")
    if not equals or not source or not Path(folder).is_dir():
        raise Misuse(f"--module takes SOURCE=DIR with a directory that exists: '{written}'")
    return source, Path(folder).resolve()


def _trust(untrusted: bool, commit: str | None) -> Trust:
    if commit is None:
        return Trust(code=not untrusted)
    base = BaseBranch(Path.cwd(), commit)
    if not base.is_known():
        raise Misuse(f"--base takes a commit of the repository around the directory: '{commit}'")
    return Trust(False, base)


def _config(file: str | None, untrusted: bool) -> config.Config:
    """The configuration that is named, else, in code that is trusted, the one that stands beside or
    above the working directory."""
    found = Path(file) if file else None if untrusted else config.find(Path.cwd())
    try:
        return config.load(found) if found else config.Config()
    except config.Malformed as error:
        raise Misuse(str(error)) from error


def _baseline(file: str | None) -> frozenset[str]:
    if file is None:
        return frozenset()
    try:
        return baseline.read(Boundary.of_named(file).read_text(file))
    except Unreadable as error:
        raise Misuse(f"{file}: {error.reason.lower()}") from error
    except ValueError as error:
        raise Misuse(f"{file}: {error}") from error


def writable(file: str | None) -> None:
    """Raises Misuse when it is plain that the file cannot be written."""
    try:
        if file is not None:
            writing.check(file)
    except writing.Unwritable as error:
        raise Misuse(f"cannot write to '{file}': {error}") from error


def _ids(written: Sequence[str]) -> tuple[str, ...]:
    """Ids, or how they begin; one that matches no rule is a mistake that must not look like a clean
    scan."""
    ids = tuple(
        name.strip().upper() for names in written for name in names.split(",") if name.strip()
    )
    for name in ids:
        if not any(rule.id.startswith(name) for rule in rule_index.rows()):
            raise Misuse(f"no rule begins with '{name}'; 'ecs-preflight rules' lists them")
    return ids
