"""Which files of inputs stand where those of some code would: beside it, below it, or next to it in
a folder of a usual name. What they hold says whether they are its own.

A rule of a name is about one file and one piece of code alone, so that the answer is the same
whatever else is scanned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path, PurePath

from ..symbolic.patterns import regex
from ..symbolic.source import entries
from .units import Tree

#: The words of a name, in lower case.
Words = tuple[str, ...]
#: How many words of a name are looked at.
MAX_WORDS = 12
#: The most files that one piece of code is judged with.
MAX_SETS = 10
#: How deep, and in how many folders in all, one looks below a folder of a usual name.
MAX_DEPTH, MAX_FOLDERS = 3, 100

_WORD = regex(r"[a-z]+|\d+")
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


class InputFiles:
    """The files around what is scanned, each folder listed once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._listed: dict[Path, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._shared: dict[Path, tuple[tuple[Path, frozenset[Words]], ...]] = {}
        self._siblings: dict[Path, frozenset[Words]] = {}

    def near(
        self,
        home: Path,
        is_wanted: Callable[[str], bool],
        is_home: Callable[[str], bool] | None = None,
    ) -> tuple[Path, ...]:
        """The files of wanted names that may be of the code in the folder ``home``: of none its
        path says that it is an example, or of another environment than the folder. Where each piece
        of code has a folder for itself, by a file that ``is_home``, what lies beside such a file,
        or names a folder beside ``home``, belongs there."""
        own, above = words(home.name), home.parent
        others = frozenset[Words]() if is_home is None else self._names_beside(home)
        found = [
            path
            for path in (*self._beside(home), *self._in_folders(home, is_home))
            if is_wanted(path.name) and _may_be_of(own, runs(place(home, path)), others)
        ]
        if above != home and self._tree.boundary.allows(above):
            found += (
                path
                for path, named in self._above(above, is_home)
                if is_wanted(path.name)
                and _may_be_of(own, named, others)
                and not path.is_relative_to(home)
            )
        return tuple(
            path for path in dict.fromkeys(found) if self._is_seen(path) and self._fits(home, path)
        )

    def _above(
        self, folder: Path, is_home: Callable[[str], bool] | None
    ) -> tuple[tuple[Path, frozenset[Words]], ...]:
        """The files in a folder that has others, and below it, with what their paths name; listed
        once for all that the folder has."""
        if folder not in self._shared:
            found = [*self._in_folders(folder, is_home)]
            if is_home is None or not any(map(is_home, self._names(folder)[0])):
                found = [*self._beside(folder), *found]
            self._shared[folder] = tuple(
                (path, runs(path.relative_to(folder).parts)) for path in found
            )
        return self._shared[folder]

    def _names_beside(self, home: Path) -> frozenset[Words]:
        """What the folders beside it are called, but for those in which inputs are kept."""
        above = home.parent
        if above not in self._siblings:
            names = self._names(above)[1] if self._tree.boundary.allows(above) else ()
            self._siblings[above] = frozenset(words(n) for n in names if not _keeps_inputs(n))
        return self._siblings[above]

    def files(self, folder: Path) -> tuple[str, ...]:
        """The names of the files in a folder."""
        return self._names(folder)[0]

    def _beside(self, folder: Path) -> Iterator[Path]:
        return (folder / name for name in self._names(folder)[0])

    def _in_folders(self, folder: Path, is_home: Callable[[str], bool] | None) -> Iterator[Path]:
        """The files below the folders of usual names in the folder."""
        waiting = [
            (folder / name, 1) for name in reversed(self._names(folder)[1]) if _keeps_inputs(name)
        ]
        left = MAX_FOLDERS
        while waiting and left:
            at, depth = waiting.pop()
            left -= 1
            files, folders = self._names(at)
            if is_home is not None and any(map(is_home, files)):
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
        parts = place(home, path)
        theirs = environments(parts)
        if any(not _EXAMPLES.isdisjoint(words(part)) for part in parts):
            return False
        return not own or not theirs or not own.isdisjoint(theirs)


def _keeps_inputs(folder: str) -> bool:
    """``env``, ``tf-vars``, ``prod-eu1``; not ``config-service``, which is something of its own."""
    found = words(folder)
    return any(word in _FOLDERS or word in _ENVIRONMENTS for word in found) and all(
        len(word) < 3 or word in _FOLDERS or word in _ENVIRONMENTS for word in found
    )


@lru_cache(maxsize=10_000)
def words(name: str) -> Words:
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


def place(home: Path, path: Path) -> tuple[str, ...]:
    """The parts of the path from the folder on, or from the one around it where it lies beside."""
    return path.relative_to(home if path.is_relative_to(home) else home.parent).parts


def runs(place: Iterable[str]) -> frozenset[Words]:
    """All that a path may name: the words that follow each other in a part of it."""
    return frozenset(
        part[start:end]
        for part in map(words, place)
        for start in range(min(len(part), MAX_WORDS))
        for end in range(start + 1, min(len(part), MAX_WORDS) + 1)
    )


def _may_be_of(own: Words, named: frozenset[Words], others: frozenset[Words]) -> bool:
    """Does what is named not speak of others alone?"""
    return own in named or named.isdisjoint(others)


def in_order(paths: Iterable[Path]) -> list[Path]:
    """Production first, for no more than some can be used; then by their names."""
    return sorted(paths, key=lambda p: ("prod" not in environments(p.parts[-3:]), p.as_posix()))
