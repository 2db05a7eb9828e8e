"""Time Cartage's reader against extruct, a peer, on the same labelled pages in the same run.

Extruct is timed twice: with all that Cartage reads of annotations (JSON-LD, microdata, RDFa, OpenGraph), and without
RDFa, which takes it the most time by far. Neither reads the visible page or the page's own state, as Cartage does.

Usage: python bench/extraction.py DIR [--rounds N]

DIR holds `labels.jsonl` and pages, as `cartage bench` takes them (docs/reference/labels.md). Prints the
milliseconds of processor time a page of each, the ratios, and the share of prices and names each got right.
"""

import argparse
import gzip
import json
import logging
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import extruct

from cartage.extraction import extract
from cartage.extraction.scoring import Label, Mark, marks, read_label
from cartage.model.product import Money, Product
from cartage.server.listening import settle

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)  # the peer's reader of RDFa tells of each mistake in a page
WITHOUT_RDFA = ["json-ld", "microdata", "opengraph"]
SYNTAXES = [*WITHOUT_RDFA, "rdfa"]


def main() -> None:
    """Read both arguments and print the table."""
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("folder", type=Path)
    cli.add_argument("--rounds", type=int, default=1, help="the best of several hides what a first read costs")
    arguments = cli.parse_args()
    pages = [(label, page_of(arguments.folder / label.file)) for label in labels_of(arguments.folder)]
    settle()  # as every server and worker does before the first page
    ours, our_marks = timed(pages, read_with_cartage, arguments.rounds)
    peers = {
        "extruct": timed(pages, partial(read_with_extruct, syntaxes=SYNTAXES), arguments.rounds),
        "without RDFa": timed(pages, partial(read_with_extruct, syntaxes=WITHOUT_RDFA), arguments.rounds),
    }
    print(f"{len(pages)} pages, processor time, best of {arguments.rounds} reads each")
    print(f"{'':12}{'median ms':>10}{'p95 ms':>10}{'name right':>12}{'price right':>12}")
    for name, (times, kept) in {"cartage": (ours, our_marks), **peers}.items():
        shares = f"{right(kept, 'name'):12.3f}{right(kept, 'price'):12.3f}"
        print(f"{name:12}{statistics.median(times):10.1f}{p95(times):10.1f}{shares}")
    for name, (times, _) in peers.items():
        print(f"over all pages cartage takes {sum(ours) / sum(times):.2f} times as long as extruct ({name})")


def timed(
    pages: list[tuple[Label, bytes]], read: Callable[[bytes, str], Product], rounds: int
) -> tuple[list[float], list[dict[str, Mark]]]:
    """Read every page `rounds` times; give the best milliseconds a page and the marks of product pages."""
    best, kept = list[float](), list[dict[str, Mark]]()
    for label, page in pages:
        times = list[float]()
        product = Product()
        for _ in range(rounds):
            started = time.process_time()
            product = read(page, label.url or "https://shop.example/")
            times.append((time.process_time() - started) * 1000)
        best.append(min(times))
        if label.is_product:
            kept.append(marks(label, product))
    return best, kept


def read_with_cartage(page: bytes, url: str) -> Product:
    """Read a page with Cartage."""
    return extract(page, url=url).product or Product()


def read_with_extruct(page: bytes, url: str, syntaxes: list[str]) -> Product:
    """Read a page with extruct, the first of JSON-LD, microdata and OpenGraph that states a field winning."""
    try:
        found = extruct.extract(page.decode("utf-8", "replace"), url, syntaxes=syntaxes)
    except Exception:  # noqa: BLE001 - the peer fails on some real pages
        return Product()
    nodes = [
        *products_in(found["json-ld"]),
        *(each.get("properties", {}) for each in found["microdata"] if is_product(each)),
    ]
    graph = dict(pair for each in found["opengraph"] for pair in each.get("properties", []))
    name = next((str(node["name"]) for node in nodes if node.get("name")), graph.get("og:title"))
    return Product(name=name, price=next((price for node in nodes if (price := price_of(node))), None))


def products_in(value: object) -> Iterator[dict[str, Any]]:
    """Find the Product nodes in parsed JSON-LD, however deep."""
    if isinstance(value, list):
        for each in cast("list[object]", value):
            yield from products_in(each)
    elif isinstance(value, dict):
        node = cast("dict[str, Any]", value)
        if is_product(node):
            yield node
        for each in node.values():
            yield from products_in(each)


def is_product(node: dict[str, Any]) -> bool:
    """Tell whether a node says that it is a Product."""
    return "Product" in str(node.get("@type") or node.get("type"))


def price_of(node: dict[str, Any]) -> Money | None:
    """Read the first offer's price, if it is a plain number with a currency."""
    offers: Any = node.get("offers")
    first = next(iter(cast("list[object]", offers)), None) if isinstance(offers, list) else offers
    given = cast("dict[str, Any]", first) if isinstance(first, dict) else dict[str, Any]()
    offer: dict[str, Any] = given.get("properties", given)
    try:
        amount = str(offer.get("price") or offer.get("lowPrice") or "").replace(",", "")
        return Money.model_validate({"amount": amount, "currency": offer.get("priceCurrency")})
    except ValueError:
        return None


def labels_of(folder: Path) -> Iterator[Label]:
    """Read the folder's labels."""
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        yield read_label(json.loads(line))


def page_of(path: Path) -> bytes:
    """Read a saved page."""
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def p95(times: list[float]) -> float:
    """Give the 95th percentile."""
    return sorted(times)[int(0.95 * (len(times) - 1))]


def right(kept: list[dict[str, Mark]], field: str) -> float:
    """Give the share of pages on which a field is right."""
    judged = [each[field] for each in kept if field in each]
    return sum(mark is Mark.RIGHT for mark in judged) / max(len(judged), 1)


if __name__ == "__main__":
    main()
