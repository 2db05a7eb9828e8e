"""Bounds on what is parsed: lexbor's time grows with the square of depth, of options in a select, of attributes in a tag."""

import re
from itertools import accumulate
from operator import sub

LARGEST = 6_000_000
DEEPEST = 600
MANY_TAGS = 15_000
MOST_OPTIONS = 3000
LONGEST_TAG = 60_000
NESTING = (
    "div",
    "ul",
    "ol",
    "li",
    "span",
    "table",
    "section",
    "b",
    "i",
    "u",
    "em",
    "font",
    "a",
    "p",
    "nobr",
    "dl",
    "details",
    "svg",
)
NESTS = re.compile(rf"<(/?)(?:{'|'.join(NESTING)})\b".encode(), re.IGNORECASE)
NESTED = re.compile(NESTS.pattern + rb"[^<>]*>", re.IGNORECASE)
STEPS = {b"": 1, b"/": -1}
OPTION = re.compile(rb"</?option\b[^<>]*>", re.IGNORECASE)
GIANT = re.compile(rf"<[a-zA-Z][^<>]{{{LONGEST_TAG},}}>?".encode())


def bounded(html: bytes) -> bytes:
    """Give a page that parses in bounded time: cut at `LARGEST` bytes, without what is nested or repeated beyond reason.

    A page of a shop passes unchanged.
    """
    html = html[:LARGEST]
    tags = html.count(b"<")
    if tags > MOST_OPTIONS and html.count(b"<option") + html.count(b"<OPTION") > MOST_OPTIONS:
        html = OPTION.sub(b"", html)
    if _has_giant(html):
        html = GIANT.sub(b"", html)
    return _shallow(html) if tags > MANY_TAGS else html


def _has_giant(html: bytes) -> bool:
    """Tell whether some tag is longer than `LONGEST_TAG`, looking only where no tag ends for that long."""
    start = 0
    while len(html) - start > LONGEST_TAG:
        end = html.rfind(b">", start, start + LONGEST_TAG + 1)
        if end < 0:
            end = html.find(b">", start + LONGEST_TAG)
            end = len(html) if end < 0 else end
            if any(len(part) > LONGEST_TAG and part[:1].isalpha() for part in html[start:end].split(b"<")[1:]):
                return True
        start = end + 1
    return False


def _shallow(html: bytes) -> bytes:
    """Drop the tags that open deeper than `DEEPEST`, and the ones that close them; their text stays."""
    if _depth(html) <= DEEPEST:
        return html
    depth = 0

    def keep(match: re.Match[bytes]) -> bytes:
        nonlocal depth
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < DEEPEST else b""
        depth += 1
        return match[0] if depth <= DEEPEST else b""

    return NESTED.sub(keep, html)


def _depth(html: bytes) -> int:
    """Count how deep tags nest, where one that closes nothing counts for nothing."""
    balance = list(accumulate(map(STEPS.__getitem__, NESTS.findall(html)), initial=0))
    return max(map(sub, balance, accumulate(balance, min)))
