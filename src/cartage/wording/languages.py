"""Languages of texts: which one a text is in, as far as its letters and small words tell."""

import re

from cartage.wording.writing import written

SMALL_WORDS = {
    "en": "the and of with for is are this that from your it to in by on as or at",
    "de": "der die das und mit fur ist ein eine einen aus von im den dem zu auf nicht sich auch aus",
    "fr": "le la les et de des du un une avec pour est en dans ce cette sur pas ou par aux",
    "es": "el la los las y de del un una con para es en que su por no al este esta",
    "it": "il la le gli e di del della un una con per in che non da al questo questa lo",
}
ARABIC, CYRILLIC = r"\u0600-\u06ff", r"\u0400-\u052f"
SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ur"), ARABIC),
    **dict.fromkeys(("ru", "uk", "bg", "sr"), CYRILLIC),
    "he": r"\u0590-\u05ff",
    "el": r"\u0370-\u03ff",
    "ja": r"\u3040-\u30ff\u4e00-\u9fff",
    "zh": r"\u4e00-\u9fff",
    "ko": r"\uac00-\ud7af",
    "hi": r"\u0900-\u097f",
    "th": r"\u0e00-\u0e7f",
    "bn": r"\u0980-\u09ff",
}
ENOUGH_SMALL_WORDS = 2
OWN_SHARE = 0.5
WORD = re.compile(r"[a-z]+")
LETTER = re.compile(r"[^\W\d_]")


def base(language: str | None) -> str:
    """Give a language tag's language alone: `ar` of `ar-EG`."""
    return re.split(r"[-_]", language or "", maxsplit=1)[0].lower()


def language_in(text: str) -> str:
    """Guess a text's language; empty where nothing tells."""
    if is_in_script(text, "ar"):
        return "ar"
    words = WORD.findall(written(text).text.casefold())
    counts = {language: sum(word in small.split() for word in words) for language, small in SMALL_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= ENOUGH_SMALL_WORDS else ""


def is_in_script(text: str, language: str) -> bool:
    """Tell whether half of a text's letters or more are of the script that a language is written in."""
    letters = LETTER.findall(text)
    script = SCRIPTS.get(base(language))
    if script:
        own = [letter for letter in letters if re.match(f"[{script}]", letter)]
        return bool(own) and len(own) >= OWN_SHARE * len(letters)
    foreign = [letter for letter in letters if re.match(r"[\u0370-\u1fff\u3040-\ud7af]", letter)]
    return len(foreign) < OWN_SHARE * len(letters) or not letters
