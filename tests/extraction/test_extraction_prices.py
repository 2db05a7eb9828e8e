"""Prices in every convention: the exact amount and the right currency, or nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.extraction.claims import PriceText
from cartage.extraction.markets import CODES, RETIRED, Market, currency_of, market_of
from cartage.extraction.prices import find_prices, is_net_of, money_of
from cartage.model.product import Money
from tests.extraction.price_cases import PriceCase, price_cases

CASES = price_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line)
def test_a_written_price_is_that_money(case: PriceCase) -> None:
    """Each line of tests/cases/prices.txt is read as it says."""
    money = money_of(case.price, case.market)

    assert money == case.money


def test_the_table_is_long() -> None:
    """At least 320 prices are held to their money."""
    assert len(CASES) >= 320


@given(
    text=st.text(max_size=300),
    currency=st.sampled_from([None, "USD", "KWD", "JPY", "$", "?"]),
    machine=st.booleans(),
)
def test_any_text_is_money_or_nothing(text: str, currency: str | None, *, machine: bool) -> None:
    """No text makes reading a price fail, and money is always positive, finite and in a known currency."""
    money = money_of(PriceText(text, currency, machine=machine), Market("en", None, "EUR"))

    assert money is None or (money.amount > 0 and money.amount.is_finite() and money.currency in CODES)


@given(st.integers(1, 99_999_999), st.sampled_from(["USD", "EUR", "GBP", "SEK"]))
def test_what_a_program_writes_is_read_exactly(cents: int, code: str) -> None:
    """An amount in hundredths survives being written with a point and read back."""
    amount = Decimal(cents).scaleb(-2)

    assert money_of(PriceText(str(amount), code), Market()) == Money(amount=amount, currency=code)


@pytest.mark.parametrize(
    ("grouping", "point"),
    [(",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("'", "."), ("’", ".")],
)
@given(cents=st.integers(1, 9_999_999_999))
def test_every_convention_of_marks_reads_back(grouping: str, point: str, cents: int) -> None:
    """An amount shown with any pair of grouping and decimal marks reads back exactly."""
    shown = f"{cents // 100:,}".replace(",", grouping) + point + f"{cents % 100:02}"

    money = money_of(PriceText(f"{shown} €", machine=False), Market("de"))

    assert money == Money(amount=Decimal(cents).scaleb(-2), currency="EUR")


@pytest.mark.parametrize(
    ("symbol", "language", "url", "code"),
    [
        ("eur", None, "https://a.example/", "EUR"),
        ("Euros", None, "https://a.example/", "EUR"),
        ("zł", None, "https://a.example/", "PLN"),
        ("$", "en", "https://a.example/", "USD"),
        ("$", "en-CA", "https://a.example.com/", "CAD"),
        ("$", "pt", "https://a.example/", None),
        ("kr", "sv", "https://a.example/", "SEK"),
        ("kr", "nb", "https://a.example/", "NOK"),
        ("kr", "de", "https://a.example/", None),
        ("¥", "ja", "https://a.example/", "JPY"),
        ("¥", "zh-CN", "https://a.example/", "CNY"),
        ("¥", "en", "https://a.example/", None),
        ("DEM", "de", "https://a.example/", None),
        ("XXX", "en", "https://a.example/", None),
        ("", "en", "https://a.example/", None),
        ("points", "en", "https://a.example/", None),
    ],
)
def test_a_symbol_means_what_its_market_means(symbol: str, language: str | None, url: str, code: str | None) -> None:
    """A shared symbol is decided by the page's market and by nothing else."""
    assert currency_of(symbol, market_of(language, url)) == code


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://shop.example.de/", "DE"),
        ("https://shop.example.co.uk/", "GB"),
        ("https://shop.example.com/de-at/p/1", "AT"),
        ("https://shop.example.com/fr_be/p/1", "BE"),
        ("https://shop.example.com/us-en/p/1", "US"),
        ("https://shop.example.com/en/us/p/1", "US"),
        ("https://shop.example.com/us/en/p/1", "US"),
        ("https://shop.example.com/ca/fr/p/1", "CA"),
        ("https://shop.example.com/xx-yy/p/1", None),
        ("https://shop.example.io/", None),
        ("https://shop.example.co/", None),
        ("https://127.0.0.1/p/1", None),
    ],
)
def test_an_address_names_its_country(url: str, country: str | None) -> None:
    """A country stands in the top-level domain or in the path; domains sold to everyone name none."""
    assert market_of(None, url).country == country


def test_prices_are_found_in_the_order_they_stand() -> None:
    """A longer text gives each of its prices with its place."""
    text = "Was £60.00 now £49.99, or 3 x £16.67 a month"

    found = find_prices(text)

    assert [price.text for price in found] == ["60.00", "49.99", "16.67"]
    assert all("£" in text[price.start : price.end] for price in found)


@pytest.mark.parametrize(
    ("net", "gross", "expected"),
    [("100.00", "119.00", True), ("100.00", "120.00", True), ("84.03", "100.00", True), ("90.00", "100.00", False),
     ("100.00", "100.00", False), ("119.00", "100.00", False)],
)  # fmt: skip
def test_an_amount_without_tax_is_known_by_its_rate(net: str, gross: str, *, expected: bool) -> None:
    """A net price is one that a European rate of tax makes the gross one, to the cent."""
    told = is_net_of(Money(amount=Decimal(net), currency="EUR"), Money(amount=Decimal(gross), currency="EUR"))

    assert told is expected


def test_no_retired_currency_is_ever_read() -> None:
    """Currencies that the euro replaced are not read as present ones."""
    assert [code for code in RETIRED if currency_of(code, Market()) is not None] == []


@pytest.mark.parametrize("text", ["9", "1,234", "1 234 ", "1-", "1'234", "12.345.678", "€", "1€", "1 à ", "R 1,"])
@pytest.mark.timeout(120)
def test_a_text_of_numbers_is_searched_quickly(text: str) -> None:
    """No repetition makes the search for prices slow."""
    find_prices(text * 2000)
