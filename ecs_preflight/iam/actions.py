"""Actions by name: which exist, and which resources each can be limited to. Generated data.

``tools/refresh_actions.py`` writes the data, for the services that the rules speak of. Of any other
service nothing is known. To decide whether a role may do something no list is needed; this one
serves to find misspelt actions, and statements whose resources do not fit their actions.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ..symbolic.arns import ACCOUNT, PARTITION, REGION
from ..symbolic.globs import text_glob
from ..symbolic.values import Shape, Unknown, Value, join

_HOLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Unlisted:
    """An action that its service lacks; ``nearest`` is a similar one that exists, or None."""

    action: str
    nearest: str | None


def unknown_action(action: str) -> Unlisted | None:
    """None when the action exists, has a wildcard, or is of a service that is not in the data."""
    service, _, name = action.partition(":")
    known = _services().get(service.lower())
    if known is None or not name or "*" in name or "?" in name or name.lower() in known:
        return None
    alike = [other for other in known if other[0] == name[0].lower()]
    close = difflib.get_close_matches(name.lower(), alike, n=1, cutoff=0.8)
    return Unlisted(action, f"{service.lower()}:{known[close[0]][0]}" if close else None)


def takes_resource(action: str) -> bool | None:
    """Can the action be limited to resources (facts J1)? None for an action that is not listed."""
    found = _entry(action)
    return None if found is None else bool(found[1])


def formats(action: str) -> tuple[Value, ...] | None:
    """The ARNs that the action can be limited to, with holes; None when it is not listed."""
    found = _entry(action)
    return None if found is None else tuple(_format(written) for written in found[1])


def as_written(action: str) -> str:
    """The action in the spelling of the reference, where it is listed."""
    found = _entry(action)
    return action if found is None else f"{action.partition(':')[0].lower()}:{found[0]}"


def _entry(action: str) -> tuple[str, tuple[str, ...]] | None:
    service, _, name = action.lower().partition(":")
    return _services().get(service, {}).get(name)


@lru_cache(maxsize=1)
def _services() -> dict[str, dict[str, tuple[str, tuple[str, ...]]]]:
    data = json.loads((files(__package__) / "data" / "actions.json").read_text("utf-8"))
    return {
        service: {
            name.lower(): (name, tuple(row["formats"][index] for index in indices))
            for name, indices in row["actions"].items()
        }
        for service, row in data["services"].items()
    }


def _hole(name: str) -> Unknown:
    """What may stand for one part of a format. Where the real shape is narrower than any text it
    matters: it tells a bucket from its objects, a log group from its streams, a key from an
    alias."""
    shape = {
        "LogGroupName": Shape.WORD,
        "BucketName": Shape.SEGMENT,
        "KeyId": Shape.SEGMENT,
        "ClusterName": Shape.SEGMENT,
    }.get(name, Shape.ANY)
    return Unknown(f"'{name}' may be any", shape=shape)


_PARTS: dict[str, tuple[Value | str, ...]] = {
    "Partition": (PARTITION,),
    "Region": (REGION,),
    "Account": (ACCOUNT,),
    # A secret's ARN ends with six characters of Secrets Manager's choice (facts C4).
    "SecretId": (_hole("name"), "-", Unknown("Secrets Manager appends it", shape=Shape.SUFFIX)),
    # The name's own leading slash is the one after "parameter" (facts C6).
    "ParameterNameWithoutLeadingSlash": (Unknown("any name", shape=Shape.SEGMENT), _hole("name")),
}


@lru_cache(maxsize=1024)
def _format(written: str) -> Value:
    parts: list[Value | str] = []
    end = 0
    for hole in _HOLE.finditer(written):
        parts += [written[end : hole.start()], *_PARTS.get(hole.group(1), (_hole(hole.group(1)),))]
        end = hole.end()
    return join(*parts, written[end:])


def matching(pattern: str) -> tuple[str, ...] | None:
    """The listed actions that a pattern covers; None when its service is not listed."""
    service, _, name = pattern.lower().partition(":")
    known = _services().get(service)
    if known is None:
        return None
    glob = text_glob(name.replace("[", "[[]"))
    return tuple(f"{service}:{real}" for lower, (real, _) in known.items() if glob.matches(lower))
