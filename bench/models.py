"""Measure a language model: take away what reading found on labelled pages, have it filled, and count what is right.

Usage: python bench/models.py MODEL DIR [--url URL] [--key-file FILE] [--most N]

MODEL is `openai:…`, `anthropic:…` or `google:…`, URL the address of a server of your own. DIR holds `labels.jsonl`
and pages, as `cartage bench` takes them (docs/reference/labels.md). Prints by field how many values were right, wrong,
dropped (said, and not believed) and not said at all, the errors by code, tokens, money and time.
"""

import argparse
import asyncio
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from cartage.extraction import extract, filling
from cartage.extraction.gaps import Gaps, filled, gaps_of
from cartage.extraction.scoring import Label, Mark, marks, read_label
from cartage.fetching.client import Fetcher
from cartage.fetching.guard import resolve_as_written, resolve_by_system
from cartage.language_model import LanguageModel
from cartage.language_models.asking import AskedModel
from cartage.language_models.endpoint import find_endpoint
from cartage.model.errors import CartageError
from cartage.model.evidence import Drop
from cartage.model.language import Usage
from cartage.model.page import Page
from cartage.model.product import Product

ADDRESS = "https://shop.example/"
SECONDS = 300.0
# What a label says, and the fact that is taken away for it.
WITHHELD = {
    "name": "name",
    "price": "price",
    "availability": "availability",
    "brand": "brand",
    "sku": "sku",
    "mpn": "mpn",
    "gtin": "gtin",
    "main_image": "images",
}
NOTHING = {name: () if name == "images" else None for name in WITHHELD.values()}
RIGHT, WRONG, DROPPED, SILENT = OUTCOMES = ("right", "wrong", "dropped", "silent")


@dataclass(slots=True)
class Tally:
    """Count outcomes by field, errors by code, and what questions used up; `cost` is None once one is not known."""

    fields: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    errors: Counter[str] = field(default_factory=Counter[str])
    pages: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    milliseconds: int = 0
    cost: Decimal | None = Decimal(0)

    def count(self, outcome: str) -> int:
        """Count an outcome over all fields."""
        return sum(counts[outcome] for counts in self.fields.values())

    def add(self, usage: Usage | None) -> None:
        """Add what a question used up."""
        if usage is None:
            return
        self.calls += usage.calls
        self.tokens_in += usage.tokens_in or 0
        self.tokens_out += usage.tokens_out or 0
        self.milliseconds += usage.duration_ms
        known = self.cost is not None and usage.cost is not None
        self.cost = self.cost + usage.cost.amount if known and self.cost is not None and usage.cost else None

    def table(self) -> str:
        """Write it as a table."""
        lines = [f"{'field':14}" + "".join(f"{outcome:>9}" for outcome in OUTCOMES)]
        rows = [*self.fields.items(), ("all", Counter({each: self.count(each) for each in OUTCOMES}))]
        lines += [f"{name:14}" + "".join(f"{counts[outcome]:>9}" for outcome in OUTCOMES) for name, counts in rows]
        told = ", ".join(f"{count} {code}" for code, count in sorted(self.errors.items())) or "none"
        cost = "not known" if self.cost is None else f"{self.cost.normalize():f} USD"
        spent = (
            f"{self.calls} calls, {self.tokens_in} tokens in, {self.tokens_out} out, {self.milliseconds / 1000:.1f} s"
        )
        return "\n".join([f"{self.pages} pages; errors: {told}", *lines, f"{spent}; cost: {cost}"])


async def measure(model: LanguageModel, pages: Sequence[tuple[Label, bytes]]) -> Tally:
    """Ask about each page once, and judge what came back against its label."""
    tally = Tally()
    for label, content in pages:
        gaps = withheld(label, content)
        question = [filling.question_of(gaps.wanted, gaps.shown)]
        tally.pages += 1
        try:
            answer = await model.ask(filling.INSTRUCTIONS, question, filling.Filling, most_tokens=filling.MOST_TOKENS)
        except CartageError as error:
            tally.errors[error.code] += 1
            tally.add(getattr(error, "usage", None))
            continue
        tally.add(answer.usage)
        extraction, drops = filled(gaps, answer.value)
        judge(tally, label, extraction.product or Product(), drops)
    return tally


def withheld(label: Label, content: bytes) -> Gaps:
    """Read a page, and take away of the product what its label speaks of."""
    url = label.url or ADDRESS
    extraction = extract(content, url=url)
    kept = (extraction.product or Product()).model_copy(update=NOTHING)
    page = Page(url=url, status=200, body=content, fetched_at=datetime.now(UTC))
    return gaps_of(page, extraction.model_copy(update={"product": kept}))


def judge(tally: Tally, label: Label, product: Product, drops: Sequence[Drop]) -> None:
    """Count how each withheld field fared."""
    dropped = {drop.field for drop in drops}
    for name, mark in marks(label, product).items():
        fact = WITHHELD.get(name)
        if fact is None or not getattr(label, name):
            continue
        silent = DROPPED if fact in dropped else SILENT
        tally.fields[name][{Mark.RIGHT: RIGHT, Mark.WRONG: WRONG, Mark.MISSING: silent}[mark]] += 1


def read_folder(folder: Path, most: int) -> list[tuple[Label, bytes]]:
    """Read the labels of product pages with their pages, so many at most."""
    rows = (folder / "labels.jsonl").read_text("utf-8").splitlines()
    labels = [label for label in (read_label(json.loads(row)) for row in rows) if label.is_product]
    return [(label, _content(folder / label.file)) for label in labels[:most]]


def make_model(name: str, url: str, key: str) -> AskedModel:
    """Make the model behind an endpoint, asked as the server asks it."""
    endpoint = find_endpoint(name, url)
    resolve = resolve_as_written if endpoint.own else resolve_by_system
    return AskedModel(endpoint, key, Fetcher(exceptions=endpoint.door, resolve=resolve), seconds=SECONDS)


def main() -> None:
    """Read the arguments, measure, and print the table."""
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("model")
    cli.add_argument("folder", type=Path)
    cli.add_argument("--url", default="", help="the address of a server of your own")
    cli.add_argument("--key-file", type=Path, help="a file that holds the key")
    cli.add_argument("--most", type=int, default=1000, help="pages at most")
    arguments = cli.parse_args()
    key = arguments.key_file.read_text().strip() if arguments.key_file else ""
    print(asyncio.run(_measured(make_model(arguments.model, arguments.url, key), arguments.folder, arguments.most)))


async def _measured(model: AskedModel, folder: Path, most: int) -> str:
    try:
        return (await measure(model, read_folder(folder, most))).table()
    finally:
        await model.aclose()


def _content(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


if __name__ == "__main__":
    main()
