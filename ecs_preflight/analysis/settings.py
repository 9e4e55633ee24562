"""What is in force besides the rules' own: what a configuration, the command line or a baseline
turns off, grades or asserts. A reader of a report that is green wants to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..findings.finding import Severity
from ..symbolic.records import dataclass
from ..symbolic.source import shown
from .config import Config
from .options import Options

#: So many names of a kind are said.
NAMED = 5


@dataclass(frozen=True)
class Setting:
    """``file`` is that of the configuration, or "" for the command line."""

    file: str
    says: tuple[str, ...]


def in_force(options: Options) -> tuple[Setting, ...]:
    """What each of the two says that changes a verdict; nothing where it says nothing."""
    config = options.config
    found = (
        Setting(shown(config.file) if config.file else "", tuple(_configured(config))),
        Setting("", tuple(_asked(options))),
    )
    return tuple(setting for setting in found if setting.says)


def _asked(options: Options) -> Iterator[str]:
    yield from _chosen(options.select, options.ignore)
    if options.baseline:
        yield f"knows {_counted(len(options.baseline), 'finding')} by a baseline"


def _configured(config: Config) -> Iterator[str]:
    yield from _chosen(config.select, config.ignore)
    yield from _graded(config.severity)
    for pattern, ids in config.paths[:NAMED]:
        yield f"ignores {_listed(ids)} in '{pattern}'"
    if len(config.paths) > NAMED:
        yield f"ignores rules in {len(config.paths) - NAMED} more patterns of paths"
    for noun, patterns in (
        ("role", [role.pattern for role in config.roles]),
        ("permissions boundary", [boundary.pattern for boundary in config.boundaries]),
    ):
        if patterns:
            stars = [f"'{pattern}'" for pattern in patterns if set(pattern) & set("*?")]
            wide = f", {len(stars)} by wildcard: {_listed(stars)}" if stars else ""
            yield f"asserts {_counted(len(patterns), noun)}{wide}"


def _chosen(select: Sequence[str], ignore: Sequence[str]) -> Iterator[str]:
    if select:
        yield f"selects {_listed(select)}"
    if ignore:
        yield f"ignores {_listed(ignore)}"


def _graded(severity: Mapping[str, Severity]) -> Iterator[str]:
    for grade in Severity:
        rules = [rule for rule, given in severity.items() if given is grade]
        if rules:
            yield f"makes {_listed(rules)} {grade.value}s"


def _counted(count: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count} {noun if count == 1 else plural}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"
