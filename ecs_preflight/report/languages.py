"""The language of a file, by its name, as Markdown's fences call it."""

from __future__ import annotations

_FENCES = {
    ".tf": "hcl",
    ".tofu": "hcl",
    ".hcl": "hcl",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
}


def fence_of(file: str) -> str:
    """``hcl``, ``yaml``, ``json``, or "" of a name that tells none."""
    return next((fence for end, fence in _FENCES.items() if file.endswith(end)), "")
