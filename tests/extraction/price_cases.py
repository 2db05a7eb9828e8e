"""The table of written prices in tests/cases/prices.txt, read into cases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from cartage.extraction.claims import PriceText
from cartage.extraction.markets import Market, market_of
from cartage.model.product import Money

TABLE = Path(__file__).parent.parent / "cases/prices.txt"


@dataclass(frozen=True)
class PriceCase:
    """Hold a price as a page writes it, the market it is read in, and the money it is."""

    price: PriceText
    market: Market
    money: Money | None
    line: str


def price_cases() -> list[PriceCase]:
    """Read the table."""
    return list(_cases(TABLE.read_text(encoding="utf-8").splitlines()))


def _cases(lines: list[str]) -> Iterator[PriceCase]:
    page: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line.startswith("["):
            page = dict(part.split("=", 1) for part in line.strip("[]").split())
        elif " => " in line and not line.startswith("#"):
            text, money = line.split(" => ")
            yield PriceCase(_price(text, page), _market(page), _money(money), f"{number}: {line}")


def _price(text: str, page: dict[str, str]) -> PriceText:
    shown = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    return PriceText(shown, page.get("stated"), minor_units="minor" in page, machine="machine" in page)


def _market(page: dict[str, str]) -> Market:
    return market_of(page["language"], page["url"], page.get("hint"))


def _money(text: str) -> Money | None:
    amount, _, currency = text.partition(" ")
    return Money(amount=Decimal(amount), currency=currency) if currency else None
