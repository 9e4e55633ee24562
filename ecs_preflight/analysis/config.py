"""What a team settles once, in ``ecs-preflight.toml`` or in ``setup.cfg``.

::

    select = ["ECS5", "ECS7"]           # ids of rules, or how they begin
    ignore = ["ECS624"]
    account = "111122223333"            # of what names none
    known-roles = ["account.json"]      # aws iam get-account-authorization-details > account.json

    [severity]
    ECS603 = "warning"

    [per-path-ignores]                  # patterns as in a .gitignore beside this file
    "legacy/**" = ["ECS605"]

    [[roles]]                           # what stands elsewhere: by name, or arn with wildcards
    name = "platform-execution"
    allows = ["secretsmanager:GetSecretValue"]
    on = ["*"]
    trusts = ["ecs-tasks.amazonaws.com"]
    complete = false                    # true: it allows nothing else
    because = "managed in acme/platform"

    [[boundaries]]                      # a permissions boundary that stands elsewhere
    name = "developer-boundary"         # or arn, with wildcards
    allows = ["logs:*", "ecr:*"]        # and nothing else
    on = ["*"]

    [[scps]]                            # a service control policy over the account
    file = "scps/regions.json"

In ``setup.cfg`` the same stands in ``[tool:ecs-preflight]``, lists separated by commas, tables as
lines of ``key: values``; roles in sections ``[tool:ecs-preflight:role NAME-OR-ARN]``, boundaries
in ``[tool:ecs-preflight:boundary NAME-OR-ARN]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..findings.finding import Severity
from ..symbolic import toml
from ..symbolic.records import dataclass, field, replace
from ..symbolic.source import Boundary, Unreadable, exists
from ..symbolic.values import ABSENT, Value
from . import gitignore

#: What names files: of the account's roles, and of what limits them.
FILES = ("known-roles", "scps")
TOML, INI = "ecs-preflight.toml", "setup.cfg"
SECTION = "tool:ecs-preflight"


class Malformed(Exception):
    """A configuration that does not say what it means: what is wrong with it, and the word that
    is."""

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


@dataclass(frozen=True)
class ExternalRole:
    """What is asserted of a role that stands in other code: ``pattern`` is its name (with its
    path), or its ARN, with wildcards. ``complete`` says that it allows nothing besides."""

    pattern: str
    allows: tuple[str, ...] = ()
    on: tuple[str, ...] = ("*",)
    trusts: tuple[str, ...] = ()
    complete: bool = False
    because: str = ""


@dataclass(frozen=True)
class ExternalBoundary:
    """What is asserted of a permissions boundary that stands in other code: it allows these
    actions, and nothing else; or what stands in ``file``, which is ``document`` once it has been
    read. ``pattern`` as for roles."""

    pattern: str
    allows: tuple[str, ...]
    on: tuple[str, ...] = ("*",)
    file: Path | None = None
    document: Value = ABSENT


@dataclass(frozen=True)
class Config:
    """``folder`` is where the file stands: what ``paths`` (pattern, ids) are relative to.
    ``account`` is that of what names none, ``known_roles`` are files of it, ``scps`` those of its
    service control policies."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    roles: tuple[ExternalRole, ...] = ()
    folder: Path = Path()
    known_roles: tuple[Path, ...] = ()
    scps: tuple[Path, ...] = ()
    boundaries: tuple[ExternalBoundary, ...] = ()
    account: str | None = None
    #: Where it was read, to be named.
    file: Path | None = field(default=None, compare=False)

    def ignored_by(self, rule: str, file: Path) -> str | None:
        """The pattern of ``per-path-ignores`` that silences the rule in the file."""
        if not file.is_relative_to(self.folder):
            return None
        parts = file.relative_to(self.folder).parts
        for pattern, ids in self.paths:
            if rule.startswith(ids) and any(
                _parsed(pattern).ignores(parts[:end], end < len(parts))
                for end in range(1, len(parts) + 1)
            ):
                return pattern
        return None


@lru_cache(maxsize=1024)
def _parsed(pattern: str) -> gitignore.Patterns:
    return gitignore.parse(pattern)


def find(start: Path) -> Path | None:
    """The configuration file that counts in a folder: the nearest one, up to the repository's
    root."""
    for folder in (start, *start.parents):
        for name in (TOML, INI):
            if exists(folder / name) and (name == TOML or _has_section(folder / name)):
                return folder / name
        if exists(folder / ".git"):
            break
    return None


def load(file: Path) -> Config:
    """The configuration in a file. Raises Malformed, with the file and, where it can be told, the
    line; for one that a link of the repository fetches from outside, without a word of it."""
    try:
        text = Boundary.of_named(file).read_text(file)
    except Unreadable as error:
        raise Malformed(f"{file}: {error.reason.lower()}") from error
    try:
        toml.check_size(text)
        raw = _from_ini(text) if file.name.endswith(".cfg") else toml.loads(text)
        return replace(_config(raw, file.absolute().parent), file=file)
    except RecursionError as error:
        raise Malformed(f"{file}: is nested too deeply") from error
    except ValueError as error:
        raise Malformed(f"{file}: {' '.join(str(error).split())}") from error
    except Malformed as error:
        raise Malformed(f"{file}{_line_of(error.word, text)}: {error}") from error


def _line_of(word: str, text: str) -> str:
    """``:4`` for the first line that has the word, comments aside."""
    whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
    for number, line in enumerate(text.splitlines(), 1):
        if word and whole.search(line) and not line.lstrip().startswith(("#", ";")):
            return f":{number}"
    return ""


# -- the two notations -----------------------------------------------------------------------------


def _has_section(file: Path) -> bool:
    try:
        return f"[{SECTION}]" in Boundary.of_named(file).read_text(file)
    except Unreadable:
        return False


def _from_ini(text: str) -> dict[str, Any]:
    import configparser  # where it is used: a scan without a configuration begins sooner

    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error)) from error
    section = dict(parser[SECTION]) if SECTION in parser else {}
    raw: dict[str, Any] = {key: _comma_list(value) for key, value in section.items()}
    for table in {"severity", "per-path-ignores"} & set(section):
        rows = [line.partition(":") for line in section[table].splitlines() if line.strip()]
        raw[table] = {
            key.strip(): value.strip() if table == "severity" else _comma_list(value)
            for key, _, value in rows
        }
    for name in parser.sections():
        kind, _, pattern = name.removeprefix(f"{SECTION}:").partition(" ")
        if not name.startswith(f"{SECTION}:"):
            continue
        if kind not in _INI_TABLES or not pattern:
            raise Malformed(
                f"there is no section [{name}], but [{SECTION}:role NAME-OR-ARN] and "
                f"[{SECTION}:boundary NAME-OR-ARN]",
                name,
            )
        raw.setdefault(_INI_TABLES[kind], []).append(_ini_table(pattern.strip(), parser[name]))
    return raw


_INI_TABLES = {"role": "roles", "boundary": "boundaries"}


def _ini_table(pattern: str, section: Mapping[str, str]) -> dict[str, Any]:
    role: dict[str, Any] = {"arn" if pattern.startswith("arn:") else "name": pattern}
    for key, value in section.items():
        role[key] = _comma_list(value) if key in ("allows", "on", "trusts") else value
    if "complete" in role:
        role["complete"] = {"true": True, "false": False}.get(
            str(role["complete"]).lower(), role["complete"]
        )
    return role


def _comma_list(value: str) -> list[str]:
    return [item.strip() for item in re.split(r"[,\n]", value) if item.strip()]


# -- what it means ---------------------------------------------------------------------------------


def _config(raw: dict[str, Any], folder: Path) -> Config:
    settings = ("select", "ignore", "severity", "per-path-ignores")
    known = (*settings, "roles", "boundaries", *FILES, "account")
    _only(raw, known, "the configuration")
    severity = _table(raw, "severity")
    for rule, value in severity.items():
        if rule not in _rules():
            raise Malformed(f"severity: '{rule}' is no rule's id", rule)
        if value not in {grade.value for grade in Severity}:
            raise Malformed(f"severity: {rule} is error, warning or note, not '{value}'", rule)
    return Config(
        _ids(raw.get("select", ()), "select"),
        _ids(raw.get("ignore", ()), "ignore"),
        {rule: Severity(value) for rule, value in severity.items()},
        tuple(
            (pattern, _ids(ids, f"per-path-ignores '{pattern}'"))
            for pattern, ids in _table(raw, "per-path-ignores").items()
        ),
        tuple(_role(role) for role in _list(raw.get("roles", []), "roles")),
        folder,
        tuple(folder / name for name in _strings(raw.get("known-roles", ()), "known-roles")),
        tuple(folder / _file_of(table, "scps", ("file",)) for table in _tables(raw, "scps")),
        tuple(_boundary(each, folder) for each in _list(raw.get("boundaries", []), "boundaries")),
        _account(raw),
    )


def _account(raw: dict[str, Any]) -> str | None:
    account = raw.get("account")
    if isinstance(account, list):  # setup.cfg knows lists alone
        account = account[0] if len(account) == 1 else ""
    if account is None:
        return None
    if not isinstance(account, str) or not re.fullmatch(r"\d{12}", account):
        raise Malformed("account: twelve digits, in quotes", "account")
    return account


def _tables(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    tables = _list(raw.get(key, []), key)
    if not all(isinstance(table, dict) for table in tables):
        raise Malformed(f"{key}: each is a table", key)
    return tables


def _file_of(table: dict[str, Any], key: str, names: tuple[str, ...]) -> str:
    _only(table, names, f"one of the {key}")
    for name in names:
        if not isinstance(table.get(name), str) or not table[name]:
            raise Malformed(f"{key}: each has {' and '.join(names)}", key)
    return str(table["file"])


def _role(raw: Any) -> ExternalRole:
    known = ("name", "arn", "allows", "on", "trusts", "complete", "because")
    pattern = _pattern(raw, "roles", known, "a role")
    if not isinstance(raw.get("complete", False), bool):
        raise Malformed("roles: complete is true or false", "complete")
    return ExternalRole(
        pattern,
        _actions(raw, "roles"),
        _strings(raw.get("on", ["*"]), "on"),
        _strings(raw.get("trusts", ()), "trusts"),
        raw.get("complete", False),
        str(raw.get("because", "")),
    )


def _boundary(raw: Any, folder: Path) -> ExternalBoundary:
    pattern = _pattern(raw, "boundaries", ("name", "arn", "allows", "on", "file"), "a boundary")
    file = raw.get("file")
    if ("allows" in raw) == (file is not None) or not isinstance(file, (str, type(None))):
        raise Malformed("boundaries: each says what it allows, or names a file that does", pattern)
    return ExternalBoundary(
        pattern,
        _actions(raw, "boundaries"),
        _strings(raw.get("on", ["*"]), "on"),
        None if file is None else folder / file,
    )


def _pattern(raw: Any, table: str, known: Iterable[str], what: str) -> str:
    if not isinstance(raw, dict):
        raise Malformed(f"{table}: each is a table")
    _only(raw, known, what)
    patterns = [raw[key] for key in ("name", "arn") if key in raw]
    if len(patterns) != 1 or not isinstance(patterns[0], str) or not patterns[0]:
        raise Malformed(f"{table}: each has either a name or an arn")
    return patterns[0]


def _actions(raw: Mapping[str, Any], table: str) -> tuple[str, ...]:
    allows = _strings(raw.get("allows", ()), "allows")
    for action in allows:
        if action != "*" and ":" not in action:
            raise Malformed(f"{table}: '{action}' is no action, as in 's3:GetObject'", action)
    return allows


def _only(raw: Mapping[str, Any], known: Iterable[str], what: str) -> None:
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise Malformed(f"{what} has no '{unknown[0]}'; it has {', '.join(known)}", unknown[0])


def _table(raw: dict[str, Any], key: str) -> dict[str, Any]:
    table = raw.get(key, {})
    if not isinstance(table, dict):
        raise Malformed(f"{key} is a table", key)
    return table


def _list(value: Any, key: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise Malformed(f"{key} is a list", key)
    return list(value)


def _strings(value: Any, key: str) -> tuple[str, ...]:
    if not all(isinstance(item, str) for item in _list(value, key)):
        raise Malformed(f"{key} is a list of strings", key)
    return tuple(value)


def _rules() -> frozenset[str]:
    """The ids of all rules, which are loaded where a configuration names any."""
    from ..rules import RULES

    return frozenset(rule.id for rule in RULES)


def _ids(value: Any, key: str) -> tuple[str, ...]:
    ids = tuple(name.upper() for name in _strings(value, key))
    wrong = next(
        (name for name in ids if not any(rule.startswith(name or "-") for rule in _rules())), None
    )
    if wrong is not None:
        raise Malformed(f"{key}: '{wrong}' is no rule's id, nor how one begins", wrong)
    return ids
