"""Texts that are JSON, with the structure that their pieces know."""

from __future__ import annotations

from ...symbolic.jsontext import Piece, looks_like_json, parse_pieces
from ...symbolic.records import replace
from ...symbolic.values import JsonFault, Known, Text, Unknown
from ..syntax import numeric


def with_structure(whole: Known | Text, pieces: list[Piece], *, is_raw: bool) -> Known | Text:
    """The text with the structure that it is the JSON of, where the pieces know more of their
    places (``is_raw``) or of their own structure than the text alone would."""
    if not looks_like_json(whole):
        return whole
    if not is_raw and not any(
        isinstance(piece.value, (Known, Text)) and piece.value.encodes is not None
        for piece in pieces
    ):
        return whole
    structure = parse_pieces(pieces, whole.span, numeric.parse)
    if isinstance(structure, Unknown) or (isinstance(structure, JsonFault) and not is_raw):
        return whole
    return replace(whole, encodes=structure)
