"""Mutations of good pages: what wires, templates and editors do to them."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.extraction.pages import KETTLE, ld, shop_page
from tests.extraction.test_extraction_amazon import amazon
from tests.extraction.test_extraction_annotated import MICRODATA, OPEN_GRAPH, RDFA
from tests.extraction.test_extraction_states import LITERAL, TEXT, flight, script

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, float("nan"), float("inf"), 10**40, "", " ", "0", "-", "null", "1e999", "NaN", "€",
    "\x00", "\ud800", "<b>x</b>", "&amp;", "https://[", "//", "#", "x" * 5000, [], {}, [[]], [None], {"@id": "#x"},
    {"@value": None}, {"name": {}}, [[[[[["x"]]]]]], {"@type": None}, {"@type": ["Product", None, 5]},
)  # fmt: skip
PAGES = (
    shop_page(OPEN_GRAPH + ld(KETTLE), more=MICRODATA + RDFA),
    shop_page(more=script(TEXT, 'id="__NEXT_DATA__" type="application/json"') + flight(TEXT) + script(f"a={LITERAL}")),
    amazon(),
)


def cut(page: bytes, random: Random) -> bytes:
    """End the page early."""
    return page[: random.randrange(len(page) + 1)]


def hole(page: bytes, random: Random) -> bytes:
    """Leave a stretch out."""
    start = random.randrange(len(page) + 1)
    return page[:start] + page[start + random.randrange(400) :]


def doubled(page: bytes, random: Random) -> bytes:
    """Repeat a stretch."""
    start = random.randrange(len(page) + 1)
    stretch = page[start : start + random.randrange(2000)]
    return page[:start] + stretch * random.randrange(2, 6) + page[start:]


def flipped(page: bytes, random: Random) -> bytes:
    """Change single bytes."""
    changed = bytearray(page)
    for _ in range(random.randrange(1, 40)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def swapped(page: bytes, random: Random) -> bytes:
    """Put structural characters where they do not belong."""
    changed = bytearray(page)
    for _ in range(random.randrange(1, 20)):
        changed[random.randrange(len(changed))] = random.choice(b"<>\"'{}[],:;&=/\\ \n.0-")
    return bytes(changed)


def strange(page: bytes, random: Random) -> bytes:
    """Replace values of the JSON-LD by ones that nobody expects."""
    del page
    node = json.loads(json.dumps(KETTLE))
    for _ in range(random.randrange(1, 6)):
        target = random.choice([node, node["offers"]]) if isinstance(node.get("offers"), dict) else node
        target[random.choice([*target, "aggregateRating", "hasVariant", "price"])] = deepcopy(random.choice(STRANGE))
    return shop_page(ld(json.dumps(node))).encode("utf-8", "surrogatepass")


MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (cut, hole, doubled, flipped, swapped, strange)


def mutated(random: Random) -> bytes:
    """Give a good page after a few mutations."""
    page = random.choice(PAGES).encode()
    for _ in range(random.randrange(1, 4)):
        page = random.choice(MUTATIONS)(page or b"<p>", random)
    return page
