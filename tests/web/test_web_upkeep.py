"""Pages of upkeep: editing a product, its price over time, and the schedule."""

import re
from datetime import timedelta
from decimal import Decimal

from cartage.imports.differences import differences_of
from cartage.imports.extractions import keep_extraction
from cartage.imports.readings import Reading
from cartage.imports.renewing import looked_at
from cartage.model.evidence import Evidence, Extraction, Source, Verdict
from cartage.model.product import Availability, Money, Product, Variant
from cartage.model.refresh_policy import Renewal
from cartage.model.upkeep import Sighting
from cartage.web.curve import curve_of
from cartage.web.earlier import earlier_of
from tests.contracts.records import NOON, an_attempt
from tests.web.conftest import Web, text_of

MUG = Product(
    name="Mug",
    description="One line.\nAnother.",
    price=Money(amount=Decimal("9.50"), currency="EUR"),
    regular_price=Money(amount=Decimal(12), currency="EUR"),
    availability=Availability.IN_STOCK,
)
FORM = {
    "name": "Mug",
    "brand": "",
    "amount": "9.50",
    "currency": "EUR",
    "sku": "",
    "description": "One line.\r\nAnother.",
}
PAGE = Evidence(source=Source.JSON_LD, where="/name", raw="Mug")


def sightings(*amounts: str) -> list[Sighting]:
    """Make sightings of these prices, an hour apart, newest first."""
    seen = [
        Sighting(at=NOON + timedelta(hours=hour), price=Money(amount=Decimal(amount), currency="EUR"))
        for hour, amount in enumerate(amounts)
    ]
    return seen[::-1]


async def test_only_what_differs_is_locked(web: Web) -> None:
    """Sending the form as it was changes nothing; a changed field is kept, locked and explained."""
    product_id = await web.imported(MUG, {"/name": (PAGE,)})
    await web.mine.post(f"/products/{product_id}/edit", **FORM)
    untouched = await web.imports.product(web.mine.merchant_id, product_id)

    reply = await web.mine.post(f"/products/{product_id}/edit", **(FORM | {"name": "Our mug"}))

    product = await web.imports.product(web.mine.merchant_id, product_id)
    assert (reply.status_code, untouched.locked, product.locked) == (303, (), ("name",))
    shown = text_of(await web.mine.get(f"/products/{product_id}"))
    assert "Our mug" in shown
    assert "Set by hand" in shown
    assert "says otherwise" in shown


async def test_nobody_overwrites_what_they_did_not_see(web: Web) -> None:
    """A form opened before somebody else's change is not kept: it shows both, and is kept when it is sent again."""
    product_id = await web.imported(MUG)
    opened = re.findall(r'name="version" value="(\w+)"', (await web.mine.get(f"/products/{product_id}/edit")).text)
    await web.mine.post(f"/products/{product_id}/edit", **(FORM | {"name": "Theirs"}))

    refused = await web.mine.post(f"/products/{product_id}/edit", **(FORM | {"brand": "Mine", "version": opened[0]}))
    between = await web.imports.product(web.mine.merchant_id, product_id)
    newer = re.findall(r'name="version" value="(\w+)"', refused.text)
    form = FORM | {"name": "Theirs", "brand": "Mine", "version": newer[0]}
    kept = await web.mine.post(f"/products/{product_id}/edit", **form)

    after = await web.imports.product(web.mine.merchant_id, product_id)
    assert (refused.status_code, kept.status_code) == (412, 303)
    assert "It has changed since you opened this form" in text_of(refused)
    assert "Now: Theirs" in text_of(refused)
    assert 'value="Mine"' in refused.text
    assert between.facts
    assert (between.facts.name, between.facts.brand) == ("Theirs", None)
    assert after.facts
    assert (after.facts.name, after.facts.brand) == ("Theirs", "Mine")


async def test_a_price_by_hand_takes_a_comma(web: Web) -> None:
    """An amount may be written as people write it; a regular price that is not higher goes."""
    product_id = await web.imported(MUG)

    await web.mine.post(f"/products/{product_id}/edit", **(FORM | {"amount": "14,90", "currency": "eur"}))

    facts = (await web.imports.product(web.mine.merchant_id, product_id)).facts
    assert facts
    assert (facts.price, facts.regular_price) == (Money(amount=Decimal("14.90"), currency="EUR"), None)


async def test_a_price_that_is_none_is_shown_again(web: Web) -> None:
    """The form comes back with what was typed and says what a price is."""
    product_id = await web.imported(MUG)

    reply = await web.mine.post(f"/products/{product_id}/edit", **(FORM | {"amount": "about ten"}))

    assert reply.status_code == 422
    assert "such as 12.90" in text_of(reply)
    assert "about ten" in reply.text


async def test_a_field_is_left_to_the_page_again(web: Web) -> None:
    """The edit page lists what was set by hand, with a button for each."""
    product_id = await web.imported(MUG)
    await web.mine.post(f"/products/{product_id}/edit", **(FORM | {"sku": "K-1"}))
    before = text_of(await web.mine.get(f"/products/{product_id}/edit"))

    await web.mine.post(f"/products/{product_id}/unlock", field="sku")

    assert "Leave it to the page" in before
    assert (await web.imports.product(web.mine.merchant_id, product_id)).locked == ()


async def test_groups_of_the_form_are_kept(web: Web) -> None:
    """Codes, choices, the category and what is for shops are read from the form; a wrong code opens its group again."""
    product_id = await web.imported(MUG)
    more = {
        "gtin": "4006381333931",
        "condition": "NewCondition",
        "category": "Kitchen > Mugs",
        "regular_amount": "15",
        "handle": "our-mug",
    }
    wrong = await web.mine.post(f"/products/{product_id}/edit", **(FORM | more | {"gtin": "4006381333930"}))

    await web.mine.post(f"/products/{product_id}/edit", **(FORM | more))

    product = await web.imports.product(web.mine.merchant_id, product_id)
    assert product.facts
    assert (product.facts.gtin, product.facts.breadcrumbs) == ("4006381333931", ("Kitchen", "Mugs"))
    assert product.locked == ("regular_price", "condition", "gtin", "breadcrumbs")
    assert product.presentation.handle == "our-mug"
    assert "it would be 1" in text_of(wrong)
    assert re.findall(r'<details class="fold" open><summary>(\w+)', wrong.text) == ["Codes"]


async def test_a_description_keeps_its_html(web: Web) -> None:
    """What the page has as HTML is edited as HTML; the rest of the form changes nothing of it."""
    html = "<p>Big.</p><ul><li>Blue</li></ul>"
    product_id = await web.imported(MUG.model_copy(update={"description": "Big.\nBlue", "description_html": html}))
    form = {name: value for name, value in FORM.items() if name != "description"}
    await web.mine.post(f"/products/{product_id}/edit", **form, description_html=html)
    before = await web.imports.product(web.mine.merchant_id, product_id)

    await web.mine.post(
        f"/products/{product_id}/edit", **form, description_html=html.replace("Blue", "Red<script>x</script>")
    )

    facts = (await web.imports.product(web.mine.merchant_id, product_id)).facts
    assert before.locked == ()
    assert facts
    assert facts.description_html == "<p>Big.</p><ul><li>Red</li></ul>"
    assert "Red" in (facts.description or "")


async def test_another_sources_value_is_used_by_one_press(web: Web) -> None:
    """Where sources disagree, the other value is a button: it sets and locks the field, and says whose word it is."""
    shown = Evidence(source=Source.VISIBLE, where=".price", raw="79,90 €", agrees=False, value="79.90 EUR")
    product_id = await web.imported(MUG, {"/price": (PAGE, shown)})
    page = (await web.mine.get(f"/products/{product_id}")).text

    reply = await web.mine.post(f"/products/{product_id}/use", field="price", value="79.90 EUR")
    wrong = await web.mine.post(f"/products/{product_id}/use", field="rating", value="5")

    product = await web.imports.product(web.mine.merchant_id, product_id)
    after = text_of(await web.mine.get(reply.headers["location"]))
    assert 'name="value" value="79.90 EUR"' in page
    assert product.facts
    assert (product.facts.price, product.locked) == (Money(amount=Decimal("79.90"), currency="EUR"), ("price",))
    assert [each.agrees for each in product.evidence["/price"]] == [True, False, True]
    assert wrong.status_code == 422
    assert "Price: From you" in after
    assert "Saved. Shopify : ready, " in after


async def test_what_nobody_could_settle_is_offered_beside_the_empty_field(web: Web) -> None:
    """An amount without a currency is told as unsure; with the currency that a person names it becomes the price."""
    unsure = Evidence(source=Source.VISIBLE, where=".price", raw="79,90", agrees=False, value="79.90")
    product_id = await web.imported(MUG.model_copy(update={"price": None}), {"/price": (unsure,)})
    here = f"/products/{product_id}"
    page = await web.mine.get(here)

    without = await web.mine.post(f"{here}/use", field="price", value="79.90")
    await web.mine.post(f"{here}/use", field="price", value="79.90", currency="eur")

    product = await web.imports.product(web.mine.merchant_id, product_id)
    assert page.text.count("Found but unsure: <bdi>79,90</bdi>?") == 2
    assert 'name="currency" required' in page.text
    assert without.status_code == 422
    assert product.facts
    assert (product.facts.price, product.locked) == (Money(amount=Decimal("79.90"), currency="EUR"), ("price",))
    assert [each.agrees for each in product.evidence["/price"]] == [True, True]
    assert "unsure" not in (await web.mine.get(here)).text


async def test_options_are_called_otherwise_and_deleting_is_confirmed(web: Web) -> None:
    """Leaving a value out says first how many variants go; they go only when that was ticked."""
    variants = tuple(Variant(options={"Farbe": colour, "Size": size}) for colour in ("Rot", "Blau") for size in "SM")
    product_id = await web.imported(MUG.model_copy(update={"variants": variants}))
    form = {"option_0": "Colour", "value_0_0": "Red", "out_0_1": "yes"}

    asked = await web.mine.post(f"/products/{product_id}/edit", **form)
    before = (await web.imports.product(web.mine.merchant_id, product_id)).facts
    await web.mine.post(f"/products/{product_id}/edit", **form, deletes="2")

    after = (await web.imports.product(web.mine.merchant_id, product_id)).facts
    assert "This deletes 2 variants." in text_of(asked)
    assert 'name="deletes" value="2"' in asked.text
    assert before
    assert len(before.variants) == 4
    assert after
    assert [each.options for each in after.variants] == [{"Colour": "Red", "Size": size} for size in "SM"]


async def test_two_values_are_merged_and_options_reordered(web: Web) -> None:
    """Of variants that become the same it is said which go; places are numbers, without a script, too."""
    pairs = [("Navy", "S"), ("navy blue", "S"), ("navy blue", "M")]
    variants = tuple(Variant(options={"Colour": colour, "Size": size}) for colour, size in pairs)
    product_id = await web.imported(MUG.model_copy(update={"variants": variants}))
    form = {"value_0_1": "Navy", "option_place_0": "2", "option_place_1": "2"}

    asked = await web.mine.post(f"/products/{product_id}/edit", **form)
    same_name = await web.mine.post(f"/products/{product_id}/edit", option_0="Size")
    await web.mine.post(f"/products/{product_id}/edit", **form, deletes="1")

    after = (await web.imports.product(web.mine.merchant_id, product_id)).facts
    assert "This deletes 1 variant." in text_of(asked)
    assert "<bdi>navy blue · S</bdi>" in asked.text
    assert "Two options would have the same name." in text_of(same_name)
    assert after
    assert [list(each.options.items()) for each in after.variants] == [
        [("Size", "S"), ("Colour", "Navy")],
        [("Size", "M"), ("Colour", "Navy")],
    ]


async def test_nobody_edits_anothers_product(web: Web) -> None:
    """Another merchant's product is unknown, to look at and to change."""
    product_id = await web.imported(MUG)

    shown = await web.theirs.get(f"/products/{product_id}/edit")
    sent = await web.theirs.post(f"/products/{product_id}/edit", **(FORM | {"name": "Theirs"}))

    assert (shown.status_code, sent.status_code) == (404, 404)


async def test_the_product_page_shows_what_the_shop_asked(web: Web) -> None:
    """The history stands on the product's page."""
    product_id = await web.imported(MUG)

    shown = text_of(await web.mine.get(f"/products/{product_id}"))

    assert "Price and stock" in shown
    assert "€9.50 · In stock" in shown


async def test_a_schedule_is_set_and_switched_off(web: Web) -> None:
    """The page says what is set, and is reached from the settings."""
    linked = await web.mine.get("/settings/general")
    await web.mine.post("/settings/schedule", every_hours="24")
    shown = await web.mine.get("/settings/schedule")
    await web.mine.post("/settings/schedule", every_hours="")

    assert 'href="/settings/schedule"' in linked.text
    assert '<option value="24" selected>' in shown.text
    assert await web.store.upkeep.schedules() == []


async def test_a_refresh_policy_is_a_table_to_choose_in(web: Web) -> None:
    """Each group has one choice, what is chosen is said, and a choice that there is not is refused."""
    kept = await web.mine.post("/settings/refresh-policy", prices="never", texts="always", gone="archive")
    shown = await web.mine.get(kept.headers["location"])
    refused = await web.mine.post("/settings/refresh-policy", prices="sometimes")

    chosen = re.findall(r'name="(\w+)" value="(\w+)" checked', shown.text)
    assert dict(chosen) == {
        "prices": "never",
        "stock": "unless_edited",
        "texts": "always",
        "pictures": "unless_edited",
        "rest": "unless_edited",
        "gone": "archive",
    }
    assert "It holds from the next import of each product on." in text_of(shown)
    assert refused.status_code == 422
    assert (await web.store.upkeep.policy(web.mine.merchant_id)).prices is Renewal.NEVER


async def test_a_look_shows_what_a_refresh_would_change(web: Web) -> None:
    """It is on the product's page once it is over, until it is left or something newer comes; nothing was changed."""
    product_id = await web.imported(MUG)
    offered = await web.mine.get(f"/products/{product_id}")
    begun = await web.mine.post(f"/products/{product_id}/look")
    running = await web.imports.product(web.mine.merchant_id, product_id)
    import_ = await web.imports.import_(web.mine.merchant_id, running.import_id)
    changes = {"brand": "Kiln", "variants": (Variant(options={"Size": "S"}),)}
    read = Extraction(product=MUG.model_copy(update=changes), verdict=Verdict.PRODUCT, reason="", evidence={})
    attempt = an_attempt("direct").model_copy(update={"extraction_id": await keep_extraction(web.store, import_, read)})
    await web.store.catalogue.record_attempt(import_.id, attempt)
    assert await web.store.catalogue.end_import(*looked_at(running, import_))

    onward = (await web.mine.get(begun.headers["location"])).headers["location"]
    shown = text_of(await web.mine.get(onward))
    left = text_of(await web.mine.get(f"/products/{product_id}"))

    assert ">Preview changes</button>" in offered.text
    assert onward == f"/products/{product_id}?look={import_.id}"
    assert "What a refresh would change" in shown
    assert "Brand" in shown
    assert "Kiln" in shown
    assert "1 in number" in shown
    assert "Apply" in shown
    assert "What a refresh would change" not in left


def test_a_curve_needs_two_prices() -> None:
    """A single price is no curve; stairs lead from the first to now."""
    assert curve_of(sightings("9"), NOON) == ""
    assert curve_of(sightings("9", "12"), NOON + timedelta(hours=2)) == "0.0,44.0 150.0,44.0 150.0,4.0 300.0,4.0"


def test_a_field_tells_what_the_page_said_before() -> None:
    """Each earlier value is told once, with since when; of the oldest that is kept, that is not known."""
    brands = ("Kiln & Co", "Kiln & Co", None, "Kiln")
    readings = [Reading(facts=Product(brand=brand), at=NOON - timedelta(hours=ago)) for ago, brand in enumerate(brands)]

    told = earlier_of(readings, sightings("9.50", "9.50", "8.00", "9.00"))

    assert [(each.value, each.since) for each in told["brand"]] == [
        (None, NOON - timedelta(hours=2)),
        ("Kiln", None),
    ]
    assert [(str(each.value.amount), each.since) for each in told["price"]] == [
        ("8.00", NOON + timedelta(hours=2)),
        ("9.50", NOON),
    ]
    assert "availability" not in told


def test_an_import_that_found_the_page_unchanged_differs_in_nothing() -> None:
    """What the reading before said otherwise is old by then; with one reading there is nothing to compare."""
    now, before = (Reading(facts=Product(brand=brand), at=NOON) for brand in ("Kiln & Co", "Kiln"))

    assert [each.field for each in differences_of([now, before], ()) or ()] == ["brand"]
    assert [each.left for each in differences_of([now, before], (), {"brand"}) or ()] == [True]
    assert differences_of([now.model_copy(update={"again": True}), before], ()) == []
    assert differences_of([now], ()) is None


async def test_the_evidence_of_a_price_shows_the_earlier_ones(web: Web) -> None:
    """Beside the quote stand the values that the page stated before, with when."""
    product_id = await web.imported(MUG, {"/price": (PAGE,)})
    web.store.catalogue.history.sightings[product_id] = sightings("8.00", "9.50")[::-1]

    shown = text_of(await web.mine.get(f"/products/{product_id}"))

    assert "What the page said before €8.00 since" in shown
