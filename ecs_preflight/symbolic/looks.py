"""What was looked at on disk, and what was seen: so that it can be told later whether all that an
answer rests on is still as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b

#: (what was asked, the root of the boundary or "", the path).
Look = tuple[str, str, str]
_noted: ContextVar[dict[Look, str] | None] = ContextVar("looks", default=None)


@contextmanager
def noted(into: dict[Look, str] | None = None) -> Iterator[dict[Look, str]]:
    """Notes what is looked at inside, that of threads in a copy of the context too; with what was
    noted before, if it is to go on."""
    looks: dict[Look, str] = {} if into is None else into
    token = _noted.set(looks)
    try:
        yield looks
    finally:
        _noted.reset(token)
        add(looks)


def add(looks: Mapping[Look, str]) -> None:
    """Notes looks that were noted elsewhere."""
    outer = _noted.get()
    if outer is not None:
        outer.update(looks)


def note(question: str, root: object, path: object, seen: object) -> None:
    """Notes one look, where anybody asks for it; ``seen`` bytes by their digest."""
    looks = _noted.get()
    if looks is not None:
        looks[question, str(root), str(path)] = (
            digest(seen) if isinstance(seen, bytes) else str(seen)
        )


def digest(data: bytes) -> str:
    """What tells one content from another."""
    return blake2b(data, digest_size=16).hexdigest()
