"""The traps of stock and prices: what would be sold though it is gone, or for another price than it has."""

import csv
import io
from decimal import Decimal

import pytest

from cartage.exports.known import TARGETS
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.edit import Edit
from cartage.model.errors import PageNotFound, RateLimited
from cartage.model.export import TargetSettings
from cartage.model.locks import with_edit
from cartage.model.product import Availability, Money
from tests.contracts.records import NOON
from tests.exports.linen import (
    GOOGLE,
    VARIANTS,
    a_mug,
    a_shirt,
    codes,
    eur,
    exported,
    rows,
)

SHOPS = [name for name in TARGETS if name not in {"jsonl", "schema-org", "google", "google-xml"}]


def all_sold_out() -> CatalogueProduct:
    """Make the shirt with nothing left."""
    gone = {"availability": Availability.OUT_OF_STOCK}
    return a_shirt(variants=tuple(each.model_copy(update=gone) for each in VARIANTS))


def test_a_page_that_is_gone_is_told() -> None:
    """What is written of such a product may not be true any more."""
    gone = a_mug().model_copy(update={"status": Status.FAILED, "failure": PageNotFound("It is gone.").failure()})
    busy = gone.model_copy(update={"failure": RateLimited("Slow down.").failure()})

    assert "page_gone" in codes("shopify", gone)
    assert "page_gone" not in codes("shopify", busy)


@pytest.mark.parametrize("target", TARGETS)
def test_options_without_variants_are_written(target: str) -> None:
    """A page may name sizes and not say which of them there are: it is one product then, in every target."""
    files, _ = exported(target, a_shirt(variants=()), settings=GOOGLE)

    assert all(files.values())


# --- stock


@pytest.mark.parametrize(
    ("target", "columns", "sold_out", "in_stock"),
    [
        ("shopify", ("Inventory tracker", "Inventory quantity"), ("shopify", "0"), ("", "")),
        ("shopify-legacy", ("Variant Inventory Tracker", "Variant Inventory Qty"), ("shopify", "0"), ("", "")),
        ("woocommerce", ("In stock?", "Stock"), ("0", ""), ("1", "")),
        ("medusa", ("Variant Manage Inventory",), ("TRUE",), ("FALSE",)),
        ("google", ("availability",), ("out_of_stock",), ("in_stock",)),
    ],
)
def test_what_is_sold_out_cannot_be_bought(
    target: str, columns: tuple[str, ...], sold_out: tuple[str, ...], in_stock: tuple[str, ...]
) -> None:
    """A shop that does not count a variant would sell it: the sold-out one is counted, at 0, and only that one."""
    told = [
        tuple(row[column] for column in columns)
        for row in rows(target, a_shirt(), GOOGLE)
        if "SAG" in str(row.values())
    ]
    others = [
        tuple(row[column] for column in columns) for row in rows(target, a_shirt(), GOOGLE) if "NAT-S" in str(row)
    ]

    assert told[-1] == sold_out
    assert others[-1] == in_stock


def test_bigcommerce_counts_variants_where_one_is_sold_out() -> None:
    """It counts all variants or none, so that those in stock wait for their number, which is told."""
    shirt = rows("bigcommerce", a_shirt())
    available = a_shirt(variants=VARIANTS[:2])

    assert [(row["Inventory Tracking"], row["Current Stock"]) for row in shirt[:2]] == [("variant", ""), ("", "0")]
    assert [row["Inventory Tracking"] for row in rows("bigcommerce", available)[:1]] == ["none"]
    assert "stock_count_missing" in codes("bigcommerce", a_shirt())
    assert "stock_count_missing" not in codes("bigcommerce", all_sold_out())


def test_prestashop_refuses_orders_where_something_is_sold_out() -> None:
    """One action holds for all combinations: orders without stock are taken only where all can be bought."""
    actions = [
        rows("prestashop", each)[0]["Action when out of stock"] for each in (a_shirt(), a_shirt(variants=VARIANTS[:2]))
    ]

    assert actions == ["0", "1"]


def test_a_preorder_goes_on_selling_at_nothing() -> None:
    """What is sold before it is there is counted, and sold all the same."""
    mug = a_mug(availability=Availability.PRE_ORDER)

    (shopify,) = rows("shopify", mug)
    (medusa,) = rows("medusa", mug)

    assert shopify["Continue selling when out of stock"] == "CONTINUE"
    assert (medusa["Variant Manage Inventory"], medusa["Variant Allow Backorder"]) == ("TRUE", "TRUE")
    assert "availability_date_missing" in codes("google", mug, GOOGLE)


@pytest.mark.parametrize("target", [*SHOPS, "google", "schema-org"])
def test_unknown_stock_is_told(target: str) -> None:
    """Nobody says whether it can be bought, and no target passes over that."""
    assert "availability_missing" in codes(target, a_mug(availability=None), GOOGLE)


# --- prices


def test_a_struck_price_is_never_made_up() -> None:
    """Without a regular price that a source stated there is none in any file."""
    told = {
        "shopify": "Compare-at price",
        "shopify-legacy": "Variant Compare At Price",
        "woocommerce": "Sale price",
        "google": "sale_price",
    }

    assert {target: rows(target, a_mug(), GOOGLE)[0][column] for target, column in told.items()} == dict.fromkeys(
        told, ""
    )


def test_a_struck_price_needs_evidence() -> None:
    """A regular price that nothing shows is left out, and that is told."""
    mug = a_mug(regular_price=eur("15")).model_copy(update={"evidence": {}})

    assert rows("shopify", mug)[0]["Compare-at price"] == ""
    assert "compare_at_without_evidence" in codes("shopify", mug)


def test_a_struck_price_through_a_rule_is_told() -> None:
    """Nobody has asked it yet, which the law may mind."""
    assert "compare_at_from_rule" in codes("shopify", a_shirt())
    assert "compare_at_from_rule" not in codes("shopify", a_mug())


def test_a_regular_price_that_is_not_higher_is_left_out() -> None:
    """A struck price below the price is no reduction."""
    assert "compare_at_not_above_price" in codes("shopify", a_mug(regular_price=eur("9.50")))


def test_cost_is_what_the_supplier_asks() -> None:
    """The supplier's price is the cost, the rule's the price."""
    first = rows("shopify", a_shirt())[0]

    assert (first["Price"], first["Cost per item"]) == ("79.90", "31.96")


def test_no_price_is_an_error() -> None:
    """A product without a price is not written as if it cost nothing."""
    assert rows("shopify", a_mug(price=None))[0]["Price"] == ""
    assert all("price_missing" in codes(target, a_mug(price=None), GOOGLE) for target in TARGETS if target != "jsonl")


def test_a_price_that_sells_nothing_is_told() -> None:
    """One price by hand over variants that cost differently is not what they are sold for."""
    alike = tuple(each.model_copy(update={"price": eur("31.96")}) for each in VARIANTS)

    assert "locked_price_unused" in codes("shopify", a_shirt(price=eur("99")).model_copy(update={"locked": ("price",)}))
    one = a_shirt(price=eur("99"), variants=alike).model_copy(update={"locked": ("price",)})
    assert "locked_price_unused" not in codes("shopify", one)


def test_a_price_below_what_the_source_asks_is_told() -> None:
    """A price set by hand below the cost is found, for each variant that it sells; Shopify gets the cost beside it."""
    cheap = with_edit(a_shirt(variants=()), Edit(price=eur("5")), NOON)

    assert "price_below_cost" in codes("shopify", cheap)
    assert "price_below_cost" not in codes("shopify", a_shirt())
    first = rows("shopify", cheap)[0]
    assert (first["Price"], first["Cost per item"]) == ("5.00", "31.96")


def test_prestashop_prices_are_differences_without_tax() -> None:
    """The cheapest variant is the base, and the others add to it; tax is taken off both."""
    files, _ = exported("prestashop", a_shirt(), settings=TargetSettings(tax_percent=Decimal(25)))
    combinations = list(csv.DictReader(io.StringIO(files["combinations.csv"].decode()), delimiter=";"))

    base = Decimal(rows("prestashop", a_shirt(), TargetSettings(tax_percent=Decimal(25)))[0]["Price tax excluded"])
    asked = [(base + Decimal(row["Impact on price"])) * Decimal("1.25") for row in combinations]
    assert asked == [Decimal("79.90"), Decimal("79.90"), Decimal("84.90")]
    assert "tax_not_stated" in codes("prestashop", a_shirt())


def test_amounts_are_never_localised() -> None:
    """A point for the decimals, no grouping, and as many decimals as the currency has."""
    asked = {"EUR": "1234.50", "JPY": "1235", "KWD": "1234.500"}

    told = {
        currency: rows("shopify", a_mug(price=Money(amount=Decimal("493.8"), currency=currency)))[0]["Price"]
        for currency in asked
    }

    assert told == asked


def test_two_currencies_in_one_file_are_an_error() -> None:
    """Shopify would take the numbers as its own currency; Google has a currency in every price. Both are named."""
    yen = a_mug(2, price=Money(amount=Decimal(900), currency="JPY"))

    mixed = {target: exported(target, a_mug(1), yen, settings=GOOGLE)[1] for target in ("shopify", "google")}

    assert {
        target: {group.code for group in report.groups} & {"currency_mixed"} for target, report in mixed.items()
    } == {
        "shopify": {"currency_mixed"},
        "google": set(),
    }
    (group,) = [each for each in mixed["shopify"].groups if each.code == "currency_mixed"]
    assert group.first[0].message == "“Mug 2” is priced in JPY, the ones before it, such as “Mug 1”, in EUR."
