"""What a text looks like that something is missing from."""

from __future__ import annotations

from collections.abc import Sequence


def is_gap(before: Sequence[object], after: Sequence[object]) -> bool:
    """Would a text that has nothing between the two be a mere suffix, or lack a part between two
    separators? Each is a text's parts: strings, and holes, next to which nothing is missing. In
    JSON or a script that is asked of the quoted string, which may be all that is missing."""
    left = next((piece for piece in reversed(before) if piece != ""), "")
    right = next((piece for piece in after if piece != ""), "")
    if not isinstance(left, str) or not isinstance(right, str):
        return False
    if '"' in left and '"' in right:
        left, right = left.rpartition('"')[2], right.partition('"')[0].rstrip("\\")
        if not left and not right:
            return True
    if not left:
        return right.startswith((":", "-")) or right == "/*"
    return left[-1] in ":/" and (not right or right[0] in ":/-")
