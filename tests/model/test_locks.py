"""What a person set of a product: final, in the forms that belong together, and given back whole."""

from decimal import Decimal

import pytest

from cartage.exports.article import article_of
from cartage.exports.naming import Roll
from cartage.model.arrangement import Placed
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.errors import InvalidInput
from cartage.model.evidence import Evidence, Source
from cartage.model.locks import with_edit, with_locks
from cartage.model.option_edit import OptionEdit, ValueEdit, check_options
from cartage.model.picture import Picture
from cartage.model.pricing import PriceRange, PricingRules
from cartage.model.product import Availability, Image, Money, Option, Product, Variant
from cartage.model.variant_edit import VariantEdit
from cartage.pricing.products import prices_of
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


def a_shirt(*colours: str, price: int = 20) -> CatalogueProduct:
    """Make a shirt in colours, as its page states it."""
    variants = tuple(Variant(options={"Farbe": colour}, price=euros(price)) for colour in colours)
    return a_mug(options=(Option(name="Farbe", values=colours),), variants=variants)


def called(product: CatalogueProduct) -> list[tuple[dict[str, str], Money | None]]:
    """List a product's variants by what they are called, with their prices."""
    assert product.facts
    return [(each.options, each.price) for each in product.facts.variants]


CALLED = OptionEdit(
    name="Farbe",
    rename="Colour",
    values=(ValueEdit(value="Rot", rename="Red"), ValueEdit(value="Blau", remove=True)),
)


def test_options_are_called_otherwise_whatever_imports_bring() -> None:
    """An axis and a value keep their new names, a removed value stays away, and what was set of a variant stays."""
    edit = Edit(variants=(VariantEdit(options={"Farbe": "Rot"}, price=euros(30)),))
    ours = with_edit(with_edit(a_shirt("Blau", "Rot"), edit, NOON), Edit(options=(CALLED,)), NOON)
    again = with_locks(ours, a_shirt("Rot", "Blau", "Grün", price=22))

    assert called(ours) == [({"Colour": "Red"}, euros(30))]
    assert called(again) == [({"Colour": "Red"}, euros(30)), ({"Colour": "Grün"}, euros(22))]
    assert again.facts
    assert again.facts.options == (Option(name="Colour", values=("Red", "Grün")),)
    assert prices_of(again, PricingRules()).variants[0].cost == euros(22)
    assert again.evidence["/options"][0].source is Source.PERSON


def test_options_are_renamed_twice_and_given_back() -> None:
    """A second name takes the place of the first; left to the page, all is as that calls it, set prices included."""
    edit = Edit(variants=(VariantEdit(options={"Farbe": "Rot"}, price=euros(30)),))
    ours = with_edit(with_edit(a_shirt("Blau", "Rot"), edit, NOON), Edit(options=(CALLED,)), NOON)
    twice = with_edit(ours, Edit(options=(OptionEdit(name="Colour", rename="Shade"),)), NOON)

    freed = with_edit(twice, Edit(unlock=("options",)), NOON)
    bare = with_edit(twice, Edit(unlock=("variants",)), NOON)

    assert called(twice) == [({"Shade": "Red"}, euros(30))]
    assert called(freed) == [({"Farbe": "Blau"}, euros(20)), ({"Farbe": "Rot"}, euros(30))]
    assert freed.evidence["/variants/1/price"][0].source is Source.PERSON
    assert called(bare) == [({"Shade": "Red"}, euros(20))]


@pytest.mark.parametrize(
    ("edit", "deletes", "pointer"),
    [
        (OptionEdit(name="Size"), 0, "/options/0/name"),
        (OptionEdit(name="Farbe", values=(ValueEdit(value="Lila", remove=True),)), 0, "/options/0/values/0/value"),
        (OptionEdit(name="Farbe", values=(ValueEdit(value="Rot", rename="Blau"),)), 0, "/deletes_variants"),
        (CALLED, 0, "/deletes_variants"),
        (CALLED, 2, "/deletes_variants"),
        (OptionEdit(name="Farbe", values=tuple(ValueEdit(value=each, remove=True) for each in ("Rot", "Blau"))), 2,
         "/options"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_of_options_is_refused(edit: OptionEdit, deletes: int, pointer: str) -> None:
    """Unknown names, a merge that nobody confirmed, another count than the variants that go, and the last variant."""
    facts = a_shirt("Blau", "Rot").facts

    assert facts
    with pytest.raises(InvalidInput) as refused:
        check_options(facts, [edit], deletes)
    assert refused.value.pointer == pointer


def a_coat(*pairs: str, price: int = 20) -> CatalogueProduct:
    """Make a coat in pairs such as `Navy/S`, as its page states it; each costs one more than the one before."""
    split = [pair.split("/") for pair in pairs]
    options = (
        Option(name="Colour", values=tuple(dict.fromkeys(colour for colour, _ in split))),
        Option(name="Size", values=tuple(dict.fromkeys(size for _, size in split))),
    )
    variants = tuple(
        Variant(options={"Colour": colour, "Size": size}, price=euros(price + place))
        for place, (colour, size) in enumerate(split)
    )
    return a_mug(options=options, variants=variants)


def as_pairs(product: CatalogueProduct) -> list[tuple[str, int]]:
    """List a product's variants by their values, with their prices."""
    return [("/".join(options.values()), int(price.amount) if price else 0) for options, price in called(product)]


MERGED = OptionEdit(name="Colour", values=(ValueEdit(value="navy blue", rename="Navy"),))


def test_two_values_become_one_whatever_imports_bring() -> None:
    """Of variants that are the same then, that of the value whose name it is stays, also after a second name."""
    coat = a_coat("navy blue/S", "navy blue/M", "Navy/S", "Red/S")
    ours = with_edit(coat, Edit(options=(MERGED,), deletes_variants=1), NOON)
    again = with_locks(ours, a_coat("navy blue/S", "navy blue/L", "Navy/S", price=30))
    twice = with_edit(again, Edit(options=(OptionEdit(name="Colour", values=(
        ValueEdit(value="Navy", rename="Marine"),)),)), NOON)  # fmt: skip
    once_more = with_locks(twice, a_coat("navy blue/S", "Navy/S", "Navy/M", price=40))

    assert as_pairs(ours) == [("Navy/M", 21), ("Navy/S", 22), ("Red/S", 23)]
    assert ours.facts
    assert ours.facts.options[0].values == ("Navy", "Red")
    assert as_pairs(again) == [("Navy/L", 31), ("Navy/S", 32)]
    assert as_pairs(twice) == [("Marine/L", 31), ("Marine/S", 32)]
    assert as_pairs(once_more) == [("Marine/S", 41), ("Marine/M", 42)]
    assert as_pairs(with_edit(once_more, Edit(unlock=("options",)), NOON))[0] == ("navy blue/S", 40)


def test_a_merge_that_deletes_is_refused_with_what_it_deletes() -> None:
    """The variants are named, and the count is asked for; where none would be the same nothing is asked."""
    facts, apart = a_coat("navy blue/S", "Navy/S").facts, a_coat("navy blue/S", "Navy/M").facts

    assert facts
    assert apart
    with pytest.raises(InvalidInput, match=r"This deletes 1 variants \(navy blue / S\)"):
        check_options(facts, [MERGED], 0)
    check_options(facts, [MERGED], 1)
    check_options(apart, [MERGED], 0)


def test_a_set_price_goes_with_the_variant_that_stays() -> None:
    """Merging moves what a person set to the variant's new place; what the source asks is that of its own page's."""
    coat = a_coat("navy blue/S", "Navy/S", "Red/S")
    dear = Edit(variants=(VariantEdit(options={"Colour": "Navy", "Size": "S"}, price=euros(99)),))
    ours = with_edit(with_edit(coat, dear, NOON), Edit(options=(MERGED,), deletes_variants=1), NOON)
    again = with_locks(ours, a_coat("navy blue/S", "Navy/S", "Red/S", price=30))

    assert as_pairs(again) == [("Navy/S", 99), ("Red/S", 32)]
    assert [each.cost for each in prices_of(again, PricingRules()).variants] == [euros(31), euros(32)]


def test_options_are_put_in_another_order_whatever_imports_bring() -> None:
    """Of the product and of each variant; the names are those before the edit, and given back all is as on the page."""
    edit = Edit(option_order=("Size", "Colour"), options=(OptionEdit(name="Size", rename="Fit"),))
    ours = with_edit(a_coat("Navy/S", "Red/M"), edit, NOON)
    again = with_locks(ours, a_coat("Navy/S", "Red/M", "Red/L"))

    assert again.facts
    assert [each.name for each in again.facts.options] == ["Fit", "Colour"]
    assert as_pairs(again) == [("S/Navy", 20), ("M/Red", 21), ("L/Red", 22)]
    assert as_pairs(with_edit(again, Edit(unlock=("options",)), NOON))[0] == ("Navy/S", 20)


@pytest.mark.parametrize("order", [("Size",), ("Size", "Size"), ("Size", "Fit"), ("Size", "Colour", "Fit")])
def test_an_order_names_each_option_once(order: tuple[str, ...]) -> None:
    """Anything else is refused with the names that there are."""
    facts = a_coat("Navy/S").facts

    assert facts
    with pytest.raises(InvalidInput, match="Name each option once: Colour, Size") as refused:
        check_options(facts, [], 0, order)
    assert refused.value.pointer == "/option_order"


def test_a_weight_outlasts_imports_and_is_given_back() -> None:
    """A product's and a variant's; what the page states of them is there again when they are left to it."""
    sizes = ({"Size": "S"}, {"Size": "L"})
    variants = tuple(Variant(options=each, weight_grams=Decimal(100)) for each in sizes)
    page = a_mug(weight_grams=Decimal(300), variants=variants)
    heavier = VariantEdit(options=sizes[1], weight_grams=Decimal(450))

    edited = with_edit(page, Edit(weight_grams=Decimal(320), variants=(heavier,)), NOON)
    again = with_locks(edited, page)
    freed = with_edit(again, Edit(unlock=("weight_grams", "variants")), NOON)

    assert again.facts
    assert freed.facts
    assert again.locked == ("weight_grams", "variants")
    assert (again.facts.weight_grams, [each.weight_grams for each in again.facts.variants]) == (320, [100, 450])
    assert (freed.facts.weight_grams, [each.weight_grams for each in freed.facts.variants]) == (300, [100, 100])


def test_the_weight_that_a_person_set_is_exported() -> None:
    """Of a variant first, then of the product over what the page says of its variants; emptied ones stay empty."""
    sizes = ({"Size": "S"}, {"Size": "M"}, {"Size": "L"})
    page = a_mug(variants=tuple(Variant(options=each, weight_grams=Decimal(100)) for each in sizes))
    own = (
        VariantEdit(options=sizes[0], weight_grams=Decimal(450)),
        VariantEdit(options=sizes[1], weight_grams=None),
    )

    weights = [
        [each.weight_grams for each in article_of(with_edit(page, edit, NOON), PricingRules(), Roll()).offers]
        for edit in (Edit(weight_grams=Decimal(320), variants=own), Edit(variants=own), Edit(weight_grams=None))
    ]

    assert weights == [[450, None, 320], [450, None, 100], [100, 100, 100]]


def test_arranged_pictures_leave_those_of_variants() -> None:
    """Whoever arranges the product's pictures takes none from a variant that shows it, now or at the next import."""
    red, blue = (f"https://shop.example/{colour}.jpg" for colour in ("red", "blue"))
    facts = {"images": (Image(url=red),), "variants": (Variant(image=red), Variant(image=blue))}
    pictures = tuple(Picture(url=url, id=f"pic_{place}", fetched_at=NOON) for place, url in enumerate((red, blue)))
    page = a_mug(**facts).model_copy(update={"pictures": pictures})

    arranged = with_edit(page, Edit(images=(Placed(url=red, alt="Red"),)), NOON)

    assert arranged.pictures == pictures
    assert with_locks(arranged, page).pictures == pictures
