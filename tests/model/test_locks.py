"""What a person set of a product: final, in the forms that belong together, and given back whole."""

from decimal import Decimal

from cartage.exports.article import article_of
from cartage.exports.naming import Roll
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.evidence import Evidence, Source
from cartage.model.locks import with_edit, with_locks
from cartage.model.pricing import PriceRange, PricingRules
from cartage.model.product import Availability, Money, Product, Variant
from cartage.model.variant_edit import VariantEdit
from tests.contracts.records import NOON, a_product

HTML = "<p>Stoneware.</p><ul><li>Dishwasher</li></ul>"
SEEN = Evidence(source=Source.PICTURE, where="picture 1", raw="Mug")


def euros(amount: int) -> Money:
    """Give an amount in euros."""
    return Money(amount=Decimal(amount), currency="EUR")


def a_mug(**facts: object) -> CatalogueProduct:
    """Give a mug as its page states it."""
    told = {f"/{name}": (Evidence(source=Source.JSON_LD, where="/x", raw=str(value)),) for name, value in facts.items()}
    return a_product("mer_1", facts=Product.model_validate({"name": "Mug", **facts}), evidence=told)


def test_a_text_takes_the_place_of_html_and_gives_it_back() -> None:
    """A description written as text has no HTML beside it that says otherwise; left to the page, both are back."""
    page = a_mug(description="Stoneware.", description_html=HTML)

    edited = with_edit(page, Edit(description="One.\nTwo."), NOON)
    again = with_locks(edited, page)
    freed = with_edit(again, Edit(unlock=("description",)), NOON)

    assert again.facts
    assert (again.facts.description, again.facts.description_html) == ("One.\nTwo.", None)
    assert "/description_html" not in again.evidence
    assert article_of(again, PricingRules(), Roll()).html == "<p>One.</p><p>Two.</p>"
    assert (freed.facts, freed.evidence) == (page.facts, page.evidence)


def test_html_that_a_person_wrote_outlasts_imports() -> None:
    """Text and HTML of a description stay together."""
    edit = Edit(description="Ours", description_html="<p>Ours</p>")

    kept = with_locks(with_edit(a_mug(), edit, NOON), a_mug(description="Stoneware.", description_html=HTML))

    assert kept.facts
    assert (kept.facts.description_html, kept.locked) == ("<p>Ours</p>", ("description",))


def test_what_waits_for_a_review_waits_again_when_it_is_given_back() -> None:
    """A value that only a picture shows is no fact by being set and left; what the page lacks is missing again."""
    page = a_mug().model_copy(
        update={"evidence": {"/name": (SEEN,)}, "unverified": ("/name",), "missing": ("price", "brand")}
    )

    edited = with_edit(page, Edit(name="Cup", price=euros(9)), NOON)
    freed = with_edit(edited, Edit(unlock=("name", "price")), NOON)

    assert (edited.unverified, edited.missing) == ((), ("brand",))
    assert (freed.unverified, sorted(freed.missing), freed.stated) == (("/name",), ["brand", "price"], None)


def test_a_regular_price_set_by_hand_is_struck_as_it_is() -> None:
    """No rule raises it, it holds beside variants that cost the same, and below the selling price it is left out."""
    page = a_mug(price=euros(10), variants=(Variant(options={"Size": "S"}, price=euros(10)),))
    doubled = PricingRules(ranges=(PriceRange(multiplier=Decimal(2)),), compare_at="none")

    articles = [
        article_of(with_edit(page, Edit(regular_price=euros(amount)), NOON), doubled, Roll()) for amount in (30, 15)
    ]

    assert [each.offers[0].selling.compare_at for each in articles] == [euros(30), None]


def test_what_is_marked_as_sold_out_is_so_in_every_variant() -> None:
    """Stock of the product holds for the variants that the page says are there, but for those that a person set."""
    sizes = tuple(Variant(options={"Size": size}, availability=Availability.IN_STOCK) for size in "SM")
    edit = Edit(
        availability=Availability.OUT_OF_STOCK,
        variants=(VariantEdit(options={"Size": "M"}, availability=Availability.PRE_ORDER),),
    )

    article = article_of(with_edit(a_mug(variants=sizes), edit, NOON), PricingRules(), Roll())

    assert [each.availability for each in article.offers] == [Availability.OUT_OF_STOCK, Availability.PRE_ORDER]


def test_what_a_merchant_wrote_for_shops_is_exported() -> None:
    """Handle and texts for search engines are theirs, whatever imports bring, and made from the facts once emptied."""
    edit = Edit(handle="our-mug", seo_title="The mug", seo_description="A mug to keep.")
    kept = with_locks(with_edit(a_mug(description="Stoneware."), edit, NOON), a_mug(description="Stoneware."))
    emptied = with_edit(kept, Edit(handle=None, seo_title=None), NOON)

    ours, made = (article_of(each, PricingRules(), Roll()) for each in (kept, emptied))

    assert (ours.handle, ours.seo_title, ours.seo_description) == ("our-mug", "The mug", "A mug to keep.")
    assert (made.handle, made.seo_title, made.seo_description) == ("mug", "Mug", "A mug to keep.")
