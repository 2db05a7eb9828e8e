"""The difference between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

WORD = re.compile(r"\s+|[\w'’-]+|[^\w\s]")
MOST_WORDS = 4000

Change = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold a run of words that both texts have, or only the former or the latter."""

    change: Change
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Give what became of a text: pieces that together, without the added ones, are the former."""
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return [piece for piece in (Piece("removed", before), Piece("added", after)) if piece.text]
    pieces: list[Piece] = []
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[first:last])))
            continue
        pieces += [
            piece
            for piece in (Piece("removed", "".join(old[first:last])), Piece("added", "".join(new[start:end])))
            if piece.text
        ]
    return pieces
