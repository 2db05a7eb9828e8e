"""Sentences of a text."""

import re

END = re.compile(r"(?<=[.!?؟。！？…])[\"'”’)\]]*\s+|(?<=[。！？])|\n+")
SHORTENED = re.compile(
    r"(?:^|[\s(])(?:no|nr|fl|in|ft|approx|ca|max|min|incl|etc|z\.b|d\.h|p\.ex|ej|st|dr|mr|e\.g|i\.e|vs)\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Give where each sentence begins and ends; a line's end ends one too."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in END.finditer(text):
        lower = text[match.end() : match.end() + 1].islower() or text[match.end() : match.end() + 1].isdigit()
        if "\n" not in match[0] and lower and SHORTENED.search(text[start : match.start()]):
            continue
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(text)))
    return [(first, last) for first, last in found if text[first:last].strip()]
