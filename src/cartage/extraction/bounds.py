"""Bounds on what is parsed: lexbor's time grows with the square of depth, of options in a select, of attributes in a tag."""

import re

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
    if html.count("<option") + html.count("<OPTION") > MOST_OPTIONS:
        html = OPTION.sub("", html)
    if max(map(len, html.split(">"))) > LONGEST_TAG:
        html = GIANT.sub("", html)
    return _shallow(html) if html.count("<") > MANY_TAGS else html


def _shallow(html: str) -> str:
    """Drop the tags that open deeper than `DEEPEST`, and the ones that close them; their text stays."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < DEEPEST else ""
        depth += 1
        return match[0] if depth <= DEEPEST else ""

    return NESTED.sub(keep, html)
