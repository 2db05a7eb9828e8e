"""`cartage bench`: score extraction on a folder of saved, hand-labelled pages."""

import gzip
import json as json_module
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cartage.cli.outcome import ExitCode
from cartage.cli.record import write_json
from cartage.extraction import extract
from cartage.extraction.scoring import JUDGES, Label, Mark, marks, read_label
from cartage.model.errors import InvalidInput
from cartage.model.product import Product

UNKNOWN_ADDRESS = "https://shop.example/"


@dataclass(slots=True)
class Score:
    """Count marks by field, products found by whether they were there, and milliseconds a page."""

    fields: defaultdict[str, Counter[Mark]] = field(default_factory=lambda: defaultdict(Counter[Mark]))
    pages: Counter[tuple[bool, bool]] = field(default_factory=Counter[tuple[bool, bool]])
    milliseconds: list[float] = field(default_factory=list[float])

    def summary(self) -> dict[str, Any]:
        """Give the figures as JSON: shares by field, precision and recall of product pages, and times."""
        shares = {
            name: {"pages": counts.total(), **{mark.value: round(counts[mark] / counts.total(), 3) for mark in Mark}}
            for name in JUDGES
            if (counts := self.fields[name]).total()
        }
        found, missed, invented = self.pages[True, True], self.pages[True, False], self.pages[False, True]
        ordered = sorted(self.milliseconds)
        return {
            "pages": self.pages.total(),
            "fields": shares,
            "product_precision": round(found / max(found + invented, 1), 3),
            "product_recall": round(found / max(found + missed, 1), 3),
            "median_ms": round(statistics.median(ordered), 1),
            "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        }


def bench(folder: Path, /, *, labels: str = "labels.jsonl", json: str = "", errors: bool = False) -> int:
    """Score extraction against hand-made labels: the share right, wrong and missing for each field.

    Parameters
    ----------
    folder
        The folder that holds the labels and the pages they name.
    labels
        The labels' file: one JSON object a line, as docs/reference/labels.md describes.
    json
        Only these figures, comma-separated and dotted: --json=fields.price.right,median_ms. All when bare.
    errors
        Write every wrong or missing value to stderr.
    """
    score = Score()
    for label in _labels(folder / labels):
        _add(score, label, _page(folder / label.file), tell=errors)
    if not score.milliseconds:
        raise InvalidInput(f"{folder / labels} holds no labels.")
    write_json(score.summary(), json)
    return ExitCode.OK


def _add(score: Score, label: Label, page: bytes, *, tell: bool) -> None:
    started = time.perf_counter()
    product = extract(page, url=label.url or UNKNOWN_ADDRESS).product
    score.milliseconds.append((time.perf_counter() - started) * 1000)
    score.pages[label.is_product, product is not None] += 1
    if tell and label.is_product != (product is not None):
        sys.stderr.write(f"{label.id}: {'no product found' if label.is_product else 'a product was invented'}\n")
    if not label.is_product:
        return
    for name, mark in marks(label, product or Product()).items():
        score.fields[name][mark] += 1
        if tell and mark is not Mark.RIGHT:
            sys.stderr.write(f"{label.id}: {name} {mark.value}\n")


def _labels(path: Path) -> Iterator[Label]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    for number, line in enumerate(lines, 1):
        try:
            yield read_label(json_module.loads(line))
        except ValueError as error:
            raise InvalidInput(f"Line {number} of {path} is not a label: {error}") from error


def _page(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    return gzip.decompress(raw) if path.suffix == ".gz" else raw
