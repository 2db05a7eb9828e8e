"""Handles and codes: how a shop tells products apart, each of them used once in a file."""

import re
import unicodedata
from dataclasses import dataclass, field

NOT_PLAIN = re.compile(r"[^a-z0-9]+")
LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "þ": "th", "ı": "i"})
LONGEST_HANDLE = 200
TAIL = 10  # letters of an id that no other product of a catalogue has


@dataclass(slots=True)
class Roll:
    """Remember the handles and codes that a file has already."""

    handles: set[str] = field(default_factory=set[str])
    codes: set[str] = field(default_factory=set[str])

    def handle(self, wanted: str, product_id: str) -> str:
        """Take a handle, with the end of the product's id where another product has it."""
        free = wanted if wanted not in self.handles else f"{wanted}-{tail_of(product_id)}"
        self.handles.add(free)
        return free

    def take_code(self, code: str) -> bool:
        """Take a code; False where another product or variant has it."""
        if code in self.codes:
            return False
        self.codes.add(code)
        return True


def handle_of(name: str) -> str:
    """Make a handle of small Latin letters, digits and hyphens; empty where the name has none of them."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return NOT_PLAIN.sub("-", bare)[:LONGEST_HANDLE].strip("-")


def tail_of(product_id: str) -> str:
    """Give the end of a product's id, in small letters."""
    return product_id[-TAIL:].lower()
