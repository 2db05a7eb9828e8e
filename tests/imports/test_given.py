"""What a row of a list says of its product: it is set by hand, whatever the page says, or refused."""

import io
from decimal import Decimal

import pytest

from cartage.imports.batch_file import Hints, open_batch, open_sheet
from cartage.imports.given import given_by
from cartage.imports.price_cells import price_in
from cartage.model.batch import BatchTerms, OnDuplicate
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.errors import InvalidInput, PageNotFound
from cartage.model.locks import with_edit
from cartage.model.merchant import UNSAID, Preferences
from cartage.model.product import Availability, Condition, Money
from cartage.model.weight import Units
from tests.imports.conftest import MERCHANT, URL, kettle, make_house
from tests.imports.test_batches import SHOP, Works, works
from tests.kept_engine import KeptEngine


def euros(amount: str) -> Money:
    """Give euros."""
    return Money(amount=Decimal(amount), currency="EUR")


async def brought(there: Works, path: str) -> CatalogueProduct:
    """Give the product of an address of the shop."""
    product = await there.house.store.catalogue.product_by_url(MERCHANT, f"{SHOP}/{path}")
    assert product
    return product


async def test_a_row_s_words_are_set_by_hand() -> None:
    """Its fields are locked over what the page says, which is kept under them; so are tags and the own id."""
    there = works([kettle()])
    head = "url;External ID;Tags;Title;EAN;Price;Category;Colour"

    batch = await there.hand_in(f"{head}\n{SHOP}/1;row-17;new, sale;Our Kettle;4006381333931;39,90 €;Home > Tea;red\n")
    await there.run()

    product, facts = await brought(there, "1"), (await brought(there, "1")).facts
    assert facts
    assert product.stated
    assert (facts.name, facts.gtin, facts.breadcrumbs) == ("Our Kettle", "4006381333931", ("Home", "Tea"))
    assert (facts.price, product.stated.facts.price) == (euros("39.90"), euros("49.90"))
    assert product.locked == ("name", "price", "gtin", "breadcrumbs")
    assert (product.external_id, product.tags) == ("row-17", ("new", "sale"))
    assert list(batch.used) == ["external_id", "tags", "name", "gtin", "price", "breadcrumbs"]
    assert (await there.result(batch))[1][1:8] == [
        "row-17", "new, sale", "Our Kettle", "4006381333931", "39,90 €", "Home > Tea", "red",
    ]  # fmt: skip


async def test_a_row_without_words_changes_nothing() -> None:
    """Blank cells leave the product to its page."""
    there = works([kettle()])

    await there.hand_in(f"url,sku,tags,price,action\n{SHOP}/1,, ,,\n")
    await there.run()

    product = await brought(there, "1")
    assert (product.locked, product.tags, product.external_id) == ((), (), None)


async def test_what_cannot_be_is_refused_and_the_others_go_on() -> None:
    """Each such row comes back with its reason and a pointer to its cell; good rows are imported."""
    there = works([kettle()])
    text = f"url,price,gtin,action\n{SHOP}/1,cheap,,\n{SHOP}/2,,4006381333932,\n{SHOP}/3,,,explode\n{SHOP}/4,9 EUR,,\n"

    batch = await there.hand_in(text)
    await there.run()
    results = await there.batches.results(MERCHANT, batch.id)

    assert [each.status.value for each in results] == ["invalid", "invalid", "invalid", "imported"]
    assert [each.failure.pointer for each in results if each.failure] == [
        "/items/0/price",
        "/items/1/gtin",
        "/items/2/action",
    ]
    assert {each.failure.code for each in results if each.failure} == {"row_unusable"}
    words = [each.failure.detail for each in results if each.failure]
    assert words[0] == "'cheap' is no plain price: write a number with its currency, such as 1299.90 EUR."
    assert "it would be 1" in words[1]
    assert words[2] == "There is no action 'explode'; there are import, refresh, skip."


async def test_a_row_says_what_is_done_with_it() -> None:
    """One is left out, one imports again what is there, with its words; all others do as the list says."""
    there = works([kettle()])
    await there.hand_in(f"url\n{SHOP}/1\n{SHOP}/2\n")
    await there.run()

    text = f"url,action,brand\n{SHOP}/1,refresh,Ours\n{SHOP}/2,import,Ours\n{SHOP}/3,skip,Ours\n{SHOP}/3,,Ours\n"
    batch = await there.hand_in(text)
    check = await there.batches.check(MERCHANT, open_batch(io.BytesIO(text.encode())))
    await there.run()

    assert await there.statuses(batch) == ["imported", "already_imported", "skipped", "imported"]
    assert (check.known, check.again, check.skipped) == (2, 1, 1)
    assert [(await brought(there, path)).locked for path in "123"] == [("brand",), (), ("brand",)]


async def test_a_list_that_refreshes_sets_what_its_rows_say() -> None:
    """What is there already is imported again, and says it too."""
    there = works([kettle()])
    await there.hand_in(f"url\n{SHOP}/1\n")
    await there.run()

    await there.hand_in(f"url,name\n{SHOP}/1,Ours\n", terms=BatchTerms(on_duplicate=OnDuplicate.REFRESH))
    await there.run()

    product = await brought(there, "1")
    assert (product.facts and product.facts.name, product.locked) == ("Ours", ("name",))
    assert product.stated
    assert product.stated.facts.name == "Steel Kettle"


async def test_words_wait_for_the_end_of_another_import() -> None:
    """A row that refreshes what is being imported right now waits, and says what it says after that."""
    queue = KeptEngine()
    there = works([kettle()], queue=queue)
    begun = await there.imports.submit(MERCHANT, f"{SHOP}/1")
    batch = await there.hand_in(f"url,name,action\n{SHOP}/1,Ours,refresh\n")

    await there.feeder.feed()
    await there.feeder.settle()
    waiting = await there.house.store.batches.waiting(batch.id, 9)
    await there.imports.cancel(MERCHANT, begun.product.id)
    await there.run()

    import_ = await there.imports.import_(MERCHANT, (await brought(there, "1")).import_id)
    assert [row.number for row in waiting] == [1]
    assert (import_.batch_id, import_.given) == (batch.id, Edit(name="Ours"))


async def test_what_was_handed_in_waits_for_the_first_page() -> None:
    """An import that fails keeps it for the next one; once it is set, no later import sets it again."""
    house = make_house([PageNotFound("Gone."), kettle()])
    given = Edit(name="Ours", external_id="row-17", add_tags=("new",))

    failed = (await house.imports.submit(MERCHANT, URL, given=given)).product
    before = await house.imports.product(MERCHANT, failed.id)
    await house.imports.retry(MERCHANT, failed.id)
    first = await house.imports.product(MERCHANT, failed.id)
    freed = Edit(unlock=("name",), external_id="row-18", remove_tags=("new",))
    await house.store.catalogue.change_product(
        MERCHANT, failed.id, lambda kept: with_edit(kept, freed, kept.updated_at)
    )
    await house.imports.retry(MERCHANT, failed.id)
    last = await house.imports.product(MERCHANT, failed.id)

    assert (before.facts, before.external_id, before.tags) == (None, "row-17", ("new",))
    assert first.facts
    assert last.facts
    assert (first.facts.name, first.locked) == ("Ours", ("name",))
    assert (last.facts.name, last.locked, last.external_id, last.tags) == ("Steel Kettle", (), "row-18", ())


@pytest.mark.parametrize(
    ("cell", "currency", "amount"),
    [
        ("12.90 EUR", "", "12.90"),
        ("€12,90", "", "12.90"),
        ("1.299,00 €", "", "1299.00"),
        ("EUR 1,299.5", "", "1299.5"),
        ("1 299,00", "EUR", "1299.00"),
        ("1'299", "eur", "1299"),
        ("4.5", "€", "4.5"),
        ("0", "EUR", "0"),
        ('{"amount": "12.90", "currency": "EUR"}', "", "12.90"),
    ],
)
def test_a_price_is_read_as_people_write_it(cell: str, currency: str, amount: str) -> None:
    """With its currency beside it or in a cell of its own, whatever marks stand in it."""
    assert price_in(cell, currency, "/price") == euros(amount)


@pytest.mark.parametrize(
    ("cell", "currency"),
    [
        ("12.90", ""), ("$12.90", ""), ("1.299", "EUR"), ("12 or 13 EUR", ""), ("-5 EUR", ""), ("1e3 EUR", ""),
        ("EUR 5 USD", ""), ("five", "EUR"), ("12.90", "money"), ('{"amount": 1}', ""), ("1,29,9 EUR", ""),
    ],
)  # fmt: skip
def test_a_price_that_may_be_read_in_two_ways_is_refused(cell: str, currency: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(InvalidInput):
        price_in(cell, currency, "/price")


def test_words_of_shops_are_known() -> None:
    """Stock and condition as people write them; tags and categories with their marks, or as JSON."""
    said = given_by(
        {"availability": "in stock", "condition": "Refurbished", "tags": '["a b", "c"]', "breadcrumbs": "A > B"}, URL
    )

    assert said == Edit(
        availability=Availability.IN_STOCK,
        condition=Condition.REFURBISHED,
        add_tags=("a b", "c"),
        breadcrumbs=("A", "B"),
    )


@pytest.mark.parametrize(
    ("cells", "pointer"),
    [
        ({"overrides": "[1]"}, "/overrides"),
        ({"overrides": '{"colour": "red"}'}, "/overrides/colour"),
        ({"overrides": '{"unlock": ["name"]}'}, "/overrides/unlock"),
        ({"overrides": '{"price": {"amount": "x", "currency": "EUR"}}'}, "/overrides/price/amount"),
        ({"overrides": '{"price": {"amount": "1", "currency": "ZZZ"}}'}, "/overrides/price/currency"),
        ({"overrides": '{"gtin": "12"}'}, "/overrides/gtin"),
        ({"tags": "x" * 61}, "/tags/0"),
        ({"availability": "perhaps"}, "/availability"),
        ({"condition": "odd"}, "/condition"),
        ({"handle": "Not A Handle"}, "/handle"),
    ],
)
def test_what_cannot_be_is_pointed_at(cells: dict[str, str], pointer: str) -> None:
    """The pointer begins with what the column says, and leads into JSON."""
    with pytest.raises(InvalidInput) as raised:
        given_by(cells, URL)
    assert raised.value.pointer == pointer


def test_overrides_stand_over_columns() -> None:
    """Of a field that both say, the override holds; null empties it."""
    said = given_by({"name": "A", "overrides": '{"name": "B", "brand": null}', "gtin": "4006381-333931"}, URL)

    assert said
    assert said.changes() == {"name": "B", "brand": None, "gtin": "4006381333931"}


def read(text: str, *columns: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Tell which columns of a list are used, and which are handed back."""
    file = open_batch(io.BytesIO(text.encode()), None, *columns)
    return file.used, file.handed_back


def test_columns_are_used_by_their_names() -> None:
    """Known names whatever their case; a price only where a currency is known; all others are handed back."""
    used, handed_back = read(f"URL,SKU,Price,Barcode,Colour\n{URL},A,12.90,,red\n")

    assert used == {"sku": "SKU", "gtin": "Barcode"}
    assert handed_back == ("Price", "Colour")
    assert read(f"url,price,currency\n{URL},12.90,EUR\n")[0] == {"price": "price", "currency": "currency"}
    assert read(f"url,price\n{URL},12.90 EUR\n")[0] == {"price": "price"}


def test_columns_can_be_asked_for() -> None:
    """Another name for the address, for what a column says, and none for what is to say nothing."""
    text = f"Seite,sku,Supplier SKU,tags\n{URL},A,B,new\n"

    used, handed_back = read(text, "url=Seite", "sku=Supplier SKU", "tags=")

    assert (used, handed_back) == ({"sku": "Supplier SKU"}, ("sku", "tags"))
    with pytest.raises(InvalidInput, match="There is no column 'Nowhere'"):
        read(text, "sku=Nowhere")


def test_a_mapping_by_hand_is_taken_as_it_is() -> None:
    """What a person chose for each column holds, names or not."""
    text = f"url,sku,Artikel\n{URL},A,B\n"

    sheet = open_sheet(io.BytesIO(text.encode()), Hints(uses={2: "sku", 0: "brand"}))

    assert (sheet.address, sheet.uses) == (0, {"sku": 2})


@pytest.mark.parametrize(
    ("preferences", "cells", "told"),
    [
        (UNSAID, {"weight_grams": "1.5 kg"}, Edit(weight_grams=Decimal(1500))),
        (Preferences(units=Units.METRIC), {"weight_grams": "250"}, Edit(weight_grams=Decimal(250))),
        (Preferences(units=Units.US), {"weight_grams": "16"}, Edit(weight_grams=Decimal("453.592"))),
        (Preferences(currency="EUR"), {"price": "12.90"}, Edit(price=euros("12.90"))),
        (
            Preferences(currency="EUR"),
            {"price": "12.90 CHF"},
            Edit(price=Money(amount=Decimal("12.90"), currency="CHF")),
        ),
    ],
)
def test_bare_numbers_mean_what_the_merchant_prefers(
    preferences: Preferences, cells: dict[str, str], told: Edit
) -> None:
    """A price without a currency and a weight without a unit; what says its own is read as it says."""
    assert given_by(cells, URL, preferences) == told


@pytest.mark.parametrize("cell", ["250", "1,250 g", "heavy"])
def test_a_weight_that_is_not_plain_is_refused(cell: str) -> None:
    """Without a unit where nobody chose one, in two ways, or as no weight at all."""
    with pytest.raises(InvalidInput) as raised:
        given_by({"weight_grams": cell}, URL)
    assert raised.value.pointer == "/weight_grams"


async def test_a_columns_head_may_say_the_unit() -> None:
    """As files of shops have it; a column of bare numbers without any unit is only handed back."""
    there = works([kettle()])

    await there.hand_in(f"url,Weight (kg)\n{SHOP}/1,0.25\n{SHOP}/2,\n")
    await there.run()

    facts = [(await brought(there, path)).facts for path in ("1", "2")]
    assert [each and each.weight_grams for each in facts] == [250, None]
    assert read(f"url,weight\n{URL},250\n") == ({}, ("weight",))
    assert read(f"url,weight\n{URL},250 g\n")[0] == {"weight_grams": "weight"}
