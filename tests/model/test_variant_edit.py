"""What a person sets of variants: single values stay over every import, all else is the page's."""

from decimal import Decimal

import pytest

from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.errors import InvalidInput
from cartage.model.evidence import Source
from cartage.model.locks import with_edit, with_locks
from cartage.model.product import Availability, Image, Money, Option, Product, Variant
from cartage.model.variant_edit import VariantEdit, check_variants
from tests.contracts.records import NOON, a_product

RED, BLUE, GREEN = ({"Colour": colour} for colour in ("Red", "Blue", "Green"))


def euros(amount: str) -> Money:
    """Give an amount in euros."""
    return Money(amount=Decimal(amount), currency="EUR")


def shirt(*variants: Variant) -> CatalogueProduct:
    """Give a shirt with variants."""
    images = (Image(url="https://shop.example/red.jpg"), Image(url="https://shop.example/blue.jpg"))
    colours = tuple(each.options["Colour"] for each in variants)
    facts = Product(name="Shirt", images=images, options=(Option(name="Colour", values=colours),), variants=variants)
    return a_product("mer_1", facts=facts)


PAGE = shirt(
    Variant(options=RED, price=euros("20"), regular_price=euros("25"), availability=Availability.IN_STOCK),
    Variant(options=BLUE, price=euros("20"), availability=Availability.IN_STOCK),
)
SET = with_edit(PAGE, Edit(variants=(VariantEdit(options=RED, price=euros("30"), sku="R-1"),)), NOON)


def variants_of(product: CatalogueProduct) -> tuple[Variant, ...]:
    """Give a product's variants."""
    assert product.facts
    return product.facts.variants


def test_what_is_set_of_a_variant_stands_and_says_who_set_it() -> None:
    """One variant has the price and the SKU, without a regular price below it; the other is as it was."""
    red, blue = variants_of(SET)

    assert (red.price, red.regular_price, red.sku) == (euros("30"), None, "R-1")
    assert blue == variants_of(PAGE)[1]
    assert SET.locked == ("variants",)
    assert SET.evidence["/variants/0/price"][0].source is Source.PERSON


def test_an_import_brings_the_rest_of_a_variant_and_new_variants() -> None:
    """The price that was set follows its variant to another place; stock, new variants and gone ones are the page's."""
    fresh = shirt(
        Variant(options=GREEN, price=euros("22")),
        Variant(options=RED, price=euros("21"), availability=Availability.OUT_OF_STOCK),
    )

    told = with_locks(SET, fresh)

    green, red = variants_of(told)
    assert green == variants_of(fresh)[0]
    assert (red.price, red.sku, red.availability) == (euros("30"), "R-1", Availability.OUT_OF_STOCK)
    assert told.evidence["/variants/1/price"][0].raw == "30 EUR"
    assert "/variants/0/price" not in told.evidence


def test_variants_that_are_left_to_the_page_are_forgotten() -> None:
    """The next import brings the page's price, also where another variant is set meanwhile."""
    freed = with_edit(SET, Edit(unlock=("variants",)), NOON)
    other = with_edit(freed, Edit(variants=(VariantEdit(options=BLUE, sku="B-1"),)), NOON)

    red, blue = variants_of(with_locks(other, PAGE))

    assert (red.price, red.sku) == (euros("20"), None)
    assert blue.sku == "B-1"


@pytest.mark.parametrize(
    ("edit", "pointer"),
    [
        (VariantEdit(options=GREEN, sku="G"), "/variants/0/options"),
        (VariantEdit(options=RED, image="https://shop.example/other.jpg"), "/variants/0/image"),
        (VariantEdit(options=RED), "/variants/0"),
    ],
)
def test_what_the_product_does_not_have_is_refused(edit: VariantEdit, pointer: str) -> None:
    """An unknown variant, another product's image, and an edit of nothing, each by its place."""
    assert PAGE.facts
    with pytest.raises(InvalidInput) as refused:
        check_variants(PAGE.facts, [edit])

    assert refused.value.pointer == pointer
