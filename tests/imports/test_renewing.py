"""The refresh policy: what another import may change, by groups of fields, and what becomes of a page that is gone."""

import functools
from decimal import Decimal

import pytest

from cartage.imports.upkeep import Upkeep
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.edit import Edit
from cartage.model.errors import PageNotFound, RateLimited
from cartage.model.evidence import Evidence, Source
from cartage.model.locks import with_edit, with_locks
from cartage.model.option_edit import OptionEdit, ValueEdit
from cartage.model.product import Availability, Image, Money, Option, Product, Variant
from cartage.model.refresh_policy import FIELDS, RefreshPolicy, Renewal, WhenGone
from cartage.model.renewal import given_way, held
from tests.contracts.records import a_product
from tests.imports.conftest import MERCHANT, URL, House, kettle, make_house

CHEAPER = {"@type": "Offer", "price": "39.90", "priceCurrency": "EUR", "availability": "https://schema.org/OutOfStock"}
SHOWN = (("49,90", "39,90"), ("<h1>Steel", "<h1>Copper"), ("<button>Add to cart</button>", "<p>Sold out</p>"))
OTHER = functools.reduce(
    lambda page, change: page.replace(*change), SHOWN, kettle(name="Copper Kettle", offers=CHEAPER)
)
NEVER, ALWAYS = Renewal.NEVER, Renewal.ALWAYS
PAGE = (Evidence(source=Source.JSON_LD, where="/", raw="page"),)
HAND = (Evidence(source=Source.PERSON, where="set", raw="hand"),)


def euros(amount: str) -> Money:
    """Give an amount of euros."""
    return Money(amount=Decimal(amount), currency="EUR")


async def refreshed(house: House, policy: RefreshPolicy, edit: Edit | None = None) -> CatalogueProduct:
    """Import a product, set fields of it, and import it again under a policy."""
    product = (await house.imports.submit(MERCHANT, URL)).product
    if edit:
        await Upkeep(house.store).edit(MERCHANT, product.id, edit)
    await Upkeep(house.store).set_policy(MERCHANT, policy)
    await house.imports.retry(MERCHANT, product.id)
    return await house.imports.product(MERCHANT, product.id)


def told(product: CatalogueProduct) -> tuple[str | None, str | None, Availability | None]:
    """Give name, price and stock."""
    facts = product.facts or Product()
    return facts.name, facts.price and str(facts.price.amount), facts.availability


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (RefreshPolicy(), ("Mine", "39.90", Availability.OUT_OF_STOCK)),
        (RefreshPolicy(prices=NEVER), ("Mine", "49.90", Availability.OUT_OF_STOCK)),
        (RefreshPolicy(stock=NEVER, rest=NEVER), ("Mine", "39.90", Availability.IN_STOCK)),
        (RefreshPolicy(texts=ALWAYS), ("Copper Kettle", "39.90", Availability.OUT_OF_STOCK)),
        (RefreshPolicy(texts=NEVER, prices=NEVER, stock=NEVER), ("Mine", "49.90", Availability.IN_STOCK)),
    ],
)
async def test_each_group_is_renewed_as_the_policy_says(
    policy: RefreshPolicy, expected: tuple[str, str, Availability]
) -> None:
    """Over edits as well, but for them, or never; without a policy an edit stays and all else is the page's."""
    product = await refreshed(make_house([kettle(), OTHER]), policy, Edit(name="Mine"))

    assert told(product) == expected
    assert product.locked == (() if policy.texts is ALWAYS else ("name",))
    assert product.evidence["/price"][0].raw.startswith("49") is (policy.prices is NEVER)


async def test_a_page_that_is_gone_takes_its_product_out_of_stock() -> None:
    """Where the policy says so, with the reason as evidence, until the page is there again."""
    house = make_house([kettle(), PageNotFound("It is gone."), kettle()])
    gone = await refreshed(house, RefreshPolicy(gone=WhenGone.OUT_OF_STOCK))
    await house.imports.retry(MERCHANT, gone.id)
    back = await house.imports.product(MERCHANT, gone.id)

    assert (gone.status, told(gone)) == (Status.FAILED, ("Steel Kettle", "49.90", Availability.OUT_OF_STOCK))
    assert [(each.source, each.raw) for each in gone.evidence["/availability"]] == [(Source.GONE, "It is gone.")]
    assert (back.status, told(back)[2]) == (Status.IMPORTED, Availability.IN_STOCK)
    assert back.evidence["/availability"][0].source is not Source.GONE


async def test_a_product_whose_page_is_gone_is_put_away() -> None:
    """Where the policy says so, it is in the archive, whole; by default it is kept as it was."""
    archived = await refreshed(
        make_house([kettle(), PageNotFound("It is gone.")]), RefreshPolicy(gone=WhenGone.ARCHIVE)
    )
    kept = await refreshed(make_house([kettle(), PageNotFound("It is gone.")]), RefreshPolicy())

    assert archived.archived_at
    assert kept.archived_at is None
    assert told(archived) == told(kept) == ("Steel Kettle", "49.90", Availability.IN_STOCK)


async def test_only_a_page_that_is_gone_is_gone() -> None:
    """Another failure changes nothing, and a product that never was imported has nothing to mark or to put away."""
    slowed = await refreshed(
        make_house([kettle(), RateLimited("Slow down.", 0.0)]), RefreshPolicy(gone=WhenGone.ARCHIVE)
    )
    house = make_house([PageNotFound("It is gone.")])
    await Upkeep(house.store).set_policy(MERCHANT, RefreshPolicy(gone=WhenGone.OUT_OF_STOCK))
    never = (await house.imports.submit(MERCHANT, URL)).product

    assert (slowed.status, slowed.archived_at, told(slowed)[2]) == (Status.FAILED, None, Availability.IN_STOCK)
    assert (await house.imports.product(MERCHANT, never.id)).facts is None


def sizes(*variants: tuple[str, str, Availability], evidence: dict[str, tuple[Evidence, ...]]) -> CatalogueProduct:
    """Make a product with variants by size, price and stock."""
    made = tuple(
        Variant(options={"Size": size}, price=euros(price), availability=stock, sku=f"{size}-{price}")
        for size, price, stock in variants
    )
    facts = Product(name="Mug", variants=made, images=(Image(url="https://shop.example/a.jpg"),))
    return a_product(MERCHANT, facts=facts, evidence=evidence)


IN, OUT = Availability.IN_STOCK, Availability.OUT_OF_STOCK


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (RefreshPolicy(prices=NEVER), [("L", "9", OUT, "L-12"), ("M", "8", OUT, "M-11"), ("XL", "13", IN, "XL-13")]),
        (RefreshPolicy(rest=NEVER), [("S", "7", IN, "S-7"), ("M", "11", OUT, "M-8"), ("L", "12", OUT, "L-9")]),
        (
            RefreshPolicy(rest=NEVER, prices=NEVER),
            [("S", "7", IN, "S-7"), ("M", "8", OUT, "M-8"), ("L", "9", OUT, "L-9")],
        ),
    ],
)
def test_variants_have_a_part_in_each_group(
    policy: RefreshPolicy, expected: list[tuple[str, str, Availability, str]]
) -> None:
    """They are known again by their options; which there are, and their codes, is among the rest."""
    kept = sizes(("S", "7", IN), ("M", "8", IN), ("L", "9", IN), evidence={"/variants/2/price": HAND})
    fresh = sizes(("L", "12", OUT), ("M", "11", OUT), ("XL", "13", IN), evidence={"/variants/0/price": PAGE})

    product = held(kept, fresh, policy)

    assert product.facts
    assert [
        (each.options["Size"], str(each.price and each.price.amount), each.availability, each.sku)
        for each in product.facts.variants
    ] == expected
    place = [size for size, *_ in expected].index("L")
    assert product.evidence[f"/variants/{place}/price"] == (HAND if policy.prices is NEVER else PAGE)


def test_edits_of_variants_give_way_by_their_groups() -> None:
    """A price set by hand gives way where prices do, and the lock goes with the last of them."""
    both = {"/variants/0/price": HAND, "/variants/1/availability": HAND, "/variants": PAGE}
    product = sizes(("S", "7", IN), ("M", "8", IN), evidence=both).model_copy(update={"locked": ("variants",)})

    prices = given_way(product, RefreshPolicy(prices=ALWAYS))
    all_of_them = given_way(product, RefreshPolicy(prices=ALWAYS, stock=ALWAYS))

    assert (prices.locked, set(prices.evidence)) == (("variants",), {"/variants/1/availability", "/variants"})
    assert (all_of_them.locked, set(all_of_them.evidence)) == ((), {"/variants"})


def test_every_field_is_in_one_group() -> None:
    """What a group does not name is among the rest."""
    named = [field for fields in FIELDS.values() for field in fields]

    assert sorted(named) == sorted(Product.model_fields)


SWAPPED = OptionEdit(
    name="Farbe",
    rename="Colour",
    values=(
        ValueEdit(value="Blau", rename="Rot"),
        ValueEdit(value="Rot", rename="Blau"),
        ValueEdit(value="Grau", remove=True),
    ),
)


def a_coat(*colours: str) -> CatalogueProduct:
    """Make a coat in colours, as its page states it."""
    variants = tuple(Variant(options={"Farbe": each}, price=euros("9")) for each in colours)
    facts = Product(name="Coat", options=(Option(name="Farbe", values=colours),), variants=variants)
    return a_product(MERCHANT).model_copy(update={"facts": facts, "evidence": {}})


def test_what_is_never_renewed_keeps_the_names_of_its_options() -> None:
    """What a person calls otherwise or leaves out stays so, and given back it is as the page called it."""
    coat = a_coat("Rot", "Blau", "Grau")
    ours = with_edit(coat, Edit(options=(SWAPPED,), deletes_variants=1), coat.updated_at)
    for _ in range(2):
        ours = with_locks(ours, held(ours, a_coat("Rot", "Lila"), RefreshPolicy(rest=NEVER)))
    freed = with_edit(ours, Edit(unlock=("options",)), coat.updated_at)

    assert ours.facts
    assert [each.options for each in ours.facts.variants] == [{"Colour": "Blau"}, {"Colour": "Rot"}]
    assert ours.facts.options == (Option(name="Colour", values=("Blau", "Rot")),)
    assert freed.facts
    assert coat.facts
    assert (freed.facts.variants, freed.facts.options) == (coat.facts.variants, coat.facts.options)
