"""Writing as it is compared: one form of digits, marks and letters of all scripts, and the way back to the original."""

import re
import unicodedata
from dataclasses import dataclass

AS_WRITTEN = {
    "٫": ".",
    "٬": ",",
    "٪": "%",
    "﹪": "%",
    "º": "°",
    "½": " 1/2",
    "⅓": " 1/3",
    "⅔": " 2/3",
    "¼": " 1/4",
    "¾": " 3/4",
    "⅛": " 1/8",
    "⅜": " 3/8",
    "⅝": " 5/8",
    "⅞": " 7/8",
    "″": '"',
    "”": '"',
    "“": '"',
    "„": '"',
    "′": "'",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "×": "×",
    "™": " ",
    "®": " ",
    "ª": " ",
    "\u00a0": "\u00a0",
    "\u202f": "\u00a0",
    "\u2009": "\u00a0",
    "\u2007": "\u00a0",
    "ـ": "",
    "ى": "ي",
    "ة": "ه",
    "ı": "i",
}
HYPHENS = dict.fromkeys("‐‑‒–—−﹣－", "-")
SUPERSCRIPTS = {"²": "2", "³": "3"}
LOOKALIKES = str.maketrans("аеорсухіјѕԁвмнктАВЕКМНОРСТХІЅαορντιυκ", "aeopcyxijsdbmhktABEKMHOPCTXISaopvtiuk")
LETTERS = re.compile(r"[^\W\d_]+")
LATIN, LOOKALIKE = re.compile(r"[A-Za-z]"), re.compile(r"[\u0370-\u052f]")


@dataclass(frozen=True, slots=True)
class Writing:
    """Hold a text in the form that is compared; `places` gives each character's place in the original."""

    original: str
    text: str
    places: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """Give what the original has between two places of the text."""
        after = self.places[end] if end < len(self.places) else len(self.original)
        return self.original[self.places[start] : after].strip() if end > start else ""


def written(original: str) -> Writing:
    """Bring a text into the form that is compared."""
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(original):
        piece = _plain(character, pieces[-1] if pieces else "")
        if piece:
            pieces.append(piece)
            places.extend([place] * len(piece))
    return Writing(original, LETTERS.sub(_unmasked, "".join(pieces)), tuple(places))


def folded(text: str) -> str:
    """Give a piece of a writing whatever the case."""
    return text.casefold()


def _plain(character: str, before: str) -> str:
    if character in AS_WRITTEN:
        return AS_WRITTEN[character]
    if character in HYPHENS:
        return "-"
    if character in SUPERSCRIPTS:
        return SUPERSCRIPTS[character] if before[-1:].isalpha() else " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    kept = (each for each in unicodedata.normalize("NFKD", character) if unicodedata.category(each) not in {"Mn", "Cf"})
    return "".join(kept)


def _unmasked(match: re.Match[str]) -> str:
    """Give a word whose Latin letters hide among letters that look like them."""
    word = match[0]
    return word.translate(LOOKALIKES) if LATIN.search(word) and LOOKALIKE.search(word) else word
