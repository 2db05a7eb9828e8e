"""Where a page that was saved says it came from."""

import re

from cartage.extraction.document import Document, parse

SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)\s*(https?://[^\s>]+?)\s*-->", re.IGNORECASE)
HEAD = 20_000
WEB = ("http://", "https://")


def stated_address(html: str | bytes) -> str | None:
    """Give the address that a page states as its own: the browser's note when it saved it, canonical, or og:url."""
    document = parse(html, "")
    return next((each for each in _stated(document) if each.lower().startswith(WEB)), None)


def _stated(document: Document) -> list[str]:
    saved = SAVED_FROM.search(document.html[:HEAD])
    return [
        *([saved[1].decode("utf-8", "replace")] if saved else []),
        document.canonical_url or "",
        *document.meta.get("og:url", []),
    ]
