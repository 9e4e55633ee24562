"""Which files of inputs stand where those of some code would: beside it, below it, or next to it in
a folder of a usual name. What they hold says whether they are its own.

A rule of a name is about one file and one piece of code alone, so that the answer is the same
whatever else is scanned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePath

from ..symbolic.source import entries
from .units import Tree

#: The most files that one piece of code is judged with.
MAX_SETS = 10
#: How deep, and in how many folders in all, one looks below a folder of a usual name.
MAX_DEPTH, MAX_FOLDERS = 3, 100

_WORD = re.compile(r"[a-z]+|\d+")
#: The environments by the words for each.
_ENVIRONMENTS = {
    word: words[0]
    for words in (
        ("prod", "production", "prd", "pro", "live"),
        ("staging", "stage", "stg", "stag"),
        ("preprod", "preproduction"),
        ("nonprod", "nonproduction"),
        ("dev", "develop", "development"),
        ("test", "testing", "tst"),
        ("qa",),
        ("uat",),
        ("int", "integration"),
        ("sandbox", "sbx"),
        ("demo",),
        ("perf", "performance"),
    )
    for word in words
}
#: The words of folders in which files of inputs are kept.
_FOLDERS = frozenset(
    [
        *("env", "envs", "environment", "environments", "stage", "stages", "account", "accounts"),
        *("var", "vars", "variable", "variables", "tfvar", "tfvars", "value", "values"),
        *("conf", "config", "configs", "configuration", "configurations", "setting", "settings"),
        *("param", "params", "parameter", "parameters", "input", "inputs"),
        *("deployment", "deployments", "workspace", "workspaces"),
    ]
)
_EXAMPLES = frozenset(["example", "examples", "sample", "samples", "dummy", "skeleton"])
_SHARED = frozenset(["common", "global", "globals", "shared", "base", "all", "general"])
_PLACEHOLDER = re.compile(
    r"<[^<>]*>|\{\{|\$\{|\bchange[-_ ]?(?:me|it|this)\b|\breplace[-_ ]?(?:me|this|with)|"
    r"\byour[-_ ]|x{4,}|\b(?:todo|fixme|placeholder|dummy)\b",
    re.IGNORECASE,
)


class InputFiles:
    """The files around what is scanned, each folder listed once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._listed: dict[Path, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def near(
        self,
        home: Path,
        is_wanted: Callable[[str], bool],
        is_home: Callable[[str], bool] = lambda name: False,
    ) -> tuple[Path, ...]:
        """The files of wanted names that may be of the code in the folder ``home``, none of which
        its path says that it is an example, or of another environment than the folder. What lies
        beside a file that ``is_home`` belongs there."""
        found = [*self._beside(home), *self._in_folders(home, is_home)]
        above = home.parent
        if above != home and self._tree.boundary.allows(above):
            if not any(map(is_home, self._names(above)[0])):
                found += self._beside(above)
            found += self._in_folders(above, is_home, but=home)
        return tuple(
            path
            for path in dict.fromkeys(found)
            if is_wanted(path.name) and self._is_seen(path) and self._fits(home, path)
        )

    def siblings(self, home: Path) -> tuple[str, ...]:
        """The names of the folders beside it, but for those in which inputs are kept."""
        if not self._tree.boundary.allows(home.parent):
            return ()
        names = self._names(home.parent)[1]
        return tuple(name for name in names if name != home.name and not _keeps_inputs(name))

    def files(self, folder: Path) -> tuple[str, ...]:
        """The names of the files in a folder."""
        return self._names(folder)[0]

    def _beside(self, folder: Path) -> Iterator[Path]:
        return (folder / name for name in self._names(folder)[0])

    def _in_folders(
        self, folder: Path, is_home: Callable[[str], bool], but: Path | None = None
    ) -> Iterator[Path]:
        """The files below the folders of usual names in the folder."""
        waiting = [
            (folder / name, 1)
            for name in reversed(self._names(folder)[1])
            if folder / name != but and _keeps_inputs(name)
        ]
        left = MAX_FOLDERS
        while waiting and left:
            at, depth = waiting.pop()
            left -= 1
            files, folders = self._names(at)
            if any(map(is_home, files)):
                continue
            yield from self._beside(at)
            if depth < MAX_DEPTH:
                waiting += ((at / name, depth + 1) for name in reversed(folders))

    def _names(self, folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if folder not in self._listed:
            try:
                listed = entries(folder) if self._tree.boundary.is_folder(folder) else []
            except OSError:
                listed = []
            self._listed[folder] = (
                tuple(each.name for each in listed if not each.is_dir(follow_symlinks=False)),
                tuple(
                    each.name
                    for each in listed
                    if each.is_dir(follow_symlinks=False) and not each.name.startswith(".")
                ),
            )
        return self._listed[folder]

    @cached_property
    def _found(self) -> frozenset[Path]:
        return frozenset(self._tree.files)

    @cached_property
    def _walked(self) -> tuple[Path, ...]:
        return tuple(path for path in self._tree.given if self._tree.boundary.is_folder(path))

    def _is_seen(self, path: Path) -> bool:
        """Not where the scan has left it out of a folder that it has walked."""
        return path in self._found or not any(map(path.is_relative_to, self._walked))

    def _fits(self, home: Path, path: Path) -> bool:
        """Does the path neither say that it is an example, nor name another environment than the
        folder stands for?"""
        root = self._tree.boundary.root
        own = frozenset(
            environment
            for part in (home.relative_to(root).parts if home.is_relative_to(root) else ())
            if all(len(word) < 3 or word in _ENVIRONMENTS for word in words(part))
            for environment in environments((part,))
        )
        place = path.relative_to(home if path.is_relative_to(home) else home.parent).parts
        theirs = environments(place)
        if any(not _EXAMPLES.isdisjoint(words(part)) for part in place):
            return False
        return not own or not theirs or not own.isdisjoint(theirs)


def _keeps_inputs(folder: str) -> bool:
    """``env``, ``tf-vars``, ``prod-eu1``; not ``config-service``, which is something of its own."""
    found = words(folder)
    return any(word in _FOLDERS or word in _ENVIRONMENTS for word in found) and all(
        len(word) < 3 or word in _FOLDERS or word in _ENVIRONMENTS for word in found
    )


def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: ``api-prod.tfvars`` has three."""
    return tuple(_WORD.findall(name.lower()))


def environments(names: Iterable[str]) -> frozenset[str]:
    """The environments that the names speak of."""
    return frozenset(
        _ENVIRONMENTS[word] for name in names for word in words(name) if word in _ENVIRONMENTS
    )


def is_shared(path: PurePath) -> bool:
    """Does its name say that it is for all environments, to be used along with another file?"""
    return not _SHARED.isdisjoint(words(path.stem)) and not environments((path.stem,))


def names_another(place: Iterable[str], own: str, others: Iterable[str]) -> bool:
    """Does a path name one of the others, and its own not as well?"""
    parts = [words(part) for part in place]

    def is_named(name: str) -> bool:
        wanted = words(name)
        return bool(wanted) and any(
            part[start : start + len(wanted)] == wanted
            for part in parts
            for start in range(len(part))
        )

    return not is_named(own) and any(map(is_named, others))


def is_placeholder(text: str) -> bool:
    """Is it what somebody has to fill in? ``<your-vpc>``, ``changeme``, ``xxxx``."""
    return _PLACEHOLDER.search(text) is not None


def in_order(paths: Iterable[Path]) -> list[Path]:
    """Production first, for no more than some can be used; then by their names."""
    return sorted(paths, key=lambda p: ("prod" not in environments(p.parts[-3:]), p.as_posix()))
