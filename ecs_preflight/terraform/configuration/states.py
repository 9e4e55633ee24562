"""Where the state of a root module is kept, and whose state a ``terraform_remote_state`` reads.

Source: the Terraform documentation, "Backend Configuration", "The terraform_remote_state Data
Source", and the pages of the single backends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...adapters.input_files import InputFiles
from ...symbolic.records import dataclass
from ...symbolic.values import ABSENT, Entries, Items, Known, Unknown, Value, literal
from ..syntax.nodes import Body, Literal, SourceFile
from .module import Library, Module, is_configuration

#: What tells one state of a backend from another: arguments that must be given, and such as have a
#: default.
_IDENTITY: Mapping[str, Mapping[str, str | None]] = {
    "s3": {"bucket": None, "key": None},
    "gcs": {"bucket": None, "prefix": ""},
    "azurerm": {"storage_account_name": None, "container_name": None, "key": None},
    "consul": {"address": "", "path": None},
    "http": {"address": None},
    "cos": {"bucket": None, "prefix": "", "key": "terraform.tfstate"},
    "oss": {"bucket": None, "prefix": "env:", "key": "terraform.tfstate"},
}
#: How files are called that hold a part of a backend.
_FILE_ENDINGS = (".hcl", ".conf", ".config", ".tfvars")
#: The data source that reads a state.
TYPE = "terraform_remote_state"
#: What Terragrunt's ``dependency`` reads, by the unit's folder.
DEPENDENCY = "dependency"
_LOCAL, _REMOTE, _CLOUD = "local", "remote", "cloud"
_STATE_FILE = "terraform.tfstate"


@dataclass(frozen=True)
class State:
    """One state: its backend, and the arguments that tell it from others of that backend. A
    root's workspaces are not told apart: they are states of the same code."""

    backend: str
    place: tuple[str, ...]


def states_of_root(module: Module, files: Sequence[Entries] = ()) -> tuple[State, ...]:
    """Where the root's code says that its state is kept; nowhere where it leaves that, or a part of
    it, to the command line. What it leaves to that the ``files`` may say which ``-backend-config``
    names, each for one of its environments. Without a backend it is a file in the root's
    directory."""
    for kind, written in _declared(module):
        whole = state(kind, written, module.folder)
        found = [whole] if whole else [state(kind, _over(written, f), module.folder) for f in files]
        return tuple(dict.fromkeys(each for each in found if each is not None))
    local = state(_LOCAL, Entries(()), module.folder)
    return (local,) if local else ()


def is_partial(module: Module) -> bool:
    """Does the root leave a part of its backend to the command line?"""
    return any(state(kind, written, module.folder) is None for kind, written in _declared(module))


def _declared(module: Module) -> Iterator[tuple[str, Entries]]:
    """The root's backend: its kind, and its arguments as they are written."""
    for block in module.settings:
        for backend in block.body.of("backend"):
            yield backend.labels[0] if backend.labels else "", _written(backend.body)
        for cloud in block.body.of("cloud"):
            yield _REMOTE, _written(cloud.body)


def _over(written: Entries, given: Entries) -> Entries:
    return Entries(tuple({**dict(written.entries), **dict(given.entries)}.items()))


def is_declared(module: Module) -> bool:
    """Has the root a backend? One without may be given one by whoever deploys it."""
    return any(block.body.of("backend") or block.body.of("cloud") for block in module.settings)


def state(backend: str, arguments: Value, folder: Path) -> State | None:
    """The state that the arguments of a backend describe, seen from the root in ``folder``; None
    where an argument is missing or not known."""
    if not isinstance(arguments, Entries):
        return None
    if backend == _LOCAL:
        path = _text(arguments, "path", _STATE_FILE)
        return None if path is None else State(_LOCAL, (os.path.normpath(folder / path),))
    if backend in (_REMOTE, _CLOUD):
        workspaces = arguments.get("workspaces")
        if isinstance(workspaces, Items) and workspaces.items:
            workspaces = workspaces.items[0]
        found: tuple[str | None, ...] = (
            _text(arguments, "hostname", "app.terraform.io"),
            _text(arguments, "organization", None),
            _text(workspaces, "name", None) if isinstance(workspaces, Entries) else None,
        )
    elif backend in _IDENTITY:
        found = tuple(_text(arguments, name, d) for name, d in _IDENTITY[backend].items())
    else:
        return None
    known = tuple(part for part in found if part is not None)
    name = _REMOTE if backend == _CLOUD else backend
    return State(name, known) if len(known) == len(found) else None


def _text(arguments: Entries, name: str, default: str | None) -> str | None:
    given = arguments.get(name)
    if given in (ABSENT, Known(None)):
        return default if arguments.remainder is None else None
    return literal(given)


def backend_files(module: Module, library: Library, around: InputFiles) -> Iterator[Entries]:
    """What the files say that ``terraform init -backend-config=FILE`` may be given for the root:
    ``backend.hcl``, ``backend-prod.conf``, ``prod.s3.tfbackend``."""

    def is_one(name: str) -> bool:
        lower = name.lower()
        whole = lower.endswith(".tfbackend")
        return whole or ("backend" in lower and lower.endswith(_FILE_ENDINGS))

    for path in around.near(module.folder, is_one, is_configuration):
        file = library.file(path)
        if isinstance(file, SourceFile):
            yield _written(file.body)


def _written(body: Body) -> Entries:
    """A backend's arguments: literals, as Terraform wants them; what is computed is not known."""
    attributes = (
        (a.name, Known(a.value.value) if isinstance(a.value, Literal) else Unknown("computed"))
        for a in body.attributes
    )
    blocks = ((block.type, _written(block.body)) for block in body.blocks)
    return Entries((*attributes, *blocks))
