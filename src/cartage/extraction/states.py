"""The state that a page carries for its own scripts: JSON blocks, assigned objects, framework payloads."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import chompjs
from selectolax.lexbor import LexborNode

from cartage.extraction.document import Document, Script, css_path
from cartage.extraction.json_text import parse_json
from cartage.extraction.payloads import devalued, returned, unstreamed
from cartage.extraction.sources.things import as_list

JSON_TYPES = frozenset(
    {"application/json", "text/json", "text/x-magento-init", "application/vnd.api+json", "text/x-json"}
)
CODE_TYPES = frozenset({"", "text/javascript", "application/javascript", "module", "text/x-template"})
# Spelt out, since ignoring case would make the search several times slower, and whole scripts are searched.
SPEAKS_OF_GOODS = re.compile(r"[pP][rR](?:[iI][cC][eE]|[oO][dD][uU][cC][tT])|[sS][kK][uU]|[gG][tT][iI][nN]")
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
# Such a name alone may be anything's: beside it a price or a make must stand.
NAME, BESIDE_NAME = "data-name", ("data-price", "data-brand")
WRITTEN = re.compile(
    rf"data-(?i:{'|'.join(name.removeprefix('data-') for name in (*NAMED, NAME, *ATTRIBUTES))})(?=[\s=>/])".encode()
)
NUXT = "__NUXT__=(function("
MOST_ELEMENTS = 40
SHORTEST, LONGEST_SCRIPT, MOST_STATES = 60, 3_000_000, 60
# How far into a JavaScript literal it must speak of goods to be worth reading.
NEAR = 4000
# A failed reading costs up to the script's length: these shares of what one script may cost bound the whole.
STRICT_COST, LOOSE_COST = 1 / 3000, 1 / 60
STRICT_START = re.compile(r"\{\s*[\"}]|\[\s*[\[{\"\d\-tfn\]]")
DECODER = json.JSONDecoder(strict=False)

State = tuple[Any, str]


def states_of(document: Document, words: list[str]) -> Iterator[State]:
    """Yield each decoded state that holds all the words, with the CSS path of its element, at most `MOST_STATES`."""
    yield from islice(document.once(States).holding(document, words), MOST_STATES)


class States:
    """Hold what a page's scripts and attributes carry; each is decoded once, when it is first asked for."""

    def __init__(self, _: Document) -> None:
        # The page itself is not held: it holds these states, and a ring of both would outlive its reading.
        self._decoded: dict[str, list[State]] = {}
        self._telling: dict[str, bool] = {}

    def holding(self, document: Document, words: list[str]) -> Iterator[State]:
        """Yield the states of the scripts and rows that hold all the words, then those of attributes, which are few."""
        for script in document.scripts:
            if all(word in script.text for word in words) and self._may_tell(script):
                yield from self._of(script)
        for row in document.once(_flight):
            if all(word in row for word in words) and SPEAKS_OF_GOODS.search(row):
                yield from _row(row)
        yield from document.once(_attributes)

    def _may_tell(self, script: Script) -> bool:
        if script.where not in self._telling:
            self._telling[script.where] = _may_tell(script)
        return self._telling[script.where]

    def _of(self, script: Script) -> list[State]:
        if script.where not in self._decoded:
            self._decoded[script.where] = list(_block(script) if _is_json(script) else _code(script))
        return self._decoded[script.where]


def _may_tell(script: Script) -> bool:
    if not SHORTEST <= len(script.text) <= LONGEST_SCRIPT or not SPEAKS_OF_GOODS.search(script.text):
        return False
    return _is_json(script) or (script.type in CODE_TYPES and not FLIGHT.search(script.text))


def _is_json(script: Script) -> bool:
    return script.type in JSON_TYPES or script.id in ("__NEXT_DATA__", "__NUXT_DATA__")


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
    if NUXT in script.text and (value := returned(script.text)) is not None:
        yield value, script.where
        return
    for value in assigned(script.text):
        yield value, script.where


def assigned(text: str) -> Iterator[Any]:
    """Yield each object or list that a script assigns to a name or hands to a function."""
    position, goods, cost = 0, -1, 0.0
    while cost < 1 and (match := ASSIGNED.search(text, position)):
        start = end = match.end()
        value = None
        if STRICT_START.match(text, start):
            value, end = _strict(text, start)
            cost += STRICT_COST if value is None else 0
        if value is None and (goods := _next_goods(text, start, goods)) < start + NEAR:
            value, end = _loose(text, start)
            cost += LOOSE_COST if value is None else 0
        position = max(end, start + 1)
        if value:
            yield value


def _next_goods(text: str, start: int, known: int) -> int:
    """Give where goods are next spoken of; a place already known to come later still holds."""
    if known >= start:
        return known
    match = SPEAKS_OF_GOODS.search(text, start)
    return match.start() if match else len(text) + NEAR


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


def _flight(document: Document) -> list[str]:
    """Join the chunks of React's flight stream and part it into rows. Source: react-server-dom's row format."""
    chunks: list[str] = []
    for script in document.scripts:
        for literal in FLIGHT.findall(script.text) if script.type in CODE_TYPES and "__next_f" in script.text else ():
            try:
                chunks.append(json.loads(literal, strict=False))
            except ValueError:
                continue
    return "".join(chunks).split("\n")


def _row(row: str) -> Iterator[State]:
    head = FLIGHT_ROW.match(row)
    value = head and (_strict(row, head.end())[0] or _loose(row, head.end())[0])
    if value:
        yield value, "script:__next_f"


def _attributes(document: Document) -> list[State]:
    written = {name.lower().decode() for name in WRITTEN.findall(document.html)}
    selector = ",".join(f"[{name}]" for name in sorted(written))
    nodes = document.tree.css(selector)[:MOST_ELEMENTS] if selector else []
    return [state for node in nodes for state in _of_element(node)]


def _of_element(node: LexborNode) -> Iterator[State]:
    attributes = node.attributes
    if any(name in attributes for name in NAMED) or (NAME in attributes and any(map(attributes.get, BESIDE_NAME))):
        yield {key.removeprefix("data-"): value for key, value in attributes.items()}, css_path(node)
    for name in ATTRIBUTES:
        text = attributes.get(name) or ""
        if len(text) >= SHORTEST and text[:1] in "[{" and (value := parse_json(text)) is not None:
            yield value, f"[{name}]"
