"""What is one key, whichever language spells it."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def folded(name: str, exact: bool = False) -> str:
    """A key without case and underscores: ``task_role_arn`` and ``TaskRoleArn`` are one. With
    ``exact`` underscores count, as where the API's own JSON is decoded."""
    return (name if exact else name.replace("_", "")).casefold()
