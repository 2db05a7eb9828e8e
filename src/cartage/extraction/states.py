"""The state that a page carries for its own scripts: JSON blocks, assigned objects, framework payloads."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Any

import chompjs

from cartage.extraction.document import Document, Script, css_path
from cartage.extraction.json_text import parse_json
from cartage.extraction.payloads import devalued, unstreamed
from cartage.extraction.sources.things import as_list

JSON_TYPES = frozenset(
    {"application/json", "text/json", "text/x-magento-init", "application/vnd.api+json", "text/x-json"}
)
CODE_TYPES = frozenset({"", "text/javascript", "application/javascript", "module", "text/x-template"})
SPEAKS_OF_GOODS = re.compile(r"price|sku|gtin|product", re.IGNORECASE)
ASSIGNED = re.compile(r"[=(]\s*(?=[{\[]\s*[\"'\w{\[])")
PARSED = re.compile(r"JSON\.parse\(\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*\)")
STREAMED = re.compile(r"streamController\.enqueue\((\"(?:[^\"\\]|\\.)*\")\)")
FLIGHT = re.compile(r"self\.__next_f\.push\(\[1,\s*(\"(?:[^\"\\]|\\.)*\")\]\)")
FLIGHT_ROW = re.compile(r"^[0-9a-f]+:(?:I|HL|T[0-9a-f]+,)?(?=[\[{])")
ATTRIBUTES = (
    "data-product_variations",
    "data-product-json",
    "data-product",
    "data-product-info",
    "data-json",
    "data-page",
    "data-props",
    "data-state",
)
NAMED = ("data-product-name", "data-product-title", "data-product-sku", "data-item-name")
SELECTOR = ",".join(f"[{name}]" for name in (*NAMED, *ATTRIBUTES))
MOST_ELEMENTS = 40
SHORTEST, LONGEST_SCRIPT, MOST_STATES = 60, 3_000_000, 60
# A failed reading costs up to the script's length: these shares of what one script may cost bound the whole.
STRICT_COST, LOOSE_COST = 1 / 3000, 1 / 60
STRICT_START = re.compile(r"\{\s*[\"}]|\[\s*[\[{\"\d\-tfn\]]")
DECODER = json.JSONDecoder(strict=False)

State = tuple[Any, str]


def states_of(document: Document, words: list[str]) -> Iterator[State]:
    """Yield each decoded state that holds all the words, with the CSS path of its element, at most `MOST_STATES`."""
    yield from islice(_all(document, words), MOST_STATES)


def _all(document: Document, words: list[str]) -> Iterator[State]:
    flight: list[str] = []
    for script in document.scripts:
        if script.type in CODE_TYPES and (rows := FLIGHT.findall(script.text)):
            flight += rows
            continue
        if not SHORTEST <= len(script.text) <= LONGEST_SCRIPT or not all(word in script.text for word in words):
            continue
        if not SPEAKS_OF_GOODS.search(script.text):
            continue
        if script.type in JSON_TYPES or script.id in ("__NEXT_DATA__", "__NUXT_DATA__"):
            yield from _block(script)
        elif script.type in CODE_TYPES:
            yield from _code(script)
    yield from _flight(flight, words)
    yield from _attributes(document)


def _block(script: Script) -> Iterator[State]:
    value = parse_json(script.text)
    if value is not None:
        yield (devalued(as_list(value)) if script.id == "__NUXT_DATA__" else value), script.where


def _code(script: Script) -> Iterator[State]:
    for match in PARSED.finditer(script.text):
        value = _quoted(match[1])
        if value is not None:
            yield value, script.where
    for match in STREAMED.finditer(script.text):
        rows = _quoted(match[1])
        if isinstance(rows, list):
            yield unstreamed(as_list(rows)), script.where
    for value in _assigned(script.text):
        yield value, script.where


def _assigned(text: str) -> Iterator[Any]:
    goods = [match.start() for match in SPEAKS_OF_GOODS.finditer(text)]
    position, cost = 0, 0.0
    while cost < 1 and (match := ASSIGNED.search(text, position)):
        start = end = match.end()
        value = None
        if STRICT_START.match(text, start):
            value, end = _strict(text, start)
            cost += STRICT_COST if value is None else 0
        if value is None and _is_near(goods, start):
            value, end = _loose(text, start)
            cost += LOOSE_COST if value is None else 0
        position = max(end, start + 1)
        if value:
            yield value


def _is_near(goods: list[int], start: int) -> bool:
    following = bisect_left(goods, start)
    return following < len(goods) and goods[following] < start + 4000


def _strict(text: str, start: int) -> tuple[Any, int]:
    try:
        return DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start


def _loose(text: str, start: int) -> tuple[Any, int]:
    """Read a JavaScript literal; the search goes on within it, since only its start is known."""
    try:
        return chompjs.parse_js_object(text[start : start + 200_000]), start + 2
    except (ValueError, RecursionError):
        return None, start


def _quoted(literal: str) -> Any | None:
    body = literal[1:-1]
    if literal[0] == "'":
        body = body.replace("\\'", "'").replace('"', '\\"') if '\\"' not in body else body.replace("\\'", "'")
    try:
        return parse_json(json.loads(f'"{body}"', strict=False))
    except ValueError:
        return None


def _flight(rows: list[str], words: list[str]) -> Iterator[State]:
    """Join the chunks of React's flight stream and decode its rows. Source: react-server-dom's row format."""
    chunks: list[str] = []
    for row in rows:
        try:
            chunks.append(json.loads(row, strict=False))
        except ValueError:
            continue
    for line in "".join(chunks).split("\n"):
        head = FLIGHT_ROW.match(line)
        if head and all(word in line for word in words) and SPEAKS_OF_GOODS.search(line):
            value = _strict(line, head.end())[0] or _loose(line, head.end())[0]
            if value:
                yield value, "script:__next_f"


def _attributes(document: Document) -> Iterator[State]:
    for node in document.tree.css(SELECTOR)[:MOST_ELEMENTS]:
        attributes = node.attributes
        if any(name in attributes for name in NAMED):
            yield {key.removeprefix("data-"): value for key, value in attributes.items()}, css_path(node)
        for name in ATTRIBUTES:
            text = attributes.get(name) or ""
            if len(text) >= SHORTEST and text[:1] in "[{" and (value := parse_json(text)) is not None:
                yield value, f"[{name}]"
