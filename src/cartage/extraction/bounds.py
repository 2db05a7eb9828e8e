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
NESTED = re.compile(rf"<(/?)(?:{'|'.join(NESTING)})\b[^<>]*>", re.IGNORECASE)
OPTION = re.compile(r"</?option\b[^<>]*>", re.IGNORECASE)
GIANT = re.compile(rf"<[a-zA-Z][^<>]{{{LONGEST_TAG},}}>?")


def bounded(html: str) -> str:
    """Give a page that parses in bounded time: cut at `LARGEST` characters, without what is nested or repeated beyond reason.

    A page of a shop passes unchanged.
    """
    html = html[:LARGEST]
    tags = html.count("<")
    if tags > MOST_OPTIONS and html.count("<option") + html.count("<OPTION") > MOST_OPTIONS:
        html = OPTION.sub("", html)
    if _has_giant(html):
        html = GIANT.sub("", html)
    return _shallow(html) if tags > MANY_TAGS else html


def _has_giant(html: str) -> bool:
    """Tell whether some tag is longer than `LONGEST_TAG`, looking only where no tag ends for that long."""
    start = 0
    while len(html) - start > LONGEST_TAG:
        end = html.rfind(">", start, start + LONGEST_TAG + 1)
        if end < 0:
            end = html.find(">", start + LONGEST_TAG)
            end = len(html) if end < 0 else end
            if any(len(part) > LONGEST_TAG and part[0].isalpha() for part in html[start:end].split("<")[1:]):
                return True
        start = end + 1
    return False


def _shallow(html: str) -> str:
    """Drop the tags that open deeper than `DEEPEST`, and the ones that close them; their text stays."""
    if _depth(html) <= DEEPEST:
        return html
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < DEEPEST else ""
        depth += 1
        return match[0] if depth <= DEEPEST else ""

    return NESTED.sub(keep, html)


def _depth(html: str) -> int:
    """Count how deep tags nest, where one that closes nothing counts for nothing."""
    balance = list(accumulate((-1 if closing else 1 for closing in NESTED.findall(html)), initial=0))
    return max(map(sub, balance, accumulate(balance, min)))
